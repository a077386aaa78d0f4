//! On which ground a case goes on after its end.

use super::super::kind::Duty;
use super::super::stage::{ClosureKind, Stage};
use super::super::state::Case;
use super::super::words::{ApprovalOf, Relation};
use super::{Facts, Reason};
use crate::pack::By;
use crate::people::Post;

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

impl ReopenGround {
    /// Names the source of the rule.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Repeat => "PROP-64",
            Self::Mistake => "PROP-67",
            Self::Review => "X-13",
        }
    }
}

/// Finds the ground on which the case may be opened again now.
#[must_use]
pub fn reopen_ground(case: &Case, facts: &Facts<'_>) -> Option<ReopenGround> {
    if case.closure.is_some_and(ClosureKind::is_final) {
        return None;
    }
    let since = case.stage_since;
    let repeat = case.relations.iter().any(|(kind, _, at)| *kind == Relation::RepeatedBy && *at >= since);
    let intake = facts.is_any(&[By::Owner, By::Post(Post::Agent), By::Post(Post::Lead)], case);
    if repeat && intake {
        return Some(ReopenGround::Repeat);
    }
    let granted = case.round.approvals.iter().any(|approval| {
        approval.of == ApprovalOf::Reopen && approval.asked_at >= since && approval.is_granted(facts.now)
    });
    if case.stage == Stage::Closed && granted && facts.holds(Post::Lead) {
        return Some(ReopenGround::Mistake);
    }
    let other = facts.actor.person.is_some_and(|person| !case.did(Duty::Closer, person));
    let review = case.closure == Some(ClosureKind::NotEstablished) && facts.holds(Post::Head) && other;
    review.then_some(ReopenGround::Review)
}

/// Says why the case may not be opened again.
pub(super) fn reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    if case.closure.is_some_and(ClosureKind::is_final) {
        return vec![Reason::new("closed_for_good")];
    }
    if reopen_ground(case, facts).is_some() {
        return Vec::new();
    }
    let params = [("relation", Relation::RepeatedBy.as_str())];
    let who = [By::Post(Post::Agent), By::Post(Post::Lead)];
    vec![Reason::new("not_linked").params(&params).who(&who)]
}
