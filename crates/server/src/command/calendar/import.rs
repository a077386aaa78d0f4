//! `huiyin calendar import` and `huiyin calendar list`: those of an organisation.

use super::year;
use crate::command::whose::Whose;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use huiyin_app::case::{self, CalendarLine};
use std::io::Write;
use std::path::PathBuf;

/// Which days off, for whom.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// CSV (date,name,off) or TOML file with the days off of a year
    file: PathBuf,
    /// Name of a region whose calendar they belong to, such as CN-XJ; the
    /// organisation follows it from then on
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    #[command(flatten)]
    whose: Whose,
}

/// Puts the days off into force; the server counts open limits again.
///
/// # Errors
/// Wrong lines, that the folder is in use, or what is refused.
pub fn run(args: &Import, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let notice = year::read(&args.file)?;
    let region = args.region.clone();
    let done = args.whose.change("calendar", move |tx, ctx, rules| {
        case::import_calendar(tx, ctx, rules, (&notice, region.as_deref()))
    })?;
    for doubt in &done.doubts {
        writeln!(std::io::stderr(), "warning: {doubt}")?;
    }
    let mut out = std::io::stdout().lock();
    if args.whose.json {
        writeln!(out, "{}", serde_json::to_string(&done)?)?;
        return Ok(());
    }
    print(&done.calendar, &mut out)?;
    writeln!(
        std::io::stderr(),
        "open limits are counted again by the server, from its next start at the latest"
    )?;
    Ok(())
}

fn print(line: &CalendarLine, out: &mut dyn Write) -> anyhow::Result<()> {
    let years = line.years.map_or_else(|| "every year".to_owned(), |y| format!("{}–{}", y.first, y.last));
    let state = if line.in_force { "in force" } else { "earlier" };
    let CalendarLine { name, version, regional, .. } = line;
    writeln!(out, "{name}@{version}\t{years}\t{regional} regional days\t{state}")?;
    Ok(())
}

/// Lists the calendar versions of an organisation, beside a running server.
///
/// # Errors
/// When the database cannot be read.
pub fn list(whose: &Whose, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    whose.list("calendar", case::calendars, print)
}
