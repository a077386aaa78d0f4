//! The binary `huiyin`: command line, settings, wiring.
//!
//! *Invariants*: exit code 0 is done and clean, 1 found or refused, 2 wrong
//! usage; machine output goes to standard output, notes to standard error;
//! one folder is written by one process.
//!
//! *Where to start*: [`cli`] lists the commands, each a file in [`command`];
//! [`command::serve`] wires the product together.

mod bench;
mod cli;
mod command;
mod demo;
mod logs;
mod outcome;
mod place;
mod progress;
mod serve;
mod vault;

use clap::Parser;
use std::process::ExitCode;

/// Many small texts live from row to answer; this one hands them out cheaply.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match command::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => outcome::tell(&error),
    }
}
