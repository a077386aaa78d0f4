//! How a query is read: parts between white space, some of them in quotes.

use crate::fold::{fold, folded};

/// Characters of a query that are read; the rest narrows nothing down.
const LONGEST: usize = 400;

/// Parts of a query that count.
const MOST: usize = 32;

/// One part of a query, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// What has to be there.
    pub text: String,
    /// Whether it was quoted: then as it stands, and checked.
    pub quoted: bool,
}

/// The sign that ends what another one begins.
const fn closing(c: char) -> Option<char> {
    Some(match c {
        '"' | '＂' => '"',
        '“' => '”',
        '「' => '」',
        '『' => '』',
        _ => return None,
    })
}

/// Takes a query apart; a quote that is not closed is none.
pub(crate) fn read(words: &str) -> Vec<Part> {
    let chars: Vec<char> = words.chars().take(LONGEST).collect();
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        at += 1;
        let end = closing(c).and_then(|end| {
            let ends = |other: &char| *other == end || (end == '"' && *other == '＂');
            chars[at..].iter().position(ends)
        });
        match end {
            Some(length) => {
                split(&mut parts, &plain);
                plain.clear();
                let inside: String = chars[at..at + length].iter().copied().map(fold).collect();
                let inside = inside.trim().to_owned();
                if !inside.is_empty() {
                    parts.push(Part { text: inside, quoted: true });
                }
                at += length + 1;
            }
            None if matches!(c, '"' | '＂' | '“' | '”') => plain.push(' '),
            None => plain.push(c),
        }
    }
    split(&mut parts, &plain);
    parts.truncate(MOST);
    parts
}

fn split(parts: &mut Vec<Part>, plain: &str) {
    let plain = folded(plain);
    let words = plain.split(' ').filter(|word| !word.is_empty());
    parts.extend(words.map(|word| Part { text: word.to_owned(), quoted: false }));
}

/// Cuts a part into the words that have to be there; signs count only where
/// there is nothing else.
pub(crate) fn words(part: &str) -> Vec<&str> {
    let cut = huiyin_text::cut(part);
    let said: Vec<&str> =
        cut.iter().copied().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    if said.is_empty() { vec![part] } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(words: &str) -> Vec<(String, bool)> {
        read(words).into_iter().map(|part| (part.text, part.quoted)).collect()
    }

    /// Issue 6 §1: quoted text is one part, in either kind of quotes.
    #[test]
    fn quotes_keep_together() {
        assert_eq!(told("電梯 維修"), [("电梯".into(), false), ("维修".into(), false)]);
        assert_eq!(told("\"电梯 维修\""), [("电梯 维修".into(), true)]);
        assert_eq!(
            told("坏了“电梯维修”３栋"),
            [("坏了".into(), false), ("电梯维修".into(), true), ("3栋".into(), false)]
        );
    }

    /// Issue 6: bad input: empty, unbalanced quotes, one character without end.
    #[test]
    fn what_is_no_query_is_read_all_the_same() {
        assert!(read("").is_empty() && read(" \t　").is_empty() && read("\"\"“”").is_empty());
        assert_eq!(told("\"电梯"), [("电梯".into(), false)]);
        assert_eq!(told("电梯\""), [("电梯".into(), false)]);
        let endless = "啊".repeat(1_000_000);
        assert_eq!(read(&endless).iter().map(|part| part.text.chars().count()).sum::<usize>(), LONGEST);
        assert_eq!(read(&"a ".repeat(500)).len(), MOST);
        assert_eq!(words("?!"), ["?!"]);
        assert_eq!(words("电梯?"), ["电梯"]);
    }

    proptest! {
        /// Issue 6: bad input: emoji, mixed scripts, markup, regex signs.
        #[test]
        fn reading_takes_any_text(text in "\\PC{0,80}|[\"“”「」<>.*+?()\\[\\]\\\\ 电]{0,40}") {
            for part in read(&text) {
                prop_assert!(!part.text.trim().is_empty());
                prop_assert!(part.quoted || !part.text.contains(' '));
                prop_assert!(!words(&part.text).is_empty());
            }
        }
    }
}
