# Faults of a file as a whole
file-unreadable = The file cannot be read or written: { $reason }.
no-header = The file has no header row.
unnamed-column = Column { $column } has no name in the header.
duplicate-column = The header names column “{ $column }” twice.
missing-column = The header has no column “{ $column }” that the mapping reads. The nearest is “{ $near }”.
unmapped-column = The mapping neither reads nor ignores column “{ $column }”.
too-many-columns = There are more than { $limit } columns.
header-unreadable = The header cannot be read: { $reason }.
utf16-text = The text is UTF-16; save it as CSV UTF-8.
old-workbook = This is the old workbook format; save it as .xlsx.
file-damaged = The file is damaged: { $reason }.
no-sheet = There is no sheet “{ $sheet }”; there are: { $sheets }.
file-part-too-large = A part of the file ({ $part }) is larger than { $limit } bytes.
too-many-rows = This format holds at most { $limit } rows.
wrong-width = The table has { $expected } columns, this row has { $found } cells.
workbook-not-written = The workbook cannot be written: { $reason }.

# Faults of a row or cell
missing-required = A required value is missing.
not-a-time = This is no time that is understood, or there is no such day.
not-a-date = This is no date that is understood, or there is no such day.
bad-phone = This is no telephone number.
bad-email = This is no e-mail address.
not-money = This is no amount: digits with at most two decimals, not below zero.
not-an-integer = This is no whole number.
not-a-decimal = This is no number with at most two decimals.
not-a-boolean = This is neither yes nor no.
bad-name = This is no name of the product: only lower-case letters, digits and underscores.
row-too-long = The row is longer than { $limit } bytes.
broken-text = The encoding of the text is damaged.
ragged-row = The row has { $found } cells, the header { $expected } columns.
unclosed-quote = A quotation mark is never closed.
not-json = This is no valid JSON object; see around character { $character }.
too-many-keys = The JSON object has more than { $limit } keys.
nested-value = A JSON object or a list of lists stands where a value belongs.
unmapped-key = The mapping neither reads nor ignores this key.
error-cell = The spreadsheet shows an error in this cell.

# Faults of a mapping file
mapping-unreadable = The mapping file cannot be read: { $reason }.
mapping-syntax = The mapping file is not well formed: { $reason }. Nearest name: “{ $near }”.
mapping-unknown-target = There is no target “{ $name }”. The nearest is “{ $near }”.
mapping-wrong-import = Target “{ $name }” does not belong to an import of { $import }.
mapping-duplicate-target = Two columns become target “{ $name }”.
mapping-missing-target = Every row needs “{ $name }”, but no column and no default gives it.
mapping-bad-format = Time format “{ $format }” is wrong: { $reason }.
mapping-bad-zone = There is no time zone “{ $name }”. The nearest is “{ $near }”.
mapping-unknown-table = There is no value table “{ $name }”. The nearest is “{ $near }”.
mapping-unused-table = No column uses the value table “{ $name }”.
mapping-bad-default = The default “{ $value }” of “{ $name }” does not fit ({ $reason }).
mapping-not-applicable = Setting “{ $setting }” does not apply to “{ $name }”.
mapping-read-and-ignored = Column “{ $name }” is both read and ignored.
mapping-bad-source = The source “{ $name }” is wrong: 1 to 64 lower-case letters, digits, “-” or “_”.

# Faults found by the product itself
extra-not-kept = Of { $import } nothing further is kept: take “{ $name }” out of the mapping and ignore its column.
number-taken = Another case has this number.
