//! Approvals of a case: who decides, what may be asked, what still holds.

use super::super::kind::Duty;
use super::super::remedy::Remedy;
use super::super::stage::{ClosureKind, Stage};
use super::super::state::{Approval, Case, OptionState};
use super::super::words::ApprovalOf;
use super::{Facts, Reason};
use crate::approval::{House, Seat, Standing, Step, covers, needed, present, seats};
use crate::ids::PersonId;
use crate::money::Money;
use crate::pack::{ApprovalRule, By};
use crate::people::Post;
use std::collections::BTreeSet;

/// What the pack asks for a content: the rule and its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy<'a> {
    /// The rule.
    pub rule: &'a ApprovalRule,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Finds who decides a content of this sum in fen, if anybody must.
///
/// X-14, PROP-74: where several rules fit, the one that goes highest counts,
/// so that a further rule never lets somebody lower decide.
#[must_use]
pub fn policy<'a>(of: ApprovalOf, sum_fen: i64, case: &Case, facts: &Facts<'a>) -> Option<Policy<'a>> {
    let fits =
        facts.pack.approvals_of(of).filter(|rule| rule.from_fen <= sum_fen && applies(rule, case, facts));
    let found = fits.map(|rule| Policy { rule, steps: needed(&rule.ladder, sum_fen) });
    found.max_by_key(|policy| {
        let posts = policy.steps.iter().flat_map(|step| &step.posts);
        let below_top = posts.map(|post| post.height_below_top()).min().unwrap_or(u8::MAX);
        (std::cmp::Reverse(below_top), policy.steps.len(), policy.rule.from_fen)
    })
}

fn applies(rule: &ApprovalRule, case: &Case, facts: &Facts<'_>) -> bool {
    rule.when.iter().all(|gate| gate.reasons(case, facts).is_empty())
}

/// What is to be decided, as far as its money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// What kind of content.
    pub of: ApprovalOf,
    /// The remedy meant.
    pub remedy: Option<u32>,
    /// Money in it.
    pub amount: Option<Money>,
}

/// Gives the sum by which limits are looked up: this amount, what was granted
/// besides in this case, and what the same party was granted elsewhere in the
/// same matter (contracts §4).
#[must_use]
pub fn sum_fen(sum: Sum, case: &Case, facts: &Facts<'_>) -> i64 {
    sum_beside(sum, None, case, facts)
}

/// Gives the sum as it has grown around an approval that is asked or granted.
pub(in super::super) fn sum_now(approval: &Approval, case: &Case, facts: &Facts<'_>) -> i64 {
    sum_beside(approval.sum(), Some(approval.id), case, facts)
}

/// Adds up, without the approval itself and what it was asked as before.
fn sum_beside(sum: Sum, own: Option<u32>, case: &Case, facts: &Facts<'_>) -> i64 {
    let Some(amount) = sum.amount.map(Money::fen).filter(|fen| *fen > 0) else { return 0 };
    let elsewhere = case.compensated().and_then(|party| facts.house.spent.get(&party)).copied();
    let again = |one: &Approval| {
        let remedies = sum.of == ApprovalOf::Remedy && one.of == ApprovalOf::Remedy;
        Some(one.id) == own || (remedies && one.remedy == sum.remedy)
    };
    let earlier = case.rounds.iter().flat_map(|round| round.approvals.iter().map(move |one| (round, one)));
    let earlier = earlier.filter(|(_, one)| !again(one));
    // A new option or plan takes the place of the round's last one; remedies add up.
    let beside =
        |one: &&Approval| !again(one) && (sum.of == ApprovalOf::Remedy || one.of == ApprovalOf::Remedy);
    let now = case.round.approvals.iter().filter(beside).map(|one| (&case.round, one));
    let granted = earlier.chain(now).filter_map(|(round, one)| case.counted(round, one)).map(Money::fen);
    granted.fold(amount, i64::saturating_add).saturating_add(elsewhere.unwrap_or(0))
}

impl Approval {
    /// Gives what limits are looked up by.
    #[must_use]
    pub const fn sum(&self) -> Sum {
        Sum { of: self.of, remedy: self.remedy, amount: self.amount }
    }
}

/// Gives the money in what is to be decided, as the case stands: a plan is for
/// what the customer agreed to, once there is such a thing.
pub(in super::super) fn amount_of(of: ApprovalOf, case: &Case) -> Option<Money> {
    if matches!(of, ApprovalOf::AcceptedOption | ApprovalOf::Plan) {
        case.agreed_option().and_then(|option| option.amount)
    } else {
        None
    }
}

