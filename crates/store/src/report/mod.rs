//! Rows of reports: drafts with what people wrote, and frozen ones with the
//! exact list of what they counted.
//!
//! *Invariants*: a frozen report is never written again; its rows name the
//! version of each case that was counted.

use huiyin_domain::count::{Amount, Marks, ReportKind};
use huiyin_domain::ids::{CaseId, OrgId, PersonId, ReportId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::people::scope::{self, ScopePieces};
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A report as it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Identity.
    pub id: ReportId,
    /// Which report.
    pub kind: ReportKind,
    /// Of which unit and those below it.
    pub unit: UnitId,
    /// First day of its period.
    pub first: Date,
    /// Last day of its period.
    pub last: Date,
    /// Last day on which it may be handed in.
    pub due: Option<Date>,
    /// Its version.
    pub version: i64,
    /// What people wrote, JSON.
    pub texts: String,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// Who drafted it; nobody: the product itself.
    pub created_by: Option<PersonId>,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// When it was frozen.
    pub frozen_at: Option<Timestamp>,
    /// Who froze it.
    pub frozen_by: Option<PersonId>,
    /// The frozen document, JSON.
    pub document: Option<String>,
    /// Digest over document and rows, hex.
    pub digest: Option<String>,
}

/// One case that a frozen report counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenRow {
    /// The case.
    pub case: CaseId,
    /// Its version then.
    pub version: i64,
    /// Whether it is an item of its own (PROP-90).
    pub item: bool,
    /// Its facts then.
    pub marks: Marks,
    /// Its category then.
    pub category: Option<String>,
    /// What else was counted.
    pub facts: FrozenFacts,
}

/// What else a frozen row keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenFacts {
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit: String,
    /// The cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// How it reached us.
    pub channel: String,
    /// How it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closure: Option<String>,
    /// When it was received.
    pub received_at: Timestamp,
    /// Where the item lies in time; none when it is part of another's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_at: Option<Timestamp>,
    /// Facts of the item where they are not those of the case alone (PROP-90).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_marks: Option<i64>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// When the customer first got a substantive answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_reply_at: Option<Timestamp>,
    /// What it adds up to, in the order of [`Amount::ALL`].
    #[serde(deserialize_with = "padded")]
    pub sums: [i64; Amount::ALL.len()],
}

/// Reads sums as they were frozen; numbers of later kinds were not counted yet.
fn padded<'de, D: serde::Deserializer<'de>>(from: D) -> Result<[i64; Amount::ALL.len()], D::Error> {
    let known: Vec<i64> = serde::Deserialize::deserialize(from)?;
    let mut sums = [0; Amount::ALL.len()];
    for (sum, known) in sums.iter_mut().zip(known) {
        *sum = known;
    }
    Ok(sums)
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.kind, r.unit, r.first_day, r.last_day, r.due_day, r.version, r.texts, r.created_at, ",
            "r.created_by, r.changed_at, r.frozen_at, r.frozen_by, r.document, r.digest FROM reports r WHERE ",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<ReportRow, StoreError> {
    let odd = |what: &str| StoreError::Type { context: format!("{what} of a report is not readable") };
    let day = |at: usize| row.text(at)?.parse::<Date>().map_err(|_| odd("a day"));
    let due: Option<String> = row.get(5)?;
    Ok(ReportRow {
        id: row.get(0)?,
        kind: row.text(1)?.parse().map_err(|_| odd("the kind"))?,
        unit: row.get(2)?,
        first: day(3)?,
        last: day(4)?,
        due: due.map(|due| due.parse().map_err(|_| odd("the due day"))).transpose()?,
        version: row.get(6)?,
        texts: row.get(7)?,
        created_at: row.get(8)?,
        created_by: row.get(9)?,
        changed_at: row.get(10)?,
        frozen_at: row.get(11)?,
        frozen_by: row.get(12)?,
        document: row.get(13)?,
        digest: row.get(14)?,
    })
}

/// Adds a draft.
///
/// # Errors
/// [`StoreError::Unique`] `reports_period` when there is one of that period.
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &ReportRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO reports (org, id, kind, unit, first_day, last_day, due_day, version, texts, created_at,
           created_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &values![
            org,
            new.id,
            new.kind.as_str(),
            new.unit,
            new.first.to_string(),
            new.last.to_string(),
            new.due.map(|due| due.to_string()),
            new.version,
            &new.texts,
            new.created_at,
            new.created_by,
            new.changed_at,
        ],
    )?;
    Ok(())
}

/// Gives a report.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: ReportId) -> Result<Option<ReportRow>, StoreError> {
    tx.one(select!("r.org = $1 AND r.id = $2"), &values![org, id])?.as_ref().map(read).transpose()
}

