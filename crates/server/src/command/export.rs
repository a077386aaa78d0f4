//! `huiyin export`: cases as CSV, XLSX or JSON Lines, beside a running server.

use crate::command::admin::explained;
use crate::command::import::organisation_of;
use crate::command::language::{Language, say};
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use crate::progress::Progress;
use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use huiyin_app::export::{self, ExportError, ExportRequest};
use huiyin_app::{Actor, App, Ctx};
use huiyin_domain::case::{Kind, Phase, Stage};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use huiyin_i18n::Locale;
use huiyin_store::case::CaseFilter;
use huiyin_store::people::{person, unit};
use huiyin_tabular::source::Format;
use huiyin_tabular::write::Headings;
use huiyin_tabular::{Output, WriteOptions};
use jiff::tz::TimeZone;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// How often it is looked how far the file has grown.
const LOOK: Duration = Duration::from_millis(500);

/// What to export.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Cases with times, limits and texts
    Cases(Box<Cases>),
}

/// Which cases, and where to.
#[derive(Debug, Args)]
pub struct Cases {
    /// Format of the table
    #[arg(long, value_enum)]
    format: Shape,
    /// File to write; - is standard output
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Headings in a language; the names for programs when not said
    #[arg(long, value_enum)]
    lang: Option<Language>,
    /// Begin CSV with the mark by which spreadsheets know UTF-8
    #[arg(long)]
    bom: bool,
    /// Add name, telephone number and address of the customer; this is logged
    #[arg(long)]
    personal: bool,
    #[command(flatten)]
    which: Which,
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// The formats of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    Csv,
    Xlsx,
    Jsonl,
}

impl Shape {
    const fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Xlsx => Format::Xlsx,
            Self::Jsonl => Format::Jsonl,
        }
    }
}

/// The filters of the list of cases.
#[derive(Clone, Debug, Args)]
struct Which {
    /// Stages or phases, with commas between them
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    status: Vec<String>,
    /// Kind of case
    #[arg(long)]
    kind: Option<Kind>,
    /// Final category, or intake category while there is none
    #[arg(long, value_name = "CODE")]
    category: Option<String>,
    /// Category at intake
    #[arg(long, value_name = "CODE")]
    intake_category: Option<String>,
    /// Cause
    #[arg(long, value_name = "CODE")]
    cause: Option<String>,
    /// Login of the owner
    #[arg(long, value_name = "LOGIN")]
    owner: Option<String>,
    /// Login of the handler
    #[arg(long, value_name = "LOGIN")]
    handler: Option<String>,
    /// Code of a unit; with those below it
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// With an open limit before
    #[arg(long, value_name = "TIME", value_parser = moment)]
    due_before: Option<Timestamp>,
    /// Received from
    #[arg(long, value_name = "TIME", value_parser = moment)]
    received_from: Option<Timestamp>,
    /// Received before
    #[arg(long, value_name = "TIME", value_parser = moment)]
    received_before: Option<Timestamp>,
    /// Number or external id
    #[arg(long, value_name = "TEXT")]
    q: Option<String>,
}

/// Reads a time, RFC 3339 with offset.
fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// Writes the table.
///
/// # Errors
/// [`Usage`] when a filter names nothing, else when database or output fail.
pub fn run(command: &Export, logs: &LogArgs) -> anyhow::Result<()> {
    let Export::Cases(args) = command;
    logs::start(logs).map_err(Usage)?;
    let settled = args.place.settle_database()?;
    let mut store = settled.open_to_show()?;
    if args.personal {
        // one line in the access log is written, beside whoever serves
        store.close();
        store = settled.open()?;
    }
    let progress = Progress::counting("bytes");
    let done = app(&store).and_then(|app| watching(&args.output, &progress, || write(args, &app)));
    progress.end();
    store.close();
    let written = done?;
    let mut notes = std::io::stderr().lock();
    writeln!(notes, "{} cases", written.rows)?;
    if written.cut_cells > 0 {
        writeln!(
            notes,
            "{} texts were cut: a cell of a workbook holds 32,767 characters",
            written.cut_cells
        )?;
    }
    Ok(())
}

