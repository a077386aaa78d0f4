//! Figures of a period, whole or by group.

use std::collections::BTreeMap;

use huiyin_domain::count::{
    By, Figure, Formula, Heap, List, METRICS, Mark, Marks, Metric, Period, Subject, Test,
};
use huiyin_domain::ids::UnitId;
use huiyin_domain::people::Scope;
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::count::tally::{self as sums, Tally};
use huiyin_store::count::{CountFilter, Span};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// What is asked of the figures.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The period.
    pub period: Period,
    /// Of this unit and those below it, as they stood when cases were received.
    pub unit: Option<UnitId>,
    /// Split by this.
    pub by: Option<By>,
    /// Only rows of this group; no value means those without.
    pub within: Option<(By, Option<String>)>,
}

impl Asked {
    /// Asks for everything of a period.
    #[must_use]
    pub const fn of(period: Period) -> Self {
        Self { period, unit: None, by: None, within: None }
    }
}

/// One figure with its group and period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FigureLine {
    /// What it is split by; null for those without it, and for the whole.
    pub group: Option<String>,
    /// First and last day.
    #[schema(value_type = String, example = "2026-10-01..2026-10-31")]
    pub period: Period,
    /// The figure.
    #[serde(flatten)]
    pub figure: Figure,
    /// The figure as people read it.
    pub shown: String,
    /// Rows whose category is not final yet.
    pub provisional: i64,
    /// Rows of which nobody has decided yet whether they count: where not 0, the
    /// figure is provisional (PROP-88).
    pub undecided: i64,
}

/// What of a figure may still change, in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Open {
    /// Without a final category.
    provisional: i64,
    /// Not verified in or out (PROP-88).
    undecided: i64,
}

/// One metric, whole and by group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Which metric.
    pub metric: &'static Metric,
    /// All groups together.
    pub total: FigureLine,
    /// By group, sorted; empty when nothing splits it.
    pub groups: Vec<FigureLine>,
}

/// What every question about figures needs.
pub(crate) struct Held<'a> {
    /// What may be seen.
    pub scope: Scope,
    /// Working days.
    pub calendar: &'a WorkingCalendar,
}

