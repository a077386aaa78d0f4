//! Messages for who is absent: 5W1H, passed on in time (TEL-21, TEL-22, DESK-7).

use crate::case::FieldReason;
use crate::clock::{DueError, LimitRule, due};
use crate::paper::fault_unless;
use crate::phone;
use crate::text::Text;
use crate::time::{Timestamp, WorkingCalendar};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// The longest name or company, in characters.
const LONGEST_NAME: usize = 100;
/// The longest point, in characters.
const LONGEST_POINT: usize = 2_000;

crate::wire::wire_enum! {
    /// What the reply is to be about (TEL-21: the key of the reply).
    MessageKey {
        /// 投诉.
        Complaint = "complaint",
        /// 邀请.
        Invitation = "invitation",
        /// 咨询.
        Enquiry = "enquiry",
        /// 报修.
        Repair = "repair",
        /// 其他.
        Other = "other",
    }
}

/// A key that must be written, even where its value is null.
///
/// Who leaves a point out forgot it; who writes null says that there is none.
fn asked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text>, D::Error> {
    Option::deserialize(deserializer)
}

/// What somebody wants to let somebody else know (TEL-21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallMessage)]
pub struct MessageBody {
    /// Who called.
    pub name: Text,
    /// For which company; null when for none, never left out.
    #[serde(deserialize_with = "asked")]
    #[schema(required)]
    pub company: Option<Text>,
    /// The number at which they can be reached.
    #[schema(max_length = 30)]
    pub phone: String,
    /// Who: whom it is about, if it is not the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Text>,
    /// When it happened or is to happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Text>,
    /// What: the content.
    pub what: Text,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// How it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Text>,
    /// Special requests; null when there are none, never left out.
    #[serde(deserialize_with = "asked")]
    #[schema(required)]
    pub requests: Option<Text>,
    /// What the reply is to be about.
    pub key: MessageKey,
    /// Whether a reply is still needed (是否还需回复).
    pub reply_needed: bool,
    /// True when the important points were repeated to the caller (TEL-22).
    pub repeated: bool,
}

impl MessageBody {
    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldReason> {
        let short = |text: &Text, most: usize| text.as_str().chars().count() <= most;
        let mut faults = fault_unless(short(&self.name, LONGEST_NAME), "name", "text_length");
        if let Some(company) = &self.company {
            faults.extend(fault_unless(short(company, LONGEST_NAME), "company", "text_length"));
        }
        faults.extend(fault_unless(phone::digits(&self.phone).is_some(), "phone", "invalid_phone"));
        let points = [
            ("who", self.who.as_ref()),
            ("when", self.when.as_ref()),
            ("place", self.place.as_ref()),
            ("what", Some(&self.what)),
            ("why", self.why.as_ref()),
            ("how", self.how.as_ref()),
            ("requests", self.requests.as_ref()),
        ];
        for (path, point) in points {
            faults.extend(fault_unless(
                point.is_none_or(|text| short(text, LONGEST_POINT)),
                path,
                "text_length",
            ));
        }
        // TEL-22: record and repeat all important information
        faults.extend(fault_unless(self.repeated, "repeated", "message_not_repeated"));
        faults
    }
}

/// How a message stands: taken, passed on, read, answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallMessageWay)]
pub struct MessageWay {
    /// When it was taken.
    pub taken_at: Timestamp,
    /// By when it is to be passed on (TEL-22, DESK-7).
    pub deliver_by: Timestamp,
    /// When it reached the one whom it is for.
    #[serde(default)]
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    #[serde(default)]
    pub read_at: Option<Timestamp>,
    /// When it was answered; only where a reply is needed.
    #[serde(default)]
    pub replied_at: Option<Timestamp>,
    /// True when a reply is needed.
    pub reply_needed: bool,
}

crate::wire::wire_enum! {
    /// Where a message stands.
    MessageState {
        /// 已记录, not passed on yet.
        Taken = "taken",
        /// 已转达.
        Delivered = "delivered",
        /// 已阅, a reply is still needed.
        Read = "read",
        /// 已办结: read and nothing more is needed, or answered.
        Done = "done",
    }
}

crate::wire::wire_enum! {
    /// What happens to a message.
    MessageStep {
        /// It reached the one whom it is for.
        Deliver = "deliver",
        /// It was read.
        Read = "read",
        /// It was answered.
        Reply = "reply",
    }
}

/// A step that does not follow; the text begins with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageRefused {
    /// It was done already.
    #[error("message_done_already: this was done before")]
    Already,
    /// No reply is needed.
    #[error("message_needs_no_reply: the caller wanted no reply")]
    NoReply,
}

impl MessageRefused {
    /// Gives the stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Already => "message_done_already",
            Self::NoReply => "message_needs_no_reply",
        }
    }
}

impl MessageWay {
    /// Begins with the time until which it is to be passed on.
    ///
    /// # Errors
    /// [`DueError`] when the limit leaves the range of dates.
    pub fn taken(
        at: Timestamp,
        reply_needed: bool,
        limit: LimitRule,
        calendar: &WorkingCalendar,
    ) -> Result<Self, DueError> {
        let deliver_by = due(limit, at, calendar)?.at;
        Ok(Self {
            taken_at: at,
            deliver_by,
            delivered_at: None,
            read_at: None,
            replied_at: None,
            reply_needed,
        })
    }

    /// Tells where it stands.
    #[must_use]
    pub const fn state(&self) -> MessageState {
        match (self.delivered_at, self.read_at, self.replied_at) {
            (_, _, Some(_)) => MessageState::Done,
            (_, Some(_), None) if !self.reply_needed => MessageState::Done,
            (_, Some(_), None) => MessageState::Read,
            (Some(_), None, None) => MessageState::Delivered,
            (None, None, None) => MessageState::Taken,
        }
    }

