//! Writes tables as CSV, XLSX and JSON Lines, row by row.

use crate::failure::FileError;
use huiyin_domain::money::Money;
use huiyin_domain::time::Timestamp;

/// Names what a column holds; decides format and width in a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Short text.
    Text,
    /// Text of several sentences.
    LongText,
    /// A whole number.
    Int,
    /// An instant, shown on the wall clock of the zone.
    Time,
    /// A day.
    Date,
    /// An amount in yuan.
    Money,
    /// Yes or no.
    Bool,
}

/// Describes one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name for programs, snake_case.
    pub key: &'static str,
    /// Title in Chinese.
    pub zh: &'static str,
    /// Title in English.
    pub en: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

/// Holds one cell to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellValue {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// An instant.
    Time(Timestamp),
    /// A day.
    Date(jiff::civil::Date),
    /// An amount.
    Money(Money),
    /// Yes or no.
    Bool(bool),
    /// Nothing.
    Empty,
}

/// Tells what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows without the header.
    pub rows: u64,
    /// Cells cut because the format cannot hold them; each ends in a mark.
    pub cut_cells: u64,
}

/// Takes rows one after the other in constant memory.
pub trait TableWriter {
    /// Writes one row, as many cells as columns.
    ///
    /// # Errors
    /// [`FileError`] when it cannot be written.
    fn row(&mut self, cells: &[CellValue]) -> Result<(), FileError>;

    /// Ends the table; only now does a file get its name.
    ///
    /// # Errors
    /// [`FileError`] when it cannot be completed; no file remains.
    fn finish(self: Box<Self>) -> Result<Written, FileError>;
}
