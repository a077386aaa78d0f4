//! Telling in time that next year's days off are missing (D5).

use huiyin_domain::people::Post;
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;

use super::rules::Rules;
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::notify::{self, Notice};
use crate::work::{Effects, Failure, Inside, Job, kinds};

/// The job, once a day: from 1 November on, whoever keeps the calendar hears once
/// a month that the year to come is not known.
pub struct CalendarWatch {
    /// Calendars in force.
    pub rules: Rules,
}

impl Inside for CalendarWatch {
    fn kind(&self) -> &'static str {
        kinds::CALENDAR_WATCH
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, _: &Job) -> Result<Effects, Failure> {
        let held = self.rules.of(tx, ctx.org())?;
        let today = held.calendar().zone().date(ctx.now);
        let Some(warning) = held.calendar().coverage_warning(today) else { return Ok(Effects::default()) };
        let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
        let people = notify::holders(tx, ctx.org(), organisation.root_unit, Post::Admin, ctx.now)?;
        let params: Params = [
            ("calendar".to_owned(), held.calendar().reference().name.as_str().into()),
            ("missing".to_owned(), warning.missing.into()),
        ]
        .into_iter()
        .collect();
        let notice = Notice {
            source: format!("calendar:{}:{}-{:02}", warning.missing, today.year(), today.month()),
            case: None,
            why: "calendar_ends".into(),
            params,
            urgent: false,
        };
        Ok(Effects { hints: notify::tell(tx, ctx, &notice, &people, Some(Post::Admin))? })
    }
}
