//! Generated pages: written by `cargo xtask gen`, committed, checked for freshness.
//!
//! To add a page, write a function that gives its text and add it to [`PAGES`].

mod machine;
mod proofs;
mod requirements;
mod tests_found;

use crate::report::Report;
use crate::tree::Tree;
use anyhow::{Context, Result};

/// One generated page.
struct Page {
    /// Where it lies, from the root.
    path: &'static str,
    /// Gives its text, and says in the report what is wrong with the sources.
    render: fn(&Tree, &mut Report) -> Result<String>,
}

/// Every generated page, by path.
const PAGES: &[Page] = &[
    Page { path: "docs/requirements.md", render: requirements::render },
    Page { path: "docs/machine-property.md", render: machine::render },
];

/// Writes the pages whose text has changed.
///
/// # Errors
/// Fails when a source cannot be read or a page cannot be written.
pub(crate) fn write(tree: &Tree) -> Result<Report> {
    let mut report = Report::default();
    for page in PAGES {
        let text = (page.render)(tree, &mut report)?;
        if tree.file(page.path).is_some_and(|file| file.text == text) {
            continue;
        }
        let path = tree.root.join(page.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text).with_context(|| format!("write {}", page.path))?;
        report.note(format!("wrote {}", page.path));
    }
    Ok(report)
}

/// Compares the pages with their sources and changes nothing.
///
/// # Errors
/// Fails when a source cannot be read.
pub(crate) fn verify(tree: &Tree) -> Result<Report> {
    let mut report = Report::default();
    for page in PAGES {
        let text = (page.render)(tree, &mut report)?;
        if tree.file(page.path).is_none_or(|file| file.text != text) {
            report.violation(page.path, None, "stale: run `cargo xtask gen` and commit the result");
        }
    }
    report.note(format!("gen: {} pages", PAGES.len()));
    Ok(report)
}
