//! `huiyin calendar`: due times with their explanation, a year, an import.

mod batch;
mod due;
mod import;
#[cfg(test)]
mod tests;
mod year;

use crate::command::admin::explained;
use crate::command::import::organisation_of;
use crate::command::serve::app;
use crate::command::whose::Whose;
use crate::logs::LogArgs;
use crate::outcome::Usage;
use crate::place::Place;
use anyhow::bail;
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::Store;
use std::io::Write;
use std::path::PathBuf;

/// What to do with the working calendar.
#[derive(Debug, clap::Subcommand)]
pub enum CalendarCommand {
    /// Print when a limit is due, and why
    Due(Box<due::DueArgs>),
    /// Fill in the due times of a CSV file with start, working_days, business_hours
    Batch {
        /// CSV file, UTF-8 or GB18030; the rows go to standard output
        file: PathBuf,
        #[command(flatten)]
        counting: Counting,
    },
    /// List the days off and make-up working days of a year
    Show {
        /// Year, 1970 to 2199
        #[arg(allow_hyphen_values = true)]
        year: String,
        #[command(flatten)]
        counting: Counting,
    },
    /// Check a file with a new year's days off (CSV date,name,off or TOML)
    Check {
        /// CSV or TOML file
        file: PathBuf,
    },
    /// Put a new year's or a region's days off into force for an organisation
    Import(Box<import::Import>),
    /// List the calendars of an organisation
    List(Box<Whose>),
}

/// By whose calendar it is counted: the national one, 09:00–18:00 without a
/// break, while no data are named.
#[derive(Debug, Default, clap::Args)]
pub struct Counting {
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Counting {
    /// Finds the calendar in force, beside a running server.
    ///
    /// # Errors
    /// [`Usage`] for an organisation without data, or when the data cannot be read.
    fn calendar(&self) -> anyhow::Result<WorkingCalendar> {
        if self.place.data.is_none() && self.place.database_url.is_none() {
            return match &self.org {
                None => Ok(WorkingCalendar::china()),
                Some(_) => bail!(Usage("--org: name the data too: --data DIR or --database-url URL".into())),
            };
        }
        let store = self.place.settle_database()?.open_to_show()?;
        let found = within(&store, self.org.clone());
        store.close();
        found
    }
}

fn within(store: &Store, org: Option<String>) -> anyhow::Result<WorkingCalendar> {
    let app = app(store)?;
    let org = organisation_of(&app, org)?;
    let rules = app.rules.clone();
    let held = app.store.read_blocking(move |tx| rules.of(tx, org));
    Ok(held.map_err(|error| explained(&error))?.calendar().clone())
}

/// Runs a calendar command of the command line.
///
/// # Errors
/// As [`run`], or what an organisation's data refuse.
pub fn start(command: &CalendarCommand, logs: &LogArgs) -> anyhow::Result<()> {
    match command {
        CalendarCommand::Import(args) => import::run(args, logs),
        CalendarCommand::List(whose) => import::list(whose, logs),
        other => run(other, &calendar_of(other)?, &mut std::io::stdout().lock()),
    }
}

fn calendar_of(command: &CalendarCommand) -> anyhow::Result<WorkingCalendar> {
    match command {
        CalendarCommand::Due(args) => args.counting.calendar(),
        CalendarCommand::Batch { counting, .. } | CalendarCommand::Show { counting, .. } => {
            counting.calendar()
        }
        _ => Ok(WorkingCalendar::china()),
    }
}

/// Runs a calendar command that needs no data, writing to `out`.
///
/// # Errors
/// Text for the person at the terminal: what is wrong, and where.
pub fn run(
    command: &CalendarCommand,
    calendar: &WorkingCalendar,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match command {
        CalendarCommand::Due(args) => due::print(args, calendar, out),
        CalendarCommand::Batch { file, .. } => batch::fill_file(file, calendar, out),
        CalendarCommand::Show { year, .. } => year::show(year, calendar, out),
        CalendarCommand::Check { file } => year::check(file, calendar, out),
        CalendarCommand::Import(_) | CalendarCommand::List(_) => Ok(()),
    }
}
