//! All tables, row by row, without knowing them: for dumps and for moving
//! between engines.
//!
//! Names of tables and columns come from the database's own catalogue, never
//! from outside; they are the only text here that is not fixed.

use crate::sql::{Engine, Row, StoreError, Tx, Value};

/// A table as the catalogue knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<String>,
}

/// The table that tells which migrations ran; every database has its own.
pub const SCHEMA_TABLE: &str = "schema_version";

/// Tables of which no copy is taken: each database has its own, and what they
/// lead to is made anew.
const OWN: [&str; 2] = ["search_feed", "search_state"];

/// Lists all tables of the schema that belong into a copy, sorted by name.
///
/// # Errors
/// Any [`StoreError`].
pub fn tables(tx: &mut Tx<'_>) -> Result<Vec<Table>, StoreError> {
    let rows = match tx.engine() {
        Engine::Sqlite => tx.all(
            "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid",
            &[],
        )?,
        Engine::Postgres => tx.all(
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() ORDER BY 1, ordinal_position",
            &[],
        )?,
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        let (table, column): (String, String) = (row.get(0)?, row.get(1)?);
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    tables.retain(|table| !OWN.contains(&table.name.as_str()));
    tables.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(tables)
}

/// Counts the rows of a table.
///
/// # Errors
/// Any [`StoreError`].
pub fn count(tx: &mut Tx<'_>, table: &Table) -> Result<u64, StoreError> {
    let mut count = 0_i64;
    tx.each_text(&format!("SELECT COUNT(*) FROM \"{}\"", plain(&table.name)?), &[], &mut |row| {
        count = row.get(0)?;
        Ok(())
    })?;
    Ok(count.unsigned_abs())
}

/// Hands every row of a table to `take`, in constant memory, in no order.
///
/// # Errors
/// Any [`StoreError`], and what `take` gives.
pub fn each(
    tx: &mut Tx<'_>,
    table: &Table,
    mut take: impl FnMut(&Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {} FROM \"{}\"", columns(table)?, plain(&table.name)?);
    tx.each_text(&sql, &[], &mut take)
}

/// Adds rows to a table, values in the order of its columns.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, table: &Table, rows: Vec<Vec<Value>>) -> Result<u64, StoreError> {
    let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "INSERT INTO \"{}\" ({}) VALUES ({})",
        plain(&table.name)?,
        columns(table)?,
        places.join(", ")
    );
    tx.execute_many_text(&sql, rows)
}

fn columns(table: &Table) -> Result<String, StoreError> {
    let names = table.columns.iter().map(|name| Ok(format!("\"{}\"", plain(name)?)));
    Ok(names.collect::<Result<Vec<_>, StoreError>>()?.join(", "))
}

/// A name of ours is lower-case letters, digits and underscores.
fn plain(name: &str) -> Result<&str, StoreError> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !name.is_empty() && name.bytes().all(fits) {
        return Ok(name);
    }
    Err(StoreError::Other { context: "a table or column has a name that is none of ours".into() })
}
