//! How far an incident's members are, what they add up to, and what its
//! contacts say about its being hot: all by index, whatever the number of cases.

use huiyin_domain::count::{Mark, Marks};
use huiyin_domain::ids::{CaseId, IncidentId, OrgId};
use huiyin_domain::incident::{Member, MembersStand, Record, Sighting};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use super::read::{ids, visible_cases};
use crate::sql::{MAX_IN, Query, StoreError, Tx, Value};
use crate::values;

/// Counts the member cases that are open, and those without a final answer.
///
/// # Errors
/// Any [`StoreError`].
pub fn members(tx: &mut Tx<'_>, org: OrgId, incident: IncidentId) -> Result<MembersStand, StoreError> {
    let answered = Marks::of(&[Mark::FinallyAnswered]).bits();
    let row = tx.one(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN (f.marks & $3) = 0 THEN 1 ELSE 0 END), 0)
         FROM incident_members m JOIN cases c ON c.org = m.org AND c.id = m.case_id
         JOIN case_facts f ON f.org = m.org AND f.case_id = m.case_id
         WHERE m.org = $1 AND m.incident = $2 AND m.seq = 0 AND c.stage NOT IN ('closed', 'settling')",
        &values![org, incident, answered],
    )?;
    let number = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    match row {
        Some(row) => Ok(MembersStand { open: number(row.get(0)?), unanswered: number(row.get(1)?) }),
        None => Ok(MembersStand::default()),
    }
}

/// Lists the contacts by which customers complained about these members, from a
/// moment on (PROP-83, X-9).
///
/// Who complains is the party of the contact, else the first complainant of the
/// case; a party recorded twice is one. Void and duplicate cases tell nothing.
///
/// # Errors
/// Any [`StoreError`].
pub fn sightings<'a>(
    tx: &mut Tx<'_>,
    org: OrgId,
    wanted: impl Iterator<Item = &'a Member>,
    from: Option<Timestamp>,
) -> Result<Vec<Sighting>, StoreError> {
    let members: std::collections::BTreeSet<Member> = wanted.copied().collect();
    let mut cases: Vec<CaseId> = members.iter().map(|member| member.case).collect();
    cases.dedup();
    let mut found = Vec::new();
    for page in cases.chunks(MAX_IN) {
        let mut query = Query::new(
            "SELECT k.case_id, k.seq, k.at, k.persons, COALESCE(q.duplicate_of, k.party, p.party)
             FROM contacts k JOIN case_facts f ON f.org = k.org AND f.case_id = k.case_id AND f.kind = 'complaint'
               AND (f.closure IS NULL OR f.closure NOT IN ('void', 'duplicate'))
             LEFT JOIN case_parties p ON k.party IS NULL AND p.org = k.org AND p.case_id = k.case_id
               AND p.party = (SELECT MIN(x.party) FROM case_parties x
                 WHERE x.org = k.org AND x.case_id = k.case_id AND x.role = 'complainant')
             LEFT JOIN parties q ON q.org = k.org AND q.id = COALESCE(k.party, p.party)
             WHERE k.org = $1 AND k.direction = 'inbound'",
            values![org],
        );
        query.bind_in(" AND k.case_id IN ", ids(page));
        if let Some(from) = from {
            query.bind(" AND k.at >= $1", values![from]);
        }
        for row in tx.query(&query)? {
            let (case, seq): (CaseId, i64) = (row.get(0)?, row.get(1)?);
            let contact = seq.unsigned_abs();
            let belongs = members.contains(&Member::case(case))
                || members.contains(&Member { case, contact: Some(contact) });
            if belongs {
                found.push(Sighting {
                    at: row.get(2)?,
                    who: row.get(4)?,
                    persons: u32::try_from(row.get::<i64>(3)?).unwrap_or(u32::MAX),
                    record: Record { case, seq: contact },
                });
            }
        }
    }
    Ok(found)
}

/// Gives the members of an incident as they lie, without reading its state.
///
/// # Errors
/// Any [`StoreError`].
pub fn lying(tx: &mut Tx<'_>, org: OrgId, incident: IncidentId) -> Result<Vec<Member>, StoreError> {
    let rows = tx.all(
        "SELECT case_id, seq FROM incident_members WHERE org = $1 AND incident = $2 ORDER BY case_id, seq",
        &values![org, incident],
    )?;
    let member = |row: &crate::sql::Row| {
        let seq: i64 = row.get(1)?;
        Ok(Member { case: row.get(0)?, contact: (seq > 0).then_some(seq.unsigned_abs()) })
    };
    rows.iter().map(member).collect()
}

