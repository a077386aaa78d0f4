//! `huiyin restore`: a backup into an empty place.

use crate::command::backup::told;
use crate::command::doctor::{self, Look};
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::{Found, Usage};
use crate::place::Place;
use crate::vault::ERASURES;
use crate::vault::backup::{LastBackup, remember};
use crate::vault::manifest::Manifest;
use crate::vault::restore::{finish, put, replay_erasures, require_empty};
use anyhow::bail;
use clap::Args;
use huiyin_app::{Clock as _, SystemClock};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

/// Which backup, and where to.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    /// The backup, or a folder of backups, of which the newest is taken
    #[arg(long, value_name = "BACKUP")]
    input: PathBuf,
    /// A newer log of erasures, from the machine that was lost
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

/// Cases that are looked at afterwards.
const SAMPLE: u64 = 200;

/// Restores a backup, erases again what was erased since, looks it through.
///
/// # Errors
/// When the place is not empty or the backup is damaged.
pub fn run(args: &Restore, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let settled = args.place.settle()?;
    if let Some(log) = args.erasures.as_deref().filter(|log| !log.is_file()) {
        bail!(Usage(format!("--erasures: {} is no file", log.display())));
    }
    require_empty(&settled)?;
    let began = Instant::now();
    let (folder, manifest) = Manifest::find(&args.input)?;
    let (progress, report) = told();
    report("reading the backup");
    manifest.verify(&folder, &mut |_| {})?;
    let _claim = settled.claim()?;
    put(&settled, (&folder, &manifest), SystemClock.now(), &report)?;
    let store = settled.open()?;
    let logs = [Some(folder.join(ERASURES)), Some(settled.home().join(ERASURES)), args.erasures.clone()];
    let logs: Vec<PathBuf> = logs.into_iter().flatten().collect();
    let replayed = replay_erasures(&app(&store)?, &settled, &logs);
    store.close();
    let replayed = replayed?;
    let known =
        LastBackup { at: manifest.began_at, path: folder.display().to_string(), bytes: manifest.bytes() };
    remember(settled.home(), &known)?;
    finish(&settled)?;
    progress.end();
    let mut out = std::io::stdout().lock();
    writeln!(out, "restored: {}", folder.display())?;
    writeln!(out, "shows: {}", manifest.began_at)?;
    writeln!(out, "erasures: {} in the logs, {} carried out again", replayed.lines, replayed.erased)?;
    drop(out);
    let look = Look { sample: Some(SAMPLE), since: None, json: false };
    let clean = doctor::examine(&settled, &look)?;
    writeln!(std::io::stdout(), "done after {:.1} s", began.elapsed().as_secs_f64())?;
    if clean { Ok(()) } else { Err(Found.into()) }
}
