//! Connections to the file and their settings.

use super::super::StoreError;
use super::map_error;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;
/// How long to wait for another process that holds the write lock.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Page caches (KiB, negative as SQLite wants it); with one writer and four
/// readers they stay below 85 MB whatever the size of the file. No memory
/// mapping, because each mapping would count again for every connection.
const WRITER_SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -49152;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;";
const READER_SETTINGS: &str = "
    PRAGMA query_only = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -8192;
    PRAGMA mmap_size = 0;";

/// Opens or creates the file for the one writer.
pub(crate) fn connect_writer(path: &Path) -> Result<Connection, StoreError> {
    create_private(path)?;
    let connection = connect_plain(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch(WRITER_SETTINGS).map_err(|error| map_error(&error, "open"))?;
    Ok(connection)
}

/// Opens the file for a reader.
pub(crate) fn connect_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect_plain(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch(READER_SETTINGS).map_err(|error| map_error(&error, "open"))?;
    // a file that is no database is found only when it is read
    connection
        .query_row("SELECT COUNT(*) FROM sqlite_schema", [], |_| Ok(()))
        .map_err(|error| map_error(&error, "open"))?;
    Ok(connection)
}

/// Opens the file with `mode` and no settings but the lock wait.
pub(crate) fn connect_plain(path: &Path, mode: OpenFlags) -> Result<Connection, StoreError> {
    let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| map_error(&error, "open"))?;
    connection.busy_timeout(LOCK_WAIT).map_err(|error| map_error(&error, "open"))?;
    // one plan for all values: else SQLite plans again whenever a bound value
    // changes that its statistics could tell apart, which costs more than it gains
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|error| map_error(&error, "open"))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Creates the file for its owner's eyes only, because it holds personal data.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| StoreError::Unavailable {
        context: format!("cannot open database file {}: {error}", path.display()),
    })
}
