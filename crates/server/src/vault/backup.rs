//! A copy of everything, taken beside the running server.
//!
//! It gets its name only when it is complete and was read back.

use super::files::{attachments, below, copy, private_folder, slashed};
use super::manifest::{AnchorNamed, FileSum, MANIFEST, Manifest, sum};
use super::{ANCHORS, ERASURES, LAST_BACKUP, TLS, anchor_files, dump, erasure_file, mark};
use crate::place::Settled;
use anyhow::Context as _;
use huiyin_app::Copies;
use huiyin_domain::time::Timestamp;
use huiyin_store::backup as embedded;
use huiyin_store::case::anchor;
use huiyin_store::portable;
use huiyin_store::{Store, StoreConfig, StoreError, migrate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What begins the name of every backup.
const PREFIX: &str = "huiyin-";

/// Folder of attachments in a backup.
pub const FILES: &str = "files";

/// Is told what is being done.
pub type Report = Arc<dyn Fn(&str) + Send + Sync>;

/// What is kept of the last good backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// The moment that it shows.
    pub at: Timestamp,
    /// Where it was put.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

impl LastBackup {
    /// Reads what is known; nothing when there was none.
    #[must_use]
    pub fn read(home: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(home.join(LAST_BACKUP)).ok()?).ok()
    }
}

/// The copies that are noted beside the data.
pub struct Noted(pub PathBuf);

impl Copies for Noted {
    fn last(&self) -> Option<Timestamp> {
        LastBackup::read(&self.0).map(|last| last.at)
    }
}

