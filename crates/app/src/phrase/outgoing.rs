//! The one look before something leaves the house (PHRASE-8, PROP-73).

use huiyin_domain::case::{Carrier, Command, Direction};
use huiyin_domain::paper::authority_file::AuthorityFileStep;
use huiyin_domain::paper::online_post::{OnlinePost, OnlinePostStep};
use huiyin_domain::paper::publication::{Item, Publication, PublicationStep};
use huiyin_domain::paper::{Paper, PaperKind, Step as _};
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
    let (text, acknowledged, audience) = match command {
        Command::Reply(body) => {
            let public = matches!(body.carrier, Carrier::Post | Carrier::PublicPage);
            let audience = if public { Audience::Public } else { Audience::Private };
            (&body.text, &body.acknowledged_phrases, audience)
        }
        // a promise is told to the customer, and may guarantee no outcome
        Command::Promise(body) => (&body.text, &body.acknowledged_phrases, Audience::Private),
        Command::OfferOption(body) => (&body.text, &body.acknowledged_phrases, Audience::Private),
        Command::WriteMessage(body) if body.direction == Direction::Outbound => {
            (&body.text, &body.acknowledged_phrases, Audience::Private)
        }
        _ => return Ok(()),
    };
    let place = command.kind().as_str();
    let texts = vec![("text".to_owned(), text.as_str())];
    before_sending(tx, ctx, rules, &Outgoing { place, audience, texts, acknowledged })
}

/// Looks at what a step of a paper says outside.
///
/// What was drafted is looked at again when it is published: the list may have
/// grown since.
///
/// # Errors
/// As [`before_sending`].
pub(crate) fn before_step<P: Paper>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (paper, step): (&P, &P::Step),
) -> Result<(), Error> {
    let place = step.name();
    let mut look = |audience, texts: Vec<(String, &str)>| {
        before_sending(tx, ctx, rules, &Outgoing { place, audience, texts, acknowledged: &[] })
    };
    match P::KIND {
        PaperKind::OnlinePost => match turned(step)? {
            OnlinePostStep::Draft(body) => look(Audience::Public, vec![("text".into(), body.text.as_str())]),
            OnlinePostStep::Publish(_) => {
                let post: OnlinePost = turned(paper)?;
                let draft = post.draft.iter().map(|draft| ("text".to_owned(), draft.text.as_str()));
                look(Audience::Public, draft.collect())
            }
            _ => Ok(()),
        },
        PaperKind::Publication => match turned(step)? {
            PublicationStep::Draft(body) => {
                look(Audience::Public, published(&body.title, &body.items, &body.remark))
            }
            PublicationStep::Publish(_) => {
                let paper: Publication = turned(paper)?;
                look(Audience::Public, published(&paper.title, &paper.items, &paper.remark))
            }
            _ => Ok(()),
        },
        PaperKind::AuthorityFile => match turned(step)? {
            AuthorityFileStep::Publish(body) => {
                look(Audience::Public, vec![("text".into(), body.text.as_str())])
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn published<'a>(
    title: &'a Option<Text>,
    items: &'a [Item],
    remark: &'a Option<Text>,
) -> Vec<(String, &'a str)> {
    let mut texts: Vec<(String, &str)> = Vec::new();
    texts.extend(title.iter().map(|text| ("title".to_owned(), text.as_str())));
    for (at, item) in items.iter().enumerate() {
        texts.push((format!("items[{at}].matter"), item.matter.as_str()));
        texts.push((format!("items[{at}].handling"), item.handling.as_str()));
    }
    texts.extend(remark.iter().map(|text| ("remark".to_owned(), text.as_str())));
    texts
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

/// Takes a value of the kind at hand out of the general shape.
fn turned<A: serde::Serialize, B: serde::de::DeserializeOwned>(value: &A) -> Result<B, Error> {
    let value = serde_json::to_value(value).map_err(Error::internal)?;
    serde_json::from_value(value).map_err(Error::internal)
}
