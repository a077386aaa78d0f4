//! What else must be true of the case, whatever the body.

use super::super::agreement;
use super::super::command::CommandKind;
use super::super::event::TaskKind;
use super::super::kind::{Duty, Flag, Kind};
use super::super::major;
use super::super::remedy::{self, Remedy};
use super::super::stage::Stage;
use super::super::state::{Case, FormState, Promise};
use super::super::task::Task;
use super::super::thread::{self, Thread};
use super::super::words::*;
use super::approval::{self, may_ask};
use super::{Facts, Reason, reopen};
use crate::clock::{Clock, ClockKind};
use crate::ids::PersonId;
use crate::pack::By;
use crate::people::Post;
use crate::time::Timestamp;

const LEAD: By = By::Post(Post::Lead);
const GROUP: By = By::Post(Post::Group);

/// Lists what else must be true, whatever the body.
#[expect(clippy::too_many_lines, reason = "one arm for each action, and none may be forgotten")]
pub(super) fn of(kind: CommandKind, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    use CommandKind as K;
    let me = facts.actor.person;
    match kind {
        K::AcceptHandOver | K::DeclineHandOver => {
            need(case.hand_over.is_some_and(|offer| Some(offer.to) == me), "not_asked")
        }
        K::AcceptTransfer => {
            let mut reasons = need(case.transfer.is_some_and(|offer| Some(offer.to) == me), "not_asked");
            reasons.extend(me.and_then(|me| kept_from_work(me, case, facts)));
            reasons
        }
        K::RejectTransfer => need(case.transfer.is_some_and(|offer| Some(offer.to) == me), "not_asked"),
        K::KeepPromise | K::WithdrawPromise => {
            need(case.promises.iter().any(Promise::is_open), "no_open_promise")
        }
        K::DrawUpAgreement => {
            let mut reasons = need(case.accepted_option().is_some(), "option_not_accepted");
            reasons.extend(remedy::promise_reasons(case, facts));
            reasons
        }
        K::SignAgreement => {
            let mut reasons = need(agreement::unsigned(case).is_some(), "no_agreement_to_sign");
            reasons.extend(need(!case.attached.is_empty(), "scan_missing"));
            reasons
        }
        K::AcceptTask => need(case.tasks.iter().any(|task| may_accept(task, facts)), "no_task_of_yours"),
        K::ReturnTask => need(case.tasks.iter().any(|task| may_return(task, facts)), "no_task_of_yours"),
        K::PassTask => need(case.tasks.iter().any(may_pass), "no_open_task"),
        K::CompleteTask => {
            let mut mine = case.tasks.iter().filter(|task| may_complete(task, case, facts)).peekable();
            let code = if mine.peek().is_some() { "remedy_not_given" } else { "no_task_of_yours" };
            need(mine.any(|task| !case.still_due(task)), code)
        }
        K::ReportTask => {
            need(case.tasks.iter().any(|task| may_complete(task, case, facts)), "no_task_of_yours")
        }
        K::CancelTask => need(case.tasks.iter().any(|task| may_cancel(task, facts)), "no_open_task"),
        K::AnswerOption if case.round.options.is_empty() => {
            vec![Reason::new("options_missing").params(&[("least", "1")])]
        }
        K::RequestApproval => {
            need(ApprovalOf::ALL.iter().any(|of| may_ask(*of, case, facts)), "nothing_to_approve")
        }
        K::DecideApproval => approval::decide_reasons(case, facts),
        K::WithdrawApproval => {
            let mine = case.round.approvals.iter().any(|approval| approval::may_withdraw(approval, facts));
            need(mine, "no_request_of_yours")
        }
        K::FileForm => need(facts.pack.forms.iter().any(|form| form.of.contains(&case.kind)), "no_form"),
        K::WaiveForm => {
            let left = |form: &crate::pack::FormDef| {
                form.waivable && form.of.contains(&case.kind) && !case.forms.contains_key(&form.name)
            };
            need(facts.pack.forms.iter().any(left), "no_form")
        }
        K::Classify => need(!facts.pack.categories.is_empty(), "no_categories"),
        K::SetFields => {
            need(facts.pack.fields.iter().any(|field| field.of.contains(&case.kind)), "no_fields")
        }
        K::Mark => need(Flag::ALL.iter().any(|flag| may_mark(*flag, case, facts)), "no_flag_left"),
        K::Unmark => need(case.flags.keys().any(|flag| still_matters(*flag, case)), "no_flag_set"),
        K::Verify => apart(Duty::Handler, Duty::Verifier, case, facts),
        K::Visit => visit_reasons(case, facts),
        K::Exempt => exempt_reasons(case, facts),
        K::RecordGroupSolution => need(case.escalation.group_at.is_some(), "not_escalated_to_group"),
        K::Extend => need(case.clocks.iter().any(|clock| extendable(clock, facts.now)), "no_open_clock"),
        K::PauseClock => {
            need(case.clocks.iter().any(|clock| pausable(clock, facts.now)), "no_clock_to_pause")
        }
        K::ResumeClock => {
            need(case.clocks.iter().any(|clock| clock.is_open() && clock.is_paused()), "no_paused_clock")
        }
        K::AnswerReminder => need(case.clocks.iter().any(awaits_answer), "no_open_reminder"),
        K::CorrectKind => {
            let mut reasons = unsettled(case);
            reasons
                .extend(need(Kind::ALL.iter().any(|kind| may_become(*kind, case, facts)), "no_other_kind"));
            reasons
        }
        K::CorrectUnit => unsettled(case),
        K::Reopen => reopen::reasons(case, facts),
        K::HandOverForm => {
            need(case.forms.values().any(|form| may_hand_over(form, me)), "no_form_to_hand_over")
        }
        K::TakeForm => need(case.forms.values().any(|form| is_handed(form, me)), "not_asked"),
        K::JudgeMajor => major::judge_reasons(case, facts),
        K::FileReport => need(case.major.is_some(), "not_major"),
        K::DecideInclusion => {
            let mut reasons = need(case.kind == Kind::Complaint, "no_complaint");
            reasons.extend(need(case.accepted_at.is_some(), "not_accepted"));
            reasons
        }
        K::NoteEmotion => need(!facts.pack.emotions.is_empty(), "no_emotions"),
        K::PlanHomeVisit if facts.do_not_visit || case.has(Flag::DoNotVisit) => {
            vec![Reason::new("do_not_visit").who(&[LEAD])]
        }
        K::SendConfirmation => {
            let mut reasons = need(agreement::unsigned(case).is_some(), "no_agreement_to_sign");
            reasons.extend(need(agreement::stands(case), "agreement_stale"));
            reasons
        }
        K::ConfirmAgreement => need(agreement::unsigned(case).is_some(), "no_agreement_to_sign"),
        K::OpenThread => need(case.threads.len() < thread::MOST_THREADS, "too_many"),
        K::WriteMessage => {
            need(case.threads.iter().any(|one| may_write(one, case, facts)), "no_thread_of_yours")
        }
        K::ProposeRemedy => remedy::propose_reasons(case, facts),
        K::GiveRemedy => remedy::give_reasons(case, facts),
        K::DropRemedy => need(case.remedies.iter().any(Remedy::is_open), "no_open_remedy"),
        // A move is permitted by the pack; the rest hangs on nothing else.
        K::Move(_)
        | K::AnswerOption
        | K::Note
        | K::Contact
        | K::Attach
        | K::StateDemand
        | K::HandOver
        | K::ReturnTransfer
        | K::Promise
        | K::ConfirmSlot
        | K::Reply
        | K::RecordFinding
        | K::RecordOpinion
        | K::StateBasis
        | K::RankExpectations
        | K::OfferOption
        | K::AgreeCorrective
        | K::AddTask
        | K::Escalate
        | K::Urge
        | K::Supervise
        | K::CorrectParty
        | K::Link
        | K::RecordCustomerWord
        | K::Transfer
        | K::DecideValidity
        | K::GradeLiability
        | K::NameResponsible
        | K::Summarise
        | K::PlanHomeVisit
        | K::ChangeSetting
        | K::RaiseLevel => Vec::new(),
    }
}

