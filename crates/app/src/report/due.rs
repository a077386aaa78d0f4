//! Drafts that make themselves, and who is told that one is due.

use huiyin_domain::count::{Due, ReportKind};
use huiyin_domain::people::Post;
use huiyin_store::people::organisation;
use huiyin_store::report as rows;
use huiyin_store::sql::Tx;
use serde_json::json;

use super::draft::{NewReport, draft};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::notify::{self, Notice};
use crate::work::{Effects, Failure, Inside, Job, kinds};

/// Who writes and who answers for the reports (PROP-80, 88).
const TOLD: [Post; 3] = [Post::Lead, Post::Statistics, Post::Head];

/// The job, once a day: drafts what ended, tells whoever is due.
///
/// A report that falls due on a day off is told of on the working day before,
/// one that is not frozen when its day has passed is told of as late.
pub struct ReportsDue {
    /// Working days.
    pub rules: Rules,
}

impl Inside for ReportsDue {
    fn kind(&self) -> &'static str {
        kinds::REPORTS_DUE
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, _: &Job) -> Result<Effects, Failure> {
        let mut effects = Effects::default();
        for kind in ReportKind::ALL.iter().filter(|kind| kind.is_scheduled()) {
            effects.hints.extend(self.see_to(tx, ctx, *kind)?);
        }
        Ok(effects)
    }
}

impl ReportsDue {
    fn see_to(&self, tx: &mut Tx<'_>, ctx: &Ctx, kind: ReportKind) -> Result<Vec<crate::Hint>, Error> {
        let held = self.rules.of(tx, ctx.org())?;
        let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
        // nothing to report from before the house used the product
        let founded = organisation::made_at(tx, ctx.org())?.map(|at| held.calendar().zone().date(at));
        let today = held.calendar().zone().date(ctx.now);
        let mut hints = Vec::new();
        // the reminder may come before the period ends, when the due day is off
        let soon = (1..14).filter_map(|ahead| kind.ended(today.plus_days(ahead)?)).find(|p| p.last > today);
        for period in kind.ended(today).into_iter().chain(soon) {
            let due = Due::on(kind.due(&period).unwrap_or(period.last), held.calendar());
            let begun = period.last <= today || due.remind <= today;
            if !begun || founded.is_some_and(|founded| period.last < founded) {
                continue;
            }
            let unit = organisation.root_unit;
            let there = rows::of_period(tx, ctx.org(), kind, unit, (period.first, period.last))?;
            let (id, frozen) = match there {
                Some(row) => (row.id, row.frozen_at.is_some()),
                None => {
                    let new = NewReport { kind, period, unit: Some(unit) };
                    (draft(tx, ctx, &self.rules, &new)?.id, false)
                }
            };
            if frozen || today < due.remind {
                continue;
            }
            let late = kind.due(&period).is_some() && today > due.on;
            let why = if late { "report_late" } else { "report_due" };
            let mut params = Params::new();
            params.insert("report".into(), id.to_string().into());
            params.insert("kind".into(), kind.as_str().into());
            params.insert("period".into(), json!(period));
            params.insert("due".into(), due.on.to_string().into());
            let notice =
                Notice { source: format!("{why}:{id}"), case: None, why: why.into(), params, urgent: late };
            for post in TOLD {
                let people = notify::holders(tx, ctx.org(), unit, post, ctx.now)?;
                hints.extend(notify::tell(tx, ctx, &notice, &people, Some(post))?);
            }
        }
        Ok(hints)
    }
}
