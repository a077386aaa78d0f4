//! Whether the server is one we can work with.

use super::super::{Row, StoreError};
use super::session::Session;

/// The oldest version we know to work, as the server numbers it.
const OLDEST: i64 = 150_000;

/// Refuses a server that is too old or not UTF-8.
///
/// An order of texts by language is only warned about: it works, but differs.
pub(crate) fn check(session: &mut Session) -> Result<(), StoreError> {
    let mut found: Option<Row> = None;
    let sql =
        "SELECT CAST(current_setting('server_version_num') AS BIGINT), current_setting('server_encoding'),
                      CAST(datcollate AS TEXT) FROM pg_database WHERE datname = current_database()";
    session.each(sql, &[], &mut |row| {
        found = Some(row);
        Ok(())
    })?;
    let Some(row) = found else { return Err(StoreError::other("the server does not know its own database")) };
    judge(row.get(0)?, row.text(1)?, row.text(2)?)
}

fn judge(version: i64, encoding: &str, order: &str) -> Result<(), StoreError> {
    if version < OLDEST {
        return Err(StoreError::Unavailable { context: "the server is older than PostgreSQL 15".into() });
    }
    if encoding != "UTF8" {
        return Err(StoreError::Unavailable {
            context: format!("the database keeps its texts in {encoding}, create it with ENCODING 'UTF8'"),
        });
    }
    if !["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&order) {
        tracing::warn!(
            collation = order,
            "this database sorts texts by a language; create it with LC_COLLATE 'C.UTF-8' TEMPLATE template0, so that lists sort as on SQLite and prefix searches use their index"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_and_another_encoding_are_refused() {
        judge(150_018, "UTF8", "C.UTF-8").unwrap();
        judge(170_000, "UTF8", "zh_CN.UTF-8").unwrap();
        assert!(judge(140_012, "UTF8", "C").unwrap_err().to_string().contains("PostgreSQL 15"));
        assert!(judge(150_018, "SQL_ASCII", "C").unwrap_err().to_string().contains("SQL_ASCII"));
    }
}
