//! Idempotency keys lie in the database with their end, never in memory.

use huiyin_app::idempotency::{IdempotencyKey, once};
use huiyin_store::Engine;
use huiyin_testkit::engines::TestStore;
use serde_json::json;

use crate::house::House;

/// Keys before measuring, so that the page caches are as full as they get, and
/// keys measured.
const KEYS: u64 = 100_000;

/// Bytes by which the process may grow meanwhile; kept keys would take three
/// times as much.
const SLACK: u64 = 10 << 20;

/// Writes once for each of the keys, many in one transaction.
fn write(house: &House, keys: std::ops::Range<u64>) {
    let mut next = keys.start;
    while next < keys.end {
        let part = next..(next + 2_000).min(keys.end);
        next = part.end;
        let ctx = house.ctx(house.admin);
        let done = house.run_as(ctx, move |tx, ctx| {
            let mut ctx = ctx.clone();
            for number in part {
                let digest = format!("{number:064x}");
                ctx.idempotency = Some(IdempotencyKey { key: digest.clone(), body: digest });
                once(tx, &ctx, 201, |_| Ok(json!({"id": number, "number": "TS-20260302-0001"})))?;
            }
            Ok(())
        });
        done.unwrap();
    }
}

/// Memory of this process, in bytes.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// Bad input (issue 3): a million idempotency keys grow no memory. What holds them
/// is a table; the process is the same size however many there are.
///
/// One engine is enough: what a process held itself, it would hold with both.
#[test]
fn keys_grow_no_memory() {
    let house = House::new(TestStore::migrated(Engine::Sqlite));
    write(&house, 0..KEYS);
    let before = resident();
    write(&house, KEYS..2 * KEYS);
    let after = resident();
    let rows = house.run(|tx, _| Ok(tx.one("SELECT COUNT(*) FROM idempotency", &[])?));
    assert_eq!(rows.unwrap().unwrap().get::<i64>(0), Ok(2 * i64::try_from(KEYS).unwrap()));
    assert!(after < before + SLACK, "{before} bytes before, {after} after {KEYS} keys more");
}
