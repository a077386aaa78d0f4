//! The machine of the property pack, drawn and as a table.

use crate::report::Report;
use crate::tree::Tree;
use anyhow::Result;
use huiyin_domain::case::machine_markdown;
use huiyin_domain::pack::property;

/// Writes the page from the pack that is part of the binary.
///
/// # Errors
/// None today; the signature is that of every page.
pub(super) fn render(_: &Tree, _: &mut Report) -> Result<String> {
    Ok(machine_markdown(property()))
}
