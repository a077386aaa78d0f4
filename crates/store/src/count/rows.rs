//! The list behind a figure, by pages.

use huiyin_domain::count::{Amount, Dating, List, Marks, Subject};
use huiyin_domain::ids::UnitId;
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use super::condition::{CountFilter, about, dated, tested};
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One row of a list of cases or items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountRow {
    /// The case, or the party of a complainant.
    pub id: String,
    /// Number of the case; of a complainant's first case.
    pub number: String,
    /// Version of the case that was counted.
    pub version: i64,
    /// The date that puts it into the period.
    pub at: Timestamp,
    /// The unit.
    pub unit: UnitId,
    /// Category of the statistics.
    pub category: Option<String>,
    /// Cause leaf.
    pub cause: Option<String>,
    /// How it reached us.
    pub channel: String,
    /// How it was closed.
    pub closure: Option<String>,
    /// Its facts.
    pub marks: Marks,
    /// What it brings to the figure.
    pub value: i64,
}

macro_rules! columns {
    ($at:literal, $value:literal) => {
        concat!(
            "SELECT f.case_id, c.number, f.version, ",
            $at,
            ", f.unit, f.category, f.cause, f.channel, f.closure, f.marks, ",
            $value,
            " FROM case_facts f JOIN cases c ON c.org = f.org AND c.id = f.case_id WHERE "
        )
    };
}

macro_rules! valued {
    ($at:literal, $amount:expr) => {
        match $amount {
            None => columns!($at, "1"),
            Some(Amount::Times) => columns!($at, "f.times"),
            Some(Amount::Misses) => columns!($at, "f.misses"),
            Some(Amount::PromisesMade) => columns!($at, "f.promises_made"),
            Some(Amount::PromisesKept) => columns!($at, "f.promises_kept"),
            Some(Amount::Demanded) => columns!($at, "COALESCE(f.demand_fen, 0)"),
            Some(Amount::Agreed) => columns!($at, "f.agreed_fen"),
            Some(Amount::Paid) => columns!($at, "f.paid_fen"),
            Some(Amount::PromisesBroken) => columns!($at, "f.promises_broken"),
            Some(Amount::Reassigned) => columns!($at, "f.reassigned"),
            Some(Amount::IdleDays) => columns!($at, "f.idle_days"),
        }
    };
}

/// A place in a list: date and id of the last row.
pub type Place = (Timestamp, String);

