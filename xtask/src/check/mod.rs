//! Rules of the house that the compiler does not hold.

mod doc_lines;
mod glossary;
mod layers;
mod links;
mod purity;
mod schemas;
mod sizes;
mod words;

use crate::report::Report;
use crate::tree::Tree;
use crate::workspace;
use anyhow::Result;

/// Runs every check over the tree.
///
/// # Errors
/// Fails when `cargo metadata` cannot be read.
pub(crate) fn run(tree: &Tree) -> Result<Report> {
    let mut report = Report::default();
    report.absorb(layers::run(&workspace::metadata(&tree.root, false)?));
    report.absorb(purity::run(tree));
    report.absorb(sizes::run(tree));
    report.absorb(words::run(tree));
    report.absorb(doc_lines::run(tree));
    report.absorb(links::run(tree));
    report.absorb(glossary::run(tree));
    report.absorb(schemas::run(tree));
    Ok(report)
}
