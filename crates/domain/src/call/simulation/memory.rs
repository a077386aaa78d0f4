//! The floor in memory, with every transition counted.

use crate::call::agent::{Agent, State as AgentState};
use crate::call::facts::{CallDirection, CallResult};
use crate::call::floor::{Floor, Lease};
use crate::call::queue::{Queue, Waiting};
use crate::call::record::{Call, State};
use crate::ids::{CallId, PersonId, QueueId};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;

/// From one state to another, by their names.
pub type Transition = (&'static str, &'static str);

/// Calls, agents and queues in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    calls: HashMap<CallId, Call>,
    agents: BTreeMap<PersonId, Agent>,
    queues: BTreeMap<QueueId, Queue>,
    serving: BTreeMap<QueueId, BTreeSet<PersonId>>,
    waiting: BTreeMap<QueueId, BTreeSet<CallId>>,
    leases: BTreeSet<(Timestamp, Lease)>,
    live: BTreeSet<CallId>,
    incoming: u32,
    /// Transitions of calls, counted.
    pub of_calls: BTreeMap<Transition, u64>,
    /// Transitions of agents, counted.
    pub of_agents: BTreeMap<Transition, u64>,
    /// What brought each transition about, calls first.
    pub causes: BTreeSet<(bool, Transition, &'static str)>,
    /// What happens now.
    pub cause: &'static str,
    /// Results of calls that ended, counted.
    pub results: BTreeMap<CallResult, u64>,
}

impl Memory {
    /// Adds a queue with who serves it.
    pub fn with_queue(&mut self, queue: Queue, serving: impl IntoIterator<Item = PersonId>) {
        self.serving.insert(queue.id, serving.into_iter().collect());
        self.queues.insert(queue.id, queue);
    }

    /// Gives every agent.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.values()
    }

    /// Gives a call.
    #[must_use]
    pub fn get(&self, id: CallId) -> Option<&Call> {
        self.calls.get(&id)
    }

    /// Gives the calls that are not over.
    pub fn open(&self) -> impl Iterator<Item = &Call> {
        self.live.iter().filter_map(|id| self.calls.get(id))
    }

    /// Gives the leases that ran out.
    #[must_use]
    pub fn lapsed(&self, now: Timestamp, most: usize) -> Vec<Lease> {
        self.leases
            .iter()
            .take_while(|(until, _)| *until <= now)
            .take(most)
            .map(|(_, lease)| *lease)
            .collect()
    }

    /// Gives when the next lease ends.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.leases.first().map(|(until, _)| *until)
    }

    /// Gives every call that was not forgotten.
    #[must_use]
    pub fn rest(&self) -> Vec<Call> {
        self.calls.values().cloned().collect()
    }

    /// Forgets a call that is over.
    pub fn forget(&mut self, id: CallId) -> Option<Call> {
        let over = self.calls.get(&id).is_some_and(Call::is_over);
        if over { self.calls.remove(&id) } else { None }
    }

    /// Says what does not fit: an agent bound to a call that does not know them, or
    /// the other way round.
    #[must_use]
    pub fn contradiction(&self) -> Option<String> {
        for agent in self.agents.values() {
            let (AgentState::Reserved { call, .. } | AgentState::Talking { call }) = agent.state else {
                continue;
            };
            let of = |call: &Call| call.state.agent() == Some(agent.person) || call.binds(agent.person);
            if !self.calls.get(&call).is_some_and(of) {
                return Some(format!(
                    "{} is {} with {call}, which is elsewhere",
                    agent.person,
                    agent.state.as_str()
                ));
            }
        }
        self.open().find_map(|call| {
            let person = call.state.agent()?;
            let bound = self.agents.get(&person).and_then(|agent| agent.state.call());
            (bound != Some(call.id))
                .then(|| format!("{} is {} at {person}, who is elsewhere", call.id, call.state.as_str()))
        })
    }
}

impl Floor for Memory {
    type Error = Infallible;

    fn call(&mut self, id: CallId) -> Result<Option<Call>, Infallible> {
        Ok(self.calls.get(&id).cloned())
    }

