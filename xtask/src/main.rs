//! Checks and generators of the workspace, run as `cargo xtask <command>`.
//!
//! *Invariants*: reads the tree and `cargo metadata`, needs no network and no
//! database; writes only the generated pages of `docs/`, and those only under
//! `gen`. Every violation names a file and how to mend it.
//!
//! *Where to start*: [`check`] for what a change must obey, [`generate`] to add
//! a generated page, [`catalogue`] for translations, [`licences`] for
//! dependencies.

mod catalogue;
mod check;
mod generate;
mod licences;
mod report;
mod tree;
mod workspace;

use anyhow::Result;
use report::Report;
use std::process::ExitCode;
use tree::Tree;

const USAGE: &str = "usage: cargo xtask <command>

  check          layers, sizes, banned words, doc lines, links, glossary
  gen [--check]  write the generated pages of docs/, or say which are stale
  i18n-check     both languages have the same keys, placeholders and codes
  licences       every dependency's licence is in the allow list of deny.toml";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["check"] => run(check::run),
        ["gen"] => run(generate::write),
        ["gen", "--check"] => run(generate::verify),
        ["i18n-check"] => run(catalogue::run),
        ["licences"] => run(licences::run),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(report) => report.print(),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: impl FnOnce(&Tree) -> Result<Report>) -> Result<Report> {
    task(&Tree::of_workspace()?)
}
