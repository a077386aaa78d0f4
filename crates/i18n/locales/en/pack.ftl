# Faults of a policy pack as its author wrote it
pack-file-missing = the file { $file } is missing
pack-file-unknown = a pack has no file { $file }; is it named in include, or a text in both languages?
pack-too-large = too large: at most { $most }
pack-not-toml = not valid TOML: { $why }
pack-unknown-key = there is no key { $key } here
pack-missing-key = { $key } is missing
pack-wrong-type = { $wanted ->
    [text] text
    [table] a table
    [whole_number] a whole number
    [true_or_false] true or false
    [shares] [least, most] in per cent
    [gates] a list of gates
    [duties] two duties
   *[gate] one gate
    } is expected here
pack-unknown-word = the catalogue has no { $what } “{ $word }”
pack-name-shape = “{ $name }” is no name: lower-case letters, digits, { $may ->
    [hyphen] hyphen, dot
   *[plain] dot
    } and underscore, a letter first
pack-limit-unknown = “{ $text }” is no limit
pack-limit-range = “{ $text }” must be at least one unit and at most ten years
pack-date-wrong = “{ $date }” is no day such as 2026-10-01
pack-amount-wrong = “{ $amount }” is no amount in yuan, at least 0, with at most two decimals
pack-number-range = the number must lie between { $least } and { $most }
pack-duplicate = { $what } { $name } is defined twice
pack-undefined = { $what } { $name } is not defined for all kinds that need it
pack-circle = the parents of { $what } { $name } lead back to it
pack-never-pausable = the limit { $clock } never stops (D5)
pack-clock-of-work = the limit of { $clock } stands in [[work]]
pack-no-work = [[work]] is about task, urge and supervise, and `tasks` about task only; here stands { $clock }
pack-unreachable = a { $kind } never reaches the stage { $stage }
pack-no-exit = a { $kind } cannot leave the stage { $stage } towards its end
pack-no-moves = the pack names { $kind }, but gives it no move
pack-gate-shut = nobody can open “{ $gate }” for a { $kind } here
pack-nobody = nobody may do this: { $to }
pack-ladder-circle = the ladder for { $of } comes back to { $post }: each post stands once, from below
pack-approval-circle = the approval of { $of } waits for itself through others
pack-step-idle = no sum ever comes to the step { $post } of { $of }: limits rise and lie above “from”
pack-step-nobody = nobody can take the step { $post } of { $of }: the post decides nothing there, or nobody stands above its limit
pack-no-clock = no limit runs out by itself in the stage { $stage } of a { $kind }
pack-version-order = { $pack } { $version } ({ $effective }) and { $other } ({ $other_effective }): one version for a day, later ones later
pack-staffing = { $kind }: nobody is left to be { $duty } ({ $posts })
pack-near = ; did you mean { $near }?
pack-good = { $pack } { $version } is in order: { $moves } moves, { $clocks } limits, { $forms } forms
pack-unknown = there is no pack { $pack }
pack-not-readable = { $path } cannot be read
pack-internal = the field { $field } may never be seen by a customer and cannot stand on a form
pack-activated = { $pack } { $version } is in force from { $date } on
pack-not-bound = note: the cases of this organisation follow another pack; change it in the organisation's settings
pack-not-apart = warning: { $unit }, { $kind }: who is { $other } leaves nobody to be { $duty } ({ $posts })
pack-nobody-there = warning: { $unit }, { $kind }: nobody can be { $duty } ({ $posts })
pack-remedy-undecided = the remedy “{ $name }” is money or goods and nobody decides it: add an approval of remedy, accepted option or plan
pack-guide-range = the guide for { $grade } ends below where it begins
pack-place-unknown = nothing fills the place “{ $name }” in this text
pack-words-gates = Gates (gates, when, advised)
pack-words-approval = What is approved ([[approval]] of, approved)
pack-words-channel = Channels
pack-words-clock = Limits ([[clock]] and [[work]] kind)
pack-words-closure = Ways of closing: closed(…)
pack-words-duty = Duties (different)
pack-words-exemption = Reasons without a return visit
pack-words-flag = Flags
pack-words-gives = What a remedy gives ([[remedy]] gives)
pack-words-window = Windows of hot matters
pack-words-kind = Kinds of case (of)
pack-words-liability = Grades of liability
pack-words-post = Posts
pack-words-promise = Promises
pack-words-relation = Relations of cases
pack-words-reply = Answers
pack-words-stage = Stages
pack-words-task = Tasks
pack-words-validity = Validity
pack-words-case-value = Values that forms take from the case (from)
pack-words-visit = Results of return visits
pack-words-meaning = What the customer's word means
pack-words-action = Actions ([[before]] action)
