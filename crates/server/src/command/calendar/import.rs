//! `huiyin calendar import` and `huiyin calendar list`: those of an organisation.

use super::year;
use crate::command::admin::explained;
use crate::command::import::organisation_of;
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use huiyin_app::case::{self, CalendarLine};
use huiyin_app::{Actor, App, Ctx};
use huiyin_domain::locale::Locale;
use serde_json::json;
use std::io::Write as _;
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

/// Whose calendars.
#[derive(Debug, clap::Args)]
pub struct Whose {
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Puts the days off into force; the server counts open limits again.
///
/// # Errors
/// Wrong lines, that the folder is in use, or what is refused.
pub fn run(args: &Import, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let notice = year::read(&args.file)?;
    let settled = args.whose.place.settle_database()?;
    let _claim = settled.claim()?;
    let store = open_current(&settled)?;
    let app = app(&store)?;
    let (ctx, rules, region) = (context(&app, &args.whose)?, app.rules.clone(), args.region.clone());
    let done = app
        .store
        .write_blocking(move |tx| case::import_calendar(tx, &ctx, &rules, (&notice, region.as_deref())));
    store.close();
    let done = done.map_err(|error| explained(&error))?;
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

fn context(app: &App, whose: &Whose) -> anyhow::Result<Ctx> {
    let org = organisation_of(app, whose.org.clone())?;
    Ok(app.ctx(Actor::command_line(org), "calendar", Locale::default()))
}

fn print(line: &CalendarLine, out: &mut impl std::io::Write) -> anyhow::Result<()> {
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
    let store = whose.place.settle_database()?.open_to_show()?;
    let app = app(&store)?;
    let (ctx, rules) = (context(&app, whose)?, app.rules.clone());
    let lines = app.store.read_blocking(move |tx| case::calendars(tx, &ctx, &rules));
    store.close();
    let lines = lines.map_err(|error| explained(&error))?;
    let mut out = std::io::stdout().lock();
    if whose.json {
        writeln!(out, "{}", json!({ "items": lines }))?;
        return Ok(());
    }
    lines.iter().try_for_each(|line| print(line, &mut out))
}
