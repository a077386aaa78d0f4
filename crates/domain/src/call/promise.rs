//! Promised calls: a number, a time, whether it was kept (TEL-18, TEL-33).

use super::skill;
use crate::case::FieldReason;
use crate::clock::{DueError, LimitRule, due};
use crate::paper::fault_unless;
use crate::phone;
use crate::text::Text;
use crate::time::{Timestamp, WorkingCalendar};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest description of what it is about, in characters.
const LONGEST_POINT: usize = 2_000;

crate::wire::wire_enum! {
    /// Why a call was promised.
    CallBackReason {
        /// 时间不够: no time now (TEL-18).
        ShortOfTime = "short_of_time",
        /// 需查询: a question beyond whoever answered (TEL-33).
        Question = "question",
        /// 方言: a colleague who understands will call (TEL-32).
        Dialect = "dialect",
        /// 不在: whoever was asked for is away (DESK-7).
        Absent = "absent",
        /// 不愿等待: asked for while waiting in the queue.
        Queue = "queue",
    }
}

impl CallBackReason {
    /// Gives the limit where no time was agreed.
    #[must_use]
    pub const fn limit(self) -> LimitRule {
        match self {
            Self::Queue => LimitRule::Duration(30 * 60),
            Self::Dialect => LimitRule::BusinessTime(60 * 60),
            Self::ShortOfTime | Self::Question | Self::Absent => LimitRule::BusinessTime(4 * 60 * 60),
        }
    }
}

/// A call that was promised, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallBackBody)]
pub struct CallBackBody {
    /// Why.
    pub reason: CallBackReason,
    /// The number to call.
    #[schema(max_length = 30)]
    pub phone: String,
    /// The time that was agreed; the limit of the reason where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_at: Option<Timestamp>,
    /// What it is about; for questions this is what is to be found out.
    pub about: Text,
    /// The skill that whoever calls must have, such as a dialect (TEL-32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 40)]
    pub skill: Option<String>,
}

/// A promised call with its clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PromisedCall)]
pub struct PromisedCall {
    /// Why.
    pub reason: CallBackReason,
    /// The digits to call.
    pub number: String,
    /// The skill that whoever calls must have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// When it was promised.
    pub promised_at: Timestamp,
    /// By when it is to be made.
    pub due: Timestamp,
    /// When the customer was reached.
    #[serde(default)]
    pub kept_at: Option<Timestamp>,
    /// How often it was tried without reaching anybody.
    #[serde(default)]
    pub tries: u32,
}

/// The furthest that a call can be agreed ahead, in days.
const FURTHEST: i64 = 90;
/// Microseconds of one day.
const DAY: i64 = 86_400_000_000;

impl CallBackBody {
    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults(&self, now: Timestamp) -> Vec<FieldReason> {
        let mut faults = fault_unless(phone::digits(&self.phone).is_some(), "phone", "invalid_phone");
        let short = self.about.as_str().chars().count() <= LONGEST_POINT;
        faults.extend(fault_unless(short, "about", "text_length"));
        let later = self.agreed_at.is_none_or(|at| at > now);
        faults.extend(fault_unless(later, "agreed_at", "in_the_past"));
        let near = self.agreed_at.is_none_or(|at| at.micros() <= now.micros() + FURTHEST * DAY);
        faults.extend(fault_unless(near, "agreed_at", "call_back_too_far"));
        // TEL-32: a colleague who understands the dialect
        let skilled = self.reason != CallBackReason::Dialect || self.skill.is_some();
        faults.extend(fault_unless(skilled, "skill", "required"));
        let named = self.skill.as_deref().is_none_or(skill::is_name);
        faults.extend(fault_unless(named, "skill", "text_length"));
        faults
    }

    /// Makes the promise with its due time.
    ///
    /// None when [`CallBackBody::faults`] has something to say of the number.
    ///
    /// # Errors
    /// [`DueError`] when the limit leaves the range of dates.
    pub fn promise(
        &self,
        now: Timestamp,
        calendar: &WorkingCalendar,
    ) -> Result<Option<PromisedCall>, DueError> {
        let due = match self.agreed_at {
            Some(at) => at,
            None => due(self.reason.limit(), now, calendar)?.at,
        };
        Ok(phone::digits(&self.phone).map(|number| PromisedCall {
            reason: self.reason,
            number,
            skill: self.skill.clone(),
            promised_at: now,
            due,
            kept_at: None,
            tries: 0,
        }))
    }
}

impl PromisedCall {
    /// Notes a try: the promise is kept once somebody was reached.
    #[must_use]
    pub fn tried(self, reached: bool, now: Timestamp) -> Self {
        match (self.kept_at, reached) {
            (Some(_), _) => self,
            (None, true) => Self { kept_at: Some(now), ..self },
            (None, false) => Self { tries: self.tries.saturating_add(1), ..self },
        }
    }

    /// Tells whether it was kept in time; none while it still can be.
    #[must_use]
    pub fn is_kept(&self, now: Timestamp) -> Option<bool> {
        match self.kept_at {
            Some(at) => Some(at <= self.due),
            None => (now > self.due).then_some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::tests::at;
    use serde_json::json;

    fn call_back(reason: &str, agreed: Option<&str>) -> CallBackBody {
        serde_json::from_value(json!({
            "reason": reason, "phone": "+86 138-0000-0001", "about": "查一下停车费",
            "agreed_at": agreed.map(at),
        }))
        .unwrap()
    }

    /// TEL-18, TEL-33: a promised call has a number and a time; an agreed one its own.
    #[test]
    fn a_promised_call_has_number_and_clock() {
        let (calendar, now) = (WorkingCalendar::china(), at("2026-11-24T16:00"));
        let agreed = call_back("short_of_time", Some("2026-11-24T20:00"));
        assert_eq!(agreed.faults(now), []);
        let call = agreed.promise(now, &calendar).unwrap().unwrap();
        assert_eq!((&*call.number, call.due), ("13800000001", at("2026-11-24T20:00")));
        let question = call_back("question", None).promise(now, &calendar).unwrap().unwrap();
        assert_eq!(question.due, at("2026-11-25T11:00"), "four hours of work");
        let failed = question.tried(false, at("2026-11-25T09:30"));
        assert_eq!((failed.tries, failed.is_kept(at("2026-11-25T10:00"))), (1, None));
        assert_eq!(failed.is_kept(at("2026-11-25T11:01")), Some(false));
        assert_eq!(failed.tried(true, at("2026-11-25T10:30")).is_kept(now), Some(true));
        let codes = |body: &CallBackBody| body.faults(now).iter().map(|fault| fault.code).collect::<Vec<_>>();
        assert_eq!(codes(&call_back("question", Some("2026-11-24T15:00"))), ["in_the_past"]);
        assert_eq!(codes(&call_back("question", Some("2027-11-24T15:00"))), ["call_back_too_far"]);
        assert_eq!(codes(&call_back("dialect", None)), ["required"], "TEL-32: who understands is named");
    }
}
