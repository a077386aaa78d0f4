//! Looking for phrases while somebody writes.

use huiyin_store::sql::Tx;
use huiyin_text::phrase::{Audience, Hit, Level, Origin, Verdict, verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// A phrase that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhraseHit {
    /// Number of the phrase.
    pub number: u32,
    /// What a hit does outside public replies.
    pub level: Level,
    /// Who says that it is not said.
    pub origin: Origin,
    /// The words as they are written.
    pub written: String,
    /// Where they begin, in characters of the text.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// What the customer is likely to feel.
    pub feeling: String,
    /// What is better said.
    pub better: String,
}

/// What may happen with a text, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Looked {
    /// Whether it may be sent.
    pub verdict: Verdict,
    /// The phrases in it, in the order of the text.
    pub hits: Vec<PhraseHit>,
}

pub(super) fn shown(text: &str, hits: Vec<Hit>) -> Vec<PhraseHit> {
    let (mut at, mut count) = (0, 0);
    let mut place = |to: usize| {
        count += text.get(at..to).map_or(0, |part| part.chars().count());
        at = to;
        count
    };
    let shown = hits.into_iter().map(|hit| PhraseHit {
        number: hit.number,
        level: hit.level,
        origin: hit.origin,
        start: place(hit.span.start),
        end: place(hit.span.end),
        written: hit.written,
        feeling: hit.feeling,
        better: hit.better,
    });
    shown.collect()
}

/// Looks for phrases in a text that is being written; counts nothing.
///
/// # Errors
/// `forbidden` without a post.
pub fn look(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (text, audience): (&str, Audience),
) -> Result<Looked, Error> {
    policy::permit(&ctx.actor, action::ViewCases, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let hits = held.phrases().checker().check(text);
    Ok(Looked { verdict: verdict(&hits, audience), hits: shown(text, hits) })
}
