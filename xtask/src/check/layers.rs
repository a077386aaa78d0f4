//! Table: which crate may depend on which, and which libraries belong to whom.

use crate::report::Report;
use crate::workspace::{Dependency, Metadata, Package, short_name};

/// Crate, and the workspace crates that it may see.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("i18n", &["domain"]),
    ("connectors", &["domain"]),
    ("reports", &["domain"]),
    ("tabular", &["domain"]),
    ("media", &["domain"]),
    ("telephony", &["domain", "media"]),
    ("pbx", &["domain", "telephony"]),
    ("text", &[]),
    ("search", &["domain", "text"]),
    ("store", &["domain"]),
    ("app", &["domain", "store", "reports", "tabular", "text"]),
    ("api", &["domain", "app", "i18n", "reports"]),
    ("switchboard", &["domain", "store", "app", "media", "telephony"]),
    ("web", &[]),
    (
        "server",
        &[
            "domain",
            "store",
            "app",
            "api",
            "connectors",
            "i18n",
            "media",
            "pbx",
            "reports",
            "search",
            "switchboard",
            "tabular",
            "telephony",
            "text",
            "web",
        ],
    ),
    ("testkit", &["domain", "store", "app", "api", "i18n", "search"]),
    ("xtask", &["domain", "app"]),
];

/// Crate, and what its tests may see beside that: messages are followed from
/// the API to the wire.
const TEST_LAYERS: &[(&str, &[&str])] = &[("api", &["connectors"])];

/// Everything that the rules may use: no I/O, clock, randomness or async.
const DOMAIN_LIBRARIES: &[&str] = &[
    "base64",
    "csv",
    "jiff",
    "serde",
    "serde_json",
    "sha2",
    "strsim",
    "thiserror",
    "toml",
    "utoipa",
    "uuid",
];

/// Library, and the only crates that may use it outside tests.
const OWNED_LIBRARIES: &[(&str, &[&str])] = &[
    ("anyhow", &["server", "testkit", "xtask"]),
    ("argon2", &["app"]),
    ("axum", &["api", "server", "testkit", "web"]),
    ("axum-server", &["server"]),
    ("calamine", &["tabular"]),
    ("clap", &["server"]),
    ("encoding_rs", &["tabular"]),
    ("fd-lock", &["server"]),
    ("fluent-bundle", &["i18n"]),
    ("getrandom", &["app", "server", "testkit"]),
    ("jieba-rs", &["text"]),
    ("lettre", &["connectors"]),
    ("mio", &["media"]),
    ("ogg", &["media"]),
    ("opus-rs", &["media"]),
    ("pinyin", &["search", "text"]),
    ("postcard", &["text"]),
    ("postgres", &["store", "testkit"]),
    ("ring", &["media"]),
    ("rsipstack", &["telephony"]),
    ("rusqlite", &["store", "testkit"]),
    ("rust_xlsxwriter", &["reports", "tabular"]),
    ("str0m", &["media"]),
    ("tantivy", &["search"]),
    ("tokio", &["store", "app", "api", "media", "pbx", "server", "switchboard", "telephony", "testkit"]),
    ("tokio-postgres-rustls", &["store"]),
    ("totp-rs", &["app"]),
    ("tower-http", &["api", "server"]),
    ("ureq", &["connectors", "pbx", "server", "testkit"]),
    ("utoipa-axum", &["api", "server"]),
];

/// Compares the manifests with the tables.
pub(crate) fn run(metadata: &Metadata) -> Report {
    let mut report = Report::default();
    let members: Vec<&str> = metadata.packages.iter().map(Package::short_name).collect();
    for package in &metadata.packages {
        let Some((_, may_see)) = LAYERS.iter().find(|(name, _)| *name == package.short_name()) else {
            let advice = "is in no layer: add it to LAYERS in xtask/src/check/layers.rs";
            report.violation(&place(package), None, advice);
            continue;
        };
        for dependency in &package.dependencies {
            if members.contains(&short_name(&dependency.name)) {
                inside(&mut report, package, dependency, may_see);
            } else {
                outside(&mut report, package, dependency);
            }
        }
    }
    report.note(format!("layers: {} crates", members.len()));
    report
}

