# Faults of a file as a whole
file-unreadable = 无法读写文件：{ $reason }。
no-header = 文件里没有表头行。
unnamed-column = 表头第 { $column } 列没有名称。
duplicate-column = 表头里有两列都叫“{ $column }”。
missing-column = 表头里没有映射要读的列“{ $column }”。最接近的是“{ $near }”。
unmapped-column = 映射既没有读取也没有忽略“{ $column }”列。
too-many-columns = 超过 { $limit } 列。
header-unreadable = 表头无法读取：{ $reason }。
utf16-text = 文件是 UTF-16 文本，请另存为 CSV UTF-8。
old-workbook = 这是旧的工作簿格式，请另存为 .xlsx。
file-damaged = 文件已损坏：{ $reason }。
no-sheet = 没有名为“{ $sheet }”的工作表，现有：{ $sheets }。
file-part-too-large = 文件的一部分（{ $part }）超过 { $limit } 字节。
too-many-rows = 这种格式最多容纳 { $limit } 行。
wrong-width = 表格有 { $expected } 列，这一行有 { $found } 格。
workbook-not-written = 工作簿无法写出：{ $reason }。

# Faults of a row or cell
missing-required = 必填项没有值。
not-a-time = 不是可识别的时间，或者没有这一天。
not-a-date = 不是可识别的日期，或者没有这一天。
bad-phone = 不是电话号码。
bad-email = 不是电子邮件地址。
not-money = 不是金额，应为不带负号、最多两位小数的数字（元）。
not-an-integer = 不是整数。
not-a-decimal = 不是最多两位小数的数字。
not-a-boolean = 不是“是”或“否”。
bad-name = 不是系统里的名称：只能用小写字母、数字和下划线。
row-too-long = 整行超过 { $limit } 字节。
broken-text = 文字的编码已损坏。
ragged-row = 这一行有 { $found } 格，表头有 { $expected } 列。
unclosed-quote = 引号没有结束。
not-json = 不是有效的 JSON 对象，问题在第 { $character } 个字符附近。
too-many-keys = JSON 对象的字段超过 { $limit } 个。
nested-value = 这里应是一个值，却是 JSON 对象或多层列表。
unmapped-key = 映射既没有读取也没有忽略这个字段。
error-cell = 电子表格在这一格显示错误。

# Faults of a mapping file
mapping-unreadable = 映射文件无法读取：{ $reason }。
mapping-syntax = 映射文件写法有误：{ $reason }。最接近的名称：“{ $near }”。
mapping-unknown-target = 没有目标“{ $name }”。最接近的是“{ $near }”。
mapping-wrong-import = 目标“{ $name }”不属于“{ $import }”导入。
mapping-duplicate-target = 有两列都对应目标“{ $name }”。
mapping-missing-target = 每行必有的“{ $name }”既没有列也没有默认值。
mapping-bad-format = 时间格式“{ $format }”有误：{ $reason }。
mapping-bad-zone = 没有时区“{ $name }”。最接近的是“{ $near }”。
mapping-unknown-table = 没有值对照表“{ $name }”。最接近的是“{ $near }”。
mapping-unused-table = 没有列使用值对照表“{ $name }”。
mapping-bad-default = “{ $name }”的默认值“{ $value }”不可用（{ $reason }）。
mapping-not-applicable = 设置“{ $setting }”不适用于“{ $name }”。
mapping-read-and-ignored = “{ $name }”列既要读取又要忽略。
mapping-bad-source = 来源名“{ $name }”有误：1 至 64 个小写字母、数字、“-”或“_”。

# 系统自身发现的问题
extra-not-kept = { $import } 没有地方保存其他内容：请从映射中去掉“{ $name }”，并忽略该列。
number-taken = 这个编号已被另一个事项使用。
