//! Writes tables as CSV, XLSX and JSON Lines, row by row.

mod csv;
mod errors;
mod jsonl;
mod sink;
mod xlsx;

pub use errors::{ErrorFile, ErrorLine, Reason};
pub use sink::Output;

use crate::failure::FileError;
use crate::source::Format;
use huiyin_domain::money::Money;
use huiyin_domain::time::Timestamp;
use jiff::tz::TimeZone;
use sink::Sink;

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

/// Names what stands in the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headings {
    /// The names for programs.
    #[default]
    Keys,
    /// The Chinese titles.
    Chinese,
    /// The English titles.
    English,
}

impl Headings {
    /// Gives the heading of a column.
    const fn of(self, column: &Column) -> &'static str {
        match self {
            Self::Keys => column.key,
            Self::Chinese => column.zh,
            Self::English => column.en,
        }
    }
}

/// Says how a table is written.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// The format.
    pub format: Format,
    /// What stands in the header of CSV and XLSX; JSON always has the keys.
    pub headings: Headings,
    /// Whether CSV begins with the byte order mark that spreadsheets want.
    pub byte_order_mark: bool,
    /// The zone of the wall clock; its offset stands in CSV and JSON.
    pub zone: TimeZone,
    /// Name of the sheet in a workbook.
    pub sheet: String,
}

impl WriteOptions {
    /// Takes format and zone; headings are keys, without byte order mark.
    #[must_use]
    pub fn new(format: Format, zone: TimeZone) -> Self {
        Self { format, headings: Headings::Keys, byte_order_mark: false, zone, sheet: "huiyin".into() }
    }

    /// Takes format and zone by its IANA name; nothing where none is called so.
    #[must_use]
    pub fn in_zone(format: Format, name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(|zone| Self::new(format, zone))
    }
}

/// Begins a table with its header.
///
/// # Errors
/// [`FileError`] when the output cannot be written.
pub fn create(
    output: Output<'_>,
    columns: &[Column],
    options: &WriteOptions,
) -> Result<Box<dyn TableWriter>, FileError> {
    let sink = Sink::open(output)?;
    let headings: Vec<&str> = columns.iter().map(|column| options.headings.of(column)).collect();
    let zone = options.zone.clone();
    Ok(match options.format {
        Format::Csv => Box::new(csv::CsvTable::open(sink, &headings, options.byte_order_mark, zone)?),
        Format::Xlsx => Box::new(xlsx::XlsxTable::open(sink, columns, options)?),
        Format::Jsonl => {
            let keys = columns.iter().map(|column| column.key).collect();
            Box::new(jsonl::JsonTable::new(sink, keys, zone))
        }
    })
}

/// Checks that a row has as many cells as columns.
fn check_width(expected: usize, cells: &[CellValue]) -> Result<(), FileError> {
    let found = cells.len();
    if found == expected { Ok(()) } else { Err(FileError::WrongWidth { expected, found }) }
}

/// Gives an instant as RFC 3339 with the offset of the zone.
fn wall(time: Timestamp, zone: &TimeZone) -> String {
    let instant = jiff::Timestamp::from(time);
    instant.display_with_offset(zone.to_offset(instant)).to_string()
}

/// Gives a cell as the text that CSV has, without escape.
fn plain(cell: &CellValue, zone: &TimeZone) -> String {
    match cell {
        CellValue::Text(text) => text.clone(),
        CellValue::Int(number) => number.to_string(),
        CellValue::Time(time) => wall(*time, zone),
        CellValue::Date(date) => date.to_string(),
        CellValue::Money(money) => money.to_string(),
        CellValue::Bool(value) => value.to_string(),
        CellValue::Empty => String::new(),
    }
}
