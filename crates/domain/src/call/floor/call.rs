//! A call from its arrival to the agent who answers it.

use super::{Acting, By, Done, Effect, Floor, Happening, Trouble, refused};
use crate::call::agent::{Agent, MISSED, MOST_MISSED, State as AgentState};
use crate::call::facts::{CallDirection, CallResult};
use crate::call::queue::{Overflow, Queue, Waiting, Wishes, ordered, pick};
use crate::call::record::{Call, Offer, OfferEnd, SILENCE, State, Transfer, WrapUp, close, open};
use crate::ids::{CallId, PersonId, QueueId};
use crate::menu::Step;
use crate::time::Timestamp;

/// Seconds that a caller may be in a menu.
pub(super) const IN_MENU: u32 = 1_200;

/// Seconds within which whoever leads a call on is heard of again.
const LED_ON: u32 = 180;

/// Calls beyond the lines that are led on, and a tenth of the lines besides.
const MOST_BEYOND: u32 = 5;

/// Seconds after which a waiting call is looked at again.
const LOOK: u32 = 30;

/// Seconds beyond its ring after which an offer ends whatever the telephone says.
const GRACE: u32 = 5;

impl<F: Floor> Acting<'_, F> {
    pub(super) fn arrived(&mut self, happening: Happening) -> Done<F> {
        let Happening::Arrived { call: id, node, caller, called, line, service, party, limit, queue } =
            happening
        else {
            return Ok(());
        };
        if self.floor.call(id)?.is_some() {
            return Ok(());
        }
        let there = match limit {
            Some(_) => self.floor.live()?,
            None => 0,
        };
        let mut call = Call::new(id, CallDirection::In, called, self.now);
        call.node = node;
        (call.caller, call.line, call.service, call.party) = (caller, line, service, party);
        call.state = State::Menu { until: self.later(IN_MENU) };
        if let Some(limit) = limit.filter(|limit| there >= *limit) {
            call.beyond_limit = true;
            return self.beyond(call, (there, limit), queue);
        }
        self.keep(call)
    }

    /// CALL-2: leads the call beyond the limit on, and counts it.
    ///
    /// It goes where its line's queue leads what it cannot take; a flood is refused.
    fn beyond(&mut self, mut call: Call, (there, limit): (u32, u32), queue: Option<QueueId>) -> Done<F> {
        if there >= limit.saturating_add(limit / 10 + MOST_BEYOND) {
            self.end(&mut call, By::System, CallResult::Rejected);
            self.effects.push(Effect::Refuse(call.id));
            return self.keep(call);
        }
        let queue = match queue {
            Some(queue) => self.floor.queue(queue)?,
            None => None,
        };
        call.overflowed = true;
        call.state = State::Menu { until: self.later(LED_ON) };
        let to = queue.map_or(Overflow::Voicemail, |queue| queue.overflow);
        self.effects.push(Effect::LeadOn(call.id, to));
        self.keep(call)
    }

    pub(super) fn stepped(&mut self, id: CallId, steps: Vec<Step>) -> Done<F> {
        let until = self.later(IN_MENU);
        self.change(id, |call| {
            for step in steps {
                // told twice is told once
                if !call.path.contains(&step) {
                    call.path.push(step);
                }
            }
            if let State::Menu { until: end } = &mut call.state {
                *end = until;
            }
        })
    }

    /// Until when a call waits before it is looked at again.
    fn waits_until(&self, call: &Call, queue: &Queue) -> Timestamp {
        longest(call, queue, self.now).min(self.later(LOOK))
    }

    pub(super) fn queued(&mut self, id: CallId, queue: QueueId, wishes: Wishes) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        if !matches!(call.state, State::Menu { .. }) {
            return Ok(());
        }
        call.wishes = wishes;
        self.enter(call, queue)
    }

    /// Puts a call into a queue, or leads it on where the queue does not take it.
    pub(super) fn enter(&mut self, mut call: Call, id: QueueId) -> Done<F> {
        let Some(queue) = self.floor.queue(id)? else {
            call.state = State::Menu { until: self.later(LED_ON) };
            self.effects.push(Effect::LeadOn(call.id, Overflow::Release));
            return self.keep(call);
        };
        call.queue = Some(id);
        call.fresh = call.offers.len();
        open(&mut call.waits, self.now);
        let full = self.floor.waiting(id)?.len() >= queue.most as usize;
        let empty = queue.closed_when_empty && !self.floor.staff(id)?.iter().any(|agent| agent.device);
        if full || empty {
            return self.lead_on(call, &queue);
        }
        call.state = State::Waiting { until: self.waits_until(&call, &queue) };
        self.effects.push(Effect::Entertain(call.id));
        self.keep(call)?;
        self.matched(&queue)
    }

    /// Leads a call on that waited too long or found no place.
    fn lead_on(&mut self, mut call: Call, queue: &Queue) -> Done<F> {
        call.overflowed = true;
        close(&mut call.waits, self.now);
        let id = call.id;
        if let Overflow::Queue(other) = queue.overflow
            && other != queue.id
            && call.transfers.iter().filter(|transfer| transfer.by.is_none()).count() < 3
        {
            call.transfers.push(Transfer { at: self.now, by: None, to: other.to_string(), warm: false });
            return self.enter(call, other);
        }
        call.state = State::Menu { until: self.later(LED_ON) };
        let to = if matches!(queue.overflow, Overflow::Queue(_)) {
            Overflow::Voicemail
        } else {
            queue.overflow.clone()
        };
        self.effects.push(Effect::LeadOn(id, to));
        self.keep(call)
    }

    /// Offers waiting calls to free agents until no pair is left.
    pub(super) fn matched(&mut self, queue: &Queue) -> Done<F> {
        let mut waiting = self.floor.waiting(queue.id)?;
        if waiting.is_empty() {
            return Ok(());
        }
        ordered(queue, &mut waiting);
        let mut free: Vec<Agent> = self.floor.staff(queue.id)?.into_iter().filter(Agent::is_free).collect();
        for mut one in waiting {
            let wished = self.wished(&one, &free)?;
            if free.is_empty() && wished.is_none() {
                continue;
            }
            let Some(call) = self.open(one.call)? else { continue };
            // who put it through is asked again only when nobody else is free
            one.passed.extend(call.agents.last().filter(|_| !call.transfers.is_empty()));
            let agent = match wished {
                Some(agent) => agent,
                None => match pick(queue, &one, &free, self.now) {
                    Some(agent) => agent.clone(),
                    None => continue,
                },
            };
            free.retain(|other| other.person != agent.person);
            self.offer(call, agent, queue.ring)?;
        }
        Ok(())
    }

    /// The free agent whom a call wishes, whether they serve the queue or not.
    fn wished(&mut self, one: &Waiting, free: &[Agent]) -> Result<Option<Agent>, Trouble<F::Error>> {
        let Some(person) = one.wishes.agent.filter(|person| !one.passed.contains(person)) else {
            return Ok(None);
        };
        if free.iter().any(|agent| agent.person == person) {
            return Ok(None);
        }
        Ok(self.floor.agent(person)?.filter(Agent::is_free))
    }

    fn offer(&mut self, mut call: Call, mut agent: Agent, ring: u32) -> Done<F> {
        let until = self.later(ring + GRACE);
        call.offers.push(Offer { agent: agent.person, at: self.now, answered_at: None, ended: None });
        let offer = u32::try_from(call.offers.len()).unwrap_or(u32::MAX);
        call.state = State::Offering { agent: agent.person, offer, until };
        agent.offered_at = Some(self.now);
        agent.becomes(AgentState::Reserved { call: call.id, offer, until }, self.now);
        self.effects.push(Effect::Ring {
            call: call.id,
            agent: agent.person,
            offer,
            until: self.later(ring),
        });
        self.keep_agent(agent)?;
        self.keep(call)
    }

    pub(super) fn answered(&mut self, id: CallId, number: u32) -> Done<F> {
        let Some(mut call) = self.floor.call(id)? else { return Ok(()) };
        let now = self.now;
        let State::Offering { agent: person, offer, .. } = call.state else {
            self.late(&call, number);
            return Ok(());
        };
        if offer != number {
            self.late(&call, number);
            return Ok(());
        }
        let Some(mut agent) = self.floor.agent(person)? else { return Ok(()) };
        if let Some(offer) = call.offers.last_mut() {
            offer.answered_at = Some(now);
        }
        agent.becomes(AgentState::Talking { call: id }, now);
        agent.calls += 1;
        agent.missed = 0;
        self.keep_agent(agent)?;
        close(&mut call.waits, now);
        self.speaks(&mut call, person);
        self.effects.push(Effect::Connect(id, person));
        self.keep(call)
    }

    /// Lets an agent speak in a call.
    pub(super) fn speaks(&mut self, call: &mut Call, person: PersonId) {
        call.answered_at.get_or_insert(self.now);
        if call.agents.last() != Some(&person) {
            call.agents.push(person);
        }
        open(&mut call.talks, self.now);
        call.state = State::Talking { agent: person, until: self.later(SILENCE) };
    }

    /// A telephone answered an offer that is over: its leg goes away.
    fn late(&mut self, call: &Call, number: u32) {
        let place = (number as usize).checked_sub(1);
        let offer = place.and_then(|place| call.offers.get(place));
        if let Some(offer) = offer.filter(|offer| offer.answered_at.is_none()) {
            self.effects.push(Effect::Withdraw(call.id, offer.agent, number));
        }
    }

    pub(super) fn offer_failed(&mut self, id: CallId, number: u32, why: OfferEnd) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        let State::Offering { agent: person, offer, .. } = call.state else { return Ok(()) };
        if offer != number {
            return Ok(());
        }
        if let Some(offer) = call.offers.last_mut() {
            offer.ended = Some((self.now, why));
        }
        self.effects.push(Effect::Withdraw(id, person, number));
        self.let_go(person, id, Some(why))?;
        let queue = match call.queue {
            Some(queue) => self.floor.queue(queue)?,
            None => None,
        };
        let Some(queue) = queue else {
            self.effects.push(Effect::LeadOn(id, Overflow::Release));
            call.state = State::Menu { until: self.later(LED_ON) };
            return self.keep(call);
        };
        call.state = State::Waiting { until: self.waits_until(&call, &queue) };
        self.keep(call)?;
        self.matched(&queue)
    }

    /// Frees an agent from an offer; who let too many ring is taken off the queue.
    pub(super) fn let_go(&mut self, person: PersonId, call: CallId, why: Option<OfferEnd>) -> Done<F> {
        let Some(mut agent) = self.floor.agent(person)? else { return Ok(()) };
        if !matches!(agent.state, AgentState::Reserved { call: of, .. } if of == call) {
            return Ok(());
        }
        match why {
            Some(OfferEnd::NoAnswer | OfferEnd::Declined | OfferEnd::Unreachable | OfferEnd::Busy) => {
                agent.missed += 1
            }
            Some(OfferEnd::Gone) | None => {}
        }
        if agent.missed >= MOST_MISSED {
            agent.missed = 0;
            agent.then.get_or_insert_with(|| MISSED.to_owned());
        }
        agent.free(self.now);
        self.freed.push(person);
        self.keep_agent(agent)
    }

    /// Looks for calls that wait where an agent serves, the first queue first.
    pub(super) fn looks_for_work(&mut self, person: PersonId) -> Done<F> {
        let free = |agent: Option<Agent>| agent.is_some_and(|agent| agent.is_free());
        if !free(self.floor.agent(person)?) {
            return Ok(());
        }
        for queue in self.floor.served(person)? {
            if !free(self.floor.agent(person)?) {
                return Ok(());
            }
            if let Some(queue) = self.floor.queue(queue)? {
                self.matched(&queue)?;
            }
        }
        Ok(())
    }

    pub(super) fn call_lapsed(&mut self, id: CallId) -> Done<F> {
        let Some(call) = self.open(id)? else { return Ok(()) };
        if call.state.until().is_none_or(|until| until > self.now) {
            return Ok(());
        }
        match call.state {
            State::Offering { offer, .. } => self.offer_failed(id, offer, OfferEnd::NoAnswer),
            State::Waiting { .. } => {
                let queue = match call.queue {
                    Some(queue) => self.floor.queue(queue)?,
                    None => None,
                };
                match queue {
                    Some(queue) if longest(&call, &queue, self.now) > self.now => {
                        let mut call = call;
                        call.state = State::Waiting { until: self.waits_until(&call, &queue) };
                        self.keep(call)?;
                        self.matched(&queue)
                    }
                    Some(queue) => self.lead_on(call, &queue),
                    None => self.hung_up(id, By::System),
                }
            }
            _ => self.hung_up(id, By::System),
        }
    }

    pub(super) fn linked(
        &mut self,
        id: CallId,
        party: Option<crate::ids::PartyId>,
        case: Option<crate::ids::CaseId>,
    ) -> Done<F> {
        let Some(mut call) = self.floor.call(id)? else { return Err(refused("unknown_call")) };
        call.party = party.or(call.party);
        call.case = case.or(call.case);
        self.keep(call)
    }

    pub(super) fn written_up(&mut self, id: CallId, by: PersonId, code: String) -> Done<F> {
        let Some(mut call) = self.floor.call(id)? else { return Err(refused("unknown_call")) };
        call.wrap_up = Some(WrapUp { code, by, at: self.now });
        self.keep(call)
    }
}

/// When a call has waited as long as its queue and its menu let it.
fn longest(call: &Call, queue: &Queue, now: Timestamp) -> Timestamp {
    let since = call.waits_since().unwrap_or(now);
    let seconds = call.wishes.longest.map_or(queue.longest, |longest| longest.min(queue.longest));
    Timestamp::from_micros(since.micros() + i64::from(seconds) * 1_000_000)
}
