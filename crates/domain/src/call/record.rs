//! The call record (通话记录): one call from its arrival to its end, with everybody
//! who was offered it, spoke and held.
//!
//! Size: one record with all its parts.

use super::facts::{CallDirection, CallFacts, CallResult};
use super::queue::Wishes;
use crate::ids::{CallId, CaseId, PartyId, PersonId, QueueId, RecordingId};
use crate::menu::Step;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

/// Seconds after which a conversation of which nothing is heard is over.
///
/// A lost hang-up so leaves nobody stuck.
pub const SILENCE: u32 = 7_200;

/// Where a call is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// 语音菜单.
    Menu {
        /// When it ends by itself.
        until: Timestamp,
    },
    /// 排队.
    Waiting {
        /// When it is looked at again: offered anew or led on.
        until: Timestamp,
    },
    /// 派接: rings at an agent.
    Offering {
        /// At whom.
        agent: PersonId,
        /// Which offer.
        offer: u32,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// 通话.
    Talking {
        /// With whom.
        agent: PersonId,
        /// When it ends without a sign of life (see [`SILENCE`]).
        until: Timestamp,
    },
    /// 保持.
    Held {
        /// By whom.
        agent: PersonId,
        /// When it ends without a sign of life (see [`SILENCE`]).
        until: Timestamp,
    },
    /// 咨询: the agent speaks with somebody else while the customer waits.
    Consulting {
        /// The agent.
        agent: PersonId,
        /// With whom, as dialled.
        with: String,
        /// When it ends without a sign of life (see [`SILENCE`]).
        until: Timestamp,
    },
    /// 三方通话.
    Conference {
        /// The agent.
        agent: PersonId,
        /// Who came in, as dialled.
        with: String,
        /// When it ends without a sign of life (see [`SILENCE`]).
        until: Timestamp,
    },
    /// 留言.
    Voicemail {
        /// When it ends by itself.
        until: Timestamp,
    },
    /// 外呼中: rings at the customer.
    Dialling {
        /// Who calls.
        agent: PersonId,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// 转出: put through to a number outside, or led away.
    Outside {
        /// Where to.
        to: String,
        /// When it ends without a sign of life (see [`SILENCE`]).
        until: Timestamp,
    },
    /// 已结束.
    Ended,
}

impl State {
    /// Every name on the wire.
    pub const NAMES: [&str; 11] = [
        "menu",
        "waiting",
        "offering",
        "talking",
        "held",
        "consulting",
        "conference",
        "voicemail",
        "dialling",
        "outside",
        "ended",
    ];

    /// Gives the name on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Menu { .. } => "menu",
            Self::Waiting { .. } => "waiting",
            Self::Offering { .. } => "offering",
            Self::Talking { .. } => "talking",
            Self::Held { .. } => "held",
            Self::Consulting { .. } => "consulting",
            Self::Conference { .. } => "conference",
            Self::Voicemail { .. } => "voicemail",
            Self::Dialling { .. } => "dialling",
            Self::Outside { .. } => "outside",
            Self::Ended => "ended",
        }
    }

    /// Gives the agent who has the call.
    #[must_use]
    pub const fn agent(&self) -> Option<PersonId> {
        match self {
            Self::Offering { agent, .. }
            | Self::Talking { agent, .. }
            | Self::Held { agent, .. }
            | Self::Consulting { agent, .. }
            | Self::Conference { agent, .. }
            | Self::Dialling { agent, .. } => Some(*agent),
            _ => None,
        }
    }

    /// Gives when it ends by itself: every state but the last one does.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Menu { until }
            | Self::Waiting { until }
            | Self::Offering { until, .. }
            | Self::Talking { until, .. }
            | Self::Held { until, .. }
            | Self::Consulting { until, .. }
            | Self::Conference { until, .. }
            | Self::Voicemail { until }
            | Self::Dialling { until, .. }
            | Self::Outside { until, .. } => Some(*until),
            Self::Ended => None,
        }
    }

    /// Puts off the end of a conversation, because a sign of it came.
    pub(super) const fn renew(&mut self, to: Timestamp) {
        if let Self::Talking { until, .. }
        | Self::Held { until, .. }
        | Self::Consulting { until, .. }
        | Self::Conference { until, .. }
        | Self::Outside { until, .. } = self
        {
            *until = to;
        }
    }
}

