# 语音菜单编写中的错误，以及声音文件与语音合成的错误
menu-node-unknown = 此菜单没有节点 { $name }
menu-node-unreached = 来电到不了 { $name }：让别的节点通向它，或删去它
menu-node-twice = { $name } 定义了两次
menu-too-many-options = { $name } 的选项多于五个：把同类的放到下一级（CALL-4）
menu-no-options = { $name } 没有可选的
menu-key-wrong = “{ $name }”不是按键：应为 0 至 9、* 或 #
menu-key-twice = 按键 { $name } 在这一级已经用了
menu-no-person = 从 { $name } 找不到人工：加一个按键或一条路通向排队、号码或值班人（CALL-4）
menu-loop = 客户什么都不做，{ $name } 就绕回自身：让其中一条路通向排队或结束
menu-no-prompt = { $name } 什么也不说：来电者要听到该做什么
menu-prompt-unknown = 没有提示音 { $name }：请录制，或由语音合成
menu-queue-unknown = 没有排队 { $name }
menu-line-unknown = 没有热线号码 { $name }
menu-service-unknown = 没有服务项目 { $name }
menu-skill-unknown = 没有技能 { $name }
menu-number-wrong = “{ $name }”不是能拨的号码
menu-period-wrong = “{ $name }”不是时段，例如 08:00-21:00 或 20:00-08:00
menu-person-no-queue = person 应是一个排队节点（queue）；{ $name } 不是
prompt-name = 提示音名称为 1 至 64 个小写字母、数字和 _，字母开头。
prompt-text = 请写明说的内容，1 至 300 个字。
sound-not-wav = 应为完整的 WAV 文件。
sound-coding = WAV 文件的编码应为 PCM、浮点、A 律或 µ 律。
sound-shape = WAV 文件应为一或两个声道、8 至 192 kHz。
sound-short = 这个文件里听不到声音。
sound-long = 声音至多五分钟，文件至多 32 MiB。
voice-program = 请写明语音合成程序，例如 espeak-ng。
voice-places = 参数里 { "{" }text{ "}" } 与 { "{" }file{ "}" } 各出现一次。
voice-text = 要说的文字为一行，1 至 300 个字。

# 留言、回电承诺与外呼时段
outside-calling-window = 现在不宜给这位客户打电话。请另选时间，或说明必须现在打的理由。
message-not-repeated = 请向来电人复述要点并勾选（TEL-22）。
message-done-already = 这一步已经做过。
message-needs-no-reply = 来电人不需要回复。
call-back-too-far = 回电至多约在 90 天之内。
call-back-kept-already = 已经联系上这位客户。
call-has-case = 这通电话已经属于一个案件。
case-new-or-known = 请填写新案件或选择已有案件，二者其一。
unknown-wrap-up-code = 没有这个小结代码，或已停用。
unknown-level = 没有这个客户等级。
period-over-midnight = 时段不得跨过午夜。

# 呼叫中心
agent-offline = 坐席尚未签入。
agent-unreachable = 这位同事目前没有可以响铃的电话。
agent-busy = 坐席正在通话，请先结束。
no-wrap-up = 目前没有可结束或延长的话后处理。
call-not-connected = 此通话尚未接通或已结束，不能这样操作。
unknown-call = 没有这通电话。
unknown-queue = 没有这个队列。
telephone-number-taken = 这个号码属于其他组织。
telephone-name-taken = 这个分机名属于其他组织。
telephone-barred = 您的网页话机已被停用，请联系管理电话的人员。
phone-unavailable = 目前连不上电话线路，可以手工登记通话。
range-not-satisfiable = 录音没有这一段，请求的字节范围要在录音长度以内。
recording-unreadable = 录音无法播放，请联系服务器管理员（密钥或文件）。
no-server = 这不是服务器地址：请写主机名或 IP，必要时加端口，如 sip.example.cn:5060。
level-name = 客户等级的名称须为 1 到 40 个字。
not-acceptable = 此处不能用这个值，可用的值见接口说明。
call-times-unordered = 通话的结束时间须晚于开始时间，且不能在将来。

# 作为设置的菜单与提示音
menu-good = { $name } { $version } 没有问题：{ $nodes } 个节点。
menu-faults = 共 { $count } 处错误。
menu-name-differs = 文本写的是 menu = “{ $name }”，应与保存的名称一致。
menu-faulty = 菜单有错误，未作任何更改；每处错误都注明了所在的行。
too-many-menus = 一个组织最多 100 个菜单。
too-many-prompts = 一个组织最多 500 条提示音。
no-voice = 此服务器没有语音合成（serve --tts），请上传 WAV 文件。
voice-failed = 语音合成未能说出这段文字，请联系服务器管理员，或上传 WAV 文件。
secrets-not-kept = 此服务器没有封存密码的密钥，因此不保存密码。
