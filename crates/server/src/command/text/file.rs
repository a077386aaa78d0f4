//! Rows of messages in, whole files out.

use crate::outcome::Found;
use anyhow::Context as _;
use huiyin_tabular::{FileError, Limits, ReadOptions, SourceCell, SourceRow, open};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Bytes of a cell and of a row: even a whole mailbox is read by its beginning.
const LIMITS: (usize, usize) = (8 << 20, 16 << 20);

/// Reads all rows that can be read; the others are told on standard error.
///
/// `take` turns a row into what is wanted, or says why it cannot.
///
/// # Errors
/// When the file as a whole cannot be read.
pub(super) fn read<T>(
    path: &Path,
    mut take: impl FnMut(&SourceRow) -> anyhow::Result<T>,
) -> anyhow::Result<Read<T>> {
    let place = path.display();
    let limits = Limits { cell_bytes: LIMITS.0, row_bytes: LIMITS.1, ..Limits::default() };
    let mut read = Read { rows: Vec::new(), wrong: 0 };
    let mut rows = match open(path, &ReadOptions { limits, ..ReadOptions::default() }) {
        // JSON Lines without a line are no messages; a table has a header at least
        Err(FileError::NoHeader) if place.to_string().contains(".json") => return Ok(read),
        opened => opened.with_context(|| format!("cannot read {place}"))?,
    };
    while let Some(row) = rows.next_row().with_context(|| format!("cannot read {place}"))? {
        let taken = match row {
            Ok(row) => take(&row).with_context(|| format!("{place}: line {}", row.line)),
            Err(error) => Err(anyhow::Error::msg(format!("{place}: {error}"))),
        };
        match taken {
            Ok(item) => read.rows.push(item),
            Err(error) => {
                read.wrong += 1;
                writeln!(std::io::stderr().lock(), "left out: {error:#}")?;
            }
        }
    }
    Ok(read)
}

/// The rows of a file, and how many were left out.
pub(super) struct Read<T> {
    pub(super) rows: Vec<T>,
    wrong: usize,
}

impl<T> Read<T> {
    /// Ends a command: clean only when no row was left out.
    pub(super) fn end(&self) -> anyhow::Result<()> {
        if self.wrong > 0 { Err(Found.into()) } else { Ok(()) }
    }
}

/// Gives the text of a cell, whatever its kind; empty where there is none.
pub(super) fn cell(row: &SourceRow, column: &str) -> anyhow::Result<String> {
    match row.get(column) {
        None | Some(SourceCell::Empty) => Ok(String::new()),
        Some(SourceCell::Text(text) | SourceCell::Number(text)) => Ok(text.clone()),
        Some(SourceCell::List(items)) => Ok(items.join(" ")),
        Some(SourceCell::Boolean(_) | SourceCell::Moment(_)) => anyhow::bail!("{column} is no text"),
        Some(SourceCell::Bad(code)) => anyhow::bail!("{column} cannot be read: {code}"),
    }
}

/// Writes a file that gets its name only when it is whole.
///
/// # Errors
/// When it cannot be written; then nothing of it remains.
pub(super) fn write(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&mut tempfile::NamedTempFile>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).with_context(cannot)?;
    let mut buffer = BufWriter::new(&mut file);
    fill(&mut buffer).with_context(cannot)?;
    buffer.flush().with_context(cannot)?;
    drop(buffer);
    file.as_file().sync_all().with_context(cannot)?;
    file.persist(path).with_context(cannot)?;
    Ok(())
}
