//! Which known incident a new message may be about, told at intake.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use huiyin_domain::ids::{IncidentId, UnitId};
use huiyin_domain::incident::Stage;
use huiyin_domain::incident::known::{self as fields, KnownBy, Likeness, likeness};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read as histories;
use huiyin_store::incident::read::{self, IncidentFilter, IncidentRow};
use huiyin_store::sql::Tx;
use huiyin_text::category::Message;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::IncidentLine;
use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::suggest::{self, Alike, AlikeReason};

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
    /// How probable it is that the message belongs to it, by place, number and
    /// matter of the likest of its cases, 0 to 1; null where none is like it.
    #[schema(minimum = 0, maximum = 1)]
    pub probability: Option<f32>,
    /// In what that case is like the message.
    pub reasons: Vec<AlikeReason>,
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
pub fn known(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, sought: &Sought) -> Result<Vec<KnownIncident>, Error> {
    let alike = alike(tx, ctx, app, sought)?;
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
    let further: Vec<IncidentId> =
        alike.keys().copied().filter(|id| rows.iter().all(|row| row.id != *id)).collect();
    if !further.is_empty() {
        let filter = IncidentFilter { among: Some(further), limit: COMPARED, ..IncidentFilter::default() };
        rows.extend(read::list(tx, &scope, &filter, ctx.now)?);
    }
    let message = fields::Message {
        building: sought.building.as_deref(),
        service: sought.service.as_deref(),
        text: sought.text.as_deref(),
    };
    let fits = |row: IncidentRow| {
        let incident = fields::Message {
            building: row.building.as_deref(),
            service: row.category.as_deref(),
            text: row.title.as_deref(),
        };
        let like = alike.get(&row.id);
        let fit = match (likeness(&message, &incident), like) {
            (Some(fit), _) => fit,
            // its cases tell what its title does not
            (None, Some(_)) => Likeness { by: vec![KnownBy::Text], text: 0 },
            (None, None) => return None,
        };
        Some((fit, like, row))
    };
    let mut found: Vec<_> = rows.into_iter().filter_map(fits).collect();
    found.sort_by_key(|(fit, like, row)| {
        let likely = like.map_or(0, |like| (like.probability * 1000.0) as u32);
        let is_same = likely >= 500;
        (Reverse(is_same), Reverse(fit.rank()), Reverse(likely), Reverse(row.opened_at), row.id)
    });
    found.truncate(TOLD);
    let mut told = Vec::with_capacity(found.len());
    for (fit, like, row) in found {
        told.push(KnownIncident {
            told: last_told(tx, ctx, &row)?,
            incident: IncidentLine::from(row),
            by: fit.by,
            likeness: fit.text,
            probability: like.map(|like| like.probability),
            reasons: like.map(|like| suggest::told(&like.reasons)).unwrap_or_default(),
        });
    }
    Ok(told)
}

/// Finds the incidents to whose cases the message is like, each with the likest.
fn alike(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    sought: &Sought,
) -> Result<BTreeMap<IncidentId, Alike>, Error> {
    let Some(text) = sought.text.as_deref().filter(|text| !text.trim().is_empty()) else {
        return Ok(BTreeMap::new());
    };
    let counted = |building: &str| {
        let unit = if building.ends_with(|c: char| c.is_ascii_digit()) { "栋" } else { "" };
        format!("{building}{unit} ")
    };
    let building = sought.building.as_deref().map(str::trim).map_or_else(String::new, counted);
    let message = Message { title: String::new(), text: format!("{building}{text}") };
    let found = suggest::nearest(tx, ctx, &app.alikes, (message, sought.unit, None))?;
    let mut likest: BTreeMap<IncidentId, Alike> = BTreeMap::new();
    for one in found {
        if let Some(incident) = read::of_case(tx, ctx.org(), one.case)? {
            likest.entry(incident).or_insert(one);
        }
    }
    Ok(likest)
}

fn last_told(tx: &mut Tx<'_>, ctx: &Ctx, row: &IncidentRow) -> Result<Option<String>, Error> {
    let Some(loaded) = read::incident(tx, ctx.org(), row.id)? else { return Ok(None) };
    let Some(answer) = loaded.incident.answers.last() else { return Ok(None) };
    let texts = histories::texts(tx, ctx.org(), row.id)?;
    Ok(texts.get(&answer.text).and_then(|opened| opened.text.clone()))
}
