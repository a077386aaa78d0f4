//! Lists of cases: scoped, filtered, by pages without end.

use huiyin_domain::case::{Channel, ClosureKind, Kind, Phase, Stage};
use huiyin_domain::ids::{CaseId, PartyId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::people::scope;
use crate::sql::{MAX_IN, Query, Row, StoreError, Tx};
use crate::values;

/// In which order cases are listed; ties go by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// Newest receipt first.
    #[default]
    Received,
    /// What is due first comes first, what is not due at all last.
    Due,
    /// Newest change first.
    Changed,
}

impl CaseOrder {
    /// The due time of what is not due, so that it stands last in the index.
    const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

    /// Gives the moment by which a row has its place.
    #[must_use]
    pub fn moment(self, row: (Timestamp, Option<Timestamp>, Timestamp)) -> Timestamp {
        let (received, due, changed) = row;
        match self {
            Self::Received => received,
            Self::Due => due.unwrap_or(Self::NEVER),
            Self::Changed => changed,
        }
    }

    const fn after(self) -> &'static str {
        match self {
            Self::Received => " AND (c.received_at, c.id) < ($1, $2)",
            Self::Due => " AND (COALESCE(c.due_at, 9223372036854775807), c.id) > ($1, $2)",
            Self::Changed => " AND (c.changed_at, c.id) < ($1, $2)",
        }
    }

    const fn by(self) -> &'static str {
        match self {
            Self::Received => " ORDER BY c.received_at DESC, c.id DESC LIMIT $1",
            Self::Due => " ORDER BY COALESCE(c.due_at, 9223372036854775807), c.id LIMIT $1",
            Self::Changed => " ORDER BY c.changed_at DESC, c.id DESC LIMIT $1",
        }
    }
}

/// Which cases are wanted; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// In one of these stages or phases.
    pub stages: Vec<Stage>,
    /// In one of these phases.
    pub phases: Vec<Phase>,
    /// Of these kinds.
    pub kind: Option<Kind>,
    /// That reached us in this way.
    pub channel: Option<Channel>,
    /// With this final category, or intake category while there is none.
    pub category: Option<String>,
    /// With this intake category.
    pub intake_category: Option<String>,
    /// With this cause.
    pub cause: Option<String>,
    /// Owned by.
    pub owner: Option<PersonId>,
    /// Handled by.
    pub handler: Option<PersonId>,
    /// Of this unit and those below.
    pub unit: Option<UnitId>,
    /// With this customer.
    pub party: Option<PartyId>,
    /// Of one of these units and those below, or worked on by one of them.
    pub team: Option<Vec<UnitId>>,
    /// With nobody who handles it.
    pub unassigned: bool,
    /// With an open limit before.
    pub due_before: Option<Timestamp>,
    /// With an open limit, and none before.
    pub due_from: Option<Timestamp>,
    /// Received from.
    pub received_from: Option<Timestamp>,
    /// Received before.
    pub received_before: Option<Timestamp>,
    /// Exactly this number or external id.
    pub name: Option<String>,
    /// About one of these parties.
    pub parties: Option<Vec<PartyId>>,
    /// Only these, which the search index found.
    pub ids: Option<Vec<CaseId>>,
    /// In which order.
    pub order: CaseOrder,
    /// After this one in the list's order.
    pub after: Option<(Timestamp, CaseId)>,
    /// At most so many.
    pub limit: u32,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
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
    /// Title, else the message's beginning; nothing once erased.
    pub title: Option<String>,
}

const COLUMNS: &str =
    "SELECT c.id, c.number, c.version, c.kind, c.channel, c.unit, c.stage, c.phase, c.closure,
  c.owner, c.handler, c.category, c.intake_category, c.received_at, c.changed_at, c.closed_at, c.due_at,
  c.external_id, SUBSTR(s.value, 1, 80) FROM cases c
  LEFT JOIN sealed s ON s.org = c.org AND s.case_id = c.id AND s.digest = c.title WHERE ";

/// Lists cases in the order asked for.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &CaseFilter,
    now: Timestamp,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = Query::new(COLUMNS, []);
    conditions(&mut query, visible, filter, now);
    if let Some((at, id)) = filter.after {
        query.bind(filter.order.after(), values![at, id]);
    }
    query.bind(filter.order.by(), values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Counts cases up to a bound; the bound itself means as many or more.
///
/// # Errors
/// Any [`StoreError`].
pub fn count(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &CaseFilter,
    now: Timestamp,
    bound: u32,
) -> Result<u64, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM cases c WHERE ", []);
    conditions(&mut query, visible, filter, now);
    query.bind(" LIMIT $1) AS found", values![bound]);
    let rows = tx.query(&query)?;
    let found: i64 = rows.first().map_or(Ok(0), |row| row.get(0))?;
    Ok(u64::try_from(found).unwrap_or_default())
}

/// Adds the condition that a case `c` is visible.
pub(super) fn visible(query: &mut Query, visible: &Scope, now: Timestamp) {
    let pieces = crate::scope_pieces!(
        org: "c.org",
        unit: "c.unit",
        own: ["c.owner", "c.handler", "c.receiver", "c.offered_owner", "c.offered_handler"]
    );
    scope::filter(query, &pieces, visible, now);
}

