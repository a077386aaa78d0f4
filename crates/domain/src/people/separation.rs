//! Which duties the people of a desk cannot keep apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::post::Post;
use crate::ids::PersonId;

/// A duty in one case that must not meet certain others in one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Does the work (承办人).
    Handler,
    /// Checks the result (核查人).
    Verifier,
    /// Asks the customer afterwards (回访人).
    Visitor,
    /// Supervises the serving line (监督人).
    Supervisor,
}

/// Pairs of duties that one person may never have in the same case.
///
/// Handler and verifier: SUP-1, PROP-59. Handler and visitor: X-39. Handler and
/// supervision: SUP-1. Owner and handler may be one person.
pub const KEPT_APART: [(Duty, Duty); 3] =
    [(Duty::Handler, Duty::Verifier), (Duty::Handler, Duty::Visitor), (Duty::Handler, Duty::Supervisor)];

impl Duty {
    /// Gives the posts that may take the duty.
    #[must_use]
    pub const fn posts(self) -> &'static [Post] {
        match self {
            Self::Handler => &[Post::Agent, Post::Lead, Post::Head, Post::Department],
            Self::Verifier => &[Post::Verifier],
            Self::Visitor => &[Post::Lead, Post::Visitor],
            Self::Supervisor => &[Post::Supervision],
        }
    }

    fn fits(self, posts: &[Post]) -> bool {
        self.posts().iter().any(|post| posts.contains(post))
    }
}

/// Two duties that the people there cannot keep apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clash {
    /// The duty taken first.
    pub first: Duty,
    /// The duty for which nobody else is left then.
    pub second: Duty,
    /// Who may take the first duty but leaves nobody for the second.
    pub people: Vec<PersonId>,
    /// Whether that is so whoever takes the first duty: such a case is stuck.
    pub always: bool,
}

/// Lists the duties that the people of a desk cannot keep apart.
///
/// A two-person desk must hear of it before a case is stuck (SUP-1, X-39).
/// Takes everybody who may work on the desk's cases, with their posts there.
#[must_use]
pub fn clashes(people: &BTreeMap<PersonId, Vec<Post>>) -> Vec<Clash> {
    let mut found = Vec::new();
    for (first, second) in KEPT_APART {
        let able =
            |duty: Duty| people.iter().filter(move |(_, posts)| duty.fits(posts)).map(|(person, _)| *person);
        let stuck: Vec<PersonId> =
            able(first).filter(|taken| able(second).all(|other| other == *taken)).collect();
        let always = stuck.len() == able(first).count();
        if always || !stuck.is_empty() {
            found.push(Clash { first, second, people: stuck, always });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn desk(people: &[(u128, &[Post])]) -> Vec<(Duty, Duty, Vec<PersonId>, bool)> {
        let people = people.iter().map(|(n, posts)| (person(*n), posts.to_vec())).collect();
        clashes(&people).into_iter().map(|c| (c.first, c.second, c.people, c.always)).collect()
    }

    /// SUP-1, X-39
    #[test]
    fn a_desk_of_one_is_stuck() {
        let found = desk(&[(1, &[Post::Agent, Post::Verifier, Post::Visitor, Post::Supervision])]);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|(_, _, people, always)| *always && people == &[person(1)]));
    }

    /// SUP-1, X-39, X-15
    #[test]
    fn a_desk_of_two_hears_who_may_not_handle() {
        let found = desk(&[(1, &[Post::Agent, Post::Verifier]), (2, &[Post::Lead, Post::Supervision])]);
        assert_eq!(
            found,
            [
                (Duty::Handler, Duty::Verifier, vec![person(1)], false),
                (Duty::Handler, Duty::Visitor, vec![person(2)], false),
                (Duty::Handler, Duty::Supervisor, vec![person(2)], false),
            ]
        );
    }

    /// SUP-1
    #[test]
    fn a_full_desk_has_nothing_to_hear() {
        let found = desk(&[
            (1, &[Post::Agent]),
            (2, &[Post::Lead]),
            (3, &[Post::Verifier, Post::Visitor]),
            (4, &[Post::Supervision]),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }
}
