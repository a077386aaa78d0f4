//! What people did, folded into the state: one arm for each action.
//!
//! Size: one arm for each action, with what it changes.

use super::super::agreement::{Agreement, AgreementDrawnUp, Corrective, LinkConfirmation};
use super::super::body::*;
use super::super::command::Done;
use super::super::event::{CaseParty, TaskKind};
use super::super::gate::HANDLING_RECORD;
use super::super::judgement::{EmotionSeen, FormHandling, HomeVisit, Judged};
use super::super::kind::{Duty, Flag};
use super::super::major::Inclusion;
use super::super::state::*;
use super::super::task::{Task, TaskState};
use super::super::thread::{Message, Thread};
use super::super::words::*;
use super::number;
use crate::approval::Signature;
use crate::clock::ClockKind;
use crate::ids::PersonId;
use crate::people::Post;
use crate::text::Sealed;
use crate::time::Timestamp;
use std::collections::BTreeMap;

impl Case {
    #[expect(clippy::too_many_lines, reason = "one line for each action, and none may be forgotten")]
    pub(super) fn apply_done(&mut self, done: &Done, at: Timestamp, by: Option<PersonId>) {
        match done {
            Done::Attach(file) => drop(self.attached.insert(file.attachment)),
            // What follows from these is an event of a rule, or nothing.
            Done::Note(_) | Done::Reopen(_) | Done::PauseClock(_) | Done::ResumeClock(_) => {}
            Done::Contact(contact) => self.contacted(contact, at),
            Done::SetFields(set) => self.set_fields(set),
            Done::StateDemand(demand) => self.demand = Some(demand.amount),
            Done::Classify(classified) => self.classify(classified),
            Done::Mark(marked) => self.mark(marked.flag, at),
            Done::Unmark(marked) => drop(self.flags.remove(&marked.flag)),
            Done::HandOver(offer) => self.hand_over = Some(Offer { to: offer.to, by, at }),
            Done::AcceptHandOver(_) => self.take_ownership(),
            Done::DeclineHandOver(_) => self.hand_over = None,
            Done::Transfer(transfer) => self.transferred(transfer, at, by),
            Done::AcceptTransfer(_) => {
                if let Some(offer) = self.transfer {
                    self.take_work(offer.to, at);
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
            Done::Promise(promise) => self.promised(promise, at, by),
            Done::KeepPromise(ended) => self.end_promise(ended.promise, at, true),
            Done::WithdrawPromise(ended) => self.end_promise(ended.promise, at, false),
            Done::ConfirmSlot(slot) => {
                let id = number(self.slots.len());
                self.slots.push(Slot { id, person: slot.person, from: slot.from, to: slot.to });
            }
            Done::Reply(reply) => self.replied(reply, at),
            Done::RecordFinding(entry) => self.round.finding = Some(entry.text.clone()),
            Done::RecordOpinion(entry) => self.round.opinion = Some(entry.text.clone()),
            Done::RecordGroupSolution(entry) => self.round.group_solution = Some((entry.text.clone(), at)),
            Done::StateBasis(basis) => self.round.basis = Some((basis.kind, basis.responsibility)),
            Done::RankExpectations(ranked) => self.round.expectations.clone_from(&ranked.items),
            Done::OfferOption(option) => self.offered(option),
            Done::AnswerOption(answered) => self.option_answered(answered),
            Done::RequestApproval(asked) => self.approval_asked(asked, at, by),
            Done::WithdrawApproval(withdrawn) => {
                let found = self.round.approvals.iter_mut().find(|asked| asked.id == withdrawn.approval);
                if let Some(approval) = found {
                    approval.withdrawn_at = Some(at);
                }
            }
            Done::DecideApproval(decided) => self.approval_decided(decided, at, by),
            Done::DrawUpAgreement(drawn) => self.agreement_drawn_up(drawn, at),
            Done::SignAgreement(signed) => {
                let attachment = signed.attachment;
                self.with_agreement(signed.agreement, |agreement| agreement.signed = Some((attachment, at)));
            }
            Done::AcceptTask(taken) => self.with_task(taken.task, |task| task.accepted_at = Some(at)),
            Done::ReturnTask(returned) => {
                // ASC-10, 11: it still has to be done; the handler finds by whom.
                let back = self.handler.unwrap_or(self.owner);
                self.with_task(returned.task, |task| {
                    (task.unit, task.accepted_at, task.post) = (None, None, None);
                    task.person = Some(back);
                });
            }
            Done::PassTask(passed) => self.with_task(passed.task, |task| {
                (task.unit, task.accepted_at) = (Some(passed.department), None);
                (task.person, task.post) = (None, Some(Post::Department));
            }),
            Done::AgreeCorrective(agreed) => self.correctives.push(Corrective {
                text: agreed.text.clone(),
                person: agreed.person,
                due: agreed.due,
                check_at: agreed.check_at,
            }),
            Done::AddTask(task) => self.task_added(task, at),
            Done::CompleteTask(ended) => {
                self.effect_ended(ended.task, at, true);
                self.end_task(ended.task, at, true);
            }
            Done::ReportTask(told) => self.with_task(told.task, |task| {
                task.word = Some(TaskState {
                    what: told.what,
                    text: told.text.clone(),
                    expected: told.expected,
                    at,
                    by,
                });
            }),
            Done::CancelTask(ended) => {
                self.effect_ended(ended.task, at, false);
                self.end_task(ended.task, at, false);
            }
            Done::FileForm(form) => {
                let state = FormState { fields: form.fields.clone(), waived: false, by, at, handed: None };
                self.file(&form.form, state);
            }
            Done::WaiveForm(form) => {
                self.file(
                    &form.form,
                    FormState { fields: BTreeMap::new(), waived: true, by, at, handed: None },
                );
            }
            Done::Verify(verified) => self.was_verified(verified, at, by),
            Done::Visit(visit) => self.visited(visit, at, by),
            Done::Exempt(exempted) => {
                self.round.exemption = Some((exempted.reason, at));
                self.meet(ClockKind::Visit, at);
            }
            Done::Escalate(escalated) => self.escalated(escalated.to, at),
            Done::Extend(_) => self.counts.extended += 1,
            Done::Urge(_) => self.counts.urged += 1,
            Done::Supervise(_) => self.counts.supervised += 1,
            Done::AnswerReminder(answered) => self.with_clock(answered.clock, |clock| clock.meet(at)),
            Done::CorrectKind(corrected) => self.kind = corrected.kind,
            Done::CorrectUnit(corrected) => self.unit = corrected.unit,
            Done::CorrectParty(corrected) => self.party_corrected(corrected),
            Done::Link(linked) => self.relations.push((linked.relation, linked.other, at)),
            Done::RecordCustomerWord(word) => self.round.customer_word = Some((word.meaning, at)),
            Done::DecideValidity(decided) => {
                self.round.judgement.validity = Some(Judged { what: decided.clone(), at, by });
            }
            Done::GradeLiability(graded) => {
                self.round.judgement.liability = Some(Judged { what: graded.clone(), at, by });
            }
            Done::NameResponsible(named) => {
                self.round.judgement.responsible = Some(Judged { what: named.clone(), at, by });
            }
            Done::Summarise(entry) => {
                self.round.judgement.summary = Some(Judged { what: entry.clone(), at, by });
            }
            Done::HandOverForm(handed) => {
                let handling = FormHandling { to: handed.to, at, taken_at: None };
                self.with_form(&handed.form, |form| form.handed = Some(handling));
            }
            Done::TakeForm(taken) => self.with_form(&taken.form, |form| {
                if let Some(handed) = &mut form.handed {
                    handed.taken_at = Some(at);
                }
            }),
            Done::NoteEmotion(noted) => {
                self.emotions.push(EmotionSeen { emotion: noted.emotion.clone(), at });
            }
            Done::PlanHomeVisit(planned) => self.home_visit_planned(planned, at),
            Done::ProposeRemedy(proposed) => self.remedy_proposed(proposed, at, by),
            Done::GiveRemedy(given) => self.remedy_given(given, at, by),
            Done::DropRemedy(dropped) => self.remedy_dropped(dropped.remedy, at),
            Done::ChangeSetting(changed) => self.setting_changed(changed, at, by),
            Done::RaiseLevel(raised) => self.level_raised(raised, at, by),
            Done::SendConfirmation(sent) => {
                self.with_agreement(sent.agreement, |agreement| agreement.sent = Some(*sent));
            }
            Done::ConfirmAgreement(confirmed) => {
                let (name, link) = (confirmed.name.clone(), confirmed.link);
                self.with_agreement(confirmed.agreement, |agreement| {
                    agreement.confirmed = Some(LinkConfirmation { name, link, at });
                });
            }
            Done::OpenThread(opened) => self.threads.push(Thread {
                id: number(self.threads.len()),
                with: opened.with,
                party: opened.party,
                person: opened.person,
                subject: opened.subject.clone(),
                at,
                messages: Vec::new(),
            }),
            Done::WriteMessage(written) => {
                if let Some(thread) = self.threads.iter_mut().find(|thread| thread.id == written.thread) {
                    thread.messages.push(Message {
                        text: written.text.clone(),
                        direction: written.direction,
                        channel: written.channel,
                        attachments: written.attachments.clone(),
                        at,
                        by,
                    });
                }
            }
            Done::JudgeMajor(judged) => self.major_judged(judged, at, by),
            Done::FileReport(filed) => self.report_filed(filed, at, by),
            Done::DecideInclusion(decided) => {
                let (counted, reason) = (decided.counted, decided.reason.clone());
                self.inclusion = Some(Inclusion { counted, reason, by, at });
            }
        }
    }

    fn mark(&mut self, flag: Flag, at: Timestamp) {
        self.flags.entry(flag).or_insert(at);
        if flag == Flag::SettledAtOnce {
            // PROP-50, DESK-3: the customer had the answer, nobody else needs it.
            for kind in [
                ClockKind::Acknowledge,
                ClockKind::Reply,
                ClockKind::Measures,
                ClockKind::HandOver,
                ClockKind::Target,
            ] {
                self.meet(kind, at);
            }
        }
    }

    fn take_ownership(&mut self) {
        if let Some(offer) = self.hand_over.take() {
            self.owner = offer.to;
            self.doers.insert((Duty::Owner, offer.to));
        }
    }

    fn transferred(&mut self, transfer: &Transfer<Sealed>, at: Timestamp, by: Option<PersonId>) {
        self.counts.transferred += 1;
        self.department = transfer.department.or(self.department);
        if by == Some(transfer.to) {
            self.take_work(transfer.to, at);
        } else {
            self.transfer = Some(Offer { to: transfer.to, by, at });
        }
    }

    fn take_work(&mut self, person: PersonId, at: Timestamp) {
        self.transfer = None;
        self.handler = Some(person);
        self.taken_at = Some(at);
        self.doers.insert((Duty::Handler, person));
        self.meet(ClockKind::HandOver, at);
    }

    fn contacted(&mut self, contact: &ContactMade<Sealed>, at: Timestamp) {
        self.counts.asked_progress += u32::from(contact.asks_progress);
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

    fn offered(&mut self, option: &OptionOffered<Sealed>) {
        let id = number(self.options_so_far());
        let (text, amount) = (option.text.clone(), option.amount);
        self.round.options.push(OptionState { id, text, amount, answer: None });
    }

    fn option_answered(&mut self, answered: &OptionAnswered<Sealed>) {
        let found = self.round.options.iter_mut().find(|option| option.id == answered.option);
        if let Some(option) = found {
            option.answer = Some(answered.answer);
        }
    }

    fn approval_asked(&mut self, asked: &ApprovalAsked<Sealed>, at: Timestamp, by: Option<PersonId>) {
        let id = number(self.approvals_so_far());
        // An option is approved by its own words; anything else by what was asked.
        let option = self.round.options.iter().find(|option| Some(option.id) == asked.option);
        let remedy = self.remedies.iter().find(|remedy| Some(remedy.id) == asked.remedy);
        let own = option.map(|option| &option.text).or(remedy.map(|remedy| &remedy.what));
        let content = own.unwrap_or(&asked.text).clone();
        self.round.approvals.push(Approval {
            id,
            of: asked.of,
            option: asked.option,
            remedy: asked.remedy,
            content,
            amount: asked.amount,
            asked_by: by,
            decider: Post::Head,
            asked_at: at,
            decision: None,
            addressee: asked.addressee.clone(),
            attachments: asked.attachments.clone(),
            steps: Vec::new(),
            signed: Vec::new(),
            sum_fen: None,
            expires_at: None,
            withdrawn_at: None,
        });
    }

    fn approval_decided(&mut self, decided: &ApprovalDecided<Sealed>, at: Timestamp, by: Option<PersonId>) {
        let found = self.round.approvals.iter_mut().find(|approval| approval.id == decided.approval);
        let (Some(approval), Some(by)) = (found, by) else { return };
        match decided.step {
            Some(step) if decided.decision == Decision::Granted => {
                let post = decided.post.unwrap_or(approval.decider);
                approval.signed.push(Signature {
                    step,
                    post,
                    person: by,
                    stands_for: decided.stands_for,
                    at,
                });
                if approval.at() as usize >= approval.ladder().len() {
                    approval.decision = Some((Decision::Granted, by, at));
                }
            }
            _ => approval.decision = Some((decided.decision, by, at)),
        }
        self.doers.insert((Duty::Approver, by));
        self.doers.extend(decided.stands_for.map(|person| (Duty::Approver, person)));
    }

    fn with_form(&mut self, name: &str, change: impl FnOnce(&mut FormState)) {
        if let Some(form) = self.forms.get_mut(name) {
            change(form);
        }
    }

    /// CP8-22: the visit is a task of the one who goes, due when it was agreed.
    fn home_visit_planned(&mut self, planned: &HomeVisitPlanned<Sealed>, at: Timestamp) {
        self.round.home_visits.push(HomeVisit { at: planned.at, person: planned.person });
        self.tasks.push(Task {
            id: number(self.tasks.len()),
            kind: TaskKind::HomeVisit,
            title: Some(planned.plan.clone()),
            person: Some(planned.person),
            post: None,
            due: Some(planned.at),
            blocking: true,
            given_at: at,
            ended_at: None,
            done: false,
            unit: None,
            accepted_at: None,
            word: None,
        });
    }

    fn agreement_drawn_up(&mut self, drawn: &AgreementDrawnUp<Sealed>, at: Timestamp) {
        let Some(option) = self.accepted_option().cloned() else { return };
        let earlier: usize = self.rounds.iter().map(|round| round.agreements.len()).sum();
        let id = number(earlier + self.round.agreements.len());
        let (terms, items) = (drawn.terms.clone(), drawn.items.clone());
        let unsigned = Agreement { id, option, terms, items, at, signed: None, sent: None, confirmed: None };
        self.round.agreements.push(unsigned);
    }

    fn with_agreement(&mut self, id: u32, change: impl FnOnce(&mut Agreement)) {
        if let Some(agreement) = self.round.agreements.iter_mut().find(|one| one.id == id) {
            change(agreement);
        }
    }

    fn task_added(&mut self, task: &TaskGiven<Sealed>, at: Timestamp) {
        self.tasks.push(Task {
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
            unit: None,
            accepted_at: None,
            word: None,
        });
    }

    /// What a task of a rule asked for was done in another way.
    fn end_tasks_of(&mut self, kind: TaskKind, at: Timestamp) {
        let open = self.tasks.iter().filter(|task| task.kind == kind && task.is_open());
        let open: Vec<u32> = open.map(|task| task.id).collect();
        open.into_iter().for_each(|id| self.end_task(id, at, true));
    }

    fn file(&mut self, form: &str, state: FormState) {
        let at = state.at;
        self.forms.insert(form.to_owned(), state);
        if form == HANDLING_RECORD {
            self.meet(ClockKind::Record, at);
            self.end_tasks_of(TaskKind::HandlingRecord, at);
        }
    }

    fn was_verified(&mut self, verified: &Verified<Sealed>, at: Timestamp, by: Option<PersonId>) {
        let Some(person) = by else { return };
        self.round.verified = Some((verified.clone(), person, at));
        self.doers.insert((Duty::Verifier, person));
        if verified.in_order {
            self.resolved(at);
        }
    }

    fn visited(&mut self, visit: &Visited<Sealed>, at: Timestamp, by: Option<PersonId>) {
        self.doers.extend(by.map(|person| (Duty::Visitor, person)));
        let by_group = self.escalation.group_at.is_some();
        match visit.result {
            VisitResult::Satisfied | VisitResult::Dissatisfied => {
                self.meet(ClockKind::Visit, at);
                if visit.form == VisitForm::Home {
                    self.end_tasks_of(TaskKind::HomeVisit, at);
                }
                // PROP-57: while it is escalated only the group visits.
                self.end_tasks_of(TaskKind::GroupVisit, at);
            }
            VisitResult::Refused => self.mark(Flag::DoNotVisit, at),
            VisitResult::NotReached => {}
        }
        self.round.visits.push(VisitMade { visit: visit.clone(), by, by_group, at });
    }

    fn escalated(&mut self, to: EscalationLevel, at: Timestamp) {
        let slot = match to {
            EscalationLevel::DepartmentHead => &mut self.escalation.department_head_at,
            EscalationLevel::Company => &mut self.escalation.company_at,
            EscalationLevel::Group => &mut self.escalation.group_at,
        };
        slot.get_or_insert(at);
    }

    fn party_corrected(&mut self, corrected: &PartyCorrected<Sealed>) {
        self.parties.retain(|party| Some(party.party) != corrected.from && party.party != corrected.to);
        self.parties.push(CaseParty { party: corrected.to, role: corrected.role });
    }
}
