//! The file of rows that were not taken.

use super::{CellValue, Column, ColumnKind, Output, TableWriter, WriteOptions, create};
use crate::failure::{CellError, FileError};
use std::path::{Path, PathBuf};

/// Columns of the error file.
const COLUMNS: [Column; 5] = [
    Column { key: "line", zh: "行", en: "line", kind: ColumnKind::Int },
    Column { key: "column", zh: "列", en: "column", kind: ColumnKind::Text },
    Column { key: "code", zh: "代码", en: "code", kind: ColumnKind::Text },
    Column { key: "reason", zh: "原因", en: "reason", kind: ColumnKind::LongText },
    Column { key: "value", zh: "值", en: "value", kind: ColumnKind::Text },
];

/// Says an error in the language of the reader.
pub type Reason = Box<dyn Fn(&CellError) -> String>;

/// One line of the error file, whoever found the error.
#[derive(Clone, Debug)]
pub struct ErrorLine<'a> {
    /// Line in the file that was read, from one.
    pub line: u64,
    /// Name of the column, empty when the whole row is meant.
    pub column: &'a str,
    /// Stable name of what is wrong.
    pub code: &'a str,
    /// The same in words.
    pub reason: &'a str,
    /// The beginning of the value; personal values masked.
    pub excerpt: &'a str,
}

/// Writes what was wrong with which cell; no file when nothing was.
pub struct ErrorFile {
    path: PathBuf,
    reason: Reason,
    options: WriteOptions,
    table: Option<Box<dyn TableWriter>>,
}

impl ErrorFile {
    /// Takes the place of the file and how reasons are said.
    #[must_use]
    pub fn new(path: &Path, options: WriteOptions, reason: Reason) -> Self {
        Self { path: path.to_owned(), reason, options, table: None }
    }

    /// Writes one error.
    ///
    /// # Errors
    /// [`FileError`] when it cannot be written.
    pub fn write(&mut self, error: &CellError) -> Result<(), FileError> {
        let reason = (self.reason)(error);
        let CellError { line, column, code, excerpt, .. } = error;
        self.write_line(&ErrorLine { line: *line, column, code: code.code(), reason: &reason, excerpt })
    }

    /// Writes one line whose reason is said already.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_line(&mut self, error: &ErrorLine<'_>) -> Result<(), FileError> {
        let table = match &mut self.table {
            Some(table) => table,
            empty => empty.insert(create(Output::File(&self.path), &COLUMNS, &self.options)?),
        };
        let text = |text: &str| if text.is_empty() { CellValue::Empty } else { CellValue::Text(text.into()) };
        table.row(&[
            CellValue::Int(i64::try_from(error.line).unwrap_or(i64::MAX)),
            text(error.column),
            text(error.code),
            text(error.reason),
            text(error.excerpt),
        ])
    }

    /// Ends the file; gives the number of errors in it.
    ///
    /// # Errors
    /// [`FileError`] when it cannot be completed.
    pub fn finish(self) -> Result<u64, FileError> {
        match self.table {
            Some(table) => Ok(table.finish()?.rows),
            None => Ok(0),
        }
    }
}
