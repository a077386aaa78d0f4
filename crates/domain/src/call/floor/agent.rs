//! What agents ask for, and what of theirs ends by itself.

use super::{Acting, Done, Floor, refused};
use crate::call::agent::{Agent, Ask, State as AgentState, asks};
use crate::call::record::{OfferEnd, State};
use crate::ids::PersonId;

impl<F: Floor> Acting<'_, F> {
    pub(super) fn asked(&mut self, person: PersonId, ask: Ask) -> Done<F> {
        let mut agent = self.floor.agent(person)?.unwrap_or_else(|| Agent::new(person, self.now));
        let before = agent.state.clone();
        let gone = ask == Ask::DeviceDown;
        asks(&mut agent, ask, self.now).map_err(refused)?;
        self.freed.push(person);
        let over = before != agent.state;
        self.keep_agent(agent)?;
        if over {
            self.wrapped(person, &before)?;
        }
        if let AgentState::Reserved { call, offer, .. } = before
            && gone
        {
            // the telephone that rings is gone: the next one is asked at once
            return self.offer_failed(call, offer, OfferEnd::Unreachable);
        }
        Ok(())
    }

    pub(super) fn agent_lapsed(&mut self, person: PersonId) -> Done<F> {
        let Some(mut agent) = self.floor.agent(person)? else { return Ok(()) };
        if agent.state.until().is_none_or(|until| until > self.now) {
            return Ok(());
        }
        let before = agent.state.clone();
        match before {
            AgentState::Reserved { call, offer, .. } => {
                let at_agent = self.floor.call(call)?.is_some_and(|call| {
                    matches!(call.state, State::Offering { agent, offer: now, .. } if agent == person && now == offer)
                });
                if at_agent {
                    return self.offer_failed(call, offer, OfferEnd::NoAnswer);
                }
                self.let_go(person, call, None)
            }
            AgentState::WrapUp { .. } => {
                agent.free(self.now);
                self.freed.push(person);
                self.keep_agent(agent)?;
                self.wrapped(person, &before)
            }
            _ => Ok(()),
        }
    }
}