/// Gives the money that a request stands for: its own, or what was agreed when
/// it is for a plan and names none (MOB-16).
pub(in super::super) fn amount_asked(of: ApprovalOf, named: Option<Money>, case: &Case) -> Option<Money> {
    if of == ApprovalOf::Plan { named.or_else(|| amount_of(of, case)) } else { named }
}

/// Names everybody who may never decide the approval: who asked for it, and
/// who handled the matter at any time.
#[must_use]
pub fn barred(approval: &Approval, case: &Case) -> BTreeSet<PersonId> {
    let handlers = case.doers.iter().filter(|(duty, _)| *duty == Duty::Handler).map(|(_, person)| *person);
    handlers.chain(case.handler).chain(approval.asked_by).collect()
}

/// Runs a closure with where an approval stands.
fn standing<T>(approval: &Approval, case: &Case, run: impl FnOnce(&Standing<'_>) -> T) -> T {
    let (steps, barred) = (approval.ladder(), barred(approval, case));
    run(&Standing { steps: &steps, at: approval.at(), signed: &approval.signed, barred: &barred })
}

/// Lists everybody who may sign an open approval now.
#[must_use]
pub fn approval_seats(approval: &Approval, case: &Case, house: &House) -> Vec<Seat> {
    standing(approval, case, |standing| seats(standing, house))
}

/// Gives the step of an approval that waits, and the posts missing in it.
#[must_use]
pub fn approval_waits(approval: &Approval, case: &Case, house: &House) -> (u32, Vec<Post>) {
    standing(approval, case, |standing| {
        let step = present(standing, house);
        (step, standing.missing(step))
    })
}

/// Finds the actor's seats, best first: by post, as a deputy, one step up.
///
/// A post counts only where the actor acts with it: a token may hold fewer.
#[must_use]
pub fn my_seats(approval: &Approval, case: &Case, facts: &Facts<'_>) -> Vec<Seat> {
    let Some(me) = facts.actor.person.filter(|_| approval.is_open(facts.now)) else { return Vec::new() };
    let mut house = facts.house.clone();
    for post in &facts.actor.posts {
        house.holders.entry(*post).or_default().insert(me);
    }
    house.absent.remove(&me);
    let acts = |seat: &Seat| seat.stands_for.is_some() || facts.actor.posts.contains(&seat.held);
    let mut mine: Vec<Seat> = approval_seats(approval, case, &house)
        .into_iter()
        .filter(|seat| seat.person == me && acts(seat))
        .collect();
    mine.sort_by_key(|seat| (seat.way, seat.step, seat.post));
    mine
}

/// Tells whether the actor may decide the approval: by post or as a deputy,
/// and never about what he asked for or handled himself.
#[must_use]
pub fn may_decide(approval: &Approval, case: &Case, facts: &Facts<'_>) -> bool {
    !my_seats(approval, case, facts).is_empty()
}

/// Says why nothing waits for the actor's signature, if nothing does.
pub(super) fn decide_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let pending =
        || case.round.approvals.iter().filter(|one| one.decision.is_none() && one.withdrawn_at.is_none());
    if pending().any(|approval| may_decide(approval, case, facts)) {
        return Vec::new();
    }
    let Some(me) = facts.actor.person else { return vec![Reason::new("no_approval_of_yours")] };
    let open = || pending().filter(|approval| approval.is_open(facts.now));
    let signed = |one: &Approval| one.signed.iter().any(|s| s.person == me || s.stands_for == Some(me));
    let code = if open().any(|approval| barred(approval, case).contains(&me)) {
        "own_request"
    } else if open().any(signed) {
        "signed_already"
    } else if pending().next().is_some() && open().next().is_none() {
        "approval_expired"
    } else {
        "no_approval_of_yours"
    };
    vec![Reason::new(code)]
}

/// Tells whether the actor may take the approval back.
#[must_use]
pub fn may_withdraw(approval: &Approval, facts: &Facts<'_>) -> bool {
    facts.actor.person.is_some() && approval.asked_by == facts.actor.person && approval.is_open(facts.now)
}

