//! At which moment of a call somebody is, so that tips come when they are needed.

use super::facts::CallDirection;
use super::record::{Call, State};
use crate::knowledge::CallMoment;
use crate::time::Timestamp;

/// Seconds within which a conversation is still in its greeting.
const GREETING: i64 = 15;

/// Seconds after which a conversation is a long one (TEL-8).
pub const LONG: i64 = 180;

impl Call {
    /// Gives the moment of the call (TEL-1…37).
    #[must_use]
    pub fn moment(&self, now: Timestamp) -> CallMoment {
        let since =
            |from: Option<Timestamp>| from.map_or(0, |from| (now.micros() - from.micros()) / 1_000_000);
        match &self.state {
            State::Menu { .. } | State::Waiting { .. } | State::Offering { .. } => CallMoment::Ringing,
            State::Dialling { .. } => CallMoment::Dialling,
            State::Talking { .. } if since(self.answered_at) < GREETING => CallMoment::Greeting,
            State::Talking { .. } if since(self.answered_at) >= LONG => CallMoment::Long,
            State::Talking { .. } => CallMoment::Talking,
            State::Held { .. } => CallMoment::Hold,
            State::Consulting { .. } | State::Conference { .. } | State::Outside { .. } => {
                CallMoment::Transfer
            }
            State::Voicemail { .. } => CallMoment::Message,
            State::Ended if self.direction == CallDirection::In && self.answered_at.is_none() => {
                CallMoment::Dialling
            }
            State::Ended => CallMoment::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CallId, PersonId};
    use uuid::Uuid;

    /// TEL-8, TEL-17, TEL-19: greeting, talking, the three minutes, hold and end are
    /// told apart by the record alone.
    #[test]
    fn a_call_tells_its_moment() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let mut call = Call::new(CallId(Uuid::nil()), CallDirection::In, "4001".into(), at(0));
        assert_eq!(call.moment(at(1)), CallMoment::Ringing);
        let (agent, until) = (PersonId(Uuid::nil()), at(9_999));
        call.state = State::Talking { agent, until };
        call.answered_at = Some(at(10));
        for (seconds, moment) in [
            (10, CallMoment::Greeting),
            (24, CallMoment::Greeting),
            (25, CallMoment::Talking),
            (189, CallMoment::Talking),
            (190, CallMoment::Long),
        ] {
            assert_eq!(call.moment(at(seconds)), moment, "{seconds}");
        }
        call.state = State::Held { agent, until };
        assert_eq!(call.moment(at(190)), CallMoment::Hold);
        call.state = State::Ended;
        assert_eq!(call.moment(at(191)), CallMoment::End);
        call.answered_at = None;
        assert_eq!(call.moment(at(191)), CallMoment::Dialling, "who was missed is called back");
    }
}
