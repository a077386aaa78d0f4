//! Cases and customers as the search index knows them.

use std::collections::BTreeMap;

use huiyin_domain::case::{Phase, Stage};
use huiyin_domain::ids::{CaseId, OrgId, PartyId, PersonId, UnitId};
use huiyin_domain::search::{Document, Facet, Key, Subject};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{MAX_IN, Query, Row, StoreError, Tx, Value};
use crate::values;

/// The value of a facet that nobody has.
pub const UNHANDLED: &str = "none";

/// Reads cases as documents; one that is not there is left out.
///
/// # Errors
/// Any [`StoreError`].
pub fn cases(tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Document>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(MAX_IN) {
        let list: Vec<Value> = ids.iter().map(|id| CaseId(*id).into()).collect();
        let mut some = heads(tx, org, list.clone())?;
        let mut with = |sql: &'static str, add: fn(&mut Document, Row) -> Result<(), StoreError>| {
            let mut query = Query::new(sql, values![org]);
            query.bind_in(" AND x.case_id IN ", list.clone());
            for row in tx.query(&query)? {
                let id: CaseId = row.get(0)?;
                if let Some(document) = some.get_mut(&id.0) {
                    add(document, row)?;
                }
            }
            Ok::<_, StoreError>(())
        };
        with(
            "SELECT x.case_id, x.value FROM sealed x WHERE x.org = $1 AND x.value IS NOT NULL",
            |document, row| {
                document.texts.push(row.get(1)?);
                Ok(())
            },
        )?;
        with(
            "SELECT x.case_id, p.id, p.name FROM case_parties x JOIN parties p ON p.org = x.org AND p.id = x.party
             WHERE x.org = $1",
            |document, row| {
                document.parties.push(row.get(1)?);
                document.names.extend(row.get::<Option<String>>(2)?);
                Ok(())
            },
        )?;
        with(
            "SELECT x.case_id, h.building, h.room FROM case_parties x
             JOIN party_households m ON m.org = x.org AND m.party = x.party
             JOIN households h ON h.org = m.org AND h.id = m.household WHERE x.org = $1",
            |document, row| {
                document.addresses.push(room(&row, 1)?);
                Ok(())
            },
        )?;
        with(
            "SELECT x.case_id, a.text FROM case_parties x
             JOIN party_addresses a ON a.org = x.org AND a.party = x.party WHERE x.org = $1",
            |document, row| {
                document.addresses.push(row.get(1)?);
                Ok(())
            },
        )?;
        found.extend(some.into_values());
    }
    Ok(found)
}

fn heads(tx: &mut Tx<'_>, org: OrgId, list: Vec<Value>) -> Result<BTreeMap<Uuid, Document>, StoreError> {
    let mut query = Query::new(
        "SELECT c.id, c.number, c.external_id, c.received_at, c.due_at, c.changed_at, c.unit, c.owner, c.handler,
           c.receiver, c.offered_owner, c.offered_handler, c.stage, c.kind, c.channel, c.category,
           c.intake_category, c.cause, c.department FROM cases c WHERE c.org = $1",
        values![org],
    );
    query.bind_in(" AND c.id IN ", list);
    let mut found = BTreeMap::new();
    for row in tx.query(&query)? {
        let id: CaseId = row.get(0)?;
        found.insert(id.0, head(org, id, &row)?);
    }
    Ok(found)
}

fn head(org: OrgId, id: CaseId, row: &Row) -> Result<Document, StoreError> {
    let stage: Stage = crate::case::list::word(row, 12)?;
    let phase: Phase = stage.phase();
    let mut facets = vec![
        (Facet::Stage, stage.as_str().to_owned()),
        (Facet::Phase, phase.as_str().to_owned()),
        (Facet::Kind, row.get(13)?),
        (Facet::Channel, row.get(14)?),
        (Facet::Owner, row.get(7)?),
        (Facet::Handler, row.get::<Option<String>>(8)?.unwrap_or_else(|| UNHANDLED.to_owned())),
    ];
    for (facet, column) in
        [(Facet::Category, 15), (Facet::IntakeCategory, 16), (Facet::Cause, 17), (Facet::Department, 18)]
    {
        facets.extend(row.get::<Option<String>>(column)?.map(|value| (facet, value)));
    }
    let mut own: Vec<PersonId> = vec![row.get(7)?];
    for column in 8..=11 {
        own.extend(row.get::<Option<PersonId>>(column)?);
    }
    own.sort_unstable();
    own.dedup();
    let numbers = [Some(row.get(1)?), row.get(2)?];
    Ok(Document {
        due: row.get(4)?,
        changed: row.get(5)?,
        numbers: numbers.into_iter().flatten().collect(),
        unit: row.get(6)?,
        own,
        facets,
        ..Document::new(Key { org, subject: Subject::Case, id: id.0 }, row.get(3)?)
    })
}

