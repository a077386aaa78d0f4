//! Generated pages: written by `cargo xtask gen`, committed, checked for freshness.
//!
//! To add a page, write a function that gives its text and add it to [`PAGES`].

mod appendix;
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
    Page { path: "docs/appendix.md", render: appendix::render },
];

/// Renders every page: path and text.
fn rendered(tree: &Tree, report: &mut Report) -> Result<Vec<(String, String)>> {
    let mut pages = machine::pages()?;
    for page in PAGES {
        pages.push((page.path.to_owned(), (page.render)(tree, report)?));
    }
    Ok(pages)
}

/// Writes the pages whose text has changed.
///
/// # Errors
/// Fails when a source cannot be read or a page cannot be written.
pub(crate) fn write(tree: &Tree) -> Result<Report> {
    let mut report = Report::default();
    for (name, text) in rendered(tree, &mut report)? {
        if tree.file(&name).is_some_and(|file| file.text == text) {
            continue;
        }
        let path = tree.root.join(&name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text).with_context(|| format!("write {name}"))?;
        report.note(format!("wrote {name}"));
    }
    Ok(report)
}

/// Compares the pages with their sources and changes nothing.
///
/// # Errors
/// Fails when a source cannot be read.
pub(crate) fn verify(tree: &Tree) -> Result<Report> {
    let mut report = Report::default();
    let pages = rendered(tree, &mut report)?;
    for (name, _) in pages.iter().filter(|(name, text)| tree.file(name).is_none_or(|file| file.text != *text))
    {
        report.violation(name, None, "stale: run `cargo xtask gen` and commit the result");
    }
    report.note(format!("gen: {} pages", pages.len()));
    Ok(report)
}
