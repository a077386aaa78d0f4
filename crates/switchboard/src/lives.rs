//! Which calls live here, and which leg belongs to which.

use huiyin_domain::ids::{CallId, PersonId};
use huiyin_telephony::{LegId, Signal};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::Sender;

use crate::word::Word;

/// The calls of this process; each has a mailbox and takes one word at a time.
#[derive(Debug, Default)]
pub(crate) struct Lives(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    calls: HashMap<CallId, Sender<Word>>,
    legs: HashMap<LegId, CallId>,
    /// Legs that are offered but belong to no call yet, and how they ended meanwhile.
    arriving: HashMap<LegId, Option<Signal>>,
    /// In which call an agent talks.
    seats: HashMap<PersonId, CallId>,
    rooms: HashMap<u64, CallId>,
    /// The newest call that two people talk in, for the supervisor of a demo.
    talking: Vec<CallId>,
}

impl Lives {
    /// Enters a call with its mailbox.
    pub(crate) fn enter(&self, call: CallId, mailbox: Sender<Word>) {
        self.inside().calls.insert(call, mailbox);
    }

    /// Notes that a leg is offered; what becomes of it is kept until it has a call.
    pub(crate) fn arrives(&self, leg: LegId) {
        self.inside().arriving.insert(leg, None);
    }

    /// Notes that an offered leg will have no call; true when it is still there.
    pub(crate) fn settles(&self, leg: LegId) -> bool {
        self.inside().arriving.remove(&leg).flatten().is_none()
    }

    /// Notes that a leg belongs to a call, which hears how it ended meanwhile.
    pub(crate) fn bind(&self, leg: LegId, call: CallId) {
        let mut inside = self.inside();
        inside.legs.insert(leg, call);
        if let Some(ended) = inside.arriving.remove(&leg).flatten()
            && let Some(mailbox) = inside.calls.get(&call)
        {
            let _ = mailbox.try_send(Word::Signal(ended));
        }
    }

    /// Passes what a leg tells to its call; false when it has none and is not awaited.
    pub(crate) fn hears(&self, leg: LegId, signal: Signal) -> bool {
        let mut inside = self.inside();
        if let Some(call) = inside.legs.get(&leg) {
            if let Some(mailbox) = inside.calls.get(call) {
                let _ = mailbox.try_send(Word::Signal(signal));
            }
            return true;
        }
        match inside.arriving.get_mut(&leg) {
            Some(ended) => {
                if matches!(signal, Signal::Ended { .. }) {
                    *ended = Some(signal);
                }
                true
            }
            None => false,
        }
    }

    /// Notes that an agent talks in a call.
    pub(crate) fn sits(&self, agent: PersonId, call: CallId) {
        self.inside().seats.insert(agent, call);
    }

    /// Notes that an agent left a call.
    pub(crate) fn stands(&self, agent: PersonId, call: CallId) {
        let mut inside = self.inside();
        if inside.seats.get(&agent) == Some(&call) {
            inside.seats.remove(&agent);
        }
    }

    /// Gives the call in which an agent talks.
    pub(crate) fn of_agent(&self, agent: PersonId) -> Option<CallId> {
        self.inside().seats.get(&agent).copied()
    }

    /// Notes the room in which a call is heard.
    pub(crate) fn house(&self, room: u64, call: CallId) {
        self.inside().rooms.insert(room, call);
    }

    /// Gives the call of a room.
    pub(crate) fn in_room(&self, room: u64) -> Option<CallId> {
        self.inside().rooms.get(&room).copied()
    }

    /// Forgets a leg.
    pub(crate) fn release(&self, leg: LegId) {
        self.inside().legs.remove(&leg);
    }

    /// Forgets a call and every leg of it.
    pub(crate) fn leave(&self, call: CallId) {
        let mut inside = self.inside();
        inside.calls.remove(&call);
        inside.talking.retain(|known| *known != call);
        inside.legs.retain(|_, of| *of != call);
        inside.rooms.retain(|_, of| *of != call);
        inside.seats.retain(|_, of| *of != call);
    }

    /// Notes that two people talk now.
    pub(crate) fn talks(&self, call: CallId) {
        let mut inside = self.inside();
        inside.talking.retain(|known| *known != call);
        inside.talking.push(call);
    }

    /// Gives the newest call in which people talk.
    pub(crate) fn newest(&self) -> Option<CallId> {
        self.inside().talking.last().copied()
    }

    /// Says whether a call lives here.
    pub(crate) fn holds(&self, call: CallId) -> bool {
        self.inside().calls.contains_key(&call)
    }

    /// Tells a call something; false when it does not live here.
    pub(crate) fn tell(&self, call: CallId, word: Word) -> bool {
        self.inside().calls.get(&call).is_some_and(|mailbox| mailbox.try_send(word).is_ok())
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
