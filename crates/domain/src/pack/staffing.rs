//! What the people of a desk cannot do by the rules of a pack.

use super::model::{By, GateRule, Pack};
use crate::case::{CommandKind, Duty, Gate, Kind, may};
use crate::ids::PersonId;
use crate::people::Post;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One duty of a kind of case for which somebody is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StaffingWarning {
    /// Kind of case.
    pub kind: Kind,
    /// What nobody, or nobody else, can do: a duty or a move.
    pub duty: String,
    /// Posts of which a holder is missing.
    pub posts: Vec<Post>,
    /// The duty that takes the last person away, where it is about two.
    pub taken_by: Option<Duty>,
}

/// Names what a desk cannot do before a case gets stuck there (SUP-1, X-39).
///
/// Takes everybody who may work on the desk's cases, with their posts there.
#[must_use]
pub fn staffing_warnings(pack: &Pack, people: &BTreeMap<PersonId, BTreeSet<Post>>) -> Vec<StaffingWarning> {
    let mut warnings = Vec::new();
    let held = |post: &Post| people.values().any(|posts| posts.contains(post));
    for kind in Kind::ALL.iter().copied().filter(|kind| !pack.targets(*kind).is_empty()) {
        for rule in pack.moves.iter().filter(|rule| rule.of.contains(&kind)) {
            let posts = only_posts(&rule.by);
            if !posts.is_empty() && posts.len() == rule.by.len() && !posts.iter().any(held) {
                let duty = super::diff::target(rule.to);
                warnings.push(StaffingWarning { kind, duty, posts, taken_by: None });
            }
        }
        for duty in duties(pack, kind) {
            let posts = if duty == Duty::Approver { deciders(pack) } else { posts_of(duty) };
            if !posts.iter().any(held) {
                let duty = duty.to_string();
                warnings.push(StaffingWarning { kind, duty, posts, taken_by: None });
            }
        }
        for (one, other) in pack.separations(kind) {
            warnings.extend(alone(kind, (one, other), people));
        }
    }
    warnings.dedup();
    warnings
}

/// Two duties that only one person could take.
fn alone(
    kind: Kind,
    (one, other): (Duty, Duty),
    people: &BTreeMap<PersonId, BTreeSet<Post>>,
) -> Option<StaffingWarning> {
    let able = |duty: Duty| -> BTreeSet<PersonId> {
        let posts = posts_of(duty);
        let fits = |held: &BTreeSet<Post>| posts.iter().any(|post| held.contains(post));
        people.iter().filter(|(_, held)| fits(held)).map(|(person, _)| *person).collect()
    };
    let (first, second) = (able(one), able(other));
    let stuck = !second.is_empty() && first.iter().any(|person| second.iter().all(|other| other == person));
    let warning =
        StaffingWarning { kind, duty: other.to_string(), posts: posts_of(other), taken_by: Some(one) };
    stuck.then_some(warning)
}

/// Lists the duties that the pack's gates ask for.
fn duties(pack: &Pack, kind: Kind) -> BTreeSet<Duty> {
    let mut duties = BTreeSet::new();
    let rules = pack.moves.iter().filter(|rule| rule.of.contains(&kind)).flat_map(|rule| &rule.gates);
    rules.for_each(|rule: &GateRule| {
        rule.each(&mut |gate| match gate {
            Gate::Verified | Gate::NotInOrder => drop(duties.insert(Duty::Verifier)),
            Gate::Visit(_) => drop(duties.insert(Duty::Visitor)),
            Gate::Approved(_) | Gate::Decided => drop(duties.insert(Duty::Approver)),
            _ => {}
        });
    });
    duties
}

/// Lists the posts that decide anything by the pack.
fn deciders(pack: &Pack) -> Vec<Post> {
    let ladders = pack.approvals.iter().flat_map(|rule| &rule.ladder);
    let posts: BTreeSet<Post> = ladders.flat_map(|rung| rung.posts.iter().copied()).collect();
    posts.into_iter().collect()
}

/// Lists the posts whose holders may take a duty, as the actions allow it.
fn posts_of(duty: Duty) -> Vec<Post> {
    match duty {
        Duty::Handler => vec![Post::Agent, Post::Lead, Post::Head, Post::Department],
        Duty::Verifier => only_posts(may(CommandKind::Verify)),
        Duty::Visitor => {
            only_posts(may(CommandKind::Visit)).into_iter().filter(|p| *p != Post::Group).collect()
        }
        Duty::Approver => vec![Post::Head],
        Duty::Receiver | Duty::Owner | Duty::Closer => vec![Post::Agent, Post::Lead],
    }
}

fn only_posts(by: &[By]) -> Vec<Post> {
    by.iter()
        .filter_map(|by| match by {
            By::Post(post) => Some(*post),
            By::Owner | By::Handler | By::Asked | By::Clock | By::Anybody | By::Customer => None,
        })
        .collect()
}
