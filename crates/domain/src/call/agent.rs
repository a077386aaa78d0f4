//! Agents (座席): what they do, and how each passing state ends by itself.
//!
//! *Invariants*: reserved and wrap-up have a lease; talking ends with its call; no
//! other state binds an agent to anything.

use crate::ids::{CallId, PersonId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Offers in a row that an agent may let ring before being taken off the queue.
pub const MOST_MISSED: u32 = 3;

/// Why an agent is not ready who let too many offers ring.
pub const MISSED: &str = "missed_calls";

/// What an agent does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
#[schema(as = AgentState)]
pub enum State {
    /// 未签入.
    Offline,
    /// 就绪: waits for a call.
    Ready,
    /// 示忙: at work on something else.
    NotReady {
        /// Why, such as `meal`.
        reason: String,
    },
    /// 振铃: a call is offered.
    Reserved {
        /// Which.
        call: CallId,
        /// Which offer of it.
        offer: u32,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// 通话中.
    Talking {
        /// With whom.
        call: CallId,
    },
    /// 话后处理: writes down what was said.
    WrapUp {
        /// After which call.
        call: CallId,
        /// When it ends by itself.
        until: Timestamp,
    },
}

impl State {
    /// Gives the name on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Ready => "ready",
            Self::NotReady { .. } => "not_ready",
            Self::Reserved { .. } => "reserved",
            Self::Talking { .. } => "talking",
            Self::WrapUp { .. } => "wrap_up",
        }
    }

    /// Gives the call that the agent is bound to.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::Reserved { call, .. } | Self::Talking { call } | Self::WrapUp { call, .. } => Some(*call),
            Self::Offline | Self::Ready | Self::NotReady { .. } => None,
        }
    }

    /// Gives when it ends by itself.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Reserved { until, .. } | Self::WrapUp { until, .. } => Some(*until),
            _ => None,
        }
    }
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// Who.
    pub person: PersonId,
    /// What they do.
    #[serde(flatten)]
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// Whether a telephone of theirs can ring.
    pub device: bool,
    /// Skills with their levels, 1 to 9; a dialect is one (TEL-32).
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// Not ready for this reason as soon as the call and its wrap-up are over.
    #[serde(default)]
    pub then: Option<String>,
    /// True when they sign out then.
    #[serde(default)]
    pub leaving: bool,
    /// Since when they wait for work, whatever call they were offered meanwhile.
    pub idle_since: Timestamp,
    /// When they were offered a call last; never is first (轮流).
    #[serde(default)]
    pub offered_at: Option<Timestamp>,
    /// Calls since they signed in.
    #[serde(default)]
    pub calls: u32,
    /// Offers in a row that nobody took.
    #[serde(default)]
    pub missed: u32,
    /// Counts up with every change.
    #[serde(default)]
    pub version: u64,
}

impl Agent {
    /// Makes an agent who is not there yet.
    #[must_use]
    pub const fn new(person: PersonId, now: Timestamp) -> Self {
        Self {
            person,
            state: State::Offline,
            since: now,
            device: false,
            skills: BTreeMap::new(),
            then: None,
            leaving: false,
            idle_since: now,
            offered_at: None,
            calls: 0,
            missed: 0,
            version: 0,
        }
    }

    /// Says whether a call can be offered now.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.state == State::Ready && self.device
    }

    /// Says whether the agent has every skill at the level wished, and how well.
    #[must_use]
    pub fn fits(&self, skills: &BTreeMap<String, u8>) -> Option<u32> {
        let level = |(skill, least): (&String, &u8)| self.skills.get(skill).filter(|level| *level >= least);
        skills.iter().map(|wish| level(wish).map(|level| u32::from(*level))).sum()
    }

    pub(super) fn becomes(&mut self, state: State, now: Timestamp) {
        if state == State::Ready
            && self.state != State::Ready
            && !matches!(self.state, State::Reserved { .. })
        {
            self.idle_since = now;
        }
        self.state = state;
        self.since = now;
    }

    /// Ends what bound the agent: ready, or what was asked for meanwhile.
    pub(super) fn free(&mut self, now: Timestamp) {
        let next = if self.leaving {
            State::Offline
        } else if let Some(reason) = self.then.take() {
            State::NotReady { reason }
        } else {
            State::Ready
        };
        self.leaving = false;
        self.then = None;
        self.becomes(next, now);
    }
}

