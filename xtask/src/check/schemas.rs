//! One name in the OpenAPI document, one type: of two types with one name the
//! document shows the one that came last, at every place of both, and says nothing.

use crate::report::Report;
use crate::tree::{SourceFile, Tree};
use std::collections::BTreeMap;

/// Looks for names that two types have in the document.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = Report::default();
    let mut known: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    let code =
        tree.files.iter().filter(|file| file.path.starts_with("crates/") && file.path.ends_with(".rs"));
    for file in code {
        for (line, name) in named(file) {
            let Some((path, first)) = known.get(&name).copied() else {
                known.insert(name, (&file.path, line));
                continue;
            };
            let what = format!(
                "the schema `{name}` is another type in {path}:{first} already; give one of them `#[schema(as = …)]`"
            );
            report.violation(&file.path, Some(line), what);
        }
    }
    report.note(format!("schemas: {} names", known.len()));
    report
}

/// Gives the names under which the types of a file stand in the document.
fn named(file: &SourceFile) -> Vec<(usize, String)> {
    let (mut found, mut head) = (Vec::new(), String::new());
    for (number, line) in file.lines() {
        let line = line.trim();
        if line.starts_with("//") {
            continue;
        }
        if let Some(own) = declared(line) {
            if derives(&head) {
                found.push((number, renamed(&head).unwrap_or(own).to_owned()));
            }
            head.clear();
        } else if line.starts_with("#[") || !head.is_empty() {
            // attributes may go on over lines; whatever else comes ends them
            head.push_str(line);
            if !line.starts_with("#[") && line.ends_with(['{', '}', ';']) {
                head.clear();
            }
        }
    }
    found
}

/// Gives the name of the type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub").map_or(line, |rest| match rest.strip_prefix('(') {
        Some(rest) => rest.split_once(')').map_or(rest, |(_, rest)| rest).trim_start(),
        None => rest.trim_start(),
    });
    let rest = line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum "))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())
}

fn derives(head: &str) -> bool {
    head.split("derive(")
        .skip(1)
        .any(|list| list.split(')').next().is_some_and(|list| list.contains("ToSchema")))
}

fn renamed(head: &str) -> Option<&str> {
    let options = head.split("#[schema(").nth(1)?.split(")]").next()?;
    let name = options.split("as = ").nth(1).filter(|_| !options.contains("alias = "))?;
    name.split([',', ')']).next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(files: &[(&str, &str)]) -> usize {
        let file = |(path, text): &(&str, &str)| SourceFile { path: (*path).into(), text: (*text).into() };
        run(&Tree { files: files.iter().map(file).collect(), ..Tree::default() }).violations().len()
    }

    #[test]
    fn two_types_of_one_name_are_found() {
        let one = ("crates/a/src/one.rs", "/// One.\n#[derive(Clone, ToSchema)]\npub struct Step {\n}\n");
        let two = (
            "crates/b/src/two.rs",
            "#[derive(utoipa::ToSchema)]\n#[serde(tag = \"step\")]\n/// Two.\nenum Step {\n}\n",
        );
        assert_eq!(violations(&[one, two]), 1);
        assert_eq!(violations(&[one]), 0);
        let long = "#[derive(\n    Debug,\n    ToSchema,\n)]\npub(crate) struct Step;\n";
        assert_eq!(violations(&[one, ("crates/b/src/long.rs", long)]), 1);
    }

    #[test]
    fn the_name_in_the_document_counts() {
        let one = ("crates/a/src/one.rs", "#[derive(ToSchema)]\npub struct Step {\n}\n");
        let other = "#[derive(ToSchema)]\n#[schema(as = OtherStep, example = 1)]\npub struct Step {\n}\n";
        assert_eq!(violations(&[one, ("crates/b/src/two.rs", other)]), 0);
        let same = "#[derive(ToSchema)]\n#[schema(as = Step)]\npub struct StepOut {\n}\n";
        assert_eq!(violations(&[one, ("crates/b/src/two.rs", same)]), 1);
        let plain = "#[derive(Clone)]\npub struct Step {\n}\n";
        assert_eq!(violations(&[one, ("crates/b/src/two.rs", plain)]), 0);
    }
}
