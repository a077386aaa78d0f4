# Sign-in
login-failed = 登录名或密码不正确。
code-required = 请输入一次性验证码。
code-wrong = 验证码不正确或已经用过。
code-already-on = 一次性验证码已经开启。
code-not-begun = 请先开始设置一次性验证码。
too-many-attempts = 失败次数过多，请在 { $retry_after } 秒后再试。
sign-in-busy = 同时登录的人太多，请稍候再试。
session-needed = 只有通过浏览器登录后才能这样做，令牌不行。
link-invalid = 链接无效、已用过或已过期。
already-set-up = 已经有管理员了，首次设置已结束。
password-wrong = 当前密码不正确。
password-too-short = 密码太短。
password-too-long = 密码太长。
password-like-login = 密码与登录名太相似。
password-common = 这个密码太常见，容易被猜到。
pin-shape = PIN 须为 6 位数字。
pin-common = 这个 PIN 太容易被猜到。

# People and places
login-taken = 这个登录名已被使用。
login-shape = 登录名须为 2 到 64 个字母、数字、点、横线或下划线。
code-shape = 代码须为 1 到 64 个字母、数字、点、横线或下划线。
code-taken = 这个代码已被使用。
text-length = 文本为空或过长。
posts-missing = 至少需要一个岗位。
posts-not-held = 其中有本人不担任的岗位。
unit-unknown = 没有这个组织单元，或它当时不存在。
person-unknown = 这里没有这个人，或此人不能登录。
time-order = 结束时间早于开始时间，或已经过去。
still-owns-work = 此人还有案件、事件、任务或承诺，请先移交。
last-administrator = 最后一位管理员不能离开。
belongs-elsewhere = 此人也在其他单位工作，账号须由本人修改。
same-person = 不能移交给同一个人。
membership-ended = 这个任职已经结束。

# The organisation
unit-cycle = 组织单元不能放在自己下面。
unit-level = 这一级的组织单元不能放在那里。
unit-not-standing = 组织单元当时不在组织树中。
unit-changed-later = 这个组织单元之后还有变动记录。
unit-in-use = 这个组织单元下还有单元或人员。
organisation-needed = 有多个单位，请说明是哪一个。
organisation-unknown = 没有这个单位，或您不属于它。
zone-unknown = 不认识这个时区。
part-of-number = 请输入完整号码或后四位。

# The machine
disk-full = 数据库所在磁盘已满，请腾出空间后重试。
read-only = 数据库以只读方式打开，暂不能写入。
database-damaged = 数据库文件已损坏，请运行 huiyin doctor，再从备份恢复。
