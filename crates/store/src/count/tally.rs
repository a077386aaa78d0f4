//! Cases heaped up by their facts: few rows, whatever the number of cases.

use huiyin_domain::count::{Amount, By, Dating, Heap, List, Marks, Subject};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;
use std::collections::BTreeMap;

use super::condition::{CountFilter, about, company, dated, profile, tested};
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// Heaps by group; no key means rows without the value they are grouped by.
pub type Tally = BTreeMap<Option<String>, Vec<Heap>>;

macro_rules! sums {
    () => {
        ", f.marks, COUNT(*), CAST(SUM(f.times) AS BIGINT), CAST(SUM(f.misses) AS BIGINT),
           CAST(SUM(f.promises_made) AS BIGINT), CAST(SUM(f.promises_kept) AS BIGINT),
           CAST(SUM(f.demand_fen) AS BIGINT), CAST(SUM(f.agreed_fen) AS BIGINT), CAST(SUM(f.paid_fen) AS BIGINT),
           CAST(SUM(f.promises_broken) AS BIGINT), CAST(SUM(f.reassigned) AS BIGINT), CAST(SUM(f.idle_days) AS BIGINT)
         FROM case_facts f WHERE "
    };
}

macro_rules! counts {
    () => {
        ", f.marks, COUNT(*) FROM case_facts f WHERE "
    };
}

macro_rules! select {
    ($by:expr, $what:ident) => {
        match $by {
            None | Some(By::Month) => concat!("SELECT NULL", $what!()),
            Some(By::Unit) => concat!("SELECT f.unit", $what!()),
            Some(By::Company) => concat!("SELECT ", company!(), $what!()),
            Some(By::Positioning) => concat!("SELECT ", profile!("positioning"), $what!()),
            Some(By::CustomerGroup) => concat!("SELECT ", profile!("customer_group"), $what!()),
            Some(By::ServiceStandard) => concat!("SELECT ", profile!("service_standard"), $what!()),
            Some(By::ResourceCost) => concat!("SELECT ", profile!("resource_cost"), $what!()),
            Some(By::Category) => concat!("SELECT f.category", $what!()),
            Some(By::Cause) => concat!("SELECT f.cause", $what!()),
            Some(By::Channel) => concat!("SELECT f.channel", $what!()),
            Some(By::Kind) => concat!("SELECT f.kind", $what!()),
            Some(By::Pack) => concat!("SELECT f.pack", $what!()),
            Some(By::Closure) => concat!("SELECT f.closure", $what!()),
            Some(By::Exemption) => concat!("SELECT f.exemption", $what!()),
        }
    };
}

/// Heaps up the cases of a subject and period by facts and by group.
///
/// Money and times are added up when `summed`, for cases as they were received;
/// without it the rows themselves are not looked at.
///
/// # Errors
/// Any [`StoreError`].
pub fn tally(
    tx: &mut Tx<'_>,
    visible: &Scope,
    (of, by_date, summed): (Subject, Dating, bool),
    by: Option<By>,
    (filter, now): (&CountFilter, Timestamp),
) -> Result<Tally, StoreError> {
    let mut tally = Tally::new();
    let list = List { of, dated: by_date, test: Default::default() };
    let whole = by.is_none_or(|by| by == By::Month);
    let sums = summed && (of, by_date) == (Subject::Case, Dating::Received);
    if (of, by_date) == (Subject::Item, Dating::Received) {
        // the covering index leads with the receipt; items that moved are few
        let span = filter.span;
        if whole {
            loosely(tx, &mut tally, visible, list, (filter, now))?;
        } else {
            let mut still = Query::new(select!(by, counts), []);
            about(&mut still, visible, filter, now);
            still.bind(
                " AND f.received_at >= $1 AND f.received_at < $2 AND f.item_at = f.received_at",
                values![span.from, span.to],
            );
            add(tx, &mut tally, still, by)?;
        }
        let mut moved = Query::new(select!(by, counts), []);
        about(&mut moved, visible, filter, now);
        moved.bind(
            " AND f.item_at >= $1 AND f.item_at < $2 AND f.item_at <> f.received_at",
            values![span.from, span.to],
        );
        // grouping by marks alone invites SQLite to walk the whole index of marks
        moved.push(" GROUP BY 1, f.marks");
        heaped(tx, &mut tally, &moved)?;
        joined(tx, &mut tally, visible, by, (filter, now))?;
    } else if whole && !sums {
        loosely(tx, &mut tally, visible, list, (filter, now))?;
    } else {
        let mut query = Query::new(if sums { select!(by, sums) } else { select!(by, counts) }, []);
        about(&mut query, visible, filter, now);
        dated(&mut query, list, filter.span);
        add(tx, &mut tally, query, by)?;
    }
    Ok(tally)
}

