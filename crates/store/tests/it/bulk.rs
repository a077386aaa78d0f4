//! Many rows in, many rows out, in constant memory.

use crate::{insert, with_items};
use huiyin_store::{Query, StoreError, Value, values};
use huiyin_testkit::engines::both_engines;

const INSERT: &str = "INSERT INTO items (id, name) VALUES ($1, $2)";

fn rows(range: std::ops::Range<i64>) -> impl Iterator<Item = [Value; 2]> {
    range.map(|id| values![id, format!("name {id}")])
}

#[test]
fn a_hundred_thousand_rows_go_in_and_stream_out() {
    both_engines(|store| {
        with_items(&store);
        let changed = store.write_blocking(|tx| tx.execute_many(INSERT, rows(0..100_000))).unwrap();
        assert_eq!(changed, 100_000);
        let (seen, sum) = store
            .snapshot_read_blocking(|tx| {
                let (mut seen, mut sum) = (0_i64, 0_i64);
                tx.each("SELECT id, name FROM items ORDER BY id", &[], |row| {
                    assert_eq!(row.get::<i64>(0)?, seen);
                    assert_eq!(row.text(1)?, format!("name {seen}"));
                    seen += 1;
                    sum += row.get::<i64>(0)?;
                    Ok(())
                })?;
                Ok::<_, StoreError>((seen, sum))
            })
            .unwrap();
        assert_eq!((seen, sum), (100_000, 4_999_950_000));
    });
}

#[test]
fn a_stream_that_is_ended_early_leaves_the_connection_usable() {
    both_engines(|store| {
        with_items(&store);
        store.write_blocking(|tx| tx.execute_many(INSERT, rows(0..20_000))).unwrap();
        for _ in 0..4 {
            let mut left = 3;
            let ended = store.read_blocking(move |tx| {
                tx.each("SELECT id FROM items", &[], |_| {
                    left -= 1;
                    if left == 0 { Err(StoreError::Conflict) } else { Ok(()) }
                })
            });
            assert_eq!(ended, Err(StoreError::Conflict));
        }
        let row = store.read_blocking(|tx| tx.one("SELECT COUNT(*) FROM items", &[])).unwrap().unwrap();
        assert_eq!(row.get::<i64>(0), Ok(20_000));
    });
}

#[test]
fn a_panic_in_the_middle_of_a_stream_leaves_the_connection_usable() {
    both_engines(|store| {
        with_items(&store);
        store.write_blocking(|tx| tx.execute_many(INSERT, rows(0..20_000))).unwrap();
        for _ in 0..4 {
            let broken = store.read_blocking(|tx| {
                tx.each("SELECT id FROM items", &[], |_| -> Result<(), StoreError> { panic!("a mistake") })
            });
            assert_eq!(broken, Err(StoreError::Panicked));
        }
        assert_eq!(crate::count(&store), 20_000);
    });
}

#[test]
fn a_bulk_with_a_wrong_row_stores_nothing() {
    both_engines(|store| {
        with_items(&store);
        store.write_blocking(|tx| insert(tx, 150, "there already")).unwrap();
        let error = store.write_blocking(|tx| tx.execute_many(INSERT, rows(0..300))).unwrap_err();
        assert!(error.is_unique("items_pkey"), "{error:?}");
        assert_eq!(crate::count(&store), 1);
        let short = store
            .write_blocking(|tx| tx.execute_many(INSERT, [values![1, "a"].to_vec(), vec![Value::Int(2)]]));
        assert!(matches!(short, Err(StoreError::Other { .. })), "{short:?}");
        assert_eq!(crate::count(&store), 1);
    });
}

#[test]
fn a_bulk_of_other_statements_runs_row_by_row() {
    both_engines(|store| {
        with_items(&store);
        let changed = store
            .write_blocking(|tx| {
                let sql = "INSERT INTO items (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name";
                tx.execute_many(sql, [values![1, "a"], values![1, "b"], values![2, "c"]])?;
                tx.execute_many("UPDATE items SET name = $2 WHERE id = $1", [values![1, "d"], values![9, "e"]])
            })
            .unwrap();
        assert_eq!(changed, 1);
        let row = store.read_blocking(|tx| tx.one("SELECT name FROM items WHERE id = 1", &[])).unwrap();
        assert_eq!(row.unwrap().get::<String>(0), Ok("d".into()));
    });
}

#[test]
fn a_built_bulk_read_streams_too() {
    both_engines(|store| {
        with_items(&store);
        store.write_blocking(|tx| tx.execute_many(INSERT, rows(0..1_000))).unwrap();
        let seen = store
            .read_blocking(|tx| {
                let mut query = Query::new("SELECT id FROM items WHERE id >= $1", values![10]);
                query.bind_in(" AND id IN ", values![5, 10, 20, 999, 1_000]).push(" ORDER BY id");
                let mut seen = Vec::new();
                tx.query_each(&query, |row| {
                    seen.push(row.get::<i64>(0)?);
                    Ok(())
                })?;
                Ok::<_, StoreError>(seen)
            })
            .unwrap();
        assert_eq!(seen, [10, 20, 999]);
    });
}
