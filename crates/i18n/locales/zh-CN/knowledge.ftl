# 知识库
faq-is-for-customers = 常见问题是写给客户的，读者须选“客户”
topic-answered = 这个主题已有统一答复，请先修订或撤下那一条（PROP-43）
key-taken = 已有别的条目用了这个名字
article-not-read = 这一条目前没有已发布的版本
unknown-article = 没有这个知识条目
review-days-range = 复核周期须为 1 到 1100 天
percent-range = 及格线须为 1 到 100 分
quiz-closed = 这份小测已经结束
answers-needed = 每道题都要有一个回答，不会的可以空着
invalid-fact-schema = 字段文件有误：{ $reason }
invalid-number = 须为数字，如 12800 或 2.5
invalid-amount = 须为金额，最多两位小数，如 2.80
invalid-hours = 须为时段，如 08:30-12:00 14:00-18:00
invalid-date = 须为日历上有的一天，如 2019-06-30
knowledge-imported = 新增 { $opened } 条，更新 { $changed } 条，未变 { $same } 条，保留本单位改过的 { $kept } 条；更新小区资料 { $sheets } 份
why-article-waits = 有一条知识等您审批
why-article-approved = 您写的知识已批准发布
why-article-returned = 您写的知识被退回修改
why-article-review-due = 一条知识到了复核日期，请确认是否仍然正确
why-article-expired = 一条知识已到期下架
why-article-handed = 一条知识交由您负责
why-facts-changed = 小区资料有变更，请阅读并熟记：{ $unit }（{ $fields } 项）

# 名称
word-article = 知识条目
word-revised = 修订中
word-resubmitted = 修订待批
word-expired = 已到期
word-write = 编写
word-discard = 放弃修订
word-confirm = 确认仍然有效
word-hand = 移交负责人
word-bring = 导入
word-ask = 提醒复核
word-expire = 到期下架
