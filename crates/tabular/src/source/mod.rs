//! Streams rows out of CSV, XLSX and JSON Lines, plain or gzip.

mod delimited;
mod guard;
mod header;
mod json_lines;
mod open;
mod record;
mod sniff;
mod text;
mod workbook;

pub use open::{from_reader, open};
pub use workbook::READ_AHEAD;

use crate::failure::{CellCode, CellError, FileError};
use std::sync::Arc;

/// Bounds what one file may ask of memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one cell.
    pub cell_bytes: usize,
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Columns of a table, keys of an object.
    pub columns: usize,
    /// Bytes of any part of a workbook that is held whole (shared texts).
    pub shared_bytes: u64,
    /// Bytes of a workbook that has to be unpacked from gzip onto the disk.
    pub unpacked_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cell_bytes: 1 << 20,
            row_bytes: 4 << 20,
            columns: 1_000,
            shared_bytes: 256 << 20,
            unpacked_bytes: 1 << 30,
        }
    }
}

/// Names the formats of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Text with a delimiter.
    Csv,
    /// A workbook of spreadsheets.
    Xlsx,
    /// One JSON object per line.
    Jsonl,
}

/// Names the encodings of text that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030 and its subsets GBK and GB2312.
    #[serde(rename = "gb18030")]
    Gb18030,
}

/// Says how to read a file where detection is not wanted.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The format; detected by content when absent.
    pub format: Option<Format>,
    /// The encoding of CSV; detected by content when absent.
    pub encoding: Option<Encoding>,
    /// The delimiter of CSV; detected in the header when absent.
    pub delimiter: Option<u8>,
    /// The sheet of a workbook; the first when absent.
    pub sheet: Option<String>,
    /// The line of the header, from one; the first with content when absent.
    pub header_line: Option<u64>,
    /// The bounds.
    pub limits: Limits,
}

/// Holds one cell as the file gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceCell {
    /// Nothing, or only white space.
    Empty,
    /// Text, white space at both ends removed.
    Text(String),
    /// A number in plain digits, never with an exponent or a needless `.0`.
    Number(String),
    /// Yes or no.
    Boolean(bool),
    /// A date and time on the wall, without zone (serial date of a workbook).
    Moment(jiff::civil::DateTime),
    /// Several values (a JSON list).
    List(Vec<String>),
    /// A cell that cannot be taken; an error only when it is mapped.
    Bad(CellCode),
}

/// Holds one row with its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRow {
    /// Line in the file, from one; for a workbook the row of the sheet.
    pub line: u64,
    /// Names of the columns; shared between rows with the same names.
    pub columns: Arc<[String]>,
    /// The cells, as many as columns.
    pub cells: Vec<SourceCell>,
}

impl SourceRow {
    /// Gives the cell of a column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&SourceCell> {
        let index = self.columns.iter().position(|name| name == column)?;
        self.cells.get(index)
    }
}

/// Gives rows one after the other in constant memory.
pub trait RowSource: Send {
    /// Gives the names in the header; none for JSON Lines.
    fn columns(&self) -> Option<&Arc<[String]>>;

    /// Gives the next row, or what is wrong with it; `None` after the last.
    ///
    /// Rows without any content are passed over. After an inner error reading
    /// goes on with the next row.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be read any further.
    fn next_row(&mut self) -> Result<Option<Result<SourceRow, CellError>>, FileError>;
}

/// Makes a cell of a number: plain digits, whole numbers without a fraction.
fn number(value: f64) -> SourceCell {
    if !value.is_finite() {
        return SourceCell::Bad(CellCode::ErrorCell);
    }
    // the display of a float has no exponent and no needless fraction
    let text = if value == 0.0 { "0".to_owned() } else { value.to_string() };
    SourceCell::Number(text)
}
