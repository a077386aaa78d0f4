//! The list behind a figure.

use huiyin_domain::count::{By, Mark, Metric, Period};
use huiyin_domain::ids::UnitId;
use huiyin_domain::time::Timestamp;
use huiyin_store::count::rows::{self as list, CountRow, Place};
use huiyin_store::count::{CountFilter, Span};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// Which rows of a share: those of its part, or of its whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The rows that make the part, or the figure itself.
    #[default]
    Part,
    /// The rows among which the share is taken.
    Whole,
}

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub struct RowsAsked {
    /// Behind which metric.
    pub metric: &'static Metric,
    /// Of which period.
    pub period: Period,
    /// Of this unit and those below it.
    pub unit: Option<UnitId>,
    /// Of one group; no value means those without.
    pub group: Option<(By, Option<String>)>,
    /// Part or whole of a share.
    pub part: Part,
    /// After this row.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: u32,
}

/// One row of the list behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListRow {
    /// The case; the party, or the case of an unnamed one, in a list of people.
    pub id: String,
    /// Number of the case, of a complainant's first case.
    pub number: String,
    /// Version of the case that counts.
    pub version: i64,
    /// The date that puts it into the period.
    pub at: Timestamp,
    /// The unit.
    pub unit: UnitId,
    /// Category of the statistics.
    pub category: Option<String>,
    /// True while that is the customer's own.
    pub provisional: bool,
    /// Cause leaf.
    pub cause: Option<String>,
    /// How it reached us.
    pub channel: String,
    /// How it was closed.
    pub closure: Option<String>,
    /// What it brings to the figure: 1, or the number that is added up.
    pub value: i64,
}

impl From<CountRow> for ListRow {
    fn from(row: CountRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            version: row.version,
            at: row.at,
            unit: row.unit,
            category: row.category,
            provisional: row.marks.has(Mark::Provisional),
            cause: row.cause,
            channel: row.channel,
            closure: row.closure,
            value: row.value,
        }
    }
}

/// Lists the rows behind a figure, newest first, then id.
///
/// The figure is the number of these rows, or the sum of their `value`.
///
/// # Errors
/// `forbidden` without a post that may see figures.
pub fn rows(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, asked: &RowsAsked) -> Result<Vec<ListRow>, Error> {
    policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere)?;
    let rules = rules.of(tx, ctx.org())?;
    let mut period = asked.period;
    if let Some((By::Month, month)) = &asked.group {
        let months = period.months();
        let found = months.iter().find(|(named, _)| Some(named.to_string()) == *month);
        period = found.ok_or_else(|| Error::field("group", "unknown_value"))?.1;
    }
    let (from, to) = period.bounds(rules.calendar().zone());
    let filter = CountFilter { span: Span { from, to }, unit: asked.unit, group: asked.group.clone() };
    let formula = asked.metric.formula;
    let (part, whole) = formula.amounts();
    let which = match asked.part {
        Part::Part => (formula.list(), part),
        Part::Whole => (formula.whole(), whole),
    };
    let page = (asked.after.as_ref(), asked.limit);
    let found = list::rows(tx, &ctx.actor.scope(), which, (&filter, ctx.now), page)?;
    Ok(found.into_iter().map(ListRow::from).collect())
}
