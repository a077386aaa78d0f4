//! `huiyin backup`: a copy of everything, beside a running server.

use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use crate::progress::Progress;
use crate::vault::backup::{Report, take};
use crate::vault::turn::Turn;
use clap::Args;
use huiyin_app::{Clock as _, SystemClock};
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What to copy, and where to.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    /// Folder of backups; each one gets a folder of its own in it
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
    /// Print what was made as JSON
    #[arg(long)]
    json: bool,
}

/// Takes a backup and says where it is.
///
/// # Errors
/// When something cannot be read, written or read back.
pub fn run(args: &Backup, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let settled = args.place.settle()?;
    let store = settled.open_to_read()?;
    let began = Instant::now();
    let (progress, report) = told();
    let home = settled.home();
    let turn = match Turn::take(home)? {
        Some(turn) => turn,
        None => {
            report("another backup of these data is under way, waiting");
            Turn::wait(home)?
        }
    };
    let taken = take(&settled, &store, (&args.output, &|| SystemClock.now()), &report);
    progress.end();
    store.close();
    drop(turn);
    let taken = taken?;
    let manifest = &taken.manifest;
    let mut out = std::io::stdout().lock();
    if args.json {
        let line = json!({"path": taken.path, "bytes": manifest.bytes(), "shows": manifest.began_at,
            "files": manifest.files.len(), "anchor": manifest.anchor, "seconds": began.elapsed().as_secs_f64()});
        writeln!(out, "{line}")?;
        return Ok(());
    }
    writeln!(out, "backup: {}", taken.path.display())?;
    writeln!(out, "shows: {}", manifest.began_at)?;
    let (cases, events) = (manifest.tables.get("cases"), manifest.tables.get("events"));
    let (cases, events) = (cases.copied().unwrap_or(0), events.copied().unwrap_or(0));
    writeln!(
        out,
        "holds: {cases} cases, {events} events, {} files, {} bytes",
        manifest.files.len(),
        manifest.bytes()
    )?;
    match &manifest.anchor {
        Some(anchor) => writeln!(out, "last anchor: {} {}", anchor.id, anchor.digest)?,
        None => writeln!(out, "last anchor: none yet")?,
    }
    writeln!(out, "read back and complete after {:.1} s", began.elapsed().as_secs_f64())?;
    Ok(())
}

/// Shows on standard error what is being done.
pub fn told() -> (Progress, Report) {
    let progress = Progress::steps();
    let shown = progress.clone();
    (progress, Arc::new(move |what| shown.step(what)))
}
