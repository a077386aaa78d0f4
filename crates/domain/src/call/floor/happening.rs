//! What can happen on the floor, and what is to be done about it outside.

use crate::call::agent::Ask;
use crate::call::facts::CallDirection;
use crate::call::queue::{Overflow, Wishes};
use crate::call::record::OfferEnd;
use crate::ids::{CallId, CaseId, PartyId, PersonId, QueueId, RecordingId};
use crate::menu::Step;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Who ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The other side.
    Customer,
    /// Our agent.
    Agent,
    /// Neither: the line, the menu, a limit.
    System,
}

impl By {
    /// Gives the name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::System => "system",
        }
    }
}

/// Where a call is put through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// To a queue.
    Queue(QueueId),
    /// To an agent, through the queue of the call or any other.
    Agent(PersonId, QueueId),
    /// To a number outside.
    Number(String),
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// A call came in.
    Arrived {
        /// Which.
        call: CallId,
        /// The process that holds it.
        node: String,
        /// The caller's number.
        caller: Option<String>,
        /// What was dialled.
        called: String,
        /// The line.
        line: Option<String>,
        /// Its service.
        service: Option<String>,
        /// The customer, where the number is known.
        party: Option<PartyId>,
        /// Calls that may be there at once (CALL-2).
        limit: Option<u32>,
        /// The queue of its line: where calls beyond the limit are led is its choice.
        #[serde(default)]
        queue: Option<QueueId>,
    },
    /// It went on in its menu.
    Stepped(CallId, Vec<Step>),
    /// It is to wait for an agent.
    Queued(CallId, QueueId, Wishes),
    /// The agent answered an offer.
    Answered(CallId, u32),
    /// An offer did not come to an answer.
    OfferFailed(CallId, u32, OfferEnd),
    /// Somebody hung up.
    HungUp(CallId, By),
    /// The agent holds it.
    Held(CallId),
    /// The agent takes it up again.
    Resumed(CallId),
    /// The agent asks somebody else, as dialled, while the customer waits.
    Consulting(CallId, String),
    /// The consultation is over, the agent is back.
    Back(CallId),
    /// All three speak.
    Joined(CallId),
    /// It is put through; warm when the receiver was told before.
    Transferred(CallId, Target, bool),
    /// Another agent takes it over from the one who speaks.
    TakenOver(CallId, PersonId),
    /// Its menu puts it through to a number outside.
    Led(CallId, String),
    /// Nobody answered there: it is back.
    Returned(CallId),
    /// It leaves a message.
    Voicemail(CallId, u32),
    /// It asks to be called back at a number.
    CallBackAsked(CallId, String),
    /// An agent calls somebody.
    Dialled {
        /// Which.
        call: CallId,
        /// The process that holds it.
        node: String,
        /// Who calls.
        agent: PersonId,
        /// Whom.
        number: String,
        /// The customer, where the number is known.
        party: Option<PartyId>,
        /// Which way: out, or internal.
        direction: CallDirection,
        /// The colleague whose telephone that is, where it is one of ours.
        #[serde(default)]
        colleague: Option<PersonId>,
    },
    /// Whom the agent called answered.
    DialAnswered(CallId),
    /// Whom the agent called did not answer.
    DialFailed(CallId, OfferEnd),
    /// Its line failed.
    Broken(CallId),
    /// Sound still flows: a long conversation says so before [`SILENCE`] is over.
    ///
    /// [`SILENCE`]: crate::call::record::SILENCE
    Alive(CallId),
    /// Somebody types in a call for which there was no line.
    Typed(Box<Typed>),
    /// A recording of it began.
    Recorded(CallId, RecordingId),
    /// The caller refuses to be recorded.
    RecordingRefused(CallId),
    /// It belongs to a case.
    Linked(CallId, Option<PartyId>, Option<CaseId>),
    /// Somebody wrote down what it came to.
    WrittenUp(CallId, PersonId, String),
    /// An agent asks for something.
    Agent(PersonId, Ask),
    /// A process with its calls is gone.
    NodeLost(String),
    /// A lease ran out.
    Lapsed(Lease),
}

/// A call as a person types it in, where there was no line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Which.
    pub call: CallId,
    /// Which way.
    pub direction: CallDirection,
    /// Who spoke.
    pub agent: PersonId,
    /// The other side's number; none when withheld.
    pub number: Option<String>,
    /// Our number.
    pub line: Option<String>,
    /// Its service.
    pub service: Option<String>,
    /// The customer.
    pub party: Option<PartyId>,
    /// The case that it belongs to.
    pub case: Option<CaseId>,
    /// When it began.
    pub from: Timestamp,
    /// When it ended.
    pub to: Timestamp,
    /// False when nobody answered.
    pub answered: bool,
}

/// What ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lease {
    /// The state of a call.
    Call(CallId),
    /// The state of an agent.
    Agent(PersonId),
}

/// What is to be done outside; safe to do twice, safe to lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Let an agent's telephones ring.
    Ring {
        /// For this call.
        call: CallId,
        /// At whom.
        agent: PersonId,
        /// Which offer.
        offer: u32,
        /// Until then.
        until: Timestamp,
    },
    /// Let them ring no longer, or take the leg away that answered too late.
    Withdraw(CallId, PersonId, u32),
    /// Let customer and agent speak.
    Connect(CallId, PersonId),
    /// Play music, tell the position.
    Entertain(CallId),
    /// Lead on.
    LeadOn(CallId, Overflow),
    /// Put through to a number outside.
    PutThrough(CallId, String),
    /// Let a customer's telephone ring for an agent.
    Dial(CallId, PersonId, String),
    /// All lines are taken: say so and end it.
    Refuse(CallId),
    /// End every leg.
    Release(CallId),
    /// Take this agent's leg away; the customer stays.
    Drop(CallId, PersonId),
}

impl Happening {
    /// Gives its name, as the pages of the machines have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Arrived { .. } => "arrived",
            Self::Stepped(..) => "stepped",
            Self::Queued(..) => "queued",
            Self::Answered(..) => "answered",
            Self::OfferFailed(..) => "offer_failed",
            Self::HungUp(..) => "hung_up",
            Self::Held(_) => "held",
            Self::Resumed(_) => "resumed",
            Self::Consulting(..) => "consulting",
            Self::Back(_) => "back",
            Self::Joined(_) => "joined",
            Self::Transferred(..) => "transferred",
            Self::TakenOver(..) => "taken_over",
            Self::Led(..) => "led",
            Self::Returned(_) => "returned",
            Self::Voicemail(..) => "voicemail",
            Self::CallBackAsked(..) => "call_back_asked",
            Self::Dialled { .. } => "dialled",
            Self::DialAnswered(_) => "dial_answered",
            Self::DialFailed(..) => "dial_failed",
            Self::Broken(_) => "broken",
            Self::Alive(_) => "alive",
            Self::Typed(_) => "typed",
            Self::Recorded(..) => "recorded",
            Self::RecordingRefused(_) => "recording_refused",
            Self::Linked(..) => "linked",
            Self::WrittenUp(..) => "written_up",
            Self::Agent(_, ask) => ask.name(),
            Self::NodeLost(_) => "node_lost",
            Self::Lapsed(_) => "lapsed",
        }
    }
}
