//! The store: where use cases are handed in.

use super::job::{self, Access, Job};
use super::lane::Lane;
use super::{Counters, Engine, Heard, Listening, StoreConfig, StoreError, Tx, postgres, sqlite};
use std::path::Path;
use std::sync::Arc;

/// A handle to the database; clones share the same threads and connections.
///
/// A use case is a closure that may use nothing but its [`Tx`]: hashes, ids and
/// the time are prepared before, and what it causes (mail, index) is a job row.
/// It must not call the store itself. The caller is answered only after the
/// commit; when the caller goes away, the use case still runs to its end.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    config: StoreConfig,
    counters: Arc<Counters>,
    lanes: Lanes,
}

enum Lanes {
    Sqlite { writer: Option<Lane>, readers: Lane },
    Postgres { workers: Lane },
}

impl Store {
    /// Opens the database and starts its threads.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be reached, [`StoreError::Corrupt`] when it is damaged.
    pub fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        let counters = Arc::new(Counters::default());
        let lanes = match config {
            StoreConfig::Sqlite(sqlite) => {
                let (writer, readers) = sqlite::start(sqlite, &counters)?;
                Lanes::Sqlite { writer, readers }
            }
            StoreConfig::Postgres(server) => Lanes::Postgres { workers: postgres::start(server, &counters)? },
        };
        Ok(Self { inner: Arc::new(Inner { config: config.clone(), counters, lanes }) })
    }

    /// Runs a use case in a transaction and answers after its commit.
    ///
    /// # Errors
    /// What the use case gives (only its own changes are undone then), or a
    /// [`StoreError`] such as [`StoreError::Busy`] when the queue is full.
    pub async fn write<T, E>(
        &self,
        use_case: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::for_task(use_case);
        self.inner.writers()?.offer(Access::Write, job)?;
        answer.await.unwrap_or_else(|_| Err(E::from(StoreError::closed())))
    }

    /// Runs a read in a transaction that sees one moment.
    ///
    /// # Errors
    /// As [`write`](Store::write).
    pub async fn read<T, E>(
        &self,
        use_case: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::for_task(use_case);
        self.inner.readers().offer(Access::Read, job)?;
        answer.await.unwrap_or_else(|_| Err(E::from(StoreError::closed())))
    }

    /// Does what [`write`](Store::write) does, for a thread; waits for room.
    ///
    /// # Errors
    /// As [`write`](Store::write), but never for a full queue.
    pub fn write_blocking<T, E>(
        &self,
        use_case: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::for_thread(use_case);
        self.inner.writers()?.wait(Access::Write, job)?;
        answer.recv().unwrap_or_else(|_| Err(E::from(StoreError::closed())))
    }

    /// Does what [`read`](Store::read) does, for a thread; waits for room.
    ///
    /// # Errors
    /// As [`read`](Store::read), but never for a full queue.
    pub fn read_blocking<T, E>(
        &self,
        use_case: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::for_thread(use_case);
        self.inner.readers().wait(Access::Read, job)?;
        answer.recv().unwrap_or_else(|_| Err(E::from(StoreError::closed())))
    }

    /// Runs a long read, such as an export, beside everything else.
    ///
    /// It sees one moment, on a connection and a thread of its own, so that it
    /// never keeps short reads waiting.
    ///
    /// # Errors
    /// As [`read`](Store::read).
    pub async fn snapshot_read<T, E>(
        &self,
        use_case: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::for_task(use_case);
        self.inner.run_apart(job)?;
        answer.await.unwrap_or_else(|_| Err(E::from(StoreError::closed())))
    }

    /// Does what [`snapshot_read`](Store::snapshot_read) does, for a thread.
    ///
    /// # Errors
    /// As [`read`](Store::read).
    pub fn snapshot_read_blocking<T, E>(
        &self,
        use_case: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::for_thread(use_case);
        self.inner.run_apart(job)?;
        answer.recv().unwrap_or_else(|_| Err(E::from(StoreError::closed())))
    }

    /// Hears what every process on the database tells by [`Tx::tell`], this one
    /// included, in the order of the commits.
    ///
    /// Nothing where the database belongs to one process. A lost connection is
    /// made again; each time [`Heard::Begun`] says that something may be missed.
    ///
    /// # Errors
    /// When the machine gives no thread.
    pub fn listen(&self, hear: impl FnMut(Heard) + Send + 'static) -> Result<Option<Listening>, StoreError> {
        match &self.inner.config {
            StoreConfig::Sqlite(_) => Ok(None),
            StoreConfig::Postgres(server) => postgres::listen(server, hear).map(Some),
        }
    }

    /// Names the engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.inner.lanes {
            Lanes::Sqlite { .. } => Engine::Sqlite,
            Lanes::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Gives the file of the embedded database.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.inner.config {
            StoreConfig::Sqlite(config) => Some(&config.path),
            StoreConfig::Postgres(_) => None,
        }
    }

    /// Counts the use cases that wait for a thread, reads and writes.
    #[must_use]
    pub fn queue_depth(&self) -> usize {
        self.inner.lanes.all().map(Lane::depth).sum()
    }

    /// Gives the running totals.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// Finishes what is queued, then closes the connections; blocks until done.
    ///
    /// Later calls get [`StoreError::Unavailable`]. The last handle does this
    /// when it is dropped.
    pub fn close(&self) {
        self.inner.lanes.all().for_each(Lane::stop);
    }
}

impl Inner {
    fn writers(&self) -> Result<&Lane, StoreError> {
        match &self.lanes {
            Lanes::Sqlite { writer, .. } => writer.as_ref().ok_or(StoreError::ReadOnly),
            Lanes::Postgres { workers } => Ok(workers),
        }
    }

    const fn readers(&self) -> &Lane {
        match &self.lanes {
            Lanes::Sqlite { readers, .. } => readers,
            Lanes::Postgres { workers } => workers,
        }
    }

    /// Runs a read on a thread and a connection of its own.
    fn run_apart(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let config = self.config.clone();
        let counters = Arc::clone(&self.counters);
        let body = move || match &config {
            StoreConfig::Sqlite(config) => sqlite::run_snapshot(config, job, &counters),
            StoreConfig::Postgres(config) => postgres::run_snapshot(config, job, &counters),
        };
        let thread = std::thread::Builder::new().name("store-snapshot".into()).spawn(body);
        thread.map(drop).map_err(|error| StoreError::other(format!("cannot start a thread: {error}")))
    }
}

impl Lanes {
    fn all(&self) -> impl Iterator<Item = &Lane> {
        // the writer ends last: a reader cannot fold SQLite's log back into the file
        let (first, last) = match self {
            Self::Sqlite { writer, readers } => (readers, writer.as_ref()),
            Self::Postgres { workers } => (workers, None),
        };
        [first].into_iter().chain(last)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.lanes.all().for_each(Lane::stop);
    }
}
