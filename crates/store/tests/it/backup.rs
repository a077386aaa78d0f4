//! Copies of the embedded database beside its writers.

use crate::{insert, with_items};
use huiyin_store::backup::{CopyProgress, Depth, copy, verify};
use huiyin_store::{Engine, Store, StoreConfig, StoreError, values};
use huiyin_testkit::engines::TestStore;
use std::sync::atomic::{AtomicBool, Ordering};

fn filled(rows: i64) -> TestStore {
    let store = TestStore::empty(Engine::Sqlite);
    with_items(&store);
    let rows = (0..rows).map(|id| values![id, format!("{id:0400}")]);
    store.write_blocking(|tx| tx.execute_many("INSERT INTO items (id, name) VALUES ($1, $2)", rows)).unwrap();
    store
}

/// PROP-68
#[test]
fn a_copy_beside_a_writer_shows_one_moment_and_never_starts_over() {
    let store = filled(60_000);
    let target = store.folder().join("copy.db");
    let stop = AtomicBool::new(false);
    let mut progress: Vec<CopyProgress> = Vec::new();
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut id = 1_000_000;
            while !stop.load(Ordering::Relaxed) {
                // two rows that belong together
                store
                    .write_blocking(move |tx| {
                        insert(tx, id, &format!("left {id}"))?;
                        insert(tx, id + 1, &format!("right {id}"))
                    })
                    .unwrap();
                id += 2;
            }
            id - 1_000_000
        });
        copy(store.path().unwrap(), &target, &mut |step| progress.push(step)).unwrap();
        stop.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(written > 0);
    assert!(progress.len() > 1, "{progress:?}");
    assert!(progress.windows(2).all(|pair| pair[0].done < pair[1].done && pair[0].total == pair[1].total));
    assert!(progress.last().is_some_and(|last| last.done == last.total));
    verify(&target, Depth::Full).unwrap();
    let found = Store::open(&StoreConfig::sqlite(&target)).unwrap();
    let sql = "SELECT COUNT(*), COUNT(*) FILTER (WHERE id >= 1000000) % 2 FROM items";
    let row = found.read_blocking(move |tx| tx.one(sql, &[])).unwrap().unwrap();
    assert!(row.get::<i64>(0).unwrap() >= 60_000);
    assert_eq!(row.get::<i64>(1), Ok(0), "half a use case in the copy");
}

/// PROP-68
#[test]
fn a_copy_stands_alone_and_is_for_its_owner_only() {
    let store = filled(10);
    let target = store.folder().join("copy.db");
    copy(store.path().unwrap(), &target, &mut |_| {}).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(store.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("copy"))
        .collect();
    names.sort();
    assert_eq!(names, ["copy.db"]);
    #[cfg(unix)]
    for path in [&target, store.path().unwrap()] {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

/// PROP-68
#[test]
fn a_copy_never_replaces_a_file_and_needs_a_source() {
    let store = filled(10);
    let target = store.folder().join("copy.db");
    std::fs::write(&target, "mine").unwrap();
    copy(store.path().unwrap(), &target, &mut |_| {}).unwrap_err();
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
    let missing = copy(&store.folder().join("none.db"), &store.folder().join("b.db"), &mut |_| {});
    assert!(matches!(missing, Err(StoreError::Unavailable { .. })), "{missing:?}");
    assert!(!store.folder().join("b.db").exists());
}

/// PROP-68
#[test]
fn a_full_look_finds_rows_that_point_nowhere() {
    let store = filled(3);
    store.close();
    let plain = rusqlite::Connection::open(store.path().unwrap()).unwrap();
    plain.execute_batch("PRAGMA foreign_keys = OFF; UPDATE items SET parent = 99 WHERE id = 1").unwrap();
    drop(plain);
    verify(store.path().unwrap(), Depth::Quick).unwrap();
    let found = verify(store.path().unwrap(), Depth::Full).unwrap_err();
    assert!(found.to_string().contains("items"), "{found}");
}
