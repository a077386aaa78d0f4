//! Words that may not stand in the tree: unfinished work, machine paths, hosts.

use crate::report::Report;
use crate::tree::{SourceFile, Tree};

/// Banned word, files it is banned in, and what to do instead.
struct Ban {
    word: &'static str,
    endings: &'static [&'static str],
    instead: &'static str,
}

const CODE: &[&str] = &[".rs", ".sql", ".sh", ".py", ".toml", ".ftl", ".ts", ".vue", "scripts/", ".ci/"];
const RUST: &[&str] = &[".rs"];
const ANY: &[&str] = &[""];

// Written in two halves so that this file does not find itself.
const BANS: &[Ban] = &[
    Ban { word: concat!("TO", "DO"), endings: CODE, instead: "finish it or file an issue" },
    Ban { word: concat!("FIX", "ME"), endings: CODE, instead: "finish it or file an issue" },
    Ban { word: concat!("XX", "X"), endings: CODE, instead: "finish it or file an issue" },
    Ban { word: concat!("todo", "!("), endings: RUST, instead: "finish it" },
    Ban { word: concat!("unimplemented", "!("), endings: RUST, instead: "finish it" },
    Ban { word: concat!("#[", "ignore"), endings: RUST, instead: "a test runs or goes" },
    Ban { word: concat!("#[", "allow("), endings: RUST, instead: "#[expect(..., reason = \"...\")]" },
    Ban { word: concat!("#![", "allow("), endings: RUST, instead: "#[expect(..., reason = \"...\")]" },
    Ban { word: concat!("/wo", "rk/"), endings: ANY, instead: "a relative path" },
    Ban { word: concat!("/ro", "ot/"), endings: ANY, instead: "a relative path" },
    Ban { word: concat!("/tm", "p/"), endings: ANY, instead: "a fresh folder from mktemp or tempfile" },
    Ban { word: concat!("crates", ".io"), endings: ANY, instead: "the package's name" },
    Ban { word: concat!("pypi", ".org"), endings: ANY, instead: "the package's name" },
    Ban { word: concat!("python", "hosted"), endings: ANY, instead: "the package's name" },
    Ban { word: concat!("npm", "js."), endings: ANY, instead: "the package's name" },
    Ban { word: concat!("debian", ".org"), endings: ANY, instead: "the package's name" },
];

/// Files that a tool writes in its own words.
const WRITTEN_BY_TOOLS: &[&str] = &["Cargo.lock", "package-lock.json"];

/// Searches every file for banned words.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = Report::default();
    for file in tree.files.iter().filter(|file| !file.ends_with(WRITTEN_BY_TOOLS)) {
        for ban in BANS.iter().filter(|ban| applies(ban, file) && file.text.contains(ban.word)) {
            for (number, _) in file.lines().filter(|(_, line)| has_word(line, ban.word)) {
                let what = format!("`{}` may not stand here: {}", ban.word, ban.instead);
                report.violation(&file.path, Some(number), what);
            }
        }
    }
    report.note(format!("words: {} files", tree.files.len()));
    report
}

fn applies(ban: &Ban, file: &SourceFile) -> bool {
    ban.endings.iter().any(|ending| match ending.strip_suffix('/') {
        Some(_) => file.path.starts_with(ending),
        None => file.path.ends_with(ending),
    })
}

/// Finds a whole word: a letter right before or after makes it another word.
fn has_word(line: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        // A path in the middle of a longer, relative path is no machine path.
        let is_inside = word.starts_with('/') && (is_letter(before) || before == Some('.'));
        let is_longer = word.starts_with(|c: char| c.is_ascii_alphabetic()) && is_letter(before)
            || word.ends_with(|c: char| c.is_ascii_alphabetic()) && is_letter(after);
        !is_inside && !is_longer
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(path: &str, text: &str) -> usize {
        let files = vec![SourceFile { path: path.to_owned(), text: text.to_owned() }];
        run(&Tree { files, ..Tree::default() }).violations().len()
    }

    #[test]
    fn unfinished_work_is_found_in_code_only() {
        let text = concat!("// TO", "DO: later\n");
        assert_eq!(violations("crates/app/src/a.rs", text), 1);
        assert_eq!(violations("scripts/test", text), 1);
        assert_eq!(violations("CONTRIBUTING.md", text), 0);
    }

    #[test]
    fn a_longer_word_is_another_word() {
        assert_eq!(violations("a.rs", concat!("let METHODS_TO", "DOS = 1; // XX", "XL")), 0);
    }

    #[test]
    fn machine_paths_are_found_everywhere() {
        assert_eq!(violations("docs/a.md", concat!("see /wo", "rk/main")), 1);
        assert_eq!(violations("a.sh", concat!("x=${TMPDIR:-/tm", "p}/y")), 0);
        assert_eq!(violations("a.rs", concat!("\"/tm", "p/x\"")), 1);
        assert_eq!(violations("docs/a.md", concat!("docs/wo", "rk/plan.md is relative")), 0);
    }
}
