//! The store against both databases.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as loudly as the test")]

mod backup;
mod bulk;
mod call;
mod call_work;
mod concurrency;
mod constraints;
mod encryption;
mod failures;
mod jobs;
mod migrate;
mod query;
mod savepoints;
mod transactions;
mod values;

use huiyin_store::{StoreError, Tx, values};
use huiyin_testkit::engines::TestStore;

/// Makes a table to play with.
fn with_items(store: &TestStore) {
    store
        .write_blocking(|tx| {
            tx.execute(
                "CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT, parent BIGINT REFERENCES items (id))",
                &[],
            )?;
            tx.execute("CREATE UNIQUE INDEX items_name ON items (name)", &[]).map(drop)
        })
        .unwrap();
}

fn insert(tx: &mut Tx<'_>, id: i64, name: &str) -> Result<(), StoreError> {
    tx.execute("INSERT INTO items (id, name) VALUES ($1, $2)", &values![id, name]).map(drop)
}

fn count(store: &TestStore) -> i64 {
    store
        .read_blocking(|tx| {
            let row = tx.one("SELECT COUNT(*) FROM items", &[])?;
            row.map_or(Ok(0), |row| row.get::<i64>(0))
        })
        .unwrap()
}
