//! How a store is opened.

use std::fmt;
use std::path::PathBuf;

/// Which database, and how.
#[derive(Clone, Debug)]
pub enum StoreConfig {
    /// The embedded database: one file.
    Sqlite(SqliteConfig),
    /// A PostgreSQL server, version 15 or later.
    Postgres(PostgresConfig),
}

/// The embedded database.
#[derive(Clone, Debug)]
pub struct SqliteConfig {
    /// File of the database; created when missing, unless `read_only`.
    pub path: PathBuf,
    /// Number of reader threads, at least 1.
    pub readers: usize,
    /// Opens for reading only, beside a server that may be writing.
    pub read_only: bool,
    /// Use cases that may wait; one more gets `StoreError::Busy`.
    pub queue: usize,
}

/// A PostgreSQL server.
#[derive(Clone)]
pub struct PostgresConfig {
    /// `postgres://user:password@host:port/database?sslmode=require`.
    ///
    /// `sslmode=require` (also `verify-ca`, `verify-full`) always verifies the
    /// certificate, against the system's roots or `sslrootcert=FILE`.
    pub url: String,
    /// Number of worker threads, each with one connection, at least 1.
    pub workers: usize,
    /// Use cases that may wait; one more gets `StoreError::Busy`.
    pub queue: usize,
}

/// Waiting use cases before the store says it is busy.
const QUEUE: usize = 2_048;

impl StoreConfig {
    /// Takes the file of an embedded database, with four readers.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite(SqliteConfig { path: path.into(), readers: 4, read_only: false, queue: QUEUE })
    }

    /// Takes the file of an embedded database, for reading only.
    #[must_use]
    pub fn sqlite_read_only(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite(SqliteConfig { path: path.into(), readers: 1, read_only: true, queue: QUEUE })
    }

    /// Takes the address of a PostgreSQL database, with sixteen workers.
    #[must_use]
    pub fn postgres(url: impl Into<String>) -> Self {
        Self::Postgres(PostgresConfig { url: url.into(), workers: 16, queue: QUEUE })
    }
}

impl fmt::Debug for PostgresConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConfig")
            .field("url", &"(hidden)")
            .field("workers", &self.workers)
            .field("queue", &self.queue)
            .finish()
    }
}
