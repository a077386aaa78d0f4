//! `huiyin text`: what can be known from texts, in files or in closed cases.

mod category;
mod file;
mod incident;
mod reading;
mod retrain;

use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use clap::Subcommand;

/// What to do with texts.
#[derive(Debug, Subcommand)]
pub enum TextCommand {
    /// Learn categories from messages whose label is known
    Train(category::Train),
    /// Say the category of each message, how surely, and the next one
    Classify(category::Classify),
    /// Say of pairs of messages whether they are about the same incident
    SameIncident(incident::SameIncident),
    /// Gather messages about the same incident
    Incidents(incident::Incidents),
    /// Propose the points of messages and flag words that call for haste or care
    Points(reading::Points),
    /// Look for what is not said to customers in texts about to be sent
    Phrases(reading::Phrases),
    /// Learn an organisation's categories again from its own closed cases
    Retrain(retrain::Retrain),
}

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or written, or nothing can be learned from it;
/// rows that cannot be read are told and left out.
pub fn run(command: &TextCommand, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    match command {
        TextCommand::Train(args) => category::train(args),
        TextCommand::Classify(args) => category::classify(args),
        TextCommand::SameIncident(args) => incident::same_incident(args),
        TextCommand::Incidents(args) => incident::incidents(args),
        TextCommand::Points(args) => reading::points(args),
        TextCommand::Phrases(args) => reading::phrases(args),
        TextCommand::Retrain(args) => retrain::retrain(args),
    }
}
