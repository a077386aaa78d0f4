//! `huiyin bench`: how fast this build is on this machine, measured.
//!
//! *Invariants*: the database is built and the server started by the bench
//! itself, on a folder or database that held nothing; every create and action
//! goes over HTTP to a server process of its own; a refusal fails the run.
//!
//! *Where to start*: [`run`] is the order of the measurements.

mod aims;
mod build;
pub mod calls;
mod client;
mod desk;
mod fresh;
mod ground;
mod history;
mod incident;
mod inside;
mod load;
mod machine;
mod outside;
mod report;
mod search;
mod server;

use crate::place::Settled;
use ground::Ground;
pub use report::Report;
use server::Server;
use std::io::Write as _;
use std::path::Path;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Subject {
    /// Record cases over HTTP, and directly as the control.
    Create,
    /// Take actions on cases.
    Action,
    /// Read a case with fifty entries and its history.
    Read,
    /// First and hundredth page of a filtered list.
    List,
    /// Let clocks fire.
    Tick,
    /// Take over history.
    Import,
    /// Figures of a month and of thirty-six.
    Report,
    /// Open and read the daily stock-take.
    Stocktake,
    /// Join and undo a thousand cases, look whether an incident is hot.
    Incident,
    /// Make a search index and ask it; alone, also how soon what is written is found.
    Search,
    /// Start to the first answer.
    Start,
}

/// How big and how long.
pub struct Scale {
    /// Cases to build.
    pub cases: u64,
    /// Entries of each.
    pub events: usize,
    /// Seconds of each measurement.
    pub seconds: u64,
    /// Clients at once, one measurement for each number.
    pub clients: Vec<usize>,
    /// Rows to import.
    pub rows: u32,
    /// What to measure; everything when empty.
    pub only: Vec<Subject>,
}

impl Scale {
    fn wants(&self, subject: Subject) -> bool {
        self.only.is_empty() || self.only.contains(&subject)
    }
}

/// Builds, measures, and gives the figures.
///
/// # Errors
/// When the place holds data already, or something measured is refused.
pub fn run(place: &Settled, scale: &Scale, folder: &Path) -> anyhow::Result<Report> {
    let mut report = Report::new(machine::facts(folder)?, scale);
    if scale.wants(Subject::Search) {
        say(format_args!("search index of {} cases", scale.cases))?;
        search::measured(folder, scale, &mut report)?;
        if scale.only == [Subject::Search] {
            let ground = Ground::laid(place)?;
            let token = ground.token.clone();
            drop(ground.close());
            let server = Server::started(place)?;
            fresh::measured(&server, &token, scale, &mut report)?;
            report.memory(server.memory()?);
            return Ok(report);
        }
    }
    say(format_args!("building {} cases of {} entries", scale.cases, scale.events))?;
    let ground = Ground::laid(place)?;
    let built = build::cases(&ground, scale)?;
    report.built(&built);
    if scale.wants(Subject::Create) {
        say(format_args!("control: one loop that commits the same rows directly"))?;
        report.add(inside::control(&ground, scale)?);
    }
    if scale.wants(Subject::Tick) {
        say(format_args!("clocks"))?;
        inside::ticks(&ground)?.into_iter().for_each(|figure| report.add(figure));
    }
    if scale.wants(Subject::Report) {
        say(format_args!("figures of a month and of 36"))?;
        inside::reports(&ground)?.into_iter().for_each(|figure| report.add(figure));
    }
    if scale.wants(Subject::Import) {
        say(format_args!("import of {} rows", scale.rows))?;
        report.add(inside::import(&ground, scale.rows)?);
    }
    if scale.wants(Subject::Stocktake) {
        say(format_args!("stock-take"))?;
        desk::stocktake(&ground)?.into_iter().for_each(|figure| report.add(figure));
    }
    if scale.wants(Subject::Incident) {
        say(format_args!("incidents"))?;
        incident::incidents(&ground)?.into_iter().for_each(|figure| report.add(figure));
    }
    // what was built waits for its anchors; a house at work has them behind it
    say(format_args!("anchors"))?;
    report.add(inside::anchors(&ground, place.home())?);
    let token = ground.token.clone();
    let known = ground.close();
    let server = Server::started(place)?;
    if scale.wants(Subject::Start) {
        report.add(server.start_figure());
    }
    say(format_args!("server at {}", server.address))?;
    let run = outside::Run { server: &server, token: &token, scale, known: &known };
    run.all(&mut report)?;
    report.memory(server.memory()?);
    Ok(report)
}

/// Says on standard error how far it is.
fn say(what: std::fmt::Arguments<'_>) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "bench: {what}")
}
