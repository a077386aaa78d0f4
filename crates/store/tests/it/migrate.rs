//! The schema goes forward from every version and never sideways.

use huiyin_store::backup::{Depth, verify};
use huiyin_store::migrate::{MIGRATIONS, Migration, Upgrade, migrate, migrate_with, require_current, state};
use huiyin_store::{Engine, StoreError, Value, values};
use huiyin_testkit::engines::{MADE_AT, TestStore, both_engines, both_engines_migrated};

const NOW: Upgrade = Upgrade { now: MADE_AT, backup_done: false };

static STEPS: &[Migration] = &[
    Migration {
        file: "0001_first",
        text: "CREATE TABLE a (id BIGINT PRIMARY KEY);\nINSERT INTO a VALUES (1);",
    },
    Migration {
        file: "0002_second",
        text: "-- @pg\nCREATE TABLE e (n TEXT); INSERT INTO e VALUES ('pg');\n-- @end\n\
               -- @sqlite\nCREATE TABLE e (n TEXT); INSERT INTO e VALUES ('sqlite');\n-- @end\n",
    },
    Migration { file: "0003_third", text: "ALTER TABLE a ADD COLUMN b TEXT; UPDATE a SET b = 'x';" },
];
static EDITED: &[Migration] =
    &[Migration { file: "0001_first", text: "CREATE TABLE a (id TEXT);" }, STEPS[1], STEPS[2]];
static BROKEN: &[Migration] = &[
    STEPS[0],
    Migration { file: "0002_broken", text: "CREATE TABLE c (id BIGINT); INSERT INTO c VALUES (1); SELEC;" },
];

fn columns(store: &TestStore) -> Vec<Vec<Value>> {
    let rows = store.read_blocking(|tx| match tx.engine() {
        Engine::Sqlite => tx.all(
            "SELECT t.name, c.name, c.type FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
             WHERE t.type = 'table' ORDER BY 1, 2",
            &[],
        ),
        Engine::Postgres => tx.all(
            "SELECT table_name::TEXT, column_name::TEXT, data_type::TEXT FROM information_schema.columns
             WHERE table_schema = current_schema() ORDER BY 1, 2",
            &[],
        ),
    });
    rows.unwrap().iter().map(|row| row.values().to_vec()).collect()
}

/// PROP-68
#[test]
fn every_earlier_version_comes_to_the_same_schema() {
    both_engines_migrated(|fresh| {
        let expected = columns(&fresh);
        assert!(expected.len() > MIGRATIONS.len());
        for from in 0..=MIGRATIONS.len() {
            let store = TestStore::empty(fresh.engine());
            migrate_with(&store, &MIGRATIONS[..from], NOW).unwrap();
            let done = migrate(&store, NOW).unwrap();
            assert_eq!((done.from as usize, done.to as usize), (from, MIGRATIONS.len()));
            assert_eq!(columns(&store), expected, "from version {from}");
            require_current(&store).unwrap();
        }
    });
}

/// PROP-68
#[test]
fn a_second_run_changes_nothing() {
    both_engines(|store| {
        migrate_with(&store, STEPS, NOW).unwrap();
        let before = columns(&store);
        let again = migrate_with(&store, STEPS, NOW).unwrap();
        assert_eq!((again.from, again.to, again.backup, again.notice), (3, 3, None, None));
        assert_eq!(columns(&store), before);
        let row = store.read_blocking(|tx| tx.one("SELECT n FROM e", &[])).unwrap().unwrap();
        let own = if store.engine() == Engine::Sqlite { "sqlite" } else { "pg" };
        assert_eq!(row.get::<String>(0), Ok(own.into()));
    });
}

/// PROP-68
#[test]
fn each_applied_step_is_kept_with_its_time() {
    both_engines(|store| {
        migrate_with(&store, STEPS, NOW).unwrap();
        let sql = "SELECT version, name, applied_at FROM schema_version ORDER BY version";
        let rows = store.read_blocking(move |tx| tx.all(sql, &[])).unwrap();
        let rows: Vec<_> = rows.iter().map(|row| row.values().to_vec()).collect();
        assert_eq!(rows[2], values![3, "third", MADE_AT]);
        assert_eq!(rows.len(), 3);
    });
}

/// PROP-68
#[test]
fn an_upgrade_takes_a_copy_or_asks_for_one() {
    both_engines(|store| {
        let first = migrate_with(&store, &STEPS[..2], NOW).unwrap();
        assert_eq!((first.backup, first.notice), (None, None));
        let second = migrate_with(&store, STEPS, NOW).unwrap();
        match store.engine() {
            Engine::Sqlite => {
                let copy = second.backup.unwrap();
                assert_eq!(copy, store.folder().join("backup/pre-migration-v2-20260101T000000.db"));
                verify(&copy, Depth::Full).unwrap();
                let old =
                    huiyin_store::Store::open(&huiyin_store::StoreConfig::sqlite_read_only(copy)).unwrap();
                let row = old.read_blocking(|tx| tx.one("SELECT COUNT(*) FROM schema_version", &[])).unwrap();
                assert_eq!(row.unwrap().get::<i64>(0), Ok(2));
            }
            Engine::Postgres => assert!(second.notice.unwrap().contains("huiyin backup")),
        }
    });
}

/// PROP-68
#[test]
fn a_fresh_backup_silences_the_notice() {
    let store = TestStore::empty(Engine::Postgres);
    migrate_with(&store, &STEPS[..1], NOW).unwrap();
    let done = migrate_with(&store, STEPS, Upgrade { backup_done: true, ..NOW }).unwrap();
    assert_eq!(done.notice, None);
}

/// PROP-68
#[test]
fn a_newer_database_and_an_edited_step_are_refused() {
    both_engines(|store| {
        migrate_with(&store, STEPS, NOW).unwrap();
        let newer = migrate_with(&store, &STEPS[..2], NOW).unwrap_err();
        assert!(newer.to_string().contains("use the newer binary"), "{newer}");
        let edited = migrate_with(&store, EDITED, NOW).unwrap_err();
        assert!(edited.to_string().contains("migration 1 (first)"), "{edited}");
        let strange = state(&store).unwrap_err();
        assert!(matches!(strange, StoreError::Migration { .. }), "{strange:?}");
    });
}

/// PROP-68
#[test]
fn a_step_that_fails_leaves_the_old_version_whole() {
    both_engines(|store| {
        migrate_with(&store, &STEPS[..1], NOW).unwrap();
        let before = columns(&store);
        migrate_with(&store, BROKEN, NOW).unwrap_err();
        assert_eq!(columns(&store), before);
        assert_eq!(migrate_with(&store, STEPS, NOW).unwrap().from, 1);
    });
}

/// PROP-68
#[test]
fn an_empty_database_is_not_current() {
    both_engines(|store| {
        let refused = require_current(&store).unwrap_err();
        assert!(refused.to_string().contains("huiyin migrate"), "{refused}");
    });
}

/// PROP-68
#[test]
fn two_processes_that_upgrade_at_once_do_it_once() {
    both_engines(|store| {
        let other = huiyin_store::Store::open(store.config()).unwrap();
        std::thread::scope(|scope| {
            for store in [&store, &other] {
                scope.spawn(|| migrate_with(store, STEPS, NOW).unwrap());
            }
        });
        let row = store.read_blocking(|tx| tx.one("SELECT COUNT(*) FROM schema_version", &[])).unwrap();
        assert_eq!(row.unwrap().get::<i64>(0), Ok(3));
    });
}
