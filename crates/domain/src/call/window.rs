//! Calling windows (外呼时段): when a customer may be called, and why not.
//!
//! *Invariants*: every hour is the customer's own (TEL-6); a call back that the
//! customer asked for is bound by nothing here.

use crate::case::FieldReason;
use crate::paper::fault_unless;
use crate::time::{DAY_SECONDS, DayName, Period, Timestamp, Weekday, WorkingCalendar, Zone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::wire::wire_enum! {
    /// Why a time does not suit.
    Ground {
        /// 太早: before the first hour (TEL-3).
        TooEarly = "too_early",
        /// 太晚: after the last hour (TEL-3).
        TooLate = "too_late",
        /// 用餐午休: lunch break and meals (TEL-3).
        Meal = "meal",
        /// 周一上午 (TEL-4).
        MondayMorning = "monday_morning",
        /// 周五下午 (TEL-4).
        FridayAfternoon = "friday_afternoon",
        /// 上班前两小时: the first two hours of a working day (TEL-4).
        FirstHours = "first_hours",
        /// 节假日休息日: better by a text message (TEL-5, X-23).
        DayOff = "day_off",
    }
}

impl Ground {
    /// Tells whether a call needs an override with reason; else it is only
    /// warned of and not offered by itself.
    #[must_use]
    pub const fn is_hard(self) -> bool {
        matches!(self, Self::TooEarly | Self::TooLate | Self::Meal)
    }

    /// Gives the requirement behind it.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::TooEarly | Self::TooLate | Self::Meal => "TEL-3",
            Self::MondayMorning | Self::FridayAfternoon | Self::FirstHours => "TEL-4",
            Self::DayOff => "TEL-5",
        }
    }
}

/// The hours of an organisation; a pack's or house's own values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallingWindows)]
pub struct Windows {
    /// Between these hours calls are possible at all, such as `07:00-22:00`.
    pub day: Period,
    /// Lunch break and meals.
    #[schema(max_items = 10)]
    pub meals: Vec<Period>,
    /// Minutes at the beginning of a working day.
    #[schema(minimum = 0, maximum = 480)]
    pub first_minutes: u32,
}

const fn hours(from: u32, to: u32) -> (u32, u32) {
    (from * 3600, to * 3600)
}

impl Default for Windows {
    /// TEL-3, TEL-4: 7 to 22, lunch 12 to 14, supper 18 to 19, two hours.
    fn default() -> Self {
        let period = |(from, to)| Period::of(from, to);
        Self {
            day: period(hours(7, 22)),
            meals: vec![period(hours(12, 14)), period(hours(18, 19))],
            first_minutes: 120,
        }
    }
}

/// A call that somebody wants to make.
#[derive(Clone, Copy, Debug)]
pub struct Planned<'a> {
    /// When.
    pub at: Timestamp,
    /// Where the customer lives (TEL-6).
    pub zone: &'a Zone,
    /// True when the customer asked to be called back then.
    pub own_wish: bool,
    /// True when the customer said that calls on days off are welcome.
    pub opted_in: bool,
}

/// What is to be said of a planned call; it explains itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CallingVerdict)]
pub struct Verdict {
    /// The customer's time of day, in their zone.
    pub local: String,
    /// Why it is not allowed without an override.
    pub hard: Vec<Ground>,
    /// Why another time would be better.
    pub soft: Vec<Ground>,
    /// True when the customer asked for it, so that nothing binds it.
    pub exempt: bool,
    /// True when a text message suits better (TEL-5).
    pub message_instead: bool,
    /// The holiday that it is, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holiday: Option<DayName>,
    /// The next time that suits, where this one does not.
    pub next: Option<Timestamp>,
}

/// Why a call is refused; the code is `outside_calling_window`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("outside_calling_window: not a time to call this customer")]
pub struct OutsideWindow(pub Box<Verdict>);

impl OutsideWindow {
    /// Gives the stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "outside_calling_window"
    }
}

/// How a call came to be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallAllowed)]
pub enum Allowed {
    /// It suits, or is only warned of.
    Within,
    /// The customer asked for it.
    OwnWish,
    /// Somebody took the responsibility; both are kept with the call (TEL-3).
    Overridden {
        /// What stood against it.
        grounds: Vec<Ground>,
        /// Why it was made all the same.
        reason: String,
    },
}

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// The most meals of a day.
const MOST_MEALS: usize = 10;

