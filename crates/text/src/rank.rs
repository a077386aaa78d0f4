//! Ranking a small library for a question: characters, pairs and whole key words.
//!
//! Some thousand short documents are ranked in memory; nothing is cut into words,
//! so that no dictionary decides what is found. Title and key words weigh more
//! than the body, and a key word that stands in the question whole weighs most.
//!
//! *Where to start*: [`Ranker::of`] reads the documents, [`Ranker::rank`] answers.

use crate::filler::bare;
use crate::fold::{folded, is_han, simplified};
use crate::sound::Sounds;
use rustc_hash::FxHashMap;

/// The longest part of a question that is read, in characters.
const LONGEST: usize = 400;

/// How much of a question's value a document must have beside the best one.
const NEAR: f32 = 0.18;

/// Weights of title, key words and body.
const WEIGHTS: [f32; 3] = [3.0, 2.5, 1.0];

/// How soon repeats in one document add nothing, and how much its length counts.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.5;

/// A single character says less than a pair.
const SINGLE: f32 = 0.25;

/// What a key word that stands in the question whole is worth, by its length.
const WHOLE: f32 = 3.0;

/// A document of the library.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Its title.
    pub title: &'a str,
    /// Words under which it is looked for, synonyms too.
    pub keys: &'a [String],
    /// All that it says.
    pub body: &'a str,
}

/// A document that answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its place among the documents, from 0.
    pub place: usize,
    /// How well; comparable within one answer.
    pub score: f32,
}

/// What stands in a document: how often, weighed by where.
#[derive(Clone, Copy, Debug)]
struct Posting {
    place: u32,
    often: f32,
}

/// A library that is ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Ranker {
    tokens: FxHashMap<String, Vec<Posting>>,
    lengths: Vec<f32>,
    mean: f32,
    keys: Vec<(String, u32)>,
    sounds: Sounds,
}

impl Ranker {
    /// Reads the documents, in their order.
    #[must_use]
    pub fn of<'a>(documents: impl IntoIterator<Item = Document<'a>>) -> Self {
        let mut ranker = Self::default();
        for (place, document) in (0_u32..).zip(documents) {
            let mut counts: FxHashMap<String, f32> = FxHashMap::default();
            let (title, body) = (plain(document.title), plain(document.body));
            let mut length = 0.0;
            let mut count = |text: &str, weight: f32| {
                for token in tokens(text) {
                    length += 1.0;
                    *counts.entry(token).or_default() += weight;
                }
            };
            count(&title, WEIGHTS[0]);
            for key in document.keys {
                let key = plain(key);
                count(&key, WEIGHTS[1]);
                ranker.note_key(&key, place);
            }
            count(&body, WEIGHTS[2]);
            ranker.note_key(&title, place);
            for (token, often) in counts {
                ranker.tokens.entry(token).or_default().push(Posting { place, often });
            }
            ranker.lengths.push(length);
        }
        let count = ranker.lengths.len().max(1);
        ranker.mean = ranker.lengths.iter().sum::<f32>() / small(count);
        ranker
    }

    /// Gives how many documents there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Tells whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Gives the documents that answer best, the best first; equal ones in their order.
    ///
    /// One that shares only single characters with the question is no answer,
    /// unless the question is a single character.
    #[must_use]
    pub fn rank(&self, question: &str, most: usize) -> Vec<Hit> {
        let whole: String = plain(&question.chars().take(4 * LONGEST).collect::<String>());
        let whole: String = whole.chars().take(LONGEST).collect();
        let asked = bare(&whole);
        if !asked.chars().any(char::is_alphanumeric) {
            return Vec::new();
        }
        let mut scores = vec![0.0_f32; self.len()];
        let mut sound = vec![false; self.len()];
        let alone = asked.chars().filter(|c| c.is_alphanumeric()).count() < 2;
        let mut wanted = tokens(&asked);
        wanted.sort_unstable();
        wanted.dedup();
        for token in &wanted {
            self.weigh(token, alone, (&mut scores, &mut sound));
        }
        let found = self.keys_in((&whole, &asked));
        credit(found, (&mut scores, &mut sound));
        credit(self.heard(&whole), (&mut scores, &mut sound));
        let mut hits: Vec<Hit> = scores
            .iter()
            .enumerate()
            .filter(|(place, score)| sound[*place] && **score > 0.0)
            .map(|(place, score)| Hit { place, score: *score })
            .collect();
        hits.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.place.cmp(&other.place)));
        let least = hits.first().map_or(0.0, |best| best.score * NEAR);
        hits.retain(|hit| hit.score >= least);
        hits.truncate(most);
        hits
    }

    fn note_key(&mut self, key: &str, place: u32) {
        let key = unspaced(key);
        if key.chars().count() > 1 {
            self.sounds.note(&key, place);
            self.keys.push((key, place));
        }
    }

    /// Adds what one token of the question is worth (BM25).
    fn weigh(&self, token: &str, alone: bool, (scores, sound): (&mut [f32], &mut [bool])) {
        let Some(postings) = self.tokens.get(token) else { return };
        let (of, all) = (small(postings.len()), small(self.len()));
        let rare = (1.0 + (all - of + 0.5) / (of + 0.5)).ln();
        let single = token.chars().count() == 1;
        let weight = if single { SINGLE } else { 1.0 };
        for posting in postings {
            let Some(place) = usize::try_from(posting.place).ok().filter(|place| *place < scores.len())
            else {
                continue;
            };
            let length = 1.0 - LENGTH + LENGTH * self.lengths[place] / self.mean.max(1.0);
            let often = posting.often * (SATURATION + 1.0) / (posting.often + SATURATION * length);
            scores[place] += weight * rare * often;
            sound[place] |= alone || !single;
        }
    }

    /// Values the key words that stand in the question whole.
    fn keys_in(&self, (whole, asked): (&str, &str)) -> Values {
        let mut found = Values::default();
        let (whole, asked) = (unspaced(whole), unspaced(asked));
        let length = asked.chars().count();
        for (key, place) in &self.keys {
            let chars = key.chars().count();
            let shared = if whole.contains(key) {
                chars
            } else if length > 1 && key.contains(&asked) {
                length
            } else {
                continue;
            };
            value(&mut found, *place, (shared, chars == length));
        }
        found
    }

    /// Values the key words that a question types by their sound.
    fn heard(&self, whole: &str) -> Values {
        let mut found = Values::default();
        for heard in self.sounds.find(whole) {
            value(&mut found, heard.place, (heard.shared, heard.equal));
        }
        found
    }
}

