//! What `cargo metadata` knows about the workspace and its dependencies.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::Path;
use std::process::Command;

/// The part of `cargo metadata` that the checks read.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// Workspace members, or every package where dependencies were asked for.
    pub(crate) packages: Vec<Package>,
}

/// One package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    /// Name in the registry.
    pub(crate) name: String,
    /// Version.
    pub(crate) version: String,
    /// Where it comes from; none for a package of this workspace.
    pub(crate) source: Option<String>,
    /// SPDX expression.
    pub(crate) license: Option<String>,
    /// What its manifest asks for.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// Name in the registry.
    pub(crate) name: String,
    /// `dev`, `build`, or none for a normal one.
    pub(crate) kind: Option<String>,
}

impl Package {
    /// Gives the folder-like short name: `huiyin-store` is `store`.
    pub(crate) fn short_name(&self) -> &str {
        short_name(&self.name)
    }
}

/// Cuts the product's prefix from a package name.
pub(crate) fn short_name(name: &str) -> &str {
    name.strip_prefix("huiyin-").unwrap_or(if name == "huiyin" { "server" } else { name })
}

/// Asks cargo about the workspace, with or without everything it depends on.
///
/// # Errors
/// Fails when cargo cannot be run or its answer cannot be read.
pub(crate) fn metadata(root: &Path, with_dependencies: bool) -> Result<Metadata> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked"]).current_dir(root);
    if !with_dependencies {
        command.arg("--no-deps");
    }
    let output = command.output().context("run cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    serde_json::from_slice(&output.stdout).context("read the answer of cargo metadata")
}
