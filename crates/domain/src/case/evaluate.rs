//! What may be done now, and why not: one function for lists and decisions (D2).

use super::command::CommandKind;
use super::kind::{Duty, Flag};
use super::stage::{ClosureKind, Stage, Target};
use super::state::Case;
use super::words::*;
use crate::ids::PersonId;
use crate::pack::{By, MoveRule, Pack};
use crate::people::Post;
use crate::time::{Timestamp, WorkingCalendar};
use std::collections::{BTreeMap, BTreeSet};

/// Who acts: a person with the posts held over the case's unit, or a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseActor {
    /// The person; nobody for the clock.
    pub person: Option<PersonId>,
    /// Posts held at the case's unit or above it.
    pub posts: BTreeSet<Post>,
}

/// What a decision must know of another person that its body names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// False when the person left or is switched off.
    pub active: bool,
    /// Posts held over the case's unit.
    pub posts: BTreeSet<Post>,
}

/// Everything a decision may look at beside the case itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The pack version that binds the case.
    pub pack: &'a Pack,
    /// The pack that would bind it after a change of kind or unit.
    pub rebound: Option<&'a Pack>,
    /// The calendar of the case's unit.
    pub calendar: &'a WorkingCalendar,
    /// Who acts.
    pub actor: &'a CaseActor,
    /// People that the body names.
    pub people: &'a BTreeMap<PersonId, Named>,
    /// True when a party of the case must never be visited (PROP-63).
    pub do_not_visit: bool,
    /// When it happens.
    pub now: Timestamp,
}

/// One reason why an action is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable code, such as `not_verified`.
    pub code: &'static str,
    /// Values that the text names.
    pub params: BTreeMap<String, String>,
    /// Who can open it.
    pub who: Vec<By>,
    /// Sources of the rule that asks for it.
    pub sources: Vec<String>,
}

impl Reason {
    /// Makes a reason with its code alone.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code, params: BTreeMap::new(), who: Vec::new(), sources: Vec::new() }
    }

    /// Names who can open it.
    #[must_use]
    pub fn who(mut self, who: &[By]) -> Self {
        self.who = who.to_vec();
        self
    }

    /// Adds values that the text names.
    #[must_use]
    pub fn params(mut self, params: &[(&str, &str)]) -> Self {
        self.params.extend(params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    fn sources(mut self, sources: &[String]) -> Self {
        self.sources.extend_from_slice(sources);
        self
    }

    /// Tells whether it is about who asks, not about the case.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        self.code == NOT_PERMITTED
    }
}

/// Code of the reason that somebody else must do it.
pub const NOT_PERMITTED: &str = "not_permitted";

impl Facts<'_> {
    /// Tells whether the actor is one of those named.
    #[must_use]
    pub fn is_any(&self, by: &[By], case: &Case) -> bool {
        by.iter().any(|by| self.is(*by, case))
    }

    fn is(&self, by: By, case: &Case) -> bool {
        let person = self.actor.person;
        match by {
            By::Clock => person.is_none(),
            By::Anybody => person.is_some(),
            By::Owner => person == Some(case.owner),
            By::Handler => person.is_some() && person == case.handler,
            By::Asked => person.is_some(),
            By::Post(post) => person.is_some() && self.actor.posts.contains(&post),
        }
    }

    fn holds(&self, post: Post) -> bool {
        self.actor.posts.contains(&post)
    }
}

/// Tells whether some body of the action would be accepted now.
///
/// # Errors
/// Every reason why not; who asks comes first.
pub fn evaluate(kind: CommandKind, case: &Case, facts: &Facts<'_>) -> Result<(), Vec<Reason>> {
    match kind {
        CommandKind::Move(target) => permit_move(target, case, facts).map(|_| ()),
        other => {
            let mut reasons = Vec::new();
            let by = may(other);
            if !facts.is_any(by, case) {
                reasons.push(Reason::new(NOT_PERMITTED).who(by));
            }
            if !stages(other).contains(&case.stage) {
                reasons.push(Reason::new("wrong_stage").params(&[("stage", case.stage.as_str())]));
            }
            reasons.extend(conditions(other, case, facts));
            if reasons.is_empty() { Ok(()) } else { Err(reasons) }
        }
    }
}

