//! The ledger of remedies (补偿台账): what was demanded, granted and paid, by
//! whose word, from which budget, with which proof; and repeat claims.
//!
//! *Invariants*: lines are seen as their cases are; the ledger names nobody,
//! only the party's id; what leaves as a table is logged.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::money::Money;
use huiyin_store::people::unit;
use huiyin_store::remedy as rows;
use huiyin_store::sql::Tx;
use huiyin_tabular::write::ColumnKind::{self, Int, Money as Yuan, Text, Time};
use huiyin_tabular::{CellValue, Column};
use serde_json::json;

use crate::audit::{self, Object};
use crate::case::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};
use crate::table::{self, TableFormat};

pub use huiyin_store::remedy::{Place, RemedyFilter, RemedyRow, Standing, Tie};

/// The most claims that are shown of the same people.
const MOST_CLAIMS: u32 = 200;

/// Rows that are read at a time.
const PAGE: u32 = 500;

/// Lists lines of the ledger, latest proposed first.
///
/// # Errors
/// `forbidden` without a post that may see cases.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, filter: &RemedyFilter) -> Result<Vec<RemedyRow>, Error> {
    policy::permit(&ctx.actor, action::ViewCases, Target::Anywhere)?;
    Ok(rows::list(tx, &ctx.actor.scope(), filter, ctx.now)?)
}

/// Lists what the same people claimed in other cases: the same party, their
/// household, their telephone numbers; latest first, at most 200.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn claims(tx: &mut Tx<'_>, ctx: &Ctx, case: CaseId) -> Result<Vec<(RemedyRow, Tie)>, Error> {
    visible(tx, ctx, case)?;
    Ok(rows::claims(tx, &ctx.actor.scope(), case, (ctx.now, MOST_CLAIMS))?)
}

const fn column(key: &'static str, zh: &'static str, en: &'static str, kind: ColumnKind) -> Column {
    Column { key, zh, en, kind }
}

/// The columns of the ledger as a table; names for programs never change.
pub const COLUMNS: [Column; 18] = [
    column("number", "案件编号", "Case", Text),
    column("remedy", "序号", "Remedy", Int),
    column("kind", "补救措施", "Kind", Text),
    column("gives", "性质", "Gives", Text),
    column("unit", "组织", "Unit", Text),
    column("party", "当事人编号", "Party", Text),
    column("budget", "预算科目", "Budget", Text),
    column("demanded", "客户要求金额", "Demanded", Yuan),
    column("amount", "金额", "Amount", Yuan),
    column("paid", "已付", "Paid", Yuan),
    column("approval", "审批序号", "Approval", Int),
    column("authority", "批准岗位", "Authority", Text),
    column("invoice", "购买凭证", "Proof of purchase", Text),
    column("proof", "支付凭证", "Receipt", Text),
    column("proposed_at", "提出时间", "Proposed", Time),
    column("paid_at", "最近兑付时间", "Paid last", Time),
    column("given_at", "兑付完毕", "Given", Time),
    column("dropped_at", "取消时间", "Called off", Time),
];

/// Writes the lines that the filter takes as a table; leaves a line in the audit.
///
/// # Errors
/// `forbidden` without a post that may take lists out.
pub fn export(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &RemedyFilter,
    format: TableFormat,
) -> Result<Vec<u8>, Error> {
    policy::permit(&ctx.actor, action::ExportCases, Target::Anywhere)?;
    let object = Object::new("remedy_list", &ctx.request_id);
    audit::record(tx, ctx, "remedies_exported", object, json!({}))?;
    let mut units: HashMap<UnitId, String> = HashMap::new();
    let mut filter = RemedyFilter { limit: PAGE, after: None, ..filter.clone() };
    table::written(tx, ctx, (format, &COLUMNS), |tx, write| {
        loop {
            let page = rows::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
            for row in &page {
                if let Entry::Vacant(unknown) = units.entry(row.unit) {
                    let code = unit::get(tx, ctx.org(), row.unit)?.map_or_else(String::new, |unit| unit.code);
                    unknown.insert(code);
                }
                write(&cells(row, units.get(&row.unit).cloned().unwrap_or_default()))?;
            }
            match page.last().filter(|_| page.len() == PAGE as usize) {
                Some(last) => filter.after = Some((last.proposed_at, last.case, last.id)),
                None => return Ok(()),
            }
        }
    })
}

fn cells(row: &RemedyRow, unit: String) -> Vec<CellValue> {
    let text = |text: Option<&str>| text.map_or(CellValue::Empty, |text| CellValue::Text(text.to_owned()));
    let money = |fen: Option<i64>| {
        let found = fen.and_then(|fen| Money::from_fen(fen).ok());
        found.map_or(CellValue::Empty, CellValue::Money)
    };
    let time = |at: Option<_>| at.map_or(CellValue::Empty, CellValue::Time);
    vec![
        text(Some(&row.number)),
        CellValue::Int(i64::from(row.id)),
        text(Some(&row.kind)),
        text(Some(&row.gives)),
        CellValue::Text(unit),
        text(row.party.map(|party| party.to_string()).as_deref()),
        text(row.budget.as_deref()),
        money(row.demand_fen),
        money(row.amount_fen),
        money(Some(row.paid_fen)),
        row.approval.map_or(CellValue::Empty, |id| CellValue::Int(i64::from(id))),
        text(row.authority.as_deref()),
        text(row.invoice.as_deref()),
        text(row.proof.as_deref()),
        time(Some(row.proposed_at)),
        time(row.paid_at),
        time(row.given_at),
        time(row.dropped_at),
    ]
}
