//! How often phrases were hit, by whom, and what came of it.

use std::collections::BTreeMap;

use huiyin_domain::ids::PersonId;
use huiyin_domain::time::{Date, Zone};
use huiyin_store::phrase::{self as rows, HitRow};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::outgoing::{ASKS, STOPS};
use crate::App;
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most lines that one answer holds.
const MOST: u32 = 2_000;

/// The longest period, in days.
const LONGEST: i32 = 400;

/// What came of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// It was not sent.
    Stopped,
    /// It was not sent until the writer had read the warning.
    Asked,
    /// It was sent all the same.
    Acknowledged,
    /// It was sent with a hint.
    Hinted,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Asked => "asked",
            Self::Acknowledged => "acknowledged",
            Self::Hinted => "hinted",
        }
    }
}

/// Counts hits in the transaction of what they led to.
pub(super) fn count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (day, place): (Date, &str),
    hits: &[(u32, Outcome)],
) -> Result<(), Error> {
    let mut times: BTreeMap<(u32, Outcome), i64> = BTreeMap::new();
    hits.iter().for_each(|hit| *times.entry(*hit).or_default() += 1);
    for ((number, outcome), times) in times {
        let row = HitRow {
            day: day.to_string(),
            number,
            person: ctx.actor.person,
            place: place.to_owned(),
            outcome: outcome.name().to_owned(),
            times,
        };
        rows::count(tx, ctx.org(), &row)?;
    }
    Ok(())
}

/// Reads what a refusal says of phrases; nothing for every other error.
fn hits_of(error: &Error) -> Option<(String, Vec<(u32, Outcome)>)> {
    let outcome = match error.code() {
        STOPS => Outcome::Stopped,
        ASKS => Outcome::Asked,
        _ => return None,
    };
    let place = error.params().get("place")?.as_str()?.to_owned();
    let hits = error.params().get("hits")?.as_array()?.iter();
    let number = |hit: &serde_json::Value| u32::try_from(hit["number"].as_u64()?).ok();
    Some((place, hits.filter_map(number).map(|number| (number, outcome)).collect()))
}

/// Counts what a refusal says of phrases, after it undid its own transaction.
pub(crate) async fn count_refused(app: &App, ctx: &Ctx, error: &Error) {
    if hits_of(error).is_none() {
        return;
    }
    let (rules, ctx) = (app.rules.clone(), ctx.clone());
    let Some((place, hits)) = hits_of(error) else { return };
    let counted = app.store.write(move |tx| {
        let day = rules.of(tx, ctx.org())?.calendar().zone().date(ctx.now);
        count(tx, &ctx, (day, &place), &hits)
    });
    if let Err(error) = counted.await {
        tracing::warn!(%error, "hits of phrases were not counted");
    }
}

/// Counts what a refusal says of phrases where only a part was undone.
///
/// # Errors
/// What the store gives.
pub(crate) fn count_undone(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, error: &Error) -> Result<(), Error> {
    let Some((place, hits)) = hits_of(error) else { return Ok(()) };
    let day = rules.of(tx, ctx.org())?.calendar().zone().date(ctx.now);
    count(tx, ctx, (day, &place), &hits)
}

/// From which day to which, both included.
#[derive(Clone, Copy, Debug)]
pub struct HitPeriod {
    /// The first day; 30 days before the last one when not said.
    pub from: Option<Date>,
    /// The last day; today when not said.
    pub to: Option<Date>,
}

/// How often somebody hit a phrase on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HitLine {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: String,
    /// Number of the phrase.
    pub number: u32,
    /// Who wrote it.
    pub person: PersonId,
    /// The action or step that was to be taken.
    pub place: String,
    /// `stopped`, `asked`, `acknowledged` or `hinted`.
    pub outcome: String,
    /// How often.
    pub times: i64,
}

/// Lists hits, the newest day first; no text is kept of any.
///
/// # Errors
/// `forbidden`, or a period that is too long.
pub fn hits(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, period: HitPeriod) -> Result<Vec<HitLine>, Error> {
    policy::permit(&ctx.actor, action::TuneTexts, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let zone: &Zone = held.calendar().zone();
    let to = period.to.unwrap_or_else(|| zone.date(ctx.now));
    let from = period.from.or_else(|| to.plus_days(-30)).unwrap_or(to);
    if from > to {
        return Err(Error::invalid("invalid_query").with_field("to", "before_begin"));
    }
    if from.plus_days(LONGEST).is_none_or(|last| last < to) {
        return Err(Error::invalid("invalid_query").with_field("from", "too_many"));
    }
    let rows = rows::hits(tx, ctx.org(), (&from.to_string(), &to.to_string()), MOST)?;
    let line = |row: HitRow| HitLine {
        day: row.day,
        number: row.number,
        person: row.person,
        place: row.place,
        outcome: row.outcome,
        times: row.times,
    };
    Ok(rows.into_iter().map(line).collect())
}
