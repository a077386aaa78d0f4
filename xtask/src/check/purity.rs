//! What a layer may not say: I/O in the rules, SQL outside the store.

use crate::report::Report;
use crate::tree::{SourceFile, Tree};

/// What `domain` may not name, with the reason.
const NOT_IN_DOMAIN: &[(&str, &str)] = &[
    ("std::env", "settings come in as arguments"),
    ("std::fs", "files are read by the callers"),
    ("std::net", "the rules know no network"),
    ("std::process", "the rules start nothing"),
    ("std::thread", "the rules run where they are called"),
    ("SystemTime", "time is an argument"),
    ("Instant::now", "time is an argument"),
    ("async fn", "the rules wait for nothing"),
    (".await", "the rules wait for nothing"),
    ("println!", "the rules print nothing"),
];

/// Beginnings of SQL statements; a string that begins so is SQL.
const SQL: &[&str] =
    &["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM ", "\"CREATE TABLE ", "\"WITH "];

/// Layers above the store, which ship use cases and write no SQL.
const ABOVE_STORE: &[&str] =
    &["crates/app/src/", "crates/api/src/", "crates/server/src/", "crates/domain/src/"];

/// Reads every source file for what its layer may not say.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = Report::default();
    for file in tree.rust().filter(|file| !file.is_test_file()) {
        if file.path.starts_with("crates/domain/src/") {
            search(&mut report, file, NOT_IN_DOMAIN, "does not belong in domain");
        }
        if ABOVE_STORE.iter().any(|folder| file.path.starts_with(folder)) {
            for (number, line) in code_lines(file) {
                if SQL.iter().any(|start| line.contains(start)) {
                    report.violation(&file.path, Some(number), "SQL text belongs in crates/store");
                }
            }
        }
    }
    report
}

fn search(report: &mut Report, file: &SourceFile, words: &[(&str, &str)], rule: &str) {
    for (number, line) in code_lines(file) {
        for (word, reason) in words {
            if line.contains(word) {
                report.violation(&file.path, Some(number), format!("`{word}` {rule}: {reason}"));
            }
        }
    }
}

/// Gives the lines of code before the tests of the file, without comments.
fn code_lines(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    file.lines()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(path: &str, text: &str) -> Vec<String> {
        let files = vec![SourceFile { path: path.to_owned(), text: text.to_owned() }];
        run(&Tree { files, ..Tree::default() }).violations().to_vec()
    }

    #[test]
    fn the_rules_name_no_input_or_output() {
        let found = violations("crates/domain/src/a.rs", "/// std::fs\nuse std::fs;\nasync fn a() {}\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("crates/domain/src/a.rs:2:"), "{found:?}");
    }

    #[test]
    fn tests_of_the_rules_may_read_files() {
        let text = "#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert!(violations("crates/domain/src/a.rs", text).is_empty());
    }

    #[test]
    fn sql_stays_in_the_store() {
        let text = "let a = \"SELECT id FROM cases\";\n";
        assert_eq!(violations("crates/app/src/a.rs", text).len(), 1);
        assert!(violations("crates/store/src/a.rs", text).is_empty());
    }
}