/// Finds the report of a kind, unit and period.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_period(
    tx: &mut Tx<'_>,
    org: OrgId,
    kind: ReportKind,
    unit: UnitId,
    (first, last): (Date, Date),
) -> Result<Option<ReportRow>, StoreError> {
    tx.one(
        select!("r.org = $1 AND r.kind = $2 AND r.unit = $3 AND r.first_day = $4 AND r.last_day = $5"),
        &values![org, kind.as_str(), unit, first.to_string(), last.to_string()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Gives the reports of a kind and unit that were frozen for earlier periods,
/// newest first, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn frozen_before(
    tx: &mut Tx<'_>,
    org: OrgId,
    (kind, unit): (ReportKind, UnitId),
    first: Date,
    most: u32,
) -> Result<Vec<ReportRow>, StoreError> {
    tx.all(
        select!(
            "r.org = $1 AND r.kind = $2 AND r.unit = $3 AND r.last_day < $4 AND r.frozen_at IS NOT NULL
             ORDER BY r.last_day DESC LIMIT $5"
        ),
        &values![org, kind.as_str(), unit, first.to_string(), most],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Who sees a report: who sees all of its unit.
const PIECES: ScopePieces = ScopePieces {
    org: "r.org = $1",
    own: "(r.id = $1",
    units: " OR r.unit IN ",
    below: " OR r.unit IN (SELECT up.descendant FROM unit_paths up WHERE up.org = $1 \
        AND up.valid_from <= $2 AND (up.valid_to IS NULL OR up.valid_to > $2) AND up.ancestor IN",
};

/// Lists reports, newest period first, then id.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    kind: Option<ReportKind>,
    after: Option<&(String, String)>,
    (limit, now): (u32, Timestamp),
) -> Result<Vec<ReportRow>, StoreError> {
    let mut query = Query::new(select!(""), []);
    scope::filter(&mut query, &PIECES, visible, now);
    if let Some(kind) = kind {
        query.bind(" AND r.kind = $1", values![kind.as_str()]);
    }
    if let Some((last, id)) = after {
        query.bind(" AND (r.last_day, r.id) < ($1, $2)", values![last, id]);
    }
    query.bind(" ORDER BY r.last_day DESC, r.id DESC LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Writes what people wrote into a draft; false when it is newer or frozen.
///
/// # Errors
/// Any [`StoreError`].
pub fn write_texts(
    tx: &mut Tx<'_>,
    org: OrgId,
    (id, seen): (ReportId, i64),
    texts: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE reports SET texts = $4, version = version + 1, changed_at = $5
         WHERE org = $1 AND id = $2 AND version = $3 AND frozen_at IS NULL",
        &values![org, id, seen, texts, now],
    )?;
    Ok(changed == 1)
}

/// Freezes a draft for good; false when it is newer or frozen already.
///
/// # Errors
/// Any [`StoreError`].
pub fn freeze(
    tx: &mut Tx<'_>,
    org: OrgId,
    (id, seen): (ReportId, i64),
    (document, digest): (&str, &str),
    (by, now): (Option<PersonId>, Timestamp),
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE reports SET document = $4, digest = $5, frozen_by = $6, frozen_at = $7, changed_at = $7,
           version = version + 1
         WHERE org = $1 AND id = $2 AND version = $3 AND frozen_at IS NULL",
        &values![org, id, seen, document, digest, by, now],
    )?;
    Ok(changed == 1)
}

/// Keeps the rows that a frozen report counted.
///
/// # Errors
/// Any [`StoreError`].
pub fn keep_rows(
    tx: &mut Tx<'_>,
    org: OrgId,
    report: ReportId,
    rows: &[FrozenRow],
) -> Result<(), StoreError> {
    let facts = |row: &FrozenRow| serde_json::to_string(&row.facts).unwrap_or_default();
    tx.execute_many(
        "INSERT INTO report_rows (org, report, case_id, version, item, marks, category, facts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        rows.iter().map(|row| {
            values![
                org,
                report,
                row.case,
                row.version,
                row.item,
                row.marks.bits(),
                row.category.as_deref(),
                facts(row)
            ]
        }),
    )?;
    Ok(())
}

/// Gives the rows of a frozen report by case, after one, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn rows(
    tx: &mut Tx<'_>,
    org: OrgId,
    report: ReportId,
    (after, limit): (&str, u32),
) -> Result<Vec<FrozenRow>, StoreError> {
    let rows = tx.all(
        "SELECT case_id, version, item, marks, category, facts FROM report_rows
         WHERE org = $1 AND report = $2 AND case_id > $3 ORDER BY case_id LIMIT $4",
        &values![org, report, after, limit],
    )?;
    rows.iter().map(frozen).collect()
}

fn frozen(row: &Row) -> Result<FrozenRow, StoreError> {
    let facts = serde_json::from_str(row.text(5)?)
        .map_err(|_| StoreError::Type { context: "a row of a report is not readable".into() })?;
    let item: i64 = row.get(2)?;
    Ok(FrozenRow {
        case: row.get(0)?,
        version: row.get(1)?,
        item: item != 0,
        marks: Marks::from_bits(row.get(3)?),
        category: row.get(4)?,
        facts,
    })
}

/// Gives cases that a frozen report counted and whose facts changed since.
///
/// # Errors
/// Any [`StoreError`].
pub fn changed_since(
    tx: &mut Tx<'_>,
    org: OrgId,
    report: ReportId,
    most: u32,
) -> Result<Vec<ChangedRow>, StoreError> {
    let rows = tx.all(
        "SELECT r.case_id, c.number, r.marks, f.marks, r.category, f.category FROM report_rows r
         JOIN case_facts f ON f.org = r.org AND f.case_id = r.case_id
         JOIN cases c ON c.org = r.org AND c.id = r.case_id
         WHERE r.org = $1 AND r.report = $2 AND f.version > r.version
           AND (f.marks <> r.marks OR COALESCE(f.category, '') <> COALESCE(r.category, ''))
         ORDER BY r.case_id LIMIT $3",
        &values![org, report, most],
    )?;
    rows.iter()
        .map(|row| {
            Ok(ChangedRow {
                case: row.get(0)?,
                number: row.get(1)?,
                before: (Marks::from_bits(row.get(2)?), row.get(4)?),
                after: (Marks::from_bits(row.get(3)?), row.get(5)?),
            })
        })
        .collect()
}

/// A case that changed after it was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Facts and category as they were counted.
    pub before: (Marks, Option<String>),
    /// Facts and category now.
    pub after: (Marks, Option<String>),
}
