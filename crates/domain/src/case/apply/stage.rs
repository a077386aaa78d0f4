//! What a change of stage does to the facts of the case.

use super::super::event::StageChanged;
use super::super::kind::Duty;
use super::super::stage::{ClosureKind, Stage};
use super::super::state::{Case, Round};
use crate::clock::{Clock, ClockKind};
use crate::ids::PersonId;
use crate::time::Timestamp;

impl Case {
    pub(super) fn change_stage(&mut self, change: &StageChanged, at: Timestamp, by: Option<PersonId>) {
        if change.from == Stage::Executing && matches!(change.to, Stage::Verifying | Stage::Visiting) {
            self.round.executed_at = Some(at);
            self.round.verified = None;
        }
        if change.from == Stage::Settling {
            self.end_week(change, at);
        }
        if change.new_round {
            let next = Round { number: self.round.number + 1, ..Round::default() };
            self.rounds.push(std::mem::replace(&mut self.round, next));
        }
        let opens = change.from == Stage::Closed && change.to != Stage::Closed;
        if opens || change.new_round {
            self.counts.reopened += 1;
            self.closed_at = None;
        }
        if change.to != Stage::Closed && change.to != Stage::Received {
            self.accepted_at.get_or_insert(at);
        }
        self.stage = change.to;
        self.stage_since = at;
        self.closure = change.closure;
        if change.to == Stage::Closed {
            self.close(change, at, by);
        }
    }

    /// PROP-64: the week ran out as it should, or lost its object.
    fn end_week(&mut self, change: &StageChanged, at: Timestamp) {
        if change.closure == Some(ClosureKind::ExemptElapsed) {
            self.meet(ClockKind::Settle, at);
        } else {
            self.cancel(ClockKind::Settle, at);
        }
    }

    /// Ends what runs: the clock resolve is met by a closure without execution.
    fn close(&mut self, change: &StageChanged, at: Timestamp, by: Option<PersonId>) {
        if change.from != Stage::Closed {
            self.before_close = Some(change.from);
        }
        self.closed_at = Some(at);
        self.doers.extend(by.map(|by| (Duty::Closer, by)));
        if change.closure == Some(ClosureKind::Satisfied) {
            self.resolved(at);
        } else if !change.closure.is_some_and(ClosureKind::is_final) {
            self.meet(ClockKind::Resolve, at);
        }
        let none_left = change.closure.is_some_and(ClosureKind::is_final);
        self.end_reminders(at, !none_left);
        let next_reply = self.next_reply_clock.take();
        // What was promised is still to be kept, what was given still to be done,
        // and whether it helped still to be looked at (PROP-95).
        let ends = |clock: &Clock| match clock.kind {
            ClockKind::Promise => next_reply == Some(clock.id),
            ClockKind::Task | ClockKind::EffectCheck => none_left,
            // what is owed to a leader outlives it too (PROP-82)
            _ => !self.owes(clock.id),
        };
        let running: Vec<u32> =
            self.clocks.iter().filter(|clock| ends(clock)).map(|clock| clock.id).collect();
        for id in running {
            self.with_clock(id, |clock| clock.cancel(at));
        }
    }
}
