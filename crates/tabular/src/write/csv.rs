//! CSV: UTF-8, one header row, nothing a spreadsheet would take for a formula.

use super::sink::Sink;
use super::{CellValue, TableWriter, Written, check_width, plain};
use crate::failure::FileError;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::io::Write;

/// Writes a CSV file.
pub(super) struct CsvTable {
    writer: csv::Writer<Sink>,
    width: usize,
    zone: TimeZone,
    rows: u64,
}

impl CsvTable {
    /// Writes the byte order mark, where wanted, and the header.
    pub(super) fn open(
        mut sink: Sink,
        headings: &[&str],
        has_mark: bool,
        zone: TimeZone,
    ) -> Result<Self, FileError> {
        if has_mark {
            sink.write_all("\u{feff}".as_bytes())?;
        }
        let mut writer = csv::WriterBuilder::new().from_writer(sink);
        writer.write_record(headings).map_err(io_error)?;
        Ok(Self { writer, width: headings.len(), zone, rows: 0 })
    }
}

impl TableWriter for CsvTable {
    fn row(&mut self, cells: &[CellValue]) -> Result<(), FileError> {
        check_width(self.width, cells)?;
        for cell in cells {
            let text = match cell {
                CellValue::Text(text) => escaped(text),
                typed => plain(typed, &self.zone).into(),
            };
            self.writer.write_field(text.as_bytes()).map_err(io_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)?;
        self.rows += 1;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Written, FileError> {
        let sink = self.writer.into_inner().map_err(|error| FileError::Io(error.into_error()))?;
        sink.commit()?;
        Ok(Written { rows: self.rows, cut_cells: 0 })
    }
}

/// Puts an apostrophe before a text that a spreadsheet would calculate.
fn escaped(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

fn io_error(error: csv::Error) -> FileError {
    FileError::Io(error.into())
}
