//! `huiyin text retrain`: what the machine does every night, done now.

use crate::command::whose::Whose;
use crate::outcome::Found;
use clap::Args;
use huiyin_app::suggest::{Learning, learn_now};
use std::io::Write as _;

/// Whose categories.
#[derive(Debug, Args)]
pub struct Retrain {
    #[command(flatten)]
    whose: Whose,
}

/// Learns a model and keeps it under the next version; exit code 1 when there is
/// too little to learn from.
pub(super) fn retrain(args: &Retrain) -> anyhow::Result<()> {
    let learned = args.whose.work("text retrain", |app, ctx| learn_now(&app.store, ctx.org(), ctx.now))?;
    let mut out = std::io::stdout().lock();
    if args.whose.json {
        writeln!(out, "{}", serde_json::to_string(&learned)?)?;
    }
    match &learned {
        Learning::Learned { version, cases, labels, accuracy } => {
            if !args.whose.json {
                writeln!(
                    out,
                    "version {version}: {labels} categories from {cases} cases, accuracy {accuracy:.3}"
                )?;
            }
            Ok(())
        }
        Learning::TooLittle { cases, reason } => {
            writeln!(std::io::stderr(), "nothing learned from {cases} cases: {reason}")?;
            Err(Found.into())
        }
    }
}