/// Makes the figures of metrics for a period.
///
/// # Errors
/// `forbidden` without a post that may see figures.
pub fn figures(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (metrics, asked): (&[&'static Metric], &Asked),
) -> Result<Vec<Figures>, Error> {
    policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere)?;
    let rules = rules.of(tx, ctx.org())?;
    let held = Held { scope: ctx.actor.scope(), calendar: rules.calendar() };
    count(tx, ctx, &held, (metrics, asked))
}

/// Makes figures within a scope that is settled already.
///
/// # Errors
/// What the store gives.
pub(crate) fn count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held<'_>,
    (metrics, asked): (&[&'static Metric], &Asked),
) -> Result<Vec<Figures>, Error> {
    let summed = metrics.iter().any(|metric| metric.formula.amounts().0.is_some());
    let mut counter = Counter { tx, ctx, held, asked, summed, tallies: Vec::new() };
    metrics.iter().map(|metric| counter.metric(metric)).collect()
}

/// Heaps already fetched, so that many metrics cost one look.
struct Counter<'a, 'b, 'c> {
    tx: &'a mut Tx<'b>,
    ctx: &'a Ctx,
    held: &'a Held<'c>,
    asked: &'a Asked,
    /// Whether some metric adds up more than rows.
    summed: bool,
    tallies: Vec<((Subject, huiyin_domain::count::Dating, Period), Tally)>,
}

impl Counter<'_, '_, '_> {
    fn metric(&mut self, metric: &'static Metric) -> Result<Figures, Error> {
        let period = self.asked.period;
        let mut groups = Vec::new();
        match self.asked.by {
            None => {}
            Some(By::Month) => {
                for (month, days) in period.months() {
                    let found = self.whole(metric, days)?;
                    groups.push(line(metric, Some(month.to_string()), days, found));
                }
            }
            Some(_) => {
                let by_group = self.grouped(metric)?;
                groups.extend(by_group.into_iter().map(|(key, found)| line(metric, key, period, found)));
            }
        }
        let total = self.whole(metric, period)?;
        Ok(Figures { metric, total: line(metric, None, period, total), groups })
    }

    fn filter(&self, period: Period) -> CountFilter {
        let (from, to) = period.bounds(self.held.calendar.zone());
        CountFilter { span: Span { from, to }, unit: self.asked.unit, group: self.asked.within.clone() }
    }

    /// The figure of all groups together.
    fn whole(&mut self, metric: &Metric, period: Period) -> Result<(Figure, Open), Error> {
        let list = metric.formula.list();
        let filter = self.filter(period);
        if list.of == Subject::Complainant {
            let found = sums::complainants(self.tx, &self.held.scope, list, None, (&filter, self.ctx.now))?;
            return Ok((Figure::number(found.into_values().sum()), Open::default()));
        }
        if let Formula::MeanReplyDays(list) = metric.formula {
            let found = self.days(list, None, &filter)?;
            return Ok((found.into_values().next().unwrap_or(Figure::mean(0, 0)), Open::default()));
        }
        let tally = self.tally(list, period)?;
        let heaps = || tally.values().flatten();
        Ok((metric.figure(heaps()), open(metric, heaps())))
    }

    fn grouped(&mut self, metric: &Metric) -> Result<BTreeMap<Option<String>, (Figure, Open)>, Error> {
        let list = metric.formula.list();
        let (by, filter) = (self.asked.by, self.filter(self.asked.period));
        if list.of == Subject::Complainant {
            let found = sums::complainants(self.tx, &self.held.scope, list, by, (&filter, self.ctx.now))?;
            return Ok(found
                .into_iter()
                .map(|(key, rows)| (key, (Figure::number(rows), Open::default())))
                .collect());
        }
        if let Formula::MeanReplyDays(list) = metric.formula {
            let found = self.days(list, by, &filter)?;
            return Ok(found.into_iter().map(|(key, figure)| (key, (figure, Open::default()))).collect());
        }
        let tally = self.tally(list, self.asked.period)?;
        let each = tally
            .iter()
            .map(|(key, heaps)| (key.clone(), (metric.figure(heaps.iter()), open(metric, heaps.iter()))));
        Ok(each.filter(|(_, (figure, _))| figure.part != 0 || figure.whole.unwrap_or(0) != 0).collect())
    }

    fn tally(&mut self, list: List, period: Period) -> Result<&Tally, Error> {
        let key = (list.of, list.dated, period);
        let place = match self.tallies.iter().position(|(known, _)| *known == key) {
            Some(place) => place,
            None => {
                if let Some(months) = self.months_of(period) {
                    // every row lies in one month, so the whole is what the months heaped up
                    let mut whole = Tally::new();
                    for days in months {
                        for (key, heaps) in self.tally(list, days)?.clone() {
                            whole.entry(key).or_default().extend(heaps);
                        }
                    }
                    self.tallies.push((key, whole));
                    let last = self.tallies.len() - 1;
                    return Ok(&self.tallies[last].1);
                }
                let filter = self.filter(period);
                let by = self.asked.by.filter(|_| period == self.asked.period);
                let of = (list.of, list.dated, self.summed);
                let found = sums::tally(self.tx, &self.held.scope, of, by, (&filter, self.ctx.now))?;
                self.tallies.push((key, found));
                self.tallies.len() - 1
            }
        };
        Ok(&self.tallies[place].1)
    }

    /// The months of the whole period when it is split by them and they fill it.
    fn months_of(&self, period: Period) -> Option<Vec<Period>> {
        let split = self.asked.by == Some(By::Month) && period == self.asked.period;
        let months: Vec<Period> = period.months().into_iter().map(|(_, days)| days).collect();
        // a single month is the period itself
        let whole = months.len() > 1 && months.last().is_some_and(|last| last.last == period.last);
        (split && whole).then_some(months)
    }

    /// Working days from receipt to the first reply, on average.
    fn days(
        &mut self,
        list: List,
        by: Option<By>,
        filter: &CountFilter,
    ) -> Result<BTreeMap<Option<String>, Figure>, Error> {
        let calendar = self.held.calendar;
        let zone = calendar.zone();
        let mut found: BTreeMap<Option<String>, (i64, i64)> = BTreeMap::new();
        sums::replies(self.tx, &self.held.scope, (list, by), (filter, self.ctx.now), |key, from, to| {
            let days = calendar.working_days_between(zone.date(from), zone.date(to));
            let sum = found.entry(key).or_default();
            *sum = (sum.0 + i64::from(days), sum.1 + 1);
        })?;
        Ok(found.into_iter().map(|(key, (sum, rows))| (key, Figure::mean(sum, rows))).collect())
    }
}

/// Counts the rows of a figure that may still change (X-27, PROP-88).
fn open<'a>(metric: &Metric, heaps: impl Iterator<Item = &'a Heap> + Clone) -> Open {
    let having = |mark: Mark| {
        let mut test: Test = metric.formula.list().test;
        test.all = test.all.and(Marks::of(&[mark]));
        heaps.clone().filter(|heap| test.holds(heap.marks)).map(|heap| heap.rows).sum()
    };
    Open { provisional: having(Mark::Provisional), undecided: having(Mark::Undecided) }
}

fn line(
    metric: &Metric,
    group: Option<String>,
    period: Period,
    (figure, Open { provisional, undecided }): (Figure, Open),
) -> FigureLine {
    FigureLine { group, period, figure, shown: figure.shown(metric.unit), provisional, undecided }
}

/// Finds a metric by its name.
///
/// # Errors
/// `not_found` with the names that there are.
pub fn named(name: &str) -> Result<&'static Metric, Error> {
    Metric::named(name).ok_or_else(|| {
        let known: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
        Error::not_found().with("expected", known)
    })
}
