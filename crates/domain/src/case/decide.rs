//! Turning a command into events: `evaluate`, then the body, then what follows.

use super::body::*;
use super::command::Command;
use super::consequence;
use super::evaluate::*;
use super::event::{ClockMoved, ClockPaused, Event, Ruled, StageChanged};
use super::kind::Duty;
use super::receive::seal_reason;
use super::stage::{ClosureKind, Stage, Target};
use super::state::Case;
use super::words::*;
use crate::clock::Clock;
use crate::ids::PersonId;
use crate::people::Post;
use crate::text::Sealer;
use crate::time::Timestamp;

/// One field of a body that is not acceptable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldReason {
    /// Where it is, such as `due`.
    pub path: String,
    /// Stable code.
    pub code: &'static str,
}

impl FieldReason {
    /// Names a field and what is wrong with it.
    #[must_use]
    pub fn new(path: &str, code: &'static str) -> Self {
        Self { path: path.to_owned(), code }
    }
}

/// Why a command is refused: nothing happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The action is closed, whatever the body (D2).
    Closed(Vec<Reason>),
    /// The action is open, but not with this body.
    Body(Vec<FieldReason>),
}

impl Refused {
    /// Refuses a body for these fields.
    #[must_use]
    pub const fn fields(fields: Vec<FieldReason>) -> Self {
        Self::Body(fields)
    }

    fn field(path: &str, code: &'static str) -> Self {
        Self::Body(vec![FieldReason::new(path, code)])
    }
}

type Decided = Result<Vec<Event>, Refused>;

impl Case {
    /// Turns a command into what happens, or says why not.
    ///
    /// # Errors
    /// [`Refused`] with every reason; nothing happened then.
    pub fn decide(&self, command: Command, facts: &Facts<'_>, sealer: &mut Sealer) -> Decided {
        let kind = command.kind();
        if let Command::Move(target, moved) = command {
            return self.decide_move(target, moved, facts, sealer);
        }
        evaluate(kind, self, facts).map_err(Refused::Closed)?;
        self.check_body(&command, facts)?;
        let mut events = self.happen(command, facts, sealer)?;
        events.extend(consequence::follow(self, &events, facts));
        Ok(events)
    }

    fn decide_move(&self, target: Target, moved: Moved, facts: &Facts<'_>, sealer: &mut Sealer) -> Decided {
        let rule = permit_move(target, self, facts).map_err(Refused::Closed)?;
        if rule.reason && moved.reason.is_none() {
            return Err(Refused::field("reason", "required"));
        }
        let changed = StageChanged {
            from: self.stage,
            to: target.stage(),
            closure: match target {
                Target::Closed(kind) => Some(kind),
                Target::Stage(_) => None,
            },
            new_round: self.stage == Stage::Visiting && target == Target::Stage(Stage::Investigating),
            reason: seal_reason(moved, sealer),
            sources: rule.source.clone(),
        };
        let mut events = vec![Event::from(Ruled::StageChanged(changed))];
        events.extend(consequence::follow(self, &events, facts));
        Ok(events)
    }

