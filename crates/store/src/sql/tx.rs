//! What a use case may do inside its transaction.

use super::postgres::Session;
use super::value::check_values;
use super::{Query, Row, StoreError, Value, sqlite};
use std::sync::atomic::{AtomicU64, Ordering};

/// Which database is behind the port; next to never needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The embedded database.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// One transaction, lent to one use case.
///
/// After a failed statement every further one gives [`StoreError::Aborted`],
/// on both engines, until the surrounding savepoint or use case is rolled
/// back. A statement that may fail and be survived belongs in a
/// [`savepoint`](Tx::savepoint).
pub struct Tx<'a> {
    link: Link<'a>,
    failure: Option<StoreError>,
    begun: Turn,
}

/// A place in the order in which things happened in this process.
///
/// What was committed before a turn was taken is seen by every transaction
/// that began after it; one that began before may look at the past.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn(u64);

impl Turn {
    /// Takes the next turn.
    #[must_use]
    pub fn take() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

enum Link<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut Session),
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a rusqlite::Connection) -> Self {
        Self { link: Link::Sqlite(connection), failure: None, begun: Turn::take() }
    }

    pub(crate) fn postgres(session: &'a mut Session) -> Self {
        Self { link: Link::Postgres(session), failure: None, begun: Turn::take() }
    }

    /// Gives when the use case began, before it could see anything.
    #[must_use]
    pub const fn begun(&self) -> Turn {
        self.begun
    }

    /// Gives the statement error that spoilt this transaction, if any.
    pub(crate) const fn failure(&self) -> Option<&StoreError> {
        self.failure.as_ref()
    }

    /// Names the engine.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// Changes rows and gives their number.
    ///
    /// # Errors
    /// Any [`StoreError`] of the engine; the transaction is spoilt then.
    pub fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        self.execute_text(sql, values)
    }

    /// Runs one statement for each row of values, prepared once.
    ///
    /// Gives the number of changed rows. A plain `INSERT … VALUES (…)` is sent
    /// to PostgreSQL many rows at a time.
    ///
    /// # Errors
    /// As [`execute`](Tx::execute), at the first row that fails.
    pub fn execute_many<V: AsRef<[Value]>>(
        &mut self,
        sql: &'static str,
        rows: impl IntoIterator<Item = V>,
    ) -> Result<u64, StoreError> {
        self.execute_many_text(sql, rows)
    }

    pub(crate) fn execute_many_text<V: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        rows: impl IntoIterator<Item = V>,
    ) -> Result<u64, StoreError> {
        self.guard(|link| {
            let mut rows = rows.into_iter().map(|row| check_values(row.as_ref()).map(|()| row));
            match link {
                Link::Sqlite(connection) => sqlite::execute_many(connection, sql, &mut rows),
                Link::Postgres(session) => session.execute_many(sql, &mut rows),
            }
        })
    }

    /// Gives the only row, or none.
    ///
    /// # Errors
    /// As [`execute`](Tx::execute); [`StoreError::Other`] when there are several rows.
    pub fn one(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        let mut first = None;
        let mut count = 0_u8;
        self.each_owned(sql, values, &mut |row| {
            count = count.saturating_add(1);
            if count > 1 {
                return Err(StoreError::other(format!("more than one row where one is expected: {sql}")));
            }
            first = Some(row);
            Ok(())
        })?;
        Ok(first)
    }

    /// Gives all rows.
    ///
    /// # Errors
    /// As [`execute`](Tx::execute).
    pub fn all(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.all_text(sql, values)
    }

    /// Hands every row to `take`, in constant memory; an error of `take` ends it.
    ///
    /// # Errors
    /// As [`execute`](Tx::execute), and what `take` gives.
    pub fn each(
        &mut self,
        sql: &'static str,
        values: &[Value],
        mut take: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.each_text(sql, values, &mut take)
    }

    /// Changes rows by a built statement and gives their number.
    ///
    /// # Errors
    /// As [`execute`](Tx::execute), and when the query was built wrongly.
    pub fn run(&mut self, query: &Query) -> Result<u64, StoreError> {
        let (text, values) = query.parts()?;
        self.execute_text(text, values)
    }

    /// Gives all rows of a built query.
    ///
    /// # Errors
    /// As [`execute`](Tx::execute), and when the query was built wrongly.
    pub fn query(&mut self, query: &Query) -> Result<Vec<Row>, StoreError> {
        let (text, values) = query.parts()?;
        self.all_text(text, values)
    }

    /// Hands every row of a built query to `take`, in constant memory.
    ///
    /// # Errors
    /// As [`each`](Tx::each), and when the query was built wrongly.
    pub fn query_each(
        &mut self,
        query: &Query,
        mut take: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (text, values) = query.parts()?;
        self.each_text(text, values, &mut take)
    }

    /// Runs `part`; when it ends in an error, only its changes are undone.
    ///
    /// # Errors
    /// What `part` gives; [`StoreError::Aborted`] when it hid a failed statement.
    pub fn savepoint<T, E: From<StoreError>>(
        &mut self,
        part: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // both engines take the newest savepoint of a name, so nesting needs no numbers
        self.control("SAVEPOINT part")?;
        let result = part(self);
        let hidden = result.is_ok() && self.failure.is_some();
        if result.is_ok() && !hidden {
            self.control("RELEASE SAVEPOINT part")?;
            return result;
        }
        self.failure = None;
        let undone =
            self.control("ROLLBACK TO SAVEPOINT part").and_then(|()| self.control("RELEASE SAVEPOINT part"));
        // the first error says more than a failing rollback, which spoils the transaction anyway
        result?;
        undone?;
        Err(E::from(StoreError::Aborted))
    }

    /// Tells every process that listens, once this is committed; at most 7,999
    /// bytes. Nothing where the database belongs to one process.
    ///
    /// # Errors
    /// As [`execute`](Tx::execute).
    pub fn tell(&mut self, text: &str) -> Result<(), StoreError> {
        if self.engine() == Engine::Sqlite {
            return Ok(());
        }
        let told = "SELECT pg_notify('huiyin_' || md5(current_schema()), $1)";
        self.execute_text(told, &[Value::from(text)]).map(drop)
    }

    /// Runs a script of several statements; for migrations.
    pub(crate) fn script(&mut self, text: &str) -> Result<(), StoreError> {
        self.guard(|link| match link {
            Link::Sqlite(connection) => sqlite::batch(connection, text),
            Link::Postgres(session) => session.batch(text),
        })
    }

    fn control(&mut self, text: &'static str) -> Result<(), StoreError> {
        self.guard(|link| match link {
            Link::Sqlite(connection) => sqlite::control(connection, text),
            Link::Postgres(session) => session.batch(text),
        })
    }

    fn execute_text(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.guard(|link| {
            check_values(values)?;
            match link {
                Link::Sqlite(connection) => sqlite::execute(connection, sql, values),
                Link::Postgres(session) => session.execute(sql, values),
            }
        })
    }

    fn all_text(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        self.each_owned(sql, values, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    pub(crate) fn each_text(
        &mut self,
        sql: &str,
        values: &[Value],
        take: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.each_owned(sql, values, &mut |row| take(&row))
    }

    fn each_owned(
        &mut self,
        sql: &str,
        values: &[Value],
        take: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.guard(|link| {
            check_values(values)?;
            match link {
                Link::Sqlite(connection) => sqlite::each(connection, sql, values, take),
                Link::Postgres(session) => session.each(sql, values, take),
            }
        })
    }

    fn guard<T>(
        &mut self,
        work: impl FnOnce(&mut Link<'a>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.failure.is_some() {
            return Err(StoreError::Aborted);
        }
        work(&mut self.link).inspect_err(|error| self.failure = Some(error.clone()))
    }
}
