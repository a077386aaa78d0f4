//! `huiyin report`: the prescribed reports as files, beside a running server;
//! freezing one writes, and so needs the folder for itself.

use crate::command::admin::explained;
use crate::command::export::unit_of;
use crate::command::import::organisation_of;
use crate::command::language::Language;
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use huiyin_app::report::{self, NewReport, ReportOut};
use huiyin_app::{Actor, App, Ctx};
use huiyin_domain::count::ReportKind;
use huiyin_i18n::{Locale, word};
use huiyin_reports::{Document, html, xlsx};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A report command with where the data are.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// What to do
    #[command(subcommand)]
    command: Report,
}

/// What to do with reports.
#[derive(Debug, Subcommand)]
enum Report {
    /// Monthly complaint analysis, 28th to 27th
    Month(Written),
    /// Monthly complaint statistics, item by item
    Statistics(Written),
    /// Quarterly complaint analysis
    Quarter(Written),
    /// Construction legacy of a quarter
    Legacy(Written),
    /// Typical cases of a month
    Cases(Written),
    /// Complaints of a day, a part for each department
    Day(Written),
    /// List the reports that were drafted
    List(Listed),
    /// Freeze a report with the list of what it counted
    Freeze(Frozen),
}

/// Which report.
#[derive(Debug, Args)]
struct Which {
    /// Month, quarter or day: 2026-10, 2026-q4, 2026-10-28
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// First day of a month's period; 28 when not said
    #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=28))]
    cut: Option<u8>,
    /// Code of a unit; with those below it
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// A report to write into a file.
#[derive(Debug, Args)]
struct Written {
    #[command(flatten)]
    which: Which,
    /// Format of the file
    #[arg(long, value_enum, default_value = "html")]
    format: Shape,
    /// Font for PDF; one of the system's when not said
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    /// File to write; - is standard output
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Language of the report
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    lang: Language,
}

/// The list of reports.
#[derive(Debug, Args)]
struct Listed {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// The report to freeze.
#[derive(Debug, Args)]
struct Frozen {
    /// Which report
    #[arg(long)]
    kind: ReportKind,
    #[command(flatten)]
    which: Which,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    Html,
    Xlsx,
    Json,
    /// Needs a build with --features pdf and a font with Chinese
    Pdf,
}

/// Runs a report command.
///
/// # Errors
/// [`Usage`] when a period or unit is none, else when database or output fail.
pub fn run(args: &ReportArgs, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let (kind, written) = match &args.command {
        Report::Month(written) => (ReportKind::MonthlyAnalysis, written),
        Report::Statistics(written) => (ReportKind::MonthlyStatistics, written),
        Report::Quarter(written) => (ReportKind::QuarterlyAnalysis, written),
        Report::Legacy(written) => (ReportKind::QuarterlyLegacy, written),
        Report::Cases(written) => (ReportKind::TypicalCases, written),
        Report::Day(written) => (ReportKind::DailyParts, written),
        Report::List(listed) => return list(listed),
        Report::Freeze(frozen) => return freeze(frozen),
    };
    let store = written.which.place.settle_database()?.open_to_show()?;
    let app = app(&store)?;
    let done = settled(&app, kind, &written.which).and_then(|(ctx, new)| write(&app, ctx, new, written));
    store.close();
    done
}

/// Turns names into what is asked of the reports.
fn settled(app: &App, kind: ReportKind, which: &Which) -> anyhow::Result<(Ctx, NewReport)> {
    let org = organisation_of(app, which.org.clone())?;
    let ctx = app.ctx(Actor::command_line(org), "report", Locale::default());
    let period = kind.period(&which.period, which.cut).map_err(|error| Usage(error.to_string()))?;
    let unit = which.unit.as_deref().map(|code| unit_of(app, &ctx, code)).transpose()?;
    Ok((ctx, NewReport { kind, period, unit }))
}

fn write(app: &App, ctx: Ctx, new: NewReport, args: &Written) -> anyhow::Result<()> {
    let rules = app.rules.clone();
    let shown = app.store.snapshot_read_blocking(move |tx| report::show(tx, &ctx, &rules, &new));
    let shown = shown.map_err(|error| explained(&error))?;
    let bytes = rendered(&shown, (args.format, args.font.as_deref()), args.lang.locale())?;
    if args.output == Path::new("-") {
        return Ok(std::io::stdout().lock().write_all(&bytes)?);
    }
    std::fs::write(&args.output, bytes).with_context(|| format!("cannot write {}", args.output.display()))
}

fn rendered(
    document: &Document,
    (shape, font): (Shape, Option<&Path>),
    locale: Locale,
) -> anyhow::Result<Vec<u8>> {
    let words = |name: &str| word(locale, name);
    Ok(match shape {
        Shape::Html => html(document, locale, &words).into_bytes(),
        Shape::Xlsx => xlsx(document, locale, &words)?,
        Shape::Json => serde_json::to_vec_pretty(document)?,
        Shape::Pdf => printed(document, locale, font)?,
    })
}

#[cfg(feature = "pdf")]
fn printed(document: &Document, locale: Locale, font: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    let font = huiyin_reports::Font::found(font)?;
    Ok(huiyin_reports::pdf(document, locale, &|name: &str| word(locale, name), &font)?)
}

#[cfg(not(feature = "pdf"))]
fn printed(_: &Document, _: Locale, _: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!(Usage(
        "this build writes no PDF; take html and print it, or build with --features pdf".into()
    ))
}

/// The most reports that are listed.
const MOST: u32 = 200;

fn list(args: &Listed) -> anyhow::Result<()> {
    let store = args.place.settle_database()?.open_to_show()?;
    let app = app(&store)?;
    let org = organisation_of(&app, args.org.clone())?;
    let ctx = app.ctx(Actor::command_line(org), "report", Locale::default());
    let rules = app.rules.clone();
    let found = app.store.read_blocking(move |tx| report::list(tx, &ctx, &rules, (None, None), MOST));
    store.close();
    let found: Vec<ReportOut> = found.map_err(|error| explained(&error))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?);
    }
    for one in found {
        let state = if one.frozen_at.is_some() { "frozen" } else { "draft" };
        let due = one.due.map_or_else(|| "-".to_owned(), |due| due.to_string());
        writeln!(out, "{} {} {} {state} due {due}", one.id, one.kind, one.period)?;
    }
    Ok(())
}

fn freeze(args: &Frozen) -> anyhow::Result<()> {
    let place = args.which.place.settle_database()?;
    let _claim = place.claim()?;
    let store = open_current(&place)?;
    let app = app(&store)?;
    let done = settled(&app, args.kind, &args.which).and_then(|(ctx, new)| {
        let rules = app.rules.clone();
        let frozen = app.store.write_blocking(move |tx| {
            let found = match report::find(tx, &ctx, &rules, &new) {
                Err(error) if error.code() == "not_found" => report::draft(tx, &ctx, &rules, &new)?,
                other => other?,
            };
            report::freeze(tx, &ctx, &rules, (found.id, found.version))
        });
        frozen.map_err(|error| explained(&error))
    });
    store.close();
    let frozen = done?;
    writeln!(std::io::stdout().lock(), "{} {}", frozen.id, frozen.digest.unwrap_or_default())?;
    Ok(())
}
