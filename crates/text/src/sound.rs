//! How characters sound, and key words typed by their sound: whole syllables
//! (`ting che fei`), or the first letters from the first character on (`tcf`).

use std::sync::LazyLock;

use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};
use rustc_hash::FxHashSet;

use crate::fold::is_han;

/// The longest run of a key word of which the sound is known, in characters.
const LONGEST: usize = 16;

/// The longest question that is read by its sound, in bytes.
const LONGEST_ASKED: usize = 120;

/// The longest syllable, in bytes.
const LONGEST_SYLLABLE: usize = 6;

/// The fewest first letters that are looked for.
const LEAST_LETTERS: usize = 3;

/// The shortest key word that may stand among other syllables, in bytes.
const LEAST_INSIDE: usize = 4;

/// A run of a key word as it sounds.
#[derive(Clone, Debug)]
struct Key {
    whole: String,
    /// Where its syllables begin, and where the last one ends.
    borders: Vec<usize>,
    letters: String,
    place: u32,
}

/// A key word that was typed by its sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// Its document.
    pub place: u32,
    /// How many characters of it were typed.
    pub shared: usize,
    /// Whether it was typed whole, and nothing else.
    pub equal: bool,
}

/// All syllables that a character of the common block is spoken as.
static SYLLABLES: LazyLock<FxHashSet<String>> =
    LazyLock::new(|| ('\u{4e00}'..='\u{9fff}').filter_map(syllable).collect());

/// How the key words of a library sound.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sounds {
    keys: Vec<Key>,
}

impl Sounds {
    /// Notes a key word of a document.
    pub(crate) fn note(&mut self, key: &str, place: u32) {
        for run in key.split(|c| !is_han(c)) {
            let spoken: Option<Vec<String>> = run.chars().take(LONGEST).map(syllable).collect();
            let Some(spoken) = spoken.filter(|spoken| spoken.len() > 1) else { continue };
            let mut heard = Key { whole: String::new(), borders: vec![0], letters: String::new(), place };
            for syllable in spoken {
                heard.letters.extend(syllable.chars().next());
                heard.whole.push_str(&syllable);
                heard.borders.push(heard.whole.len());
            }
            self.keys.push(heard);
        }
    }

    /// Gives the key words that a folded question types by their sound.
    pub(crate) fn find(&self, question: &str) -> Vec<Heard> {
        let words: Vec<&str> = question.split(' ').filter(|word| !word.is_empty()).collect();
        let asked = words.concat();
        let typed =
            (2..=LONGEST_ASKED).contains(&asked.len()) && asked.bytes().all(|byte| byte.is_ascii_lowercase());
        if !typed {
            return Vec::new();
        }
        let spelt = words.iter().all(|word| is_spelt(word));
        let by_letters = words.len() == 1 && asked.len() >= LEAST_LETTERS;
        let heard = |key: &Key| {
            let shared = if spelt { key.syllables_of(&asked) } else { None };
            let letters = || (by_letters && key.letters.starts_with(&asked)).then_some(asked.len());
            let shared = shared.or_else(letters)?;
            let equal = key.whole == asked || key.letters == asked;
            Some(Heard { place: key.place, shared, equal })
        };
        self.keys.iter().filter_map(heard).collect()
    }
}

/// Says whether a word can be cut into syllables, from its beginning to its end.
fn is_spelt(word: &str) -> bool {
    let mut reached = vec![false; word.len() + 1];
    reached[0] = true;
    for end in 1..=word.len() {
        let starts = end.saturating_sub(LONGEST_SYLLABLE)..end;
        reached[end] = starts.rev().any(|from| {
            let part = word.get(from..end).unwrap_or("");
            reached[from] && SYLLABLES.contains(part)
        });
    }
    reached[word.len()]
}

impl Key {
    /// Counts the syllables, two at least, that a question and the key share: those
    /// of the whole question within the key, or of the whole key within the question.
    fn syllables_of(&self, asked: &str) -> Option<usize> {
        if let Some(from) = self.whole.find(asked) {
            let border = |at: usize| self.borders.binary_search(&at).ok();
            let shared = border(from + asked.len())?.checked_sub(border(from)?)?;
            return (shared > 1).then_some(shared);
        }
        (self.whole.len() >= LEAST_INSIDE && asked.contains(&self.whole)).then_some(self.borders.len() - 1)
    }
}

/// Gives how a character is usually spoken: in letters without tones, ü as v, as
/// keyboards have it; nothing for what is no Han character.
#[must_use]
pub fn syllable(c: char) -> Option<String> {
    typed(c.to_pinyin()?)
}

/// Gives all ways in which a character is spoken, as [`syllable`] writes them, in
/// order and each once; a family name has its own.
#[must_use]
pub fn readings(c: char) -> Vec<String> {
    let mut all: Vec<String> = c.to_pinyin_multi().into_iter().flatten().filter_map(typed).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn typed(sound: Pinyin) -> Option<String> {
    let sound = sound.plain().replace('ü', "v");
    (!sound.is_empty() && sound.is_ascii()).then_some(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds() -> Sounds {
        let mut sounds = Sounds::default();
        for (place, key) in ["停车费", "绿化", "门禁卡fab补卡", "方案"].into_iter().enumerate() {
            sounds.note(key, u32::try_from(place).unwrap_or(0));
        }
        sounds
    }

    /// Issue 6 §1: syllables together or apart, first letters, and among other syllables.
    #[test]
    fn key_words_are_typed_by_their_sound() {
        let sounds = sounds();
        for (typed, place, shared, equal) in [
            ("ting che fei", 0, 3, true),
            ("tingchefei", 0, 3, true),
            ("che fei", 0, 2, false),
            ("tingche duoshao qian", 0, 0, false),
            ("tcf", 0, 3, true),
            ("lvhua", 1, 2, true),
            ("buka", 2, 2, true),
            ("yi ge yue tingchefei", 0, 3, false),
        ] {
            let found = sounds.find(typed);
            let wanted = Heard { place, shared, equal };
            assert_eq!(found.contains(&wanted), shared > 0, "{typed}: {found:?}");
        }
    }

    /// Issue 6: what is no sound finds nothing, however it is written.
    #[test]
    fn what_is_no_sound_finds_nothing() {
        for typed in ["", "t", "fei", "tc", "ingchefei", "what does it cost", "停车费", "ting1che", "xyz"]
        {
            assert_eq!(sounds().find(typed), [], "{typed}");
        }
        assert_eq!(sounds().find(&"tingche".repeat(10_000)), [], "an endless one is not read");
    }
}