fn need(open: bool, code: &'static str) -> Vec<Reason> {
    if open { Vec::new() } else { vec![Reason::new(code)] }
}

/// While the week runs nothing is put right: it would bind another one.
fn unsettled(case: &Case) -> Vec<Reason> {
    let settling = case.stage == Stage::Settling;
    let reason = || Reason::new("wrong_stage").params(&[("stage", case.stage.as_str())]);
    settling.then(reason).into_iter().collect()
}

/// Tells whether the case can be put right as one of this kind.
pub(in super::super) fn may_become(kind: Kind, case: &Case, facts: &Facts<'_>) -> bool {
    let pack = facts.rebound.unwrap_or(facts.pack);
    kind != case.kind && !pack.targets(kind).is_empty()
}

/// Tells whether the actor may write into a thread: the desk into each, whoever
/// is named in one alone into that (DEPT-4).
#[must_use]
pub fn may_write(one: &Thread, case: &Case, facts: &Facts<'_>) -> bool {
    let desk = [By::Owner, By::Handler, By::Post(Post::Agent), LEAD, By::Post(Post::Head)];
    let written: usize = case.threads.iter().map(|one| one.messages.len()).sum();
    let room = written < thread::MOST_MESSAGES;
    room && (facts.is_any(&desk, case) || thread::is_mine(one, facts.actor.person))
}

