//! Reads message keys and placeholders from Fluent files.

use crate::tree::SourceFile;
use std::collections::BTreeSet;

/// One message, term or attribute of a catalogue.
#[derive(Debug)]
pub(crate) struct Message {
    /// Key; an attribute is `message.attribute`.
    pub(crate) key: String,
    /// Names of its placeholders, and of the terms it refers to.
    pub(crate) placeholders: BTreeSet<String>,
    /// File and line, for reports.
    pub(crate) path: String,
    /// Line in the file, from 1.
    pub(crate) line: usize,
}

/// Reads the messages of one file in order.
pub(crate) fn messages(file: &SourceFile) -> Vec<Message> {
    let mut found: Vec<Message> = Vec::new();
    let mut parent = String::new();
    for (line, text) in file.lines().filter(|(_, text)| !text.starts_with('#')) {
        if let Some((key, value)) = head(text) {
            parent = key.to_owned();
            found.push(message(file, line, key.to_owned(), value));
        } else if let Some((attribute, value)) = text.trim_start().strip_prefix('.').and_then(head) {
            found.push(message(file, line, format!("{parent}.{attribute}"), value));
        } else if let Some(last) = found.last_mut() {
            last.placeholders.extend(placeholders(text));
        }
    }
    found
}

fn message(file: &SourceFile, line: usize, key: String, value: &str) -> Message {
    Message { key, placeholders: placeholders(value).collect(), path: file.path.clone(), line }
}

/// Splits `key = value`; only a key at the very beginning counts.
fn head(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once('=')?;
    let key = key.trim_end();
    let name = key.strip_prefix('-').unwrap_or(key);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_name.then_some((key, value))
}

fn placeholders(text: &str) -> impl Iterator<Item = String> {
    text.split('$').skip(1).filter_map(|rest| {
        let name: String =
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect();
        (!name.is_empty()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_attributes_and_placeholders_are_read() {
        let text = "# comment = no\nlate = 逾期 { $days ->\n    [one] 一天\n   *[other] { $days } 天，{ $owner }\n}\n    .title = 标题 { $n }\n-brand = 回音\n";
        let file = SourceFile { path: "a.ftl".to_owned(), text: text.to_owned() };
        let found: Vec<String> =
            messages(&file).iter().map(|m| format!("{}:{}:{:?}", m.line, m.key, m.placeholders)).collect();
        let expected = [
            "2:late:{\"days\", \"owner\"}".to_owned(),
            "6:late.title:{\"n\"}".to_owned(),
            "7:-brand:{}".to_owned(),
        ];
        assert_eq!(found, expected);
    }
}
