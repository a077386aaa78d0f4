//! What can be wrong: with a whole file, and with one cell or row of it.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Named values that a translated message is filled with.
pub type Params = BTreeMap<&'static str, String>;

/// Describes why a file as a whole cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused to read or write.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// No row at all, not even a header.
    #[error("the file has no header row")]
    NoHeader,
    /// A header cell is empty; columns count from one.
    #[error("column {column} has no name in the header")]
    UnnamedColumn {
        /// Position of the column, from one.
        column: usize,
    },
    /// Two header cells carry the same name.
    #[error("the header names column \"{column}\" twice")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// The mapping reads a column that the header does not have.
    #[error("the header has no column \"{column}\" that the mapping reads")]
    MissingColumn {
        /// The name in the mapping.
        column: String,
        /// The nearest name in the header, empty when none is near.
        near: String,
    },
    /// The header has a column that the mapping neither reads nor ignores.
    #[error("the mapping neither reads nor ignores column \"{column}\"")]
    UnmappedColumn {
        /// The name in the header.
        column: String,
    },
    /// More columns than [`crate::Limits::columns`].
    #[error("more than {limit} columns")]
    TooManyColumns {
        /// The limit.
        limit: usize,
    },
    /// The header itself cannot be read.
    #[error("the header row cannot be read: {0}")]
    Header(CellError),
    /// UTF-16 text, which spreadsheets call "Unicode text".
    #[error("the text is UTF-16; save it as CSV UTF-8")]
    Utf16,
    /// A workbook in the format before XLSX.
    #[error("old workbook format; save it as .xlsx")]
    OldWorkbook,
    /// The workbook or the compressed stream is damaged.
    #[error("the file is damaged: {reason}")]
    Damaged {
        /// What the decoder said.
        reason: String,
    },
    /// The workbook has no sheet of this name.
    #[error("no sheet \"{sheet}\"; there are: {sheets}")]
    NoSheet {
        /// The name asked for.
        sheet: String,
        /// The names present, comma separated.
        sheets: String,
    },
    /// A part of the file is larger than it may be.
    #[error("{part} is larger than {limit} bytes")]
    TooLarge {
        /// Which part.
        part: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// More rows than the format can hold.
    #[error("more than {limit} rows do not fit into this format")]
    TooManyRows {
        /// The limit.
        limit: u64,
    },
    /// A row was written with another number of cells than columns.
    #[error("a row of {found} cells for {expected} columns")]
    WrongWidth {
        /// The number of columns.
        expected: usize,
        /// The number of cells.
        found: usize,
    },
    /// The workbook could not be written.
    #[error("cannot write the workbook: {reason}")]
    Workbook {
        /// What the encoder said.
        reason: String,
    },
}

impl FileError {
    /// Gives the stable name of the problem.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "file_unreadable",
            Self::NoHeader => "no_header",
            Self::UnnamedColumn { .. } => "unnamed_column",
            Self::DuplicateColumn { .. } => "duplicate_column",
            Self::MissingColumn { .. } => "missing_column",
            Self::UnmappedColumn { .. } => "unmapped_column",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::Header(_) => "header_unreadable",
            Self::Utf16 => "utf16_text",
            Self::OldWorkbook => "old_workbook",
            Self::Damaged { .. } => "file_damaged",
            Self::NoSheet { .. } => "no_sheet",
            Self::TooLarge { .. } => "file_part_too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::WrongWidth { .. } => "wrong_width",
            Self::Workbook { .. } => "workbook_not_written",
        }
    }

    /// Gives the values for the translated message.
    #[must_use]
    pub fn params(&self) -> Params {
        match self {
            Self::Io(error) => params([("reason", error.to_string())]),
            Self::NoHeader | Self::Utf16 | Self::OldWorkbook => Params::new(),
            Self::UnnamedColumn { column } => params([("column", column.to_string())]),
            Self::DuplicateColumn { column } | Self::UnmappedColumn { column } => {
                params([("column", column.clone())])
            }
            Self::MissingColumn { column, near } => {
                params([("column", column.clone()), ("near", near.clone())])
            }
            Self::TooManyColumns { limit } => params([("limit", limit.to_string())]),
            Self::TooManyRows { limit } => params([("limit", limit.to_string())]),
            Self::Header(error) => params([("reason", error.to_string())]),
            Self::Damaged { reason } | Self::Workbook { reason } => params([("reason", reason.clone())]),
            Self::NoSheet { sheet, sheets } => params([("sheet", sheet.clone()), ("sheets", sheets.clone())]),
            Self::TooLarge { part, limit } => params([("part", part.clone()), ("limit", limit.to_string())]),
            Self::WrongWidth { expected, found } => {
                params([("expected", expected.to_string()), ("found", found.to_string())])
            }
        }
    }
}

