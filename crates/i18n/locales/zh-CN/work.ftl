# 客户与住户
duplicate-chain = 所指客户并非保留的那一条，请指明最终保留的客户。
erased = 该客户的身份信息已依法删除，不能再修改。
household-known = 该房号已登记。
unknown-household = 没有这一户。
masked-field = 您的岗位看不到这一项，不能按它查找。

# 值班
deputy-overlaps = 此人在这一时段已有代理人。
too-many-cases = 一次最多 10,000 件
either-cases-or-filter = 案件与筛选条件只能给一个
unknown-action = 没有这个动作
bulk-busy = 您已有多个批量办理正在进行，请等其中一个完成。
shelf-full = 自存内容已达上限，请先删除一些。
too-many-found = 一次最多 200,000 件
too-many-words-found = 按词找到的案件超过 10,000 件，请缩小范围
relevance-without-words = 按相关度排序必须同时给出搜索词 q
bulk-ended = 这次批量办理已经结束。
prepared-full = 已准备 100 条，请先发出或删除一条
cannot-wait = 这个动作不能预备：只有答复、接触、沟通和备注可以定时
too-far-ahead = 最多提前 90 天
duty-overlaps = 此人在该单位的这一时段已有安排。
period-too-long = 时段最长 400 天。

# 附件
file-empty = 文件是空的。
file-erased = 该文件已依法删除。
file-name-invalid = 文件名为 1 至 200 个字符，不能是路径。
file-truncated = 文件没有传完，只收到 { $bytes } 字节。
file-type-refused = 不接受可执行文件：{ $name }。拒收情况已记入案件。

# 网络回调
address-malformed = 网址必须完整，并含主机名。
address-scheme = 网址必须以 http:// 或 https:// 开头。
list-length = 列表为空或过长。
number-range = 数值超出范围。
too-many-webhooks = 已有 { $limit } 个网络回调，不能再加。
topic-shape = 主题应为 *、case.* 这样的一类，或 case.closed 这样的一项。

# 邮件与群消息里的通知
notice-urgent = 【紧急】{ $subject }
notice-case = 案件 { $number }：{ $what }
notice-open = 打开：{ $link }
notice-passed-up = { $what }：{ $first }
notice-no-reply = 本邮件由系统发出，请勿回复。
why-appear-in-person = 请部门负责人亲自出面
why-approval-decided = 报批已有结果
why-approval-waits = 有一件等您审批
why-approval-withdrawn = 一件报批已撤回
why-corrective-agreed = 有一项纠正措施由您负责
why-task-returned = 部门退回了任务
why-task-difficulty = 部门办理任务遇到困难
why-task-changed = 部门的任务有变化
why-task-progress = 部门反映了任务进展
why-case-received = 收到新案件
why-call-message = 您有一条电话留言：{ $key ->
        [complaint] 投诉
        [invitation] 邀请
        [enquiry] 咨询
        [repair] 报修
       *[other] 其他
    }
why-call-message-late = 一条电话留言没有及时转达：{ $key ->
        [complaint] 投诉
        [invitation] 邀请
        [enquiry] 咨询
        [repair] 报修
       *[other] 其他
    }
why-call-back-soon = 约定的回电时间快到了
why-call-back-due = 约定的回电没有按时打
why-limit-missed = 时限已过
why-limit-near = 时限将到
why-promise-missed = 对客户的承诺逾期未兑现
why-promise-near = 对客户的承诺将到期
why-calendar-changed = 工作日历有变，您的时限已重新计算
why-complaint-transferred = 投诉已转办
why-drastic-risk = 客户可能采取过激行为
why-emergency = 紧急情况
why-escalated = 案件已上报
why-group-solved = 集团已给出方案
why-group-visit-due = 需要集团回访
why-hand-over-declined = 移交被谢绝
why-hand-over-offered = 有案件请您接手
why-reopened = 案件重新打开
why-repeated = 客户再次来访
why-resources-asked = 请求更多资源
why-supervised = 案件被督办
why-task-given = 给您布置了任务
why-transfer-rejected = 转办被拒绝
why-transfer-returned = 转办被退回
why-transferred-to-you = 有案件转给您办理
why-major-raised = 索赔金额达到标准，暂定为重大投诉；须按时报分管领导
why-major-confirmed = 已确认为重大投诉
why-major-lowered = 重大投诉已降级
why-report-filed = 一份报告已提交
why-hot-raised = 事件成为热点投诉；须按时报公司和分管领导
why-hot-withdrawn = 热点已撤销
why-measure-given = 您负责一项措施
why-work-taken-over = 有工作移交给您
why-incident-reopened = 一个成员案件重新打开，事件随之打开
why-unread-escalated = 紧急通知未及时阅读
why-customer-spoke = 客户在网上作了答复
why-urged = 案件被催办
why-visit-dissatisfied = 回访不满意
why-visit-refused = 客户拒绝回访
why-task-near = 任务将到期
why-task-missed = 任务逾期未完成
why-reminder-near = 催办、督办将到答复时限
why-reminder-missed = 催办、督办逾期未答复
why-reminder-answered = 催办、督办已有答复
why-calendar-ends = 下一年的节假日安排尚未录入，请导入
why-webhook-test = 测试消息，没有发生任何事情
why-named-responsible = 您被定为一宗案件的责任人
why-mentioned = 有人在备注里提到了您
why-prepared-refused = 您预备的内容没能发出，请打开处理
why-form-handed-to-you = 有表单移交给您，请接收
why-home-visit-planned = 已为您安排上门
why-report-due = 有报告到期应报
why-report-late = 报告逾期未报
why-remedy-given = 补救已兑付给客户
why-talks-given-to-you = 请您接手与客户沟通，首问责任人不变
why-setting-changed = 与客户沟通的人、场地或时间有变
why-level-raised = 请您出面拜访或致电客户
why-effect-check-near = 纠正措施的效果检查即将到期
why-effect-check-missed = 纠正措施的效果检查已过期
why-agreement-confirmed = 客户已经链接确认协议
why-thread-opened = 有一件投诉请您参与沟通
why-message-written = 沟通中有新消息
why-backup-old = 最近一次备份已超过 24 小时
why-backup-missing = 还从未做过备份
why-duty-unmanned = 「{ $unit }」有职责无人可任：{ $duty ->
        [verifier] 验证人
        [visitor] 回访人
        [approver] 审批人
       *[other] { $duty }
    }；缺少岗位 { $posts }
why-duty-not-apart = 「{ $unit }」有两项须分开的职责只剩一人可任：{ $duty ->
        [verifier] 验证人
        [visitor] 回访人
        [approver] 审批人
       *[other] { $duty }
    }；缺少岗位 { $posts }