/// Finds the rule that allows a move now.
///
/// # Errors
/// The reasons of the rule that came nearest.
pub fn permit_move<'a>(target: Target, case: &Case, facts: &Facts<'a>) -> Result<&'a MoveRule, Vec<Reason>> {
    let mut nearest: Option<Vec<Reason>> = None;
    let here = |rule: &&MoveRule| rule.from.contains(&case.stage);
    for rule in facts.pack.moves_to(case.kind, target).filter(here) {
        let reasons = move_reasons(rule, case, facts);
        if reasons.is_empty() {
            return Ok(rule);
        }
        if nearest.as_ref().is_none_or(|best| reasons.len() < best.len()) {
            nearest = Some(reasons);
        }
    }
    Err(nearest.unwrap_or_else(|| vec![no_such_move(target, case, facts)]))
}

fn no_such_move(target: Target, case: &Case, facts: &Facts<'_>) -> Reason {
    let mut from: Vec<&str> = facts
        .pack
        .moves_to(case.kind, target)
        .flat_map(|rule| &rule.from)
        .map(|stage| stage.as_str())
        .collect();
    from.sort_unstable();
    from.dedup();
    Reason::new("wrong_stage").params(&[("stage", case.stage.as_str()), ("from", &from.join(", "))])
}

fn move_reasons(rule: &MoveRule, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if !facts.is_any(&rule.by, case) {
        reasons.push(Reason::new(NOT_PERMITTED).who(&rule.by));
    }
    reasons.extend(rule.gates.iter().flat_map(|gate| gate.reasons(case, facts)));
    let counts = !matches!(rule.to, Target::Closed(kind) if kind.is_final());
    let closes = counts && rule.to.stage() == Stage::Closed;
    for closing in facts.pack.closing.iter().filter(|closing| closes && closing.of.contains(&case.kind)) {
        let found = closing.gates.iter().flat_map(|gate| gate.reasons(case, facts));
        reasons.extend(found.map(|reason| reason.sources(&closing.source)));
    }
    if escalated_elsewhere(rule, case, facts) {
        reasons.push(Reason::new("group_visits").who(&[By::Post(Post::Group)]));
    }
    reasons.into_iter().map(|reason| reason.sources(&rule.source)).collect()
}

/// PROP-57: an escalated case is closed satisfied by the group only.
fn escalated_elsewhere(rule: &MoveRule, case: &Case, facts: &Facts<'_>) -> bool {
    rule.to == Target::Closed(ClosureKind::Satisfied)
        && case.escalation.group_at.is_some()
        && !facts.holds(Post::Group)
}

const AGENT: By = By::Post(Post::Agent);
const LEAD: By = By::Post(Post::Lead);
const HEAD: By = By::Post(Post::Head);
const GROUP: By = By::Post(Post::Group);

