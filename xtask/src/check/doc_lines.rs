//! Doc comments begin with one short line that stands for itself.

use crate::report::Report;
use crate::tree::{SourceFile, Tree};

/// Longest first line, in characters.
const LONGEST: usize = 80;

/// Reads the first line of every doc comment outside tests.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = Report::default();
    for file in tree.rust().filter(|file| !file.is_test_file()) {
        for (number, length) in long_first_lines(file) {
            let what = format!("first doc line has {length} characters, more than {LONGEST}");
            report.violation(&file.path, Some(number), what);
        }
    }
    report
}

fn long_first_lines(file: &SourceFile) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for (number, line) in file.lines().take_while(|(_, line)| !line.starts_with("#[cfg(test)]")) {
        let line = line.trim_start();
        let text = ["/// ", "//! "].iter().find_map(|start| line.strip_prefix(start));
        if let Some(text) = text
            && !is_inside
            && text.chars().count() > LONGEST
        {
            found.push((number, text.chars().count()));
        }
        is_inside = line.starts_with("///") || line.starts_with("//!");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_is_measured() {
        let long = "x".repeat(81);
        let text = format!(
            "//! {long}\n\n/// short\n/// {long}\nfn a() {{}}\n/// {long}\nfn b() {{}}\n\
             #[cfg(test)]\nmod tests {{\n    /// {long}\n}}\n"
        );
        let file = SourceFile { path: "crates/app/src/a.rs".to_owned(), text };
        let lines: Vec<usize> = long_first_lines(&file).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 6]);
    }
}
