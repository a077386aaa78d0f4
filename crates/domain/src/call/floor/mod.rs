//! The floor of a call centre: calls, queues and agents together.
//!
//! [`happen`] takes one thing that happened, changes what it concerns and says what is
//! to be done outside. It is the same over the memory of the simulation and over the
//! database; whoever stores does it in one transaction.
//!
//! *Invariants*: an agent is bound to at most one call, and that call to the agent; every
//! passing state has a lease in the index of leases; effects may be lost, because a lease
//! stands behind each; what comes late or twice changes nothing.

mod agent;
mod call;
mod happening;
mod inside;
mod line;
mod talk;
#[cfg(test)]
mod tests;

pub use happening::{By, Effect, Happening, Lease, Target, Typed};

use super::agent::Agent;
use super::queue::{Queue, Waiting};
use super::record::{Call, SILENCE};
use crate::ids::{CallId, PersonId, QueueId};
use crate::time::Timestamp;

/// Why something is refused that a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub &'static str);

/// What went wrong.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble<E> {
    /// A rule forbids it.
    Refused(Refusal),
    /// The store failed.
    Store(E),
}

impl<E> From<E> for Trouble<E> {
    fn from(error: E) -> Self {
        Self::Store(error)
    }
}

/// Where calls, agents and queues of one organisation are kept.
pub trait Floor {
    /// Why it fails.
    type Error;

    /// Gives a call, to change it.
    ///
    /// # Errors
    /// When it cannot be read.
    fn call(&mut self, id: CallId) -> Result<Option<Call>, Self::Error>;

    /// Gives an agent, to change them; nobody known is offline.
    ///
    /// # Errors
    /// When it cannot be read.
    fn agent(&mut self, id: PersonId) -> Result<Option<Agent>, Self::Error>;

    /// Gives a queue.
    ///
    /// # Errors
    /// When it cannot be read.
    fn queue(&mut self, id: QueueId) -> Result<Option<Queue>, Self::Error>;

    /// Gives the calls that wait in a queue and are at nobody.
    ///
    /// # Errors
    /// When they cannot be read.
    fn waiting(&mut self, queue: QueueId) -> Result<Vec<Waiting>, Self::Error>;

    /// Gives the agents who serve a queue and are signed in.
    ///
    /// # Errors
    /// When they cannot be read.
    fn staff(&mut self, queue: QueueId) -> Result<Vec<Agent>, Self::Error>;

    /// Gives the queues that an agent serves.
    ///
    /// # Errors
    /// When they cannot be read.
    fn served(&mut self, agent: PersonId) -> Result<Vec<QueueId>, Self::Error>;

    /// Counts incoming calls that are there.
    ///
    /// # Errors
    /// When they cannot be read.
    fn live(&mut self) -> Result<u32, Self::Error>;

    /// Gives the calls of a process that are not over.
    ///
    /// # Errors
    /// When they cannot be read.
    fn of_node(&mut self, node: &str) -> Result<Vec<CallId>, Self::Error>;

    /// Gives until when a call was recorded, where it was.
    ///
    /// # Errors
    /// When it cannot be read.
    fn recorded_until(&mut self, call: CallId) -> Result<Option<Timestamp>, Self::Error>;

    /// Keeps a call.
    ///
    /// # Errors
    /// When it cannot be written.
    fn keep_call(&mut self, call: &Call) -> Result<(), Self::Error>;

    /// Keeps an agent.
    ///
    /// # Errors
    /// When it cannot be written.
    fn keep_agent(&mut self, agent: &Agent) -> Result<(), Self::Error>;
}

/// Takes what happened and says what is to be done.
///
/// What comes late, twice or about nothing known changes nothing.
///
/// # Errors
/// [`Trouble::Refused`] where a person asked for what cannot be; what the store gives.
pub fn happen<F: Floor>(
    floor: &mut F,
    happening: Happening,
    now: Timestamp,
) -> Result<Vec<Effect>, Trouble<F::Error>> {
    let mut acting = Acting { floor, now, effects: Vec::new(), freed: Vec::new() };
    acting.take(happening)?;
    // only once everything stands as it is now: nobody is given two calls
    while let Some(person) = acting.freed.pop() {
        acting.looks_for_work(person)?;
    }
    Ok(acting.effects)
}

