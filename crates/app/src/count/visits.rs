//! How many households were visited, and how many opinions were settled, by
//! visitor and estate (DESK-8, DESK-11, DESK-12).

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::count::{Figure, Period};
use huiyin_domain::ids::{HouseholdId, PersonId, UnitId};
use huiyin_domain::paper::PaperKind;
use huiyin_domain::paper::visit_record::VisitRecord;
use huiyin_store::paper::{self as rows, PaperFilter};
use huiyin_store::party::household;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// Papers that are read at a time.
const PAGE: u32 = 500;

/// The two rates of one visitor at one estate, each with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VisitRate {
    /// Who visited.
    pub visitor: Option<PersonId>,
    /// The estate.
    pub unit: UnitId,
    /// Households visited, of those of the estate.
    pub visited: Figure,
    /// Opinions with result and answer, of those that were said.
    pub handled: Figure,
}

#[derive(Default)]
struct Tally {
    households: BTreeSet<HouseholdId>,
    said: i64,
    settled: i64,
}

/// Lists both rates of a period, by estate and visitor.
///
/// # Errors
/// `forbidden` without a post that may see figures.
pub fn visit_rates(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (period, unit): (Period, Option<UnitId>),
) -> Result<Vec<VisitRate>, Error> {
    policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let (from, to) = period.bounds(held.calendar().zone());
    let scope = policy::paper_scope(&ctx.actor, false);
    let mut filter = PaperFilter {
        kind: PaperKind::VisitRecord,
        state: None,
        unit,
        case: None,
        period: None,
        open: None,
        after: None,
        limit: PAGE,
    };
    let mut tallies: BTreeMap<(UnitId, Option<PersonId>), Tally> = BTreeMap::new();
    loop {
        let page = rows::list(tx, &scope, &filter, ctx.now)?;
        for row in &page {
            let record: VisitRecord = serde_json::from_str(&row.body).map_err(Error::internal)?;
            if record.visited_at < from || record.visited_at >= to {
                continue;
            }
            let tally = tallies.entry((record.unit, record.visitor.by)).or_default();
            tally.households.extend(record.household);
            for item in &record.items {
                tally.said += 1;
                tally.settled += i64::from(item.decided.is_some() && item.answered.is_some());
            }
        }
        match page.last().filter(|_| page.len() == PAGE as usize) {
            Some(last) => filter.after = Some((last.opened_at, last.id)),
            None => break,
        }
    }
    let mut rates = Vec::new();
    for ((unit, visitor), tally) in tallies {
        let homes = household::count_at(tx, ctx.org(), unit, ctx.now)?;
        let visited = i64::try_from(tally.households.len()).unwrap_or(i64::MAX);
        rates.push(VisitRate {
            visitor,
            unit,
            visited: Figure::share(visited, homes),
            handled: Figure::share(tally.settled, tally.said),
        });
    }
    Ok(rates)
}