/// Names who may take an action that is not a move; those are the pack's.
#[must_use]
pub const fn may(kind: CommandKind) -> &'static [By] {
    use CommandKind as K;
    match kind {
        K::Move(_) => &[],
        K::Note | K::Contact | K::Attach => &[By::Anybody],
        K::SetFields | K::StateDemand | K::Mark | K::Link => &[By::Owner, By::Handler, AGENT, LEAD],
        K::Classify => &[By::Owner, By::Handler, LEAD, By::Post(Post::Statistics)],
        K::Unmark => &[LEAD, HEAD],
        K::HandOver | K::Transfer => &[By::Owner, LEAD, HEAD],
        K::AcceptHandOver | K::DeclineHandOver | K::AcceptTransfer | K::RejectTransfer => &[By::Asked],
        K::ReturnTransfer => &[By::Handler],
        K::Promise | K::KeepPromise | K::WithdrawPromise | K::Reply | K::RankExpectations => {
            &[By::Owner, By::Handler, LEAD]
        }
        K::ConfirmSlot => &[By::Handler, LEAD, By::Post(Post::Department)],
        K::RecordFinding | K::StateBasis | K::OfferOption => &[By::Handler, LEAD],
        K::RecordOpinion | K::AnswerOption | K::RequestApproval => &[By::Owner, By::Handler, LEAD],
        K::DecideApproval => &[HEAD, By::Post(Post::Manager), GROUP, By::Post(Post::Gm), LEAD],
        K::AddTask | K::CancelTask => &[By::Owner, By::Handler, LEAD, HEAD],
        K::CompleteTask => &[By::Anybody],
        K::FileForm => &[By::Owner, By::Handler, LEAD],
        K::WaiveForm => &[LEAD],
        K::Verify => &[By::Post(Post::Verifier)],
        K::Visit => &[LEAD, By::Post(Post::Visitor), GROUP],
        K::Exempt => &[LEAD, By::Owner],
        K::Escalate => &[By::Owner, By::Handler, LEAD, HEAD],
        K::RecordGroupSolution => &[GROUP],
        K::Extend => &[LEAD, HEAD],
        K::PauseClock | K::ResumeClock => &[By::Owner, By::Handler, LEAD],
        K::Urge => &[By::Owner, AGENT, LEAD, HEAD, By::Post(Post::Supervision), By::Post(Post::Office)],
        K::Supervise => &[
            LEAD,
            HEAD,
            By::Post(Post::Supervision),
            By::Post(Post::Office),
            By::Post(Post::Manager),
            By::Post(Post::DeputyGm),
            By::Post(Post::Gm),
            GROUP,
        ],
        K::CorrectKind | K::CorrectUnit | K::CorrectParty => &[By::Owner, LEAD, HEAD],
        K::RecordCustomerWord => &[By::Owner, By::Handler, AGENT, LEAD, By::Post(Post::Visitor)],
        K::Reopen => &[By::Owner, AGENT, LEAD, HEAD],
    }
}

/// Names the stages in which an action makes sense.
#[must_use]
pub fn stages(kind: CommandKind) -> &'static [Stage] {
    use CommandKind as K;
    use Stage as S;
    const BEFORE_CLOSED: &[Stage] = &[
        S::Received,
        S::Accepted,
        S::Assessing,
        S::Investigating,
        S::Negotiating,
        S::Deciding,
        S::Executing,
        S::Verifying,
        S::Visiting,
        S::Settling,
    ];
    const WORKING: &[Stage] = &[
        S::Received,
        S::Accepted,
        S::Assessing,
        S::Investigating,
        S::Negotiating,
        S::Deciding,
        S::Executing,
    ];
    match kind {
        K::Note | K::Contact | K::Attach | K::Link | K::Classify | K::AcceptHandOver | K::DeclineHandOver => {
            S::ALL
        }
        K::CompleteTask | K::CancelTask | K::KeepPromise | K::WithdrawPromise => S::ALL,
        // A closing by mistake or a void needs its approval where it stands.
        K::RequestApproval | K::DecideApproval => S::ALL,
        K::RecordFinding => &[S::Accepted, S::Assessing, S::Investigating, S::Negotiating],
        K::OfferOption => &[S::Investigating, S::Negotiating],
        K::AnswerOption => &[S::Negotiating],
        K::Transfer | K::AcceptTransfer | K::RejectTransfer | K::ReturnTransfer | K::ConfirmSlot => WORKING,
        K::Verify => &[S::Verifying],
        K::Visit => &[S::Visiting],
        K::Exempt => &[S::Accepted, S::Verifying, S::Visiting],
        K::Reopen => &[S::Settling, S::Closed],
        _ => BEFORE_CLOSED,
    }
}

