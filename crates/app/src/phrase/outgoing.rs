//! The one look before something leaves the house (PHRASE-8, PROP-73).

use huiyin_domain::case::agreement::AgreementDrawnUp;
use huiyin_domain::case::{Carrier, Command, Direction};
use huiyin_domain::paper::{Paper, Step as _};
use huiyin_domain::text::Text;
use huiyin_store::sql::Tx;
use huiyin_text::phrase::{Audience, Verdict, verdict};

use super::count::{Outcome, count};
use super::look::{PhraseHit, shown};
use crate::case::Rules;
use crate::ctx::{Ctx, Via};
use crate::error::{Error, FieldError, Params};

/// Refused: in public any phrase, elsewhere one that blocks.
pub(super) const STOPS: &str = "phrase_stops";

/// Refused until whoever sends it names the phrases that warn.
pub(super) const ASKS: &str = "phrases_not_acknowledged";

/// What is about to leave the house.
#[derive(Debug)]
pub(crate) struct Outgoing<'a> {
    /// The action or step.
    pub place: &'static str,
    /// Who will read it.
    pub audience: Audience,
    /// Its texts, each with its path in the body.
    pub texts: Vec<(String, &'a str)>,
    /// The phrases whose warning the writer has read.
    pub acknowledged: &'a [u32],
}

/// Looks at what an action on a case says to its customer.
///
/// # Errors
/// As [`before_sending`].
pub(crate) fn before_command(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    command: &Command,
) -> Result<(), Error> {
    let (texts, acknowledged, audience) = match command {
        Command::Reply(body) => {
            let public = matches!(body.carrier, Carrier::Post | Carrier::PublicPage);
            let audience = if public { Audience::Public } else { Audience::Private };
            (one(&body.text), &body.acknowledged_phrases, audience)
        }
        // a promise is told to the customer, and may guarantee no outcome
        Command::Promise(body) => (one(&body.text), &body.acknowledged_phrases, Audience::Private),
        Command::OfferOption(body) => (one(&body.text), &body.acknowledged_phrases, Audience::Private),
        Command::WriteMessage(body) if body.direction == Direction::Outbound => {
            (one(&body.text), &body.acknowledged_phrases, Audience::Private)
        }
        // ASC-9: the customer signs it
        Command::DrawUpAgreement(body) => (agreed(body), &body.acknowledged_phrases, Audience::Private),
        _ => return Ok(()),
    };
    let place = command.kind().as_str();
    before_sending(tx, ctx, rules, &Outgoing { place, audience, texts, acknowledged })
}

fn one(text: &Text) -> Vec<(String, &str)> {
    vec![("text".to_owned(), text.as_str())]
}

/// Gives the words of an agreement, each with its path.
fn agreed(body: &AgreementDrawnUp) -> Vec<(String, &str)> {
    let terms = body.terms.iter().map(|terms| ("terms".to_owned(), terms.as_str()));
    let items = body.items.iter().enumerate();
    terms.chain(items.map(|(at, item)| (format!("items[{at}].what"), item.what.as_str()))).collect()
}

/// Looks at what a paper says in public that is opened with its text.
///
/// # Errors
/// As [`before_sending`].
pub(crate) fn before_opening<P: Paper>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    new: &P::New,
) -> Result<(), Error> {
    in_public(tx, ctx, rules, ("open", P::said_on_opening(new)))
}

/// Looks at what a step of a paper says in public.
///
/// # Errors
/// As [`before_sending`].
pub(crate) fn before_step<P: Paper>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (paper, step): (&P, &P::Step),
) -> Result<(), Error> {
    in_public(tx, ctx, rules, (step.name(), paper.said_in_public(step)))
}

/// Looks at texts that everybody may read; each has its path in the body.
///
/// # Errors
/// As [`before_sending`].
pub(crate) fn in_public(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (place, said): (&'static str, Vec<(String, &Text)>),
) -> Result<(), Error> {
    if said.is_empty() {
        return Ok(());
    }
    let texts = said.into_iter().map(|(path, text)| (path, text.as_str())).collect();
    let out = Outgoing { place, audience: Audience::Public, texts, acknowledged: &[] };
    before_sending(tx, ctx, rules, &out)
}

/// Looks for phrases in what leaves the house, and counts what was passed.
///
/// PHRASE-8: in public any hit stops the sending; elsewhere what blocks stops
/// it, what warns must be named by the writer, and a hint is only counted.
///
/// # Errors
/// `phrase_stops`, or `phrases_not_acknowledged` with the numbers to name.
pub(crate) fn before_sending(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    out: &Outgoing<'_>,
) -> Result<(), Error> {
    if matches!(ctx.actor.via, Via::Customer(_)) {
        return Ok(());
    }
    let held = rules.of(tx, ctx.org())?;
    let (mut decisive, mut passed) = (Vec::new(), Vec::new());
    let mut worst = Verdict::Send;
    for (path, text) in &out.texts {
        for hit in held.phrases().checker().check(text) {
            let known = out.acknowledged.contains(&hit.number);
            let told = match verdict(std::slice::from_ref(&hit), out.audience) {
                Verdict::Ask if known => {
                    passed.push((hit.number, Outcome::Acknowledged));
                    continue;
                }
                Verdict::Send => {
                    passed.push((hit.number, Outcome::Hinted));
                    continue;
                }
                told => told,
            };
            worst = worst.max(told);
            decisive.push((told, path.as_str(), shown(text, vec![hit])));
        }
    }
    if worst == Verdict::Send {
        let zone = held.calendar().zone();
        return count(tx, ctx, (zone.date(ctx.now), out.place), &passed);
    }
    decisive.retain(|(told, ..)| *told == worst);
    let hits = decisive.into_iter().flat_map(|(_, path, hits)| hits.into_iter().map(move |hit| (path, hit)));
    refusal(worst, out.place, &hits.collect::<Vec<_>>())
}

fn refusal(worst: Verdict, place: &str, hits: &[(&str, PhraseHit)]) -> Result<(), Error> {
    let code = if worst == Verdict::Stop { STOPS } else { ASKS };
    let mut numbers: Vec<u32> = hits.iter().map(|(_, hit)| hit.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut words: Vec<&str> = hits.iter().map(|(_, hit)| hit.written.as_str()).collect();
    words.dedup();
    let shown: Vec<&PhraseHit> = hits.iter().map(|(_, hit)| hit).collect();
    let listed = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let mut error = Error::invalid(code)
        .with("phrases", words.join("、"))
        .with("listed", listed)
        .with("numbers", numbers)
        .with("place", place)
        .with("hits", serde_json::to_value(shown).map_err(Error::internal)?);
    for (path, hit) in hits {
        let mut params = Params::new();
        params.insert("phrase".to_owned(), hit.written.clone().into());
        let better = if hit.better.is_empty() { "blank" } else { hit.better.as_str() };
        params.insert("better".to_owned(), better.into());
        let (path, code) = ((*path).to_owned(), "phrase_hit".to_owned());
        error = error.with_field_error(FieldError { path, code, params });
    }
    Err(error)
}
