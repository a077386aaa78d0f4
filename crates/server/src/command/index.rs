//! `huiyin index`: where the search index stands, and making it anew.

use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::{Place, Settled};
use crate::progress::Progress;
use crate::serve::index::{self as seats, Seat, Status};
use anyhow::bail;
use clap::{Args, Subcommand};
use huiyin_app::search::Follower;
use huiyin_domain::search::Finder as _;
use huiyin_search::Index;
use huiyin_store::search::documents;
use serde_json::json;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// How often a running server is asked how far it is.
const LOOK: Duration = Duration::from_millis(300);

/// What to do with the search index.
#[derive(Debug, Subcommand)]
pub enum IndexCommand {
    /// Say where the search index of each process stands
    Status(StatusArgs),
    /// Make the search index anew, beside a running server or without one
    Rebuild(RebuildArgs),
}

/// Which one to look at.
#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Which one to make.
#[derive(Debug, Args)]
pub struct RebuildArgs {
    #[command(flatten)]
    place: Place,
}

/// Does what is asked.
///
/// # Errors
/// When the place cannot be read, or the index not be made.
pub fn run(command: &IndexCommand, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    match command {
        IndexCommand::Status(args) => status(args),
        IndexCommand::Rebuild(args) => rebuild(&args.place.settle()?),
    }
}

fn status(args: &StatusArgs) -> anyhow::Result<()> {
    let settled = args.place.settle()?;
    let mut out = std::io::stdout().lock();
    let seats = seats::seats(&settled)?;
    if args.json {
        let line = |(folder, held): (PathBuf, bool)| json!({"folder": folder, "in_use": held, "status": seats::status(&folder)});
        let all: Vec<_> = seats.into_iter().map(line).collect();
        writeln!(out, "{}", json!({"indexes": all}))?;
        return Ok(());
    }
    if seats.is_empty() {
        writeln!(out, "there is no search index yet; a server makes it when it starts")?;
    }
    for (folder, held) in seats {
        writeln!(out, "{}", line(&folder, held, seats::status(&folder)))?;
    }
    Ok(())
}

/// Says in one line where an index stands.
fn line(folder: &Path, held: bool, status: Option<Status>) -> String {
    let folder = folder.display();
    let used = if held { "in use" } else { "not in use" };
    let Some(Status { standing, of, process }) = status else { return format!("{folder}: {used}, empty") };
    let used = if held { format!("in use by process {process}") } else { used.to_owned() };
    let mib = standing.bytes / (1 << 20);
    let following = match standing.mark {
        Some(mark) => {
            let (documents, segments) = (standing.documents, standing.segments);
            format!("{documents} documents, {mib} MiB in {segments} parts, up to change {}", mark.horizon)
        }
        None => "not complete yet".to_owned(),
    };
    let making = match (standing.building, of) {
        (Some(laid), Some(of)) => format!("; making a new one, {laid} of about {of}"),
        (Some(laid), None) => format!("; making a new one, {laid}"),
        (None, _) => String::new(),
    };
    format!("{folder}: {used}, {following}{making}")
}

fn rebuild(settled: &Settled) -> anyhow::Result<()> {
    let held: Vec<PathBuf> =
        seats::seats(settled)?.into_iter().filter(|(_, held)| *held).map(|(folder, _)| folder).collect();
    let progress = Progress::counting("documents");
    if held.is_empty() {
        let done = alone(settled, &progress);
        progress.end();
        let documents = done?;
        writeln!(std::io::stdout(), "the search index is made, {documents} documents")?;
        return Ok(());
    }
    for folder in &held {
        seats::request(folder)?;
    }
    let waited = held.iter().try_for_each(|folder| wait(folder, &progress));
    progress.end();
    waited?;
    writeln!(std::io::stdout(), "the search index of {} running process(es) is made anew", held.len())?;
    Ok(())
}

/// Waits until a running server has made its index anew.
fn wait(folder: &Path, progress: &Progress) -> anyhow::Result<()> {
    let (_kept, never) = sync_channel::<()>(1);
    while seats::is_requested(folder) {
        if !seats::is_held(folder)? {
            seats::answered(folder)?;
            bail!("the server has ended meanwhile; run the command again");
        }
        if let Some(status) = seats::status(folder)
            && let Some(laid) = status.standing.building
        {
            progress.done(laid, status.of);
        }
        // nobody sends: this only waits
        let _ = never.recv_timeout(LOOK);
    }
    Ok(())
}

/// Makes the index where no server runs.
fn alone(settled: &Settled, progress: &Progress) -> anyhow::Result<u64> {
    let _claim = settled.claim()?;
    let seat = Seat::take(settled)?;
    let store = crate::command::migrate::open_current(settled)?;
    let index = Arc::new(Index::at(&seat.folder));
    index.open();
    let app = crate::command::serve::app(&store)?.with_index(index.clone());
    let of = store.read_blocking(documents::total)?;
    let mut shown = |laid| {
        progress.done(laid, Some(of));
        true
    };
    Follower::new(&app)?.rebuild(&mut shown)?;
    let standing = index.standing();
    let documents = standing.documents;
    seats::tell(&seat.folder, &Status { standing, of: None, process: std::process::id() })?;
    seats::answered(&seat.folder)?;
    store.close();
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_domain::search::{Mark, Standing};

    /// Issue 6 §1: `index status` says how far a new index is.
    #[test]
    fn a_line_says_where_it_stands() {
        let folder = Path::new("index/0");
        assert_eq!(line(folder, false, None), "index/0: not in use, empty");
        let mark = Some(Mark { epoch: "e".into(), horizon: 41 });
        let standing = Standing { mark, documents: 3, bytes: 5 << 20, segments: 2, building: Some(7) };
        let status = Status { standing, of: Some(9), process: 12 };
        assert_eq!(
            line(folder, true, Some(status)),
            "index/0: in use by process 12, 3 documents, 5 MiB in 2 parts, up to change 41; making a \
             new one, 7 of about 9"
        );
    }
}
