//! Opens a file: unpacks it, finds its format and reads its header.

use super::delimited::Delimited;
use super::json_lines::JsonLines;
use super::sniff::{self, Sniffed};
use super::workbook::Workbook;
use super::{Format, Limits, ReadOptions, RowSource};
use crate::failure::FileError;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::path::Path;

/// Opens a file as rows; packing, format and encoding are found by content.
///
/// # Errors
/// [`FileError`] when it cannot be read or its header cannot be used.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Box<dyn RowSource>, FileError> {
    let mut file = File::open(path)?;
    let mut magic = Vec::with_capacity(4);
    Read::by_ref(&mut file).take(4).read_to_end(&mut magic)?;
    file.rewind()?;
    if magic == b"PK\x03\x04" {
        // a seekable workbook needs no copy on the disk
        return Ok(Box::new(Workbook::open(file, options)?));
    }
    from_reader(file, options)
}

/// Opens a stream as rows, such as standard input.
///
/// A workbook is copied into a nameless temporary file first.
///
/// # Errors
/// [`FileError`] when it cannot be read or its header cannot be used.
pub fn from_reader<R>(input: R, options: &ReadOptions) -> Result<Box<dyn RowSource>, FileError>
where
    R: Read + Send + 'static,
{
    let sniffed = Sniffed::new(input)?;
    if sniff::is_gzip(sniffed.head()) {
        let unpacked = MultiGzDecoder::new(BufReader::new(sniffed));
        return by_format(Sniffed::new(unpacked)?, options);
    }
    by_format(sniffed, options)
}

/// Opens unpacked bytes in their format.
fn by_format<R>(input: Sniffed<R>, options: &ReadOptions) -> Result<Box<dyn RowSource>, FileError>
where
    R: Read + Send + 'static,
{
    Ok(match sniff::format(input.head(), options)? {
        Format::Csv => Box::new(Delimited::open(input, options)?),
        Format::Jsonl => Box::new(JsonLines::new(input, options.limits)),
        Format::Xlsx => Box::new(Workbook::open(spill(input, &options.limits)?, options)?),
    })
}

/// Copies a workbook to the disk, since its directory stands at its end.
fn spill(mut input: impl Read, limits: &Limits) -> Result<File, FileError> {
    let mut file = tempfile::tempfile()?;
    let limit = limits.unpacked_bytes;
    let size = std::io::copy(&mut input.by_ref().take(limit.saturating_add(1)), &mut file)?;
    if size > limit {
        return Err(FileError::TooLarge { part: "the workbook".into(), limit });
    }
    file.flush()?;
    file.rewind()?;
    Ok(file)
}
