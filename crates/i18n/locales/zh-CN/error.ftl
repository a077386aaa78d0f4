# Faults of the request itself
invalid-json = 请求内容不是有效的 JSON：第 { $line } 行第 { $column } 列。
invalid-utf8 = 请求内容不是有效的 UTF-8 文本（位置 { $position }）。
too-deep = 请求内容嵌套过深，最多 { $limit } 层。
duplicate-key = 同一个字段出现了两次。
empty-body = 请求没有内容，需要一个 JSON 对象。
invalid-body = 请求内容有误，请查看各字段的说明。
unknown-field = 没有这个字段。
missing-field = 缺少必填字段。
wrong-type = 字段的类型不对，应为{ $expected ->
    [string] 文本
    [integer] 整数
    [number] 数值
    [boolean] { " " }true 或 false
    [array] 列表
    [object] 对象
    [null] { " " }null
   *[other] 另一类型
    }。
unknown-value = 不认识这个值，可用的有：{ $expected }。
invalid-value = 字段的值不可接受。
out-of-range = 数值超出范围，应为 { $expected }。
control-character = 文本里有不允许的控制字符。
too-long = 文本超过 { $limit } 字节。
time-malformed = 时间须为带时区偏移的 RFC 3339 格式，例如 2026-10-01T09:00:00+08:00。
time-out-of-range = 时间须在 1970 年到 2200 年之间。
amount-malformed = 金额须为数字，最多两位小数，如 10000.00。
amount-out-of-range = 金额须在 0 到 10,000,000,000.00 元之间。
currency-unknown = 币种只能是 CNY。
date-malformed = 日期须为日历上有的一天，写作 YYYY-MM-DD，如 2026-10-01。
date-out-of-range = 日期须在 1970 年到 2199 年之间。
invalid-query = 网址中的查询参数有误，请查看各字段的说明。
invalid-cursor = 翻页标记无效，请从第一页重新开始。
invalid-header = 请求头 { $name } 的内容无效。
invalid-encoding = 网址中的百分号编码有误。
unsupported-media-type = 不支持这种内容类型，请使用 { $expected }。
payload-too-large = 请求内容超过 { $limit } 字节。
body-not-expected = 这个请求不带内容。
body-too-slow = 请求内容到达过慢。
body-interrupted = 请求内容没有完整到达。
malformed-request = 无法读懂这个请求。
not-found = 没有找到，或者您无权知道它是否存在。
method-not-allowed = 此网址不支持这种请求方法。
request-timeout = 处理时间过长，请求已停止；请重试。
internal = 服务器出错了，已记录。请报告请求编号 { $request_id }。
unavailable = 服务暂时不可用，请稍后重试。
search-unavailable = 本服务进程没有查找索引，请稍后再试。
too-many-requests = 请求过于频繁，请在 { $retry_after } 秒后重试。

# Who is asking
unauthenticated = 请先登录。
origin-mismatch = 请求来自别的网站，已拒绝。
forbidden = 您的岗位不能这样做。

# Two people at once, and once more
version-required = 请用 If-Match 请求头或 version 字段说明您看到的版本。
version-contradictory = If-Match 与 version 字段不一致。
stale = 在您编辑期间，别人已经修改了它；请查看最新内容后重试。
idempotency-key-invalid = Idempotency-Key 须为 1 到 { $limit } 个可见的 ASCII 字符。
idempotency-key-reused = 这个 Idempotency-Key 已用于内容不同的请求。
idempotency-in-progress = 相同 Idempotency-Key 的请求正在处理。
invalid-period = 周期写法不对，例如 { $expected }、2026-q4、2026 或 2026-10-01..2026-10-15。
cut-needs-months = 只有整月的周期才能改变月份的起始日。
report-exists = 这一周期的报告已经有了。
report-frozen = 报告已结账，不能再改；以后的变化写入下期报告。
report-not-frozen = 报告还没有结账。
report-not-ended = 统计期到 { $last_day } 才结束，结束后才能结账。
too-many-exports = 正在导出的人较多，请稍后再试。
pdf-not-built = 本构建不含 PDF：请用 HTML 打印，或以 pdf 特性构建。
pdf-without-font = 无法生成 PDF：服务器上没有中文字体。

# Words to customers
phrase-stops = 内容里有不能对客户说的话：{ $phrases }。请换个说法再发。
phrases-not-acknowledged = 内容里有容易让客户不快的话：{ $phrases }。确要这样说，请在 acknowledged_phrases 里写上编号 { $listed }。
phrase-hit = “{ $phrase }”不宜对客户说。{ $better ->
    [blank] { "" }
   *[other] 可以说：{ $better }
    }
phrase-too-short = 至少要有两个字（标点不算）。
phrase-in-better = 建议说法里又有不能说的话：{ $phrase }。
phrases-full = 自有禁语已满 5000 条，或合起来太多。
handbook-blocks = 手册禁语一律禁用，级别不能改；可以停用。