wire_enum! {
    /// Why an offer did not become a conversation.
    OfferEnd {
        /// 无人接听.
        NoAnswer = "no_answer",
        /// 拒接.
        Declined = "declined",
        /// 占线.
        Busy = "busy",
        /// 不可达.
        Unreachable = "unreachable",
        /// 客户先挂断.
        Gone = "gone",
    }
}

/// One ring at one agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// At whom.
    pub agent: PersonId,
    /// When it began.
    pub at: Timestamp,
    /// When the agent answered.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
    /// When and why it ended without an answer.
    #[serde(default)]
    pub ended: Option<(Timestamp, OfferEnd)>,
}

/// One transfer (TEL-23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// When.
    pub at: Timestamp,
    /// By whom; nobody is the menu or a full queue.
    #[serde(default)]
    pub by: Option<PersonId>,
    /// Where to, as written.
    pub to: String,
    /// True when the receiver was told before (warm).
    #[serde(default)]
    pub warm: bool,
}

/// One stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// From.
    pub from: Timestamp,
    /// To; none while it lasts.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

/// One agent's work after a call (话后处理).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Whose.
    pub agent: PersonId,
    /// From.
    pub from: Timestamp,
    /// To; none while it lasts.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

/// What the agent wrote down afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapUp {
    /// Code of the outcome.
    pub code: String,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Which.
    pub id: CallId,
    /// Which way.
    pub direction: CallDirection,
    /// True when it was typed in where there was no line.
    #[serde(default)]
    pub typed: bool,
    /// The process that holds its sound.
    #[serde(default)]
    pub node: String,
    /// The other side's number; none when withheld.
    pub caller: Option<String>,
    /// What was dialled.
    pub called: String,
    /// The line that it came in on.
    #[serde(default)]
    pub line: Option<String>,
    /// The service of the line (CALL-18…20).
    #[serde(default)]
    pub service: Option<String>,
    /// The customer.
    #[serde(default)]
    pub party: Option<PartyId>,
    /// The case that it belongs to.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// Where it is.
    #[serde(flatten)]
    pub state: State,
    /// When it arrived or was dialled.
    pub arrived_at: Timestamp,
    /// Its way through the menu.
    #[serde(default)]
    pub path: Vec<Step>,
    /// The queue in which it waits or waited last.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// What it asks of the queue.
    #[serde(default)]
    pub wishes: Wishes,
    /// Every stretch in a queue, offers included.
    #[serde(default)]
    pub waits: Vec<Stretch>,
    /// Every ring at an agent; an offer's number is its place from 1.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// Offers before this one belong to an earlier stay in a queue.
    #[serde(default)]
    pub fresh: usize,
    /// When somebody spoke first.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
    /// Agents who spoke, in turn; who dialled is the first.
    #[serde(default)]
    pub agents: Vec<PersonId>,
    /// The colleague whom an internal call is for, once bound to it.
    #[serde(default)]
    pub colleague: Option<PersonId>,
    /// When something of it was heard last, while it went on.
    #[serde(default)]
    pub heard_at: Option<Timestamp>,
    /// Every stretch of conversation, holds included.
    #[serde(default)]
    pub talks: Vec<Stretch>,
    /// Every hold.
    #[serde(default)]
    pub holds: Vec<Stretch>,
    /// Every transfer.
    #[serde(default)]
    pub transfers: Vec<Transfer>,
    /// Its recordings.
    #[serde(default)]
    pub recordings: Vec<RecordingId>,
    /// When the caller refused to be recorded (CALL-11).
    #[serde(default)]
    pub recording_refused_at: Option<Timestamp>,
    /// True when it came while all lines were taken (CALL-2).
    #[serde(default)]
    pub beyond_limit: bool,
    /// True when a queue led it on.
    #[serde(default)]
    pub overflowed: bool,
    /// The number to call back, once that was asked for.
    #[serde(default)]
    pub call_back: Option<String>,
    /// Work after it, agent by agent.
    #[serde(default)]
    pub works: Vec<Work>,
    /// What was written down afterwards.
    #[serde(default)]
    pub wrap_up: Option<WrapUp>,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    #[serde(default)]
    pub result: Option<CallResult>,
    /// Who ended it: `customer`, `agent`, `system`; `restart` where its process died.
    #[serde(default)]
    pub ended_by: Option<String>,
    /// Counts up with every change.
    #[serde(default)]
    pub version: u64,
}

