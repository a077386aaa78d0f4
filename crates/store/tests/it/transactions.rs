//! A use case is stored whole or not at all, and answered after that.

use crate::{count, insert, with_items};
use huiyin_store::{Store, StoreError, values};
use huiyin_testkit::engines::{both_engines, both_engines_async};

#[derive(Debug, PartialEq)]
enum Refused {
    NotToday,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// PROP-67
#[test]
fn a_refused_use_case_leaves_no_row_and_keeps_its_own_error() {
    both_engines(|store| {
        with_items(&store);
        let refused = store.write_blocking(|tx| {
            insert(tx, 1, "a")?;
            Err::<(), _>(Refused::NotToday)
        });
        assert_eq!(refused, Err(Refused::NotToday));
        assert_eq!(count(&store), 0);
        assert_eq!(store.counters().snapshot().refused, 1);
    });
}

/// PROP-67
#[test]
fn a_panic_is_answered_and_the_next_use_case_works() {
    both_engines(|store| {
        with_items(&store);
        for _ in 0..8 {
            let answer = store.write_blocking(|tx| {
                insert(tx, 1, "a")?;
                if count_in(tx)? == 1 {
                    panic!("a mistake in a use case");
                }
                Ok::<_, StoreError>(())
            });
            assert_eq!(answer, Err(StoreError::Panicked));
        }
        let read = store.read_blocking(|_| -> Result<(), StoreError> { panic!("a mistake in a read") });
        assert_eq!(read, Err(StoreError::Panicked));
        store.write_blocking(|tx| insert(tx, 2, "b")).unwrap();
        assert_eq!(count(&store), 1);
        assert_eq!(store.counters().snapshot().panics, 8);
    });
}

fn count_in(tx: &mut huiyin_store::Tx<'_>) -> Result<i64, StoreError> {
    tx.one("SELECT COUNT(*) FROM items", &[])?.map_or(Ok(0), |row| row.get(0))
}

/// PROP-67
#[test]
fn one_refused_use_case_in_a_group_does_not_hurt_the_others() {
    both_engines_async(|store| async move {
        with_items(&store);
        let before = store.counters().snapshot().writes;
        let mut waiting = tokio::task::JoinSet::new();
        for id in 0..300_i64 {
            let store = Store::clone(&store);
            waiting.spawn(async move {
                store
                    .write(move |tx| {
                        insert(tx, id, &format!("name {id}"))?;
                        // every third goes wrong after its insert
                        if id % 3 == 0 { Err(StoreError::Conflict) } else { Ok(id) }
                    })
                    .await
            });
        }
        let answers = waiting.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 200);
        assert_eq!(count(&store), 200);
        let wrong = store.read(|tx| tx.all("SELECT id FROM items WHERE id % 3 = 0", &[])).await.unwrap();
        assert!(wrong.is_empty());
        let counts = store.counters().snapshot();
        assert_eq!((counts.writes - before, counts.refused), (200, 100));
    });
}

/// PROP-67
#[test]
fn an_answer_means_that_another_connection_sees_it() {
    both_engines(|store| {
        with_items(&store);
        let other = Store::open(store.config()).unwrap();
        for id in 0..50 {
            store.write_blocking(move |tx| insert(tx, id, &id.to_string())).unwrap();
            let row = other
                .read_blocking(move |tx| tx.one("SELECT name FROM items WHERE id = $1", &values![id]))
                .unwrap();
            assert!(row.is_some(), "{id}");
        }
    });
}

/// PROP-67
#[test]
fn going_on_after_a_failed_statement_is_refused_on_both_engines() {
    both_engines(|store| {
        with_items(&store);
        let hidden = store.write_blocking(|tx| {
            insert(tx, 1, "a")?;
            drop(insert(tx, 1, "again"));
            Ok::<_, StoreError>(())
        });
        assert_eq!(hidden, Err(StoreError::Aborted));
        let went_on = store.write_blocking(|tx| {
            drop(insert(tx, 2, "a").and_then(|()| insert(tx, 2, "b")));
            insert(tx, 3, "c")
        });
        assert_eq!(went_on, Err(StoreError::Aborted));
        assert_eq!(count(&store), 0);
    });
}

/// PROP-67
#[test]
fn a_read_sees_one_moment_and_cannot_write() {
    both_engines(|store| {
        with_items(&store);
        let writer = Store::clone(&store);
        let (before, after) = store
            .read_blocking(move |tx| {
                let before = count_in(tx)?;
                // another thread commits between two statements of this read
                std::thread::scope(|scope| {
                    scope.spawn(|| writer.write_blocking(|tx| insert(tx, 1, "a")).unwrap());
                });
                Ok::<_, StoreError>((before, count_in(tx)?))
            })
            .unwrap();
        assert_eq!((before, after), (0, 0));
        assert_eq!(count(&store), 1);
        let error = store.read_blocking(|tx| insert(tx, 2, "b")).unwrap_err();
        assert_eq!(error, StoreError::ReadOnly);
    });
}

/// PROP-68
#[test]
fn a_snapshot_sees_one_moment_beside_the_other_threads() {
    both_engines(|store| {
        with_items(&store);
        let writer = Store::clone(&store);
        let seen = store.snapshot_read_blocking(move |tx| {
            let before = count_in(tx)?;
            writer.write_blocking(|tx| insert(tx, 1, "a"))?;
            Ok::<_, StoreError>((before, count_in(tx)?))
        });
        assert_eq!(seen, Ok((0, 0)));
        assert_eq!(count(&store), 1);
    });
}

/// PROP-67
#[test]
fn more_than_one_row_where_one_is_expected_is_refused() {
    both_engines(|store| {
        with_items(&store);
        store.write_blocking(|tx| insert(tx, 1, "a").and_then(|()| insert(tx, 2, "b"))).unwrap();
        let error = store.read_blocking(|tx| tx.one("SELECT id FROM items", &[])).unwrap_err();
        assert!(matches!(error, StoreError::Other { .. }), "{error:?}");
    });
}