/// Lists the rows behind a figure, newest first, then id.
///
/// # Errors
/// Any [`StoreError`].
pub fn rows(
    tx: &mut Tx<'_>,
    visible: &Scope,
    (list, amount): (List, Option<Amount>),
    (filter, now): (&CountFilter, Timestamp),
    (after, limit): (Option<&Place>, u32),
) -> Result<Vec<CountRow>, StoreError> {
    if list.of == Subject::Complainant {
        return people(tx, visible, list, (filter, now), (after, limit));
    }
    let item = list.of == Subject::Item;
    let mut query = match list.dated {
        Dating::Received if item => Query::new(valued!("f.item_at", amount), []),
        Dating::Received => Query::new(valued!("f.received_at", amount), []),
        Dating::Closed => Query::new(valued!("f.closed_at", amount), []),
        Dating::Visited => Query::new(valued!("f.visited_at", amount), []),
    };
    about(&mut query, visible, filter, now);
    dated(&mut query, list, filter.span);
    tested(&mut query, list);
    if let Some((at, id)) = after {
        let values = values![*at, id];
        match list.dated {
            Dating::Received if item => query.bind(" AND (f.item_at, f.case_id) < ($1, $2)", values),
            Dating::Received => query.bind(" AND (f.received_at, f.case_id) < ($1, $2)", values),
            Dating::Closed => query.bind(" AND (f.closed_at, f.case_id) < ($1, $2)", values),
            Dating::Visited => query.bind(" AND (f.visited_at, f.case_id) < ($1, $2)", values),
        };
    }
    query.push(match list.dated {
        Dating::Received if item => " ORDER BY f.item_at DESC, f.case_id DESC",
        Dating::Received => " ORDER BY f.received_at DESC, f.case_id DESC",
        Dating::Closed => " ORDER BY f.closed_at DESC, f.case_id DESC",
        Dating::Visited => " ORDER BY f.visited_at DESC, f.case_id DESC",
    });
    query.bind(" LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// One row for each different complainant, with the first case.
fn people(
    tx: &mut Tx<'_>,
    visible: &Scope,
    list: List,
    (filter, now): (&CountFilter, Timestamp),
    (after, limit): (Option<&Place>, u32),
) -> Result<Vec<CountRow>, StoreError> {
    let mut query = Query::new(
        "SELECT k.key, c.number, f.version, k.at, f.unit, f.category, f.cause, f.channel, f.closure, f.marks, 1
         FROM (SELECT COALESCE(p.party, f.case_id) AS key, MIN(f.received_at) AS at, MIN(f.case_id) AS first
           FROM case_facts f
           LEFT JOIN case_parties p ON p.org = f.org AND p.case_id = f.case_id AND p.role = 'complainant'
           WHERE ",
        [],
    );
    about(&mut query, visible, filter, now);
    dated(&mut query, list, filter.span);
    tested(&mut query, list);
    query.bind(
        " GROUP BY COALESCE(p.party, f.case_id)) k
         JOIN case_facts f ON f.org = $1 AND f.case_id = k.first
         JOIN cases c ON c.org = $1 AND c.id = k.first WHERE 1 = 1",
        values![visible.org],
    );
    if let Some((at, id)) = after {
        query.bind(" AND (k.at, k.key) < ($1, $2)", values![*at, id]);
    }
    query.bind(" ORDER BY k.at DESC, k.key DESC LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<CountRow, StoreError> {
    Ok(CountRow {
        id: row.get(0)?,
        number: row.get(1)?,
        version: row.get(2)?,
        at: row.get(3)?,
        unit: row.get(4)?,
        category: row.get(5)?,
        cause: row.get(6)?,
        channel: row.get(7)?,
        closure: row.get(8)?,
        marks: Marks::from_bits(row.get(9)?),
        value: row.get(10)?,
    })
}

/// Hands every case that a report of the period counts to `take`, as a frozen
/// report keeps it: received, or of an item received, or closed in it.
///
/// # Errors
/// Any [`StoreError`].
pub fn counted(
    tx: &mut Tx<'_>,
    visible: &Scope,
    (filter, now): (&CountFilter, Timestamp),
    mut take: impl FnMut(crate::report::FrozenRow),
) -> Result<(), StoreError> {
    let mut query = Query::new(
        "SELECT f.case_id, f.version, f.item_at, f.marks, f.category, c.number, f.unit, f.cause, f.channel,
           f.closure, f.received_at, f.times, f.misses, f.promises_made, f.promises_kept, f.demand_fen,
           f.agreed_fen, f.paid_fen, f.promises_broken, f.reassigned, f.idle_days, f.closed_at, f.first_reply_at,
           f.item_marks
         FROM case_facts f JOIN cases c ON c.org = f.org AND c.id = f.case_id WHERE ",
        [],
    );
    about(&mut query, visible, filter, now);
    query.bind(
        " AND ((f.received_at >= $1 AND f.received_at < $2) OR (f.item_at >= $1 AND f.item_at < $2)
           OR (f.closed_at >= $1 AND f.closed_at < $2)) ORDER BY f.case_id",
        values![filter.span.from, filter.span.to],
    );
    tx.query_each(&query, |row| {
        let item_at: Option<Timestamp> = row.get(2)?;
        let mut sums = [0; Amount::ALL.len()];
        for (place, sum) in sums.iter_mut().enumerate() {
            *sum = row.get::<Option<i64>>(place + 11)?.unwrap_or(0);
        }
        take(crate::report::FrozenRow {
            case: row.get(0)?,
            version: row.get(1)?,
            item: item_at.is_some(),
            marks: Marks::from_bits(row.get(3)?),
            category: row.get(4)?,
            facts: crate::report::FrozenFacts {
                number: row.get(5)?,
                unit: row.get(6)?,
                cause: row.get(7)?,
                channel: row.get(8)?,
                closure: row.get(9)?,
                item_at,
                item_marks: row.get(Amount::ALL.len() + 13)?,
                received_at: row.get(10)?,
                closed_at: row.get(Amount::ALL.len() + 11)?,
                first_reply_at: row.get(Amount::ALL.len() + 12)?,
                sums,
            },
        });
        Ok(())
    })
}

/// Gives the department of each of these cases that has one.
///
/// # Errors
/// Any [`StoreError`].
pub fn departments(
    tx: &mut Tx<'_>,
    org: huiyin_domain::ids::OrgId,
    cases: &[&str],
) -> Result<std::collections::BTreeMap<String, String>, StoreError> {
    let mut found = std::collections::BTreeMap::new();
    for some in cases.chunks(crate::sql::MAX_IN) {
        let mut query = Query::new(
            "SELECT c.id, c.department FROM cases c WHERE c.org = $1 AND c.department IS NOT NULL",
            values![org],
        );
        query.bind_in(" AND c.id IN ", some.iter().map(|id| (*id).into()).collect::<Vec<_>>());
        tx.query_each(&query, |row| {
            found.insert(row.get(0)?, row.get(1)?);
            Ok(())
        })?;
    }
    Ok(found)
}
