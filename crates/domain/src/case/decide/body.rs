//! What `evaluate` cannot know: the values of a body.
//!
//! Size: one arm for each action, with the checks that it needs.

use super::super::body::*;
use super::super::command::Command;
use super::super::evaluate::*;
use super::super::kind::{Channel, Flag, Kind};
use super::super::major::{is_completed, may_judge};
use super::super::state::{Case, Slot};
use super::super::words::*;
use super::{FieldReason, Refused};
use crate::clock::Clock;
use crate::ids::PersonId;
use crate::people::Post;
use crate::special::{SpecialKind, SpecialMatter};
use crate::time::Timestamp;

impl Case {
    /// Checks what `evaluate` cannot know: the values of the body.
    #[expect(clippy::too_many_lines, reason = "one arm for each action, and none may be forgotten")]
    pub(super) fn check_body(&self, command: &Command, facts: &Facts<'_>) -> Result<(), Refused> {
        match command {
            Command::Mark(body) => self.check_mark(body, facts),
            Command::Unmark(body) => self.check_unmark(body),
            Command::SetFields(body) => self.check_fields(body, facts),
            Command::Classify(body) => check_classified(body, facts),
            Command::HandOver(body) => self.check_owner(body.to, facts),
            Command::Transfer(body) => self.check_handler(body.to, facts),
            Command::Promise(body) => self.check_promise(body, facts),
            Command::KeepPromise(body) | Command::WithdrawPromise(body) => {
                let open =
                    self.promises.iter().any(|promise| promise.id == body.promise && promise.is_open());
                if open { Ok(()) } else { Err(Refused::field("promise", "not_open")) }
            }
            Command::ConfirmSlot(body) => {
                named_person("person", body.person, facts)?;
                if body.to <= body.from {
                    return Err(Refused::field("to", "before_begin"));
                }
                in_future("from", body.from, facts)
            }
            Command::Reply(body) => {
                check_reply(body, facts)?;
                let reasons = before_reply(body.kind, self, facts);
                if !reasons.is_empty() {
                    return Err(Refused::Closed(reasons));
                }
                self.check_reply_approved(body, facts)
            }
            Command::RankExpectations(body) => check_ranks(body),
            Command::OfferOption(body) => {
                let reasons = before_offer(body.amount, self, facts);
                if reasons.is_empty() { Ok(()) } else { Err(Refused::Closed(reasons)) }
            }
            Command::AnswerOption(body) => self.check_answer(body, facts),
            Command::RequestApproval(body) => self.check_approval(body, facts),
            Command::DecideApproval(body) => self.check_decision(body, facts),
            Command::WithdrawApproval(body) => {
                let found = self.round.approvals.iter().find(|approval| approval.id == body.approval);
                match found {
                    None => Err(Refused::field("approval", "unknown_approval")),
                    Some(approval) if may_withdraw(approval, facts) => Ok(()),
                    Some(_) => Err(Refused::field("approval", "no_request_of_yours")),
                }
            }
            Command::DrawUpAgreement(body) => self.check_agreement(body, facts),
            Command::SignAgreement(body) => self.check_signature(body),
            Command::AcceptTask(body) => self.check_of_task(body.task, |task| may_accept(task, facts)),
            Command::ReturnTask(body) => self.check_of_task(body.task, |task| may_return(task, facts)),
            Command::PassTask(body) => {
                self.check_of_task(body.task, |task| may_pass(task) && task.unit != Some(body.department))
            }
            Command::AgreeCorrective(body) => {
                named_person("person", body.person, facts)?;
                in_future("due", body.due, facts)?;
                if body.check_at > body.due { Ok(()) } else { Err(Refused::field("check_at", "not_later")) }
            }
            Command::SendConfirmation(body) => self.check_sent(body, facts),
            Command::ConfirmAgreement(body) => self.check_confirmed(body, facts),
            Command::OpenThread(body) => self.check_thread(body, facts),
            Command::WriteMessage(body) => self.check_message(body, facts),
            Command::ProposeRemedy(body) => self.check_remedy(body, facts),
            Command::GiveRemedy(body) => self.check_given(body, facts),
            Command::DropRemedy(body) => self.check_dropped(body),
            Command::ChangeSetting(body) => self.check_setting(body, facts),
            Command::RaiseLevel(body) => self.check_level(body, facts),
            Command::AddTask(body) => check_task(body, facts),
            Command::CompleteTask(body) => {
                self.check_of_task(body.task, |task| may_complete(task, self, facts))?;
                let due = self.tasks.iter().any(|task| task.id == body.task && self.still_due(task));
                if due { Err(Refused::field("task", "remedy_not_given")) } else { Ok(()) }
            }
            Command::ReportTask(body) => {
                self.check_of_task(body.task, |task| may_complete(task, self, facts))?;
                body.expected.map_or(Ok(()), |expected| in_future("expected", expected, facts))
            }
            Command::CancelTask(body) => {
                let open = self.tasks.iter().any(|task| task.id == body.task && may_cancel(task, facts));
                if open { Ok(()) } else { Err(Refused::field("task", "not_open")) }
            }
            Command::FileForm(body) => self.check_form(body, facts),
            Command::WaiveForm(body) => match facts.pack.form(self.kind, &body.form) {
                Some(form) if form.waivable && !self.forms.contains_key(&body.form) => Ok(()),
                Some(_) => Err(Refused::field("form", "not_waivable")),
                None => Err(Refused::field("form", "unknown_form")),
            },
            Command::Verify(body) if !body.in_order && body.note.is_none() => {
                Err(Refused::field("note", "required"))
            }
            Command::Exempt(body) => self.check_exemption(body.reason, facts),
            Command::Extend(body) => {
                let fits = |clock: &Clock| extendable(clock, facts.now);
                self.check_clock(body.clock, fits, "no_open_clock")?;
                let due = self.clocks.iter().find(|clock| clock.id == body.clock).map(|clock| clock.due_at);
                if due.is_some_and(|due| body.until > due) {
                    return Ok(());
                }
                Err(Refused::field("until", "not_later"))
            }
            Command::PauseClock(body) => {
                self.check_clock(body.clock, |clock| pausable(clock, facts.now), "not_pausable")
            }
            Command::AnswerReminder(body) => self.check_clock(body.clock, awaits_answer, "no_open_reminder"),
            Command::ResumeClock(body) => self.check_clock(body.clock, Clock::is_paused, "not_paused"),
            Command::Supervise(Reminder { due: Some(due), .. })
            | Command::Urge(Reminder { due: Some(due), .. }) => in_future("due", *due, facts),
            Command::CorrectKind(body) if body.kind == self.kind => Err(Refused::field("kind", "unchanged")),
            Command::CorrectKind(body) if !may_become(body.kind, self, facts) => {
                Err(Refused::field("kind", "kind_not_in_pack"))
            }
            Command::CorrectUnit(body) if body.unit == self.unit => Err(Refused::field("unit", "unchanged")),
            Command::CorrectParty(body) => self.check_party(body),
            Command::Link(body) => self.check_link(body),
            Command::Visit(body) => self.check_visit(body, facts),
            Command::NameResponsible(body) => check_responsible(body, facts),
            Command::HandOverForm(body) => self.check_hand_over_form(body, facts),
            Command::TakeForm(body) => {
                let mine = self.forms.get(&body.form).is_some_and(|form| is_handed(form, facts.actor.person));
                if mine { Ok(()) } else { Err(Refused::field("form", "not_asked")) }
            }
            Command::NoteEmotion(body) => {
                let known = facts.pack.emotions.iter().any(|emotion| emotion.name == body.emotion);
                if known { Ok(()) } else { Err(Refused::field("emotion", "unknown_emotion")) }
            }
            Command::Note(body) => check_mentions(&body.mentions, facts),
            Command::PlanHomeVisit(body) => {
                named_person("person", body.person, facts)?;
                in_future("at", body.at, facts)
            }
            Command::JudgeMajor(body) if may_judge(body.standing, self, facts) => Ok(()),
            Command::JudgeMajor(_) => Err(Refused::field("standing", "not_so")),
            Command::FileReport(body) => {
                if body.kind == SpecialKind::Closing && !is_completed(self) {
                    return Err(Refused::field("kind", "not_completed"));
                }
                let wrong = body.unfit(SpecialMatter::Major);
                if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
            }
            Command::DecideInclusion(body) if !body.counted && body.reason.is_none() => {
                Err(Refused::field("reason", "required"))
            }
            Command::DecideInclusion(body)
                if self.inclusion.as_ref().is_some_and(|known| known.counted == body.counted) =>
            {
                Err(Refused::field("counted", "unchanged"))
            }
            Command::DecideInclusion(_) => Ok(()),
            // Any body that could be read is as good as another.
            Command::Move(..)
            | Command::Contact(_)
            | Command::StateDemand(_)
            | Command::AcceptHandOver(_)
            | Command::DeclineHandOver(_)
            | Command::AcceptTransfer(_)
            | Command::RejectTransfer(_)
            | Command::ReturnTransfer(_)
            | Command::RecordFinding(_)
            | Command::RecordOpinion(_)
            | Command::StateBasis(_)
            | Command::Verify(_)
            | Command::DecideValidity(_)
            | Command::GradeLiability(_)
            | Command::Summarise(_)
            | Command::Escalate(_)
            | Command::RecordGroupSolution(_)
            | Command::Urge(_)
            | Command::Supervise(_)
            | Command::CorrectKind(_)
            | Command::CorrectUnit(_)
            | Command::RecordCustomerWord(_)
            | Command::Reopen(_)
            | Command::Attach(_) => Ok(()),
        }
    }

