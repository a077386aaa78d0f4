//! One way of writing: width, case, forms, markup, control characters made alike.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The longest part of a text that is looked at, in characters.
///
/// What follows in a longer text adds nothing to what it is about, and an
/// endless one must not cost endless time.
pub const MAX_CHARS: usize = 20_000;

/// The longest markup tag that is taken out, in characters.
const MAX_TAG: usize = 300;

/// Folds width, case and traditional forms, drops markup, cuts at [`MAX_CHARS`].
///
/// White space and control characters become one space each run.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * MAX_CHARS));
    let mut rest = text.chars();
    let mut spaced = true;
    let mut taken = 0;
    while let Some(c) = rest.next() {
        taken += 1;
        if taken > MAX_CHARS {
            break;
        }
        let skipped = markup_length(c, rest.as_str());
        if let Some(length) = skipped {
            // markup ends in ASCII, so this stays on a boundary
            rest = rest.as_str().get(length..).unwrap_or("").chars();
        }
        let c = simplified(one(c));
        if skipped.is_some() || c.is_whitespace() || c.is_control() {
            if !spaced {
                out.push(' ');
            }
            spaced = true;
        } else {
            out.push(c);
            spaced = false;
        }
    }
    out
}

/// Folds the width and case of one character.
#[must_use]
pub const fn one(c: char) -> char {
    let narrow = match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => (c as u32 - 0xfee0) as u8 as char,
        other => other,
    };
    narrow.to_ascii_lowercase()
}

/// Pairs of traditional and simplified characters.
const TABLE: &str = include_str!("traditional.txt");

/// Gives the simplified form of a traditional character, any other as it is.
#[must_use]
pub fn simplified(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    static PAIRS: OnceLock<FxHashMap<char, char>> = OnceLock::new();
    let pairs = PAIRS.get_or_init(|| {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.flat_map(str::split_whitespace).filter_map(|pair| {
            let mut chars = pair.chars();
            Some((chars.next()?, chars.next()?))
        });
        pairs.collect()
    });
    pairs.get(&c).copied().unwrap_or(c)
}

/// Says whether a character is a Han character.
#[must_use]
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// How many bytes of markup follow a sign, if it begins a tag or an entity.
pub(crate) fn markup_length(sign: char, rest: &str) -> Option<usize> {
    match sign {
        '<' => tag_length(rest),
        '&' => entity_length(rest),
        _ => None,
    }
}

/// How many bytes follow a `<` until its tag ends, if it begins one.
fn tag_length(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    if !(first.is_ascii_alphabetic() || first == '/' || first == '!') {
        return None;
    }
    rest.char_indices().take(MAX_TAG).find(|(_, c)| *c == '>').map(|(at, _)| at + 1)
}

/// How many bytes follow a `&` until its entity ends, if it begins one.
fn entity_length(rest: &str) -> Option<usize> {
    let end = rest.bytes().take(8).position(|b| b == b';')?;
    let name = rest.get(..end)?;
    let is_name = end > 1 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
    is_name.then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_white_space_are_folded() {
        assert_eq!(folded("  Ａ３区\t\r\n物业　ＡＢＣ "), "a3区 物业 abc ");
    }

    #[test]
    fn traditional_forms_are_folded() {
        assert_eq!(folded("小區電梯壞了"), "小区电梯坏了");
    }

    #[test]
    fn markup_is_dropped_and_a_comparison_is_not() {
        assert_eq!(folded("<p class=\"x\">电梯&nbsp;坏了</p>"), "电梯 坏了 ");
        assert_eq!(folded("3<5 且 a&b;"), "3<5 且 a&b;");
        assert_eq!(folded("<b"), "<b");
    }

    #[test]
    fn an_endless_text_is_cut() {
        let endless = "啊".repeat(400_000);
        assert_eq!(folded(&endless).chars().count(), MAX_CHARS);
        assert_eq!(folded(&"<a".repeat(200_000)).chars().count(), MAX_CHARS);
    }
}
