//! Reading a migration's text: blocks per engine, checksum, house rules.

use super::Migration;
use crate::sql::{Engine, StoreError};
use sha2::{Digest, Sha256};

/// Keeps what is meant for this engine.
pub(super) fn for_engine(migration: &Migration, engine: Engine) -> Result<String, StoreError> {
    let own = match engine {
        Engine::Sqlite => "-- @sqlite",
        Engine::Postgres => "-- @pg",
    };
    let mut text = String::with_capacity(migration.text.len());
    let mut block: Option<bool> = None;
    for (number, line) in migration.text.lines().enumerate() {
        match (line.trim(), block) {
            (mark @ ("-- @sqlite" | "-- @pg"), None) => block = Some(mark == own),
            ("-- @end", Some(_)) => block = None,
            (mark, _) if mark.starts_with("-- @") => {
                return wrong(migration, &format!("`{mark}` in line {} is out of place", number + 1));
            }
            _ if block.unwrap_or(true) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    if block.is_some() {
        return wrong(migration, "a block is not ended by `-- @end`");
    }
    Ok(text)
}

/// Gives the SHA-256 of a text in hex, whatever its line ends.
pub(super) fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses a list with gaps and texts that break the port's rules.
pub(super) fn check_list(list: &[Migration]) -> Result<(), StoreError> {
    for (place, migration) in list.iter().enumerate() {
        if migration.version() as usize != place + 1 {
            return wrong(migration, &format!("it stands in place {}", place + 1));
        }
        let upper = migration.text.to_ascii_uppercase();
        // would surface only at the commit that many use cases share
        if upper.contains("DEFERRABLE") {
            return wrong(migration, "deferred foreign keys are not allowed");
        }
        for engine in [Engine::Sqlite, Engine::Postgres] {
            for_engine(migration, engine)?;
        }
    }
    Ok(())
}

fn wrong<T>(migration: &Migration, what: &str) -> Result<T, StoreError> {
    Err(StoreError::Migration { context: format!("{}: {what}", migration.file) })
}

#[cfg(test)]
mod tests {
    use super::super::MIGRATIONS;
    use super::*;

    const fn step(file: &'static str, text: &'static str) -> Migration {
        Migration { file, text }
    }

    /// PROP-68
    #[test]
    fn each_engine_gets_its_blocks() {
        let both = step("0001_a", "one\n-- @pg\ntwo\n-- @end\n  -- @sqlite\nthree\n-- @end\nfour\n");
        assert_eq!(for_engine(&both, Engine::Postgres).unwrap(), "one\ntwo\nfour\n");
        assert_eq!(for_engine(&both, Engine::Sqlite).unwrap(), "one\nthree\nfour\n");
    }

    /// PROP-68
    #[test]
    fn blocks_out_of_place_are_refused() {
        for text in ["-- @pg\nx", "-- @end", "-- @pg\n-- @sqlite\n-- @end", "-- @mysql\n-- @end"] {
            assert!(for_engine(&step("0001_a", text), Engine::Sqlite).is_err(), "{text}");
        }
    }

    /// PROP-68
    #[test]
    fn gaps_and_deferred_keys_are_refused() {
        assert!(check_list(&[step("0001_a", ""), step("0003_b", "")]).is_err());
        assert!(check_list(&[step("0001_a", "x REFERENCES y deferrable")]).is_err());
        check_list(MIGRATIONS).unwrap();
    }

    /// PROP-68
    #[test]
    fn line_ends_do_not_change_the_checksum() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a\nb"), checksum("a\nc"));
        assert_eq!(checksum("").len(), 64);
    }
}