/// Lists what else must be true, whatever the body.
fn conditions(kind: CommandKind, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    use CommandKind as K;
    let me = facts.actor.person;
    let need = |open: bool, code: &'static str| if open { Vec::new() } else { vec![Reason::new(code)] };
    match kind {
        K::AcceptHandOver | K::DeclineHandOver => {
            need(case.hand_over.is_some_and(|offer| Some(offer.to) == me), "not_asked")
        }
        K::AcceptTransfer | K::RejectTransfer => {
            need(case.transfer.is_some_and(|offer| Some(offer.to) == me), "not_asked")
        }
        K::Transfer => transfer_reasons(case),
        K::KeepPromise | K::WithdrawPromise => {
            need(case.promises.iter().any(super::state::Promise::is_open), "no_open_promise")
        }
        K::CompleteTask => {
            need(case.tasks.iter().any(|task| may_complete(task, case, facts)), "no_task_of_yours")
        }
        K::CancelTask => need(case.tasks.iter().any(super::state::Task::is_open), "no_open_task"),
        K::AnswerOption => need(!case.round.options.is_empty(), "options_missing"),
        K::RequestApproval => need(may_ask_something(case, facts), "nothing_to_approve"),
        K::DecideApproval => need(
            case.round.approvals.iter().any(|approval| may_decide(approval, facts)),
            "no_approval_of_yours",
        ),
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
        K::Mark => need(Flag::ALL.iter().any(|flag| !case.has(*flag)), "no_flag_left"),
        K::Unmark => need(!case.flags.is_empty(), "no_flag_set"),
        K::Verify => apart(Duty::Handler, Duty::Verifier, case, facts),
        K::Visit => visit_reasons(case, facts),
        K::Exempt => need(facts.holds(Post::Lead) || on_the_spot(case), "exemption_is_the_leads"),
        K::RecordGroupSolution => need(case.escalation.group_at.is_some(), "not_escalated_to_group"),
        K::Extend => need(case.clocks.iter().any(extendable), "no_open_clock"),
        K::PauseClock => {
            need(case.clocks.iter().any(|clock| clock.pausable && running(clock)), "no_clock_to_pause")
        }
        K::ResumeClock => {
            need(case.clocks.iter().any(|clock| clock.is_open() && clock.is_paused()), "no_paused_clock")
        }
        K::CorrectKind | K::CorrectUnit => need(case.stage != Stage::Settling, "wrong_stage"),
        K::Reopen => reopen_reasons(case, facts),
        _ => Vec::new(),
    }
}

/// Tells whether a clock still runs towards its due time.
#[must_use]
pub fn running(clock: &crate::clock::Clock) -> bool {
    clock.is_open() && !clock.is_paused() && clock.breached_at.is_none()
}

/// Tells whether a clock may get more time (延期): not promises, not the week.
#[must_use]
pub fn extendable(clock: &crate::clock::Clock) -> bool {
    use crate::clock::ClockKind as C;
    running(clock) && !matches!(clock.kind, C::Promise | C::Settle)
}

/// PROP-50: no transfer before the customer knows when he hears from us.
fn transfer_reasons(case: &Case) -> Vec<Reason> {
    let promised = case.promises.iter().any(|p| p.kind == PromiseKind::Feedback && p.withdrawn_at.is_none());
    let excused =
        [Flag::Emergency, Flag::NoUsableContact, Flag::SettledAtOnce].iter().any(|flag| case.has(*flag));
    let needs = matches!(case.kind, super::kind::Kind::Complaint) && !super::gate::prescribed(case);
    if promised || excused || !needs {
        return Vec::new();
    }
    let sources = ["PROP-50".to_owned()];
    let reason = Reason::new("promise_missing").who(&[By::Owner]).params(&[("kind", "feedback")]);
    vec![reason.sources(&sources)]
}