pub(crate) fn conditions(query: &mut Query, visible: &Scope, filter: &CaseFilter, now: Timestamp) {
    self::visible(query, visible, now);
    if !filter.stages.is_empty() {
        query.bind_in(
            " AND c.stage IN ",
            filter.stages.iter().map(|stage| stage.as_str().into()).collect::<Vec<_>>(),
        );
    }
    if !filter.phases.is_empty() {
        query.bind_in(
            " AND c.phase IN ",
            filter.phases.iter().map(|phase| phase.as_str().into()).collect::<Vec<_>>(),
        );
    }
    if let Some(kind) = filter.kind {
        query.bind(" AND c.kind = $1", values![kind.as_str()]);
    }
    if let Some(channel) = filter.channel {
        query.bind(" AND c.channel = $1", values![channel.as_str()]);
    }
    if let Some(category) = &filter.category {
        query.bind(" AND c.category = $1", values![category]);
    }
    if let Some(category) = &filter.intake_category {
        query.bind(" AND c.intake_category = $1", values![category]);
    }
    if let Some(cause) = &filter.cause {
        query.bind(" AND c.cause = $1", values![cause]);
    }
    if let Some(owner) = filter.owner {
        query.bind(" AND c.owner = $1", values![owner]);
    }
    if let Some(handler) = filter.handler {
        query.bind(" AND c.handler = $1", values![handler]);
    }
    if let Some(unit) = filter.unit {
        query.bind(
            " AND c.unit IN (SELECT u.descendant FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $2)",
            values![visible.org, unit],
        );
    }
    if let Some(units) = &filter.team {
        let list = || units.iter().map(|unit| (*unit).into()).collect::<Vec<_>>();
        query.bind(
            " AND (c.unit IN (SELECT u.descendant FROM unit_paths u WHERE u.org = $1",
            values![visible.org],
        );
        query.bind_in(" AND u.ancestor IN ", list());
        query.bind_in(") OR c.department IN ", list());
        query.push(")");
    }
    if filter.unassigned {
        query.push(" AND c.handler IS NULL");
    }
    chosen(query, visible, filter);
    timed(query, filter);
    named(query, visible, filter);
}

/// Adds the conditions that name cases one by one, or by their customer.
fn chosen(query: &mut Query, visible: &Scope, filter: &CaseFilter) {
    if let Some(party) = filter.party {
        query.bind(
            " AND c.id IN (SELECT p.case_id FROM case_parties p WHERE p.org = $1 AND p.party = $2)",
            values![visible.org, party],
        );
    }
    if let Some(ids) = &filter.ids {
        query.push(" AND (1 = 0");
        for some in ids.chunks(MAX_IN) {
            query.bind_in(" OR c.id IN ", some.iter().map(|id| (*id).into()).collect::<Vec<_>>());
        }
        query.push(")");
    }
}

fn timed(query: &mut Query, filter: &CaseFilter) {
    if let Some(before) = filter.due_before {
        query.bind(" AND c.due_at IS NOT NULL AND c.due_at < $1", values![before]);
    }
    if let Some(from) = filter.due_from {
        query.bind(" AND c.due_at IS NOT NULL AND c.due_at >= $1", values![from]);
    }
    if let Some(from) = filter.received_from {
        query.bind(" AND c.received_at >= $1", values![from]);
    }
    if let Some(before) = filter.received_before {
        query.bind(" AND c.received_at < $1", values![before]);
    }
}

fn named(query: &mut Query, visible: &Scope, filter: &CaseFilter) {
    if let Some(parties) = &filter.parties {
        let ids: Vec<_> = parties.iter().map(|party| (*party).into()).collect();
        if let Some(name) = &filter.name {
            query.bind(" AND (c.number = $1 OR c.external_id = $1", values![name]);
            query.bind(
                " OR c.id IN (SELECT p.case_id FROM case_parties p WHERE p.org = $1",
                values![visible.org],
            );
            query.bind_in(" AND p.party IN ", ids);
            query.push("))");
        } else {
            query.bind(
                " AND c.id IN (SELECT p.case_id FROM case_parties p WHERE p.org = $1",
                values![visible.org],
            );
            query.bind_in(" AND p.party IN ", ids);
            query.push(")");
        }
    } else if let Some(name) = &filter.name {
        query.bind(" AND (c.number = $1 OR c.external_id = $1)", values![name]);
    }
}

pub(crate) fn word<T: std::str::FromStr>(row: &Row, index: usize) -> Result<T, StoreError> {
    row.text(index)?
        .parse()
        .map_err(|_| StoreError::Type { context: format!("column {index} holds an unknown word") })
}

fn read(row: &Row) -> Result<CaseRow, StoreError> {
    let closure: Option<String> = row.get(8)?;
    Ok(CaseRow {
        id: row.get(0)?,
        number: row.get(1)?,
        version: row.get(2)?,
        kind: word(row, 3)?,
        channel: word(row, 4)?,
        unit: row.get(5)?,
        stage: word(row, 6)?,
        phase: word(row, 7)?,
        closure: closure.and_then(|text| text.parse().ok()),
        owner: row.get(9)?,
        handler: row.get(10)?,
        category: row.get(11)?,
        intake_category: row.get(12)?,
        received_at: row.get(13)?,
        changed_at: row.get(14)?,
        closed_at: row.get(15)?,
        due_at: row.get(16)?,
        external_id: row.get(17)?,
        title: row.get(18)?,
    })
}