impl Call {
    /// Begins a record.
    #[must_use]
    pub fn new(id: CallId, direction: CallDirection, called: String, now: Timestamp) -> Self {
        Self {
            id,
            direction,
            typed: false,
            node: String::new(),
            caller: None,
            called,
            line: None,
            service: None,
            party: None,
            case: None,
            state: State::Menu { until: now },
            arrived_at: now,
            path: Vec::new(),
            queue: None,
            wishes: Wishes::default(),
            waits: Vec::new(),
            offers: Vec::new(),
            fresh: 0,
            answered_at: None,
            agents: Vec::new(),
            colleague: None,
            heard_at: None,
            talks: Vec::new(),
            holds: Vec::new(),
            transfers: Vec::new(),
            recordings: Vec::new(),
            recording_refused_at: None,
            beyond_limit: false,
            overflowed: false,
            call_back: None,
            works: Vec::new(),
            wrap_up: None,
            ended_at: None,
            result: None,
            ended_by: None,
            version: 0,
        }
    }

    /// Gives the other side's number; none when withheld.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        let number =
            if self.direction == CallDirection::In { self.caller.as_deref() } else { Some(&*self.called) };
        number.filter(|number| !number.is_empty())
    }

    /// Says whether it is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state == State::Ended
    }

    /// Says whether it is for a colleague, whom it keeps busy while it lasts.
    #[must_use]
    pub fn binds(&self, person: PersonId) -> bool {
        !self.is_over() && self.colleague == Some(person)
    }

    /// Gives since when it waits in its queue.
    #[must_use]
    pub fn waits_since(&self) -> Option<Timestamp> {
        self.waits.last().filter(|wait| wait.to.is_none()).map(|wait| wait.from)
    }

    /// Gives how it came out, as far as that is known; the last word is `result`.
    #[must_use]
    pub fn outcome(&self) -> CallResult {
        match () {
            () if self.answered_at.is_some() => CallResult::Answered,
            () if self.call_back.is_some() => CallResult::CallBack,
            () if self.queue.is_some() => CallResult::Abandoned,
            () if self.direction != CallDirection::In => CallResult::NoAnswer,
            () => CallResult::AbandonedInMenu,
        }
    }

    /// Gives the flat row that figures are made of.
    #[must_use]
    pub fn facts(&self) -> CallFacts {
        let end = self.ended_at.unwrap_or(self.arrived_at);
        let sum =
            |all: &[Stretch]| all.iter().map(|one| millis(one.from, one.to.unwrap_or(end))).sum::<i64>();
        // what the caller heard: an offer that nobody took rings on at the next (TEL-15)
        let first = self.offers.first().map(|offer| offer.at);
        let rang = self.offers.iter().find_map(|offer| Some(millis(first?, offer.answered_at?)));
        let hold_ms = sum(&self.holds);
        CallFacts {
            direction: self.direction,
            typed: self.typed,
            arrived_at: self.arrived_at,
            queue: self.queue,
            agent: self.agents.first().copied(),
            line: self.line.clone(),
            service: self.service.clone(),
            result: self.result.unwrap_or_else(|| self.outcome()),
            queued: self.queue.is_some(),
            answered: self.answered_at.is_some(),
            wait_ms: sum(&self.waits),
            rang_ms: rang,
            talk_ms: (sum(&self.talks) - hold_ms).max(0),
            hold_ms,
            holds: u32::try_from(self.holds.len()).unwrap_or(u32::MAX),
            wrap_up_ms: self.works.iter().filter_map(|work| Some(millis(work.from, work.to?))).sum(),
            overflowed: self.overflowed,
            beyond_limit: self.beyond_limit,
            call_back_asked: self.call_back.is_some(),
            call_back_kept: None,
            transfers: u32::try_from(self.transfers.len()).unwrap_or(u32::MAX),
        }
    }
}

fn millis(from: Timestamp, to: Timestamp) -> i64 {
    (to.micros() - from.micros()).max(0) / 1_000
}

/// Ends the stretch that lasts.
pub(super) fn close(all: &mut [Stretch], now: Timestamp) {
    if let Some(last) = all.last_mut().filter(|last| last.to.is_none()) {
        last.to = Some(now);
    }
}

/// Begins a stretch, unless one lasts.
pub(super) fn open(all: &mut Vec<Stretch>, now: Timestamp) {
    if all.last().is_none_or(|last| last.to.is_some()) {
        all.push(Stretch { from: now, to: None });
    }
}