/// Tells whether an approval of this kind can be asked for now.
#[must_use]
pub fn may_ask(of: ApprovalOf, case: &Case, facts: &Facts<'_>) -> bool {
    if of == ApprovalOf::Remedy {
        let wanted = |remedy: &Remedy| may_ask_remedy(remedy, case, facts);
        return case.stage != Stage::Closed && case.remedies.iter().any(wanted);
    }
    let agreed = case.agreed_option();
    let money = of == ApprovalOf::AcceptedOption;
    let ruled = if money {
        let sum = Sum { of, remedy: None, amount: amount_of(of, case) };
        policy(of, sum_fen(sum, case, facts), case, facts).is_some()
    } else {
        facts.pack.approvals_of(of).any(|rule| applies(rule, case, facts))
    };
    let option = if money { agreed.map(|option| option.id) } else { None };
    let same = |approval: &&Approval| approval.of == of && (option.is_none() || approval.option == option);
    let pending = case.round.approvals.iter().filter(same).any(|approval| approval.is_open(facts.now));
    let closed = case.stage == Stage::Closed;
    let for_good = case.closure.is_some_and(ClosureKind::is_final);
    let fits = match of {
        ApprovalOf::Plan
        | ApprovalOf::Reply
        | ApprovalOf::PublicReply
        | ApprovalOf::MediaStatement
        | ApprovalOf::Remedy
        | ApprovalOf::CorrectiveAction
        | ApprovalOf::Closure => !closed,
        ApprovalOf::AcceptedOption => !closed && agreed.is_some(),
        ApprovalOf::Void => !for_good,
        ApprovalOf::Reopen => closed && !for_good,
    };
    ruled && !pending && fits
}

/// Tells whether a remedy can be put up for decision: what somebody must
/// decide, was not granted as it is, and waits for nobody.
#[must_use]
pub fn may_ask_remedy(remedy: &Remedy, case: &Case, facts: &Facts<'_>) -> bool {
    let sum = Sum { of: ApprovalOf::Remedy, remedy: Some(remedy.id), amount: remedy.amount };
    let ruled = || policy(ApprovalOf::Remedy, sum_fen(sum, case, facts), case, facts).is_some();
    let of_it = case.round.approvals.iter().filter(|one| one.is_of_remedy(remedy));
    let holds =
        |one: &Approval| one.is_granted(facts.now) && reaches(one, case, facts) && carries(one, case, facts);
    let settled = |one: &Approval| one.is_open(facts.now) || holds(one);
    remedy.is_open() && remedy.needs_approval() && !of_it.clone().any(settled) && ruled()
}

/// TXT-15: tells whether an option goes beyond the actor's authority, so that
/// the customer's yes is provisional until it is decided.
#[must_use]
pub fn needs_approval(option: &OptionState, case: &Case, facts: &Facts<'_>) -> bool {
    let sum = Sum { of: ApprovalOf::AcceptedOption, remedy: None, amount: option.amount };
    let sum = sum_fen(sum, case, facts);
    let Some(policy) = policy(ApprovalOf::AcceptedOption, sum, case, facts) else { return false };
    let granted = case.round.approvals.iter().any(|approval| {
        approval.of == ApprovalOf::AcceptedOption
            && approval.is_of_option(option)
            && approval.is_granted(facts.now)
    });
    let held = |step: &Step| {
        let mut posts = step.posts.iter();
        if step.joint { posts.all(|post| facts.holds(*post)) } else { posts.any(|post| facts.holds(*post)) }
    };
    !granted && !policy.steps.iter().all(held)
}

/// An approval counts only for the content it was given for (D1), and only
/// while the pack asks for nobody further up (PROP-74).
pub(in super::super) fn approved(of: ApprovalOf, case: &Case, facts: &Facts<'_>) -> Result<(), Reason> {
    let asked = case.round.approvals.iter().rev().filter(|one| one.of == of && one.withdrawn_at.is_none());
    let agreed = case.agreed_option();
    let same = |approval: &&Approval| match (of, approval.option) {
        (ApprovalOf::AcceptedOption, _) | (_, Some(_)) => {
            agreed.is_some_and(|option| approval.is_of_option(option))
        }
        (_, None) => true,
    };
    let latest = asked.clone().find(same);
    let holds = |approval: &Approval| {
        approval.is_granted(facts.now) && covers_agreed(approval, case) && reaches(approval, case, facts)
    };
    if latest.is_some_and(holds) {
        return Ok(());
    }
    let granted = asked.clone().find(|approval| approval.is_granted(facts.now));
    let code = match (latest, granted) {
        (Some(approval), _) if approval.is_expired(facts.now) => "approval_expired",
        (_, Some(_)) => "approval_stale",
        (_, None) => "approval_missing",
    };
    let missing = match latest.filter(|approval| approval.is_open(facts.now)) {
        Some(approval) => approval_waits(approval, case, facts.house).1,
        None => deciders(Sum { of, remedy: None, amount: amount_of(of, case) }, case, facts),
    };
    let reason = unapproved(code, of, &missing);
    Err(match granted.filter(|approval| code == "approval_stale" && !covers_agreed(approval, case)) {
        Some(approval) => beyond(reason, approval.amount, agreed.and_then(|option| option.amount)),
        None => reason,
    })
}

