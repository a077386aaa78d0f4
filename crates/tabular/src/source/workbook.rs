//! XLSX: rows of one sheet, read on a thread of their own.
//!
//! The reader of cells borrows from the open workbook, so both live on one
//! thread that hands rows through a channel of [`READ_AHEAD`] places. A panic
//! of the reader on a hostile file ends that thread and becomes an error.

use super::{Limits, ReadOptions, RowSource, SourceCell, SourceRow, guard, header, text};
use crate::failure::{CellCode, CellError, FileError};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use std::io::{BufReader, Read, Seek};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Rows that may wait between the reading thread and the taker.
pub const READ_AHEAD: usize = 64;

/// Cells of one row with their place.
struct SheetRow {
    line: u64,
    cells: Vec<SourceCell>,
    problem: Option<(CellCode, usize)>,
}

/// What the reading thread hands over.
type Handed = Result<SheetRow, FileError>;

/// Streams the rows of one sheet.
pub(super) struct Workbook {
    rows: Receiver<Handed>,
    columns: Arc<[String]>,
    limits: Limits,
    has_ended: bool,
}

impl Workbook {
    /// Measures the file, starts the reading and takes the header.
    ///
    /// # Errors
    /// [`FileError`] when there is no such sheet or header, or too much of it.
    pub(super) fn open<R: Read + Seek + Send + 'static>(
        mut input: R,
        options: &ReadOptions,
    ) -> Result<Self, FileError> {
        guard::weigh(BufReader::new(&mut input), &options.limits)?;
        input.rewind()?;
        let (sender, rows) = sync_channel(READ_AHEAD);
        let wanted = options.clone();
        let thread = std::thread::Builder::new().name("workbook".into());
        thread.spawn(move || {
            let outcome = read(BufReader::new(input), &wanted, &sender);
            if let Err(error) = outcome {
                // fails only when nobody waits for rows any more
                let _ = sender.send(Err(error));
            }
            let _ = sender.send(Ok(SheetRow { line: 0, cells: Vec::new(), problem: None }));
        })?;
        let mut source = Self { rows, columns: Arc::from([]), limits: options.limits, has_ended: false };
        let header = source.take()?.ok_or(FileError::NoHeader)?;
        if header.problem.is_some() {
            return Err(FileError::TooManyColumns { limit: options.limits.columns });
        }
        source.columns = header::names(header.line, header.cells, &options.limits)?;
        Ok(source)
    }

    /// Takes the next row with content; a silent end of the thread is damage.
    fn take(&mut self) -> Result<Option<SheetRow>, FileError> {
        if self.has_ended {
            return Ok(None);
        }
        let Ok(handed) = self.rows.recv() else {
            self.has_ended = true;
            return Err(FileError::Damaged { reason: "the workbook cannot be read".into() });
        };
        self.has_ended = !matches!(&handed, Ok(row) if row.line > 0);
        handed.map(|row| (row.line > 0).then_some(row))
    }

    /// Makes a row under the header of the cells of the sheet.
    fn row(&self, mut row: SheetRow) -> Result<SourceRow, CellError> {
        let line = row.line;
        if let Some((code, column)) = row.problem {
            return Err(header::problem(line, &self.columns, (code, column), &self.limits));
        }
        let (found, expected) = (row.cells.len(), self.columns.len());
        if found > expected {
            let error = CellError::row(line, CellCode::RaggedRow);
            return Err(error.with("found", found).with("expected", expected));
        }
        row.cells.resize(expected, SourceCell::Empty);
        Ok(SourceRow { line, columns: Arc::clone(&self.columns), cells: row.cells })
    }
}

impl RowSource for Workbook {
    fn columns(&self) -> Option<&Arc<[String]>> {
        Some(&self.columns)
    }

    fn next_row(&mut self) -> Result<Option<Result<SourceRow, CellError>>, FileError> {
        Ok(self.take()?.map(|row| self.row(row)))
    }
}

/// Reads the sheet cell by cell and hands over its rows.
fn read<R: Read + Seek>(
    input: R,
    options: &ReadOptions,
    sender: &SyncSender<Handed>,
) -> Result<(), FileError> {
    let mut workbook: Xlsx<R> = Xlsx::new(input).map_err(damaged)?;
    let names = workbook.sheet_names();
    let sheet = match &options.sheet {
        Some(wanted) if !names.contains(wanted) => {
            return Err(FileError::NoSheet { sheet: wanted.clone(), sheets: names.join(", ") });
        }
        Some(wanted) => wanted.clone(),
        None => names.into_iter().next().ok_or(FileError::NoHeader)?,
    };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(damaged)?;
    let first = options.header_line.unwrap_or(1);
    let mut pending = Pending::new(options);
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let line = u64::from(row) + 1;
        if line < first {
            continue;
        }
        if line != pending.row.line && !pending.hand_over(line, sender) {
            return Ok(());
        }
        pending.add(column as usize, cell.get_value());
    }
    pending.hand_over(0, sender);
    Ok(())
}

/// The row whose cells are coming in.
struct Pending<'a> {
    row: SheetRow,
    bytes: usize,
    options: &'a ReadOptions,
}

impl<'a> Pending<'a> {
    fn new(options: &'a ReadOptions) -> Self {
        Self { row: SheetRow { line: 0, cells: Vec::new(), problem: None }, bytes: 0, options }
    }