    fn check_clock(&self, id: u32, fits: impl Fn(&Clock) -> bool, code: &'static str) -> Result<(), Refused> {
        let found = self.clocks.iter().any(|clock| clock.id == id && clock.is_open() && fits(clock));
        if found { Ok(()) } else { Err(Refused::field("clock", code)) }
    }

    fn check_fields(&self, body: &FieldsSet, facts: &Facts<'_>) -> Result<(), Refused> {
        let mut wrong = Vec::new();
        for (name, value) in &body.fields {
            let path = format!("fields.{name}");
            match facts.pack.field(self.kind, name) {
                None => wrong.push(FieldReason::new(&path, "unknown_field")),
                Some(field) if value.as_ref().is_some_and(|text| !field.kind.takes(text.as_str())) => {
                    wrong.push(FieldReason::new(&path, "wrong_value"));
                }
                Some(_) => {}
            }
        }
        if body.fields.is_empty() {
            wrong.push(FieldReason::new("fields", "required"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
    }

    /// ownership goes to somebody active, and not to oneself.
    fn check_owner(&self, to: PersonId, facts: &Facts<'_>) -> Result<(), Refused> {
        if to == self.owner {
            return Err(Refused::field("to", "owns_already"));
        }
        named_person("to", to, facts)
    }

    /// who verified or visited in any round does not handle it now; a
    /// medium is received by the spokesperson only (MEDIA-1).
    fn check_handler(&self, to: PersonId, facts: &Facts<'_>) -> Result<(), Refused> {
        if self.handler == Some(to) {
            return Err(Refused::field("to", "handles_already"));
        }
        if let Some(reason) = kept_from_work(to, self, facts) {
            return Err(Refused::field("to", reason.code));
        }
        named_person("to", to, facts)?;
        let speaks = facts.people.get(&to).is_some_and(|named| named.posts.contains(&Post::Spokesperson));
        if self.kind == Kind::Media && !speaks {
            return Err(Refused::field("to", "not_authorised"));
        }
        Ok(())
    }

    /// TXT-15: beyond one's authority the customer's yes is only provisional.
    fn check_answer(&self, body: &OptionAnswered, facts: &Facts<'_>) -> Result<(), Refused> {
        let found = self.round.options.iter().find(|option| option.id == body.option);
        let Some(option) = found else { return Err(Refused::field("option", "unknown_option")) };
        if body.answer == OptionAnswer::Accepted && needs_approval(option, self, facts) {
            return Err(Refused::field("answer", "beyond_authority"));
        }
        Ok(())
    }

    /// PROP-21: a visit is promised only on a slot that was confirmed.
    fn check_promise(&self, body: &PromiseMade, facts: &Facts<'_>) -> Result<(), Refused> {
        in_future("due", body.due, facts)?;
        if body.kind != PromiseKind::Visit {
            return Ok(());
        }
        let inside = |slot: &Slot| slot.from <= body.due && body.due <= slot.to;
        let fits = self.slots.iter().any(|slot| body.slot.is_none_or(|id| id == slot.id) && inside(slot));
        if fits { Ok(()) } else { Err(Refused::field("slot", "availability_not_confirmed")) }
    }

    fn check_form(&self, body: &FormFiled, facts: &Facts<'_>) -> Result<(), Refused> {
        let Some(form) = facts.pack.form(self.kind, &body.form) else {
            return Err(Refused::field("form", "unknown_form"));
        };
        let mut wrong = Vec::new();
        for name in body.fields.keys() {
            if !form.fields.iter().any(|(field, _)| field.name == *name) {
                wrong.push(FieldReason::new(&format!("fields.{name}"), "unknown_field"));
            }
        }
        for (field, required) in &form.fields {
            let path = format!("fields.{}", field.name);
            match body.fields.get(&field.name) {
                None if *required => wrong.push(FieldReason::new(&path, "required")),
                Some(text) if !field.kind.takes(text.as_str()) => {
                    wrong.push(FieldReason::new(&path, "wrong_value"))
                }
                _ => {}
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
    }

    /// CP8-22: at home only by appointment and with a plan, where the pack asks.
    fn check_visit(&self, body: &Visited, facts: &Facts<'_>) -> Result<(), Refused> {
        let arranged = self.round.home_visits.iter().any(|visit| visit.at <= facts.now);
        if body.form == VisitForm::Home && facts.pack.visit.home_needs_plan && !arranged {
            return Err(Refused::field("form", "home_visit_not_planned"));
        }
        Ok(())
    }

    /// ASC-4: what is filled goes to somebody else, who takes it.
    fn check_hand_over_form(&self, body: &FormHandedOver, facts: &Facts<'_>) -> Result<(), Refused> {
        let me = facts.actor.person;
        match self.forms.get(&body.form) {
            None => return Err(Refused::field("form", "no_form_to_hand_over")),
            Some(form) if !may_hand_over(form, me) => {
                return Err(Refused::field("form", "no_form_to_hand_over"));
            }
            Some(_) => {}
        }
        if Some(body.to) == me {
            return Err(Refused::field("to", "yourself"));
        }
        named_person("to", body.to, facts)
    }

    /// PROP-60, 61; X-12: each reason must be true, do-not-visit is none.
    fn check_exemption(&self, reason: ExemptionReason, facts: &Facts<'_>) -> Result<(), Refused> {
        let lead = [Post::Lead, Post::Group].iter().any(|post| facts.actor.posts.contains(post));
        let refused =
            self.round.visits.last().is_some_and(|visit| visit.visit.result == VisitResult::Refused);
        let holds = match reason {
            ExemptionReason::OnTheSpot => on_the_spot(self),
            ExemptionReason::Anonymous => self.has(Flag::Anonymous),
            ExemptionReason::NoUsableContact => {
                self.has(Flag::NoUsableContact)
                    || (self.channel == Channel::Online && self.parties.is_empty())
            }
            ExemptionReason::Sensitive | ExemptionReason::BeyondAbility => true,
            ExemptionReason::RefusedAtVisit => refused,
        };
        if !holds {
            return Err(Refused::field("reason", "exemption_not_given"));
        }
        if !lead && reason != ExemptionReason::OnTheSpot {
            return Err(Refused::field("reason", "exemption_is_the_leads"));
        }
        Ok(())
    }

    fn check_party(&self, body: &PartyCorrected) -> Result<(), Refused> {
        let there = body.from.is_none_or(|from| self.parties.iter().any(|party| party.party == from));
        if !there {
            return Err(Refused::field("from", "unknown_party"));
        }
        let same = self.parties.iter().any(|party| party.party == body.to && party.role == body.role);
        if same { Err(Refused::field("to", "unchanged")) } else { Ok(()) }
    }

    fn check_link(&self, body: &Linked) -> Result<(), Refused> {
        if body.other == self.id {
            return Err(Refused::field("other", "same_case"));
        }
        let there =
            self.relations.iter().any(|(kind, other, _)| *kind == body.relation && *other == body.other);
        if there { Err(Refused::field("other", "linked_already")) } else { Ok(()) }
    }
}

/// CP8-10: a unit, a person or both.
fn check_responsible(body: &ResponsibleNamed, facts: &Facts<'_>) -> Result<(), Refused> {
    if body.department.is_none() && body.person.is_none() {
        return Err(Refused::field("department", "required"));
    }
    body.person.map_or(Ok(()), |person| named_person("person", person, facts))
}

/// PROP-92: categories and causes are the pack's.
fn check_classified(body: &Classified, facts: &Facts<'_>) -> Result<(), Refused> {
    let mut wrong = Vec::new();
    for (path, code) in [("category", &body.category), ("final_category", &body.final_category)] {
        if code.as_ref().is_some_and(|code| facts.pack.category(code).is_none()) {
            wrong.push(FieldReason::new(path, "unknown_category"));
        }
    }
    if body.cause.as_ref().is_some_and(|code| facts.pack.cause(code).is_none()) {
        wrong.push(FieldReason::new("cause", "unknown_cause"));
    }
    if body.category.is_none() && body.final_category.is_none() && body.cause.is_none() {
        wrong.push(FieldReason::new("category", "required"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
}

/// X-3, PROP-36: a progress answer names the next one; one that leaves the
/// house on paper or in public has its proof.
fn check_reply(body: &Reply, facts: &Facts<'_>) -> Result<(), Refused> {
    match (body.kind, body.next) {
        (ReplyKind::Progress, None) => return Err(Refused::field("next", "required")),
        (_, Some(next)) => in_future("next", next, facts)?,
        _ => {}
    }
    let paper = matches!(body.carrier, Carrier::Letter | Carrier::PublicPage | Carrier::Post);
    if paper && body.proof.is_none() {
        return Err(Refused::field("proof", "required"));
    }
    Ok(())
}

/// SKILL-3: every expectation has its own rank.
fn check_ranks(body: &ExpectationsRanked) -> Result<(), Refused> {
    let mut ranks: Vec<u32> = body.items.iter().map(|item| item.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    if body.items.is_empty() || body.items.len() > 20 {
        return Err(Refused::field("items", "between_1_and_20"));
    }
    let unique = ranks.len() == body.items.len() && ranks[0] > 0;
    if unique { Ok(()) } else { Err(Refused::field("items", "ranks_not_unique")) }
}

fn check_task(body: &TaskGiven, facts: &Facts<'_>) -> Result<(), Refused> {
    match (body.person, body.post) {
        (None, None) => return Err(Refused::field("person", "person_or_post")),
        (Some(_), Some(_)) => return Err(Refused::field("post", "person_or_post")),
        (Some(person), None) => named_person("person", person, facts)?,
        (None, Some(_)) => {}
    }
    body.due.map_or(Ok(()), |due| in_future("due", due, facts))
}

pub(super) fn named_person(path: &str, person: PersonId, facts: &Facts<'_>) -> Result<(), Refused> {
    let active = facts.people.get(&person).is_some_and(|named| named.active);
    if active { Ok(()) } else { Err(Refused::field(path, "unknown_person")) }
}

/// A colleague is named in a note only where they may see the case (issue 5).
fn check_mentions(mentions: &[PersonId], facts: &Facts<'_>) -> Result<(), Refused> {
    if mentions.len() > MOST_MENTIONS {
        return Err(Refused::field("mentions", "list_length"));
    }
    let wrong = mentions.iter().enumerate().filter_map(|(index, person)| {
        let code = match facts.people.get(person).filter(|named| named.active) {
            None => "unknown_person",
            Some(named) if !named.sees => "cannot_see_case",
            Some(_) => return None,
        };
        Some(FieldReason::new(&format!("mentions[{index}]"), code))
    });
    let wrong: Vec<FieldReason> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
}

pub(super) fn in_future(path: &str, at: Timestamp, facts: &Facts<'_>) -> Result<(), Refused> {
    if at > facts.now { Ok(()) } else { Err(Refused::field(path, "in_the_past")) }
}