/// ASC-8, CP8-13, MOB-16: a plan covers an agreement up to its amount; one
/// without an amount covers only an agreement without money. A plan for one
/// option is compared with that option itself.
fn covers_agreed(approval: &Approval, case: &Case) -> bool {
    let fen = |amount: Option<Money>| amount.map_or(0, Money::fen);
    let general = approval.of == ApprovalOf::Plan && approval.option.is_none();
    !general || case.agreed_option().is_none_or(|option| fen(option.amount) <= fen(approval.amount))
}

/// Names the posts that a content of this sum goes to, in order.
pub(in super::super) fn deciders(sum: Sum, case: &Case, facts: &Facts<'_>) -> Vec<Post> {
    let found = policy(sum.of, sum_fen(sum, case, facts), case, facts);
    let mut posts = Vec::new();
    for post in found.iter().flat_map(|found| &found.steps).flat_map(|step| &step.posts) {
        if !posts.contains(post) {
            posts.push(*post);
        }
    }
    if posts.is_empty() { vec![Post::Head] } else { posts }
}

/// Says that something is not approved, and who is missing.
pub(in super::super) fn unapproved(code: &'static str, of: ApprovalOf, missing: &[Post]) -> Reason {
    let names: Vec<&str> = missing.iter().map(|post| post.name()).collect();
    let who: Vec<By> = missing.iter().map(|post| By::Post(*post)).collect();
    Reason::new(code).who(&who).params(&[("of", of.as_str()), ("missing", &names.join(", "))])
}

/// Says how much was approved, and how much it is now.
pub(in super::super) fn beyond(reason: Reason, approved: Option<Money>, now: Option<Money>) -> Reason {
    let yuan = |amount: Option<Money>| amount.map_or_else(|| "0.00".to_owned(), |amount| amount.to_string());
    reason.params(&[("changed", "amount_beyond"), ("approved", &yuan(approved)), ("agreed", &yuan(now))])
}

/// Tells whether the signatures go as far as the pack asks in the case as it
/// is now; the sum stays the one by which it was granted.
pub(in super::super) fn reaches(approval: &Approval, case: &Case, facts: &Facts<'_>) -> bool {
    if approval.steps.is_empty() {
        return true;
    }
    let asked = policy(approval.of, approval.sum_fen.unwrap_or(0), case, facts);
    asked.is_none_or(|asked| covers(&approval.steps, &asked.steps))
}

/// Tells whether an approval was routed as the pack asks now: with the sum as
/// it has grown, and the circumstances as they are.
pub(in super::super) fn routed_as_asked(approval: &Approval, case: &Case, facts: &Facts<'_>) -> bool {
    if approval.steps.is_empty() {
        return true;
    }
    let asked = policy(approval.of, sum_now(approval, case, facts), case, facts);
    asked.is_none_or(|asked| covers(&approval.steps, &asked.steps))
}

/// Contracts §4: tells whether money may leave by an approval now that the sum
/// has grown: somebody high enough granted it, or as large a sum in this case.
pub(in super::super) fn carries(approval: &Approval, case: &Case, facts: &Facts<'_>) -> bool {
    if routed_as_asked(approval, case, facts) {
        return true;
    }
    let sum = sum_now(approval, case, facts);
    let Some(asked) = policy(approval.of, sum, case, facts) else { return true };
    let seen = |one: &Approval| {
        let granted = one.is_granted(facts.now) && one.withdrawn_at.is_none();
        granted && one.sum_fen.is_some_and(|seen| seen >= sum) && covers(&one.steps, &asked.steps)
    };
    case.rounds.iter().chain([&case.round]).flat_map(|round| &round.approvals).any(seen)
}

impl Approval {
    /// Tells whether it is bound to this option as it is: same number, same
    /// words, same amount.
    #[must_use]
    pub fn is_of_option(&self, option: &OptionState) -> bool {
        self.option == Some(option.id) && self.content == option.text && self.amount == option.amount
    }
}
