//! `cargo xtask licences`: every dependency's licence is in `deny.toml`.
//!
//! The list is that of cargo-deny, which gives the same answer and more; this
//! command needs nothing installed, so CI runs it on any machine.

mod expression;

use crate::report::Report;
use crate::tree::Tree;
use crate::workspace::{self, Package};
use anyhow::{Context, Result};
use serde::Deserialize;

/// The part of `deny.toml` that is read here.
#[derive(Debug, Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// More licences, for one package.
#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: Vec<String>,
}

/// Compares every package that the workspace builds with the allow list.
///
/// # Errors
/// Fails when `deny.toml` or `cargo metadata` cannot be read.
pub(crate) fn run(tree: &Tree) -> Result<Report> {
    let source = tree.file("deny.toml").context("deny.toml is missing")?;
    let deny: Deny = toml::from_str(&source.text).context("read deny.toml")?;
    let metadata = workspace::metadata(&tree.root, true)?;
    Ok(compare(&deny.licenses, &metadata.packages))
}

fn compare(licenses: &Licenses, packages: &[Package]) -> Report {
    let mut report = Report::default();
    let foreign = packages.iter().filter(|package| package.source.is_some());
    let mut count = 0_usize;
    for package in foreign {
        count += 1;
        let place = format!("{} {}", package.name, package.version);
        let Some(license) = &package.license else {
            report.violation(
                &place,
                None,
                "names no licence: read its text and add an exception to deny.toml",
            );
            continue;
        };
        let exception = licenses.exceptions.iter().find(|exception| exception.package == package.name);
        let allowed = |id: &str| {
            licenses.allow.iter().any(|known| known == id)
                || exception.is_some_and(|exception| exception.allow.iter().any(|known| known == id))
        };
        match expression::satisfied(license, allowed) {
            Some(true) => {}
            Some(false) => report.violation(&place, None, format!("`{license}` is not in the allow list")),
            None => report.violation(&place, None, format!("`{license}` is not an SPDX expression")),
        }
    }
    report.note(format!("licences: {count} dependencies"));
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, license: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            source: Some("registry".to_owned()),
            license: license.map(str::to_owned),
            dependencies: Vec::new(),
        }
    }

    #[test]
    fn unknown_and_missing_licences_are_named() {
        let licenses = Licenses {
            allow: vec!["MIT".to_owned()],
            exceptions: vec![Exception { package: "c".to_owned(), allow: vec!["ISC".to_owned()] }],
        };
        let packages = [
            package("a", Some("MIT OR Apache-2.0")),
            package("b", Some("GPL-3.0-only")),
            package("c", Some("ISC AND MIT")),
            package("d", None),
            package("e", Some("ISC")),
        ];
        let report = compare(&licenses, &packages);
        let named: Vec<&str> = report.violations().iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(named, ["b", "d", "e"]);
    }
}
