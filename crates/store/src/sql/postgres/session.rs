//! One connection with its prepared statements.

use super::super::{Row, StoreError, Value};
use super::error::{map_error, spoils_statements};
use super::rows::{Shape, widths};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use postgres::{Client, Error, Statement};
use std::collections::HashMap;
use std::time::Duration;

/// Prepared statements kept per connection.
const STATEMENTS: usize = 512;

/// One connection with its prepared statements.
pub(crate) struct Session {
    client: Client,
    statements: HashMap<Box<str>, Statement>,
}

impl Session {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, statements: HashMap::new() }
    }

    /// Changes rows and gives their number.
    pub(crate) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let statement = self.statement(sql, values.len())?;
        let parameters: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let result = self.client.execute(&statement, &parameters);
        result.map_err(|error| self.explain(&error, sql))
    }

    /// Changes rows for each row of values; plain inserts go many at a time.
    pub(crate) fn execute_many<V: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        rows: &mut dyn Iterator<Item = Result<V, StoreError>>,
    ) -> Result<u64, StoreError> {
        let shape = Shape::of(sql);
        let most = shape.as_ref().map_or(1, Shape::most_rows);
        let mut changed = 0;
        let mut waiting: Vec<Value> = Vec::new();
        let mut count = 0;
        let mut ended = false;
        while !ended {
            match rows.next() {
                Some(row) => {
                    waiting.extend_from_slice(row?.as_ref());
                    count += 1;
                }
                None => ended = true,
            }
            if count == most || (ended && count > 0) {
                changed += self.send_rows(sql, shape.as_ref(), count, &waiting)?;
                waiting.clear();
                count = 0;
            }
        }
        Ok(changed)
    }

    /// Hands every row to `take` while the server still sends.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        values: &[Value],
        take: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.statement(sql, values.len())?;
        let answer = stream(&mut self.client, &statement, values, take);
        answer.map_err(|stop| match stop {
            Stop::Caller(error) => error,
            Stop::Server(error) => self.explain(&error, sql),
        })
    }

    /// Runs a script of several statements without values.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        self.client.batch_execute(text).map_err(|error| map_error(&error, text))
    }

    /// Waits for what another process tells; nothing when the time is over.
    pub(crate) fn heard(&mut self, wait: Duration) -> Result<Option<String>, StoreError> {
        let told = self.client.notifications().timeout_iter(wait).next();
        let told = told.map_err(|error| map_error(&error, "LISTEN"))?;
        if told.is_none() && self.client.is_closed() {
            return Err(StoreError::closed());
        }
        Ok(told.map(|told| told.payload().to_owned()))
    }

    /// Tells whether the server answers in time.
    pub(crate) fn answers(&mut self, within: Duration) -> bool {
        self.client.is_valid(within).is_ok()
    }

    /// Sends `count` rows in as few statements as their powers of two.
    fn send_rows(
        &mut self,
        sql: &str,
        shape: Option<&Shape>,
        count: usize,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        let Some(shape) = shape else { return self.execute(sql, values) };
        if values.len() != count * shape.columns() {
            return Err(StoreError::other(format!(
                "placeholders and values do not match in: {}",
                sql.trim()
            )));
        }
        let mut changed = 0;
        let mut rest = values;
        for width in widths(count) {
            let (now, later) = rest.split_at(width * shape.columns());
            changed += self.execute(&shape.text(width), now)?;
            rest = later;
        }
        Ok(changed)
    }

    fn statement(&mut self, sql: &str, values: usize) -> Result<Statement, StoreError> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.client.prepare(sql).map_err(|error| map_error(&error, sql))?;
                if self.statements.len() >= STATEMENTS {
                    self.statements.clear();
                }
                self.statements.insert(sql.into(), statement.clone());
                statement
            }
        };
        if statement.params().len() == values {
            return Ok(statement);
        }
        let wanted = statement.params().len();
        Err(StoreError::other(format!("{values} values for {wanted} placeholders in: {}", sql.trim())))
    }

    fn explain(&mut self, error: &Error, sql: &str) -> StoreError {
        if spoils_statements(error) {
            self.statements.clear();
        }
        map_error(error, sql)
    }
}

/// Why a stream of rows ended early.
enum Stop {
    Caller(StoreError),
    Server(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

fn stream(
    client: &mut Client,
    statement: &Statement,
    values: &[Value],
    take: &mut dyn FnMut(Row) -> Result<(), StoreError>,
) -> Result<(), Stop> {
    let mut rows = client.query_raw(statement, values)?;
    while let Some(row) = rows.next()? {
        let cells = (0..row.len()).map(|index| row.try_get::<_, Value>(index));
        take(Row::new(cells.collect::<Result<_, _>>()?)).map_err(Stop::Caller)?;
    }
    Ok(())
}
