//! `huiyin calendar`: due times with their explanation, a year, an import.

mod batch;
mod due;
mod import;
#[cfg(test)]
mod tests;
mod year;

use crate::logs::LogArgs;
use huiyin_domain::time::WorkingCalendar;
use std::io::Write;
use std::path::PathBuf;

/// What to do with the working calendar.
#[derive(Debug, clap::Subcommand)]
pub enum CalendarCommand {
    /// Print when a limit is due, and why
    Due(due::DueArgs),
    /// Fill in the due times of a CSV file with start, working_days, business_hours
    Batch {
        /// CSV file; the rows go to standard output
        file: PathBuf,
    },
    /// List the days off and make-up working days of a year
    Show {
        /// Year, 1970 to 2199
        #[arg(allow_hyphen_values = true)]
        year: String,
    },
    /// Check a file with a new year's days off (CSV date,name,off or TOML)
    Check {
        /// CSV or TOML file
        file: PathBuf,
    },
    /// Put a new year's or a region's days off into force for an organisation
    Import(Box<import::Import>),
    /// List the calendars of an organisation
    List(Box<import::Whose>),
}

/// Runs a calendar command of the command line.
///
/// # Errors
/// As [`run`], or what an organisation's data refuse.
pub fn start(command: &CalendarCommand, logs: &LogArgs) -> anyhow::Result<()> {
    match command {
        CalendarCommand::Import(args) => import::run(args, logs),
        CalendarCommand::List(whose) => import::list(whose, logs),
        other => run(other, &WorkingCalendar::china(), &mut std::io::stdout().lock()),
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
        CalendarCommand::Batch { file } => batch::fill_file(file, calendar, out),
        CalendarCommand::Show { year } => year::show(year, calendar, out),
        CalendarCommand::Check { file } => year::check(file, calendar, out),
        CalendarCommand::Import(_) | CalendarCommand::List(_) => Ok(()),
    }
}
