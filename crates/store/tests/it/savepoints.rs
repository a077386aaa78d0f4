//! Parts of a use case that may fail alone.

use crate::{count, insert, with_items};
use huiyin_store::StoreError;
use huiyin_testkit::engines::both_engines;

/// PROP-67
#[test]
fn a_failed_part_is_undone_and_the_rest_is_kept() {
    both_engines(|store| {
        with_items(&store);
        store
            .write_blocking(|tx| {
                insert(tx, 1, "a")?;
                let part = tx.savepoint(|tx| {
                    insert(tx, 2, "b")?;
                    insert(tx, 1, "again")
                });
                assert!(part.unwrap_err().is_unique("items_pkey"));
                insert(tx, 3, "c")
            })
            .unwrap();
        assert_eq!(count(&store), 2);
    });
}

/// PROP-67
#[test]
fn savepoints_nest() {
    both_engines(|store| {
        with_items(&store);
        store
            .write_blocking(|tx| {
                tx.savepoint(|tx| {
                    insert(tx, 1, "a")?;
                    let inner = tx.savepoint(|tx| {
                        insert(tx, 2, "b")?;
                        tx.savepoint(|tx| insert(tx, 3, "c"))?;
                        Err::<(), _>(StoreError::Conflict)
                    });
                    assert_eq!(inner, Err(StoreError::Conflict));
                    tx.savepoint(|tx| insert(tx, 4, "d"))
                })
            })
            .unwrap();
        let ids = store.read_blocking(|tx| tx.all("SELECT id FROM items ORDER BY id", &[])).unwrap();
        let ids: Vec<i64> = ids.iter().map(|row| row.get(0).unwrap()).collect();
        assert_eq!(ids, [1, 4]);
    });
}

/// PROP-67
#[test]
fn a_part_that_hides_a_failed_statement_is_undone() {
    both_engines(|store| {
        with_items(&store);
        store
            .write_blocking(|tx| {
                insert(tx, 1, "a")?;
                let part = tx.savepoint(|tx| {
                    insert(tx, 2, "b")?;
                    drop(insert(tx, 1, "again"));
                    Ok::<_, StoreError>(())
                });
                assert_eq!(part, Err(StoreError::Aborted));
                insert(tx, 5, "e")
            })
            .unwrap();
        assert_eq!(count(&store), 2);
    });
}
