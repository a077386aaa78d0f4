//! `huiyin bench`: how fast this build is on this machine.

use crate::bench::{self, Scale, Subject, calls};
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use anyhow::Context as _;
use clap::{Args, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;

/// What to measure and how big.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Bench {
    #[command(subcommand)]
    apart: Option<Apart>,
    /// Empty folder to work in; one that goes away when not said
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Empty PostgreSQL database to measure instead of the embedded one
    #[arg(long, value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Cases to build
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1_000..=10_000_000))]
    cases: u64,
    /// Entries of each history
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(5..=200))]
    events: u16,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// Clients at once, with commas
    #[arg(long, value_delimiter = ',', default_value = "1,8,32", value_parser = clap::value_parser!(u16).range(1..=512))]
    clients: Vec<u16>,
    /// Rows to import
    #[arg(long, default_value_t = 10_000)]
    rows: u32,
    /// Measure only these, with commas
    #[arg(long, value_delimiter = ',')]
    only: Vec<Subject>,
    /// Print JSON instead of the table
    #[arg(long)]
    json: bool,
}

/// What is measured apart.
#[derive(Debug, Subcommand)]
enum Apart {
    /// The call centre: recorded calls, set-up, a crash, a million calls of chance
    Calls(calls::Wanted),
}

/// Builds, measures, prints.
///
/// # Errors
/// When the place holds data already, or something measured is refused.
pub fn run(args: &Bench, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    if let Some(Apart::Calls(wanted)) = &args.apart {
        return calls::run(wanted);
    }
    let temporary = std::env::temp_dir().join(format!("huiyin-bench-{}", std::process::id()));
    let folder = args.data.clone().unwrap_or_else(|| temporary.clone());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let measured = measured(args, folder);
    if args.data.is_none() {
        std::fs::remove_dir_all(&temporary)
            .with_context(|| format!("cannot remove {}", temporary.display()))?;
    }
    let report = measured?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &report.json())?;
        writeln!(out)?;
    } else {
        write!(out, "{}", report.table())?;
    }
    Ok(())
}

fn measured(args: &Bench, folder: PathBuf) -> anyhow::Result<bench::Report> {
    let place = Place {
        data: args.database_url.is_none().then(|| folder.clone()),
        files: args.database_url.is_some().then(|| folder.join("files")),
        database_url: args.database_url.clone(),
    };
    let scale = Scale {
        cases: args.cases,
        events: usize::from(args.events),
        seconds: args.seconds,
        clients: args.clients.iter().copied().map(usize::from).collect(),
        rows: args.rows,
        only: args.only.clone(),
    };
    bench::run(&place.settle()?, &scale, &folder)
}