impl Windows {
    /// Lists the fields that are not acceptable: hours end by midnight.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldReason> {
        let whole = |period: &Period| period.to() <= DAY_SECONDS;
        let mut faults = fault_unless(whole(&self.day), "day", "period_over_midnight");
        faults.extend(fault_unless(self.meals.len() <= MOST_MEALS, "meals", "list_length"));
        for (at, meal) in self.meals.iter().enumerate() {
            faults.extend(fault_unless(whole(meal), &format!("meals[{at}]"), "period_over_midnight"));
        }
        faults.extend(fault_unless(self.first_minutes <= 480, "first_minutes", "number_range"));
        faults
    }

    /// Judges a planned call (TEL-3…6, X-23, X-24).
    ///
    /// The calendar tells the organisation's working days and hours; they are read
    /// in the customer's zone.
    #[must_use]
    pub fn judge(&self, call: &Planned<'_>, calendar: &WorkingCalendar) -> Verdict {
        let (date, _) = call.zone.civil(call.at);
        let grounds = if call.own_wish { Vec::new() } else { self.grounds(call, calendar) };
        let (hard, soft): (Vec<Ground>, Vec<Ground>) = grounds.into_iter().partition(|one| one.is_hard());
        let suits = hard.is_empty() && soft.is_empty();
        Verdict {
            local: call.zone.rfc3339(call.at),
            message_instead: soft.contains(&Ground::DayOff),
            hard,
            soft,
            exempt: call.own_wish,
            holiday: calendar.special(date).filter(|day| day.off).map(|day| day.name.clone()),
            next: if suits { None } else { self.next(call, calendar) },
        }
    }

    /// Decides about a planned call: hard grounds need a reason.
    ///
    /// # Errors
    /// [`OutsideWindow`] with the verdict, when a reason is needed and there is none.
    pub fn decide(
        &self,
        call: &Planned<'_>,
        reason: Option<&str>,
        calendar: &WorkingCalendar,
    ) -> Result<Allowed, OutsideWindow> {
        let verdict = self.judge(call, calendar);
        if verdict.exempt {
            return Ok(Allowed::OwnWish);
        }
        if verdict.hard.is_empty() {
            return Ok(Allowed::Within);
        }
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        match reason.filter(|reason| reason.chars().count() <= LONGEST_REASON) {
            Some(reason) => Ok(Allowed::Overridden { grounds: verdict.hard, reason: reason.to_owned() }),
            None => Err(OutsideWindow(Box::new(verdict))),
        }
    }

    fn grounds(&self, call: &Planned<'_>, calendar: &WorkingCalendar) -> Vec<Ground> {
        let (date, time) = call.zone.civil(call.at);
        let noon = 12 * 3600;
        let mut grounds = Vec::new();
        let mut put = |ground, holds| grounds.extend(Some(ground).filter(|_| holds));
        put(Ground::TooEarly, time < self.day.from());
        put(Ground::TooLate, time >= self.day.to());
        put(Ground::Meal, self.meals.iter().any(|meal| (meal.from()..meal.to()).contains(&time)));
        let works = calendar.periods(date);
        let working = !works.is_empty();
        let weekday = date.weekday();
        put(Ground::MondayMorning, working && weekday == Weekday::Mon && time < noon);
        put(Ground::FridayAfternoon, working && weekday == Weekday::Fri && time >= noon);
        let begins = works.iter().map(|period| period.from()).min();
        let first = begins.is_some_and(|from| (from..from + self.first_minutes * 60).contains(&time));
        put(Ground::FirstHours, first);
        put(Ground::DayOff, !working && !call.opted_in);
        grounds
    }

    /// Finds the next time that suits, on a full five minutes, within two weeks.
    fn next(&self, call: &Planned<'_>, calendar: &WorkingCalendar) -> Option<Timestamp> {
        const STEP: i64 = 5 * 60 * 1_000_000;
        let first = (call.at.micros() / STEP + 1) * STEP;
        (0..14 * 24 * 12)
            .map(|step| Timestamp::from_micros(first + step * STEP))
            .find(|at| self.grounds(&Planned { at: *at, ..*call }, calendar).is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::tests::at;
    use proptest::prelude::*;

    fn judged(time: &str) -> Verdict {
        let zone = Zone::shanghai();
        let call = Planned { at: at(time), zone: &zone, own_wish: false, opted_in: false };
        Windows::default().judge(&call, &WorkingCalendar::china())
    }

    /// TEL-3: before 7, after 22, at lunch and meals a call is not allowed.
    #[test]
    fn the_hard_hours_need_an_override() {
        for (time, ground) in [
            ("2026-11-24T06:59", Ground::TooEarly),
            ("2026-11-24T22:00", Ground::TooLate),
            ("2026-11-24T12:00", Ground::Meal),
            ("2026-11-24T18:30", Ground::Meal),
        ] {
            assert_eq!(judged(time).hard, [ground], "{time}");
        }
        for time in ["2026-11-24T07:00", "2026-11-24T14:00", "2026-11-24T21:59"] {
            assert!(judged(time).hard.is_empty(), "{time}");
        }
    }

    /// TEL-4: Monday morning, Friday afternoon and the first two hours are warned of.
    #[test]
    fn the_soft_hours_are_warned_of() {
        assert_eq!(judged("2026-11-23T11:30").soft, [Ground::MondayMorning]);
        assert_eq!(judged("2026-11-27T15:00").soft, [Ground::FridayAfternoon]);
        assert_eq!(judged("2026-11-24T10:59").soft, [Ground::FirstHours]);
        assert_eq!(judged("2026-11-23T09:30").soft, [Ground::MondayMorning, Ground::FirstHours]);
        let fine = judged("2026-11-24T11:00");
        assert!(fine.soft.is_empty() && fine.next.is_none());
        assert_eq!(judged("2026-11-27T15:00").next, Some(at("2026-11-30T14:00")), "after the weekend");
    }

    /// TEL-5, X-23: on days off a message suits better, unless the customer likes calls.
    #[test]
    fn on_days_off_a_message_suits_better() {
        let day = judged("2026-10-02T15:00");
        assert!(day.message_instead && day.hard.is_empty() && day.soft == [Ground::DayOff]);
        assert_eq!(day.holiday.unwrap().zh, "国庆节");
        let zone = Zone::shanghai();
        let call = Planned { at: at("2026-10-02T15:00"), zone: &zone, own_wish: false, opted_in: true };
        assert!(Windows::default().judge(&call, &WorkingCalendar::china()).soft.is_empty());
        // a make-up working Saturday is a working day
        assert!(judged("2026-10-10T15:00").soft.is_empty());
    }

    /// TEL-6: the customer's own clock counts.
    #[test]
    fn the_customers_own_clock_counts() {
        let zone = Zone::named("Europe/London").unwrap();
        let call = Planned { at: at("2026-11-24T14:30"), zone: &zone, own_wish: false, opted_in: false };
        let verdict = Windows::default().judge(&call, &WorkingCalendar::china());
        assert_eq!(verdict.hard, [Ground::TooEarly], "half past six there: {}", verdict.local);
        assert!(verdict.local.starts_with("2026-11-24T06:30"));
    }

    /// TEL-3: hours of a house's own are whole days' hours.
    #[test]
    fn own_hours_end_by_midnight() {
        assert_eq!(Windows::default().faults(), []);
        let odd = Windows {
            day: "22:00-07:00".parse().unwrap(),
            meals: vec!["12:00-14:00".parse().unwrap(), "23:00-01:00".parse().unwrap()],
            first_minutes: 481,
        };
        let paths: Vec<String> = odd.faults().into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["day", "meals[1]", "first_minutes"]);
    }

    /// TEL-3, X-24: a reason overrides, the customer's own wish needs none.
    #[test]
    fn a_reason_overrides_and_a_wish_is_exempt() {
        let (zone, calendar) = (Zone::shanghai(), WorkingCalendar::china());
        let windows = Windows::default();
        let call = Planned { at: at("2026-11-24T22:30"), zone: &zone, own_wish: false, opted_in: false };
        let refused = windows.decide(&call, None, &calendar).unwrap_err();
        assert_eq!((refused.code(), &*refused.0.hard), ("outside_calling_window", &[Ground::TooLate][..]));
        assert_eq!(refused.0.next, Some(at("2026-11-25T07:00")), "it says when");
        assert!(windows.decide(&call, Some("  "), &calendar).is_err());
        assert!(windows.decide(&call, Some(&"长".repeat(501)), &calendar).is_err());
        let allowed = windows.decide(&call, Some(" 电梯困人 "), &calendar).unwrap();
        assert_eq!(
            allowed,
            Allowed::Overridden { grounds: vec![Ground::TooLate], reason: "电梯困人".into() }
        );
        let wish = Planned { own_wish: true, ..call };
        assert_eq!(windows.decide(&wish, None, &calendar), Ok(Allowed::OwnWish));
        let soft = Planned { at: at("2026-11-27T15:00"), ..call };
        assert_eq!(windows.decide(&soft, None, &calendar), Ok(Allowed::Within), "soft grounds rank, no more");
    }

    proptest! {
        /// TEL-3…6: the next time that is offered suits, and lies ahead.
        #[test]
        fn what_is_offered_suits(minutes in 0_i64..500_000, zone in prop::sample::select(vec!["Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Pacific/Auckland"])) {
            let zone = Zone::named(zone).unwrap();
            let at = Timestamp::from_micros(1_767_200_000_000_000 + minutes * 60_000_000);
            let call = Planned { at, zone: &zone, own_wish: false, opted_in: false };
            let (windows, calendar) = (Windows::default(), WorkingCalendar::china());
            let verdict = windows.judge(&call, &calendar);
            prop_assert_eq!(verdict.next.is_none(), verdict.hard.is_empty() && verdict.soft.is_empty());
            if let Some(next) = verdict.next {
                prop_assert!(next > at);
                let then = windows.judge(&Planned { at: next, ..call }, &calendar);
                prop_assert!(then.hard.is_empty() && then.soft.is_empty());
            }
        }
    }
}
