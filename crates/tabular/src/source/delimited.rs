//! CSV: rows of text cells under a header.

use super::record::{Record, Records};
use super::sniff::{self, Sniffed};
use super::{Encoding, Limits, ReadOptions, RowSource, SourceCell, SourceRow, header, text};
use crate::failure::{CellCode, CellError, FileError};
use std::io::Read;
use std::sync::Arc;

/// Streams the rows of a CSV file.
pub(super) struct Delimited<R> {
    records: Records<R>,
    record: Record,
    encoding: Option<Encoding>,
    columns: Arc<[String]>,
    limits: Limits,
}

impl<R: Read + Send> Delimited<Sniffed<R>> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`FileError`] when there is none or it cannot be used.
    pub(super) fn open(mut input: Sniffed<R>, options: &ReadOptions) -> Result<Self, FileError> {
        let skipped = options.header_line.unwrap_or(1).saturating_sub(1);
        let head = input.head();
        let has_mark = head.starts_with(b"\xef\xbb\xbf");
        let guessed = if has_mark { Some(Encoding::Utf8) } else { text::guess(head) };
        let delimiter = options.delimiter.unwrap_or_else(|| sniff::delimiter(after_lines(head, skipped)));
        if has_mark {
            input.read_exact(&mut [0; 3])?;
        }
        let mut records = Records::new(input, delimiter, options.limits);
        records.skip_lines(skipped)?;
        let encoding = options.encoding.or(guessed);
        let mut source = Self {
            records,
            record: Record::default(),
            encoding,
            columns: Arc::from([]),
            limits: options.limits,
        };
        while source.records.read(&mut source.record)? {
            if let Some((code, field)) = source.record.problem {
                if code == CellCode::RaggedRow {
                    return Err(FileError::TooManyColumns { limit: options.limits.columns });
                }
                let column = (field + 1).to_string();
                return Err(FileError::Header(CellError::cell(source.record.line, &column, code)));
            }
            let cells = source.cells();
            if cells.iter().any(|cell| *cell != SourceCell::Empty) {
                source.columns = header::names(source.record.line, cells, &options.limits)?;
                return Ok(source);
            }
        }
        Err(FileError::NoHeader)
    }
}

impl<R: Read> Delimited<R> {
    /// Decodes the record; settles the encoding on the first foreign byte.
    fn cells(&mut self) -> Vec<SourceCell> {
        if self.encoding.is_none() {
            self.encoding = text::guess(self.record.bytes());
        }
        self.record.fields().map(|bytes| text::decode(bytes, self.encoding)).collect()
    }

    /// Makes a row of the record just read; `None` when it has no content.
    fn row(&mut self) -> Option<Result<SourceRow, CellError>> {
        let line = self.record.line;
        if let Some(problem) = self.record.problem {
            return Some(Err(header::problem(line, &self.columns, problem, &self.limits)));
        }
        if self.record.is_blank() {
            return None;
        }
        let mut cells = self.cells();
        if cells.iter().all(|cell| *cell == SourceCell::Empty) {
            return None;
        }
        while cells.len() > self.columns.len() && cells.last() == Some(&SourceCell::Empty) {
            cells.pop();
        }
        let (found, expected) = (cells.len(), self.columns.len());
        if found != expected {
            let column = self.columns.get(found).map_or("", String::as_str);
            let error = CellError::cell(line, column, CellCode::RaggedRow);
            return Some(Err(error.with("found", found).with("expected", expected)));
        }
        Some(Ok(SourceRow { line, columns: Arc::clone(&self.columns), cells }))
    }
}

impl<R: Read + Send> RowSource for Delimited<R> {
    fn columns(&self) -> Option<&Arc<[String]>> {
        Some(&self.columns)
    }

    fn next_row(&mut self) -> Result<Option<Result<SourceRow, CellError>>, FileError> {
        while self.records.read(&mut self.record)? {
            if let Some(row) = self.row() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// Gives what follows a number of lines.
fn after_lines(head: &[u8], lines: u64) -> &[u8] {
    let mut rest = head;
    for _ in 0..lines {
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(at) => rest = rest.get(at + 1..).unwrap_or_default(),
            None => return &[],
        }
    }
    let start = rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
    rest.get(start..).unwrap_or_default()
}