fn inside(report: &mut Report, package: &Package, dependency: &Dependency, may_see: &[&str]) {
    let name = short_name(&dependency.name);
    let is_test = dependency.kind.as_deref() == Some("dev");
    // The rules are tested without the kit: it would compile them twice.
    let kit_allowed = is_test && name == "testkit" && package.short_name() != "domain";
    let in_tests = |(krate, seen): &(&str, &[&str])| *krate == package.short_name() && seen.contains(&name);
    let tested_with = is_test && TEST_LAYERS.iter().any(in_tests);
    if !may_see.contains(&name) && !kit_allowed && !tested_with {
        let what = format!("{} may not depend on {name} (layers: {may_see:?})", package.short_name());
        report.violation(&place(package), None, what);
    }
}

fn outside(report: &mut Report, package: &Package, dependency: &Dependency) {
    if dependency.kind.as_deref() == Some("dev") {
        return;
    }
    let (krate, library) = (package.short_name(), dependency.name.as_str());
    if krate == "domain" && !DOMAIN_LIBRARIES.contains(&library) {
        let what = format!("domain may not depend on {library}: it holds rules only");
        report.violation(&place(package), None, what);
    }
    if let Some((_, owners)) = OWNED_LIBRARIES.iter().find(|(name, _)| *name == library)
        && !owners.contains(&krate)
    {
        let what = format!("{krate} may not depend on {library}: it belongs to {}", owners.join(", "));
        report.violation(&place(package), None, what);
    }
}

fn place(package: &Package) -> String {
    match package.short_name() {
        "xtask" => "xtask/Cargo.toml".to_owned(),
        name => format!("crates/{name}/Cargo.toml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind)| Dependency { name: (*name).to_owned(), kind: kind.map(str::to_owned) })
            .collect();
        Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            source: None,
            license: None,
            dependencies,
        }
    }

    #[test]
    fn a_lower_layer_may_not_see_a_higher_one() {
        let packages = vec![
            package("huiyin-domain", &[]),
            package("huiyin-store", &[("huiyin-domain", None), ("huiyin-app", None)]),
            package("huiyin-app", &[("huiyin-store", None)]),
        ];
        let report = run(&Metadata { packages });
        assert_eq!(report.violations().len(), 1, "{report:?}");
        assert!(report.violations()[0].contains("store may not depend on app"));
    }

    #[test]
    fn the_kit_is_for_tests_only() {
        let packages = vec![
            package("huiyin-testkit", &[]),
            package("huiyin-store", &[("huiyin-testkit", Some("dev"))]),
            package("huiyin-app", &[("huiyin-testkit", None)]),
        ];
        let report = run(&Metadata { packages });
        assert_eq!(report.violations().len(), 1, "{report:?}");
        assert!(report.violations()[0].contains("app may not depend on testkit"));
    }

    #[test]
    fn libraries_stay_with_their_crate() {
        let packages = vec![
            package("huiyin-domain", &[("tokio", None), ("serde", None), ("proptest", Some("dev"))]),
            package("huiyin-api", &[("rusqlite", None)]),
        ];
        let report = run(&Metadata { packages });
        let text = report.violations().join("\n");
        assert!(text.contains("domain may not depend on tokio"), "{text}");
        assert!(text.contains("api may not depend on rusqlite"), "{text}");
        assert!(!text.contains("serde") && !text.contains("proptest"), "{text}");
    }

    #[test]
    fn a_crate_without_a_layer_is_named() {
        let report = run(&Metadata { packages: vec![package("huiyin-nowhere", &[])] });
        assert!(report.violations()[0].contains("is in no layer"));
    }
}
