//! Many callers, a bounded queue, and the end.

use crate::{count, insert, with_items};
use huiyin_store::sql::SqliteConfig;
use huiyin_store::{Engine, Store, StoreConfig, StoreError, values};
use huiyin_testkit::engines::{TestStore, both_engines, both_engines_async, runtime};

/// PROP-67
#[test]
fn many_writers_at_once_lose_nothing() {
    both_engines_async(|store| async move {
        with_items(&store);
        let before = store.counters().snapshot().writes;
        let mut waiting = tokio::task::JoinSet::new();
        for writer in 0..32_i64 {
            let store = Store::clone(&store);
            waiting.spawn(async move {
                for turn in 0..20_i64 {
                    let id = writer * 1_000 + turn;
                    store.write(move |tx| insert(tx, id, &id.to_string())).await.unwrap();
                    let sql = "SELECT name FROM items WHERE id = $1";
                    let row = store.read(move |tx| tx.one(sql, &values![id])).await.unwrap();
                    assert_eq!(row.unwrap().get::<String>(0), Ok(id.to_string()));
                }
            });
        }
        waiting.join_all().await;
        assert_eq!(count(&store), 640);
        assert_eq!(store.queue_depth(), 0);
        let counts = store.counters().snapshot();
        assert_eq!(counts.writes - before, 640);
        assert!(counts.commits <= counts.writes);
    });
}

/// PROP-67
#[test]
fn counters_of_one_row_add_up() {
    both_engines(|store| {
        with_items(&store);
        store.write_blocking(|tx| insert(tx, 0, "counter")).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let sql = "UPDATE items SET parent = NULL, id = id + 1 WHERE name = 'counter'";
                        store.write_blocking(move |tx| tx.execute(sql, &[])).unwrap();
                    }
                });
            }
        });
        let row = store.read_blocking(|tx| tx.one("SELECT id FROM items", &[])).unwrap().unwrap();
        assert_eq!(row.get::<i64>(0), Ok(200));
    });
}

/// PROP-67
#[test]
fn a_full_queue_is_busy_at_once_and_free_again_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let config = StoreConfig::Sqlite(SqliteConfig { path, readers: 1, read_only: false, queue: 2 });
    let store = Store::open(&config).unwrap();
    let (entered, has_entered) = crossbeam_channel::bounded::<()>(1);
    let (release, released) = crossbeam_channel::bounded::<()>(0);
    runtime().block_on(async {
        let mut slow = tokio::task::JoinSet::new();
        let held = store.clone();
        slow.spawn(async move {
            held.write(move |_| {
                entered.send(()).unwrap();
                released.recv().unwrap();
                Ok::<_, StoreError>(())
            })
            .await
        });
        tokio::task::spawn_blocking(move || has_entered.recv().unwrap()).await.unwrap();
        let mut queued = Vec::new();
        for _ in 0..2 {
            let mut answer = Box::pin({
                let store = store.clone();
                async move { store.write(|tx| tx.all("SELECT 1", &[])).await }
            });
            // polled once, the use case is in the queue
            assert!(
                std::future::poll_fn(|cx| std::task::Poll::Ready(answer.as_mut().poll(cx)))
                    .await
                    .is_pending()
            );
            queued.push(answer);
        }
        assert_eq!(store.queue_depth(), 2);
        let turned_away = store.write(|tx| tx.all("SELECT 1", &[])).await;
        assert_eq!(turned_away, Err(StoreError::Busy));
        assert_eq!(store.counters().snapshot().busy, 1);
        tokio::task::spawn_blocking(move || release.send(()).unwrap()).await.unwrap();
        slow.join_next().await.unwrap().unwrap().unwrap();
        for answer in queued {
            answer.await.unwrap();
        }
        store.write(|tx| tx.all("SELECT 1", &[])).await.unwrap();
    });
}

/// PROP-67
#[test]
fn closing_finishes_what_is_queued_and_refuses_the_rest() {
    both_engines_async(|store| async move {
        with_items(&store);
        let mut waiting = Vec::new();
        for id in 0..100_i64 {
            let mut answer = Box::pin({
                let store = Store::clone(&store);
                async move { store.write(move |tx| insert(tx, id, &id.to_string())).await }
            });
            let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(answer.as_mut().poll(cx))).await;
            if polled.is_pending() {
                waiting.push(answer);
            }
        }
        let closing = Store::clone(&store);
        tokio::task::spawn_blocking(move || closing.close()).await.unwrap();
        for answer in waiting {
            answer.await.unwrap();
        }
        let late = store.write(|tx| insert(tx, 1_000, "late")).await;
        assert!(matches!(late, Err(StoreError::Unavailable { .. })), "{late:?}");
        let again = Store::open(store.config()).unwrap();
        let row = again.read(|tx| tx.one("SELECT COUNT(*) FROM items", &[])).await.unwrap().unwrap();
        assert_eq!(row.get::<i64>(0), Ok(100));
    });
}

/// PROP-67
#[test]
fn the_last_handle_may_go_inside_a_use_case() {
    both_engines(|store| {
        let own = Store::open(store.config()).unwrap();
        let inside = own.clone();
        let (gone, is_gone) = crossbeam_channel::bounded::<()>(0);
        let (done, is_done) = crossbeam_channel::bounded::<()>(1);
        let caller = std::thread::scope(|scope| {
            scope.spawn(move || {
                drop(own);
                gone.send(()).unwrap();
            });
            inside.clone().write_blocking(move |tx| {
                is_gone.recv().unwrap();
                tx.all("SELECT 1", &[])?;
                drop(inside);
                done.send(()).unwrap();
                Ok::<_, StoreError>(())
            })
        });
        caller.unwrap();
        is_done.recv().unwrap();
    });
}

/// PROP-67
#[test]
fn a_store_opened_for_reading_sees_a_running_server_and_changes_nothing() {
    let store = TestStore::empty(Engine::Sqlite);
    with_items(&store);
    let path = store.path().unwrap().to_owned();
    let reader = Store::open(&StoreConfig::sqlite_read_only(path)).unwrap();
    store.write_blocking(|tx| insert(tx, 1, "a")).unwrap();
    let row = reader.read_blocking(|tx| tx.one("SELECT name FROM items", &[])).unwrap().unwrap();
    assert_eq!(row.get::<String>(0), Ok("a".into()));
    assert_eq!(reader.write_blocking(|tx| insert(tx, 2, "b")), Err(StoreError::ReadOnly));
}
