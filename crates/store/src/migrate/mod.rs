//! The schema and its way forward from every version.
//!
//! A migration is a file `migrations/NNNN_topic.sql`, one text for both
//! engines; what differs stands between `-- @pg` or `-- @sqlite` and `-- @end`.
//! A file that was released is never edited: its checksum is kept in the
//! database. All missing migrations run in one transaction.

mod script;

use crate::backup;
use crate::sql::{Engine, Store, StoreError, Tx};
use crate::values;
use huiyin_domain::time::Timestamp;
use std::path::PathBuf;

/// One step of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// File name without ending: `0001_organisation`.
    pub file: &'static str,
    /// The whole text of the file.
    pub text: &'static str,
}

macro_rules! migrations {
    ($($file:literal),* $(,)?) => {
        /// All migrations of this binary, oldest first; append one line per new file.
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            file: $file,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $file, ".sql")),
        }),*];
    };
}

migrations![
    "0001_organisation",    // organisations, units, people, sign-in, audit
    "0002_case",            // cases, events, sealed texts, clocks, facts
    "0003_party",           // parties, households, addresses, phones, consent
    "0004_work",            // jobs, notifications, webhooks, duty, attachments
    "0005_anchors",         // finding the heads of one anchor
    "0006_access",          // how often it changed who may do what
    "0007_figures",         // what figures are made of
    "0008_report",          // prescribed reports with what they counted
    "0009_incident",        // incidents, their operations and members
    "0010_approval",        // approvals that wait, deputies
    "0011_paper",           // house papers, stock-take lines, rhythms
    "0012_pack_binding",    // which pack binds the cases of a unit
    "0013_figures_by_date", // indexes for figures dated by closing, visit or reply
    "0014_public",          // public pages of estates, skills for dispatch
    "0015_remedy",          // the ledger of remedies, measured taboos
    "0016_beat",            // what is done once in a while
    "0017_clock_holder",    // whose a limit is, in the due index
    "0018_major",           // major complaints, hot incidents, persons of a contact
    "0019_shelf",           // what people keep for themselves
    "0020_bulk",            // one action on many cases at once
    "0021_agreement",       // links by which customers confirm agreements
    "0022_prepared",        // what is said later, runs that stop, lists in other orders
    "0023_hot_mark",        // whether an incident is hot, among what figures are made of
    "0024_text",            // phrases that are not said and their hits
    "0025_text_model",      // models of categories, and what they suggested
    "0026_search",          // what the search indexes follow
    "0027_profile",         // what projects are meant to be, what people bring
    "0028_knowledge",       // articles, facts of estates, quizzes
    "0029_call",            // calls, agents, queues, lines, telephones, recordings
    "0030_menu",            // voice menus, prompts, recordings in the archive
    "0031_phone_desk",      // messages and promised calls, standings of customers
    "0032_stocktake",       // lines of a stock-take without an index by case
    "0033_item_marks",      // facts of an item, of all cases of its incident
];

/// What the caller knows about this upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// The time now, kept with each applied migration.
    pub now: Timestamp,
    /// Whether a PostgreSQL backup was just made; SQLite makes its own.
    pub backup_done: bool,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgraded {
    /// Version before; 0 for an empty database.
    pub from: u32,
    /// Version now.
    pub to: u32,
    /// The copy taken before, on SQLite.
    pub backup: Option<PathBuf>,
    /// What the operator should be told.
    pub notice: Option<String>,
}

/// Where the schema of a database stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaState {
    /// Version of the database; 0 when empty.
    pub version: u32,
    /// Newest version this binary knows.
    pub latest: u32,
}

impl Migration {
    /// Gives the number in front of the file name; 0 when there is none.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.file.split('_').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    /// Gives the topic behind the number.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.file.split_once('_').map_or(self.file, |(_, name)| name)
    }
}

/// Brings the schema to the version of this binary; does nothing when it is there.
///
/// Blocks; call it from a plain thread or before serving.
///
/// # Errors
/// [`StoreError::Migration`] when the database is newer than the binary or a
/// released migration was edited; nothing is changed then.
pub fn migrate(store: &Store, upgrade: Upgrade) -> Result<Upgraded, StoreError> {
    migrate_with(store, MIGRATIONS, upgrade)
}

