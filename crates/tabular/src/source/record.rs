//! Splits bytes into records of fields; every buffer is bounded.

use super::Limits;
use super::sniff::SAMPLE;
use crate::failure::CellCode;
use csv_core::ReadFieldResult;
use std::io::{self, Read};

/// One record in bytes: the fields one after the other, and where they end.
#[derive(Default)]
pub(super) struct Record {
    /// Line on which it begins, from one.
    pub(super) line: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// What makes the record as a whole unusable, and in which field, from zero.
    pub(super) problem: Option<(CellCode, usize)>,
}

impl Record {
    /// Gives the fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default())
    }

    /// Gives all bytes, for the guess of the encoding.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Says whether it has at most one field with nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.problem.is_none() && self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

/// Reads records; a field too long is thrown away as it comes in.
pub(super) struct Records<R> {
    input: R,
    buffer: Box<[u8]>,
    at: usize,
    filled: usize,
    core: csv_core::Reader,
    line: u64,
    limits: Limits,
}

impl<R: Read> Records<R> {
    /// Takes the stream and its delimiter.
    pub(super) fn new(input: R, delimiter: u8, limits: Limits) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let buffer = vec![0; SAMPLE].into_boxed_slice();
        Self { input, buffer, at: 0, filled: 0, core, line: 1, limits }
    }

    /// Passes over whole lines before the header.
    pub(super) fn skip_lines(&mut self, lines: u64) -> io::Result<()> {
        while self.line <= lines {
            let Some(byte) = self.peek()? else { return Ok(()) };
            self.at += 1;
            self.line += u64::from(byte == b'\n');
        }
        Ok(())
    }

    /// Reads the next record into `record`; false at the end.
    pub(super) fn read(&mut self, record: &mut Record) -> io::Result<bool> {
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b'\n' | b'\r') {
                break;
            }
            self.at += 1;
            self.line += u64::from(byte == b'\n');
        }
        record.line = self.line;
        record.bytes.clear();
        record.ends.clear();
        record.problem = None;
        self.fields(record)
    }

    /// Gives the next byte without taking it.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.filled {
            self.fill()?;
        }
        Ok(self.buffer.get(self.at..self.filled).and_then(|left| left.first().copied()))
    }

    /// Reads the next stretch of the file; nothing at the end.
    fn fill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.filled = 0;
        loop {
            match self.input.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(count) => {
                    self.filled = count;
                    return Ok(());
                }
            }
        }
    }

    /// Reads fields up to the end of the record.
    fn fields(&mut self, record: &mut Record) -> io::Result<bool> {
        let (mut scratch, mut field_bytes, mut quotes, mut field) = ([0_u8; 4096], 0_usize, 0_usize, 0_usize);
        loop {
            if self.at == self.filled {
                self.fill()?;
            }
            let input = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let is_at_end = input.is_empty();
            let (result, taken, given) = self.core.read_field(input, &mut scratch);
            let eaten = input.get(..taken).unwrap_or_default();
            self.line += eaten.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            quotes += eaten.iter().filter(|byte| **byte == b'"').count();
            self.at += taken;
            field_bytes += given;
            self.keep(record, scratch.get(..given).unwrap_or_default(), field_bytes, field);
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::End => return Ok(false),
                ReadFieldResult::Field { record_end } => {
                    if is_at_end && quotes % 2 == 1 {
                        record.problem = Some((CellCode::UnclosedQuote, field));
                    }
                    if field < self.limits.columns {
                        record.ends.push(record.bytes.len());
                    } else {
                        record.problem.get_or_insert((CellCode::RaggedRow, field));
                    }
                    if record_end {
                        return Ok(true);
                    }
                    field += 1;
                    field_bytes = 0;
                }
            }
        }
    }

    /// Keeps bytes of a field as far as the limits allow.
    fn keep(&self, record: &mut Record, bytes: &[u8], field_bytes: usize, field: usize) {
        if record.problem.is_some() {
            return;
        }
        if field_bytes > self.limits.cell_bytes {
            record.problem = Some((CellCode::TooLong, field));
        } else if record.bytes.len() + bytes.len() > self.limits.row_bytes {
            record.problem = Some((CellCode::RowTooLong, field));
        } else {
            record.bytes.extend_from_slice(bytes);
        }
    }
}
