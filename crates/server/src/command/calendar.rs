//! `huiyin calendar`: due times with their explanation, a year, an import.

mod batch;
mod due;
#[cfg(test)]
mod tests;
mod year;

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
}

/// Runs a calendar command with the calendar given, writing to `out`.
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
    }
}