/// Shows how far a file has grown while it is written.
fn watching<T>(output: &Path, progress: &Progress, work: impl FnOnce() -> T) -> T {
    let (ended, end) = sync_channel::<()>(0);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while end.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                if let Ok(grown) = std::fs::metadata(output) {
                    progress.done(grown.len(), None);
                }
            }
        });
        let done = work();
        drop(ended);
        done
    })
}

fn write(args: &Cases, app: &App) -> anyhow::Result<huiyin_tabular::write::Written> {
    let org = organisation_of(app, args.org.clone())?;
    let ctx = app.ctx(Actor::command_line(org), "export", Locale::default());
    let request = ExportRequest {
        filter: filter(args, app, &ctx)?,
        personal: args.personal,
        options: options(args, app, &ctx)?,
    };
    if args.personal {
        let (inside, format) = (ctx.clone(), args.format.format());
        let announced = app.store.write_blocking(move |tx| export::announce(tx, &inside, format, true));
        announced.map_err(|error| explained(&error))?;
    }
    let (rules, output) = (app.rules.clone(), args.output.clone());
    let done = app.store.snapshot_read_blocking(move |tx| {
        let output = if output == Path::new("-") {
            Output::Stream(Box::new(std::io::stdout()))
        } else {
            Output::File(&output)
        };
        export::cases(tx, &ctx, &rules, &request, output)
    });
    done.map_err(|error| match error {
        ExportError::File(error) => {
            anyhow::anyhow!("{}: {}", args.output.display(), say(Locale::En, error.code(), &error.params()))
        }
        ExportError::App(error) => explained(&error),
    })
}

/// Says how the table is written, in the zone of the organisation.
fn options(args: &Cases, app: &App, ctx: &Ctx) -> anyhow::Result<WriteOptions> {
    let inside = ctx.clone();
    let found = app.store.read_blocking(move |tx| huiyin_app::people::organisation::get(tx, &inside));
    let zone = TimeZone::get(&found.map_err(|error| explained(&error))?.zone)?;
    let headings = match args.lang {
        None => Headings::Keys,
        Some(Language::Zh) => Headings::Chinese,
        Some(Language::En) => Headings::English,
    };
    Ok(WriteOptions { headings, byte_order_mark: args.bom, ..WriteOptions::new(args.format.format(), zone) })
}

/// Turns names into what the list is filtered by.
fn filter(args: &Cases, app: &App, ctx: &Ctx) -> anyhow::Result<CaseFilter> {
    let which = &args.which;
    let mut filter = CaseFilter {
        kind: which.kind,
        category: which.category.clone(),
        intake_category: which.intake_category.clone(),
        cause: which.cause.clone(),
        due_before: which.due_before,
        received_from: which.received_from,
        received_before: which.received_before,
        name: which.q.clone(),
        ..CaseFilter::default()
    };
    for word in which.status.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        match (word.parse::<Stage>(), word.parse::<Phase>()) {
            (Ok(stage), _) => filter.stages.push(stage),
            (_, Ok(phase)) => filter.phases.push(phase),
            _ => bail!(Usage(format!("no stage or phase is called {word}"))),
        }
    }
    filter.owner = which.owner.as_deref().map(|login| person_of(app, login)).transpose()?;
    filter.handler = which.handler.as_deref().map(|login| person_of(app, login)).transpose()?;
    filter.unit = which.unit.as_deref().map(|code| unit_of(app, ctx, code)).transpose()?;
    Ok(filter)
}

fn person_of(app: &App, login: &str) -> anyhow::Result<PersonId> {
    let wanted = login.trim().to_lowercase();
    let found = app.store.read_blocking(move |tx| person::by_login(tx, &wanted))?;
    Ok(found.ok_or_else(|| Usage(format!("nobody has the login {login}")))?.id)
}

pub(super) fn unit_of(app: &App, ctx: &Ctx, code: &str) -> anyhow::Result<UnitId> {
    let (org, wanted) = (ctx.org(), code.to_owned());
    let found = app.store.read_blocking(move |tx| unit::by_code(tx, org, &wanted))?;
    Ok(found.ok_or_else(|| Usage(format!("no unit has the code {code}")))?.id)
}