/// A backup that was taken.
#[derive(Debug)]
pub struct Taken {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// Takes a backup into a new folder below `output`.
///
/// # Errors
/// When something cannot be read, written or read back; nothing is left then.
pub fn take(
    settled: &Settled,
    store: &Store,
    (output, now): (&Path, &dyn Fn() -> Timestamp),
    report: &Report,
) -> anyhow::Result<Taken> {
    mark::require(settled, store)?;
    private_folder(output)?;
    let began_at = now();
    let name = format!("{PREFIX}{}", stamp(began_at));
    let path = free_name(output, &name);
    let partial = output.join(format!(".{name}.partial-{}", std::process::id()));
    private_folder(&partial)?;
    let made = fill(settled, store, &partial, (began_at, now), report);
    let manifest = match made {
        Ok(manifest) => manifest,
        Err(error) => {
            // the cause matters more than a leftover, which nothing takes for a backup
            let _ = fs::remove_dir_all(&partial);
            return Err(error.context("no backup was made"));
        }
    };
    fs::rename(&partial, &path).with_context(|| format!("cannot name the backup {}", path.display()))?;
    File::open(output)?.sync_all()?;
    let last = LastBackup { at: began_at, path: path.display().to_string(), bytes: manifest.bytes() };
    remember(settled.home(), &last)?;
    Ok(Taken { path, manifest })
}

fn fill(
    settled: &Settled,
    store: &Store,
    folder: &Path,
    (began_at, now): (Timestamp, &dyn Fn() -> Timestamp),
    report: &Report,
) -> anyhow::Result<Manifest> {
    let schema = migrate::state(store)?.version;
    private_folder(&folder.join(dump::DATABASE))?;
    let (tables, anchor) = match settled.database() {
        Some(source) => {
            embedded_copy(source, &folder.join(dump::DATABASE).join(crate::place::DATABASE), report)?
        }
        None => server_copy(store, &folder.join(dump::DATABASE), report)?,
    };
    // files after the database: a file without a row is harmless, not the other way round
    report("copying files");
    let mut files = Vec::new();
    for part in attachments(&settled.files)? {
        let name = format!("{FILES}/{}", slashed(&part));
        // one that was lawfully erased meanwhile is gone, and rightly
        if settled.files.join(&part).exists() {
            files.push(copy(&settled.files.join(&part), &folder.join(&name), &name)?);
        }
    }
    let keys = settled.keys();
    for part in below(&keys)? {
        let name = format!("{TLS}/{}", slashed(&part));
        files.push(copy(&keys.join(&part), &folder.join(&name), &name)?);
    }
    let last = anchor.as_ref().map_or(0, |anchor| anchor.id);
    files.extend(copy_anchors(settled.home(), folder, last)?);
    let log = settled.home().join(ERASURES);
    let erasures = erasure_file::read(&log)?.len() as u64;
    if log.exists() {
        files.push(copy(&log, &folder.join(ERASURES), ERASURES)?);
    }
    for part in below(&folder.join(dump::DATABASE))? {
        let name = format!("{}/{}", dump::DATABASE, slashed(&part));
        files.push(sum(&folder.join(&name), &name)?);
    }
    let mut manifest = Manifest {
        form: Manifest::form(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: if settled.is_shared() { "postgres" } else { "sqlite" }.to_owned(),
        schema,
        began_at,
        finished_at: began_at,
        tables,
        anchor,
        erasures,
        files,
    };
    report("reading the copy back");
    manifest.verify(folder, &mut |_| {})?;
    manifest.finished_at = now();
    write_whole(&folder.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)?;
    Ok(manifest)
}

type Copied = (BTreeMap<String, u64>, Option<AnchorNamed>);

fn embedded_copy(source: &Path, target: &Path, report: &Report) -> anyhow::Result<Copied> {
    embedded::copy(source, target, &mut |step| {
        report(&format!("copying the database: {} of {} pages", step.done, step.total));
    })?;
    let copy = Store::open(&StoreConfig::sqlite_read_only(target))?;
    let counted = copy.read_blocking(|tx| {
        let mut counts = BTreeMap::new();
        for table in portable::tables(tx)? {
            let count = portable::count(tx, &table)?;
            counts.insert(table.name, count);
        }
        Ok::<_, StoreError>((counts, named(anchor::last(tx)?)))
    });
    copy.close();
    Ok(counted?)
}

fn server_copy(store: &Store, folder: &Path, report: &Report) -> anyhow::Result<Copied> {
    let tell = Arc::clone(report);
    let counts = dump::write(store, folder, move |table| tell(&format!("copying table {table}")))?;
    let mut last: Option<AnchorNamed> = None;
    let path = folder.join("anchors.jsonl.gz");
    dump::read(&path, 500, &mut |table, rows| {
        let at = |name: &str| table.columns.iter().position(|column| column == name);
        for row in rows {
            let value = |name: &str| at(name).and_then(|at| row.get(at));
            if let (
                Some(huiyin_store::Value::Int(id)),
                Some(huiyin_store::Value::Int(moment)),
                Some(huiyin_store::Value::Text(digest)),
            ) = (value("id"), value("at"), value("digest"))
                && last.as_ref().is_none_or(|last| last.id < *id)
            {
                let at = Timestamp::from_micros(*moment);
                last = Some(AnchorNamed { id: *id, at, digest: digest.clone() });
            }
        }
        Ok(())
    })?;
    Ok((counts, last))
}

fn named(row: Option<anchor::AnchorRow>) -> Option<AnchorNamed> {
    row.map(|row| AnchorNamed { id: row.id, at: row.at, digest: row.digest })
}

/// Copies the anchors outside as far as the copy of the database knows them.
fn copy_anchors(home: &Path, folder: &Path, last: i64) -> anyhow::Result<Vec<FileSum>> {
    let mut text: BTreeMap<String, String> = BTreeMap::new();
    for line in anchor_files::lines(home)? {
        let Ok(line) = line else { continue };
        if line.id <= last {
            let month: String = line.at.to_string().chars().take(7).collect();
            let file = text.entry(month).or_default();
            file.push_str(&serde_json::to_string(&line)?);
            file.push('\n');
        }
    }
    private_folder(&folder.join(ANCHORS))?;
    let mut sums = Vec::new();
    for (month, lines) in text {
        let name = format!("{ANCHORS}/{month}.jsonl");
        write_whole(&folder.join(&name), lines.as_bytes())?;
        sums.push(sum(&folder.join(&name), &name)?);
    }
    Ok(sums)
}

fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file =
        super::files::create_private(path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

/// Notes the last good backup beside the data.
///
/// # Errors
/// When the folder cannot be written.
pub fn remember(home: &Path, last: &LastBackup) -> anyhow::Result<()> {
    let partial = home.join(format!("{LAST_BACKUP}.{}", std::process::id()));
    fs::write(&partial, serde_json::to_vec(last)?)?;
    fs::rename(&partial, home.join(LAST_BACKUP)).context("cannot note the backup")
}

/// The moment as it stands in a name: `20261122T043000Z`.
fn stamp(at: Timestamp) -> String {
    let text = at.to_string();
    let whole = text.split(['.', 'Z', '+']).next().unwrap_or_default();
    format!("{}Z", whole.replace(['-', ':'], ""))
}

fn free_name(output: &Path, name: &str) -> PathBuf {
    let mut path = output.join(name);
    let mut again = 1;
    while path.exists() {
        again += 1;
        path = output.join(format!("{name}-{again}"));
    }
    path
}

/// Lists complete backups, oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(output: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if output.exists() {
        for entry in fs::read_dir(output)? {
            let entry = entry?;
            let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            if ours && entry.path().join(MANIFEST).exists() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Removes what processes that were killed left half-way.
///
/// Only for who has the turn: nobody else works on one then.
///
/// # Errors
/// When one cannot be removed.
pub fn clear_torn(output: &Path) -> anyhow::Result<()> {
    if !output.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(output).with_context(|| format!("cannot read {}", output.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(&format!(".{PREFIX}")) && name.contains(".partial-") {
            fs::remove_dir_all(entry.path())
                .with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// Gives the newest complete backup.
///
/// # Errors
/// When the folder cannot be read.
pub fn newest(output: &Path) -> anyhow::Result<Option<PathBuf>> {
    Ok(list(output)?.pop())
}

/// Removes the oldest backups, so that `keep` are left; gives which.
///
/// # Errors
/// When one cannot be removed.
pub fn retire(output: &Path, keep: usize) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = list(output)?;
    let gone = all.len().saturating_sub(keep.max(1));
    all.truncate(gone);
    for path in &all {
        // without its manifest it is no backup any more, should this be cut short
        fs::remove_file(path.join(MANIFEST))?;
        fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(all)
}
