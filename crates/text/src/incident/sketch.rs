//! What is kept of a message to compare it: grams, names, matters, numbers.

use super::lexicon::PLAIN;
use super::reading::{self, Reading};
use crate::category::Message;
use crate::fold::{folded, is_han};
use std::ops::Range;

/// How much of the text is looked at, in characters; what happened stands first.
const READ: usize = 400;
/// Where a title tells no place, so much of the text stands with it.
const TITLE: usize = 60;
/// A title no longer than this, and without a place, is a heading such as 电梯故障.
const BARE: usize = 12;
/// How many names of one message are kept.
const NAMES: usize = 8;

/// A message to be placed: who tells it, if known, and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The text and its title.
    pub message: Message,
    /// Whoever tells it, by a stable code; one person repeats one matter.
    pub who: Option<String>,
    /// The place in the organisation's own tree, by a stable code, where it is known.
    pub place: Option<String>,
}

/// A hashed word or pair of characters.
pub(super) type Gram = u32;

/// What is kept of a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    /// Pairs of characters of the title, without districts.
    pub(super) title: Vec<Gram>,
    /// Those of the title that lie in no name.
    pub(super) matter: Vec<Gram>,
    /// Pairs of characters of title and text.
    pub(super) all: Vec<Gram>,
    /// Names in the title.
    pub(super) names: Vec<Name>,
    /// Names in the text that are not in the title.
    pub(super) further: Vec<Name>,
    /// Districts in the title.
    pub(super) districts: Vec<String>,
    /// Matters of the title; of the text where the title shows none.
    pub(super) matters: u64,
    /// Matters of title and text.
    pub(super) all_matters: u64,
    /// Numbers of the title with what they count.
    pub(super) marks: Vec<(u8, u32)>,
    /// Those of the beginning of the text where the title has none; they only part.
    pub(super) told: Vec<(u8, u32)>,
    /// Who tells it.
    pub(super) who: Option<Box<str>>,
    /// Its place in the organisation's own tree.
    pub(super) place: Option<Box<str>>,
}

/// The name of a place or a party.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Name {
    pub(super) text: Box<str>,
    letters: Vec<char>,
    pairs: Vec<Gram>,
    weight: f32,
}

impl Sketch {
    pub(super) fn of(report: &Report) -> Self {
        let text: String = folded(&report.message.text).chars().take(READ).collect();
        let beginning: String = text.chars().take(TITLE).collect();
        let mut title: String = folded(&report.message.title).chars().take(READ).collect();
        let mut read = reading::read(&title);
        let mut told = Vec::new();
        if title.chars().count() <= BARE && read.tells_no_place() {
            // 电梯故障 is said of every house; where it is stands in what follows
            title = format!("{} {beginning}", title.trim());
            read = reading::read(&title);
        } else if read.marks.is_empty() {
            told = reading::marks(&beginning);
        }
        let further = reading::read(&text);
        let names = named(&title, &read);
        let further = named(&text, &further).into_iter().filter(|name| !names.contains(name)).collect();
        let text_matters = reading::matters(&text);
        let mut all = Vec::new();
        grams(&title, &[], &mut all);
        let mut matter = Vec::new();
        let named: Vec<Range<usize>> = read.names.iter().chain(&read.districts).cloned().collect();
        grams(&title, &named, &mut matter);
        let mut of_title = Vec::new();
        grams(&title, &read.districts, &mut of_title);
        grams(&text, &[], &mut all);
        for grams in [&mut all, &mut matter, &mut of_title] {
            grams.sort_unstable();
            grams.dedup();
        }
        Self {
            title: of_title,
            matter,
            all,
            names,
            further,
            districts: read.districts.iter().map(|span| title[span.clone()].to_owned()).collect(),
            matters: if read.matters == 0 { text_matters } else { read.matters },
            all_matters: read.matters | text_matters,
            marks: read.marks,
            told,
            who: report.who.as_deref().filter(|who| !who.is_empty()).map(Into::into),
            place: report.place.as_deref().filter(|place| !place.is_empty()).map(Into::into),
        }
    }
}

impl Sketch {
    /// Numbers of the place: those of the title, else of the beginning of the text.
    pub(super) fn numbers(&self) -> &[(u8, u32)] {
        if self.marks.is_empty() { &self.told } else { &self.marks }
    }
}

fn named(text: &str, read: &Reading) -> Vec<Name> {
    let mut names: Vec<Name> =
        read.names.iter().map(|span| Name::new(&text[span.clone()])).filter(Name::says_something).collect();
    names.truncate(NAMES);
    names
}

