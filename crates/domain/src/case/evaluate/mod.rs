//! What may be done now, and why not: one function for lists and decisions (D2).
//!
//! *Where to start*: [`evaluate`]; `table` names who and in which stages,
//! `conditions` what else must be true, `reopen` the grounds for opening again.

mod approval;
mod conditions;
mod reopen;
mod table;

use super::command::CommandKind;
use super::stage::{ClosureKind, Stage, Target};
use super::state::{Case, OptionState};
use super::words::{OptionAnswer, ReplyKind};
use crate::approval::House;
use crate::ids::PersonId;
use crate::money::Money;
use crate::pack::{BeforeRule, By, MoveRule, Pack};
use crate::people::Post;
use crate::text::Sealed;
use crate::time::{Timestamp, WorkingCalendar};
use std::collections::{BTreeMap, BTreeSet};

pub use approval::{
    Policy, Sum, approval_seats, approval_waits, barred, may_ask, may_ask_remedy, may_decide, may_withdraw,
    my_seats, needs_approval, policy, sum_fen,
};
pub(super) use approval::{
    amount_asked, amount_of, approved, beyond, carries, deciders, reaches, routed_as_asked, sum_now,
    unapproved,
};
pub(super) use conditions::{
    awaits_answer, extendable, kept_from_work, may_become, may_mark, on_the_spot, pausable, running,
    still_matters,
};
pub use conditions::{
    is_handed, may_accept, may_cancel, may_complete, may_hand_over, may_pass, may_return, may_write,
};
pub use reopen::{ReopenGround, reopen_ground};
pub use table::{may, stages};

/// Who acts: a person with the posts held over the case's unit, or a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseActor {
    /// The person; nobody for the clock.
    pub person: Option<PersonId>,
    /// Posts held at the case's unit or above it.
    pub posts: BTreeSet<Post>,
    /// True for the customer, who shows number and lookup code.
    pub customer: bool,
}

/// What a decision must know of another person that its body names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// False when the person left or is switched off.
    pub active: bool,
    /// Posts held over the case's unit.
    pub posts: BTreeSet<Post>,
    /// Whether the person may see the case.
    pub sees: bool,
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
    /// Who decides what around the case; [`NOBODY`](crate::approval::NOBODY)
    /// where nothing is decided.
    pub house: &'a House,
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
            By::Clock => person.is_none() && !self.actor.customer,
            By::Customer => self.actor.customer,
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
            reasons.extend(conditions::of(other, case, facts));
            reasons.extend(before(other, case, facts));
            if reasons.is_empty() { Ok(()) } else { Err(reasons) }
        }
    }
}

/// What the pack asks for before an action that is no move.
fn before(kind: CommandKind, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    if kind == CommandKind::OfferOption {
        return before_offer(None, case, facts);
    }
    reasons_before(kind, case, facts, |rule| rule.replies.is_empty())
}

/// What the pack asks for before an option of this amount is offered (ASC-8,
/// CP8-13): the gates are looked at as if the customer had taken it already, so
/// that nothing is offered which could not be carried out.
pub(super) fn before_offer(amount: Option<Money>, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let kind = CommandKind::OfferOption;
    if !facts.pack.before.iter().any(|rule| rule.action == kind) {
        return Vec::new();
    }
    let mut taken = case.clone();
    let (id, text) = (super::apply::number(case.options_so_far()), Sealed(String::new()));
    taken.round.options.push(OptionState { id, text, amount, answer: Some(OptionAnswer::Accepted) });
    reasons_before(kind, &taken, facts, |rule| rule.replies.is_empty())
}

/// What the pack asks for before a reply of this kind (ASC-8, CP8-13).
pub(super) fn before_reply(reply: ReplyKind, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    reasons_before(CommandKind::Reply, case, facts, |rule| rule.replies.contains(&reply))
}

fn reasons_before(
    kind: CommandKind,
    case: &Case,
    facts: &Facts<'_>,
    concerns: impl Fn(&BeforeRule) -> bool,
) -> Vec<Reason> {
    let here = |rule: &&BeforeRule| rule.action == kind && rule.of.contains(&case.kind) && concerns(rule);
    let rules = facts.pack.before.iter().filter(here);
    let of_rule = |rule: &BeforeRule| {
        let reasons = rule.gates.iter().flat_map(|gate| gate.reasons(case, facts));
        reasons.map(|reason| reason.sources(&rule.source)).collect::<Vec<_>>()
    };
    rules.flat_map(of_rule).collect()
}

/// Says what is recommended before a move and not done; it never blocks.
#[must_use]
pub fn advice(target: Target, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let Ok(rule) = permit_move(target, case, facts) else { return Vec::new() };
    let reasons = rule.advised.iter().flat_map(|gate| gate.reasons(case, facts));
    reasons.map(|reason| reason.sources(&rule.source)).collect()
}

/// Finds the rule that allows a move now.
///
/// # Errors
/// The reasons of the first way in the pack that the actor may go, else of
/// the first way: an author writes the usual one before the exceptions.
pub fn permit_move<'a>(target: Target, case: &Case, facts: &Facts<'a>) -> Result<&'a MoveRule, Vec<Reason>> {
    if case.closure.is_some_and(ClosureKind::is_final) {
        return Err(vec![Reason::new("closed_for_good")]);
    }
    let mut told: Option<(bool, Vec<Reason>)> = None;
    let here = |rule: &&MoveRule| rule.from.contains(&case.stage);
    for rule in facts.pack.moves_to(case.kind, target).filter(here) {
        let reasons = move_reasons(rule, case, facts);
        if reasons.is_empty() {
            return Ok(rule);
        }
        let mine = facts.is_any(&rule.by, case);
        if told.as_ref().is_none_or(|(before, _)| mine && !before) {
            told = Some((mine, reasons));
        }
    }
    Err(told.map_or_else(|| vec![no_such_move(target, case, facts)], |(_, reasons)| reasons))
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
