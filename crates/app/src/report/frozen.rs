//! Freezing a report, and showing that what was frozen still adds up.

use huiyin_domain::count::{Dating, Figure, Heap, Marks, Metric, Period, Subject};
use huiyin_domain::ids::{CaseId, ReportId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Zone;
use huiyin_reports::{Cell, Document};
use huiyin_store::count::rows::counted;
use huiyin_store::count::{CountFilter, Span};
use huiyin_store::people::organisation;
use huiyin_store::report::{self as rows, FrozenRow};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::compose::recountable;
use super::draft::{ReportOut, allowed, document, out, visible};
use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::action;

/// One case that a frozen report counted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FrozenLine {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its version then.
    pub version: i64,
    /// Whether it is an item of its own (PROP-90).
    pub item: bool,
    /// Its category then.
    pub category: Option<String>,
    /// Its cause then.
    pub cause: Option<String>,
    /// How it was closed then.
    pub closure: Option<String>,
    /// Its facts then, as bits of `domain::count::Mark`.
    pub marks: i64,
    /// Facts of the item that it stands for, where other cases of its incident add
    /// to them (PROP-90).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_marks: Option<i64>,
}

impl From<FrozenRow> for FrozenLine {
    fn from(row: FrozenRow) -> Self {
        Self {
            case: row.case,
            number: row.facts.number,
            version: row.version,
            item: row.item,
            category: row.category,
            cause: row.facts.cause,
            closure: row.facts.closure,
            marks: row.marks.bits(),
            item_marks: row.facts.item_marks,
        }
    }
}

/// Freezes a report: figures, texts and the list of what it counted.
///
/// # Errors
/// `not_found`, `forbidden`, `report_frozen`, `report_not_ended`, `stale`.
pub fn freeze(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, seen): (ReportId, i64),
) -> Result<ReportOut, Error> {
    let row = visible(tx, ctx, id)?;
    allowed(tx, ctx, row.unit, action::FreezeReport)?;
    if row.frozen_at.is_some() {
        return Err(Error::conflict("report_frozen"));
    }
    let held = rules.of(tx, ctx.org())?;
    let zone = held.calendar().zone();
    let period = Period { first: row.first, last: row.last };
    let (from, to) = period.bounds(zone);
    if ctx.now < to {
        return Err(Error::conflict("report_not_ended").with("last_day", row.last.to_string()));
    }
    let mut frozen = document(tx, ctx, rules, &row)?;
    frozen.frozen = true;
    let text = serde_json::to_string(&frozen).map_err(Error::internal)?;
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let unit = (row.unit != organisation.root_unit).then_some(row.unit);
    let filter = CountFilter { span: Span { from, to }, unit, group: None };
    let scope = Scope::everything(ctx.org(), ctx.actor.person);
    let mut kept = Vec::new();
    counted(tx, &scope, (&filter, ctx.now), |row| kept.push(row))?;
    rows::keep_rows(tx, ctx.org(), id, &kept)?;
    let digest = digest(&text, &kept);
    let by = ctx.actor.identified().then_some(ctx.actor.person);
    if !rows::freeze(tx, ctx.org(), (id, seen), (&text, &digest), (by, ctx.now))? {
        return Err(Error::stale().with("id", id.to_string()));
    }
    let details = json!({"kind": row.kind, "period": period, "rows": kept.len(), "digest": digest});
    audit::record(tx, ctx, "report_frozen", Object::new("report", id), details)?;
    let row = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    Ok(out(&row, held.calendar()))
}

/// Digest over the document and every row, in the order of cases.
fn digest(document: &str, rows: &[FrozenRow]) -> String {
    let mut hash = Sha256::new();
    hash.update(document.as_bytes());
    for row in rows {
        let category = row.category.as_deref().unwrap_or_default();
        let facts = serde_json::to_string(&row.facts).unwrap_or_default();
        let line =
            format!("\n{}|{}|{}|{}|{category}|{facts}", row.case, row.version, row.item, row.marks.bits());
        hash.update(line.as_bytes());
    }
    crate::secret::hex(&hash.finalize())
}

/// Lists what a frozen report counted, by case.
///
/// # Errors
/// `not_found`, `forbidden`.
pub fn rows(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ReportId,
    (after, limit): (&str, u32),
) -> Result<Vec<FrozenLine>, Error> {
    visible(tx, ctx, id)?;
    let found = rows::rows(tx, ctx.org(), id, (after, limit))?;
    Ok(found.into_iter().map(FrozenLine::from).collect())
}

/// Makes the figures of a frozen report again from its rows and compares them.
///
/// Gives what does not agree: metrics by name, `digest` for the whole.
///
/// # Errors
/// `not_found`, `forbidden`, `report_not_frozen`.
pub fn check(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: ReportId) -> Result<Vec<String>, Error> {
    let row = visible(tx, ctx, id)?;
    let (Some(text), Some(known)) = (&row.document, &row.digest) else {
        return Err(Error::conflict("report_not_frozen"));
    };
    let document: Document = serde_json::from_str(text).map_err(Error::internal)?;
    let mut kept = Vec::new();
    let mut after = String::new();
    loop {
        let page = rows::rows(tx, ctx.org(), id, (&after, 1_000))?;
        let Some(last) = page.last() else { break };
        after = last.case.to_string();
        kept.extend(page);
    }
    let held = rules.of(tx, ctx.org())?;
    let mut wrong = Vec::new();
    if digest(text, &kept) != *known {
        wrong.push("digest".to_owned());
    }
    let period = Period { first: row.first, last: row.last };
    for metric in recountable() {
        let Some(shown) = shown(&document, metric) else { continue };
        if recount(metric, &kept, (&period, held.calendar().zone())) != shown {
            wrong.push(metric.name.to_owned());
        }
    }
    Ok(wrong)
}

/// Makes a figure from frozen rows alone.
fn recount(metric: &Metric, rows: &[FrozenRow], (period, zone): (&Period, &Zone)) -> Figure {
    let list = metric.formula.list();
    let within = |row: &&FrozenRow| {
        let at = match (list.of, list.dated) {
            (Subject::Item, Dating::Received) => row.facts.item_at,
            (_, Dating::Received) => Some(row.facts.received_at),
            (_, Dating::Closed) => row.facts.closed_at,
            (_, Dating::Visited) => None,
        };
        at.is_some_and(|at| period.contains(at, zone)) && (list.of != Subject::Item || row.item)
    };
    let marks = |row: &FrozenRow| match row.facts.item_marks {
        Some(bits) if list.of == Subject::Item => Marks::from_bits(bits),
        _ => row.marks,
    };
    let heap = |row: &FrozenRow| Heap { marks: marks(row), rows: 1, sums: row.facts.sums };
    let heaps: Vec<Heap> = rows.iter().filter(within).map(heap).collect();
    metric.figure(heaps.iter())
}

/// Finds a metric's figure of the period in the first table.
fn shown(document: &Document, metric: &Metric) -> Option<Figure> {
    let table = document.table("totals")?;
    let named = |cell: &Cell| matches!(cell, Cell::Name { name } if *name == huiyin_reports::Label::both(metric.zh, metric.en));
    let row = table.rows.iter().find(|row| row.cells.first().is_some_and(named))?;
    match row.cells.get(1) {
        Some(Cell::Figure { figure, .. }) => Some(*figure),
        _ => None,
    }
}
