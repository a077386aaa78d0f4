//! Calls between colleagues: both are busy meanwhile, and nobody writes up any.

use super::{Acting, Done, Floor};
use crate::call::agent::State as AgentState;
use crate::call::record::Call;
use crate::ids::PersonId;

impl<F: Floor> Acting<'_, F> {
    /// A colleague's telephone rings: no customer is offered to them meanwhile.
    pub(super) fn rings_inside(&mut self, call: &Call, colleague: PersonId) -> Done<F> {
        let Some(mut agent) = self.floor.agent(colleague)?.filter(|agent| agent.is_free()) else {
            return Ok(());
        };
        if let Some(until) = call.state.until() {
            agent.becomes(AgentState::Reserved { call: call.id, offer: 0, until }, self.now);
            self.keep_agent(agent)?;
        }
        Ok(())
    }

    /// The colleague answered: they talk, unless another call has them.
    pub(super) fn speaks_inside(&mut self, call: &Call) -> Done<F> {
        let Some(colleague) = call.colleague else { return Ok(()) };
        let Some(mut agent) = self.floor.agent(colleague)? else { return Ok(()) };
        match &agent.state {
            AgentState::Reserved { call: other, .. } if *other != call.id => return Ok(()),
            AgentState::Offline | AgentState::Talking { .. } => return Ok(()),
            AgentState::NotReady { reason } => agent.then = Some(reason.clone()),
            AgentState::WrapUp { .. } => self.wrapped(colleague, &agent.state.clone())?,
            AgentState::Reserved { .. } | AgentState::Ready => {}
        }
        agent.becomes(AgentState::Talking { call: call.id }, self.now);
        self.keep_agent(agent)
    }

    /// The call is over: the colleague is free again.
    pub(super) fn frees_colleague(&mut self, call: &Call) -> Done<F> {
        let Some(colleague) = call.colleague else { return Ok(()) };
        let Some(mut agent) = self.floor.agent(colleague)? else { return Ok(()) };
        let there = matches!(
            agent.state,
            AgentState::Talking { call: of } | AgentState::Reserved { call: of, .. } if of == call.id
        );
        if there {
            agent.free(self.now);
            self.freed.push(colleague);
            self.keep_agent(agent)?;
        }
        Ok(())
    }
}
