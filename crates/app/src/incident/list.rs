//! Lists of incidents, within what the person may see.

use huiyin_domain::ids::{IncidentId, PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use huiyin_store::incident::read::{self, IncidentFilter, IncidentRow};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ctx::Ctx;
use crate::error::Error;

/// One line of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IncidentLine {
    /// Its id.
    pub id: IncidentId,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version: i64,
    /// What happened, its first 80 characters; null once erased.
    pub title: Option<String>,
    /// Its unit.
    pub unit: UnitId,
    /// The building, where it is about one.
    pub building: Option<String>,
    /// Its category, until the lead case gives it.
    pub category: Option<String>,
    /// Where it stands: `open`, `measures`, `answered` or `closed`.
    pub stage: String,
    /// Who answers for it.
    pub owner: PersonId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Earliest open limit.
    pub due_at: Option<Timestamp>,
    /// Since when it is hot; null while it is not.
    pub hot_at: Option<Timestamp>,
}

impl From<IncidentRow> for IncidentLine {
    fn from(row: IncidentRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            version: row.version,
            title: row.title,
            unit: row.unit,
            building: row.building,
            category: row.category,
            stage: row.stage,
            owner: row.owner,
            opened_at: row.opened_at,
            changed_at: row.changed_at,
            closed_at: row.closed_at,
            due_at: row.due_at,
            hot_at: row.hot_at,
        }
    }
}

/// Lists incidents, newest first by opening, then id.
///
/// # Errors
/// `not_found` when the filter names a case that is not for this person to know.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, filter: &IncidentFilter) -> Result<Vec<IncidentLine>, Error> {
    if let Some(case) = filter.case {
        crate::case::visible(tx, ctx, case)?;
    }
    let rows = read::list(tx, &ctx.actor.scope(), filter, ctx.now)?;
    Ok(rows.into_iter().map(IncidentLine::from).collect())
}
