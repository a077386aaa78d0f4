//! `huiyin migrate`: the schema of the database, forward to this version.

use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::{Place, Settled};
use crate::progress::Progress;
use clap::Args;
use huiyin_app::{Clock as _, SystemClock};
use huiyin_store::migrate::{self, Upgrade};
use std::io::Write as _;

/// Which database to bring forward.
#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    place: Place,
    /// A backup of the PostgreSQL database was just made
    #[arg(long)]
    backup_done: bool,
}

/// Upgrades the schema; an embedded database is copied before.
///
/// # Errors
/// When the folder is in use, or the database is newer or damaged.
pub fn run(args: &Migrate, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let settled = args.place.settle()?;
    let _claim = settled.claim()?;
    let store = settled.open()?;
    let upgrade = Upgrade { now: SystemClock.now(), backup_done: args.backup_done };
    let state = migrate::state(&store)?;
    let progress = Progress::steps();
    if state.version < state.latest {
        let from = state.version;
        writeln!(std::io::stderr(), "upgrading the schema from version {from} to {}", state.latest)?;
        progress.step("copying the database, then upgrading it");
    }
    let done = migrate::migrate(&store, upgrade);
    progress.end();
    let done = done?;
    let mut out = std::io::stdout().lock();
    if done.from == done.to {
        writeln!(out, "schema is at version {} already", done.to)?;
    } else {
        writeln!(out, "schema upgraded from version {} to {}", done.from, done.to)?;
    }
    if let Some(copy) = done.backup {
        writeln!(out, "the database as it was: {}", copy.display())?;
    }
    store.close();
    Ok(())
}

/// Opens the database and brings it to this version, as every start does.
///
/// # Errors
/// As [`run`].
pub fn open_current(settled: &Settled) -> anyhow::Result<huiyin_store::Store> {
    let store = settled.open()?;
    migrate::migrate(&store, Upgrade { now: SystemClock.now(), backup_done: false })?;
    Ok(store)
}
