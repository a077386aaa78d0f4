//! XLSX: text stays text, times and days are real dates, one row in memory.

use super::sink::Sink;
use super::{CellValue, Column, ColumnKind, TableWriter, WriteOptions, Written, check_width};
use crate::failure::FileError;
use huiyin_domain::time::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// Rows that one sheet can hold, without the header.
const MAX_ROWS: u64 = 1_048_575;

/// Characters that one cell can hold.
const MAX_CHARS: usize = 32_767;

/// Ends a text that was cut because a cell cannot hold it.
const CUT_MARK: &str = " …[截断 cut: CSV / JSON Lines]";

/// Writes a workbook with one sheet.
pub(super) struct XlsxTable {
    workbook: Workbook,
    sink: Sink,
    width: usize,
    zone: TimeZone,
    formats: Formats,
    written: Written,
}

/// How the kinds of cells look.
struct Formats {
    time: Format,
    date: Format,
    money: Format,
    int: Format,
}

impl XlsxTable {
    /// Lays the sheet out and writes the header.
    pub(super) fn open(sink: Sink, columns: &[Column], options: &WriteOptions) -> Result<Self, FileError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        lay_out(sheet, columns, options).map_err(failed)?;
        let formats = Formats {
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            money: Format::new().set_num_format("#,##0.00"),
            int: Format::new().set_num_format("0"),
        };
        let (width, zone) = (columns.len(), options.zone.clone());
        Ok(Self { workbook, sink, width, zone, formats, written: Written::default() })
    }

    /// Writes one cell; true when its text had to be cut.
    fn cell(&mut self, row: u32, column: u16, cell: &CellValue) -> Result<bool, XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        let formats = &self.formats;
        let (number, format) = match cell {
            CellValue::Empty => return Ok(false),
            CellValue::Text(text) => {
                let (text, is_cut) = fitted(text);
                sheet.write_string(row, column, text)?;
                return Ok(is_cut);
            }
            CellValue::Bool(value) => {
                sheet.write_boolean(row, column, *value)?;
                return Ok(false);
            }
            // a cell holds 15 digits exactly
            CellValue::Int(number) if number.unsigned_abs() < 1_000_000_000_000_000 => {
                (*number as f64, &formats.int)
            }
            CellValue::Int(number) => {
                sheet.write_string(row, column, number.to_string())?;
                return Ok(false);
            }
            CellValue::Money(money) => (money.fen() as f64 / 100.0, &formats.money),
            CellValue::Time(time) => (serial(on_the_wall(*time, &self.zone)), &formats.time),
            CellValue::Date(date) => (serial(DateTime::from(*date)), &formats.date),
        };
        let is_date = matches!(cell, CellValue::Time(_) | CellValue::Date(_));
        // before March 1900 serial dates are off by one, so such a day is text
        if is_date && number < 61.0 {
            let text = super::plain(cell, &self.zone);
            sheet.write_string(row, column, text)?;
            return Ok(false);
        }
        sheet.write_number_with_format(row, column, number, format)?;
        Ok(false)
    }
}

impl TableWriter for XlsxTable {
    fn row(&mut self, cells: &[CellValue]) -> Result<(), FileError> {
        check_width(self.width, cells)?;
        if self.written.rows == MAX_ROWS {
            return Err(FileError::TooManyRows { limit: MAX_ROWS });
        }
        let row = u32::try_from(self.written.rows + 1).unwrap_or(u32::MAX);
        for (column, cell) in (0_u16..).zip(cells) {
            let is_cut = self.cell(row, column, cell).map_err(failed)?;
            self.written.cut_cells += u64::from(is_cut);
        }
        self.written.rows += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Written, FileError> {
        self.workbook.save_to_writer(&mut self.sink).map_err(failed)?;
        self.sink.commit()?;
        Ok(self.written)
    }
}

/// Writes a frozen, bold header over columns of sensible width.
fn lay_out(sheet: &mut Worksheet, columns: &[Column], options: &WriteOptions) -> Result<(), XlsxError> {
    sheet.set_name(&options.sheet)?;
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (index, column) in (0_u16..).zip(columns) {
        let width = match column.kind {
            ColumnKind::LongText => 60.0,
            ColumnKind::Text => 20.0,
            ColumnKind::Time => 19.0,
            ColumnKind::Date | ColumnKind::Money => 12.0,
            ColumnKind::Int | ColumnKind::Bool => 10.0,
        };
        let heading = options.headings.of(column);
        let needed: u32 = heading.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum();
        sheet.set_column_width(index, f64::from(needed + 2).max(width))?;
        sheet.write_string_with_format(0, index, heading, &bold)?;
    }
    Ok(())
}

/// Cuts a text to what a cell can hold; characters as a spreadsheet counts.
fn fitted(text: &str) -> (String, bool) {
    if text.encode_utf16().count() <= MAX_CHARS {
        return (text.to_owned(), false);
    }
    let room = MAX_CHARS - CUT_MARK.encode_utf16().count();
    let mut used = 0;
    let kept = text.chars().take_while(|char| {
        used += char.len_utf16();
        used <= room
    });
    (kept.collect::<String>() + CUT_MARK, true)
}

/// Gives an instant as a moment on the wall.
fn on_the_wall(time: Timestamp, zone: &TimeZone) -> DateTime {
    jiff::Timestamp::from(time).to_zoned(zone.clone()).datetime()
}

/// Counts the days since 1900 as a spreadsheet does.
fn serial(moment: DateTime) -> f64 {
    let epoch: Date = jiff::civil::date(1899, 12, 30);
    let seconds = moment.duration_since(DateTime::from(epoch)).as_secs();
    seconds as f64 / 86_400.0
}

fn failed(error: XlsxError) -> FileError {
    FileError::Workbook { reason: error.to_string() }
}