/// Does what [`migrate`] does with another list; for tests.
///
/// # Errors
/// As [`migrate`].
pub fn migrate_with(
    store: &Store,
    list: &'static [Migration],
    upgrade: Upgrade,
) -> Result<Upgraded, StoreError> {
    script::check_list(list)?;
    let from = store.read_blocking(move |tx| current(tx, list))?;
    let to = list.len() as u32;
    let mut done = Upgraded { from, to, backup: None, notice: None };
    if from == to {
        return Ok(done);
    }
    if from > 0 {
        done.backup = copy_before(store, from, upgrade.now)?;
        if store.engine() == Engine::Postgres && !upgrade.backup_done {
            done.notice = Some(format!(
                "upgrading the schema from version {from} to {to} without a fresh backup; run `huiyin backup` before the next upgrade"
            ));
        }
    }
    if let Some(notice) = &done.notice {
        tracing::warn!("{notice}");
    }
    store.write_blocking(move |tx| apply(tx, list, upgrade.now))?;
    tracing::info!(from, to, "schema upgraded");
    Ok(done)
}

/// Tells where the schema stands, for commands that must not change it.
///
/// # Errors
/// As [`migrate`]: a newer database or an edited migration is refused.
pub fn state(store: &Store) -> Result<SchemaState, StoreError> {
    let version = store.read_blocking(|tx| current(tx, MIGRATIONS))?;
    Ok(SchemaState { version, latest: MIGRATIONS.len() as u32 })
}

/// Refuses a database whose schema is not exactly that of this binary.
///
/// # Errors
/// [`StoreError::Migration`] that says what to run.
pub fn require_current(store: &Store) -> Result<(), StoreError> {
    let SchemaState { version, latest } = state(store)?;
    if version == latest {
        return Ok(());
    }
    refuse(format!("the schema is at version {version}, this binary needs {latest}; run `huiyin migrate`"))
}

/// Copies an embedded database that holds something to `backup/` beside it.
fn copy_before(store: &Store, from: u32, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let Some(path) = store.path() else { return Ok(None) };
    let folder = path.with_file_name("backup");
    std::fs::create_dir_all(&folder).map_err(|error| StoreError::Migration {
        context: format!(
            "cannot make the folder {} for the copy before upgrading: {error}",
            folder.display()
        ),
    })?;
    let moment: String = now.to_string().chars().filter(|sign| !"-:".contains(*sign)).collect();
    let moment = moment.split(['.', 'Z']).next().unwrap_or_default();
    let mut copy = folder.join(format!("pre-migration-v{from}-{moment}.db"));
    let mut again = 1;
    // a copy of a failed attempt in the same second is kept too
    while copy.exists() {
        again += 1;
        copy = folder.join(format!("pre-migration-v{from}-{moment}-{again}.db"));
    }
    backup::copy(path, &copy, &mut |_| {})?;
    Ok(Some(copy))
}

/// Runs what is missing, in one transaction that no other process shares.
fn apply(tx: &mut Tx<'_>, list: &'static [Migration], now: Timestamp) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        // any number will do, as long as all processes take the same
        tx.all("SELECT pg_advisory_xact_lock(4801920202011)::TEXT", &[])?;
    }
    tx.execute(
        "CREATE TABLE IF NOT EXISTS schema_version (
           version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
        &[],
    )?;
    let version = current(tx, list)?;
    for migration in list.iter().filter(|migration| migration.version() > version) {
        tx.script(&script::for_engine(migration, tx.engine())?)?;
        tx.execute(
            "INSERT INTO schema_version (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
            &values![migration.version(), migration.name(), script::checksum(migration.text), now],
        )?;
    }
    Ok(())
}

/// Gives the version of the database after comparing it with the list.
fn current(tx: &mut Tx<'_>, list: &[Migration]) -> Result<u32, StoreError> {
    let there = match tx.engine() {
        Engine::Sqlite => {
            tx.one("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'", &[])?
        }
        Engine::Postgres => tx.one(
            "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'schema_version' AND schemaname = current_schema()",
            &[],
        )?,
    };
    if there.map_or(Ok(0), |row| row.get::<i64>(0))? == 0 {
        return Ok(0);
    }
    let applied = tx.all("SELECT version, name, checksum FROM schema_version ORDER BY version", &[])?;
    for (place, row) in applied.iter().enumerate() {
        let (version, name, checksum): (u32, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(migration) = list.get(place) else {
            return refuse(format!(
                "the database is at version {}, this binary knows only {}; use the newer binary",
                applied.len(),
                list.len()
            ));
        };
        if version as usize != place + 1 || checksum != script::checksum(migration.text) {
            return refuse(format!(
                "migration {version} ({name}) was applied with another text than this binary has; use the binary that made this database"
            ));
        }
    }
    Ok(applied.len() as u32)
}

fn refuse<T>(context: String) -> Result<T, StoreError> {
    Err(StoreError::Migration { context })
}
