//! One test body, both databases.
//!
//! SQLite gets a folder of its own per test, PostgreSQL a schema of its own:
//! measured on a busy machine, an empty schema costs 4 ms, one with the first
//! migration 70 ms, a database copied from a template with the same 115 ms.

use huiyin_domain::time::Timestamp;
use huiyin_store::migrate::{Upgrade, migrate};
use huiyin_store::sql::{PostgresConfig, SqliteConfig};
use huiyin_store::{Engine, Store, StoreConfig};
use postgres::{Client, NoTls};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Where the address of the test server is looked up.
pub const URL_VARIABLE: &str = "HUIYIN_TEST_POSTGRES_URL";
/// When migrated stores of tests were made: 2026-01-01T00:00:00Z.
pub const MADE_AT: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// A store of one test; its folder or schema goes away with it.
pub struct TestStore {
    store: Store,
    config: StoreConfig,
    folder: TempDir,
    schema: Option<Schema>,
}

/// A schema on the test server.
struct Schema {
    server: String,
    name: String,
}

/// Runs a test body on an empty store of each engine.
///
/// # Panics
/// When the body does, after naming the engine; when there is no test server.
pub fn both_engines(test: impl Fn(TestStore)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run_on(engine, || test(TestStore::empty(engine)));
    }
}

/// Runs a test body on a store of each engine that has the newest schema.
///
/// # Panics
/// As [`both_engines`].
pub fn both_engines_migrated(test: impl Fn(TestStore)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run_on(engine, || test(TestStore::migrated(engine)));
    }
}

/// Runs an async test body on a store of each engine that has the newest schema.
///
/// # Panics
/// As [`both_engines`].
pub fn both_engines_async<F: Future<Output = ()>>(test: impl Fn(TestStore) -> F) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run_on(engine, || runtime().block_on(test(TestStore::migrated(engine))));
    }
}

impl TestStore {
    /// Opens an empty store.
    ///
    /// # Panics
    /// When it cannot be opened, or there is no test server.
    #[must_use]
    pub fn empty(engine: Engine) -> Self {
        let folder = must(tempfile::tempdir(), "a temporary folder");
        match engine {
            Engine::Sqlite => {
                let path = folder.path().join("huiyin.db");
                let config = SqliteConfig { path, readers: 2, read_only: false, queue: 2_048 };
                Self::open(StoreConfig::Sqlite(config), folder, None)
            }
            Engine::Postgres => {
                let schema = Schema::create();
                let config = PostgresConfig { url: schema.url(), workers: 4, queue: 2_048 };
                Self::open(StoreConfig::Postgres(config), folder, Some(schema))
            }
        }
    }

    /// Opens a store with the newest schema.
    ///
    /// # Panics
    /// As [`empty`](TestStore::empty).
    #[must_use]
    pub fn migrated(engine: Engine) -> Self {
        let store = Self::empty(engine);
        must(migrate(&store.store, Upgrade { now: MADE_AT, backup_done: true }), "the newest schema");
        store
    }

    /// Gives how this store was opened, to open it again beside or after this one.
    #[must_use]
    pub const fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// Gives a folder that goes away with the store.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a script of a test, past the port; for damage and for other sessions.
    ///
    /// # Panics
    /// When the script fails, or the engine is not PostgreSQL.
    pub fn as_server_admin(&self, script: &str) {
        let Some(schema) = &self.schema else { panic!("not a store on a server") };
        run_script(&schema.url(), script);
    }

    /// Tells whether somebody waits for a change that is not committed yet: for
    /// a lock on the server, for the one writer of the file.
    ///
    /// # Panics
    /// When the server does not say.
    #[must_use]
    pub fn somebody_waits(&self) -> bool {
        let Some(schema) = &self.schema else { return self.store.queue_depth() > 0 };
        let waiting = format!(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = '{}' AND wait_event_type = 'Lock'",
            schema.name
        );
        let ask = || {
            must(
                must(Client::connect(&schema.server, NoTls), "a connection").query_one(&waiting, &[]),
                "a count",
            )
        };
        let row = std::thread::scope(|scope| scope.spawn(ask).join());
        must(row, "an answer").get::<_, i64>(0) > 0
    }

    fn open(config: StoreConfig, folder: TempDir, schema: Option<Schema>) -> Self {
        let store = must(Store::open(&config), "a store for the test");
        Self { store, config, folder, schema }
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        self.store.close();
        if let Some(schema) = &self.schema {
            run_script(&schema.server, &format!("DROP SCHEMA IF EXISTS {} CASCADE", schema.name));
        }
    }
}

impl Schema {
    fn create() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = server_url();
        let name = format!("t_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        // a killed run may have left one of the same name
        run_script(&server, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"));
        Self { server, name }
    }

    fn url(&self) -> String {
        let glue = if self.server.contains('?') { '&' } else { '?' };
        // the name of the application tells the connections of this test apart
        let name = &self.name;
        format!("{}{glue}application_name={name}&options=-c%20search_path%3D{name}", self.server)
    }
}

/// Gives the address of the test server.
///
/// # Panics
/// When the environment does not name one.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment, not by a command line")]
pub fn server_url() -> String {
    match std::env::var(URL_VARIABLE) {
        Ok(url) => url,
        Err(_) => panic!(
            "{URL_VARIABLE} is not set, and no engine is skipped: run scripts/test, or put scripts/postgres.sh run before the command"
        ),
    }
}

/// Builds the runtime of an async test.
///
/// # Panics
/// When the machine gives no threads.
#[must_use]
pub fn runtime() -> tokio::runtime::Runtime {
    must(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build(), "a runtime")
}

fn run_on(engine: Engine, test: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(test)) {
        eprintln!("the test failed on {engine:?}");
        resume_unwind(panic);
    }
}

/// Runs a script on a thread of its own, because the client must not meet a runtime.
fn run_script(url: &str, script: &str) {
    let work = || {
        let mut client = must(Client::connect(url, NoTls), "a connection to the test server");
        must(client.batch_execute(script), script);
    };
    let finished = std::thread::scope(|scope| scope.spawn(work).join());
    if finished.is_err() && !std::thread::panicking() {
        panic!("the script failed: {script}");
    }
}

fn must<T, E: std::fmt::Debug>(result: Result<T, E>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error:?}"),
    }
}
