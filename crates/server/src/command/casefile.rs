//! `huiyin casefile`: the whole file of a case or an incident as one zip.

use crate::command::admin::explained;
use crate::command::import::organisation_of;
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use crate::progress::Progress;
use anyhow::Context as _;
use clap::Args;
use huiyin_app::casefile::{self, BundleFailed};
use huiyin_app::{Actor, attachment};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_i18n::{Locale, word};
use huiyin_store::case::read;
use huiyin_store::incident::read as incident;
use std::io::Write as _;
use std::path::PathBuf;

/// Which case or incident, and where to.
#[derive(Debug, Args)]
pub struct CaseFile {
    /// Number or id of the case, or number of the incident
    case: String,
    /// File to write
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Writes the zip; that it left is logged, so the folder must be free.
///
/// # Errors
/// When there is no such case, or database or output fail.
pub fn run(args: &CaseFile, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let settled = args.place.settle()?;
    let _claim = settled.claim()?;
    let store = open_current(&settled)?;
    let progress = Progress::steps();
    progress.step("writing the file of the case");
    let done = write(args, &app(&store)?.with_files(attachment::Files::at(&settled.files)));
    progress.end();
    store.close();
    let bytes = done?;
    writeln!(std::io::stderr().lock(), "{} bytes", bytes)?;
    Ok(())
}

/// What the number names.
enum Found {
    Case(CaseId),
    Incident(IncidentId),
}

fn write(args: &CaseFile, app: &huiyin_app::App) -> anyhow::Result<u64> {
    let org = organisation_of(app, args.org.clone())?;
    let (number, named) = (args.case.clone(), args.case.parse::<CaseId>().ok());
    let found = app.store.read_blocking(move |tx| {
        let case = match named {
            Some(id) => Some(id),
            None => read::by_number(tx, org, &number)?,
        };
        Ok::<_, huiyin_store::StoreError>(match case {
            Some(id) => Some(Found::Case(id)),
            None => incident::by_number(tx, org, &number)?.map(Found::Incident),
        })
    })?;
    let found = found.ok_or_else(|| Usage(format!("no case is called {}", args.case)))?;
    let ctx = app.ctx(Actor::command_line(org), "casefile", Locale::default());
    let cannot = || format!("cannot write {}", args.output.display());
    let options =
        std::fs::File::options().read(true).write(true).create(true).truncate(true).open(&args.output);
    let output = options.with_context(cannot)?;
    let made = match found {
        Found::Case(id) => casefile::write(app, &ctx, id, &word, output),
        Found::Incident(id) => casefile::write_incident(app, &ctx, id, &word, output),
    };
    let file = made.map_err(|error| match error {
        BundleFailed::App(error) => explained(&error),
        other => other.into(),
    })?;
    Ok(file.metadata()?.len())
}