    /// Checks what `evaluate` cannot know: the values of the body.
    fn check_body(&self, command: &Command, facts: &Facts<'_>) -> Result<(), Refused> {
        match command {
            Command::Unmark(body) if !self.has(body.flag) => Err(Refused::field("flag", "flag_not_set")),
            Command::Unmark(body) if body.text.is_none() => Err(Refused::field("text", "required")),
            Command::Mark(body) if self.has(body.flag) => Err(Refused::field("flag", "flag_set_already")),
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
            Command::Reply(body) => check_reply(body, facts),
            Command::RankExpectations(body) => check_ranks(body),
            Command::AnswerOption(body) => {
                let known = self.round.options.iter().any(|option| option.id == body.option);
                if known { Ok(()) } else { Err(Refused::field("option", "unknown_option")) }
            }
            Command::RequestApproval(body) => self.check_approval(body, facts),
            Command::DecideApproval(body) => self.check_decision(body, facts),
            Command::AddTask(body) => check_task(body, facts),
            Command::CompleteTask(body) => {
                let mine =
                    self.tasks.iter().any(|task| task.id == body.task && may_complete(task, self, facts));
                if mine { Ok(()) } else { Err(Refused::field("task", "no_task_of_yours")) }
            }
            Command::CancelTask(body) => {
                let open = self.tasks.iter().any(|task| task.id == body.task && task.is_open());
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
                let clock = self.clocks.iter().find(|clock| clock.id == body.clock && extendable(clock));
                match clock {
                    None => Err(Refused::field("clock", "no_open_clock")),
                    Some(clock) if body.until <= clock.due_at => Err(Refused::field("until", "not_later")),
                    Some(clock) if facts.now >= clock.due_at => Err(Refused::field("clock", "due_already")),
                    Some(_) => Ok(()),
                }
            }
            Command::PauseClock(body) => {
                let fits = |clock: &Clock| clock.pausable && running(clock) && facts.now < clock.due_at;
                self.check_clock(body.clock, fits, "not_pausable")
            }
            Command::ResumeClock(body) => self.check_clock(body.clock, Clock::is_paused, "not_paused"),
            Command::Supervise(Reminder { due: Some(due), .. })
            | Command::Urge(Reminder { due: Some(due), .. }) => in_future("due", *due, facts),
            Command::CorrectKind(body) if body.kind == self.kind => Err(Refused::field("kind", "unchanged")),
            Command::CorrectUnit(body) if body.unit == self.unit => Err(Refused::field("unit", "unchanged")),
            Command::CorrectParty(body) => self.check_party(body),
            Command::Link(body) => self.check_link(body),
            _ => Ok(()),
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

    /// who verified or visited in any round does not handle it now.
    fn check_handler(&self, to: PersonId, facts: &Facts<'_>) -> Result<(), Refused> {
        if self.handler == Some(to) {
            return Err(Refused::field("to", "handles_already"));
        }
        let apart = facts.pack.separations(self.kind);
        let clash = apart.iter().any(|(one, other)| {
            (*one == Duty::Handler && self.did(*other, to)) || (*other == Duty::Handler && self.did(*one, to))
        });
        if clash {
            return Err(Refused::field("to", "duties_clash"));
        }
        named_person("to", to, facts)
    }

    /// PROP-21: a visit is promised only on a slot that was confirmed.
    fn check_promise(&self, body: &PromiseMade, facts: &Facts<'_>) -> Result<(), Refused> {
        in_future("due", body.due, facts)?;
        if body.kind != PromiseKind::Visit {
            return Ok(());
        }
        let inside = |slot: &super::state::Slot| slot.from <= body.due && body.due <= slot.to;
        let fits = self.slots.iter().any(|slot| body.slot.is_none_or(|id| id == slot.id) && inside(slot));
        if fits { Ok(()) } else { Err(Refused::field("slot", "availability_not_confirmed")) }
    }

    fn check_approval(&self, body: &ApprovalAsked, facts: &Facts<'_>) -> Result<(), Refused> {
        if !may_ask(body.of, self, facts) {
            return Err(Refused::field("of", "nothing_to_approve"));
        }
        if body.of != ApprovalOf::AcceptedOption {
            return Ok(());
        }
        let accepted = self.accepted_option();
        match accepted {
            Some(option) if body.option != Some(option.id) => {
                Err(Refused::field("option", "option_not_accepted"))
            }
            Some(option) if body.amount != option.amount => {
                Err(Refused::field("amount", "differs_from_option"))
            }
            _ => Ok(()),
        }
    }

    fn check_decision(&self, body: &ApprovalDecided, facts: &Facts<'_>) -> Result<(), Refused> {
        let found = self.round.approvals.iter().find(|approval| approval.id == body.approval);
        let Some(approval) = found else { return Err(Refused::field("approval", "unknown_approval")) };
        if !may_decide(approval, facts) {
            return Err(Refused::field("approval", "no_approval_of_yours"));
        }
        if body.decision != Decision::Granted && body.comment.is_none() {
            return Err(Refused::field("comment", "required"));
        }
        Ok(())
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

    /// PROP-60, 61; X-12: each reason must be true, do-not-visit is none.
    fn check_exemption(&self, reason: ExemptionReason, facts: &Facts<'_>) -> Result<(), Refused> {
        use super::kind::{Channel, Flag};
        let lead = facts.actor.posts.contains(&Post::Lead);
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

    /// Seals the texts and makes the events of a checked command.
    fn happen(&self, command: Command, facts: &Facts<'_>, sealer: &mut Sealer) -> Decided {
        let mut after = Vec::new();
        match &command {
            Command::Extend(body) => after.push(self.extended(body, facts, sealer)?),
            Command::PauseClock(body) => {
                let reason = sealer.seal(body.reason.as_str()).0;
                after.push(Ruled::ClockPaused(ClockPaused { clock: body.clock, reason }).into());
            }
            Command::ResumeClock(body) => after.extend(self.resumed(body.clock, facts)),
            Command::Reopen(_) => after.push(self.reopened(facts)?),
            _ => {}
        }
        let mut events: Vec<Event> = command.seal(sealer).map(Event::from).into_iter().collect();
        events.extend(after);
        Ok(events)
    }

    fn extended(
        &self,
        body: &ClockExtended,
        facts: &Facts<'_>,
        sealer: &mut Sealer,
    ) -> Result<Event, Refused> {
        let found = self.clocks.iter().find(|clock| clock.id == body.clock);
        let Some(clock) = found else { return Err(Refused::field("clock", "no_open_clock")) };
        let mut clock = clock.clone();
        let reason = sealer.seal(body.reason.as_str()).0;
        clock
            .extend(facts.now, body.until, reason, facts.calendar)
            .map_err(|_| Refused::field("until", "not_later"))?;
        Ok(Ruled::ClockMoved(ClockMoved { clock }).into())
    }

    /// Lets one clock run again; nothing when it does not stand still.
    pub(super) fn resumed(&self, id: u32, facts: &Facts<'_>) -> Option<Event> {
        let mut clock = self.clocks.iter().find(|clock| clock.id == id)?.clone();
        clock.resume(facts.now, facts.calendar).ok()?;
        Some(Ruled::ClockResumed(ClockMoved { clock }).into())
    }

    /// Where a re-opened case goes on (packs.md §2).
    fn reopened(&self, facts: &Facts<'_>) -> Result<Event, Refused> {
        let closed = || Refused::Closed(vec![Reason::new("closed_for_good")]);
        let ground = reopen_ground(self, facts).ok_or_else(closed)?;
        let again = facts.pack.reopen.get(&self.kind).copied().unwrap_or(Stage::Investigating);
        let before = self.before_close.unwrap_or(again);
        let mistake = ground == ReopenGround::Mistake;
        Ok(Ruled::StageChanged(StageChanged {
            from: self.stage,
            to: if mistake { before } else { again },
            closure: None,
            new_round: !mistake,
            reason: None,
            sources: vec![if ground == ReopenGround::Repeat { "PROP-64" } else { "X-13" }.to_owned()],
        })
        .into())
    }

    /// Makes the events of a clock that comes near its end or runs out.
    ///
    /// `target` is what the clock closes by itself, where it does.
    #[must_use]
    pub fn tick(&self, clock: u32, facts: &Facts<'_>, sealer: &mut Sealer) -> Vec<Event> {
        let found = self.clocks.iter().find(|other| other.id == clock && running(other));
        let Some(found) = found else { return Vec::new() };
        let Some(fires_at) = found.fires_at().filter(|at| *at <= facts.now) else { return Vec::new() };
        if fires_at < found.due_at && facts.now < found.due_at {
            let mut events = vec![Event::from(Ruled::ClockWarned(super::event::ClockRef { clock }))];
            events.extend(consequence::follow(self, &events, facts));
            return events;
        }
        if found.kind.elapses() {
            let exempt = Target::Closed(ClosureKind::ExemptElapsed);
            return self.decide_move(exempt, Moved { reason: None }, facts, sealer).unwrap_or_default();
        }
        let mut events = vec![Event::from(Ruled::ClockMissed(super::event::ClockRef { clock }))];
        events.extend(consequence::follow(self, &events, facts));
        events
    }
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
    if ranks.len() == body.items.len() && ranks[0] > 0 {
        Ok(())
    } else {
        Err(Refused::field("items", "ranks_not_unique"))
    }
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

fn named_person(path: &str, person: PersonId, facts: &Facts<'_>) -> Result<(), Refused> {
    let active = facts.people.get(&person).is_some_and(|named| named.active);
    if active { Ok(()) } else { Err(Refused::field(path, "unknown_person")) }
}

fn in_future(path: &str, at: Timestamp, facts: &Facts<'_>) -> Result<(), Refused> {
    if at > facts.now { Ok(()) } else { Err(Refused::field(path, "in_the_past")) }
}
