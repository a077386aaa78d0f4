//! Copies of the embedded database while it is in use, and their proof.
//!
//! The copy shows one moment: the source is held by one read transaction from
//! the first page to the last, so writers go on and never make it start over.
//! Works from the server and from another process alike.

use crate::sql::{StoreError, connect_plain, sqlite_error};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Pages copied between two reports: 16 MiB.
const STEP: i32 = 4_096;

/// How far a copy has come, in pages of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyProgress {
    /// Pages copied so far.
    pub done: u64,
    /// All pages.
    pub total: u64,
}

/// How thoroughly a database file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Structure only; fast.
    Quick,
    /// Structure, indexes and foreign keys.
    Full,
}

/// Copies the database at `source` to the new file `target`, beside writers.
///
/// `report` is told the progress. The target appears under its name only when
/// it is complete, checked and on the disk; it stands alone, without a log.
///
/// # Errors
/// [`StoreError::Corrupt`] when source or copy is damaged, [`StoreError::Full`]
/// when there is no room, [`StoreError::Other`] when the target exists.
pub fn copy(source: &Path, target: &Path, report: &mut dyn FnMut(CopyProgress)) -> Result<(), StoreError> {
    if target.exists() {
        return Err(StoreError::other(format!("{} exists already", target.display())));
    }
    let partial = partial_name(target);
    let result = copy_pages(source, &partial, report)
        .and_then(|()| verify(&partial, Depth::Quick))
        .and_then(|()| publish(&partial, target));
    if result.is_err() && partial.exists() {
        // the first error matters; a leftover is overwritten next time
        drop(fs::remove_file(&partial));
    }
    result
}

/// Looks through the database at `path`, which may be in use.
///
/// # Errors
/// [`StoreError::Corrupt`] with the first findings.
pub fn verify(path: &Path, depth: Depth) -> Result<(), StoreError> {
    let connection = connect_plain(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut findings = match depth {
        Depth::Quick => texts(&connection, "PRAGMA quick_check(5)")?,
        Depth::Full => texts(&connection, "PRAGMA integrity_check(5)")?,
    };
    findings.retain(|finding| finding != "ok");
    if depth == Depth::Full {
        let dangling = "SELECT 'table ' || \"table\" || ' refers to a missing row of ' || parent
                        FROM pragma_foreign_key_check LIMIT 5";
        findings.extend(texts(&connection, dangling)?);
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(StoreError::Corrupt { context: findings.join("; ") })
}

fn texts(connection: &Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    let failed = |error| sqlite_error(&error, sql);
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(failed)?;
    rows.collect::<Result<_, _>>().map_err(failed)
}

fn copy_pages(source: &Path, target: &Path, report: &mut dyn FnMut(CopyProgress)) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| sqlite_error(&error, "backup");
    let from = connect_plain(source, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // holds one moment of the source until the copy is complete
    from.execute_batch("BEGIN").map_err(failed)?;
    from.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |_| Ok(())).map_err(failed)?;
    create_private(target)?;
    let mut to = connect_plain(target, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    {
        let backup = Backup::new(&from, &mut to).map_err(failed)?;
        loop {
            let state = backup.step(STEP).map_err(failed)?;
            let pages = backup.progress();
            let (total, left) = (pages.pagecount.unsigned_abs(), pages.remaining.unsigned_abs());
            report(CopyProgress { done: u64::from(total - left.min(total)), total: u64::from(total) });
            match state {
                StepResult::Done => break,
                StepResult::More => {}
                // only another user of the half-made copy could hold it
                _ => return Err(StoreError::Busy),
            }
        }
    }
    // a file that stands alone; the store turns the log on again when it opens it
    to.execute_batch("PRAGMA journal_mode = DELETE").map_err(failed)?;
    to.close().map_err(|(_, error)| failed(error))
}

fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| file_error(path, &error))
}

/// Puts the finished copy under its name, so that it survives a power loss.
fn publish(partial: &Path, target: &Path) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| file_error(target, &error);
    File::open(partial).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(partial, target).map_err(failed)?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn partial_name(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

fn file_error(path: &Path, error: &std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return StoreError::Full;
    }
    StoreError::other(format!("{}: {error}", path.display()))
}
