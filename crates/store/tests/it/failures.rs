//! Full disk, lost connection, damaged file: a clear error and a retry that works.

use crate::{count, insert, with_items};
use huiyin_store::sql::PostgresConfig;
use huiyin_store::{Engine, Store, StoreConfig, StoreError, values};
use huiyin_testkit::engines::{TestStore, both_engines, server_url};
use std::io::{Seek, SeekFrom, Write};

/// PROP-68
#[test]
fn a_full_disk_is_told_and_the_retry_works_when_there_is_room() {
    let store = TestStore::empty(Engine::Sqlite);
    with_items(&store);
    store.write_blocking(|tx| insert(tx, 1, "kept")).unwrap();
    // the engine's own limit stands for the end of the disk
    store.write_blocking(|tx| tx.all("PRAGMA max_page_count = 8", &[])).unwrap();
    let big = "x".repeat(100_000);
    let full = store.write_blocking({
        let big = big.clone();
        move |tx| insert(tx, 2, &big)
    });
    assert_eq!(full, Err(StoreError::Full));
    assert!(StoreError::Full.is_transient());
    assert_eq!(count(&store), 1);
    store.write_blocking(|tx| insert(tx, 3, "small")).unwrap();
    store.write_blocking(|tx| tx.all("PRAGMA max_page_count = 100000", &[])).unwrap();
    store.write_blocking(move |tx| insert(tx, 2, &big)).unwrap();
    assert_eq!(count(&store), 3);
}

/// PROP-68
#[test]
fn idle_connections_that_were_cut_are_made_again_unnoticed() {
    let store = TestStore::empty(Engine::Postgres);
    with_items(&store);
    for round in 0..3 {
        cut_connections(&store);
        for id in 0..8 {
            store.write_blocking(move |tx| insert(tx, round * 10 + id, &format!("{round} {id}"))).unwrap();
        }
        cut_connections(&store);
        assert_eq!(count(&store), (round + 1) * 8);
    }
    assert!(store.counters().snapshot().lost_connections > 0);
}

/// PROP-68
#[test]
fn a_connection_cut_inside_a_use_case_is_one_clear_error() {
    let store = TestStore::empty(Engine::Postgres);
    with_items(&store);
    let config = store.config().clone();
    let lost = store.write_blocking(move |tx| {
        insert(tx, 1, "a")?;
        let pid: i64 = tx.one("SELECT pg_backend_pid()", &[])?.map_or(Ok(0), |row| row.get(0))?;
        let other = Store::open(&config)?;
        other.write_blocking(move |tx| {
            tx.all("SELECT pg_terminate_backend(CAST($1 AS INT), 10000)", &values![pid])
        })?;
        insert(tx, 2, "b")
    });
    assert!(matches!(lost, Err(StoreError::ConnectionLost { .. })), "{lost:?}");
    assert_eq!(count(&store), 0);
    store.write_blocking(|tx| insert(tx, 2, "b")).unwrap();
    assert_eq!(count(&store), 1);
}

/// PROP-68
#[test]
fn a_server_that_is_away_is_told_without_the_password() {
    let server = server_url();
    let nowhere = server.replace("huiyin@", "huiyin:hidden-word@").replace("/huiyin", "/no_such_database");
    let refused = "postgres://u:hidden-word@127.0.0.1:1/x".to_owned();
    for url in [nowhere, refused] {
        let config = StoreConfig::Postgres(PostgresConfig { url, workers: 1, queue: 8 });
        let error = Store::open(&config).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        assert!(error.is_transient());
        assert!(!format!("{error} {error:?} {config:?}").contains("hidden-word"));
    }
}

/// PROP-68
#[test]
fn a_lock_of_another_process_is_busy() {
    let store = TestStore::empty(Engine::Postgres);
    with_items(&store);
    store.write_blocking(|tx| insert(tx, 1, "a")).unwrap();
    let other = Store::clone(&store);
    let answer = store.write_blocking(move |tx| {
        tx.execute("UPDATE items SET name = 'b' WHERE id = 1", &[])?;
        Ok::<_, StoreError>(other.write_blocking(|tx| {
            tx.execute("SET LOCAL lock_timeout = '50ms'", &[])?;
            tx.execute("UPDATE items SET name = 'c' WHERE id = 1", &[])
        }))
    });
    assert_eq!(answer, Ok(Err(StoreError::Busy)));
}

