//! `huiyin doctor`: looks the data through, beside a running server.

use crate::logs::{self, LogArgs};
use crate::outcome::{Found, Usage};
use crate::place::{Place, Settled};
use crate::progress::Progress;
use crate::vault::backup::LastBackup;
use crate::vault::{anchor_files, room};
use clap::Args;
use huiyin_app::attachment::Files;
use huiyin_app::backup::Age;
use huiyin_app::doctor::{self, Asked, Examined, Finding, Severity, Told};
use huiyin_app::{Clock as _, SystemClock};
use huiyin_domain::time::Timestamp;
use huiyin_store::backup::{Depth, verify};
use huiyin_store::{Store, StoreError, migrate};
use serde::Serialize;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

/// What to look at.
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    look: Look,
}

/// How much to look at.
#[derive(Clone, Debug, Default, Args)]
pub struct Look {
    /// Look at about so many cases of each organisation only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub sample: Option<u64>,
    /// Look only at cases that changed since, such as 2026-11-01T00:00:00+08:00
    #[arg(long, value_name = "T", value_parser = moment)]
    pub since: Option<Timestamp>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// Findings on their way to the printing thread; more wait.
const QUEUE: usize = 256;

/// Looks the data through and says what it found.
///
/// # Errors
/// [`Found`] when something is broken; else when the data cannot be read.
pub fn run(args: &Doctor, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let settled = args.place.settle()?;
    if examine(&settled, &args.look)? { Ok(()) } else { Err(Found.into()) }
}

/// Looks a place through and prints; tells whether it is clean.
///
/// # Errors
/// When the data cannot be read at all.
pub fn examine(settled: &Settled, look: &Look) -> anyhow::Result<bool> {
    let began = Instant::now();
    let (tell, told) = sync_channel(QUEUE);
    let printed = std::thread::scope(|scope| {
        let json = look.json;
        let printer = scope.spawn(move || print_all(&told, json));
        let examined = all(settled, look, &tell);
        drop(tell);
        let printed =
            printer.join().map_err(|_| anyhow::anyhow!("the printing thread ended in a panic"))??;
        Ok::<_, anyhow::Error>((printed, examined?))
    });
    let (printed, seen) = printed?;
    summary(&printed, &seen, look, began)?;
    Ok(printed.broken == 0)
}

/// What was looked at, and what was not.
#[derive(Debug, Default)]
struct Seen {
    examined: Examined,
    files: u64,
    not_checked: Vec<String>,
}

fn all(settled: &Settled, look: &Look, tell: &SyncSender<Told>) -> anyhow::Result<Seen> {
    let now = SystemClock.now();
    let mut seen = Seen::default();
    if let Some(file) = settled.database() {
        let depth = if look.sample.is_some() || look.since.is_some() { Depth::Quick } else { Depth::Full };
        if let Err(error) = verify(file, depth) {
            let finding = Finding::broken("database_damaged", file.display().to_string(), error.to_string());
            say(tell, finding);
        }
    } else {
        seen.not_checked.push("pages and indexes of PostgreSQL itself (use pg_amcheck)".to_owned());
    }
    let looked = settled.open_to_read().and_then(|store| {
        let looked = within(&store, settled, (look, now), tell, &mut seen);
        store.close();
        looked
    });
    if let Err(error) = looked {
        if !is_damage(&error) {
            return Err(error);
        }
        let place = settled.database().map_or_else(String::new, |file| file.display().to_string());
        say(tell, Finding::broken("database_damaged", place, "it could not be read to its end"));
        seen.not_checked.push("what lies behind the damaged pages".to_owned());
    }
    around(settled, now, tell);
    Ok(seen)
}

/// Tells damage, which is a finding, from what keeps doctor from looking.
fn is_damage(error: &anyhow::Error) -> bool {
    let by_app = error.downcast_ref::<huiyin_app::Error>();
    let by_store = error.downcast_ref::<StoreError>();
    by_app.is_some_and(|error| error.code() == "database_damaged")
        || matches!(by_store, Some(StoreError::Corrupt { .. }))
}

fn within(
    store: &Store,
    settled: &Settled,
    (look, now): (&Look, Timestamp),
    tell: &SyncSender<Told>,
    seen: &mut Seen,
) -> anyhow::Result<()> {
    migrate::require_current(store)?;
    // read before the transaction begins: all of these are in the database by then
    let outside = anchor_files::lines(settled.home())?;
    let asked = Asked { sample: look.sample, since: look.since, now };
    let telling = tell.clone();
    seen.examined = store.snapshot_read_blocking(move |tx| {
        doctor::examine(tx, &asked, outside, &mut |told| drop(telling.send(told)))
    })?;
    if look.sample.is_some() || look.since.is_some() {
        seen.not_checked.push("the cases that were not chosen, and rows without a case".to_owned());
        seen.not_checked.push("the content of attached files".to_owned());
        return Ok(());
    }
    let (files, telling) = (Files::at(&settled.files), tell.clone());
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    store.snapshot_read_blocking(move |tx| {
        doctor::files(tx, &files, &mut |finding| {
            counted.fetch_add(1, Ordering::Relaxed);
            finding.into_iter().for_each(|finding| say(&telling, finding));
        })
    })?;
    seen.files = count.load(Ordering::Relaxed);
    Ok(())
}

/// The machine around the data: room, age of the last backup.
fn around(settled: &Settled, now: Timestamp, tell: &SyncSender<Told>) {
    let home = settled.home().display().to_string();
    match room::free(settled.home()) {
        Some(free) if free < room::LOW => {
            say(tell, Finding::care("disk_low", home.clone(), format!("{} MiB are free", free >> 20)));
        }
        _ => {}
    }
    let last = LastBackup::read(settled.home());
    match Age::of(last.as_ref().map(|last| last.at), now) {
        Age::Fresh(_) => {}
        Age::Missing => say(tell, Finding::care("backup_missing", home, "no backup of these data is known")),
        Age::Old(at) => {
            let detail = format!("the last backup is of {at}, older than 24 hours");
            say(tell, Finding::care("backup_old", last.map_or(home, |last| last.path), detail));
        }
    }
}

/// The printer outlives whoever tells it something; when it does not, the
/// caller finds out when it asks for the outcome.
fn say(tell: &SyncSender<Told>, finding: Finding) {
    drop(tell.send(Told::Finding(finding)));
}

/// What was printed or, for JSON, kept.
#[derive(Debug, Default)]
struct Printed {
    broken: u64,
    care: u64,
    kept: Vec<Finding>,
}

/// Findings that are kept for the JSON object; more are only counted.
const MOST: usize = 10_000;

fn print_all(told: &Receiver<Told>, json: bool) -> anyhow::Result<Printed> {
    let progress = Progress::counting("cases");
    let mut printed = Printed::default();
    for told in told {
        match told {
            Told::Progress(done, of) => progress.done(done, Some(of)),
            Told::Finding(finding) => {
                match finding.severity {
                    Severity::Broken => printed.broken += 1,
                    Severity::Care => printed.care += 1,
                }
                if !json {
                    progress.suspend(|| writeln!(std::io::stdout(), "{}", line(&finding)))?;
                } else if printed.kept.len() < MOST {
                    printed.kept.push(finding);
                }
            }
        }
    }
    progress.end();
    Ok(printed)
}

fn line(finding: &Finding) -> String {
    let kind = match finding.severity {
        Severity::Broken => "broken",
        Severity::Care => "care",
    };
    let mut line = format!("{kind} {}:", finding.code);
    for (name, value) in
        [("organisation", &finding.organisation), ("case", &finding.number), ("id", &finding.case)]
    {
        if let Some(value) = value {
            line.push_str(&format!(" {name} {value}"));
        }
    }
    line.push_str(&format!(" {}: {}", finding.place, finding.detail));
    line
}

#[derive(Serialize)]
struct Summary<'a> {
    clean: bool,
    broken: u64,
    care: u64,
    findings: &'a [Finding],
    cases: u64,
    events: u64,
    erased_texts: u64,
    erased_files: u64,
    papers: u64,
    anchors: u64,
    anchors_outside: u64,
    last_anchor: Option<&'a str>,
    files: u64,
    not_checked: &'a [String],
    seconds: f64,
}

