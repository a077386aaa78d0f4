//! What rules draw from what happened: tasks, notices and clocks.
//!
//! Size: one arm for each action, with what follows from it.
//!
//! *Where to start*: `follow` draws until nothing more follows; `clocks` starts,
//! moves and ends limits, `work` watches tasks and reminders, `approval` takes a request up its ladder.

mod agreement;
mod approval;
mod clocks;
mod major;
mod remedy;
mod thread;
mod work;

use super::apply::number;
use super::body::{ApprovalAsked, OptionAnswered};
use super::command::Done;
use super::evaluate::{Facts, needs_approval, pausable};
use super::event::*;
use super::kind::{Channel, Flag, Kind};
use super::state::{Case, OptionState};
use super::words::*;
use crate::clock::{Clock, ClockKind};
use crate::ids::PersonId;
use crate::people::Post;
use std::collections::BTreeSet;

/// Draws the consequences of events just decided, in order.
pub(super) fn follow(before: &Case, events: &[Event], facts: &Facts<'_>) -> Vec<Event> {
    let mut after = before.clone();
    let mut next = before.version;
    let mut all = Vec::new();
    let mut queue: std::collections::VecDeque<Event> = events.iter().cloned().collect();
    let mut decided = events.len();
    // Each consequence is looked at in its turn; none of them leads back to
    // an event of its own kind, so the queue runs dry.
    while let Some(event) = queue.pop_front() {
        next += 1;
        let recorded = Recorded {
            seq: next,
            occurred_at: facts.now,
            recorded_at: facts.now,
            by: facts.actor.person,
            event,
        };
        after.apply(&recorded);
        let drawn = of_event(&after, &recorded.event, facts);
        if decided == 0 {
            all.push(recorded.event);
        } else {
            decided -= 1;
        }
        queue.extend(drawn);
    }
    let again = clocks::settle_again(&after, facts);
    let first = number(after.clocks.len() + again.iter().len());
    all.extend(again);
    all.extend(work::watched(&after, first, facts));
    all.extend(of_customer(&after, events, facts));
    all
}

/// PROP-62: whoever works on it hears when the customer spoke for himself.
fn of_customer(case: &Case, events: &[Event], facts: &Facts<'_>) -> Option<Event> {
    let spoke = |event: &Event| {
        matches!(event, Event::Done(Done::AnswerOption(_) | Done::Visit(_) | Done::Contact(_)))
    };
    let heard = facts.actor.customer && events.iter().any(spoke);
    heard.then(|| tell(Recipient::Person(worker(case)), "customer_spoke", false, &["PROP-62"]))
}

/// PROP-14, 51: who owns a message that somebody else wrote down is told.
pub(super) fn of_receipt(received: &Received, facts: &Facts<'_>) -> Vec<Event> {
    if facts.actor.person == Some(received.owner) {
        return Vec::new();
    }
    vec![tell(Recipient::Person(received.owner), "case_received", false, &["PROP-14", "PROP-51"])]
}

