//! Running one statement on one connection.

use super::super::{Row, StoreError, Value};
use super::{constraint, map_error};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, Statement, ToSql};

/// Takes each row of an answer.
type Take<'a> = dyn FnMut(Row) -> Result<(), StoreError> + 'a;
/// Rows of values to be bound one after the other.
type Batch<'a, V> = dyn Iterator<Item = Result<V, StoreError>> + 'a;

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Changes rows and gives their number.
pub(crate) fn execute(connection: &Connection, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
    let failed = |error: Error| explain(connection, &error, sql);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    bind(&mut statement, sql, values)?;
    let changed = statement.raw_execute().map_err(failed)?;
    Ok(changed as u64)
}

/// Changes rows by one prepared statement for each row of values.
pub(crate) fn execute_many<V: AsRef<[Value]>>(
    connection: &Connection,
    sql: &str,
    rows: &mut Batch<'_, V>,
) -> Result<u64, StoreError> {
    let failed = |error: Error| explain(connection, &error, sql);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut changed = 0;
    for row in rows {
        bind(&mut statement, sql, row?.as_ref())?;
        changed += statement.raw_execute().map_err(failed)? as u64;
    }
    Ok(changed)
}

/// Hands every row to `take`.
pub(crate) fn each(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    take: &mut Take<'_>,
) -> Result<(), StoreError> {
    let failed = |error: Error| explain(connection, &error, sql);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    bind(&mut statement, sql, values)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(failed)? {
        let mut cells = Vec::with_capacity(columns);
        for index in 0..columns {
            cells.push(value(row.get_ref(index).map_err(failed)?, index)?);
        }
        take(Row::new(cells))?;
    }
    Ok(())
}

/// Runs one word of transaction control, prepared once.
pub(crate) fn control(connection: &Connection, sql: &'static str) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| map_error(&error, sql))?;
    statement.raw_execute().map(drop).map_err(|error| map_error(&error, sql))
}

/// Runs a script of several statements without values.
pub(crate) fn batch(connection: &Connection, text: &str) -> Result<(), StoreError> {
    connection.execute_batch(text).map_err(|error| explain(connection, &error, text))
}

/// Binds `$n` to the n-th value; SQLite itself counts by first appearance.
fn bind(statement: &mut Statement<'_>, sql: &str, values: &[Value]) -> Result<(), StoreError> {
    let mut highest = 0;
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.strip_prefix('$'));
        let number = number.and_then(|digits| digits.parse::<usize>().ok()).filter(|number| *number > 0);
        let value = number.and_then(|number| values.get(number - 1));
        let (Some(number), Some(value)) = (number, value) else {
            return Err(StoreError::other(format!("no value for a placeholder in: {}", sql.trim())));
        };
        highest = highest.max(number);
        statement.raw_bind_parameter(place, value).map_err(|error| map_error(&error, sql))?;
    }
    if highest == values.len() {
        return Ok(());
    }
    Err(StoreError::other(format!("{} values for {highest} placeholders in: {}", values.len(), sql.trim())))
}

fn value(cell: ValueRef<'_>, index: usize) -> Result<Value, StoreError> {
    Ok(match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Text(bytes) => {
            Value::Text(std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| StoreError::Corrupt {
                context: format!("text of column {index} is not valid utf-8"),
            })?)
        }
    })
}

fn explain(connection: &Connection, error: &Error, sql: &str) -> StoreError {
    match map_error(error, sql) {
        StoreError::Unique { constraint: subject } => {
            StoreError::Unique { constraint: constraint::name_of(connection, &subject) }
        }
        other => other,
    }
}
