//! Bringing a backup back, into an empty place only.
//!
//! Any backup goes into either engine: rows are moved table by table where
//! file and database do not fit.

use super::backup::{FILES, Report};
use super::erasure_file::{self, ErasureLine};
use super::files::{below, copy, private_folder, slashed};
use super::manifest::Manifest;
use super::{ANCHORS, ERASURES, RESTORING, TLS, dump};
use crate::place::{DATABASE, LOCK, Settled};
use anyhow::{Context as _, bail};
use huiyin_app::attachment::Files;
use huiyin_app::ctx::Actor;
use huiyin_app::{App, Error, case, incident};
use huiyin_store::party::erasure;
use huiyin_store::people::organisation;
use huiyin_store::portable::{self, SCHEMA_TABLE, Table};
use huiyin_store::{Store, StoreConfig, StoreError, Value, migrate};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows moved in one transaction.
const ROWS: usize = 500;

/// Looks whether a place is empty enough to take a backup.
///
/// A log of erasures may lie there already: it is the one to be replayed.
///
/// # Errors
/// Says what is in the way and what to do.
pub fn require_empty(settled: &Settled) -> anyhow::Result<()> {
    let mut folders = BTreeSet::from([settled.files.clone()]);
    folders.extend(settled.folder.clone());
    for folder in folders.iter().filter(|folder| folder.exists()) {
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            let harmless = name == ERASURES || name == LOCK || folders.contains(&entry.path());
            if !harmless {
                bail!(
                    "{} is not empty, {} is in it; move it away or name another place: a restore never mixes",
                    folder.display(),
                    name.to_string_lossy()
                );
            }
        }
    }
    if settled.is_shared() {
        let store = settled.open()?;
        let tables = store.read_blocking(portable::tables);
        store.close();
        if let Some(table) = tables?.first() {
            bail!(
                "the database is not empty, it has the table {}; name an empty one: a restore never mixes",
                table.name
            );
        }
    }
    Ok(())
}

/// Puts database, files, keys and anchors into the place.
///
/// # Errors
/// When the backup is damaged or the place cannot be written; the place is
/// marked as incomplete then, and nothing will serve it.
pub fn put(
    settled: &Settled,
    (folder, manifest): (&Path, &Manifest),
    now: huiyin_domain::time::Timestamp,
    report: &Report,
) -> anyhow::Result<()> {
    let home = settled.home();
    private_folder(home)?;
    private_folder(&settled.files)?;
    let mark = home.join(RESTORING);
    File::create(&mark).and_then(|file| file.sync_all()).context("cannot mark the place")?;
    report("copying files");
    for (part, target) in
        [(FILES, settled.files.clone()), (ANCHORS, home.join(ANCHORS)), (TLS, settled.keys())]
    {
        for file in below(&folder.join(part))? {
            copy(&folder.join(part).join(&file), &target.join(&file), &slashed(&file))?;
        }
    }
    let source = Source::of(folder, manifest);
    match (&source, settled.database()) {
        (Source::Embedded(file), Some(target)) => {
            report("copying the database");
            copy(file, target, DATABASE)?;
        }
        _ => source.move_rows(settled, manifest, now, report)?,
    }
    let store = settled.open()?;
    let upgraded = migrate::migrate(&store, migrate::Upgrade { now, backup_done: true });
    let counted = upgraded.and_then(|_| store.read_blocking(counts));
    store.close();
    compare(manifest, &counted?)
}

/// Tells that the place is whole again.
///
/// # Errors
/// When the mark cannot be removed.
pub fn finish(settled: &Settled) -> anyhow::Result<()> {
    fs::remove_file(settled.home().join(RESTORING)).context("cannot remove the mark of the restore")
}

fn counts(tx: &mut huiyin_store::Tx<'_>) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    for table in portable::tables(tx)? {
        let count = portable::count(tx, &table)?;
        counts.insert(table.name, count);
    }
    Ok(counts)
}

fn compare(manifest: &Manifest, found: &BTreeMap<String, u64>) -> anyhow::Result<()> {
    for (table, rows) in manifest.tables.iter().filter(|(table, _)| *table != SCHEMA_TABLE) {
        let there = found.get(table).copied().unwrap_or(0);
        if there != *rows {
            bail!("table {table} has {there} rows where the backup has {rows}");
        }
    }
    Ok(())
}

