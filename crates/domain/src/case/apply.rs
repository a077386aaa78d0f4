//! Folding the history into the state; what happened is never refused here.

use super::body::*;
use super::command::Done;
use super::event::{
    Begun, ClockMoved, ClockRef, Event, Received, Recorded, Ruled, StageChanged, TaskKind, TaskOpened,
    WorkTakenOver,
};
use super::gate::HANDLING_RECORD;
use super::kind::{Duty, Flag};
use super::stage::{ClosureKind, Stage};
use super::state::*;
use super::words::*;
use crate::clock::{Clock, ClockKind};
use crate::ids::{CaseId, PersonId};
use crate::text::Sealed;
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
            changed_at: first.occurred_at,
            collected_at: received.collected_at,
            accepted_at: None,
            closed_at: None,
            receiver: received.receiver,
            owner: received.owner,
            hand_over: None,
            handler: None,
            transfer: None,
            title: received.title.clone(),
            text: received.text.clone(),
            parties: received.parties.clone(),
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
            relations: Vec::new(),
            counts: Counts::default(),
            before_close: None,
            external: received.external.clone(),
            round: Round { number: 1, ..Round::default() },
            rounds: Vec::new(),
        })
    }

    /// Folds one more event into the state.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.version = recorded.seq;
        self.changed_at = recorded.occurred_at;
        let (at, by) = (recorded.occurred_at, recorded.by);
        match &recorded.event {
            Event::Begun(_) => {}
            Event::Done(done) => self.apply_done(done, at, by),
            Event::Ruled(ruled) => self.apply_ruled(ruled, at, by),
        }
    }

    fn apply_done(&mut self, done: &Done, at: Timestamp, by: Option<PersonId>) {
        match done {
            Done::Note(_) | Done::Attach(_) | Done::Reopen(_) => {}
            Done::PauseClock(_) | Done::ResumeClock(_) => {}
            Done::Contact(contact) => self.contacted(contact, at),
            Done::SetFields(set) => self.set_fields(set),
            Done::StateDemand(demand) => self.demand = Some(demand.amount),
            Done::Classify(classified) => self.classify(classified),
            Done::Mark(marked) => {
                self.flags.entry(marked.flag).or_insert(at);
            }
            Done::Unmark(marked) => {
                self.flags.remove(&marked.flag);
            }
            Done::Promise(promise) => self.promised(promise, at, by),
            Done::KeepPromise(ended) => self.end_promise(ended.promise, at, true),
            Done::WithdrawPromise(ended) => self.end_promise(ended.promise, at, false),
            Done::ConfirmSlot(slot) => {
                let id = number(self.slots.len());
                self.slots.push(Slot { id, person: slot.person, from: slot.from, to: slot.to });
            }
            Done::Reply(reply) => self.replied(reply, at),
            Done::AddTask(task) => self.tasks.push(Task {
                id: number(self.tasks.len()),
                kind: TaskKind::General,
                title: Some(task.title.clone()),
                person: task.person,
                post: task.post,
                due: task.due,
                blocking: task.blocking,
                given_at: at,
                ended_at: None,
                done: false,
            }),
            Done::CompleteTask(ended) => self.end_task(ended.task, at, true),
            Done::CancelTask(ended) => self.end_task(ended.task, at, false),
            Done::FileForm(form) => self.file(&form.form, form.fields.clone(), false, at, by),
            Done::WaiveForm(form) => self.file(&form.form, BTreeMap::new(), true, at, by),
            Done::Escalate(escalated) => {
                let slot = match escalated.to {
                    EscalationLevel::DepartmentHead => &mut self.escalation.department_head_at,
                    EscalationLevel::Company => &mut self.escalation.company_at,
                    EscalationLevel::Group => &mut self.escalation.group_at,
                };
                slot.get_or_insert(at);
            }
            Done::Extend(_) => self.counts.extended += 1,
            Done::Urge(_) => self.counts.urged += 1,
            Done::Supervise(_) => self.counts.supervised += 1,
            Done::CorrectKind(corrected) => self.kind = corrected.kind,
            Done::CorrectUnit(corrected) => self.unit = corrected.unit,
            Done::CorrectParty(corrected) => {
                self.parties
                    .retain(|party| Some(party.party) != corrected.from && party.party != corrected.to);
                self.parties.push(super::event::CaseParty { party: corrected.to, role: corrected.role });
            }
            Done::Link(linked) => self.relations.push((linked.relation, linked.other, at)),
            other => self.apply_people(other, at, by),
        }
    }

    /// Ownership, work and the facts of the round.
    fn apply_people(&mut self, done: &Done, at: Timestamp, by: Option<PersonId>) {
        match done {
            Done::HandOver(offer) => {
                self.hand_over = Some(Offer { to: offer.to, by, at });
            }
            Done::AcceptHandOver(_) => {
                if let Some(offer) = self.hand_over.take() {
                    self.owner = offer.to;
                    self.doers.insert((Duty::Owner, offer.to));
                }
            }
            Done::DeclineHandOver(_) => self.hand_over = None,
            Done::Transfer(transfer) => {
                self.counts.transferred += 1;
                self.department = transfer.department.or(self.department);
                if by == Some(transfer.to) {
                    self.take_work(transfer.to);
                } else {
                    self.transfer = Some(Offer { to: transfer.to, by, at });
                }
            }
            Done::AcceptTransfer(_) => {
                if let Some(offer) = self.transfer {
                    self.take_work(offer.to);
                    self.meet(ClockKind::HandOver, at);
                }
            }
            Done::RejectTransfer(_) => {
                self.counts.rejected += 1;
                self.transfer = None;
            }
            Done::ReturnTransfer(_) => {
                self.counts.returned += 1;
                self.handler = None;
            }
            other => self.apply_round(other, at, by),
        }
    }

    fn apply_round(&mut self, done: &Done, at: Timestamp, by: Option<PersonId>) {
        let options = self.options_so_far();
        let approvals = self.approvals_so_far();
        let round = &mut self.round;
        match done {
            Done::RecordFinding(entry) => round.finding = Some(entry.text.clone()),
            Done::RecordGroupSolution(entry) => round.group_solution = Some(entry.text.clone()),
            Done::RecordOpinion(entry) => round.opinion = Some(entry.text.clone()),
            Done::StateBasis(basis) => round.basis = Some((basis.kind, basis.responsibility)),
            Done::RankExpectations(ranked) => round.expectations.clone_from(&ranked.items),
            Done::OfferOption(option) => round.options.push(OptionState {
                id: number(options),
                text: option.text.clone(),
                amount: option.amount,
                answer: None,
            }),
            Done::AnswerOption(answered) => {
                if let Some(option) = round.options.iter_mut().find(|option| option.id == answered.option) {
                    option.answer = Some(answered.answer);
                }
            }
            Done::RecordCustomerWord(word) => round.customer_word = Some((word.meaning, at)),
            Done::Exempt(exempted) => {
                round.exemption = Some((exempted.reason, at));
                self.meet(ClockKind::Visit, at);
            }
            Done::Verify(verified) => {
                round.verified = by.map(|by| (verified.clone(), by, at));
                self.doers.extend(by.map(|by| (Duty::Verifier, by)));
                if verified.in_order {
                    self.meet(ClockKind::Resolve, at);
                }
            }
            Done::Visit(visit) => self.visited(visit, at, by),
            Done::DecideApproval(decided) => {
                let found = round.approvals.iter_mut().find(|approval| approval.id == decided.approval);
                if let (Some(approval), Some(by)) = (found, by) {
                    approval.decision = Some((decided.decision, by, at));
                    self.doers.insert((Duty::Approver, by));
                }
            }
            Done::RequestApproval(asked) => round.approvals.push(Approval {
                id: number(approvals),
                of: asked.of,
                option: asked.option,
                content: approval_content(asked, &round.options),
                amount: asked.amount,
                asked_by: by,
                decider: crate::people::Post::Head,
                asked_at: at,
                decision: None,
            }),
            _ => {}
        }
    }

    fn apply_ruled(&mut self, ruled: &Ruled, at: Timestamp, by: Option<PersonId>) {
        match ruled {
            Ruled::StageChanged(change) => self.change_stage(change, at, by),
            Ruled::ClockStarted(clock) => self.start_clock(clock),
            Ruled::ClockWarned(ClockRef { clock }) => self.with_clock(*clock, |clock| drop(clock.warned(at))),
            Ruled::ClockMissed(ClockRef { clock }) => {
                self.with_clock(*clock, |clock| drop(clock.fall_due(at)))
            }
            Ruled::ClockPaused(paused) => {
                self.with_clock(paused.clock, |clock| drop(clock.pause(at, paused.reason.clone())));
            }
            Ruled::ClockResumed(ClockMoved { clock }) | Ruled::ClockMoved(ClockMoved { clock }) => {
                if let Some(old) = self.clocks.iter_mut().find(|old| old.id == clock.id) {
                    *old = clock.clone();
                }
            }
            Ruled::ClockCancelled(ClockRef { clock }) => {
                self.with_clock(*clock, |clock| drop(clock.cancel(at)))
            }
            Ruled::TaskOpened(task) => self.open_task(task, at),
            Ruled::Notified(notified) => {
                if let super::event::Recipient::Post(post) = notified.to {
                    self.told.insert(post);
                }
            }
            Ruled::PackRebound(pack) => self.pack = pack.clone(),
            Ruled::ApprovalRouted(routed) => {
                if let Some(last) = self.round.approvals.last_mut() {
                    last.decider = routed.decider;
                }
            }
            Ruled::WorkTakenOver(step) => self.take_over(*step),
            Ruled::Erased(_) => {}
        }
    }

    fn change_stage(&mut self, change: &StageChanged, at: Timestamp, by: Option<PersonId>) {
        if change.from == Stage::Executing && change.to == Stage::Verifying {
            self.round.executed_at = Some(at);
            self.round.verified = None;
        }
        if change.from == Stage::Settling {
            self.cancel(ClockKind::Settle, at);
        }
        if change.new_round {
            let next = Round { number: self.round.number + 1, ..Round::default() };
            self.rounds.push(std::mem::replace(&mut self.round, next));
        }
        if change.from == Stage::Closed || change.new_round {
            self.counts.reopened += 1;
            self.closed_at = None;
        }
        if change.to == Stage::Accepted || (self.accepted_at.is_none() && change.to != Stage::Closed) {
            self.accepted_at.get_or_insert(at);
        }
        self.stage = change.to;
        self.closure = change.closure;
        if change.to == Stage::Closed {
            self.close(change, at, by);
        }
    }

    /// Ends what runs: the clock resolve is met by a closure without execution.
    fn close(&mut self, change: &StageChanged, at: Timestamp, by: Option<PersonId>) {
        self.before_close = Some(change.from);
        self.closed_at = Some(at);
        self.doers.extend(by.map(|by| (Duty::Closer, by)));
        let void = change.closure.is_some_and(ClosureKind::is_final);
        if !void {
            self.meet(ClockKind::Resolve, at);
        }
        for clock in self.clocks.iter_mut().filter(|clock| clock.kind != ClockKind::Promise) {
            drop(clock.cancel(at));
        }
    }

    fn start_clock(&mut self, clock: &Clock) {
        self.clocks.push(clock.clone());
        if clock.kind == ClockKind::Promise {
            let waiting =
                self.promises.iter_mut().find(|promise| promise.clock.is_none() && promise.is_open());
            match waiting {
                Some(promise) => promise.clock = Some(clock.id),
                None => self.next_reply_clock = Some(clock.id),
            }
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
        self.promises
            .iter_mut()
            .filter(|promise| promise.is_open())
            .for_each(|promise| next(&mut promise.by));
        for offer in [&mut self.hand_over, &mut self.transfer].into_iter().flatten() {
            if offer.to == step.from {
                offer.to = step.to;
            }
        }
    }

    fn take_work(&mut self, person: PersonId) {
        self.transfer = None;
        self.handler = Some(person);
        self.doers.insert((Duty::Handler, person));
    }

    fn contacted(&mut self, contact: &ContactMade<Sealed>, at: Timestamp) {
        if contact.asks_progress {
            self.counts.asked_progress += 1;
        }
        if contact.confirms_facts {
            self.round.facts_confirmed_at = Some(at);
        }
        self.contacts.push(ContactSeen { at, contact: contact.clone() });
    }

    fn set_fields(&mut self, set: &FieldsSet<Sealed>) {
        for (name, value) in &set.fields {
            match value {
                Some(value) => self.fields.insert(name.clone(), value.clone()),
                None => self.fields.remove(name),
            };
        }
    }

    fn classify(&mut self, classified: &Classified) {
        self.category = classified.category.clone().or(self.category.take());
        self.final_category = classified.final_category.clone().or(self.final_category.take());
        self.cause = classified.cause.clone().or(self.cause.take());
    }

    fn promised(&mut self, promise: &PromiseMade<Sealed>, at: Timestamp, by: Option<PersonId>) {
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

    fn end_promise(&mut self, id: u32, at: Timestamp, kept: bool) {
        let Some(promise) = self.promises.iter_mut().find(|promise| promise.id == id) else { return };
        let slot = if kept { &mut promise.kept_at } else { &mut promise.withdrawn_at };
        *slot = Some(at);
        let Some(clock) = promise.clock else { return };
        self.with_clock(clock, |clock| drop(if kept { clock.meet(at) } else { clock.cancel(at) }));
    }

    /// which clocks an answer meets follows from its kind alone.
    fn replied(&mut self, reply: &Reply<Sealed>, at: Timestamp) {
        self.replies.push(ReplyGiven { kind: reply.kind, carrier: reply.carrier, at, next: reply.next });
        self.meet(ClockKind::Acknowledge, at);
        if reply.kind != ReplyKind::Acknowledge {
            self.meet(ClockKind::Reply, at);
            if let Some(clock) = self.next_reply_clock.take() {
                self.with_clock(clock, |clock| drop(clock.meet(at)));
            }
            let told: Vec<u32> = self
                .promises
                .iter()
                .filter(|promise| promise.kind == PromiseKind::Feedback && promise.is_open())
                .map(|promise| promise.id)
                .collect();
            told.into_iter().for_each(|id| self.end_promise(id, at, true));
        }
        if matches!(reply.kind, ReplyKind::Measures | ReplyKind::Final) {
            self.meet(ClockKind::Measures, at);
        }
        if reply.kind == ReplyKind::Final {
            self.round.final_notice_at = Some(at);
        }
    }

    fn visited(&mut self, visit: &Visited<Sealed>, at: Timestamp, by: Option<PersonId>) {
        let Some(person) = by else { return };
        self.doers.insert((Duty::Visitor, person));
        let by_group = self.escalation.group_at.is_some();
        if matches!(visit.result, VisitResult::Satisfied | VisitResult::Dissatisfied) {
            self.meet(ClockKind::Visit, at);
        }
        if visit.result == VisitResult::Refused {
            self.flags.entry(Flag::DoNotVisit).or_insert(at);
        }
        self.round.visits.push(VisitMade { visit: visit.clone(), by: person, by_group, at });
    }

    fn file(
        &mut self,
        form: &str,
        fields: BTreeMap<String, Sealed>,
        waived: bool,
        at: Timestamp,
        by: Option<PersonId>,
    ) {
        self.forms.insert(form.to_owned(), FormState { fields, waived, by, at });
        if form == HANDLING_RECORD {
            self.meet(ClockKind::Record, at);
            let due = |task: &&mut Task| task.kind == TaskKind::HandlingRecord && task.is_open();
            for task in self.tasks.iter_mut().filter(due) {
                task.ended_at = Some(at);
                task.done = true;
            }
        }
    }

    fn open_task(&mut self, task: &TaskOpened, at: Timestamp) {
        self.tasks.push(Task {
            id: number(self.tasks.len()),
            kind: task.kind,
            title: None,
            person: None,
            post: Some(task.post),
            due: task.due,
            blocking: task.blocking,
            given_at: at,
            ended_at: None,
            done: false,
        });
    }

    fn end_task(&mut self, id: u32, at: Timestamp, done: bool) {
        if let Some(task) = self.tasks.iter_mut().find(|task| task.id == id && task.is_open()) {
            task.ended_at = Some(at);
            task.done = done;
        }
    }

    fn meet(&mut self, kind: ClockKind, at: Timestamp) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.kind == kind) {
            drop(clock.meet(at));
        }
    }

    fn cancel(&mut self, kind: ClockKind, at: Timestamp) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.kind == kind) {
            drop(clock.cancel(at));
        }
    }

    /// A clock that is closed already stays as it was: history is not refused.
    fn with_clock(&mut self, id: u32, change: impl FnOnce(&mut Clock)) {
        if let Some(clock) = self.clocks.iter_mut().find(|clock| clock.id == id) {
            change(clock);
        }
    }
}

/// Gives the number of the next entry of a list that counts from 1.
pub(super) fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX).saturating_add(1)
}

/// An option is approved by its own words; anything else by what was asked.
fn approval_content(asked: &ApprovalAsked<Sealed>, options: &[OptionState]) -> Sealed {
    let option = options.iter().find(|option| Some(option.id) == asked.option);
    option.map_or_else(|| asked.text.clone(), |option| option.text.clone())
}
