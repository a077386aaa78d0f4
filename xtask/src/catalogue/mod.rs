//! `cargo xtask i18n-check`: both languages say the same things.
//!
//! *Invariants*: every message exists in each language once, with the same
//! placeholders; every error code of the sources has a message in each, and so
//! has every reason for which people are told something.
//!
//! *Where to start*: [`fluent`] reads the catalogues, [`codes`] and [`whys`] the
//! sources.

mod calls;
mod codes;
mod fluent;
mod whys;

use crate::report::Report;
use crate::tree::Tree;
use anyhow::Result;
use fluent::Message;
use std::collections::BTreeMap;

/// Folder of the catalogues; one folder per language below it.
const LOCALES: &str = "crates/i18n/locales/";
/// Languages that are always there.
const LANGUAGES: &[&str] = &["zh-CN", "en"];

/// Compares the languages with each other and with the codes of the sources.
///
/// # Errors
/// None today; the signature is that of every command.
pub(crate) fn run(tree: &Tree) -> Result<Report> {
    let mut report = Report::default();
    let languages: Vec<(&str, BTreeMap<String, Message>)> =
        LANGUAGES.iter().map(|language| (*language, catalogue(tree, language, &mut report))).collect();
    let codes = codes::find(tree);
    let whys = whys::find(tree);
    for (language, messages) in &languages {
        for (other, others) in languages.iter().filter(|(other, _)| other != language) {
            compare(&mut report, messages, (other, others));
        }
        for code in &codes {
            if !messages.contains_key(&code.key()) {
                let what = format!("code `{}` has no message `{}` in {language}", code.name, code.key());
                report.violation(&code.path, Some(code.line), what);
            }
        }
        for why in &whys {
            let keys = whys::keys(why);
            if !keys.iter().any(|key| messages.contains_key(key)) {
                let what = format!("nobody reads in {language} why they are told: `{}` is missing", keys[0]);
                report.violation(&why.path, Some(why.line), what);
            }
        }
        report.note(format!("i18n: {} messages in {language}", messages.len()));
    }
    report.note(format!("i18n: {} error codes, {} reasons of notices", codes.len(), whys.len()));
    Ok(report)
}

/// Reads all files of one language; a key twice is a violation.
fn catalogue(tree: &Tree, language: &str, report: &mut Report) -> BTreeMap<String, Message> {
    let folder = format!("{LOCALES}{language}/");
    let mut messages = BTreeMap::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with(&folder) && file.path.ends_with(".ftl"))
    {
        for message in fluent::messages(file) {
            let (line, key) = (message.line, message.key.clone());
            if messages.insert(key.clone(), message).is_some() {
                report.violation(&file.path, Some(line), format!("`{key}` stands twice in {language}"));
            }
        }
    }
    messages
}

fn compare(
    report: &mut Report,
    messages: &BTreeMap<String, Message>,
    (other, others): (&str, &BTreeMap<String, Message>),
) {
    for (key, message) in messages {
        match others.get(key) {
            None => {
                report.violation(&message.path, Some(message.line), format!("`{key}` is missing in {other}"))
            }
            Some(twin) if twin.placeholders != message.placeholders => {
                let what = format!(
                    "`{key}` uses {:?} here and {:?} in {other}",
                    message.placeholders, twin.placeholders
                );
                report.violation(&message.path, Some(message.line), what);
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::SourceFile;

    fn check(zh: &str, en: &str, code: &str) -> Vec<String> {
        let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let files = vec![
            file("crates/i18n/locales/zh-CN/errors.ftl", zh),
            file("crates/i18n/locales/en/errors.ftl", en),
            file("crates/app/src/error.rs", code),
        ];
        match run(&Tree { files, ..Tree::default() }) {
            Ok(report) => report.violations().to_vec(),
            Err(error) => vec![error.to_string()],
        }
    }

    #[test]
    fn equal_catalogues_are_clean() {
        let code = "fn code(&self) -> &'static str { match self { Self::A => \"not_owner\" } }";
        let found = check("not-owner = 归 { $who }\n", "not-owner = belongs to { $who }\n", code);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn missing_keys_and_placeholders_are_named() {
        let found = check("a = 甲\nb = { $x }\nb = 乙\n", "b = { $y }\n", "");
        let text = found.join("\n");
        assert!(text.contains("`a` is missing in en"), "{text}");
        assert!(text.contains("`b` stands twice"), "{text}");
        assert!(text.contains("\"y\""), "{text}");
    }

    #[test]
    fn a_code_needs_a_message() {
        let found = check("a = 甲\n", "a = one\n", "const CODES: &[&str] = &[\"a\", \"approval_stale\"];");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("`approval_stale` has no message `approval-stale`"), "{found:?}");
    }
}
