//! Where a request for approval goes, and who hears of it.

use super::super::body::{ApprovalAsked, ApprovalDecided};
use super::super::evaluate::{Facts, Sum, approval_seats, policy, sum_fen};
use super::super::event::{ApprovalRouted, Event, Recipient, Ruled};
use super::super::state::{Approval, Case};
use super::tell;
use crate::approval::Way;
use crate::people::Post;
use crate::text::Sealed;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// Microseconds of one day.
const DAY: i64 = 86_400_000_000;

/// a request goes up the ladder that the pack has for its content.
pub(super) fn of_request(case: &Case, asked: &ApprovalAsked<Sealed>, facts: &Facts<'_>) -> Vec<Event> {
    let sum = Sum { of: asked.of, remedy: asked.remedy, amount: asked.amount };
    let sum = sum_fen(sum, case, facts);
    let Some(policy) = policy(asked.of, sum, case, facts) else { return Vec::new() };
    let first = policy.steps.first().and_then(|step| step.posts.first()).copied().unwrap_or(Post::Head);
    let days = policy.rule.valid_days;
    let routed = ApprovalRouted {
        decider: first,
        steps: policy.steps,
        sum_fen: Some(sum),
        expires_at: days
            .map(|days| Timestamp::from_micros(facts.now.micros().saturating_add(i64::from(days) * DAY))),
        sources: policy.rule.source.clone(),
    };
    let mut events = vec![Event::from(Ruled::ApprovalRouted(routed.clone()))];
    let last = case.round.approvals.last().cloned();
    if let Some(mut approval) = last {
        approval.decider = routed.decider;
        approval.steps = routed.steps;
        events.extend(called(&approval, case, facts));
    }
    events
}

/// Tells those whose signature is wanted now: by post, and by name whoever
/// stands for an absent one or takes it one step up.
fn called(approval: &Approval, case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let seats = approval_seats(approval, case, facts.house);
    let mut to: BTreeSet<Recipient> = BTreeSet::new();
    for seat in &seats {
        to.insert(match seat.way {
            Way::Post => Recipient::Post(seat.post),
            Way::Deputy | Way::NextUp => Recipient::Person(seat.person),
        });
    }
    if to.is_empty() {
        let ladder = approval.ladder();
        let step = ladder.get(approval.at() as usize).or(ladder.last());
        to.extend(step.into_iter().flat_map(|step| &step.posts).map(|post| Recipient::Post(*post)));
    }
    to.into_iter().map(|to| tell(to, "approval_waits", true, &[])).collect()
}

/// ASC-8: whoever asked hears the end; the next step hears that it is its turn.
pub(super) fn of_decision(case: &Case, decided: &ApprovalDecided<Sealed>, facts: &Facts<'_>) -> Vec<Event> {
    let found = case.round.approvals.iter().find(|approval| approval.id == decided.approval);
    let Some(approval) = found else { return Vec::new() };
    if approval.decision.is_none() {
        return called(approval, case, facts);
    }
    let asked =
        approval.asked_by.map(|person| tell(Recipient::Person(person), "approval_decided", false, &[]));
    asked.into_iter().collect()
}

/// Whoever might have been at work on it hears that it is gone.
pub(super) fn of_withdrawal(case: &Case, id: u32) -> Vec<Event> {
    let found = case.round.approvals.iter().find(|approval| approval.id == id);
    let Some(approval) = found else { return Vec::new() };
    let ladder = approval.ladder();
    let step = ladder.get(approval.at() as usize).or(ladder.last());
    let posts = step.into_iter().flat_map(|step| step.posts.iter().copied());
    posts.map(|post| tell(Recipient::Post(post), "approval_withdrawn", false, &[])).collect()
}
