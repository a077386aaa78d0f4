//! How many of each post a site should have, and what is missing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::membership::Membership;
use super::post::Post;
use crate::ids::{PersonId, UnitId};
use crate::time::Timestamp;

/// The front desk's default establishment.
///
/// PROP-9: head 1, business supervisor 1, interview staff 2, service staff 1;
/// each site may set its own.
pub const DEFAULT_ESTABLISHMENT: [(Post, u32); 4] =
    [(Post::Head, 1), (Post::Lead, 1), (Post::Visitor, 2), (Post::Agent, 1)];

/// How many holders of a post a unit should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wanted {
    /// The site.
    pub unit: UnitId,
    /// The post.
    pub post: Post,
    /// The number of people.
    pub people: u32,
}

/// A post of which a unit has fewer holders than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EstablishmentGap)]
pub struct Gap {
    /// The site.
    pub unit: UnitId,
    /// The post.
    pub post: Post,
    /// The number of people it should have.
    pub wanted: u32,
    /// The number it has.
    pub present: u32,
}

/// Lists the posts of which a unit has too few holders at a moment.
///
/// PROP-9. One person with several posts counts in each (SLM-1).
#[must_use]
pub fn gaps(wanted: &[Wanted], memberships: &[Membership], at: Timestamp) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for want in wanted {
        let holders: BTreeSet<PersonId> = memberships
            .iter()
            .filter(|member| member.unit == want.unit && member.posts.contains(&want.post))
            .filter(|member| member.valid.holds(at))
            .map(|member| member.person)
            .collect();
        let present = u32::try_from(holders.len()).unwrap_or(u32::MAX);
        if present < want.people {
            gaps.push(Gap { unit: want.unit, post: want.post, wanted: want.people, present });
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::super::unit::Validity;
    use super::*;
    use uuid::Uuid;

    /// PROP-9, SLM-1, X-32
    #[test]
    fn a_site_is_told_which_posts_are_short() {
        let unit = UnitId(Uuid::from_u128(1));
        let member = |n, posts: &[Post], to: Option<i64>| Membership {
            person: PersonId(Uuid::from_u128(n)),
            unit,
            posts: posts.iter().copied().collect(),
            valid: Validity { from: Timestamp::from_micros(0), to: to.map(Timestamp::from_micros) },
        };
        let people = [
            member(1, &[Post::Head, Post::Visitor], None),
            member(1, &[Post::Visitor], None),
            member(2, &[Post::Lead, Post::Agent], Some(50)),
        ];
        let wanted = DEFAULT_ESTABLISHMENT.map(|(post, people)| Wanted { unit, post, people });
        let short = |at| -> Vec<(Post, u32, u32)> {
            let gaps = gaps(&wanted, &people, Timestamp::from_micros(at));
            gaps.into_iter().map(|gap| (gap.post, gap.wanted, gap.present)).collect()
        };
        assert_eq!(short(10), [(Post::Visitor, 2, 1)]);
        assert_eq!(short(50), [(Post::Lead, 1, 0), (Post::Visitor, 2, 1), (Post::Agent, 1, 0)]);
    }
}
