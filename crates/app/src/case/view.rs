//! A case and its history as people read them: texts opened, nothing erased shown.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::{Case, Chained, Done, Event, Recorded};
use huiyin_domain::count::last_progress;
use huiyin_domain::ids::{CaseId, IncidentId, PersonId};
use huiyin_domain::incident::Stage as IncidentStage;
use huiyin_domain::money::Money;
use huiyin_domain::people::Reach;
use huiyin_domain::text::Sealed;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read::{self, Opened};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::sight::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::CaseView as Sight;

/// A case as people read it: its state with texts in place of commitments.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// Its version, for `ETag`.
    pub version: u64,
    /// Everything about it.
    pub body: Map<String, Value>,
}

/// One entry of the history as people read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Position, from 1.
    pub seq: u64,
    /// What happened, a past participle such as `replied`.
    pub event: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Who did it; null for a rule.
    pub by: Option<PersonId>,
    /// What it was, texts opened; an erased text is null.
    #[schema(value_type = Object)]
    pub data: Value,
    /// Its hash in the chain (D4).
    pub hash: String,
}

/// The threads that a reader may not see: whoever takes part in the case by a
/// thread alone sees that one (DEPT-4).
pub(crate) struct Hidden(Option<BTreeSet<u32>>);

impl Hidden {
    /// Says what of the case is hidden from the actor.
    pub(crate) fn from(case: &Case, ctx: &Ctx, view: &Sight) -> Self {
        let me = ctx.actor.person;
        let own = view.posts().iter().all(|post| post.reach() == Reach::Own);
        let alone = own && view.is_own() && case.only_in_threads(me);
        let mine = case.threads.iter().filter(|thread| thread.is_of(me)).map(|thread| thread.id);
        Self(alone.then(|| mine.collect()))
    }

    /// Takes what is hidden out of a case.
    pub(crate) fn cover(&self, case: &mut Case) {
        if let Some(mine) = &self.0 {
            case.threads.retain(|thread| mine.contains(&thread.id));
        }
    }

    /// Tells whether the words of an event are hidden.
    fn hides(&self, event: &Event) -> bool {
        let (Some(mine), Event::Done(done)) = (&self.0, event) else { return false };
        match done {
            Done::WriteMessage(written) => !mine.contains(&written.thread),
            // which number it got is not in the event: others' openings stay covered
            Done::OpenThread(_) => true,
            _ => false,
        }
    }
}

/// Tells whether a reader of a case sees all of it, not one of its threads alone.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub(crate) fn sees_all_of(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<bool, Error> {
    let (loaded, view) = visible(tx, ctx, id)?;
    Ok(Hidden::from(&loaded.case, ctx, &view).0.is_none())
}

/// Reads a case.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<CaseView, Error> {
    let (mut loaded, view) = visible(tx, ctx, id)?;
    let hidden = Hidden::from(&loaded.case, ctx, &view);
    hidden.cover(&mut loaded.case);
    let texts = read::texts(tx, ctx.org(), id)?;
    let mut body = serde_json::to_value(&loaded.case).map_err(Error::internal)?;
    unsealed(&mut body, &texts);
    let Value::Object(mut body) = body else { return Err(Error::internal("a case is an object")) };
    body.insert("phase".to_owned(), json!(loaded.case.phase().as_str()));
    body.insert("head".to_owned(), json!(loaded.head.hash));
    let due = loaded.case.clocks.iter().filter(|clock| clock.is_open()).map(|clock| clock.due_at).min();
    body.insert("due_at".to_owned(), json!(due));
    let case = &loaded.case;
    body.insert("talks".to_owned(), json!(case.talks()));
    body.insert("paid".to_owned(), json!(Money::from_fen(case.paid_fen()).ok()));
    body.insert("last_progress_at".to_owned(), json!(last_progress(case)));
    body.insert("volume".to_owned(), json!(loaded.case.volume()));
    body.insert("incident".to_owned(), json!(incident_of(tx, ctx, id)?));
    Ok(CaseView { version: loaded.case.version, body })
}

/// The incident to which a case belongs, as its page shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IncidentOfCase {
    /// Its id.
    pub id: IncidentId,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub stage: IncidentStage,
    /// Since when it is hot; null while it is not.
    pub hot_at: Option<Timestamp>,
    /// Earliest limit of the incident, such as the report on a hot one.
    pub due_at: Option<Timestamp>,
}

/// Finds the incident, where the reader may know of it.
fn incident_of(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<Option<IncidentOfCase>, Error> {
    let Some(incident) = huiyin_store::incident::read::of_case(tx, ctx.org(), id)? else { return Ok(None) };
    let Ok((loaded, _)) = crate::incident::visible(tx, ctx, incident) else { return Ok(None) };
    let incident = loaded.incident;
    Ok(Some(IncidentOfCase {
        id: incident.id,
        stage: incident.stage,
        hot_at: incident.hot().map(|hot| hot.since),
        due_at: incident.due_at(),
        number: incident.number,
    }))
}

/// Reads the history of a case after a position, oldest first.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn timeline(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CaseId,
    after: u64,
    limit: u32,
) -> Result<Vec<EntryView>, Error> {
    let (loaded, view) = visible(tx, ctx, id)?;
    let hidden = Hidden::from(&loaded.case, ctx, &view);
    let texts = read::texts(tx, ctx.org(), id)?;
    let history = read::history::<Event>(tx, ctx.org(), id, after, limit)?;
    let shown = |entry: huiyin_store::case::read::History<Event>| {
        let mut shown = entry_view(&entry.recorded, entry.hash, &entry.payload, &texts)?;
        if hidden.hides(&entry.recorded.event) {
            // its place in the chain stays, its words are for others
            shown.data = Value::Null;
        }
        Ok(shown)
    };
    history.into_iter().map(shown).collect()
}

pub(crate) fn entry_view<E: Chained>(
    recorded: &Recorded<E>,
    hash: String,
    payload: &str,
    texts: &BTreeMap<Sealed, Opened>,
) -> Result<EntryView, Error> {
    let mut payload: Value = serde_json::from_str(payload).map_err(Error::internal)?;
    let mut data = payload.get_mut("data").map(Value::take).unwrap_or(Value::Null);
    unsealed(&mut data, texts);
    Ok(EntryView {
        seq: recorded.seq,
        event: recorded.event.name().to_owned(),
        occurred_at: recorded.occurred_at,
        recorded_at: recorded.recorded_at,
        by: recorded.by,
        data,
        hash,
    })
}

/// Puts texts in place of their commitments; an erased one becomes null.
pub(crate) fn unsealed(value: &mut Value, texts: &BTreeMap<Sealed, Opened>) {
    match value {
        Value::String(word) if word.len() == 43 => {
            let sealed = Sealed(std::mem::take(word));
            *value = match texts.get(&sealed) {
                Some(opened) => opened.text.clone().map_or(Value::Null, Value::String),
                None => Value::String(sealed.0),
            };
        }
        Value::Array(items) => items.iter_mut().for_each(|item| unsealed(item, texts)),
        Value::Object(map) => map.values_mut().for_each(|item| unsealed(item, texts)),
        _ => {}
    }
}
