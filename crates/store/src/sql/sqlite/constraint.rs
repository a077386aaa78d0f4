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
    let index = find_index(connection, table, &columns.join(",")).unwrap_or_default();
    let unnamed = match index {
        Some((name, origin)) if origin == "c" => return name,
        Some((_, origin)) if origin == "u" => format!("{table}_{}_key", columns.join("_")),
        // a primary key, with or without an index of its own
        _ => format!("{table}_pkey"),
    };
    let definition: rusqlite::Result<String> =
        connection.query_row("SELECT sql FROM sqlite_schema WHERE name = $1", [table], |row| row.get(0));
    definition.ok().and_then(|text| named_in(&text, &columns)).unwrap_or(unnamed)
}

/// Finds name and origin of the unique index over exactly these columns.
fn find_index(
    connection: &Connection,
    table: &str,
    columns: &str,
) -> rusqlite::Result<Option<(String, String)>> {
    let mut statement = connection.prepare_cached(
        "SELECT list.name, list.origin FROM pragma_index_list($1) AS list
         WHERE list.\"unique\" = 1 AND $2 = (SELECT group_concat(part.name, ',' ORDER BY part.seqno)
                                             FROM pragma_index_info(list.name) AS part)
         ORDER BY list.seq LIMIT 1",
    )?;
    let mut rows = statement.query([table, columns])?;
    rows.next()?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Finds `CONSTRAINT name UNIQUE (columns)` (or `PRIMARY KEY`) in a table's
/// definition, because SQLite itself forgets this name.
fn named_in(definition: &str, columns: &[&str]) -> Option<String> {
    let upper = definition.to_ascii_uppercase();
    upper.match_indices("CONSTRAINT ").find_map(|(at, word)| {
        let rest = definition[at + word.len()..].trim_start();
        let (name, rest) = rest.split_once(char::is_whitespace)?;
        let (kind, rest) = rest.split_once('(')?;
        let kind = kind.trim().to_ascii_uppercase();
        let (list, _) = rest.split_once(')')?;
        let same = list.split(',').map(str::trim).eq(columns.iter().copied());
        (same && matches!(kind.as_str(), "UNIQUE" | "PRIMARY KEY")).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_constraint_is_found_in_the_definition() {
        let text = "CREATE TABLE t (a TEXT, b TEXT CHECK (b <> ''),\n CONSTRAINT t_ab UNIQUE (a, b),
                    constraint t_key primary key (a))";
        assert_eq!(named_in(text, &["a", "b"]).as_deref(), Some("t_ab"));
        assert_eq!(named_in(text, &["a"]).as_deref(), Some("t_key"));
        assert_eq!(named_in(text, &["b"]), None);
    }
}
