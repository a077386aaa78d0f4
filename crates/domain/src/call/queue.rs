//! Queues (队列): who comes next, and who gets the call.

use super::agent::Agent;
use crate::ids::{CallId, PersonId, QueueId};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use utoipa::ToSchema;

wire_enum! {
    /// Which of the agents who fit gets the call.
    Strategy {
        /// 最长空闲: who waits longest for work.
        LongestIdle = "longest_idle",
        /// 最少接听: who had the fewest calls since signing in.
        LeastCalls = "least_calls",
        /// 轮流: one after the other.
        RoundRobin = "round_robin",
    }
}

/// Where a queue leads a call that nobody can take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// 转其他队列.
    Queue(QueueId),
    /// 转外部号码.
    Number(String),
    /// 语音留言.
    Voicemail,
    /// 结束: says that nobody can be had, and ends.
    Release,
}

/// How a queue works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QueueSettings)]
pub struct Queue {
    /// Which one.
    pub id: QueueId,
    /// The name by which menus lead there.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Who gets the call.
    pub strategy: Strategy,
    /// Seconds that a call rings at one agent (X-1, TEL-15).
    ///
    /// Three rings begin within 11 seconds.
    #[schema(minimum = 5, maximum = 120)]
    pub ring: u32,
    /// Seconds of wrap-up.
    #[schema(minimum = 0, maximum = 3600)]
    pub wrap_up: u32,
    /// Seconds of waiting that one step of priority is worth.
    #[schema(minimum = 1, maximum = 3600)]
    pub step: u32,
    /// Seconds after which the skills that were wished are asked for no longer.
    #[schema(minimum = 0, maximum = 3600)]
    pub relax: u32,
    /// Seconds after which a call is led on.
    #[schema(minimum = 10, maximum = 7200)]
    pub longest: u32,
    /// Calls that may wait; more are led on at once.
    #[schema(minimum = 1, maximum = 10000)]
    pub most: u32,
    /// Where they are led.
    pub overflow: Overflow,
    /// True when calls are led on at once while nobody who is signed in can be reached.
    pub closed_when_empty: bool,
}

impl Queue {
    /// Makes a queue with usual settings: 15 s of ringing, 30 s of wrap-up, ten minutes
    /// of waiting at most, then a message.
    #[must_use]
    pub const fn new(id: QueueId, code: String, name: String) -> Self {
        Self {
            id,
            code,
            name,
            strategy: Strategy::LongestIdle,
            ring: 15,
            wrap_up: 30,
            step: 120,
            relax: 60,
            longest: 600,
            most: 200,
            overflow: Overflow::Voicemail,
            closed_when_empty: false,
        }
    }
}

/// What a call asks of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// Skills with the least level of each (TEL-32).
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// Higher ones come first: the customer's level.
    #[serde(default)]
    pub priority: u32,
    /// True when the customer is angry: first of all (SKILL-6).
    ///
    /// The most able agent gets the call, and no other beside it.
    #[serde(default)]
    pub angry: bool,
    /// The agent who is asked first when free.
    #[serde(default)]
    pub agent: Option<PersonId>,
    /// Seconds after which the menu wants it led on; the queue's own may be less.
    #[serde(default)]
    pub longest: Option<u32>,
}

/// A call that waits, as the order needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub call: CallId,
    /// Since when.
    pub since: Timestamp,
    /// What it asks for.
    pub wishes: Wishes,
    /// Agents who let it ring in this queue.
    pub passed: Vec<PersonId>,
}

impl Waiting {
    /// Gives its place: angry first, then by waiting with priority as a head start, so
    /// that everybody's turn comes.
    fn place(&self, queue: &Queue) -> (Reverse<bool>, i64, CallId) {
        let start = i64::from(self.wishes.priority) * i64::from(queue.step) * 1_000_000;
        (Reverse(self.wishes.angry), self.since.micros() - start, self.call)
    }

    fn waited(&self, now: Timestamp) -> i64 {
        (now.micros() - self.since.micros()) / 1_000_000
    }
}

/// Puts waiting calls in their order.
pub fn ordered(queue: &Queue, waiting: &mut [Waiting]) {
    waiting.sort_by_key(|call| call.place(queue));
}

/// Picks the agent for a call among those who are free; nothing when none fits.
///
/// Whoever let it ring is asked again only when nobody else is free.
#[must_use]
pub fn pick<'a>(queue: &Queue, call: &Waiting, free: &'a [Agent], now: Timestamp) -> Option<&'a Agent> {
    let relaxed = call.waited(now) >= i64::from(queue.relax);
    let nothing = BTreeMap::new();
    let wanted = if relaxed { &nothing } else { &call.wishes.skills };
    let fitting = free.iter().filter(|agent| agent.is_free() && agent.fits(wanted).is_some());
    fitting.min_by_key(|agent| {
        let passed = call.passed.iter().filter(|person| **person == agent.person).count();
        let wished = call.wishes.agent != Some(agent.person);
        // an angry customer, and who asks for a skill, get whoever knows it best
        let able = agent.fits(&call.wishes.skills).unwrap_or(0);
        let all: u32 = agent.skills.values().map(|level| u32::from(*level)).sum();
        let able = if call.wishes.angry { Reverse((able, all)) } else { Reverse((able, 0)) };
        let turn = match queue.strategy {
            Strategy::LongestIdle => (agent.idle_since.micros(), 0),
            Strategy::LeastCalls => (i64::from(agent.calls), agent.idle_since.micros()),
            Strategy::RoundRobin => (agent.offered_at.map_or(i64::MIN, Timestamp::micros), 0),
        };
        (passed, wished, able, turn, agent.person)
    })
}
