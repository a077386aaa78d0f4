//! Folding the history into the state; what happened is never refused here.
//!
//! *Where to start*: [`replay`] folds a whole history, [`Case::apply`] one
//! event; `done` holds what people did, `stage`, `clocks` and `work` what rules did.

mod clocks;
mod done;
mod remedy;
mod stage;
mod work;

use super::event::{
    Begun, ClockMoved, ClockRef, Event, Received, Recipient, Recorded, Ruled, TaskOpened, WorkTakenOver,
};
use super::kind::{Duty, Flag};
use super::stage::Stage;
use super::state::*;
use super::task::Task;
use crate::ids::{CaseId, PersonId};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Folds a whole history into the state; nothing when it does not begin well.
#[must_use]
pub fn replay<'a>(id: CaseId, history: impl IntoIterator<Item = &'a Recorded>) -> Option<Case> {
    let mut history = history.into_iter();
    let first = history.next()?;
    let mut case = Case::begin(id, first)?;
    for recorded in history {
        case.apply(recorded);
    }
    Some(case)
}

impl Case {
    /// Begins a case from its first event; nothing from any other event.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "names every field of the state once")]
    pub fn begin(id: CaseId, first: &Recorded) -> Option<Self> {
        let Event::Begun(Begun::Received(received)) = &first.event else { return None };
        let received: &Received = received;
        let mut doers = BTreeSet::from([(Duty::Owner, received.owner)]);
        doers.extend(received.receiver.map(|person| (Duty::Receiver, person)));
        let flags =
            [(received.anonymous, Flag::Anonymous), (received.no_usable_contact, Flag::NoUsableContact)];
        Some(Self {
            id,
            number: received.number.clone(),
            version: first.seq,
            decided_on: first.seq,
            kind: received.kind,
            channel: received.channel,
            source: received.source,
            unit: received.unit,
            department: None,
            pack: received.pack.clone(),
            stage: Stage::Received,
            closure: None,
            received_at: first.occurred_at,
            recorded_at: first.recorded_at,
            stage_since: first.occurred_at,
            changed_at: first.occurred_at,
            collected_at: received.collected_at,
            late: received.late,
            accepted_at: None,
            closed_at: None,
            receiver: received.receiver,
            owner: received.owner,
            hand_over: None,
            handler: None,
            taken_at: None,
            transfer: None,
            title: received.title.clone(),
            text: received.text.clone(),
            parties: received.parties.clone(),
            persons: received.persons,
            major: None,
            inclusion: None,
            flags: flags
                .into_iter()
                .filter(|(set, _)| *set)
                .map(|(_, flag)| (flag, first.occurred_at))
                .collect(),
            fields: received.fields.clone(),
            demand: None,
            category: received.category.clone(),
            final_category: None,
            cause: None,
            promises: Vec::new(),
            tasks: Vec::new(),
            clocks: received.clocks.clone(),
            slots: Vec::new(),
            forms: BTreeMap::new(),
            next_reply_clock: None,
            replies: Vec::new(),
            contacts: Vec::new(),
            escalation: Escalation::default(),
            told: BTreeSet::new(),
            doers,
            emotions: Vec::new(),
            relations: Vec::new(),
            counts: Counts::default(),
            before_close: None,
            external: received.external.clone(),
            correctives: Vec::new(),
            remedies: Vec::new(),
            settings: Vec::new(),
            levels: Vec::new(),
            threads: Vec::new(),
            attached: BTreeSet::new(),
            round: Round { number: 1, ..Round::default() },
            rounds: Vec::new(),
        })
    }

    /// Folds one more event into the state.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.version = recorded.seq;
        if recorded.event.is_decided_on() {
            self.decided_on = recorded.seq;
        }
        self.changed_at = recorded.occurred_at;
        let (at, by) = (recorded.occurred_at, recorded.by);
        match &recorded.event {
            Event::Begun(_) => {}
            Event::Done(done) => self.apply_done(done, at, by),
            Event::Ruled(ruled) => self.apply_ruled(ruled, at, by),
        }
    }

    fn apply_ruled(&mut self, ruled: &Ruled, at: Timestamp, by: Option<PersonId>) {
        match ruled {
            Ruled::StageChanged(change) => self.change_stage(change, at, by),
            Ruled::ClockStarted(clock) => self.start_clock(clock),
            Ruled::ClockWarned(ClockRef { clock }) => self.with_clock(*clock, |clock| clock.warned(at)),
            Ruled::ClockMissed(ClockRef { clock }) => self.with_clock(*clock, |clock| clock.fall_due(at)),
            Ruled::ClockPaused(paused) => {
                self.with_clock(paused.clock, |clock| clock.pause(at, paused.reason.clone()));
            }
            Ruled::ClockResumed(ClockMoved { clock }) | Ruled::ClockMoved(ClockMoved { clock }) => {
                self.clock_moved(clock);
            }
            Ruled::ClockCancelled(ClockRef { clock }) => {
                self.with_clock(*clock, |clock| clock.cancel(at));
                self.report_dropped(*clock);
            }
            Ruled::TaskOpened(task) => self.open_task(task, at),
            Ruled::Notified(notified) => {
                if let Recipient::Post(post) = notified.to {
                    self.told.insert(post);
                }
            }
            Ruled::PackRebound(pack) => self.pack = pack.clone(),
            Ruled::ApprovalRouted(routed) => {
                if let Some(last) = self.round.approvals.last_mut() {
                    last.decider = routed.decider;
                    last.steps.clone_from(&routed.steps);
                    last.sum_fen = routed.sum_fen;
                    last.expires_at = routed.expires_at;
                }
            }
            Ruled::WorkTakenOver(step) => self.take_over(*step),
            Ruled::Erased(_) => {}
            Ruled::MajorRaised(raised) => self.raised(raised, at),
            Ruled::ReportOwed(owed) => self.report_owed(owed.kind, owed.clock),
        }
    }

    /// Owner, handler, tasks and promises go on with somebody else.
    fn take_over(&mut self, step: WorkTakenOver) {
        let next = |person: &mut Option<PersonId>| {
            if *person == Some(step.from) {
                *person = Some(step.to);
            }
        };
        if self.owner == step.from {
            self.owner = step.to;
            self.doers.insert((Duty::Owner, step.to));
        }
        if self.handler == Some(step.from) {
            self.doers.insert((Duty::Handler, step.to));
        }
        next(&mut self.handler);
        self.tasks.iter_mut().filter(|task| task.is_open()).for_each(|task| next(&mut task.person));
        let open = self.promises.iter_mut().filter(|promise| promise.is_open());
        open.for_each(|promise| next(&mut promise.by));
        let open = self.clocks.iter_mut().filter(|clock| clock.is_open());
        open.for_each(|clock| next(&mut clock.asked_by));
        for offer in [&mut self.hand_over, &mut self.transfer].into_iter().flatten() {
            if offer.to == step.from {
                offer.to = step.to;
            }
        }
    }

    fn open_task(&mut self, task: &TaskOpened, at: Timestamp) {
        self.tasks.push(Task {
            id: number(self.tasks.len()),
            kind: task.kind,
            title: task.title.clone(),
            person: task.person,
            post: task.person.is_none().then_some(task.post),
            due: task.due,
            blocking: task.blocking,
            given_at: at,
            ended_at: None,
            done: false,
            unit: task.unit,
            accepted_at: None,
            word: None,
        });
    }
}

/// Gives the number of the next entry of a list that counts from 1.
pub(super) fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX).saturating_add(1)
}
