//! `huiyin openapi`: the document of the API, for programs.

use anyhow::Context as _;
use std::io::Write as _;

/// Prints the OpenAPI document as JSON to standard output.
///
/// # Errors
/// When standard output does not take it.
pub fn run() -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(&huiyin_api::openapi::document())?;
    writeln!(std::io::stdout().lock(), "{text}").context("cannot write to standard output")
}