fn summary(printed: &Printed, seen: &Seen, look: &Look, began: Instant) -> anyhow::Result<()> {
    let Examined { cases, events, erased, erased_files, papers, anchors } = &seen.examined;
    let seconds = began.elapsed().as_secs_f64();
    let last = anchors.last.as_ref().map(|anchor| anchor.digest.as_str());
    let mut out = std::io::stdout().lock();
    if look.json {
        let summary = Summary {
            clean: printed.broken == 0,
            broken: printed.broken,
            care: printed.care,
            findings: &printed.kept,
            cases: *cases,
            events: *events,
            erased_texts: *erased,
            erased_files: *erased_files,
            papers: *papers,
            anchors: anchors.inside,
            anchors_outside: anchors.outside,
            last_anchor: last,
            files: seen.files,
            not_checked: &seen.not_checked,
            seconds,
        };
        writeln!(out, "{}", serde_json::to_string(&summary)?)?;
        return Ok(());
    }
    writeln!(
        out,
        "looked at {cases} cases, {events} events, {papers} papers, {} anchors ({} outside), {} files in {seconds:.1} s",
        anchors.inside, anchors.outside, seen.files
    )?;
    if *erased > 0 || *erased_files > 0 {
        let what = format!("{erased} texts and {erased_files} files");
        writeln!(out, "erased: {what} are gone on lawful request, their commitments stand")?;
    }
    if let Some(last) = &anchors.last {
        writeln!(out, "last anchor: {} of {}, {}", last.id, last.at, last.digest)?;
    }
    for part in &seen.not_checked {
        writeln!(out, "not checked: {part}")?;
    }
    match (printed.broken, printed.care) {
        (0, 0) => writeln!(out, "clean")?,
        (0, care) => writeln!(out, "clean; {care} things need care")?,
        (broken, care) => writeln!(out, "{broken} things are broken, {care} need care")?,
    }
    Ok(())
}
