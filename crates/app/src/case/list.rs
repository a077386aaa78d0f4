//! Lists of cases, within what the person may see.

use std::collections::{BTreeSet, HashMap};

use huiyin_domain::case::{Channel, ClosureKind, Kind, Phase, Stage};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::list::{self as rows, CaseFilter, CaseOrder, CaseRow};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ctx::Ctx;
use crate::error::Error;

/// The most units that count as somebody's team.
const MOST_TEAMS: usize = 500;

/// What is asked of a list; every part is optional.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// The filter that is one column each.
    pub filter: CaseFilter,
    /// A number, an external id, or a phone (whole or its last four digits).
    pub q: Option<String>,
    /// Only of the units where the actor holds a post.
    pub my_team: bool,
    /// What the search index found for `q`; without it `q` is a number or a phone.
    pub found: Option<Vec<CaseId>>,
    /// What fits `q` best first, after so many; only what the index found has that
    /// order, everything else the one of the filter.
    pub best: Option<usize>,
}

impl ListQuery {
    /// Says whether the query searches by a telephone number.
    ///
    /// Such a search is logged and needs a transaction that writes.
    #[must_use]
    pub fn is_logged(&self) -> bool {
        self.found.is_none() && self.q.as_deref().is_some_and(|q| is_phone(q.trim()))
    }
}

/// Says whether a text is written as a telephone number is.
pub(crate) fn is_phone(q: &str) -> bool {
    !q.is_empty() && q.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' '))
}

/// One line of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseLine {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version: i64,
    /// Its kind.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// Its unit.
    pub unit: UnitId,
    /// Where it stands.
    pub stage: Stage,
    /// Its phase.
    pub phase: Phase,
    /// How it was closed.
    pub closure: Option<ClosureKind>,
    /// Who owns it.
    pub owner: PersonId,
    /// Who handles it.
    pub handler: Option<PersonId>,
    /// Final category, else intake category.
    pub category: Option<String>,
    /// Category as the customer put it.
    pub intake_category: Option<String>,
    /// Title, else the message's first 80 characters; null once erased.
    pub title: Option<String>,
    /// When it was received.
    pub received_at: Timestamp,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Earliest open limit.
    pub due_at: Option<Timestamp>,
    /// Its id where it came from.
    pub external_id: Option<String>,
}

impl CaseLine {
    /// Gives the place of the line in a list of that order.
    #[must_use]
    pub fn place(&self, order: CaseOrder) -> (Timestamp, CaseId) {
        (order.moment((self.received_at, self.due_at, self.changed_at)), self.id)
    }
}

impl From<CaseRow> for CaseLine {
    fn from(row: CaseRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            version: row.version,
            kind: row.kind,
            channel: row.channel,
            unit: row.unit,
            stage: row.stage,
            phase: row.phase,
            closure: row.closure,
            owner: row.owner,
            handler: row.handler,
            category: row.category,
            intake_category: row.intake_category,
            title: row.title,
            received_at: row.received_at,
            changed_at: row.changed_at,
            closed_at: row.closed_at,
            due_at: row.due_at,
            external_id: row.external_id,
        }
    }
}

/// Lists cases in the order asked for; newest receipt first if none was, what fits
/// best first where the index found it so.
///
/// # Errors
/// `invalid_phone` when a phone is neither whole nor its last four digits.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, query: &ListQuery) -> Result<Vec<CaseLine>, Error> {
    let filter = resolved(tx, ctx, query)?;
    let mut rows = rows::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
    if let (Some(found), Some(_)) = (&query.found, query.best) {
        let places: HashMap<CaseId, usize> = found.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        rows.sort_by_key(|row| places.get(&row.id).copied());
    }
    Ok(rows.into_iter().map(CaseLine::from).collect())
}

/// Counts cases up to a bound.
///
/// # Errors
/// As [`list`].
pub fn count(tx: &mut Tx<'_>, ctx: &Ctx, query: &ListQuery, bound: u32) -> Result<u64, Error> {
    let filter = resolved(tx, ctx, query)?;
    Ok(rows::count(tx, &ctx.actor.scope(), &filter, ctx.now, bound)?)
}

/// Turns `q` into what it may mean: a number, an external id, a phone; a search
/// by phone is logged.
///
/// # Errors
/// What the store gives.
pub fn resolved(tx: &mut Tx<'_>, ctx: &Ctx, query: &ListQuery) -> Result<CaseFilter, Error> {
    let mut filter = query.filter.clone();
    if query.my_team {
        let units: BTreeSet<_> = ctx.actor.posts.iter().map(|held| held.unit).collect();
        filter.team = Some(units.into_iter().take(MOST_TEAMS).collect());
    }
    if let Some(found) = &query.found {
        filter.ids = Some(found.clone());
        return Ok(filter);
    }
    let Some(q) = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) else { return Ok(filter) };
    filter.name = Some(q.to_owned());
    if is_phone(q) {
        filter.parties = Some(crate::party::by_phone(tx, ctx, q)?);
    }
    Ok(filter)
}
