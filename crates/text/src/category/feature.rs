//! What a text is made of: words, pairs of words and runs of characters.

use crate::fold::{folded, is_han};
use crate::word::segmenter;
use std::ops::Range;

/// A message as it is classified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its title; may be empty.
    pub title: String,
    /// Its text.
    pub text: String,
}

/// Kinds of features that are scaled to unit length together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Words and pairs of words.
    Word,
    /// Runs of one to four characters.
    Run,
    /// Words and runs of the title alone.
    Title,
}

/// How many groups there are.
pub(crate) const GROUPS: usize = 3;

/// The longest run of characters.
const LONGEST_RUN: usize = 4;

/// One occurrence of a feature; the span is in bytes of its folded field.
pub(crate) struct Found {
    pub(crate) hash: u64,
    pub(crate) group: Group,
    pub(crate) field: usize,
    pub(crate) span: Range<usize>,
}

/// The two fields of a message, folded.
pub(crate) fn fields(message: &Message) -> [String; 2] {
    [folded(&message.title), folded(&message.text)]
}

/// Hands every feature of the folded fields to a sink.
pub(crate) fn each(fields: &[String; 2], sink: &mut impl FnMut(Found)) {
    for (field, text) in fields.iter().enumerate() {
        let words = words(text);
        for_words(&words, |hash, span| sink(Found { hash, group: Group::Word, field, span }));
        let units = units(text);
        for_runs(&units, LONGEST_RUN, Group::Run, |hash, span| {
            sink(Found { hash, group: Group::Run, field, span });
        });
        if field == 0 {
            for (word, span) in &words {
                let hash = mix(seed(Group::Title, 9), *word);
                sink(Found { hash, group: Group::Title, field, span: span.clone() });
            }
            for_runs(&units, 3, Group::Title, |hash, span| {
                sink(Found { hash, group: Group::Title, field, span });
            });
        }
    }
}

/// Gives the words of a folded text as hash and span, without punctuation.
pub(crate) fn words(text: &str) -> Vec<(u64, Range<usize>)> {
    let mut at = 0;
    let mut found = Vec::with_capacity(text.len() / 5);
    for token in segmenter().cut(text, true) {
        let word = token.word;
        let span = at..at + word.len();
        at = span.end;
        if word.chars().any(|c| is_han(c) || c.is_alphanumeric()) {
            found.push((word_hash(word), span));
        }
    }
    found
}

fn for_words(words: &[(u64, Range<usize>)], mut sink: impl FnMut(u64, Range<usize>)) {
    for (word, span) in words {
        sink(mix(seed(Group::Word, 1), *word), span.clone());
    }
    for pair in words.windows(2) {
        if let [(left, first), (right, second)] = pair {
            sink(mix(mix(seed(Group::Word, 2), *left), *right), first.start..second.end);
        }
    }
}

/// One character, or one run of letters and digits; none is a break.
type Unit = Option<(u64, Range<usize>)>;

/// Cuts a folded text into units.
fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(text.len() / 3);
    let mut letters: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() && !is_han(c) {
            letters.get_or_insert(at);
            continue;
        }
        if let Some(start) = letters.take() {
            units.push(Some((word_hash(&text[start..at]), start..at)));
        }
        if is_han(c) {
            units.push(Some((u64::from(u32::from(c)), at..at + c.len_utf8())));
        } else if units.last().is_some_and(Option::is_some) {
            units.push(None);
        }
    }
    if let Some(start) = letters {
        units.push(Some((word_hash(&text[start..]), start..text.len())));
    }
    units
}

fn for_runs(units: &[Unit], longest: usize, group: Group, mut sink: impl FnMut(u64, Range<usize>)) {
    for start in 0..units.len() {
        let mut hash = seed(group, 3);
        let mut begin = None;
        for unit in units[start..].iter().take(longest) {
            let Some((code, span)) = unit else { break };
            hash = mix(hash, *code);
            sink(hash, *begin.get_or_insert(span.start)..span.end);
        }
    }
}

/// A word's hash; numbers count by their length only.
fn word_hash(word: &str) -> u64 {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return mix(seed(Group::Word, 7), word.len().min(6) as u64);
    }
    word.chars().fold(0x5bd1_e995, |hash, c| mix(hash, u64::from(u32::from(c))))
}

const fn seed(group: Group, kind: u64) -> u64 {
    (group as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ kind.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Takes one more code into a hash; the model file depends on it.
const fn mix(hash: u64, code: u64) -> u64 {
    let mixed = (hash.rotate_left(23) ^ code).wrapping_mul(0x9fb2_1c65_1e98_df25);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(title: &str, text: &str) -> Vec<u64> {
        let message = Message { title: title.to_owned(), text: text.to_owned() };
        let mut all = Vec::new();
        each(&fields(&message), &mut |found| all.push(found.hash));
        all
    }

    #[test]
    fn width_case_and_the_digits_of_a_number_do_not_matter() {
        assert_eq!(hashes("", "ＡＢ栋１２号漏水"), hashes("", "ab栋37号漏水"));
    }

    #[test]
    fn no_run_crosses_punctuation() {
        let joined = hashes("", "电梯坏了");
        let parted = hashes("", "电梯，坏了");
        assert!(parted.len() < joined.len());
    }

    #[test]
    fn spans_lie_on_characters() {
        let message = Message { title: "😀电梯A1".to_owned(), text: "<b>坏</b>了🙂🙂x".to_owned() };
        let fields = fields(&message);
        each(&fields, &mut |found| assert!(fields[found.field].get(found.span).is_some()));
    }
}
