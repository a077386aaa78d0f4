//! Who belongs to which unit, with which posts, from when to when.

use std::collections::BTreeSet;

use super::post::{Post, PostHeld};
use super::unit::Validity;
use crate::ids::{PersonId, UnitId};
use crate::time::Timestamp;

/// One person's place in one unit; a person may have several (SLM-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub unit: UnitId,
    /// As what; at least one post.
    pub posts: BTreeSet<Post>,
    /// From when to when.
    pub valid: Validity,
}

/// Gives the posts that memberships give at a moment, sorted, each once.
///
/// SLM-1: posts of several memberships add up.
#[must_use]
pub fn posts_held(memberships: &[Membership], at: Timestamp) -> Vec<PostHeld> {
    let held: BTreeSet<PostHeld> = memberships
        .iter()
        .filter(|membership| membership.valid.holds(at))
        .flat_map(|membership| {
            membership.posts.iter().map(|post| PostHeld { unit: membership.unit, post: *post })
        })
        .collect();
    held.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// SLM-1
    #[test]
    fn one_person_holds_several_posts_while_they_last() {
        let unit = |n| UnitId(Uuid::from_u128(n));
        let t = Timestamp::from_micros;
        let of = |n, posts: &[Post], from, to: Option<i64>| Membership {
            person: PersonId(Uuid::from_u128(1)),
            unit: unit(n),
            posts: posts.iter().copied().collect(),
            valid: Validity { from: t(from), to: to.map(t) },
        };
        let all = [
            of(1, &[Post::Agent, Post::Visitor], 10, None),
            of(2, &[Post::Lead], 10, Some(20)),
            of(1, &[Post::Agent], 15, None),
        ];
        let posts = |at| -> Vec<(UnitId, Post)> {
            posts_held(&all, t(at)).into_iter().map(|held| (held.unit, held.post)).collect()
        };
        assert!(posts(9).is_empty());
        let both = [(unit(1), Post::Agent), (unit(1), Post::Visitor)];
        assert_eq!(posts(19), [&both[..], &[(unit(2), Post::Lead)]].concat());
        assert_eq!(posts(20), both);
    }
}
