//! The machine of each shipped pack, drawn and as a table.

use anyhow::{Result, bail};
use huiyin_domain::case::machine_markdown;
use huiyin_domain::pack::{load, shipped};

/// Writes the page of every pack that is part of the binary: path and text.
///
/// # Errors
/// Fails when a shipped pack does not load.
pub(super) fn pages() -> Result<Vec<(String, String)>> {
    let page = |(name, files): (&'static str, _)| match load(&files) {
        Ok(pack) => Ok((format!("docs/machine-{name}.md"), machine_markdown(&pack))),
        Err(faults) => bail!("pack {name}: {} faults, first {}", faults.len(), faults[0]),
    };
    shipped().into_iter().map(page).collect()
}