    fn agent(&mut self, id: PersonId) -> Result<Option<Agent>, Infallible> {
        Ok(self.agents.get(&id).cloned())
    }

    fn queue(&mut self, id: QueueId) -> Result<Option<Queue>, Infallible> {
        Ok(self.queues.get(&id).cloned())
    }

    fn waiting(&mut self, queue: QueueId) -> Result<Vec<Waiting>, Infallible> {
        let ids = self.waiting.get(&queue).into_iter().flatten();
        Ok(ids.filter_map(|id| self.calls.get(id)).filter_map(waits).collect())
    }

    fn staff(&mut self, queue: QueueId) -> Result<Vec<Agent>, Infallible> {
        let all = self.serving.get(&queue).into_iter().flatten();
        let there = all
            .filter_map(|person| self.agents.get(person))
            .filter(|agent| agent.state != AgentState::Offline);
        Ok(there.cloned().collect())
    }

    fn served(&mut self, agent: PersonId) -> Result<Vec<QueueId>, Infallible> {
        Ok(self
            .serving
            .iter()
            .filter(|(_, people)| people.contains(&agent))
            .map(|(queue, _)| *queue)
            .collect())
    }

    fn live(&mut self) -> Result<u32, Infallible> {
        Ok(self.incoming)
    }

    fn of_node(&mut self, node: &str) -> Result<Vec<CallId>, Infallible> {
        Ok(self.open().filter(|call| call.node == node).map(|call| call.id).collect())
    }

    fn recorded_until(&mut self, _call: CallId) -> Result<Option<Timestamp>, Infallible> {
        Ok(None)
    }

    fn keep_call(&mut self, call: &Call) -> Result<(), Infallible> {
        let before = self.calls.insert(call.id, call.clone());
        let from = before.as_ref().map_or("", |before| before.state.as_str());
        if from != call.state.as_str() {
            let way = (from, call.state.as_str());
            *self.of_calls.entry(way).or_default() += 1;
            self.causes.insert((true, way, self.cause));
        }
        if let Some(until) = before.as_ref().and_then(|before| before.state.until()) {
            self.leases.remove(&(until, Lease::Call(call.id)));
        }
        if let Some(queue) = before.as_ref().and_then(|before| before.queue) {
            self.waiting.entry(queue).or_default().remove(&call.id);
        }
        if let Some(until) = call.state.until() {
            self.leases.insert((until, Lease::Call(call.id)));
        }
        if let (Some(queue), State::Waiting { .. }) = (call.queue, &call.state) {
            self.waiting.entry(queue).or_default().insert(call.id);
        }
        let counts = u32::from(call.direction == CallDirection::In);
        if call.is_over() {
            if self.live.remove(&call.id) {
                self.incoming -= counts;
            }
            if before.is_none_or(|before| !before.is_over())
                && let Some(result) = call.result
            {
                *self.results.entry(result).or_default() += 1;
            }
        } else if self.live.insert(call.id) {
            self.incoming += counts;
        }
        Ok(())
    }

    fn keep_agent(&mut self, agent: &Agent) -> Result<(), Infallible> {
        let before = self.agents.insert(agent.person, agent.clone());
        let from = before.as_ref().map_or("offline", |before| before.state.as_str());
        if from != agent.state.as_str() {
            let way = (from, agent.state.as_str());
            *self.of_agents.entry(way).or_default() += 1;
            self.causes.insert((false, way, self.cause));
        }
        if let Some(until) = before.and_then(|before| before.state.until()) {
            self.leases.remove(&(until, Lease::Agent(agent.person)));
        }
        if let Some(until) = agent.state.until() {
            self.leases.insert((until, Lease::Agent(agent.person)));
        }
        Ok(())
    }
}

/// Shows a call as its queue sees it; nothing when it does not wait.
#[must_use]
pub fn waits(call: &Call) -> Option<Waiting> {
    let State::Waiting { .. } = call.state else { return None };
    let passed = call.offers.get(call.fresh..).unwrap_or_default();
    Some(Waiting {
        call: call.id,
        since: call.waits_since()?,
        wishes: call.wishes.clone(),
        passed: passed.iter().map(|offer| offer.agent).collect(),
    })
}