/// Counts without sorting: steps from one set of facts to the next along the
/// index and counts a range of each; there are few sets, whatever the cases.
///
/// Of the items of a period these are the ones that did not move in time.
fn loosely(
    tx: &mut Tx<'_>,
    tally: &mut Tally,
    visible: &Scope,
    list: List,
    (filter, now): (&CountFilter, Timestamp),
) -> Result<(), StoreError> {
    let mut query = Query::new(
        "WITH RECURSIVE kinds (m) AS (SELECT MIN(x.marks) FROM case_facts x WHERE x.org = $1
           UNION ALL SELECT (SELECT MIN(x.marks) FROM case_facts x WHERE x.org = $1 AND x.marks > k.m)
           FROM kinds k WHERE k.m IS NOT NULL)
         SELECT k.m, (SELECT COUNT(*) FROM case_facts f WHERE ",
        values![visible.org],
    );
    about(&mut query, visible, filter, now);
    query.push(" AND f.marks = k.m");
    if (list.of, list.dated) == (Subject::Item, Dating::Received) {
        query.bind(
            " AND f.received_at >= $1 AND f.received_at < $2 AND f.item_at = f.received_at",
            values![filter.span.from, filter.span.to],
        );
    } else {
        dated(&mut query, list, filter.span);
    }
    query.push(") FROM kinds k WHERE k.m IS NOT NULL");
    tx.query_each(&query, |row| {
        let heap = Heap { marks: Marks::from_bits(row.get(0)?), rows: row.get(1)?, ..Heap::default() };
        if heap.rows > 0 {
            tally.entry(None).or_default().push(heap);
        }
        Ok(())
    })
}

/// Puts items that have the facts of several cases from the heap of the one case
/// onto their own; they are few (PROP-81, PROP-90).
fn joined(
    tx: &mut Tx<'_>,
    tally: &mut Tally,
    visible: &Scope,
    by: Option<By>,
    (filter, now): (&CountFilter, Timestamp),
) -> Result<(), StoreError> {
    macro_rules! facts {
        () => {
            ", f.marks, f.item_marks, COUNT(*) FROM case_facts f WHERE "
        };
    }
    let mut query = Query::new(select!(by, facts), []);
    about(&mut query, visible, filter, now);
    query.bind(
        " AND f.item_at >= $1 AND f.item_at < $2 AND f.item_marks IS NOT NULL GROUP BY 1, f.marks, f.item_marks",
        values![filter.span.from, filter.span.to],
    );
    tx.query_each(&query, |row| {
        let heap = |marks: i64, rows: i64| Heap { marks: Marks::from_bits(marks), rows, ..Heap::default() };
        let rows: i64 = row.get(3)?;
        let heaps = tally.entry(row.get(0)?).or_default();
        heaps.extend([heap(row.get(1)?, -rows), heap(row.get(2)?, rows)]);
        Ok(())
    })
}

fn add(tx: &mut Tx<'_>, tally: &mut Tally, mut query: Query, by: Option<By>) -> Result<(), StoreError> {
    query.push(match by {
        None | Some(By::Month) => " GROUP BY f.marks",
        Some(_) => " GROUP BY 1, f.marks",
    });
    heaped(tx, tally, &query)
}

fn heaped(tx: &mut Tx<'_>, tally: &mut Tally, query: &Query) -> Result<(), StoreError> {
    tx.query_each(query, |row| {
        let heap = read(row)?;
        tally.entry(row.get(0)?).or_default().push(heap);
        Ok(())
    })
}

fn read(row: &Row) -> Result<Heap, StoreError> {
    let mut heap = Heap { marks: Marks::from_bits(row.get(1)?), rows: row.get(2)?, ..Heap::default() };
    if row.values().len() > 3 {
        for (place, _) in Amount::ALL.iter().enumerate() {
            heap.sums[place] = row.get::<Option<i64>>(place + 3)?.unwrap_or(0);
        }
    }
    Ok(heap)
}

/// Counts the different complainants of a list, by group.
///
/// # Errors
/// Any [`StoreError`].
pub fn complainants(
    tx: &mut Tx<'_>,
    visible: &Scope,
    list: List,
    by: Option<By>,
    (filter, now): (&CountFilter, Timestamp),
) -> Result<BTreeMap<Option<String>, i64>, StoreError> {
    macro_rules! people {
        () => {
            ", COUNT(DISTINCT COALESCE(p.party, f.case_id)) FROM case_facts f
               LEFT JOIN case_parties p ON p.org = f.org AND p.case_id = f.case_id AND p.role = 'complainant'
               WHERE "
        };
    }
    let mut query = Query::new(select!(by, people), []);
    about(&mut query, visible, filter, now);
    dated(&mut query, list, filter.span);
    tested(&mut query, list);
    if by.is_some_and(|by| by != By::Month) {
        query.push(" GROUP BY 1");
    }
    let mut found = BTreeMap::new();
    tx.query_each(&query, |row| {
        found.insert(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok(found)
}

/// Hands receipt and first reply of each row of a list to `take`, with its group.
///
/// # Errors
/// Any [`StoreError`].
pub fn replies(
    tx: &mut Tx<'_>,
    visible: &Scope,
    (list, by): (List, Option<By>),
    (filter, now): (&CountFilter, Timestamp),
    mut take: impl FnMut(Option<String>, Timestamp, Timestamp),
) -> Result<(), StoreError> {
    macro_rules! times {
        () => {
            ", f.received_at, f.first_reply_at FROM case_facts f WHERE f.first_reply_at IS NOT NULL AND "
        };
    }
    let mut query = Query::new(select!(by, times), []);
    about(&mut query, visible, filter, now);
    dated(&mut query, list, filter.span);
    tested(&mut query, list);
    tx.query_each(&query, |row| {
        take(row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(())
    })
}
