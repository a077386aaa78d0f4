//! The machines of shipped packs, calls and agents, drawn and as tables.

use anyhow::{Result, bail};
use huiyin_domain::call::simulation::machine_pages;
use huiyin_domain::case::machine_markdown;
use huiyin_domain::pack::{load, shipped};

/// Writes the page of every pack that is part of the binary, and of the floor.
///
/// # Errors
/// Fails when a shipped pack does not load.
pub(super) fn pages() -> Result<Vec<(String, String)>> {
    let page = |(name, files): (&'static str, _)| match load(&files) {
        Ok(pack) => Ok((format!("docs/machine-{name}.md"), machine_markdown(&pack))),
        Err(faults) => bail!("pack {name}: {} faults, first {}", faults.len(), faults[0]),
    };
    let mut pages = shipped().into_iter().map(page).collect::<Result<Vec<_>>>()?;
    pages.extend(machine_pages().map(|(name, text)| (format!("docs/machine-{name}.md"), text)));
    Ok(pages)
}
