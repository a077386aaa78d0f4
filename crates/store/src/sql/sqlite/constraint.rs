//! Names unique violations as PostgreSQL does.
//!
//! SQLite says which columns clash, PostgreSQL which index; callers want one
//! name, so the index over exactly these columns is looked up.

use rusqlite::Connection;

/// Turns `table.a, table.b` into the name of the unique index over `a` and `b`.
///
/// Unnamed ones get PostgreSQL's names: `table_pkey`, `table_a_b_key`.
pub(crate) fn name_of(connection: &Connection, subject: &str) -> String {
    if let Some(index) = subject.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let Some((table, _)) = subject.split_once('.') else { return subject.to_owned() };
    let columns: Vec<&str> =
        subject.split(", ").map(|part| part.rsplit_once('.').map_or(part, |(_, column)| column)).collect();
    match find(connection, table, &columns.join(",")) {
        Ok(Some((name, origin))) if origin == "c" => name,
        Ok(Some((_, origin))) if origin == "u" => format!("{table}_{}_key", columns.join("_")),
        // a primary key, with or without an index of its own
        _ => format!("{table}_pkey"),
    }
}

/// Finds name and origin of the unique index over exactly these columns.
fn find(connection: &Connection, table: &str, columns: &str) -> rusqlite::Result<Option<(String, String)>> {
    let mut statement = connection.prepare_cached(
        "SELECT list.name, list.origin FROM pragma_index_list($1) AS list
         WHERE list.\"unique\" = 1 AND $2 = (SELECT group_concat(part.name, ',' ORDER BY part.seqno)
                                             FROM pragma_index_info(list.name) AS part)
         ORDER BY list.seq LIMIT 1",
    )?;
    let mut rows = statement.query([table, columns])?;
    rows.next()?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}
