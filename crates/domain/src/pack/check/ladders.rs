//! Every approval can be decided, and none waits for itself.

use super::super::codes;
use super::super::fault::{Faults, Place};
use super::super::model::{ApprovalRule, GateRule};
use super::super::read::{Draft, Placed};
use crate::approval::{Rung, may_sit};
use crate::case::{ApprovalOf, Gate};
use crate::people::Post;
use std::collections::BTreeSet;

/// Checks the ladders of a pack and what stands between its approvals.
pub(in super::super) fn ladders(draft: &Draft, faults: &mut Faults) {
    for Placed { place, value } in &draft.approvals {
        posts(value, place, faults);
        limits(value, place, faults);
    }
    circles(draft, faults);
}

/// only posts that decide stand in a ladder, each once, from below.
fn posts(rule: &ApprovalRule, place: &Place, faults: &mut Faults) {
    let mut seen: BTreeSet<Post> = BTreeSet::new();
    let mut lowest_so_far: Option<u8> = None;
    for rung in &rule.ladder {
        for post in &rung.posts {
            // the office says who does what, not what the customer gets.
            let alone = *post == Post::Office && !rung.joint;
            if alone || !may_sit(*post) {
                faults.at(place, codes::STEP_NOBODY, &[("of", rule.of.as_str()), ("post", post.name())]);
            }
            if !seen.insert(*post) {
                circle(rule, *post, place, faults);
            }
        }
        let height = rung.posts.iter().map(|post| post.height_below_top()).min();
        let down =
            rung.posts.iter().find(|post| lowest_so_far.is_some_and(|low| post.height_below_top() > low));
        if let Some(post) = down.filter(|_| !rung.joint) {
            circle(rule, *post, place, faults);
        }
        lowest_so_far = [lowest_so_far, height].into_iter().flatten().min();
    }
}

fn circle(rule: &ApprovalRule, post: Post, place: &Place, faults: &mut Faults) {
    faults.at(place, codes::LADDER_CIRCLE, &[("of", rule.of.as_str()), ("post", post.name())]);
}

/// Limits rise, none lies below where the rule begins, and past the last one
/// somebody is left.
fn limits(rule: &ApprovalRule, place: &Place, faults: &mut Faults) {
    let mut before = rule.from_fen.saturating_sub(1);
    for rung in &rule.ladder {
        let Some(limit) = rung.up_to_fen else { continue };
        if limit <= before {
            let post = rung.posts.first().map_or("", |post| post.name());
            faults.at(place, codes::STEP_IDLE, &[("of", rule.of.as_str()), ("post", post)]);
        }
        before = limit;
    }
    let beyond = rule.ladder.last().filter(|rung| rung.up_to_fen.is_some());
    let top = |rung: &Rung| rung.posts.iter().all(|post| post.superior().is_none());
    if let Some(rung) = beyond.filter(|rung| top(rung)) {
        let post = rung.posts.first().map_or("", |post| post.name());
        faults.at(place, codes::STEP_NOBODY, &[("of", rule.of.as_str()), ("post", post)]);
    }
}

/// An approval that is asked for only once another is granted must not be what
/// that other one waits for.
fn circles(draft: &Draft, faults: &mut Faults) {
    for Placed { place, value } in &draft.approvals {
        let mut reached = BTreeSet::new();
        let mut open = awaited(value);
        while let Some(of) = open.pop() {
            if reached.insert(of) {
                let rules = draft.approvals.iter().filter(|other| other.value.of == of);
                open.extend(rules.flat_map(|other| awaited(&other.value)));
            }
        }
        if reached.contains(&value.of) {
            faults.at(place, codes::APPROVAL_CIRCLE, &[("of", value.of.as_str())]);
        }
    }
}

fn awaited(rule: &ApprovalRule) -> Vec<ApprovalOf> {
    let mut found = Vec::new();
    for gate in &rule.when {
        GateRule::each(gate, &mut |gate| {
            if let Gate::Approved(of) | Gate::ApprovedWhereAsked(of) = gate {
                found.push(*of);
            }
        });
    }
    found
}