impl Name {
    pub(super) fn new(text: &str) -> Self {
        // numbers are compared by what they count
        let numbered: Vec<Range<usize>> = reading::numbered(text).into_iter().map(|(_, span)| span).collect();
        let is_out = |at: &usize| numbered.iter().any(|span| span.contains(at));
        let letters: Vec<char> = text.char_indices().filter(|(at, _)| !is_out(at)).map(|(_, c)| c).collect();
        let mut pairs = Vec::new();
        grams(text, &numbered, &mut pairs);
        pairs.sort_unstable();
        pairs.dedup();
        let weight = letters.iter().map(|letter| weight(*letter)).sum();
        Self { text: text.into(), letters, pairs, weight }
    }

    /// A name of plain characters alone, such as 小区, names nothing.
    fn says_something(&self) -> bool {
        self.weight >= 1.0
    }

    /// How alike two names are, from 0 to 1; letters may have changed places.
    pub(super) fn likeness(&self, other: &Self) -> f32 {
        let mut rest = other.letters.clone();
        let mut shared = 0.0;
        for letter in &self.letters {
            if let Some(at) = rest.iter().position(|left| left == letter) {
                rest.swap_remove(at);
                shared += weight(*letter);
            }
        }
        let letters = parts(shared, self.weight, other.weight);
        let pairs = common(&self.pairs, &other.pairs).count() as f32;
        let pairs = parts(pairs, self.pairs.len() as f32, other.pairs.len() as f32);
        0.5 * letters + 0.5 * pairs
    }
}

impl Name {
    /// Which share of its pairs lies in a text; a short name lies there whole or not.
    pub(super) fn lies_in(&self, all: &[Gram]) -> f32 {
        let shared = common(&self.pairs, all).count();
        if self.pairs.len() < 2 { 0.0 } else { shared as f32 / self.pairs.len() as f32 }
    }
}

/// The mean of the shares that something shared is of both.
fn parts(shared: f32, one: f32, other: f32) -> f32 {
    let (small, large) = (one.min(other), one.max(other));
    if small <= 0.0 { 0.0 } else { (0.65 * shared / small + 0.35 * shared / large).min(1.0) }
}

fn weight(letter: char) -> f32 {
    if PLAIN.contains(letter) { 0.2 } else { 1.0 }
}

/// What two ascending lists have in common.
pub(super) fn common<'a>(one: &'a [Gram], other: &'a [Gram]) -> impl Iterator<Item = Gram> + 'a {
    let mut rest = other.iter().peekable();
    one.iter().copied().filter(move |gram| {
        while rest.next_if(|next| **next < *gram).is_some() {}
        rest.peek().is_some_and(|next| **next == *gram)
    })
}

/// Appends the pairs of neighbouring characters outside some spans.
///
/// Which of both stands first does not matter: letters change places in names.
/// A run of letters and digits counts as one character.
fn grams(text: &str, without: &[Range<usize>], into: &mut Vec<Gram>) {
    let mut last: Option<u64> = None;
    let mut run: Option<u64> = None;
    let mut take = |unit: u64, last: &mut Option<u64>| {
        if let Some(before) = last.replace(unit) {
            into.push(pair(before, unit));
        }
    };
    for (at, c) in text.char_indices() {
        let is_out = without.iter().any(|span| span.contains(&at));
        if !is_out && c.is_alphanumeric() && !is_han(c) {
            run = Some(run.unwrap_or(7).wrapping_mul(0x0100_0000_01b3) ^ u64::from(u32::from(c)));
            continue;
        }
        if let Some(run) = run.take() {
            take(run | 1 << 63, &mut last);
        }
        if !is_out && is_han(c) {
            take(u64::from(u32::from(c)), &mut last);
        } else {
            last = None;
        }
    }
    if let Some(run) = run {
        take(run | 1 << 63, &mut last);
    }
}

fn pair(one: u64, other: u64) -> Gram {
    let (small, large) = (one.min(other), one.max(other));
    let mixed = (small.rotate_left(21) ^ large.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_mul(0xd6e8_feb8_6659_fd93);
    (mixed >> 32) as Gram
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> f32 {
        Name::new(one).likeness(&Name::new(other))
    }

    #[test]
    fn swapped_letters_and_a_missing_part_stay_the_same_name() {
        for (one, other) in [
            ("绿湖苑", "湖绿苑"),
            ("云杉里小区三期", "云杉里小区"),
            ("云杉里3期5栋", "云杉里"),
            ("飞迈聚捷网络", "聚捷飞迈网络"),
        ] {
            assert!(likeness(one, other) > 0.7, "{one} {other}: {}", likeness(one, other));
        }
        for (one, other) in [("绿湖苑", "翠竹苑"), ("云杉里小区", "天鹅湾小区"), ("中茂城", "中贸城")]
        {
            assert!(likeness(one, other) < 0.5, "{one} {other}: {}", likeness(one, other));
        }
    }

    #[test]
    fn lists_in_order_have_in_common_what_is_in_both() {
        assert_eq!(common(&[1, 3, 5, 9], &[0, 3, 4, 9, 11]).collect::<Vec<_>>(), [3, 9]);
        assert_eq!(common(&[], &[1]).count(), 0);
    }
}