/// Tells whether a form is filled and still waits for somebody to take it.
#[must_use]
pub fn may_hand_over(form: &FormState, me: Option<PersonId>) -> bool {
    let waits = form.handed.is_none_or(|handed| handed.taken_at.is_none() && Some(handed.to) != me);
    !form.waived && waits
}

/// Tells whether a form was given to this person and waits to be taken.
#[must_use]
pub fn is_handed(form: &FormState, me: Option<PersonId>) -> bool {
    form.handed.is_some_and(|handed| handed.taken_at.is_none() && Some(handed.to) == me)
}

/// Tells whether this person may set the flag, which is not set yet.
#[must_use]
pub fn may_mark(flag: Flag, case: &Case, facts: &Facts<'_>) -> bool {
    !case.has(flag) && still_matters(flag, case) && (flag != Flag::Important || chooses(facts))
}

/// the lead or the department head chooses what is important.
fn chooses(facts: &Facts<'_>) -> bool {
    facts.holds(Post::Lead) || facts.holds(Post::Head)
}

/// X-10, DEPT-8: of a closed case only what it is chosen for may still change, and
/// whether the customer was lost since.
#[must_use]
pub fn still_matters(flag: Flag, case: &Case) -> bool {
    case.stage != Stage::Closed || matches!(flag, Flag::Important | Flag::CustomerLost)
}

/// Tells whether a clock still runs towards its due time.
#[must_use]
pub fn running(clock: &Clock) -> bool {
    clock.is_open() && !clock.is_paused() && clock.breached_at.is_none()
}

/// Tells whether a clock may get more time (延期): not promises, not the week,
/// not what somebody waits to hear.
#[must_use]
pub fn extendable(clock: &Clock, now: Timestamp) -> bool {
    let firm = matches!(clock.kind, ClockKind::Promise | ClockKind::Settle | ClockKind::EffectCheck)
        || awaits_answer(clock);
    running(clock) && now < clock.due_at && !firm
}

/// Tells whether somebody who urged or supervises still waits for the answer.
#[must_use]
pub const fn awaits_answer(clock: &Clock) -> bool {
    clock.kind.is_of_reminder() && clock.is_open()
}

/// Tells whether a clock may stand still from now on (D5).
#[must_use]
pub fn pausable(clock: &Clock, now: Timestamp) -> bool {
    clock.pausable && running(clock) && now < clock.due_at
}