fn room(row: &Row, column: usize) -> Result<String, StoreError> {
    Ok(format!("{} {}", row.text(column)?, row.text(column + 1)?))
}

/// Counts everything that can be found, in every organisation; for progress alone.
///
/// # Errors
/// Any [`StoreError`].
pub fn total(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let row = tx.one(
        "SELECT (SELECT COUNT(*) FROM cases) + (SELECT COUNT(*) FROM parties)
           + (SELECT COUNT(*) FROM articles WHERE live = 1) + (SELECT COUNT(*) FROM fact_sheets)",
        &[],
    )?;
    Ok(row.map_or(Ok(0), |row| row.get::<i64>(0))?.unsigned_abs())
}

/// Gives the ids of cases after one, newest first, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn cases_before(
    tx: &mut Tx<'_>,
    org: OrgId,
    before: Option<(Timestamp, Uuid)>,
    limit: u32,
) -> Result<Vec<(Timestamp, Uuid)>, StoreError> {
    let mut query = Query::new("SELECT c.received_at, c.id FROM cases c WHERE c.org = $1", values![org]);
    if let Some((at, id)) = before {
        query.bind(" AND (c.received_at, c.id) < ($1, $2)", values![at, CaseId(id)]);
    }
    query.bind(" ORDER BY c.received_at DESC, c.id DESC LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(|row| Ok((row.get(0)?, row.get::<CaseId>(1)?.0))).collect()
}

/// Gives the cases of a customer after one, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn cases_of(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: PartyId,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Uuid>, StoreError> {
    let mut query = Query::new(
        "SELECT c.case_id FROM case_parties c WHERE c.org = $1 AND c.party = $2",
        values![org, party],
    );
    if let Some(after) = after {
        query.bind(" AND c.case_id > $1", values![CaseId(after)]);
    }
    query.bind(" ORDER BY c.case_id LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(|row| Ok(row.get::<CaseId>(0)?.0)).collect()
}

/// Reads customers as documents; one that is not there or was erased is left out.
///
/// # Errors
/// Any [`StoreError`].
pub fn customers(tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Document>, StoreError> {
    let mut found: BTreeMap<Uuid, Document> = BTreeMap::new();
    for ids in ids.chunks(MAX_IN) {
        let list: Vec<Value> = ids.iter().map(|id| PartyId(*id).into()).collect();
        let mut query = Query::new(
            "SELECT p.id, p.name, p.note, p.unit, p.created_by, p.created_at, p.changed_at FROM parties p
             WHERE p.org = $1 AND p.erased_at IS NULL",
            values![org],
        );
        query.bind_in(" AND p.id IN ", list.clone());
        for row in tx.query(&query)? {
            let id: PartyId = row.get(0)?;
            // a note helps to serve somebody: it is seen by who sees the name
            let names = [row.get::<Option<String>>(1)?, row.get(2)?];
            let document = Document {
                changed: row.get(6)?,
                names: names.into_iter().flatten().collect(),
                unit: row.get::<Option<UnitId>>(3)?,
                own: row.get::<Option<PersonId>>(4)?.into_iter().collect(),
                parties: vec![id],
                ..Document::new(Key { org, subject: Subject::Customer, id: id.0 }, row.get(5)?)
            };
            found.insert(id.0, document);
        }
        let mut rooms = Query::new(
            "SELECT m.party, h.building, h.room FROM party_households m
             JOIN households h ON h.org = m.org AND h.id = m.household WHERE m.org = $1",
            values![org],
        );
        rooms.bind_in(" AND m.party IN ", list.clone());
        for row in tx.query(&rooms)? {
            let id: PartyId = row.get(0)?;
            if let Some(document) = found.get_mut(&id.0) {
                document.addresses.push(room(&row, 1)?);
            }
        }
        let mut addresses =
            Query::new("SELECT a.party, a.text FROM party_addresses a WHERE a.org = $1", values![org]);
        addresses.bind_in(" AND a.party IN ", list);
        for row in tx.query(&addresses)? {
            let id: PartyId = row.get(0)?;
            if let Some(document) = found.get_mut(&id.0) {
                document.addresses.push(row.get(1)?);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Gives the ids of customers after one, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn customers_after(
    tx: &mut Tx<'_>,
    org: OrgId,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Uuid>, StoreError> {
    let mut query = Query::new("SELECT p.id FROM parties p WHERE p.org = $1", values![org]);
    if let Some(after) = after {
        query.bind(" AND p.id > $1", values![PartyId(after)]);
    }
    query.bind(" ORDER BY p.id LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(|row| Ok(row.get::<PartyId>(0)?.0)).collect()
}
