# Sign-in
login-failed = Login or password is not right.
code-required = Enter the one-time code as well.
code-wrong = The one-time code does not fit or was used already.
code-already-on = One-time codes are switched on already.
code-not-begun = Begin the enrolment for one-time codes first.
too-many-attempts = Too many failed attempts; try again in { $retry_after } seconds.
sign-in-busy = Too many people sign in at this moment; try again shortly.
session-needed = This needs a browser session; a token cannot do it.
link-invalid = The link is unknown, used or expired.
already-set-up = An administrator exists already; the first set-up is over.
password-wrong = The present password is not right.
password-too-short = The password is too short.
password-too-long = The password is too long.
password-like-login = The password is too much like the login.
password-common = The password is among the most common ones.
pin-shape = A PIN is six digits.
pin-common = The PIN is too easy to guess.

# People and places
login-taken = The login exists already.
login-shape = A login is 2 to 64 letters, digits, dots, dashes or underscores.
code-shape = A code is 1 to 64 letters, digits, dots, dashes or underscores.
code-taken = The code exists already.
text-length = The text is empty or too long.
posts-missing = At least one post is needed.
posts-not-held = Some of these posts are not held.
unit-unknown = There is no such unit, or it does not stand then.
person-unknown = There is no such person here who may sign in.
time-order = The end lies before the beginning, or in the past.
still-owns-work = The person still owns cases, incidents, tasks or promises; hand them over first.
last-administrator = The last administrator cannot go.
belongs-elsewhere = The person works for other organisations too; only the person may change the account.
same-person = The hand-over would go to the same person.
membership-ended = The membership has ended already.

# The organisation
unit-cycle = A unit cannot stand below itself.
unit-level = A unit of this level cannot stand there.
unit-not-standing = The unit does not stand in the tree at that time.
unit-changed-later = A later change of this unit is recorded already.
unit-in-use = Units or people are still in this unit.
organisation-needed = There are several organisations; name one.
organisation-unknown = There is no such organisation, or you have no place in it.
zone-unknown = The time zone is not known.
part-of-number = Search by the whole number or its last four digits.

# The machine
disk-full = The disk of the database is full; free some space and try again.
read-only = The database is open for reading only.
database-damaged = The database file is damaged; run huiyin doctor, then restore from a backup.