/// PROP-68
#[test]
fn two_that_change_the_same_row_in_one_moment_conflict() {
    let store = TestStore::empty(Engine::Postgres);
    with_items(&store);
    store.write_blocking(|tx| insert(tx, 1, "a")).unwrap();
    let other = Store::clone(&store);
    let answer = store.write_blocking(move |tx| {
        tx.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", &[])?;
        tx.all("SELECT name FROM items", &[])?;
        other.write_blocking(|tx| tx.execute("UPDATE items SET name = 'b' WHERE id = 1", &[]))?;
        tx.execute("UPDATE items SET name = 'c' WHERE id = 1", &[])
    });
    assert_eq!(answer, Err(StoreError::Conflict));
}

/// PROP-68
#[test]
fn a_changed_table_behind_a_prepared_statement_is_one_conflict() {
    let store = TestStore::empty(Engine::Postgres);
    with_items(&store);
    let look = |tx: &mut huiyin_store::Tx<'_>| tx.all("SELECT * FROM items", &[]);
    let config = store.config().clone();
    let one = Store::open(&StoreConfig::Postgres(match config {
        StoreConfig::Postgres(config) => PostgresConfig { workers: 1, ..config },
        StoreConfig::Sqlite(_) => panic!("not this engine"),
    }))
    .unwrap();
    one.read_blocking(look).unwrap();
    store.write_blocking(|tx| tx.execute("ALTER TABLE items ADD COLUMN more TEXT", &[])).unwrap();
    assert_eq!(one.read_blocking(look), Err(StoreError::Conflict));
    one.read_blocking(look).unwrap();
}

/// PROP-68
#[test]
fn a_file_that_is_no_database_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    std::fs::write(&path, "a letter, not a database ".repeat(100)).unwrap();
    let error = Store::open(&StoreConfig::sqlite(&path)).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("huiyin doctor") && text.contains("huiyin restore"), "{text}");
}

/// PROP-68
#[test]
fn a_damaged_page_is_an_error_of_the_use_case_and_not_a_panic() {
    let store = TestStore::empty(Engine::Sqlite);
    with_items(&store);
    let rows = (0..5_000_i64).map(|id| values![id, format!("{id:0200}")]);
    store.write_blocking(|tx| tx.execute_many("INSERT INTO items (id, name) VALUES ($1, $2)", rows)).unwrap();
    store.close();
    let path = store.path().unwrap().to_owned();
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    for page in 20..200 {
        file.seek(SeekFrom::Start(page * 4_096)).unwrap();
        file.write_all(&[0x5a; 4_096]).unwrap();
    }
    drop(file);
    let damaged = Store::open(store.config()).unwrap();
    let read = damaged.read_blocking(|tx| tx.all("SELECT id, name FROM items", &[]).map(drop));
    assert!(matches!(read, Err(StoreError::Corrupt { .. })), "{read:?}");
    let written = damaged.write_blocking(|tx| tx.execute("UPDATE items SET name = name || 'x'", &[]));
    assert!(matches!(written, Err(StoreError::Corrupt { .. })), "{written:?}");
    let verified = huiyin_store::backup::verify(&path, huiyin_store::backup::Depth::Quick);
    assert!(matches!(verified, Err(StoreError::Corrupt { .. })), "{verified:?}");
}

/// PROP-68
#[test]
fn a_folder_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    for config in
        [StoreConfig::sqlite(missing.join("a.db")), StoreConfig::sqlite_read_only(missing.join("a.db"))]
    {
        let error = Store::open(&config).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    }
}

/// PROP-68
#[test]
fn wrong_sql_names_the_statement() {
    both_engines(|store| {
        let error = store.read_blocking(|tx| tx.all("SELEC 1", &[])).unwrap_err();
        assert!(error.to_string().contains("SELEC 1"), "{error}");
    });
}

fn cut_connections(store: &TestStore) {
    store.as_server_admin(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
         WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
    );
}