/// What an agent asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// 签入.
    SignIn,
    /// 签出; after the call under way.
    SignOut,
    /// 就绪.
    Ready,
    /// 示忙, for a reason; after the call under way.
    NotReady(String),
    /// A telephone of theirs can ring.
    DeviceUp,
    /// No telephone of theirs can ring any more.
    DeviceDown,
    /// The wrap-up is done.
    WrapDone,
    /// The wrap-up takes so many seconds longer.
    Prolong(u32),
    /// The organisation says which skills they have.
    Skills(BTreeMap<String, u8>),
}

impl Ask {
    /// Gives its name, as the pages of the machines have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::Ready => "ready",
            Self::NotReady(_) => "not_ready",
            Self::DeviceUp => "device_up",
            Self::DeviceDown => "device_down",
            Self::WrapDone => "wrap_done",
            Self::Prolong(_) => "prolong",
            Self::Skills(_) => "skills",
        }
    }
}

/// A telephone is there; one that was gone ends what missed calls led to.
///
/// A break that the person chose stays one.
fn rings_again(agent: &mut Agent, now: Timestamp) {
    let was_there = std::mem::replace(&mut agent.device, true);
    if was_there {
        return;
    }
    agent.missed = 0;
    agent.then.take_if(|reason| reason == MISSED);
    if matches!(&agent.state, State::NotReady { reason } if reason == MISSED) {
        agent.becomes(State::Ready, now);
    }
}

/// Seconds by which a wrap-up is prolonged at most, each time.
pub const LONGEST_PROLONGATION: u32 = 600;

/// Lets an agent have what they ask for; the code of a refusal where not.
///
/// # Errors
/// `agent_offline` before signing in, `no_wrap_up` without one.
pub fn asks(agent: &mut Agent, ask: Ask, now: Timestamp) -> Result<(), &'static str> {
    let bound = agent.state.call().is_some();
    match ask {
        Ask::SignIn => {
            agent.leaving = false;
            if agent.state == State::Offline {
                (agent.calls, agent.missed) = (0, 0);
                agent.becomes(State::Ready, now);
            }
        }
        Ask::SignOut if bound => agent.leaving = true,
        Ask::SignOut => agent.becomes(State::Offline, now),
        Ask::DeviceUp => rings_again(agent, now),
        Ask::DeviceDown => agent.device = false,
        Ask::Skills(skills) => agent.skills = skills,
        Ask::Ready | Ask::NotReady(_) if agent.state == State::Offline => return Err("agent_offline"),
        // the newest word counts, whatever was asked for during the call
        Ask::Ready if matches!(agent.state, State::WrapUp { .. }) => {
            (agent.then, agent.missed) = (None, 0);
            agent.free(now);
        }
        Ask::Ready if bound => agent.then = None,
        Ask::Ready => {
            agent.missed = 0;
            agent.becomes(State::Ready, now);
        }
        Ask::NotReady(reason) if matches!(agent.state, State::WrapUp { .. }) => {
            agent.then = Some(reason);
            agent.free(now);
        }
        Ask::NotReady(reason) if bound => agent.then = Some(reason),
        Ask::NotReady(reason) => agent.becomes(State::NotReady { reason }, now),
        Ask::WrapDone if matches!(agent.state, State::WrapUp { .. }) => agent.free(now),
        Ask::WrapDone => return Err("no_wrap_up"),
        Ask::Prolong(seconds) => match &mut agent.state {
            State::WrapUp { until, .. } => {
                let seconds = i64::from(seconds.min(LONGEST_PROLONGATION));
                *until = Timestamp::from_micros(until.micros() + seconds * 1_000_000);
            }
            _ => return Err("no_wrap_up"),
        },
    }
    Ok(())
}