/// who verified or visited in any round does not handle it now.
#[must_use]
pub fn kept_from_work(person: PersonId, case: &Case, facts: &Facts<'_>) -> Option<Reason> {
    let pairs = facts.pack.separations(case.kind);
    let both = pairs.into_iter().flat_map(|(one, other)| [(one, other), (other, one)]);
    let clash = both.into_iter().find(|(one, other)| *one == Duty::Handler && case.did(*other, person));
    clash.map(|(one, other)| duties_clash(one, other))
}

fn duties_clash(one: Duty, other: Duty) -> Reason {
    Reason::new("duties_clash").params(&[("one", one.as_str()), ("other", other.as_str())])
}

/// X-39, SUP-1: whoever did the one duty may not do the other, in any round.
fn apart(done: Duty, next: Duty, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let pairs = facts.pack.separations(case.kind);
    let declared = pairs.iter().any(|pair| *pair == (done, next) || *pair == (next, done));
    let did = facts.actor.person.is_some_and(|person| case.did(done, person));
    if declared && did { vec![duties_clash(done, next)] } else { Vec::new() }
}

/// PROP-57, 63; X-39: who may make the return visit, and whom.
fn visit_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let mut reasons = apart(Duty::Handler, Duty::Visitor, case, facts);
    if facts.do_not_visit || case.has(Flag::DoNotVisit) {
        reasons.push(Reason::new("do_not_visit").who(&[LEAD]));
    }
    if case.escalation.group_at.is_some() && !facts.holds(Post::Group) {
        reasons.push(Reason::new("group_visits").who(&[GROUP]));
    }
    reasons
}

/// PROP-57, 60: the lead exempts, the receiver only what he settled on the
/// spot, and the group alone what was escalated to it.
fn exempt_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    if case.escalation.group_at.is_some() {
        return if facts.holds(Post::Group) {
            Vec::new()
        } else {
            vec![Reason::new("group_visits").who(&[GROUP])]
        };
    }
    if facts.holds(Post::Lead) || on_the_spot(case) {
        return Vec::new();
    }
    vec![Reason::new("exemption_is_the_leads").who(&[LEAD])]
}

/// PROP-60 (1): the receiver may record this exemption himself.
#[must_use]
pub fn on_the_spot(case: &Case) -> bool {
    case.has(Flag::SettledAtOnce) && case.has(Flag::SatisfiedOnTheSpot)
}

/// Tells whether the actor may complete the task.
///
/// What a rule asks of a post, such as the head's appearance (PROP-39), only
/// that post can have done.
#[must_use]
pub fn may_complete(task: &Task, case: &Case, facts: &Facts<'_>) -> bool {
    let mine = task.person.is_some() && task.person == facts.actor.person;
    let my_post = task.person.is_none() && task.post.is_some_and(|post| facts.holds(post));
    let anothers = task.kind.is_peoples() && facts.is_any(&[By::Owner, LEAD], case);
    let my_unit = agreement::is_of_my_unit(task.unit, facts);
    let elsewhere = task.unit.is_some() && !my_unit;
    task.is_open() && (mine || my_unit || (my_post && !elsewhere) || anothers)
}

/// Tells whether the actor may take the task on for the department.
#[must_use]
pub fn may_accept(task: &Task, facts: &Facts<'_>) -> bool {
    may_return(task, facts) && task.accepted_at.is_none()
}

/// Tells whether the actor may give the task back as not the department's.
#[must_use]
pub fn may_return(task: &Task, facts: &Facts<'_>) -> bool {
    task.is_open() && agreement::is_of_my_unit(task.unit, facts)
}

/// Tells whether the task can be given to another department.
#[must_use]
pub fn may_pass(task: &Task) -> bool {
    task.is_open() && task.kind == TaskKind::Promised
}

/// Tells whether the actor may call the task off: what a rule asks of a post
/// only that post or the head.
#[must_use]
pub fn may_cancel(task: &Task, facts: &Facts<'_>) -> bool {
    let my_post = task.unit.is_none() && task.post.is_some_and(|post| facts.holds(post));
    task.is_open() && (task.kind.is_peoples() || my_post || facts.holds(Post::Head))
}
