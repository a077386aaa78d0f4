//! What one call is told.

use huiyin_app::call::Effect;
use huiyin_app::call::port::Order;
use huiyin_domain::ids::PersonId;
use huiyin_telephony::{LegId, Monitoring, Signal};

/// One word in the mailbox of a call.
#[derive(Debug)]
pub(crate) enum Word {
    /// Something happened to one of its legs.
    Signal(Signal),
    /// Something follows from a committed change.
    Effect(Effect),
    /// A person wants something.
    Order(Order),
    /// A supervisor's leg is to be let in.
    Supervisor(Supervisor),
    /// The agent calls somebody else from the same telephone (TEL-23).
    Second { leg: LegId, agent: PersonId, number: String },
}

/// A supervisor in a call, or on the way into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Supervisor {
    pub(crate) leg: LegId,
    pub(crate) way: Way,
    /// Nobody known where the trunk of a demo counts as the supervisor.
    pub(crate) person: Option<PersonId>,
    /// True for who takes the call over once they are there.
    pub(crate) takes: bool,
}

impl Supervisor {
    /// Says whether it may be this person.
    pub(crate) fn is(&self, person: PersonId) -> bool {
        self.person.is_none_or(|known| known == person)
    }
}

/// How a supervisor is let in; whispering needs to know the agent's leg first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Listen,
    Whisper,
    Barge,
}

impl Way {
    /// Says it to the line.
    pub(crate) fn towards(self, agent: Option<LegId>) -> Monitoring {
        match (self, agent) {
            (Self::Whisper, Some(agent)) => Monitoring::Whisper(agent),
            (Self::Listen | Self::Whisper, _) => Monitoring::Listen,
            (Self::Barge, _) => Monitoring::Barge,
        }
    }
}
