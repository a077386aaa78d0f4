//! Weighs the parts of a workbook before a reader takes them whole.
//!
//! A few kilobytes of XLSX can unpack to gigabytes. The reader of workbooks
//! holds the shared texts and styles whole, and of a sheet one row at a time;
//! so these are measured first, in one pass with constant memory.

use super::Limits;
use crate::failure::FileError;
use std::io::{Read, Seek};

/// Bytes of XML that one row may take: a row of text and its markup.
const ROW_XML_FACTOR: u64 = 4;

/// Refuses a workbook whose parts would take more memory than allowed.
///
/// # Errors
/// [`FileError::TooLarge`] or [`FileError::Damaged`].
pub(super) fn weigh<R: Read + Seek>(input: R, limits: &Limits) -> Result<(), FileError> {
    let mut archive = zip::ZipArchive::new(input).map_err(damaged)?;
    let mut held = 0_u64;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.into_owned();
        if is_sheet(&name) {
            rows(&mut part, &name, limits)?;
            continue;
        }
        let left = limits.shared_bytes.saturating_sub(held);
        held += std::io::copy(&mut part.by_ref().take(left + 1), &mut std::io::sink())?;
        if held > limits.shared_bytes {
            return Err(FileError::TooLarge { part: name, limit: limits.shared_bytes });
        }
    }
    Ok(())
}

/// Says whether a part is read row by row, not whole.
fn is_sheet(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let held = ["sharedstrings.xml", "styles.xml", "workbook.xml", ".rels"];
    name.contains("worksheets/") && !held.iter().any(|end| name.ends_with(end))
}

/// Measures the longest stretch of a sheet between two tags of rows.
fn rows(part: &mut impl Read, name: &str, limits: &Limits) -> Result<(), FileError> {
    let limit = (limits.row_bytes as u64).saturating_mul(ROW_XML_FACTOR);
    let mut scan = Scan::default();
    let mut buffer = vec![0_u8; super::sniff::SAMPLE];
    loop {
        let count = part.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        for byte in bytes {
            if !scan.take(*byte) {
                return Err(FileError::Damaged { reason: format!("unusual markup in {name}") });
            }
            if scan.stretch > limit {
                return Err(FileError::TooLarge { part: format!("a row in {name}"), limit });
            }
        }
    }
}

/// Follows the markup of a sheet byte by byte.
#[derive(Default)]
struct Scan {
    /// Bytes since the last tag of a row.
    stretch: u64,
    is_in_tag: bool,
    quote: Option<u8>,
    /// The beginning of the tag, enough to know its name.
    tag: Vec<u8>,
}

impl Scan {
    /// Takes one byte; false for markup that no spreadsheet writes.
    ///
    /// Comments, CDATA and a `<` inside a tag would let a part of a row look
    /// like its end, so a sheet that has them is refused.
    fn take(&mut self, byte: u8) -> bool {
        self.stretch += 1;
        if !self.is_in_tag {
            if byte == b'<' {
                self.is_in_tag = true;
                self.tag.clear();
            }
            return true;
        }
        match (self.quote, byte) {
            (_, b'<') => return false,
            (Some(quote), _) if byte == quote => self.quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => self.quote = Some(byte),
            (None, b'>') => {
                self.is_in_tag = false;
                if self.is_row() {
                    self.stretch = 0;
                }
            }
            (None, b'!') if self.tag.is_empty() => return false,
            (None, _) if self.tag.len() < 32 => self.tag.push(byte),
            (None, _) => {}
        }
        true
    }

    /// Says whether the tag just ended opens or ends a row, prefix or not.
    fn is_row(&self) -> bool {
        let name = self.tag.strip_prefix(b"/").unwrap_or(&self.tag);
        let end = name.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
        let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
        name.rsplit(|byte| *byte == b':').next() == Some(b"row")
    }
}

/// Describes what the archive reader said.
fn damaged(error: zip::result::ZipError) -> FileError {
    FileError::Damaged { reason: error.to_string() }
}
