//! What an agent does with a call: hold, consult, put through, end.

use super::{Acting, By, Done, Effect, Floor, Target, refused};
use crate::call::agent::{Agent, State as AgentState};
use crate::call::facts::{CallDirection, CallResult};
use crate::call::record::{Call, OfferEnd, SILENCE, State, Transfer, Work, close, open};
use crate::ids::{CallId, PersonId};
use crate::time::Timestamp;

/// Seconds of wrap-up where no queue says otherwise.
const WRAP_UP: u32 = 30;

impl<F: Floor> Acting<'_, F> {
    pub(super) fn held(&mut self, id: CallId) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let State::Talking { agent, until } = call.state else { return Ok(()) };
        call.state = State::Held { agent, until };
        open(&mut call.holds, self.now);
        self.keep(call)
    }

    pub(super) fn resumed(&mut self, id: CallId) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let State::Held { agent, until } = call.state else { return Ok(()) };
        call.state = State::Talking { agent, until };
        close(&mut call.holds, self.now);
        self.keep(call)
    }

    pub(super) fn consulting(&mut self, id: CallId, with: String) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let (State::Talking { agent, until } | State::Held { agent, until }) = call.state else {
            return Err(refused("call_not_connected"));
        };
        call.state = State::Consulting { agent, with, until };
        open(&mut call.holds, self.now);
        self.keep(call)
    }

    pub(super) fn back(&mut self, id: CallId) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let (State::Consulting { agent, until, .. } | State::Conference { agent, until, .. }) = call.state
        else {
            return Ok(());
        };
        call.state = State::Talking { agent, until };
        close(&mut call.holds, self.now);
        self.keep(call)
    }

    pub(super) fn joined(&mut self, id: CallId) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let State::Consulting { agent, with, until } = call.state.clone() else { return Ok(()) };
        call.state = State::Conference { agent, with, until };
        close(&mut call.holds, self.now);
        self.keep(call)
    }

    /// TEL-23: put through, warm or not; the agent goes on to the wrap-up.
    pub(super) fn transferred(&mut self, id: CallId, to: Target, warm: bool) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let connected = matches!(
            call.state,
            State::Talking { .. } | State::Held { .. } | State::Consulting { .. } | State::Conference { .. }
        );
        let Some(agent) = call.state.agent().filter(|_| connected) else {
            return Err(refused("call_not_connected"));
        };
        // nobody is put through to where nobody can answer: the agent keeps the call
        if let Target::Queue(queue) | Target::Agent(_, queue) = &to
            && self.floor.queue(*queue)?.is_none()
        {
            return Err(refused("unknown_queue"));
        }
        if let Target::Agent(person, _) = &to
            && self.floor.agent(*person)?.is_none_or(|agent| agent.state == AgentState::Offline)
        {
            return Err(refused("agent_offline"));
        }
        let written = match &to {
            Target::Queue(queue) => queue.to_string(),
            Target::Agent(person, _) => person.to_string(),
            Target::Number(number) => number.clone(),
        };
        call.transfers.push(Transfer { at: self.now, by: Some(agent), to: written, warm });
        self.stops_talking(&mut call);
        self.wraps_up(agent, &mut call)?;
        self.effects.push(Effect::Drop(id, agent));
        // what the menu wanted is over with it
        call.wishes.longest = None;
        match to {
            Target::Number(number) => {
                call.state = State::Outside { to: number.clone(), until: self.later(SILENCE) };
                self.effects.push(Effect::PutThrough(id, number));
                self.keep(call)
            }
            Target::Queue(queue) => {
                call.wishes.agent = None;
                self.enter(call, queue)
            }
            Target::Agent(person, queue) => {
                call.wishes.agent = Some(person);
                self.enter(call, queue)
            }
        }
    }

    /// Another agent has the call from now on: a supervisor, or who was asked before.
    pub(super) fn taken_over(&mut self, id: CallId, by: PersonId) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let (State::Talking { agent, .. }
        | State::Held { agent, .. }
        | State::Consulting { agent, .. }
        | State::Conference { agent, .. }) = call.state
        else {
            return Err(refused("call_not_connected"));
        };
        if agent == by {
            return Ok(());
        }
        let there = |taker: &Agent| taker.device && taker.state != AgentState::Offline;
        let Some(mut taker) = self.floor.agent(by)?.filter(there) else {
            return Err(refused("agent_offline"));
        };
        if taker.state.call().is_some() {
            return Err(refused("agent_busy"));
        }
        if let AgentState::NotReady { reason } = &taker.state {
            taker.then = Some(reason.clone());
        }
        close(&mut call.holds, self.now);
        call.transfers.push(Transfer { at: self.now, by: Some(agent), to: by.to_string(), warm: true });
        self.wraps_up(agent, &mut call)?;
        self.effects.push(Effect::Drop(id, agent));
        taker.becomes(AgentState::Talking { call: id }, self.now);
        taker.calls += 1;
        self.keep_agent(taker)?;
        self.speaks(&mut call, by);
        self.effects.push(Effect::Connect(id, by));
        self.keep(call)
    }

    pub(super) fn hung_up(&mut self, id: CallId, by: By) -> Done<F> {
        self.ends(id, by, None)
    }

    /// Ends a call and frees who has it; the result is what its life tells unless said.
    pub(super) fn ends(&mut self, id: CallId, by: By, result: Option<CallResult>) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        if let State::Offering { agent, offer, .. } = call.state {
            if let Some(last) = call.offers.last_mut() {
                last.ended = Some((self.now, OfferEnd::Gone));
            }
            self.effects.push(Effect::Withdraw(id, agent, offer));
            self.end_of(&mut call, by, result);
            self.frees_colleague(&call)?;
            self.keep(call)?;
            self.effects.push(Effect::Release(id));
            return self.let_go(agent, id, Some(OfferEnd::Gone));
        }
        let agent = call.state.agent();
        self.end_of(&mut call, by, result);
        if let Some(agent) = agent {
            self.wraps_up(agent, &mut call)?;
        }
        self.effects.push(Effect::Release(id));
        self.frees_colleague(&call)?;
        self.keep(call)
    }

    /// Ends a call with the result that its life tells.
    fn end_of(&mut self, call: &mut Call, by: By, result: Option<CallResult>) {
        let told = match &call.state {
            State::Voicemail { .. } => CallResult::Voicemail,
            State::Outside { .. } if call.answered_at.is_some() => CallResult::Transferred,
            State::Menu { .. }
                if call.overflowed && call.answered_at.is_none() && call.call_back.is_none() =>
            {
                CallResult::Overflowed
            }
            _ => call.outcome(),
        };
        self.end(call, by, result.unwrap_or(told));
    }

    /// Ends a call now: every stretch that lasts ends with it.
    pub(super) fn end(&mut self, call: &mut Call, by: By, result: CallResult) {
        self.end_at(call, (by, result), self.now);
    }

    /// The same at an earlier time: when it was last heard of.
    pub(super) fn end_at(&mut self, call: &mut Call, (by, result): (By, CallResult), at: Timestamp) {
        for stretches in [&mut call.holds, &mut call.talks, &mut call.waits] {
            close(stretches, at);
        }
        call.state = State::Ended;
        call.ended_at = Some(at);
        call.ended_by = Some(by.as_str().to_owned());
        call.result = Some(result);
    }

    pub(super) fn stops_talking(&mut self, call: &mut Call) {
        close(&mut call.holds, self.now);
        close(&mut call.talks, self.now);
    }

    /// Lets the agent of a call write down what a customer said, if one said anything.
    fn wraps_up(&mut self, person: PersonId, call: &mut Call) -> Done<F> {
        let Some(mut agent) = self.floor.agent(person)? else { return Ok(()) };
        if agent.state != (AgentState::Talking { call: call.id }) {
            return Ok(());
        }
        let said = call.answered_at.is_some() && call.direction != CallDirection::Internal;
        if !said {
            agent.free(self.now);
            self.freed.push(person);
            return self.keep_agent(agent);
        }
        let seconds = match call.queue {
            Some(queue) => self.floor.queue(queue)?.map_or(WRAP_UP, |queue| queue.wrap_up),
            None => WRAP_UP,
        };
        call.works.push(Work { agent: person, from: self.now, to: (seconds == 0).then_some(self.now) });
        if seconds == 0 {
            agent.free(self.now);
            self.freed.push(person);
            return self.keep_agent(agent);
        }
        agent.becomes(AgentState::WrapUp { call: call.id, until: self.later(seconds) }, self.now);
        self.keep_agent(agent)
    }
}