/// X-39, SUP-1: whoever did the one duty may not do the other, in any round.
fn apart(done: Duty, next: Duty, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let declared =
        facts.pack.separations(case.kind).iter().any(|pair| *pair == (done, next) || *pair == (next, done));
    let Some(person) = facts.actor.person else { return Vec::new() };
    if !declared || !(case.did(done, person) || (done == Duty::Handler && case.handler == Some(person))) {
        return Vec::new();
    }
    vec![Reason::new("duties_clash").params(&[("one", done.as_str()), ("other", next.as_str())])]
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

/// PROP-60 (1): the receiver may record this exemption himself.
#[must_use]
pub fn on_the_spot(case: &Case) -> bool {
    case.has(Flag::SettledAtOnce) && case.has(Flag::SatisfiedOnTheSpot)
}

/// Tells whether the actor may complete the task.
#[must_use]
pub fn may_complete(task: &super::state::Task, case: &Case, facts: &Facts<'_>) -> bool {
    let mine = task.person.is_some() && task.person == facts.actor.person;
    let my_post = task.person.is_none() && task.post.is_some_and(|post| facts.holds(post));
    task.is_open() && (mine || my_post || facts.holds(Post::Lead) || facts.is(By::Owner, case))
}

/// Tells whether the actor may decide the approval: by post, never his own.
#[must_use]
pub fn may_decide(approval: &super::state::Approval, facts: &Facts<'_>) -> bool {
    let own = approval.asked_by == facts.actor.person;
    approval.decision.is_none() && !own && facts.holds(approval.decider)
}

fn may_ask_something(case: &Case, facts: &Facts<'_>) -> bool {
    ApprovalOf::ALL.iter().any(|of| may_ask(*of, case, facts))
}

/// Tells whether an approval of this kind can be asked for now.
#[must_use]
pub fn may_ask(of: ApprovalOf, case: &Case, facts: &Facts<'_>) -> bool {
    let ruled = facts.pack.approval(of, i64::MAX).is_some();
    let pending =
        case.round.approvals.iter().any(|approval| approval.of == of && approval.decision.is_none());
    let closed = case.stage == Stage::Closed;
    let fits = match of {
        ApprovalOf::Plan | ApprovalOf::PublicReply | ApprovalOf::Closure => !closed,
        ApprovalOf::AcceptedOption => !closed && case.accepted_option().is_some(),
        ApprovalOf::Void => !case.closure.is_some_and(ClosureKind::is_final),
        ApprovalOf::Reopen => closed && !case.closure.is_some_and(ClosureKind::is_final),
    };
    ruled && !pending && fits
}

/// Why a case is opened again (packs.md §2, last rows).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReopenGround {
    /// A repeat is linked (PROP-64, 93).
    Repeat,
    /// It was closed by mistake; the same round goes on.
    Mistake,
    /// A complaint not established is reviewed by another person.
    Review,
}

/// Finds the ground on which the case may be opened again now.
#[must_use]
pub fn reopen_ground(case: &Case, facts: &Facts<'_>) -> Option<ReopenGround> {
    if case.closure.is_some_and(ClosureKind::is_final) {
        return None;
    }
    let since = case.closed_at.or_else(|| case.round.exemption.map(|(_, at)| at))?;
    let repeat = case.relations.iter().any(|(kind, _, at)| *kind == Relation::RepeatedBy && *at >= since);
    let recorded =
        [Post::Agent, Post::Lead].iter().any(|post| facts.holds(*post)) || facts.is(By::Owner, case);
    if repeat && recorded {
        return Some(ReopenGround::Repeat);
    }
    let granted = case.round.approvals.iter().any(|approval| {
        approval.of == ApprovalOf::Reopen
            && approval.asked_at >= since
            && matches!(approval.decision, Some((Decision::Granted, ..)))
    });
    if case.stage == Stage::Closed && granted && facts.holds(Post::Lead) {
        return Some(ReopenGround::Mistake);
    }
    let other = facts.actor.person.is_some_and(|person| !case.did(Duty::Closer, person));
    let review = case.closure == Some(ClosureKind::NotEstablished) && facts.holds(Post::Head) && other;
    review.then_some(ReopenGround::Review)
}

fn reopen_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    if case.closure.is_some_and(ClosureKind::is_final) {
        return vec![Reason::new("closed_for_good")];
    }
    if reopen_ground(case, facts).is_some() {
        return Vec::new();
    }
    let params = [("relation", Relation::RepeatedBy.as_str())];
    vec![Reason::new("not_linked").params(&params).who(&[AGENT, LEAD])]
}
