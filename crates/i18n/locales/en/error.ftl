# Faults of the request itself
invalid-json = The body is not valid JSON: line { $line }, column { $column }.
invalid-utf8 = The body is not valid UTF-8 text (byte { $position }).
too-deep = The body is nested too deeply; { $limit } levels at most.
duplicate-key = The same field is given twice.
empty-body = The request has no body; a JSON object is needed.
invalid-body = The body has faults; see the notes on its fields.
unknown-field = There is no such field.
missing-field = A required field is missing.
wrong-type = The field has the wrong type; { $expected ->
    [string] text
    [integer] a whole number
    [number] a number
    [boolean] true or false
    [array] a list
    [object] an object
    [null] null
   *[other] another type
    } is expected.
unknown-value = The value is not known; it may be: { $expected }.
invalid-value = The field's value is not acceptable.
out-of-range = The number is out of range; { $expected } is expected.
control-character = The text holds a control character that is not allowed.
too-long = The text is longer than { $limit } bytes.
time-malformed = A time must be RFC 3339 with an offset, such as 2026-10-01T09:00:00+08:00.
time-out-of-range = A time must lie between the years 1970 and 2200.
amount-malformed = An amount is digits with at most two decimals, such as 10000.00.
amount-out-of-range = An amount lies between 0 and 10,000,000,000.00 yuan.
currency-unknown = The currency is CNY.
date-malformed = A date is a day of the calendar written YYYY-MM-DD, such as 2026-10-01.
date-out-of-range = A date lies between the years 1970 and 2199.
invalid-query = The query parameters have faults; see the notes on the fields.
invalid-cursor = The cursor is not valid; start again from the first page.
invalid-header = The header { $name } is not valid.
invalid-encoding = The address is not encoded well.
unsupported-media-type = This content type is not supported; use { $expected }.
payload-too-large = The body is larger than { $limit } bytes.
body-not-expected = This request has no body.
body-too-slow = The body came too slowly.
body-interrupted = The body did not arrive completely.
malformed-request = The request cannot be read.
not-found = Nothing was found here, or you may not know that it exists.
method-not-allowed = This address does not support the request's method.
request-timeout = The request took too long and was stopped; try again.
internal = The server failed; it is on record. Please report request { $request_id }.
unavailable = The service is not available for the moment; try again later.
search-unavailable = Search is not available in this process; try again later.
too-many-requests = Too many requests; try again in { $retry_after } seconds.

# Who is asking
unauthenticated = Please sign in first.
origin-mismatch = The request comes from another site and was refused.
forbidden = Your posts do not allow this.

# Two people at once, and once more
version-required = Say with If-Match or the field version which version you have seen.
version-contradictory = If-Match and the field version contradict each other.
stale = Somebody changed it meanwhile; look at the newer state and try again.
idempotency-key-invalid = Idempotency-Key must be 1 to { $limit } visible ASCII characters.
idempotency-key-reused = This Idempotency-Key was used for another request.
idempotency-in-progress = A request with this Idempotency-Key is still being worked on.
invalid-period = The period is not readable; write { $expected }, 2026-q4, 2026 or 2026-10-01..2026-10-15.
cut-needs-months = Months can begin on another day only when the period is whole months.
report-exists = There is a report of this period already.
report-frozen = The report is frozen and cannot be changed; what changes later is told in the next one.
report-not-frozen = The report is not frozen yet.
report-not-ended = The period ends on { $last_day }; it can be frozen after that.
too-many-exports = Several exports are running; please try again in a moment.
pdf-not-built = This build writes no PDF: take HTML and print it, or build with the feature “pdf”.
pdf-without-font = No PDF can be written: the server has no font with Chinese letters.

# Words to customers
phrase-stops = the text holds what is not said to customers: { $phrases }; please say it another way
phrases-not-acknowledged = the text holds what customers may take ill: { $phrases }; to send it all the same, name { $listed } in acknowledged_phrases
phrase-hit = “{ $phrase }” is not said to customers. { $better ->
    [blank] { "" }
   *[other] Better: { $better }
    }
phrase-too-short = It needs at least two characters, signs not counted.
phrase-in-better = The better sentence itself holds what is not said: { $phrase }.
phrases-full = There are 5,000 phrases of your own already, or too many together.
handbook-blocks = The handbook's phrases block; their level stays. You may switch one off.
