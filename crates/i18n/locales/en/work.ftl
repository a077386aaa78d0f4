# Customers and households
duplicate-chain = The customer named does not stand for itself; name the one that remains.
erased = The identity was erased on lawful request and cannot be changed.
household-known = This room is on the list already.
unknown-household = There is no such household.
masked-field = Your posts do not show this field, so it cannot be searched by.

# Duty
deputy-overlaps = Somebody stands in for this person in that time already.
too-many-cases = at most 10,000 cases at once
either-cases-or-filter = name cases or a filter, not both
unknown-action = there is no such action
bulk-busy = Several of your actions on many cases are still under way; wait for one to end.
shelf-full = You keep too many things already; remove one first.
too-many-found = at most 200,000 cases at once
too-many-words-found = the words find more than 10,000 cases; narrow them down
relevance-without-words = the order by relevance goes with words in q only
bulk-ended = This action on many cases has ended already.
prepared-full = you have prepared 100 things already; send or remove one first
cannot-wait = this action cannot be prepared: only replies, contacts, messages and notes wait
too-far-ahead = at most 90 days ahead
duty-overlaps = The person is entered for this unit in that time already.
period-too-long = A period spans 400 days at most.

# Attached files
file-empty = The file is empty.
file-erased = The file was erased on lawful request.
file-name-invalid = A file name is 1 to 200 characters and no path.
file-truncated = The file did not arrive completely; { $bytes } bytes came.
file-type-refused = Programs are not accepted: { $name }. The refusal is noted on the case.

# Webhooks
address-malformed = The address must be absolute and name a host.
address-scheme = The address must begin with http:// or https://.
list-length = The list is empty or too long.
number-range = The number is out of range.
too-many-webhooks = There are { $limit } webhooks already, which is the most.
topic-shape = A topic is *, an area such as case.*, or one event such as case.closed.

# Notices by mail and in chat groups
notice-urgent = [Urgent] { $subject }
notice-case = Case { $number }: { $what }
notice-open = Open: { $link }
notice-passed-up = { $what }: { $first }
notice-no-reply = This mail is sent by the system; please do not answer it.
why-appear-in-person = the department head must appear in person
why-approval-decided = the approval is decided
why-approval-waits = an approval waits for you
why-approval-withdrawn = a request for approval was taken back
why-corrective-agreed = you answer for a corrective action
why-task-returned = a department gave a task back
why-task-difficulty = a department meets a difficulty with its task
why-task-changed = a department has to do its task another way
why-task-progress = a department says how its task stands
why-case-received = a new case was received
why-call-message = there is a telephone message for you: { $key ->
        [complaint] complaint
        [invitation] invitation
        [enquiry] enquiry
        [repair] repair
       *[other] other
    }
why-call-message-late = a telephone message was not passed on in time: { $key ->
        [complaint] complaint
        [invitation] invitation
        [enquiry] enquiry
        [repair] repair
       *[other] other
    }
why-call-back-soon = a promised call is to be made soon
why-call-back-due = a promised call was not made in time
why-limit-missed = a limit ran out
why-limit-near = a limit comes near
why-promise-missed = a promise to a customer was not kept in time
why-promise-near = a promise to a customer is soon due
why-calendar-changed = the working calendar changed; your limits were counted again
why-complaint-transferred = a complaint was transferred
why-drastic-risk = the customer may act drastically
why-emergency = an emergency
why-escalated = the case was escalated
why-group-solved = the group has given its solution
why-group-visit-due = the group has to visit
why-hand-over-declined = the hand-over was declined
why-hand-over-offered = a case is offered to you
why-reopened = the case was reopened
why-repeated = the customer came again
why-resources-asked = wider resources are asked for
why-supervised = the case is supervised
why-task-given = a task was given to you
why-transfer-rejected = the transfer was rejected
why-transfer-returned = the transfer was returned
why-transferred-to-you = a case was transferred to you
why-major-raised = the demand makes it provisionally major; the report to the leader is due
why-major-confirmed = it is confirmed as major
why-major-lowered = it is no longer major
why-report-filed = a report was given
why-hot-raised = an incident became hot; the report to company and leader is due
why-hot-withdrawn = an incident is no longer hot
why-measure-given = you answer for a measure
why-work-taken-over = work was handed over to you
why-incident-reopened = a member case was opened again, and the incident with it
why-unread-escalated = an urgent notice was not read in time
why-customer-spoke = the customer answered on the public page
why-urged = the case was urged
why-visit-dissatisfied = the visit found dissatisfaction
why-visit-refused = the customer refused the visit
why-task-near = a task is soon due
why-task-missed = a task was not done in time
why-reminder-near = an answer to a reminder is soon due
why-reminder-missed = a reminder was not answered in time
why-reminder-answered = a reminder was answered
why-calendar-ends = the days off of the next year are not known yet; please import them
why-webhook-test = a trial message, nothing has happened
why-named-responsible = you were named as answering for a case
why-mentioned = you were mentioned in a note
why-prepared-refused = something that you prepared could not be said; open it and decide
why-form-handed-to-you = a form was handed over to you; please take it
why-home-visit-planned = a visit at a customer's home was planned for you
why-report-due = a report is due
why-report-late = a report is late
why-remedy-given = a remedy was given to the customer
why-talks-given-to-you = you talk with the customer from now on; the owner stays
why-setting-changed = person, place or time of the talks changed
why-level-raised = please visit or call the customer yourself
why-effect-check-near = the effect of a corrective action is to be checked soon
why-effect-check-missed = the effect of a corrective action was not checked in time
why-agreement-confirmed = the customer confirmed the agreement by the link
why-thread-opened = you are asked to take part in a talk
why-message-written = there is a new message in a thread
why-backup-old = the last backup is older than 24 hours
why-backup-missing = no backup has ever been taken
why-duty-unmanned = at { $unit } nobody is left for a duty: { $duty ->
        [verifier] verifier
        [visitor] visitor of returns
        [approver] approver
       *[other] { $duty }
    }; wanted: { $posts }
why-duty-not-apart = at { $unit } one person alone is left for two duties that must be apart: { $duty ->
        [verifier] verifier
        [visitor] visitor of returns
        [approver] approver
       *[other] { $duty }
    }; wanted: { $posts }
