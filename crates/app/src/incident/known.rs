//! Which known incident a new message may be about, told at intake.

use huiyin_domain::ids::UnitId;
use huiyin_domain::incident::Stage;
use huiyin_domain::incident::known::{KnownBy, Message, likeness};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read as histories;
use huiyin_store::incident::read::{self, IncidentFilter, IncidentRow};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::IncidentLine;
use crate::ctx::Ctx;
use crate::error::Error;

/// What is known of a message while it is written down.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// The building, as told.
    pub building: Option<String>,
    /// The category of the service concerned.
    pub service: Option<String>,
    /// The customer's words.
    pub text: Option<String>,
    /// Of this unit and those below it.
    pub unit: Option<UnitId>,
}

/// An incident that a message may be about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KnownIncident {
    /// The incident.
    #[serde(flatten)]
    pub incident: IncidentLine,
    /// By what it may be the one.
    pub by: Vec<KnownBy>,
    /// How alike the words are, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub likeness: u32,
    /// What was last told to its complainants, so that the next one hears the
    /// same; null while nothing was.
    pub told: Option<String>,
}

/// The most incidents that are compared: the newest ones.
const COMPARED: u32 = 500;

/// The most that are told.
const TOLD: usize = 10;

/// How long a closed one may come back: thirty days, in microseconds.
const LATELY: i64 = 30 * 86_400_000_000;

/// Finds incidents that are open, or were closed lately, and fit; best first.
///
/// # Errors
/// What the store gives.
pub fn known(tx: &mut Tx<'_>, ctx: &Ctx, sought: &Sought) -> Result<Vec<KnownIncident>, Error> {
    let open = IncidentFilter {
        stages: vec![Stage::Open, Stage::Measures, Stage::Answered],
        unit: sought.unit,
        limit: COMPARED,
        ..IncidentFilter::default()
    };
    let lately = Timestamp::from_micros(ctx.now.micros() - LATELY);
    let closed = IncidentFilter { stages: vec![Stage::Closed], closed_from: Some(lately), ..open.clone() };
    let scope = ctx.actor.scope();
    let mut rows = read::list(tx, &scope, &open, ctx.now)?;
    rows.extend(read::list(tx, &scope, &closed, ctx.now)?);
    let message = Message {
        building: sought.building.as_deref(),
        service: sought.service.as_deref(),
        text: sought.text.as_deref(),
    };
    let alike = |row: IncidentRow| {
        let incident = Message {
            building: row.building.as_deref(),
            service: row.category.as_deref(),
            text: row.title.as_deref(),
        };
        likeness(&message, &incident).map(|alike| (alike, row))
    };
    let mut found: Vec<_> = rows.into_iter().filter_map(alike).collect();
    found.sort_by_key(|(alike, row)| {
        (std::cmp::Reverse(alike.rank()), std::cmp::Reverse(row.opened_at), row.id)
    });
    found.truncate(TOLD);
    let mut told = Vec::with_capacity(found.len());
    for (alike, row) in found {
        told.push(KnownIncident {
            told: last_told(tx, ctx, &row)?,
            incident: IncidentLine::from(row),
            by: alike.by,
            likeness: alike.text,
        });
    }
    Ok(told)
}

fn last_told(tx: &mut Tx<'_>, ctx: &Ctx, row: &IncidentRow) -> Result<Option<String>, Error> {
    let Some(loaded) = read::incident(tx, ctx.org(), row.id)? else { return Ok(None) };
    let Some(answer) = loaded.incident.answers.last() else { return Ok(None) };
    let texts = histories::texts(tx, ctx.org(), row.id)?;
    Ok(texts.get(&answer.text).and_then(|opened| opened.text.clone()))
}
