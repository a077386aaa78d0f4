//! The commands of the binary, one file each.

pub mod admin;
pub mod backup;
pub mod bench;
pub mod calendar;
pub mod casefile;
pub mod check;
pub mod doctor;
pub mod export;
mod faults;
pub mod import;
pub mod incident;
pub mod index;
pub mod knowledge;
mod language;
pub mod menu;
pub mod migrate;
pub mod openapi;
pub mod org;
pub mod pack;
pub mod report;
pub mod restore;
pub mod serve;
pub mod text;
mod whose;

use crate::cli::{Cli, Command};

/// Does what the command line asks.
///
/// # Errors
/// Whatever the command refuses; [`crate::outcome`] turns it into an exit code.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(args) => serve::run(args, &cli.logs),
        Command::CheckConfig(args) => check::run(args),
        Command::Migrate(args) => migrate::run(&args, &cli.logs),
        Command::Admin(command) => admin::run(command, &cli.logs),
        Command::Org(command) => org::run(command, &cli.logs),
        Command::Calendar(command) => calendar::start(&command, &cli.logs),
        Command::Import(args) => import::run(&args, &cli.logs),
        Command::Export(command) => export::run(&command, &cli.logs),
        Command::Casefile(args) => casefile::run(&args, &cli.logs),
        Command::Report(args) => report::run(&args, &cli.logs),
        Command::Doctor(args) => doctor::run(&args, &cli.logs),
        Command::Backup(args) => backup::run(&args, &cli.logs),
        Command::Restore(args) => restore::run(&args, &cli.logs),
        Command::Incident(command) => incident::run(&command, &mut std::io::stdout().lock()),
        Command::Index(command) => index::run(&command, &cli.logs),
        Command::Knowledge(command) => knowledge::run(command, &cli.logs),
        Command::Pack(args) => pack::run(&args, &cli.logs, &mut std::io::stdout().lock()),
        Command::Menu(args) => menu::run(&args, &mut std::io::stdout().lock()),
        Command::Text(command) => text::run(&command, &cli.logs),
        Command::Bench(args) => bench::run(&args, &cli.logs),
        Command::Openapi => openapi::run(),
    }
}