/// Names why one cell or row cannot be taken; stable on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellCode {
    /// A required target has no value.
    MissingRequired,
    /// The value matches none of the time formats, or names no such day.
    NotATime,
    /// The value matches none of the date formats, or names no such day.
    NotADate,
    /// The time or date lies outside the years that are kept.
    TimeOutOfRange,
    /// Not a telephone number.
    BadPhone,
    /// Not an e-mail address.
    BadEmail,
    /// Not an amount of money.
    NotMoney,
    /// Not a whole number.
    NotAnInteger,
    /// Not a number with at most two decimals.
    NotADecimal,
    /// Neither yes nor no.
    NotABoolean,
    /// The value table has no such entry.
    UnknownValue,
    /// Not a name of lower-case letters, digits and underscores.
    BadName,
    /// Longer than the target or the limits allow.
    TooLong,
    /// The row as a whole is longer than the limits allow.
    RowTooLong,
    /// Bytes that are no text in the encoding of the file.
    BrokenText,
    /// NUL or another control character.
    ControlCharacter,
    /// More or fewer cells than the header has.
    RaggedRow,
    /// A quotation mark that is never closed.
    UnclosedQuote,
    /// The line is no JSON object.
    NotJson,
    /// A JSON object names a key twice.
    DuplicateKey,
    /// A JSON object with more keys than columns are allowed.
    TooManyKeys,
    /// A JSON object or a list of lists where a plain value belongs.
    NestedValue,
    /// A JSON key that the mapping neither reads nor ignores.
    UnmappedKey,
    /// The spreadsheet shows an error such as `#N/A`.
    ErrorCell,
}

impl CellCode {
    /// Lists every code, for the check of the translations.
    pub const ALL: [Self; 24] = [
        Self::MissingRequired,
        Self::NotATime,
        Self::NotADate,
        Self::TimeOutOfRange,
        Self::BadPhone,
        Self::BadEmail,
        Self::NotMoney,
        Self::NotAnInteger,
        Self::NotADecimal,
        Self::NotABoolean,
        Self::UnknownValue,
        Self::BadName,
        Self::TooLong,
        Self::RowTooLong,
        Self::BrokenText,
        Self::ControlCharacter,
        Self::RaggedRow,
        Self::UnclosedQuote,
        Self::NotJson,
        Self::DuplicateKey,
        Self::TooManyKeys,
        Self::NestedValue,
        Self::UnmappedKey,
        Self::ErrorCell,
    ];

    /// Gives the name on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingRequired => "missing_required",
            Self::NotATime => "not_a_time",
            Self::NotADate => "not_a_date",
            Self::TimeOutOfRange => "time_out_of_range",
            Self::BadPhone => "bad_phone",
            Self::BadEmail => "bad_email",
            Self::NotMoney => "not_money",
            Self::NotAnInteger => "not_an_integer",
            Self::NotADecimal => "not_a_decimal",
            Self::NotABoolean => "not_a_boolean",
            Self::UnknownValue => "unknown_value",
            Self::BadName => "bad_name",
            Self::TooLong => "too_long",
            Self::RowTooLong => "row_too_long",
            Self::BrokenText => "broken_text",
            Self::ControlCharacter => "control_character",
            Self::RaggedRow => "ragged_row",
            Self::UnclosedQuote => "unclosed_quote",
            Self::NotJson => "not_json",
            Self::DuplicateKey => "duplicate_key",
            Self::TooManyKeys => "too_many_keys",
            Self::NestedValue => "nested_value",
            Self::UnmappedKey => "unmapped_key",
            Self::ErrorCell => "error_cell",
        }
    }
}

impl fmt::Display for CellCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Describes one cell, or one whole row, that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}{}: {code}", if column.is_empty() { String::new() } else { format!(", column \"{column}\"") })]
pub struct CellError {
    /// Line in the file, from one; for a workbook the row of the sheet.
    pub line: u64,
    /// Name of the column, empty when the whole row is meant.
    pub column: String,
    /// What is wrong.
    pub code: CellCode,
    /// Values for the translated message.
    pub params: Params,
    /// The beginning of the value; personal values masked.
    pub excerpt: String,
}

impl CellError {
    /// Makes an error of a whole row.
    #[must_use]
    pub fn row(line: u64, code: CellCode) -> Self {
        Self::cell(line, "", code)
    }

    /// Makes an error of one cell.
    #[must_use]
    pub fn cell(line: u64, column: &str, code: CellCode) -> Self {
        Self { line, column: column.to_owned(), code, params: Params::new(), excerpt: String::new() }
    }

    /// Adds one value for the translated message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}

/// Collects named values.
fn params<const N: usize>(pairs: [(&'static str, String); N]) -> Params {
    pairs.into_iter().collect()
}
