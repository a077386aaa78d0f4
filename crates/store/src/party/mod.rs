//! Rows of customers: who they are, how they are reached, where they live.

pub mod consent;
pub mod contact;
pub mod erasure;
pub mod household;

use huiyin_domain::ids::{HouseholdId, OrgId, PartyId, PersonId, UnitId};
use huiyin_domain::knowledge::{Listening, Manner, Personality, Style};
use huiyin_domain::people::{PhoneSearch, Scope};
use huiyin_domain::search::Subject;
use huiyin_domain::time::Timestamp;

use crate::people::scope;
use crate::search::feed;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A customer: person, household or organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRow {
    /// Identity.
    pub id: PartyId,
    /// `person`, `household` or `organisation`.
    pub kind: String,
    /// Name; none when unknown or erased.
    pub name: Option<String>,
    /// What helps to serve them.
    pub note: Option<String>,
    /// Where they live or deal with us.
    pub unit: Option<UnitId>,
    /// Whether nobody may visit them (PROP-63).
    pub do_not_visit: bool,
    /// Why not.
    pub do_not_visit_why: Option<String>,
    /// The party that stands for both, when this one was entered twice.
    pub duplicate_of: Option<PartyId>,
    /// How they listen, act and are (SKILL-12).
    pub manner: Manner,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Who entered it; none for the product itself.
    pub created_by: Option<PersonId>,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// When its identity was erased on lawful request.
    pub erased_at: Option<Timestamp>,
    /// Grows by one with each change.
    pub version: i64,
}

/// Which customers are wanted; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartyFilter {
    /// With this number.
    pub phone: Option<PhoneSearch>,
    /// With exactly this name.
    pub name: Option<String>,
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// Of this unit.
    pub unit: Option<UnitId>,
    /// With or without the flag of PROP-63.
    pub do_not_visit: Option<bool>,
    /// After this one.
    pub after: Option<PartyId>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.kind, p.name, p.note, p.unit, p.do_not_visit, p.do_not_visit_why, p.duplicate_of, ",
            "p.created_at, p.created_by, p.changed_at, p.erased_at, p.version, p.listening, p.style, p.personality ",
            "FROM parties",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<PartyRow, StoreError> {
    Ok(PartyRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        name: row.get(2)?,
        note: row.get(3)?,
        unit: row.get(4)?,
        do_not_visit: row.get(5)?,
        do_not_visit_why: row.get(6)?,
        duplicate_of: row.get(7)?,
        manner: manner(row, 13)?,
        created_at: row.get(8)?,
        created_by: row.get(9)?,
        changed_at: row.get(10)?,
        erased_at: row.get(11)?,
        version: row.get(12)?,
    })
}

fn manner(row: &Row, from: usize) -> Result<Manner, StoreError> {
    fn word<T: std::str::FromStr>(row: &Row, at: usize) -> Result<Option<T>, StoreError> {
        let word: Option<String> = row.get(at)?;
        Ok(word.and_then(|word| word.parse().ok()))
    }
    Ok(Manner { listening: word(row, from)?, style: word(row, from + 1)?, personality: word(row, from + 2)? })
}

/// Adds a customer.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &PartyRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO parties (org, id, kind, name, note, unit, do_not_visit, do_not_visit_why, created_at,
                              created_by, changed_at, version, listening, style, personality)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, 1, $11, $12, $13)",
        &values![
            org,
            new.id,
            &new.kind,
            new.name.as_ref(),
            new.note.as_ref(),
            new.unit,
            new.do_not_visit,
            new.do_not_visit_why.as_ref(),
            new.created_at,
            new.created_by,
            new.manner.listening.map(Listening::as_str),
            new.manner.style.map(Style::as_str),
            new.manner.personality.map(Personality::as_str)
        ],
    )?;
    feed::changed(tx, org, Subject::Customer, new.id.0)
}

/// Changes a customer if nobody else did; gives whether it was so.
///
/// # Errors
/// Any [`StoreError`].
pub fn update(tx: &mut Tx<'_>, org: OrgId, changed: &PartyRow, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE parties SET kind = $4, name = $5, note = $6, unit = $7, do_not_visit = $8, do_not_visit_why = $9,
                duplicate_of = $10, changed_at = $11, listening = $12, style = $13, personality = $14,
                version = version + 1
         WHERE org = $1 AND id = $2 AND version = $3 AND erased_at IS NULL",
        &values![
            org,
            changed.id,
            changed.version,
            &changed.kind,
            changed.name.as_ref(),
            changed.note.as_ref(),
            changed.unit,
            changed.do_not_visit,
            changed.do_not_visit_why.as_ref(),
            changed.duplicate_of,
            now,
            changed.manner.listening.map(Listening::as_str),
            changed.manner.style.map(Style::as_str),
            changed.manner.personality.map(Personality::as_str)
        ],
    )?;
    feed::changed(tx, org, Subject::Customer, changed.id.0)?;
    Ok(rows > 0)
}

/// Gives a customer.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: PartyId) -> Result<Option<PartyRow>, StoreError> {
    let row = tx.one(select!(" p WHERE p.org = $1 AND p.id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Finds the customers with a number, whatever the reader may see; for intake
/// and for searching cases.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_phone(
    tx: &mut Tx<'_>,
    org: OrgId,
    phone: &PhoneSearch,
    limit: u32,
) -> Result<Vec<PartyRow>, StoreError> {
    let mut query = Query::new(select!(" p WHERE p.org = $1 AND p.erased_at IS NULL"), values![org]);
    with_phone(&mut query, org, phone);
    query.bind(" ORDER BY p.id LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Lists customers that a scope covers, in the order of entry.
///
/// One without a unit belongs to the whole house.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &PartyFilter,
    now: Timestamp,
) -> Result<Vec<PartyRow>, StoreError> {
    let pieces = crate::scope_pieces!(org: "p.org", unit: "p.unit", own: ["p.created_by"]);
    let org = visible.org;
    let mut query = Query::new(select!(" p WHERE p.org = $1 AND (p.unit IS NULL OR ("), values![org]);
    scope::filter(&mut query, &pieces, visible, now);
    query.push("))");
    if let Some(phone) = &filter.phone {
        with_phone(&mut query, org, phone);
    }
    if let Some(name) = &filter.name {
        query.bind(" AND p.name = $1", values![name]);
    }
    if let Some(household) = filter.household {
        query.bind(
            " AND p.id IN (SELECT h.party FROM party_households h WHERE h.org = $1 AND h.household = $2)",
            values![org, household],
        );
    }
    if let Some(unit) = filter.unit {
        query.bind(" AND p.unit = $1", values![unit]);
    }
    if let Some(flag) = filter.do_not_visit {
        query.bind(" AND p.do_not_visit = $1", values![flag]);
    }
    if let Some(after) = filter.after {
        query.bind(" AND p.id > $1", values![after]);
    }
    query.bind(" ORDER BY p.id LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

fn with_phone(query: &mut Query, org: OrgId, phone: &PhoneSearch) {
    match phone {
        PhoneSearch::Whole(digits) => query.bind(
            " AND p.id IN (SELECT n.party FROM party_phones n WHERE n.org = $1 AND n.digits = $2)",
            values![org, digits],
        ),
        PhoneSearch::LastFour(digits) => query.bind(
            " AND p.id IN (SELECT n.party FROM party_phones n WHERE n.org = $1 AND n.last4 = $2)",
            values![org, digits],
        ),
    };
}
