//! Built statements on both engines.

use crate::with_items;
use huiyin_store::{Query, StoreError, Value, values};
use huiyin_testkit::engines::both_engines;

#[test]
fn optional_filters_and_keyset_pages() {
    both_engines(|store| {
        with_items(&store);
        let rows = (0..100_i64).map(|id| values![id, format!("n{:02}", 99 - id)]);
        store
            .write_blocking(|tx| tx.execute_many("INSERT INTO items (id, name) VALUES ($1, $2)", rows))
            .unwrap();
        let page = |after: Option<&str>, only: Option<Vec<Value>>| {
            let mut query = Query::new("SELECT id, name FROM items WHERE id < $1", values![50]);
            if let Some(name) = after {
                query.bind(" AND name > $1", values![name]);
            }
            if let Some(ids) = only {
                query.bind_in(" AND id IN ", ids);
            }
            query.bind(" ORDER BY name LIMIT $1", values![3]);
            let rows = store.read_blocking(move |tx| tx.query(&query)).unwrap();
            rows.iter().map(|row| row.get::<i64>(0).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(page(None, None), [49, 48, 47]);
        assert_eq!(page(Some("n52"), None), [46, 45, 44]);
        assert_eq!(page(Some("n52"), Some(values![44, 10, 80].to_vec())), [44, 10]);
        assert_eq!(page(None, Some(Vec::new())), Vec::<i64>::new());
    });
}

#[test]
fn a_built_change_counts_its_rows_and_a_mistake_is_told() {
    both_engines(|store| {
        with_items(&store);
        let changed = store
            .write_blocking(|tx| {
                crate::insert(tx, 1, "a")?;
                tx.run(&Query::new("UPDATE items SET name = $2 WHERE id = $1", values![1, "b"]))
            })
            .unwrap();
        assert_eq!(changed, 1);
        let wrong = Query::new("SELECT $1", []);
        let error = store.read_blocking(move |tx| tx.query(&wrong)).unwrap_err();
        assert!(matches!(error, StoreError::Other { .. }));
    });
}