/// What an incident adds up to (PROP-90, X-9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Member cases.
    pub cases: i64,
    /// Of those, cases that count in the statistics.
    pub counted: i64,
    /// Of those, closed ones.
    pub closed: i64,
    /// How often customers complained about it.
    pub times: i64,
    /// Contacts in either direction.
    pub contacts: i64,
    /// Different complainants; each unnamed one for himself.
    pub people: i64,
    /// Persons for whom they spoke.
    pub persons: i64,
    /// Units whose cases belong.
    pub units: i64,
    /// Channels by which it reached us.
    pub channels: Vec<String>,
    /// When the first message came.
    pub first_at: Option<Timestamp>,
    /// When the last customer reached us.
    pub last_at: Option<Timestamp>,
    /// The money demanded, in fen.
    pub demanded_fen: i64,
    /// The money agreed, in fen.
    pub agreed_fen: i64,
}

/// Adds up the members that may be seen.
///
/// # Errors
/// Any [`StoreError`].
pub fn sums(
    tx: &mut Tx<'_>,
    visible: &Scope,
    incident: IncidentId,
    now: Timestamp,
) -> Result<Sums, StoreError> {
    let (counted, closed) = (Marks::of(&[Mark::Counted]).bits(), Marks::of(&[Mark::Closed]).bits());
    let mut sums = Sums::default();
    let whole = |what: &'static str, values: Vec<Value>| {
        let mut query = Query::new(what, values);
        visible_cases(&mut query, visible, now);
        query
    };
    let here = || Vec::from(values![visible.org, incident]);
    let query = whole(
        "SELECT COUNT(*), SUM(CASE WHEN (f.marks & $1) <> 0 THEN 1 ELSE 0 END),
           SUM(CASE WHEN (f.marks & $2) <> 0 THEN 1 ELSE 0 END),
           CAST(SUM(CASE WHEN c.kind = 'complaint' THEN f.times ELSE 0 END) AS BIGINT), COUNT(DISTINCT c.unit),
           MIN(f.received_at), CAST(SUM(COALESCE(f.demand_fen, 0)) AS BIGINT), CAST(SUM(f.agreed_fen) AS BIGINT)
         FROM incident_members m JOIN cases c ON c.org = m.org AND c.id = m.case_id
         JOIN case_facts f ON f.org = m.org AND f.case_id = m.case_id
         WHERE m.org = $3 AND m.incident = $4 AND m.seq = 0 AND ",
        Vec::from(values![counted, closed, visible.org, incident]),
    );
    if let Some(row) = tx.query(&query)?.first() {
        let number = |at: usize| row.get::<Option<i64>>(at).map(Option::unwrap_or_default);
        (sums.cases, sums.counted, sums.closed) = (number(0)?, number(1)?, number(2)?);
        (sums.times, sums.units, sums.first_at) = (number(3)?, number(4)?, row.get(5)?);
        (sums.demanded_fen, sums.agreed_fen) = (number(6)?, number(7)?);
    }
    let query = whole(
        "SELECT COUNT(DISTINCT COALESCE(p.party, c.id)) FROM incident_members m
         JOIN cases c ON c.org = m.org AND c.id = m.case_id AND c.kind = 'complaint'
         LEFT JOIN case_parties p ON p.org = m.org AND p.case_id = m.case_id AND p.role = 'complainant'
         WHERE m.org = $1 AND m.incident = $2 AND m.seq = 0 AND ",
        here(),
    );
    if let Some(row) = tx.query(&query)?.first() {
        sums.people = row.get(0)?;
    }
    let mut query = whole(
        "SELECT k.channel, COUNT(*), CAST(SUM(CASE WHEN k.seq = 1 THEN k.persons ELSE 0 END) AS BIGINT),
           MAX(CASE WHEN k.direction = 'inbound' THEN k.at ELSE NULL END),
           SUM(CASE WHEN k.direction = 'inbound' THEN 1 ELSE 0 END)
         FROM incident_members m JOIN cases c ON c.org = m.org AND c.id = m.case_id
         JOIN contacts k ON k.org = m.org AND k.case_id = m.case_id AND (m.seq = 0 OR m.seq = k.seq)
         WHERE m.org = $1 AND m.incident = $2 AND ",
        here(),
    );
    query.push(" GROUP BY k.channel ORDER BY k.channel");
    for row in tx.query(&query)? {
        sums.contacts += row.get::<i64>(1)?;
        sums.persons += row.get::<Option<i64>>(2)?.unwrap_or(0);
        sums.last_at = sums.last_at.max(row.get(3)?);
        if row.get::<i64>(4)? > 0 {
            sums.channels.push(row.get(0)?);
        }
    }
    Ok(sums)
}

/// Lists incidents with a running limit, after one, by id; at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn limited_after(
    tx: &mut Tx<'_>,
    org: OrgId,
    after: Option<IncidentId>,
    most: u32,
) -> Result<Vec<IncidentId>, StoreError> {
    let after = after.map_or_else(String::new, |id| id.to_string());
    let rows = tx.all(
        "SELECT id FROM incidents WHERE org = $1 AND due_at IS NOT NULL AND id > $2 ORDER BY id LIMIT $3",
        &values![org, after, most],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}
