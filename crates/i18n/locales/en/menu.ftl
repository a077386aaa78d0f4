# Faults of a voice menu as its author wrote it, and of sounds and voices
menu-node-unknown = there is no node { $name } in this menu
menu-node-unreached = no caller comes to { $name }: let something lead there, or take it out
menu-node-twice = { $name } is defined twice
menu-too-many-options = { $name } has more than five options: put what belongs together one level deeper (CALL-4)
menu-no-options = { $name } has nothing to choose from
menu-key-wrong = “{ $name }” is no key: one of 0 to 9, * and #
menu-key-twice = the key { $name } is taken already at this level
menu-no-person = from { $name } no person can be reached: add a key or a way to a queue, a number or the one on duty (CALL-4)
menu-loop = { $name } comes back to itself without the caller doing anything: lead one of its ways to a queue or an end
menu-no-prompt = { $name } says nothing: callers must hear what to do
menu-prompt-unknown = there is no prompt { $name }: record it, or let a voice make it
menu-queue-unknown = there is no queue { $name }
menu-line-unknown = there is no line { $name }
menu-service-unknown = there is no service { $name }
menu-skill-unknown = there is no skill { $name }
menu-number-wrong = “{ $name }” is no number that can be dialled
menu-period-wrong = “{ $name }” is no period such as 08:00-21:00 or 20:00-08:00
menu-person-no-queue = person must name a node of kind queue; { $name } is none
prompt-name = A prompt's name has 1 to 64 small letters, digits and _, a letter first.
prompt-text = Write what is said, in 1 to 300 characters.
sound-not-wav = It must be a whole WAV file.
sound-coding = The WAV file must hold PCM, float, A-law or µ-law samples.
sound-shape = The WAV file must have one or two channels and 8 to 192 kHz.
sound-short = There is nothing to hear in this file.
sound-long = A sound may last five minutes, its file may hold 32 MiB.
voice-program = Name the program that speaks, such as espeak-ng.
voice-places = The arguments must have { "{" }text{ "}" } and { "{" }file{ "}" } once each.
voice-text = A text to be said has 1 to 300 characters in one line.

# Messages, promised calls and calling windows
outside-calling-window = This is not a time to call this customer. Choose another time, or say why it must be now.
message-not-repeated = Repeat the important points to the caller and tick it (TEL-22).
message-done-already = This was done before.
message-needs-no-reply = The caller wanted no reply.
call-back-too-far = A call can be agreed up to 90 days ahead.
call-back-kept-already = The customer was reached already.
call-has-case = The call belongs to a case already.
case-new-or-known = Name a new case or a known one, not both.
unknown-wrap-up-code = There is no such code, or it is no longer in use.
unknown-level = The house has no such level of customers.
period-over-midnight = A period of the day ends by midnight.

# The floor of the call centre
agent-offline = The agent is not signed in.
agent-unreachable = No telephone of this colleague can ring now.
agent-busy = The agent is in a call; end it first.
no-wrap-up = There is no work after a call to end or prolong.
call-not-connected = Nobody talks in this call, so this cannot be done with it.
unknown-call = There is no such call.
unknown-queue = There is no such queue.
telephone-number-taken = Another organisation has this number.
telephone-name-taken = Another organisation has a telephone of this name.
telephone-barred = Your telephone in the browser was taken away; ask whoever sets up the telephones.
phone-unavailable = The telephone lines cannot be reached now; calls can be typed in.
range-not-satisfiable = The recording has no such part; ask for bytes within its length.
recording-unreadable = The recording cannot be played; ask who runs the server (key, file).
no-server = This is no address of a server: write its host name or address, with a port where needed, such as sip.example.cn:5060.
level-name = A customer level has a name of 1 to 40 characters.
not-acceptable = This value is not possible here; the description of the interface says which are.
call-times-unordered = A call ends after it begins, and not in the future.

# Menus and prompts as settings
menu-good = { $name } { $version } is in order: { $nodes } nodes.
menu-faults = { $count } faults.
menu-name-differs = The text says menu = “{ $name }”; it must be the name under which it is kept.
menu-faulty = The menu is not in order, so nothing was changed; see each fault with its line.
too-many-menus = There are as many menus as one house may have (100).
too-many-prompts = There are as many prompts as one house may have (500).
no-voice = This server has no voice (serve --tts); upload a WAV file.
voice-failed = The voice could not speak this text; ask who runs the server, or upload a WAV file.
secrets-not-kept = This server has no key to seal secrets with, so none is kept.
