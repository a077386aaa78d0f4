//! Clocks, promises and answers: what meets and ends which limit.

use super::super::body::{PromiseMade, Reply};
use super::super::state::{Case, Promise, ReplyGiven};
use super::super::words::{Carrier, PromiseKind, ReplyKind};
use super::number;
use crate::clock::{Clock, ClockError, ClockKind};
use crate::ids::PersonId;
use crate::text::Sealed;
use crate::time::Timestamp;

impl Case {
    pub(super) fn start_clock(&mut self, clock: &Clock) {
        self.clocks.push(clock.clone());
        self.due_of_task(clock);
        if clock.kind == ClockKind::Promise {
            let waiting =
                self.promises.iter_mut().find(|promise| promise.clock.is_none() && promise.is_open());
            match waiting {
                Some(promise) => promise.clock = Some(clock.id),
                None => self.next_reply_clock = Some(clock.id),
            }
        }
    }

    pub(super) fn promised(&mut self, promise: &PromiseMade<Sealed>, at: Timestamp, by: Option<PersonId>) {
        self.promises.push(Promise {
            id: number(self.promises.len()),
            kind: promise.kind,
            text: promise.text.clone(),
            due: promise.due,
            by,
            made_at: at,
            kept_at: None,
            withdrawn_at: None,
            clock: None,
        });
    }

    pub(super) fn end_promise(&mut self, id: u32, at: Timestamp, kept: bool) {
        let Some(promise) = self.promises.iter_mut().find(|promise| promise.id == id) else { return };
        let slot = if kept { &mut promise.kept_at } else { &mut promise.withdrawn_at };
        *slot = Some(at);
        let Some(clock) = promise.clock else { return };
        self.with_clock(clock, |clock| if kept { clock.meet(at) } else { clock.cancel(at) });
    }

    /// which clocks an answer meets follows from its kind alone.
    pub(super) fn replied(&mut self, reply: &Reply<Sealed>, at: Timestamp) {
        self.replies.push(ReplyGiven {
            kind: reply.kind,
            carrier: reply.carrier,
            at,
            next: reply.next,
            text: Some(reply.text.clone()),
        });
        self.meet(ClockKind::Acknowledge, at);
        match reply.kind {
            ReplyKind::Acknowledge => {}
            ReplyKind::Progress => self.answered(at),
            ReplyKind::Measures | ReplyKind::Final => {
                self.answered(at);
                self.meet(ClockKind::Measures, at);
            }
        }
        if reply.kind == ReplyKind::Final {
            self.round.final_notice_at = Some(at);
            if matches!(reply.carrier, Carrier::Letter | Carrier::Email) {
                self.round.written_reply_at = Some(at);
            }
        }
    }

    /// A substantive answer keeps every feedback time that was promised.
    fn answered(&mut self, at: Timestamp) {
        self.meet(ClockKind::Reply, at);
        self.meet(ClockKind::Target, at);
        // who urged wanted the customer to hear
        self.meet(ClockKind::Urge, at);
        if let Some(clock) = self.next_reply_clock.take() {
            self.with_clock(clock, |clock| clock.meet(at));
        }
        let feedback = |promise: &&Promise| promise.kind == PromiseKind::Feedback && promise.is_open();
        let told: Vec<u32> = self.promises.iter().filter(feedback).map(|promise| promise.id).collect();
        told.into_iter().for_each(|id| self.end_promise(id, at, true));
    }

    pub(super) fn meet(&mut self, kind: ClockKind, at: Timestamp) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.kind == kind) {
            tolerate(clock.meet(at));
        }
    }

    /// The end of execution counts once it is verified, else the check itself.
    pub(super) fn resolved(&mut self, at: Timestamp) {
        let ended = self.round.executed_at.unwrap_or(at);
        for clock in self.clocks.iter_mut().filter(|clock| clock.kind == ClockKind::Resolve) {
            tolerate(clock.meet(ended).or_else(|_| clock.meet(at)));
        }
    }

    pub(super) fn cancel(&mut self, kind: ClockKind, at: Timestamp) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.kind == kind) {
            tolerate(clock.cancel(at));
        }
    }

    pub(in crate::case) fn with_clock(
        &mut self,
        id: u32,
        change: impl FnOnce(&mut Clock) -> Result<(), ClockError>,
    ) {
        if let Some(clock) = self.clocks.iter_mut().find(|clock| clock.id == id) {
            tolerate(change(clock));
        }
    }
}

/// A clock that is closed already stays as it was: history is not refused.
const fn tolerate(_: Result<(), ClockError>) {}
