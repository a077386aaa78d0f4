//! Looks at the first bytes of a file: packed or not, and which format.

use super::{Format, ReadOptions};
use crate::failure::FileError;
use std::io::{self, Read};

/// Bytes that are looked at; also the size of one read.
pub(super) const SAMPLE: usize = 64 << 10;

/// A stream whose first bytes have been looked at.
pub(super) struct Sniffed<R> {
    head: Vec<u8>,
    at: usize,
    rest: R,
}

impl<R: Read> Sniffed<R> {
    /// Reads the sample.
    pub(super) fn new(mut rest: R) -> io::Result<Self> {
        let mut head = Vec::with_capacity(SAMPLE);
        rest.by_ref().take(SAMPLE as u64).read_to_end(&mut head)?;
        Ok(Self { head, at: 0, rest })
    }

    /// Gives the bytes looked at.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }
}

impl<R: Read> Read for Sniffed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.head.get(self.at..).unwrap_or_default();
        if left.is_empty() {
            return self.rest.read(out);
        }
        let count = left.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), left.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

/// Says whether the bytes begin a gzip stream.
pub(super) fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b])
}

/// Tells the format by content, unless it was given.
///
/// # Errors
/// [`FileError::OldWorkbook`] and [`FileError::Utf16`] for what is not read.
pub(super) fn format(head: &[u8], options: &ReadOptions) -> Result<Format, FileError> {
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(FileError::OldWorkbook);
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(FileError::Utf16);
    }
    if let Some(format) = options.format {
        return Ok(format);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Format::Xlsx);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    Ok(if text.starts_with(b"{") { Format::Jsonl } else { Format::Csv })
}

/// Finds the delimiter of a header: the most frequent outside quotes.
pub(super) fn delimiter(header: &[u8]) -> u8 {
    let (mut commas, mut semicolons, mut tabs, mut is_quoted) = (0, 0, 0, false);
    for byte in header {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            b',' if !is_quoted => commas += 1,
            b';' if !is_quoted => semicolons += 1,
            b'\t' if !is_quoted => tabs += 1,
            _ => {}
        }
    }
    match commas.max(semicolons).max(tabs) {
        most if most == commas => b',',
        most if most == semicolons => b';',
        _ => b'\t',
    }
}
