//! An incident, its members, operations and history as people read them.

use std::collections::BTreeSet;

use huiyin_domain::ids::{CaseId, IncidentId, PersonId, UnitId};
use huiyin_domain::incident::membership::as_of;
use huiyin_domain::incident::{Event, Incident, Member};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read as histories;
use huiyin_store::incident::read::{self, MemberRow};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::sight::visible;
use crate::case::{EntryView, entry_view, unsealed};
use crate::ctx::Ctx;
use crate::error::Error;

/// An incident as people read it: texts in place of commitments.
#[derive(Clone, Debug)]
pub struct IncidentView {
    /// Its version, for `ETag`.
    pub version: u64,
    /// Everything about it but its operations, which have a list of their own.
    pub body: Map<String, Value>,
}

/// Reads an incident.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId) -> Result<IncidentView, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let texts = histories::texts(tx, ctx.org(), id)?;
    let incident = &loaded.incident;
    let mut body = serde_json::to_value(incident).map_err(Error::internal)?;
    unsealed(&mut body, &texts);
    let Value::Object(mut body) = body else { return Err(Error::internal("an incident is an object")) };
    body.remove("operations");
    let seen = shown(tx, ctx, incident)?;
    body.values_mut().for_each(|value| hide_unseen(value, &seen));
    let membership = incident.membership();
    body.insert("lead".to_owned(), json!(membership.lead.filter(|lead| seen.contains(lead))));
    body.insert("head".to_owned(), json!(loaded.head.hash));
    body.insert("due_at".to_owned(), json!(incident.due_at()));
    body.insert("hot_at".to_owned(), json!(incident.hot().map(|hot| hot.since)));
    Ok(IncidentView { version: incident.version, body })
}

/// The cases named anywhere in the log that the actor may know of.
fn shown(tx: &mut Tx<'_>, ctx: &Ctx, incident: &Incident) -> Result<BTreeSet<CaseId>, Error> {
    let named: Vec<Member> =
        incident.operations.iter().flat_map(|operation| operation.members.iter().copied()).collect();
    let seen = read::seen(tx, &ctx.actor.scope(), &named, Some(incident.id), ctx.now)?;
    Ok(seen.into_keys().map(|member| member.case).collect())
}

/// Tells whether the actor may know of every case that ever belonged.
///
/// # Errors
/// What the store gives.
pub(crate) fn sees_all(tx: &mut Tx<'_>, ctx: &Ctx, incident: &Incident) -> Result<bool, Error> {
    let seen = shown(tx, ctx, incident)?;
    let mut named = incident.operations.iter().flat_map(|operation| &operation.members);
    Ok(named.all(|member| seen.contains(&member.case)))
}

/// One member as people read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberLine {
    /// The case.
    pub case: CaseId,
    /// Position of the contact in its history; null for the whole case.
    pub contact: Option<i64>,
    /// The operation that joined it.
    pub operation: i64,
    /// Number of the case.
    pub number: String,
    /// Its stage.
    pub stage: String,
    /// How it was closed, while it is.
    pub closure: Option<String>,
    /// Its unit.
    pub unit: UnitId,
    /// Who owns it.
    pub owner: PersonId,
    /// Final category, else intake category.
    pub category: Option<String>,
    /// When the case was received, or the contact made.
    pub at: Timestamp,
}

impl From<MemberRow> for MemberLine {
    fn from(row: MemberRow) -> Self {
        Self {
            case: row.case,
            contact: (row.seq > 0).then_some(row.seq),
            operation: row.operation,
            number: row.number,
            stage: row.stage,
            closure: row.closure,
            unit: row.unit,
            owner: row.owner,
            category: row.category,
            at: row.at,
        }
    }
}

/// Lists the members, by time, that the actor may know of; now, or as they
/// were known at a moment.
///
/// # Errors
/// `not_found` when the incident is not there or not for this person to know.
pub fn members(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: IncidentId,
    moment: Option<Timestamp>,
) -> Result<Vec<MemberLine>, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let membership = match moment {
        Some(moment) => as_of(&loaded.incident.operations, moment),
        None => loaded.incident.membership(),
    };
    let rows = read::members(tx, &ctx.actor.scope(), &membership.members, ctx.now)?;
    Ok(rows.into_iter().map(MemberLine::from).collect())
}

/// One operation of the log as people read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OperationLine {
    /// Number in the incident, from 1.
    #[schema(minimum = 1)]
    pub id: u32,
    /// `join`, `split` or `mark`.
    pub kind: &'static str,
    /// To whom, as far as the reader may know of them.
    pub members: Vec<Member>,
    /// Why; null once erased.
    pub reason: Option<String>,
    /// By whom; null for a rule.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// When it was taken back; null while it stands.
    pub undone_at: Option<Timestamp>,
    /// Who took it back.
    pub undone_by: Option<PersonId>,
    /// Why it was taken back.
    pub undone_because: Option<String>,
}

/// Lists the operations, oldest first.
///
/// # Errors
/// `not_found` when the incident is not there or not for this person to know.
pub fn operations(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId) -> Result<Vec<OperationLine>, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let texts = histories::texts(tx, ctx.org(), id)?;
    let seen = shown(tx, ctx, &loaded.incident)?;
    let text = |sealed| texts.get(sealed).and_then(|opened| opened.text.clone());
    let lines = loaded.incident.operations.iter().map(|operation| OperationLine {
        id: operation.id,
        kind: operation.kind.as_str(),
        members: operation.members.iter().filter(|member| seen.contains(&member.case)).copied().collect(),
        reason: text(&operation.reason),
        by: operation.by,
        at: operation.at,
        undone_at: operation.undone.as_ref().map(|undone| undone.at),
        undone_by: operation.undone.as_ref().and_then(|undone| undone.by),
        undone_because: operation.undone.as_ref().and_then(|undone| text(&undone.reason)),
    });
    Ok(lines.collect())
}

/// Takes out what names a case that the reader may not know of.
fn hide_unseen(value: &mut Value, seen: &BTreeSet<CaseId>) {
    let unseen = |item: &Value| {
        let named = item.get("case").and_then(Value::as_str).and_then(|case| case.parse().ok());
        named.is_some_and(|case: CaseId| !seen.contains(&case))
    };
    match value {
        Value::Array(items) => {
            items.retain(|item| !unseen(item));
            items.iter_mut().for_each(|item| hide_unseen(item, seen));
        }
        Value::Object(map) => map.values_mut().for_each(|item| hide_unseen(item, seen)),
        _ => {}
    }
}

/// Reads the history of an incident after a position, oldest first.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn timeline(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: IncidentId,
    after: u64,
    limit: u32,
) -> Result<Vec<EntryView>, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let texts = histories::texts(tx, ctx.org(), id)?;
    let seen = shown(tx, ctx, &loaded.incident)?;
    let history = histories::history::<Event>(tx, ctx.org(), id, after, limit)?;
    let mut entries = Vec::with_capacity(history.len());
    for entry in history {
        let mut view = entry_view(&entry.recorded, entry.hash, &entry.payload, &texts)?;
        hide_unseen(&mut view.data, &seen);
        entries.push(view);
    }
    Ok(entries)
}
