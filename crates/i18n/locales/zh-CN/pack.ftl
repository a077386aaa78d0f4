# 制度包编写中的错误
pack-file-missing = 缺少文件 { $file }
pack-file-unknown = 制度包没有文件 { $file }；是否漏写 include，或缺另一语言的文本？
pack-too-large = 太大：最多 { $most }
pack-not-toml = 不是有效的 TOML：{ $why }
pack-unknown-key = 此处没有键 { $key }
pack-missing-key = 缺少 { $key }
pack-wrong-type = 此处应为{ $wanted ->
    [text] 文本
    [table] 表（table）
    [whole_number] 整数
    [true_or_false] { " " }true 或 false
    [shares] 百分比 [最低, 最高]
    [gates] 条件的列表
    [duties] 两项职责
   *[gate] 一个条件
    }
pack-unknown-word = 目录里没有 { $what }“{ $word }”
pack-name-shape = “{ $name }”不能作名称：用小写字母、数字、{ $may ->
    [hyphen] 连字符、点
   *[plain] 点
    }和下划线，字母开头
pack-limit-unknown = “{ $text }”不是时限
pack-limit-range = “{ $text }”至少一个单位，至多十年
pack-date-wrong = “{ $date }”不是日期，例如 2026-10-01
pack-amount-wrong = “{ $amount }”不是金额：以元计，不小于 0，至多两位小数
pack-number-range = 数值应在 { $least } 与 { $most } 之间
pack-duplicate = { $what } { $name } 定义了两次
pack-undefined = 所需的案件类型没有都定义 { $what } { $name }
pack-circle = { $what } { $name } 的上级绕回了自身
pack-never-pausable = 时限 { $clock } 不得暂停（D5）
pack-clock-of-work = { $clock } 的时限写在 [[work]] 里
pack-no-work = [[work]] 只管任务、催办、督办，tasks 只用于任务；这里写的是 { $clock }
pack-unreachable = { $kind } 到不了环节 { $stage }
pack-no-exit = { $kind } 在环节 { $stage } 无法走向结束
pack-no-moves = 制度包提到 { $kind }，却没有它的环节
pack-gate-shut = { $kind } 在此处无人能满足“{ $gate }”
pack-nobody = 没有人可以做：{ $to }
pack-ladder-circle = { $of } 的审批阶梯又回到 { $post }：每个岗位只出现一次，自下而上
pack-approval-circle = { $of } 的审批经由其他审批又等待自身
pack-step-idle = 没有金额会到达 { $of } 的 { $post } 这一步：限额应逐级升高，并高于 from
pack-step-nobody = 没有人能批 { $of } 的 { $post } 这一步：该岗位在此不作决定，或其限额之上无人
pack-no-clock = { $kind } 在环节 { $stage } 没有到期自动的时限
pack-version-order = { $pack } { $version }（{ $effective }）与 { $other }（{ $other_effective }）：一天只有一个版本，后版在后
pack-staffing = { $kind }：没有人可以担任 { $duty }（{ $posts }）
pack-near = ；是否想写 { $near }？
pack-good = { $pack } { $version } 没有问题：{ $moves } 条环节、{ $clocks } 个时限、{ $forms } 张表单
pack-unknown = 没有制度包 { $pack }
pack-not-readable = 无法读取 { $path }
pack-internal = 字段“{ $field }”不得让客户看到，不能出现在表单上
pack-activated = { $pack } { $version } 自 { $date } 起施行
pack-not-bound = 提示：本组织的案件按另一制度包办理，可在组织设置中更换
pack-not-apart = 警告：{ $unit }，{ $kind }：任{ $other }的人之外，没有人能任{ $duty }（{ $posts }）
pack-nobody-there = 警告：{ $unit }，{ $kind }：没有人能任{ $duty }（{ $posts }）
pack-remedy-undecided = 补救“{ $name }”是钱款或实物，却没有人审批：请加上 of 为 remedy、accepted option 或 plan 的审批
pack-guide-range = { $grade } 的参考范围上限低于下限
pack-place-unknown = 文本里的“{ $name }”没有内容可填
pack-words-gates = 条件（gates、when、advised）
pack-words-approval = 审批内容（[[approval]] of，approved）
pack-words-channel = 渠道
pack-words-clock = 时限（[[clock]]、[[work]] kind）
pack-words-closure = 关闭方式：closed(…)
pack-words-duty = 职责（different）
pack-words-exemption = 免回访原因
pack-words-flag = 标记
pack-words-gives = 补救给什么（[[remedy]] gives）
pack-words-window = 热点的期间
pack-words-kind = 案件类型（of）
pack-words-liability = 责任划分
pack-words-post = 岗位
pack-words-promise = 承诺
pack-words-relation = 案件间的关联
pack-words-reply = 答复
pack-words-stage = 环节
pack-words-task = 任务
pack-words-validity = 成立与否
pack-words-case-value = 表单取值（from）
pack-words-visit = 回访结果
pack-words-meaning = 客户的表示
pack-words-action = 操作（[[before]] action）
