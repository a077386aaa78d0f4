//! Why a clock is due when it is due, as data that a screen can draw (D5).

use super::due::{self, DueError, Mark};
use super::{Clock, ClockKind, Limit};
use crate::time::{CalendarRef, Date, DayName, Stretch, Timestamp, WorkingCalendar, Zone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The steps from the start of a clock to its due time, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// Zone in which days and times are meant.
    pub zone: Zone,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
#[schema(as = ExplanationStep)]
pub enum Step {
    /// The clock began to run.
    Started {
        /// When.
        at: Timestamp,
        /// What is measured.
        kind: ClockKind,
    },
    /// The rule that holds.
    Rule {
        /// The pack's rule, or an agreed time.
        limit: Limit,
        /// Requirement ids that it comes from.
        source: Vec<String>,
    },
    /// The calendar that was counted by.
    Calendar {
        /// Name and version.
        calendar: CalendarRef,
    },
    /// Days without work that do not count.
    Off {
        /// First such day.
        from: Date,
        /// Last such day.
        to: Date,
        /// The holiday; none for a free day of the week.
        name: Option<DayName>,
    },
    /// The receipt came after closing, so the day does not count (PROP-75).
    AfterClosing {
        /// Which day.
        date: Date,
    },
    /// A day that counts.
    Counted {
        /// Which day.
        date: Date,
        /// The how-manieth, from 1.
        nth: u32,
        /// The holiday for which this day is worked, if any.
        make_up: Option<DayName>,
    },
    /// A day that does not count because its end lies inside a pause.
    DayPaused {
        /// Which day.
        date: Date,
    },
    /// Time that counts.
    Worked {
        /// From this instant.
        from: Timestamp,
        /// Up to this one.
        to: Timestamp,
    },
    /// A pause.
    Paused {
        /// From this instant.
        from: Timestamp,
        /// Up to this one; none when it still lasts.
        to: Option<Timestamp>,
        /// Its reason, as stored.
        reason: String,
    },
    /// A later due time was granted.
    Extended {
        /// When it was granted.
        at: Timestamp,
        /// The new due time.
        to: Timestamp,
        /// Its reason, as stored.
        reason: String,
    },
    /// Days were counted for which the days off are not known yet.
    Provisional {
        /// Last year that is known.
        last: i16,
    },
    /// The first instant that is too late.
    Due {
        /// When.
        at: Timestamp,
    },
}

/// Why a clock cannot be explained.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// The clock was counted by another calendar or version.
    #[error("clock was counted by calendar {0}")]
    OtherCalendar(CalendarRef),
    /// What is stored does not lead to a due time.
    #[error(transparent)]
    Due(#[from] DueError),
}

impl Clock {
    /// Explains the due time by the calendar version that counted it (D5).
    ///
    /// # Errors
    /// [`ExplainError`] for another calendar than the clock's own.
    pub fn explain(&self, calendar: &WorkingCalendar) -> Result<Explanation, ExplainError> {
        if self.calendar != *calendar.reference() {
            return Err(ExplainError::OtherCalendar(self.calendar.clone()));
        }
        let mut steps = vec![
            Step::Started { at: self.started_at, kind: self.kind },
            Step::Rule { limit: self.limit, source: self.source.clone() },
        ];
        if !matches!(self.limit, Limit::Agreed(_)) {
            steps.push(Step::Calendar { calendar: self.calendar.clone() });
        }
        let granted_at = self.extensions.first().map_or(Timestamp::END, |granted| granted.at);
        let before = self.pauses.partition_point(|pause| pause.from < granted_at);
        due::walk(self.limit, self.started_at, &self.pauses[..before], calendar, &mut |mark| {
            add(&mut steps, mark, calendar);
        })?;
        self.add_turns(&mut steps);
        if let Some(years) = calendar.years().filter(|_| self.provisional) {
            steps.push(Step::Provisional { last: years.last });
        }
        steps.push(Step::Due { at: self.due_at });
        Ok(Explanation { zone: calendar.zone().clone(), steps })
    }

    /// Adds pauses and extensions in the order in which they happened.
    fn add_turns(&self, steps: &mut Vec<Step>) {
        let pauses = self.pauses.iter().map(|pause| {
            (pause.from, Step::Paused { from: pause.from, to: pause.to, reason: pause.reason.clone() })
        });
        let extensions = self.extensions.iter().map(|granted| {
            (granted.at, Step::Extended { at: granted.at, to: granted.to, reason: granted.reason.clone() })
        });
        let mut turns: Vec<(Timestamp, Step)> = pauses.chain(extensions).collect();
        turns.sort_by_key(|(at, _)| *at);
        steps.extend(turns.into_iter().map(|(_, step)| step));
    }
}

/// Adds one mark of the walk; days off of one name become one step.
fn add(steps: &mut Vec<Step>, mark: Mark, calendar: &WorkingCalendar) {
    let step = match mark {
        Mark::Off(date) if calendar.is_working_day(date) => Step::AfterClosing { date },
        Mark::Off(date) => {
            let holiday = calendar.special(date).map(|day| day.name.clone());
            if let Some(Step::Off { to, name, .. }) = steps.last_mut()
                && *name == holiday
                && to.next() == Some(date)
            {
                *to = date;
                return;
            }
            Step::Off { from: date, to: date, name: holiday }
        }
        Mark::Paused(date) => Step::DayPaused { date },
        Mark::Counted(date, nth) => Step::Counted { date, nth, make_up: make_up(date, calendar) },
        Mark::Worked(Stretch { from, to }) => Step::Worked { from, to },
    };
    steps.push(step);
}

fn make_up(date: Date, calendar: &WorkingCalendar) -> Option<DayName> {
    calendar.special(date).filter(|day| !day.off).map(|day| day.name.clone())
}