fn of_event(case: &Case, event: &Event, facts: &Facts<'_>) -> Vec<Event> {
    match event {
        Event::Begun(_) => Vec::new(),
        Event::Done(done) => of_action(case, done, facts),
        Event::Ruled(ruled) => of_rule(case, ruled, facts),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each action, and none may be forgotten")]
fn of_action(case: &Case, done: &Done, facts: &Facts<'_>) -> Vec<Event> {
    match done {
        Done::Mark(marked) => of_flag(case, marked.flag, facts),
        Done::Unmark(marked) if waits(marked.flag) && !waiting(case) => clocks::resumed(case, facts),
        Done::HandOver(offer) => {
            vec![tell(Recipient::Person(offer.to), "hand_over_offered", true, &["SUP-6"])]
        }
        Done::DeclineHandOver(_) => {
            vec![tell(Recipient::Person(case.owner), "hand_over_declined", true, &["SUP-6"])]
        }
        Done::Transfer(transfer) => of_transfer(case, transfer.to, facts),
        Done::RejectTransfer(_) => {
            vec![tell(Recipient::Person(case.owner), "transfer_rejected", true, &["SUP-6"])]
        }
        Done::ReturnTransfer(_) => {
            vec![tell(Recipient::Person(case.owner), "transfer_returned", true, &["SUP-6"])]
        }
        Done::Promise(promise) => clocks::agreed(case, promise.due, facts, "PROP-37"),
        Done::Reply(reply) => {
            let next = reply.next.map(|next| clocks::agreed(case, next, facts, "PROP-36"));
            let mut events = next.unwrap_or_default();
            if reply.kind == ReplyKind::Final {
                events.extend(clocks::week_from_notice(case, events.len(), facts));
            }
            events
        }
        Done::AnswerOption(answered) => of_answer(case, answered, facts),
        Done::RequestApproval(asked) => approval::of_request(case, asked, facts),
        Done::DecideApproval(decided) => approval::of_decision(case, decided, facts),
        Done::WithdrawApproval(withdrawn) => approval::of_withdrawal(case, withdrawn.approval),
        Done::SignAgreement(signed) => agreement::of_signature(case, signed.agreement, facts),
        Done::ConfirmAgreement(confirmed) => {
            let mut events = agreement::of_signature(case, confirmed.agreement, facts);
            events.extend(agreement::of_confirmation(case));
            events
        }
        Done::OpenThread(opened) => thread::of_opening(opened, facts),
        Done::WriteMessage(written) => thread::of_message(case, written, facts),
        Done::PassTask(passed) => vec![agreement::to_unit(passed.department)],
        Done::ReturnTask(_) => {
            vec![tell(Recipient::Person(worker(case)), "task_returned", true, &["ASC-11"])]
        }
        Done::ReportTask(told) => of_task_word(case, told.what, facts),
        Done::AgreeCorrective(agreed) => agreement::of_corrective(case, agreed, facts),
        Done::GiveRemedy(_) => remedy::of_given(case, facts),
        Done::ChangeSetting(changed) => remedy::of_setting(case, changed, facts),
        Done::RaiseLevel(raised) => remedy::of_level(raised),
        Done::AddTask(task) => {
            let to = task.person.map(Recipient::Person).or(task.post.map(Recipient::Post));
            to.map(|to| tell(to, "task_given", false, &[])).into_iter().collect()
        }
        Done::Escalate(escalated) => of_escalation(case, escalated.to),
        Done::RecordGroupSolution(_) => {
            vec![tell(Recipient::Person(case.owner), "group_solved", false, &["PROP-56"])]
        }
        Done::Urge(reminder) => {
            let told = tell(Recipient::Person(worker(case)), "urged", true, &[]);
            work::reminded(case, ClockKind::Urge, reminder.due, facts).into_iter().chain([told]).collect()
        }
        Done::Supervise(reminder) => {
            let told = [Recipient::Person(worker(case)), Recipient::Post(Post::Lead)]
                .map(|to| tell(to, "supervised", true, &[]));
            work::reminded(case, ClockKind::Supervise, reminder.due, facts).into_iter().chain(told).collect()
        }
        Done::AnswerReminder(answered) => work::of_answer(case, answered, facts).into_iter().collect(),
        Done::Verify(verified) if verified.in_order && case.group_visit_pending() => {
            let task = open(TaskKind::GroupVisit, Post::Group, true, &["PROP-57"]);
            vec![task, tell(Recipient::Post(Post::Group), "group_visit_due", true, &["PROP-57"])]
        }
        Done::Visit(visit) => of_visit(case, visit.result),
        Done::Link(linked) if linked.relation == Relation::RepeatedBy => of_repeat(case),
        Done::NameResponsible(named) => {
            let told = named.person.filter(|person| facts.actor.person != Some(*person));
            told.map(|person| tell(Recipient::Person(person), "named_responsible", false, &[]))
                .into_iter()
                .collect()
        }
        Done::HandOverForm(handed) => {
            vec![tell(Recipient::Person(handed.to), "form_handed_to_you", false, &[])]
        }
        Done::Note(note) => {
            let named: BTreeSet<PersonId> = note.mentions.iter().copied().collect();
            let others = named.into_iter().filter(|person| facts.actor.person != Some(*person));
            others.map(|person| tell(Recipient::Person(person), "mentioned", false, &[])).collect()
        }
        Done::PlanHomeVisit(planned) => {
            vec![tell(Recipient::Person(planned.person), "home_visit_planned", false, &[])]
        }
        Done::CorrectKind(_) | Done::CorrectUnit(_) => clocks::rebound(case, facts),
        // PROP-81, X-11: the amount, or whose fault it is, may make it major.
        Done::StateDemand(_) | Done::GradeLiability(_) | Done::StateBasis(_) => major::of_demand(case, facts),
        Done::JudgeMajor(judged) => major::of_judgement(case, judged.standing),
        Done::FileReport(filed) => major::of_report(case, filed.kind, facts),
        // Nothing follows that is not in the state already.
        Done::Contact(_)
        | Done::SetFields(_)
        | Done::Classify(_)
        | Done::Unmark(_)
        | Done::AcceptHandOver(_)
        | Done::AcceptTransfer(_)
        | Done::KeepPromise(_)
        | Done::WithdrawPromise(_)
        | Done::ConfirmSlot(_)
        | Done::RecordFinding(_)
        | Done::RecordOpinion(_)
        | Done::RankExpectations(_)
        | Done::OfferOption(_)
        | Done::DrawUpAgreement(_)
        | Done::AcceptTask(_)
        | Done::CompleteTask(_)
        | Done::CancelTask(_)
        | Done::FileForm(_)
        | Done::WaiveForm(_)
        | Done::Verify(_)
        | Done::Exempt(_)
        | Done::Extend(_)
        | Done::PauseClock(_)
        | Done::ResumeClock(_)
        | Done::CorrectParty(_)
        | Done::Link(_)
        | Done::RecordCustomerWord(_)
        | Done::Reopen(_)
        | Done::Attach(_)
        | Done::DecideValidity(_)
        | Done::Summarise(_)
        | Done::TakeForm(_)
        | Done::NoteEmotion(_)
        | Done::SendConfirmation(_)
        | Done::ProposeRemedy(_)
        | Done::DropRemedy(_)
        | Done::DecideInclusion(_) => Vec::new(),
    }
}

/// MOB-14: the front hears of the back office's difficulties and changes at once.
fn of_task_word(case: &Case, what: TaskWord, facts: &Facts<'_>) -> Vec<Event> {
    let front: BTreeSet<PersonId> = [case.owner, worker(case)].into();
    let others = front.into_iter().filter(|person| facts.actor.person != Some(*person));
    let (why, urgent) = match what {
        TaskWord::Progress => ("task_progress", false),
        TaskWord::Difficulty => ("task_difficulty", true),
        TaskWord::Change => ("task_changed", true),
    };
    others.map(|person| tell(Recipient::Person(person), why, urgent, &["MOB-14"])).collect()
}

/// TXT-15: a provisional yes beyond one's authority starts the approval.
fn of_answer(case: &Case, answered: &OptionAnswered<crate::text::Sealed>, facts: &Facts<'_>) -> Vec<Event> {
    let option = case.round.options.iter().find(|option| option.id == answered.option);
    let beyond = |option: &&OptionState| {
        let asked =
            case.round.approvals.iter().any(|approval| {
                approval.of == ApprovalOf::AcceptedOption && approval.option == Some(option.id)
            });
        answered.answer == OptionAnswer::Provisional && !asked && needs_approval(option, case, facts)
    };
    let Some(option) = option.filter(beyond) else { return Vec::new() };
    let asked = ApprovalAsked {
        text: option.text.clone(),
        of: ApprovalOf::AcceptedOption,
        option: Some(option.id),
        remedy: None,
        amount: option.amount,
        addressee: None,
        attachments: Vec::new(),
    };
    vec![Done::RequestApproval(asked).into()]
}

/// PROP-64: a repeat ends the week; whoever owns the case opens it again.
fn of_repeat(case: &Case) -> Vec<Event> {
    let mut events = clocks::week_ends(case);
    events.push(tell(Recipient::Person(case.owner), "repeated", true, &["PROP-64"]));
    events.push(tell(Recipient::Post(Post::Lead), "repeated", true, &["PROP-64"]));
    events
}

fn of_rule(case: &Case, ruled: &Ruled, facts: &Facts<'_>) -> Vec<Event> {
    match ruled {
        Ruled::StageChanged(change) => {
            let mut events = clocks::of_stage(case, change, facts);
            events.extend(major::of_closing(case, (change, events.len()), facts));
            events
        }
        Ruled::ClockWarned(named) => {
            let clock = case.clocks.iter().find(|clock| clock.id == named.clock);
            let of_work = clock.and_then(|clock| work::of_warned(case, clock));
            vec![of_work.unwrap_or_else(|| clocks::of_warned(case, named.clock))]
        }
        Ruled::ClockMissed(named) => {
            match case.clocks.iter().find(|clock| clock.id == named.clock && clock.kind.is_of_work()) {
                Some(clock) => work::of_missed(case, clock, facts),
                None => clocks::of_missed(case, named.clock, facts),
            }
        }
        Ruled::ClockStarted(_)
        | Ruled::ClockPaused(_)
        | Ruled::ClockResumed(_)
        | Ruled::ClockMoved(_)
        | Ruled::ClockCancelled(_)
        | Ruled::TaskOpened(_)
        | Ruled::Notified(_)
        | Ruled::PackRebound(_)
        | Ruled::ApprovalRouted(_)
        | Ruled::WorkTakenOver(_)
        | Ruled::Erased(_)
        | Ruled::MajorRaised(_)
        | Ruled::ReportOwed(_) => Vec::new(),
    }
}

fn of_flag(case: &Case, flag: Flag, facts: &Facts<'_>) -> Vec<Event> {
    let heads = Recipient::Post(Post::Head);
    match flag {
        Flag::ManagementResponsibility | Flag::GroupTendency => {
            let there = case.tasks.iter().any(|task| task.kind == TaskKind::AppearInPerson && task.is_open());
            let mut events = vec![tell(heads, "appear_in_person", true, &["PROP-39"])];
            if !there {
                events.insert(0, open(TaskKind::AppearInPerson, Post::Head, true, &["PROP-39"]));
            }
            events
        }
        Flag::DrasticRisk => vec![
            tell(heads, "drastic_risk", true, &["PROP-42"]),
            tell(Recipient::Post(Post::Manager), "drastic_risk", true, &["PROP-42"]),
        ],
        Flag::Emergency => vec![tell(Recipient::Post(Post::Lead), "emergency", true, &["PROP-20"])],
        Flag::WaitsForAuthority | Flag::WaitsForThirdParty => {
            let stops = |clock: &&Clock| pausable(clock, facts.now);
            let pause = |clock: &Clock| {
                Ruled::ClockPaused(ClockPaused { clock: clock.id, reason: flag.as_str().to_owned() }).into()
            };
            case.clocks.iter().filter(stops).map(pause).collect()
        }
        Flag::SettledAtOnce
        | Flag::SatisfiedOnTheSpot
        | Flag::Anonymous
        | Flag::NoUsableContact
        | Flag::DoNotVisit
        | Flag::Sensitive
        | Flag::WideImpact
        | Flag::Important
        | Flag::CustomerLost => Vec::new(),
    }
}

/// PROP-22: a complaint goes to its handler and its lead at the same time.
fn of_transfer(case: &Case, to: PersonId, facts: &Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    if facts.actor.person != Some(to) {
        events.push(tell(Recipient::Person(to), "transferred_to_you", true, &["PROP-22"]));
    }
    if case.kind == Kind::Complaint {
        events.push(tell(Recipient::Post(Post::Lead), "complaint_transferred", false, &["PROP-22"]));
    }
    events
}

fn of_escalation(case: &Case, to: EscalationLevel) -> Vec<Event> {
    match to {
        EscalationLevel::DepartmentHead => vec![
            open(TaskKind::ProvideResources, Post::Head, false, &["PROP-24"]),
            tell(Recipient::Post(Post::Lead), "resources_asked", true, &["PROP-24"]),
            tell(Recipient::Post(Post::Head), "resources_asked", true, &["PROP-24"]),
        ],
        EscalationLevel::Company => {
            vec![tell(Recipient::Post(Post::Manager), "escalated", true, &["PROP-42"])]
        }
        EscalationLevel::Group => {
            let mut events = vec![tell(Recipient::Post(Post::Group), "escalated", true, &["PROP-56"])];
            if case.channel == Channel::PassedOn {
                events.push(tell(Recipient::Post(Post::Head), "escalated", false, &["PROP-57"]));
            }
            events
        }
    }
}

fn of_visit(case: &Case, result: VisitResult) -> Vec<Event> {
    match result {
        VisitResult::Dissatisfied => {
            let mut events =
                vec![tell(Recipient::Post(Post::Lead), "visit_dissatisfied", true, &["PROP-64"])];
            events.push(tell(Recipient::Person(case.owner), "visit_dissatisfied", false, &["PROP-64"]));
            events
        }
        VisitResult::Refused => vec![tell(Recipient::Post(Post::Lead), "visit_refused", false, &["PROP-63"])],
        VisitResult::Satisfied | VisitResult::NotReached => Vec::new(),
    }
}

const fn waits(flag: Flag) -> bool {
    matches!(flag, Flag::WaitsForAuthority | Flag::WaitsForThirdParty)
}

fn waiting(case: &Case) -> bool {
    case.has(Flag::WaitsForAuthority) || case.has(Flag::WaitsForThirdParty)
}

/// Who works on it now: the handler, until there is one the owner.
fn worker(case: &Case) -> PersonId {
    case.handler.unwrap_or(case.owner)
}

fn open(kind: TaskKind, post: Post, blocking: bool, sources: &[&str]) -> Event {
    let sources = sources.iter().map(|source| (*source).to_owned()).collect();
    Ruled::TaskOpened(TaskOpened {
        kind,
        post,
        due: None,
        blocking,
        sources,
        person: None,
        unit: None,
        title: None,
    })
    .into()
}

fn tell(to: Recipient, why: &str, urgent: bool, sources: &[&str]) -> Event {
    let sources = sources.iter().map(|source| (*source).to_owned()).collect();
    Ruled::Notified(Notified { to, why: why.to_owned(), urgent, sources }).into()
}