    /// Hands over a row with content; false when nobody takes rows any more.
    fn hand_over(&mut self, next_line: u64, sender: &SyncSender<Handed>) -> bool {
        let fresh = SheetRow { line: next_line, cells: Vec::new(), problem: None };
        let row = std::mem::replace(&mut self.row, fresh);
        self.bytes = 0;
        let has_content = !row.cells.is_empty() || row.problem.is_some();
        !has_content || sender.send(Ok(row)).is_ok()
    }

    /// Adds one cell at its column; gaps are empty cells.
    fn add(&mut self, column: usize, value: &DataRef<'_>) {
        let limits = &self.options.limits;
        let cell = convert(value);
        if cell == SourceCell::Empty || self.row.problem.is_some() {
            return;
        }
        let size = size(&cell);
        self.bytes += size;
        if column >= limits.columns {
            self.row.problem = Some((CellCode::RaggedRow, column));
        } else if size > limits.cell_bytes {
            self.row.problem = Some((CellCode::TooLong, column));
        } else if self.bytes > limits.row_bytes {
            self.row.problem = Some((CellCode::RowTooLong, column));
        } else {
            let width = self.row.cells.len().max(column + 1);
            self.row.cells.resize(width, SourceCell::Empty);
            if let Some(place) = self.row.cells.get_mut(column) {
                *place = cell;
            }
        }
    }
}

/// Gives the bytes of text of a cell.
fn size(cell: &SourceCell) -> usize {
    match cell {
        SourceCell::Text(text) | SourceCell::Number(text) => text.len(),
        _ => 8,
    }
}

/// Makes our cell of the workbook's.
fn convert(value: &DataRef<'_>) -> SourceCell {
    match value {
        DataRef::Empty => SourceCell::Empty,
        DataRef::Int(number) => SourceCell::Number(number.to_string()),
        DataRef::Float(number) => super::number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text::plain(text),
        DataRef::SharedString(text) => text::plain(text),
        DataRef::Bool(value) => SourceCell::Boolean(*value),
        DataRef::DateTime(serial) => moment(serial),
        DataRef::Error(_) => SourceCell::Bad(CellCode::ErrorCell),
    }
}

/// Makes a moment of a serial date; a duration stays a text of hours.
fn moment(serial: &ExcelDateTime) -> SourceCell {
    let value = serial.as_f64();
    if !serial.is_datetime() {
        let seconds = (value * 86_400.0).round() as i64;
        let (hours, minutes) = (seconds / 3600, (seconds / 60 % 60).abs());
        return SourceCell::Text(format!("{hours}:{minutes:02}:{:02}", (seconds % 60).abs()));
    }
    if !(0.0..2_958_466.0).contains(&value) {
        return super::number(value);
    }
    let (year, month, day, hour, minute, second, millis) = serial.to_ymd_hms_milli();
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    let narrow = |part: u8| i8::try_from(part).unwrap_or(i8::MAX);
    let exact = jiff::civil::DateTime::new(
        year,
        narrow(month),
        narrow(day),
        narrow(hour),
        narrow(minute),
        narrow(second),
        i32::from(millis) * 1_000_000,
    );
    // the days of a serial date are a binary fraction: 14:30:00 is often stored
    // as 14:29:59.9999…, so milliseconds are rounded away
    let rounded = exact.and_then(|moment| moment.round(jiff::Unit::Second));
    rounded.map_or(SourceCell::Bad(CellCode::NotATime), SourceCell::Moment)
}

/// Describes what the workbook reader said.
fn damaged(error: XlsxError) -> FileError {
    FileError::Damaged { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, SeekFrom};
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Counts the bytes read since the last return to the beginning.
    struct Counted(Cursor<Vec<u8>>, Arc<AtomicU64>);

    impl Read for Counted {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.read(out)?;
            self.1.fetch_add(count as u64, Ordering::SeqCst);
            Ok(count)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            if to == SeekFrom::Start(0) {
                self.1.store(0, Ordering::SeqCst);
            }
            self.0.seek(to)
        }
    }

    /// Issue 3, §7
    #[test]
    fn a_sheet_is_never_read_further_ahead_than_the_channel_holds() {
        const ROWS: u64 = 20_000;
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory().unwrap();
        sheet.write_string(0, 0, "text").unwrap();
        for row in 1..=ROWS {
            // digits without a pattern, so that rows take room when packed
            let noise = row.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let text = format!("{noise:x}{:x}", noise.rotate_left(17).wrapping_mul(31));
            sheet.write_string(u32::try_from(row).unwrap(), 0, text).unwrap();
        }
        let bytes = workbook.save_to_buffer().unwrap();
        let (size, read) = (bytes.len() as u64, Arc::new(AtomicU64::new(0)));
        assert!(size > 400_000);
        let input = Counted(Cursor::new(bytes), Arc::clone(&read));
        let mut source = Workbook::open(input, &ReadOptions::default()).unwrap();
        let mut taken = 0;
        while let Some(row) = source.next_row().unwrap() {
            assert!(row.is_ok());
            taken += 1;
            // the directory of the archive and the buffers take a fixed part
            let held = taken + READ_AHEAD as u64 + 4;
            let most = size * held / ROWS + size / 50 + (160 << 10);
            let now = read.load(Ordering::SeqCst);
            assert!(now <= most, "{now} of {size} bytes at row {taken}, at most {most}");
        }
        assert_eq!(taken, ROWS);
    }
}
