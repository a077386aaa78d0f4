//! Looking for phrases in what is about to be sent.

use super::handbook::is_polite;
use super::plain::{Bare, plain};
use super::{Level, Origin, Phrase};
use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use utoipa::ToSchema;

/// The shortest phrase, in characters without signs.
const SHORTEST: usize = 2;

/// Phrases made ready for looking.
///
/// A check takes time by the length of the text, however many phrases there are.
#[derive(Clone, Debug)]
pub struct Checker {
    finder: AhoCorasick,
    phrases: Vec<Phrase>,
    of_variant: Vec<usize>,
}

/// A phrase that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Number of the phrase.
    pub number: u32,
    /// Its level.
    pub level: Level,
    /// Who says that it is not said.
    pub origin: Origin,
    /// The words as written.
    pub written: String,
    /// Where they stand, in bytes of the text.
    pub span: Range<usize>,
    /// What the customer is likely to feel.
    pub feeling: String,
    /// What is better said.
    pub better: String,
}

/// Who will read the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PhraseAudience)]
pub enum Audience {
    /// Everybody: a reply to a post, a public page (PHRASE-8).
    Public,
    /// One customer, or colleagues.
    Private,
}

/// What may happen with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PhraseVerdict)]
pub enum Verdict {
    /// It may be sent.
    Send,
    /// It may be sent when the person confirms.
    Ask,
    /// It may not be sent as it is.
    Stop,
}

/// Why phrases cannot be looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// A variant is nothing but signs, or one character.
    #[error("phrase {number} has a variant too short to look for: {variant}")]
    TooShort {
        /// Number of the phrase.
        number: u32,
        /// The variant.
        variant: String,
    },
    /// There are more than can be looked for at once.
    #[error("too many phrases to look for at once")]
    TooMany,
}

impl Checker {
    /// Makes the active phrases ready.
    ///
    /// # Errors
    /// [`PhraseError`] when a variant is too short, or they are too many.
    pub fn new(phrases: impl IntoIterator<Item = Phrase>) -> Result<Self, PhraseError> {
        let phrases: Vec<Phrase> = phrases.into_iter().filter(|phrase| phrase.is_active).collect();
        let (mut variants, mut of_variant) = (Vec::new(), Vec::new());
        for (at, phrase) in phrases.iter().enumerate() {
            for variant in &phrase.variants {
                let bare = plain(variant).text;
                if bare.chars().count() < SHORTEST {
                    return Err(PhraseError::TooShort { number: phrase.number, variant: variant.clone() });
                }
                variants.push(bare);
                of_variant.push(at);
            }
        }
        let builder = AhoCorasick::builder().match_kind(MatchKind::Standard).build(variants);
        let finder = builder.map_err(|_| PhraseError::TooMany)?;
        Ok(Self { finder, phrases, of_variant })
    }

    /// Says whether a variant is long enough to be looked for.
    #[must_use]
    pub fn can_find(variant: &str) -> bool {
        plain(variant).text.chars().count() >= SHORTEST
    }

    /// Finds phrases however they are spelt, in the order of the text.
    ///
    /// Where several lie over each other, the one that weighs most is told, then
    /// the longest: a hint never hides what blocks.
    #[must_use]
    pub fn check(&self, text: &str) -> Vec<Hit> {
        let bare = plain(text);
        let mut found = self.written(&bare);
        found.extend(bare.without_strays().iter().flat_map(|bare| self.written(bare)));
        found.sort_by(|one, other| {
            weight(other).cmp(&weight(one)).then_with(|| one.1.start.cmp(&other.1.start))
        });
        let mut taken: BTreeMap<usize, (usize, &Phrase)> = BTreeMap::new();
        for (phrase, span) in found {
            let before = taken.range(..span.end).next_back();
            if before.is_none_or(|(_, (end, _))| *end <= span.start) {
                taken.insert(span.start, (span.end, phrase));
            }
        }
        let hit = |(start, (end, phrase)): (usize, (usize, &Phrase))| {
            let span = start..end;
            Some(Hit {
                number: phrase.number,
                level: phrase.level,
                origin: phrase.origin,
                written: text.get(span.clone())?.to_owned(),
                span,
                feeling: phrase.feeling.clone(),
                better: phrase.better.clone(),
            })
        };
        taken.into_iter().filter_map(hit).collect()
    }

    /// Gives what stands in a text, for each end the weightiest, by its places.
    fn written(&self, bare: &Bare) -> Vec<(&Phrase, Range<usize>)> {
        let mut found: Vec<(&Phrase, Range<usize>)> = Vec::new();
        for one in self.finder.find_overlapping_iter(&bare.text) {
            let at = self.of_variant.get(one.pattern().as_usize());
            let Some(phrase) = at.and_then(|at| self.phrases.get(*at)) else { continue };
            if is_polite(phrase, &bare.text[..one.start()], &bare.text[one.end()..]) {
                continue;
            }
            let new = (phrase, one.range());
            match found.last_mut().filter(|last| last.1.end == one.end()) {
                Some(last) if weight(last) < weight(&new) => *last = new,
                Some(_) => {}
                None => found.push(new),
            }
        }
        let place = |at: usize| bare.places.get(at);
        let placed = |(phrase, span): (_, Range<usize>)| {
            Some((phrase, place(span.start)?.start..place(span.end.checked_sub(1)?)?.end))
        };
        found.into_iter().filter_map(placed).collect()
    }
}

fn weight((phrase, span): &(&Phrase, Range<usize>)) -> (Level, usize) {
    (phrase.level, span.len())
}

/// Says what may happen with a text in which these were found.
///
/// PHRASE-8: for the public any hit stops; elsewhere its level decides.
#[must_use]
pub fn verdict(hits: &[Hit], audience: Audience) -> Verdict {
    let one = |hit: &Hit| match (audience, hit.level) {
        (Audience::Public, _) | (Audience::Private, Level::Block) => Verdict::Stop,
        (Audience::Private, Level::Warn) => Verdict::Ask,
        (Audience::Private, Level::Hint) => Verdict::Send,
    };
    hits.iter().map(one).max().unwrap_or(Verdict::Send)
}
