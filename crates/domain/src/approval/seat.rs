//! Who may sign the present step, as whom, and why.

use super::house::House;
use super::ladder::{Step, highest};
use crate::ids::PersonId;
use crate::people::Post;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

wire_enum! {
    /// Why an approval waits for somebody.
    Way {
        /// 本人任该岗位.
        Post = "post",
        /// 代理人.
        Deputy = "deputy",
        /// 下级无人可批，由上一级批.
        NextUp = "next_up",
    }
}

/// One signature under an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Signature {
    /// Which step, from 0.
    pub step: u32,
    /// The post of the step that it fulfils.
    pub post: Post,
    /// Who signed.
    pub person: PersonId,
    /// For whom, when as a deputy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// Where an approval stands: its steps, what was signed, and who may never.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The steps, in order.
    pub steps: &'a [Step],
    /// The first step that is not complete, from 0.
    pub at: u32,
    /// What was signed so far.
    pub signed: &'a [Signature],
    /// Who asked for it or handled the matter: they never decide it.
    pub barred: &'a BTreeSet<PersonId>,
}

/// One person who may sign now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    /// Which step, from 0.
    pub step: u32,
    /// The post of the step that the signature fulfils.
    pub post: Post,
    /// The post held, by the person or by whom they stand for.
    pub held: Post,
    /// The person.
    pub person: PersonId,
    /// For whom, when as a deputy.
    pub stands_for: Option<PersonId>,
    /// Why this person.
    pub way: Way,
}

impl Standing<'_> {
    /// Lists the posts of a step that have not signed.
    #[must_use]
    pub fn missing(&self, step: u32) -> Vec<Post> {
        let Some(found) = self.steps.get(step as usize) else { return Vec::new() };
        let signed = |post: &&Post| !self.signed.iter().any(|s| s.step == step && s.post == **post);
        found.posts.iter().filter(signed).copied().collect()
    }

    /// Tells whether a signature for this post completes its step.
    #[must_use]
    pub fn completes(&self, step: u32, post: Post) -> bool {
        let joint = self.steps.get(step as usize).is_some_and(|found| found.joint);
        !joint || self.missing(step).iter().all(|missing| *missing == post)
    }

    /// Tells whether a step is the last one.
    #[must_use]
    pub fn is_last(&self, step: u32) -> bool {
        step as usize + 1 >= self.steps.len()
    }

    /// Tells whether somebody may not sign: barred, or signed already, also
    /// through another post or as a deputy.
    #[must_use]
    pub fn excludes(&self, person: PersonId) -> bool {
        self.barred.contains(&person) || self.has_signed(person)
    }

    /// Tells whether somebody has signed, or somebody else for them.
    #[must_use]
    pub fn has_signed(&self, person: PersonId) -> bool {
        self.signed.iter().any(|s| s.person == person || s.stands_for == Some(person))
    }
}

/// Gives the step that waits: the first one for which somebody is there, else
/// the last.
///
/// ASC-8, X-18: where the requester, the handler or an absent person without a
/// deputy is the only one, the next step up takes it.
#[must_use]
pub fn present(standing: &Standing<'_>, house: &House) -> u32 {
    let last = u32::try_from(standing.steps.len()).unwrap_or(u32::MAX).saturating_sub(1);
    let begun = |step: u32| standing.signed.iter().any(|signature| signature.step == step);
    let there = |step: &u32| {
        let joint = standing.steps.get(*step as usize).is_some_and(|found| found.joint);
        let mut missing = standing.missing(*step).into_iter();
        joint || begun(*step) || missing.any(|post| !seated(post, *step, standing, house).is_empty())
    };
    (standing.at..last).find(there).unwrap_or(last)
}

/// Lists everybody who may sign the present step, each seat once.
///
/// Holders of the post who are there come first, with the deputies of those
/// for whom one was named; where nobody is left, the post above (next step up).
#[must_use]
pub fn seats(standing: &Standing<'_>, house: &House) -> Vec<Seat> {
    let step = present(standing, house);
    let missing = standing.missing(step);
    let joint = standing.steps.get(step as usize).is_some_and(|found| found.joint);
    let mut found: Vec<Seat> = missing.iter().flat_map(|post| seated(*post, step, standing, house)).collect();
    let empty: Vec<Post> = if joint {
        missing.iter().copied().filter(|post| !found.iter().any(|seat| seat.post == *post)).collect()
    } else if found.is_empty() {
        highest(&missing).into_iter().collect()
    } else {
        Vec::new()
    };
    for post in empty {
        let above = std::iter::successors(post.superior(), |above| above.superior())
            .map(|above| seated(above, step, standing, house))
            .find(|seats| !seats.is_empty());
        let taken = above.into_iter().flatten();
        found.extend(taken.map(|seat| Seat { post, way: Way::NextUp, ..seat }));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Lists who may sign for a post without going up: holders who are there, and
/// deputies, each counting as the person they stand for.
fn seated(post: Post, step: u32, standing: &Standing<'_>, house: &House) -> Vec<Seat> {
    let mut found = Vec::new();
    for holder in house.holders(post).filter(|holder| !standing.excludes(*holder)) {
        if !house.absent.contains(&holder) {
            found.push(Seat { step, post, held: post, person: holder, stands_for: None, way: Way::Post });
        }
        let there = |deputy: &PersonId| !standing.excludes(*deputy) && !house.absent.contains(deputy);
        for deputy in house.deputies_of(holder).filter(there) {
            let stands_for = Some(holder);
            found.push(Seat { step, post, held: post, person: deputy, stands_for, way: Way::Deputy });
        }
    }
    found
}