/// What the key words of each document are worth: the best, and all together.
type Values = FxHashMap<u32, (f32, f32)>;

/// Adds a key word by how many characters of it were asked; equal is more than
/// contained.
fn value(found: &mut Values, place: u32, (shared, equal): (usize, bool)) {
    let value = WHOLE * small(shared).sqrt() * if equal { 1.5 } else { 1.0 };
    let (best, sum) = found.entry(place).or_default();
    *best = best.max(value);
    *sum += value;
}

/// Credits documents with their key words: the best fully, the others a third.
fn credit(found: Values, (scores, sound): (&mut [f32], &mut [bool])) {
    for (place, (best, sum)) in found {
        let Some(place) = usize::try_from(place).ok().filter(|place| *place < scores.len()) else { continue };
        scores[place] += best + (sum - best) / 3.0;
        sound[place] = true;
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a small library")]
const fn small(count: usize) -> f32 {
    count as f32
}

/// Folds width, case and forms of a text.
fn plain(text: &str) -> String {
    folded(text).chars().map(simplified).collect::<String>().trim().to_owned()
}

fn unspaced(text: &str) -> String {
    text.chars().filter(|c| *c != ' ').collect()
}

/// Cuts a text into characters and pairs of Han, and words of the rest.
fn tokens(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut before: Option<char> = None;
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if is_han(c) {
            flush(&mut word, &mut all);
            all.push(c.to_string());
            if let Some(before) = before {
                all.push([before, c].iter().collect());
            }
            before = Some(c);
            continue;
        }
        before = None;
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            flush(&mut word, &mut all);
        }
    }
    all
}

fn flush(word: &mut String, all: &mut Vec<String>) {
    if !word.is_empty() {
        all.push(std::mem::take(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn library() -> Ranker {
        let keys = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let (one, two, three) =
            (keys(&["停车费", "车位费"]), keys(&["电梯困人", "电梯停了"]), keys(&["门禁卡", "补卡"]));
        let document = |title, keys, body| Document { title, keys, body };
        Ranker::of([
            document("停车费（月租）", &one, "每月"),
            document("统一答复：电梯故障", &two, "请不要扒门"),
            document("门禁卡工本费", &three, "每张"),
        ])
    }

    fn first(question: &str) -> Option<usize> {
        library().rank(question, 3).first().map(|hit| hit.place)
    }

    /// Issue 6: a question finds what it names, however it is written.
    #[test]
    fn width_forms_and_fillers_do_not_matter() {
        for question in ["停车费", "停車費", "请问一下停车费是多少呢", "　停 车 费"] {
            assert_eq!(first(question), Some(0), "{question}");
        }
        assert_eq!(first("我家老人被困在电梯里了"), Some(1));
        assert_eq!(first("补卡要多少钱"), Some(2));
    }

    /// Issue 6: words of a question that say nothing need not match, and sounds are heard.
    #[test]
    fn words_of_a_question_and_sounds() {
        for question in ["什么是停车费", "客户问停车费怎么回答", "为啥要停车费", "客户说要停车费咋说"]
        {
            assert_eq!(first(question), Some(0), "{question}");
        }
        for question in ["ting che fei", "TINGCHEFEI", "tcf", "ting che fei duo shao", "ｔｉｎｇｃｈｅ"]
        {
            assert_eq!(first(question), Some(0), "{question}");
        }
        assert_eq!(first("menjinka"), Some(2));
    }

    /// Issue 6, bad input: what names nothing finds nothing, and nothing panics.
    #[test]
    fn what_names_nothing_finds_nothing() {
        for question in
            ["", " ", "吗", "🙂🙂", "量子力学", "<p></p>", "\u{0}\u{1}", ".*[a-z]+(?:", "的了吗呢"]
        {
            assert_eq!(library().rank(question, 3), [], "{question:?}");
        }
        assert_eq!(first("梯"), Some(1), "a single character is looked for as one");
        assert!(Ranker::of([]).rank("停车费", 3).is_empty());
    }

    /// Issue 6, bad input: an endless question costs no more than a long one.
    #[test]
    fn an_endless_question_is_cut() {
        let endless = format!("停车费{}", "啊".repeat(400_000));
        assert_eq!(first(&endless), Some(0));
    }

    proptest! {
        /// Issue 6: whatever is asked, the answers are documents of the library, the best first.
        #[test]
        fn answers_are_ordered_and_of_the_library(question in ".{0,60}", most in 0_usize..5) {
            let hits = library().rank(&question, most);
            prop_assert!(hits.len() <= most);
            prop_assert!(hits.iter().all(|hit| hit.place < 3 && hit.score.is_finite()));
            prop_assert!(hits.windows(2).all(|two| two[0].score >= two[1].score));
        }
    }
}