/// The database of a backup.
enum Source {
    /// A copy of the embedded database.
    Embedded(PathBuf),
    /// A dump, one file per table.
    Dump(Vec<PathBuf>),
}

impl Source {
    fn of(folder: &Path, manifest: &Manifest) -> Self {
        let database = folder.join(dump::DATABASE);
        if manifest.engine == "sqlite" {
            return Self::Embedded(database.join(DATABASE));
        }
        let tables = manifest.tables.keys().filter(|table| *table != SCHEMA_TABLE);
        Self::Dump(tables.map(|table| database.join(format!("{table}.jsonl.gz"))).collect())
    }

    /// Moves all rows into an empty schema of the backup's own version.
    fn move_rows(
        self,
        settled: &Settled,
        manifest: &Manifest,
        now: huiyin_domain::time::Timestamp,
        report: &Report,
    ) -> anyhow::Result<()> {
        let known = usize::try_from(manifest.schema)?;
        let Some(list) = migrate::MIGRATIONS.get(..known) else {
            bail!(
                "the backup has schema {known}, this binary knows {}; use the newer binary",
                migrate::MIGRATIONS.len()
            );
        };
        let store = settled.open()?;
        migrate::migrate_with(&store, list, migrate::Upgrade { now, backup_done: true })?;
        let moved = match self {
            Self::Dump(files) => files.iter().try_for_each(|path| {
                dump::read(path, ROWS, &mut |table, rows| {
                    report(&format!("moving table {}", table.name));
                    Ok(add(&store, table.clone(), rows)?)
                })
            }),
            Self::Embedded(path) => move_embedded(&path, &store, report),
        };
        store.close();
        moved
    }
}

fn add(store: &Store, table: Table, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    store.write_blocking(move |tx| portable::insert(tx, &table, rows).map(drop))
}

fn move_embedded(path: &Path, target: &Store, report: &Report) -> anyhow::Result<()> {
    let source = Store::open(&StoreConfig::sqlite_read_only(path))?;
    let (target, report) = (target.clone(), Arc::clone(report));
    let moved = source.snapshot_read_blocking(move |tx| {
        for table in portable::tables(tx)?.into_iter().filter(|table| table.name != SCHEMA_TABLE) {
            report(&format!("moving table {}", table.name));
            let mut rows = Vec::new();
            portable::each(tx, &table, |row| {
                rows.push(row.values().to_vec());
                if rows.len() < ROWS {
                    Ok(())
                } else {
                    add(&target, table.clone(), std::mem::take(&mut rows))
                }
            })?;
            add(&target, table, rows)?;
        }
        Ok::<_, StoreError>(())
    });
    source.close();
    Ok(moved?)
}

/// What replaying the log of erasures did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Lines in all logs, each counted once.
    pub lines: usize,
    /// How many had something to erase again.
    pub erased: usize,
}

/// Erases again what was erased after the backup was taken.
///
/// # Errors
/// When a log is not readable, or the store refuses.
pub fn replay_erasures(app: &App, settled: &Settled, logs: &[PathBuf]) -> anyhow::Result<Replayed> {
    let mut lines: BTreeMap<String, ErasureLine> = BTreeMap::new();
    for log in logs {
        lines.extend(erasure_file::read(log)?.into_iter().map(|line| (line.id.clone(), line)));
    }
    let mut replayed = Replayed { lines: lines.len(), erased: 0 };
    for line in lines.into_values() {
        let row = line.row()?;
        let inside = app.clone();
        let erased = app.store.write_blocking(move |tx| {
            let Some(known) = organisation::by_code(tx, &line.organisation)? else { return Ok(false) };
            let ctx = inside.ctx(Actor::command_line(known.org), "restore", Default::default());
            match row.object_kind.as_str() {
                "case" => case::erase::replay(tx, &ctx, &row),
                incident::KIND => incident::replay(tx, &ctx, &row),
                "party" => {
                    let party = row.object_id.parse().map_err(Error::internal)?;
                    erasure::insert(tx, known.org, &row)?;
                    Ok(erasure::empty_party(tx, known.org, party, row.at)?)
                }
                _ => Ok(false),
            }
        })?;
        replayed.erased += usize::from(erased);
    }
    huiyin_app::attachment::remove_erased(&app.store, &Files::at(&settled.files))?;
    let from = huiyin_domain::time::Timestamp::from_micros(i64::MIN);
    erasure_file::append_missing(&app.store, settled.home(), from)?;
    Ok(replayed)
}