type Done<F> = Result<(), Trouble<<F as Floor>::Error>>;

/// One happening under way.
struct Acting<'a, F: Floor> {
    floor: &'a mut F,
    now: Timestamp,
    effects: Vec<Effect>,
    /// Agents who may have become free.
    freed: Vec<PersonId>,
}

impl<F: Floor> Acting<'_, F> {
    fn take(&mut self, happening: Happening) -> Done<F> {
        match happening {
            Happening::Arrived { .. } => self.arrived(happening),
            Happening::Stepped(call, steps) => self.stepped(call, steps),
            Happening::Queued(call, queue, wishes) => self.queued(call, queue, wishes),
            Happening::Answered(call, offer) => self.answered(call, offer),
            Happening::OfferFailed(call, offer, why) => self.offer_failed(call, offer, why),
            Happening::HungUp(call, by) => self.hung_up(call, by),
            Happening::Held(call) => self.held(call),
            Happening::Resumed(call) => self.resumed(call),
            Happening::Consulting(call, with) => self.consulting(call, with),
            Happening::Back(call) => self.back(call),
            Happening::Joined(call) => self.joined(call),
            Happening::Transferred(call, to, warm) => self.transferred(call, to, warm),
            Happening::TakenOver(call, by) => self.taken_over(call, by),
            Happening::Led(call, to) => self.led(call, to),
            Happening::Returned(call) => self.returned(call),
            Happening::Voicemail(call, longest) => self.voicemail(call, longest),
            Happening::CallBackAsked(call, number) => self.change(call, |call| call.call_back = Some(number)),
            Happening::Dialled { .. } => self.dialled(happening),
            Happening::DialAnswered(call) => self.dial_answered(call),
            Happening::DialFailed(call, why) => self.dial_failed(call, why),
            Happening::Broken(call) => self.broken(call),
            Happening::Alive(call) => self.change(call, |_| ()),
            Happening::Typed(typed) => self.typed(*typed),
            Happening::Recorded(call, recording) => self.change(call, |call| {
                if !call.recordings.contains(&recording) {
                    call.recordings.push(recording);
                }
            }),
            Happening::RecordingRefused(call) => {
                let now = self.now;
                self.change(call, |call| call.recording_refused_at = call.recording_refused_at.or(Some(now)))
            }
            Happening::Linked(call, party, case) => self.linked(call, party, case),
            Happening::WrittenUp(call, by, code) => self.written_up(call, by, code),
            Happening::Agent(person, ask) => self.asked(person, ask),
            Happening::NodeLost(node) => self.node_lost(&node),
            Happening::Lapsed(Lease::Call(call)) => self.call_lapsed(call),
            Happening::Lapsed(Lease::Agent(person)) => self.agent_lapsed(person),
        }
    }

    /// A moment so many seconds from now.
    fn later(&self, seconds: u32) -> Timestamp {
        Timestamp::from_micros(self.now.micros() + i64::from(seconds) * 1_000_000)
    }

    /// A call that is not over.
    fn open(&mut self, id: CallId) -> Result<Option<Call>, Trouble<F::Error>> {
        Ok(self.floor.call(id)?.filter(|call| !call.is_over()))
    }

    fn keep(&mut self, mut call: Call) -> Done<F> {
        call.version += 1;
        if !call.is_over() {
            call.heard_at = Some(self.now);
        }
        call.state.renew(self.later(SILENCE));
        Ok(self.floor.keep_call(&call)?)
    }

    fn keep_agent(&mut self, mut agent: Agent) -> Done<F> {
        agent.version += 1;
        Ok(self.floor.keep_agent(&agent)?)
    }

    /// Notes something on a call that is not over.
    fn change(&mut self, id: CallId, note: impl FnOnce(&mut Call)) -> Done<F> {
        let Some(mut call) = self.open(id)? else { return Ok(()) };
        note(&mut call);
        self.keep(call)
    }
}

fn refused<E>(code: &'static str) -> Trouble<E> {
    Trouble::Refused(Refusal(code))
}