    /// Tells whether it was not passed on in time (TEL-22).
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.delivered_at.unwrap_or(now) >= self.deliver_by
    }

    /// Takes a step; who reads or answers it has it.
    ///
    /// # Errors
    /// [`MessageRefused`] when it was done, or no reply is needed.
    pub fn step(self, step: MessageStep, now: Timestamp) -> Result<Self, MessageRefused> {
        let delivered_at = self.delivered_at.or(Some(now));
        match step {
            MessageStep::Deliver if self.delivered_at.is_none() => Ok(Self { delivered_at, ..self }),
            MessageStep::Read if self.read_at.is_none() => {
                Ok(Self { delivered_at, read_at: Some(now), ..self })
            }
            MessageStep::Reply if !self.reply_needed => Err(MessageRefused::NoReply),
            MessageStep::Reply if self.replied_at.is_none() => {
                Ok(Self { delivered_at, read_at: self.read_at.or(Some(now)), replied_at: Some(now), ..self })
            }
            _ => Err(MessageRefused::Already),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::tests::at;
    use proptest::prelude::*;
    use serde_json::json;

    fn body() -> serde_json::Value {
        json!({
            "name": "王女士", "company": null, "phone": "138 0000 0001", "what": "电梯异响",
            "requests": null, "key": "complaint", "reply_needed": true, "repeated": true,
        })
    }

    fn read(body: serde_json::Value) -> Result<MessageBody, serde_json::Error> {
        serde_json::from_value(body)
    }

    /// TEL-20, TEL-21: what a message must have cannot be forgotten; that there is no
    /// company or request is said.
    #[test]
    fn a_message_has_its_points() {
        assert_eq!(read(body()).unwrap().faults(), []);
        for point in ["name", "company", "phone", "what", "requests", "key", "reply_needed", "repeated"] {
            let mut short = body();
            short.as_object_mut().unwrap().remove(point);
            let fault = read(short).unwrap_err().to_string();
            assert!(fault.contains(&format!("`{point}`")), "{point}: {fault}");
        }
        let with = |point: &str, value: serde_json::Value| {
            let mut changed = body();
            changed[point] = value;
            let faults = read(changed).unwrap().faults();
            faults.into_iter().map(|fault| (fault.path, fault.code)).collect::<Vec<_>>()
        };
        assert_eq!(with("phone", json!("her old one")), [("phone".into(), "invalid_phone")]);
        assert_eq!(with("repeated", json!(false)), [("repeated".into(), "message_not_repeated")], "TEL-22");
        assert_eq!(with("why", json!("长".repeat(2_001))), [("why".into(), "text_length")]);
    }

    /// TEL-22, DESK-7: it is passed on in time, and delivery and reading are known.
    #[test]
    fn a_message_is_passed_on_in_time() {
        let calendar = WorkingCalendar::china();
        let limit = LimitRule::Duration(30 * 60);
        let way = MessageWay::taken(at("2026-11-24T10:00"), true, limit, &calendar).unwrap();
        assert_eq!((way.state(), way.deliver_by), (MessageState::Taken, at("2026-11-24T10:30")));
        assert!(!way.is_late(at("2026-11-24T10:29")) && way.is_late(at("2026-11-24T10:30")));
        let step = |way: MessageWay, step, time| way.step(step, at(time));
        let delivered = step(way, MessageStep::Deliver, "2026-11-24T10:10").unwrap();
        assert_eq!(delivered.state(), MessageState::Delivered);
        assert!(!delivered.is_late(at("2026-11-25T10:00")));
        assert_eq!(step(delivered, MessageStep::Deliver, "2026-11-24T10:11"), Err(MessageRefused::Already));
        let read = step(delivered, MessageStep::Read, "2026-11-24T11:00").unwrap();
        assert_eq!(read.state(), MessageState::Read, "a reply is still needed");
        let done = step(read, MessageStep::Reply, "2026-11-24T12:00").unwrap();
        assert_eq!((done.state(), done.delivered_at), (MessageState::Done, Some(at("2026-11-24T10:10"))));
        let none = MessageWay { reply_needed: false, ..way };
        assert_eq!(step(none, MessageStep::Reply, "2026-11-24T10:05"), Err(MessageRefused::NoReply));
        let read = step(none, MessageStep::Read, "2026-11-24T10:05").unwrap();
        assert_eq!((read.state(), read.delivered_at), (MessageState::Done, Some(at("2026-11-24T10:05"))));
    }

    proptest! {
        /// TEL-22: whatever is done in whatever order, times never go back and what is
        /// done stays done.
        #[test]
        fn steps_only_lead_on(steps in prop::collection::vec(0_usize..3, 0..8), reply in any::<bool>()) {
            let start = Timestamp::from_micros(1_790_000_000_000_000);
            let limit = LimitRule::Duration(60);
            let mut way = MessageWay::taken(start, reply, limit, &WorkingCalendar::china()).unwrap();
            for (minute, step) in steps.into_iter().enumerate() {
                let now = Timestamp::from_micros(start.micros() + (minute as i64 + 1) * 60_000_000);
                if let Ok(next) = way.step(MessageStep::ALL[step], now) {
                    prop_assert!(next.state() >= way.state());
                    prop_assert!(way.delivered_at.is_none() || next.delivered_at == way.delivered_at);
                    way = next;
                }
                prop_assert!(way.read_at.is_none() || way.delivered_at <= way.read_at);
                prop_assert!(way.replied_at.is_none() || reply);
            }
        }
    }
}
