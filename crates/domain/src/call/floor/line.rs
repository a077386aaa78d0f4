//! Calls that agents make, messages that callers leave, processes that die.

use super::call::IN_MENU;
use super::{Acting, By, Done, Effect, Floor, Happening, Typed, refused};
use crate::call::agent::State as AgentState;
use crate::call::facts::{CallDirection, CallResult};
use crate::call::record::{Call, OfferEnd, SILENCE, State, Stretch, Transfer};
use crate::ids::{CallId, PersonId};

/// Seconds that a customer's telephone rings at most.
const DIALLING: u32 = 90;

/// Seconds beyond its length after which a message ends by itself.
const GRACE: u32 = 30;

impl<F: Floor> Acting<'_, F> {
    pub(super) fn dialled(&mut self, happening: Happening) -> Done<F> {
        let Happening::Dialled { call: id, node, agent: person, number, party, direction, colleague } =
            happening
        else {
            return Ok(());
        };
        if self.floor.call(id)?.is_some() {
            return Ok(());
        }
        let Some(mut agent) = self.floor.agent(person)? else { return Err(refused("agent_offline")) };
        match agent.state {
            AgentState::Offline => return Err(refused("agent_offline")),
            AgentState::Reserved { .. } | AgentState::Talking { .. } => return Err(refused("agent_busy")),
            AgentState::NotReady { ref reason } => agent.then = Some(reason.clone()),
            AgentState::Ready | AgentState::WrapUp { .. } => {}
        }
        self.wrapped(person, &agent.state.clone())?;
        let mut call = Call::new(id, direction, number.clone(), self.now);
        (call.node, call.party) = (node, party);
        call.agents.push(person);
        call.state = State::Dialling { agent: person, until: self.later(DIALLING) };
        agent.becomes(AgentState::Talking { call: id }, self.now);
        self.keep_agent(agent)?;
        if let Some(colleague) = colleague.filter(|colleague| *colleague != person) {
            call.colleague = Some(colleague);
            self.rings_inside(&call, colleague)?;
        }
        self.effects.push(Effect::Dial(id, person, number));
        self.keep(call)
    }

    pub(super) fn dial_answered(&mut self, id: CallId) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let State::Dialling { agent: person, .. } = call.state else { return Ok(()) };
        if let Some(mut agent) = self.floor.agent(person)? {
            agent.calls += 1;
            self.keep_agent(agent)?;
        }
        self.speaks(&mut call, person);
        self.speaks_inside(&call)?;
        self.effects.push(Effect::Connect(id, person));
        self.keep(call)
    }

    /// Ends a call that nobody answered, with the reason that the line gave.
    pub(super) fn dial_failed(&mut self, id: CallId, why: OfferEnd) -> Done<F> {
        let result = match why {
            OfferEnd::NoAnswer | OfferEnd::Gone => CallResult::NoAnswer,
            OfferEnd::Busy | OfferEnd::Declined => CallResult::Busy,
            OfferEnd::Unreachable => CallResult::Failed,
        };
        let dialling = |call: &Call| matches!(call.state, State::Dialling { .. });
        if !self.open(id)?.is_some_and(|call| dialling(&call)) {
            return Ok(());
        }
        self.ends(id, By::System, Some(result))
    }

    /// TEL-30, CALL-5: ends a call whose line failed; a conversation stays one.
    pub(super) fn broken(&mut self, id: CallId) -> Done<F> {
        let Some(call) = self.open(id)? else { return Ok(()) };
        let unheard = call.answered_at.is_none() && !matches!(call.state, State::Voicemail { .. });
        self.ends(id, By::System, unheard.then_some(CallResult::Failed))
    }

    /// a call typed in where there was no line gives the same record.
    pub(super) fn typed(&mut self, typed: Typed) -> Done<F> {
        if self.floor.call(typed.call)?.is_some() {
            return Ok(());
        }
        let Typed { from, to, .. } = typed;
        if from > to || to > self.now {
            return Err(refused("call_times_unordered"));
        }
        let incoming = typed.direction == CallDirection::In;
        let ours = typed.line.clone().unwrap_or_default();
        let (caller, called) = match incoming {
            true => (typed.number, ours),
            false => (None, typed.number.unwrap_or_default()),
        };
        let mut call = Call::new(typed.call, typed.direction, called, from);
        call.typed = true;
        (call.caller, call.line, call.service) = (caller, typed.line, typed.service);
        (call.party, call.case) = (typed.party, typed.case);
        call.agents.push(typed.agent);
        let result = if typed.answered {
            call.answered_at = Some(from);
            call.talks.push(Stretch { from, to: Some(to) });
            CallResult::Answered
        } else {
            CallResult::NoAnswer
        };
        self.end(&mut call, By::Agent, result);
        call.ended_at = Some(to);
        self.keep(call)
    }

    pub(super) fn voicemail(&mut self, id: CallId, longest: u32) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        if !matches!(call.state, State::Menu { .. }) {
            return Ok(());
        }
        call.state = State::Voicemail { until: self.later(longest.saturating_add(GRACE)) };
        self.keep(call)
    }

    pub(super) fn led(&mut self, id: CallId, to: String) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        if !matches!(call.state, State::Menu { .. }) {
            return Ok(());
        }
        call.transfers.push(Transfer { at: self.now, by: None, to: to.clone(), warm: false });
        call.state = State::Outside { to: to.clone(), until: self.later(SILENCE) };
        self.effects.push(Effect::PutThrough(id, to));
        self.keep(call)
    }

    pub(super) fn returned(&mut self, id: CallId) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        if !matches!(call.state, State::Outside { .. }) {
            return Ok(());
        }
        // who talked with an agent before waits for one again
        if let Some(queue) = call.queue.filter(|_| call.answered_at.is_some()) {
            return self.enter(call, queue);
        }
        call.state = State::Menu { until: self.later(IN_MENU) };
        self.keep(call)
    }

    /// Ends every call of a process that is gone, when it was last heard of.
    ///
    /// Its agents are free again, and reachable once their telephones come back.
    pub(super) fn node_lost(&mut self, node: &str) -> Done<F> {
        for id in self.floor.of_node(node)? {
            let Some(mut call) = self.open(id)? else { continue };
            let bound = [call.state.agent(), call.colleague];
            let heard = call.heard_at.max(self.floor.recorded_until(id)?).unwrap_or(call.arrived_at);
            let heard = heard.min(self.now);
            if let Some(last) = call.offers.last_mut()
                && matches!(call.state, State::Offering { .. })
            {
                last.ended = Some((heard, OfferEnd::Gone));
            }
            self.end_at(&mut call, (By::System, CallResult::Lost), heard);
            call.ended_by = Some("restart".to_owned());
            self.keep(call)?;
            self.effects.push(Effect::Release(id));
            for person in bound.into_iter().flatten() {
                if let Some(mut agent) = self.floor.agent(person)?
                    && agent.state.call() == Some(id)
                {
                    agent.device = false;
                    agent.free(self.now);
                    self.keep_agent(agent)?;
                }
            }
        }
        Ok(())
    }
}

impl<F: Floor> Acting<'_, F> {
    /// Ends the stretch of work after a call, when its wrap-up ends.
    pub(super) fn wrapped(&mut self, person: PersonId, before: &AgentState) -> Done<F> {
        let AgentState::WrapUp { call, .. } = before else { return Ok(()) };
        let Some(mut call) = self.floor.call(*call)? else { return Ok(()) };
        let mine = call.works.iter_mut().rev().find(|work| work.agent == person && work.to.is_none());
        let Some(work) = mine else { return Ok(()) };
        work.to = Some(self.now);
        self.keep(call)
    }
}
