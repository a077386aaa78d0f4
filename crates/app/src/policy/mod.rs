//! Who may do what: one place, asked by every use case.
//!
//! *Invariants*: a [`Permit`] and a [`CasePermit`] can only be made here; a
//! write takes one. What may not be seen is not found, what may be seen but
//! not done is denied. Separation of duties inside one case is a gate over its
//! history, in `domain::case`, not a matter of posts.

pub mod action;
mod case;
mod matrix;
mod paper;

use std::marker::PhantomData;

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::Post;

pub use action::{Action, ActionKind};
pub use case::{CasePermit, CaseSight, CaseView, case_handover, case_permit, case_view, sees_case};
pub use matrix::{MatrixRow, markdown, matrix};
pub use paper::{PaperPermit, PaperView, house_scope, house_view, paper_opening, paper_scope, paper_view};

use crate::ctx::{Actor, Via};
use crate::error::Error;

/// Where something is to be done.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// Somewhere in the organisation; what is seen is limited by the scope.
    Anywhere,
    /// At one unit: the way from the root to it, both included.
    Unit(&'a [UnitId]),
}

/// Proof that an actor may do one thing; only this module makes it.
#[derive(Clone, Debug)]
pub struct Permit<A> {
    org: OrgId,
    person: PersonId,
    action: PhantomData<A>,
}

impl<A> Permit<A> {
    /// Gives the organisation for which it holds.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// Gives the person for whom it holds.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }
}

/// Decides whether an actor may do something.
///
/// The machine itself (command line, clocks) may: who reaches it holds the data.
///
/// # Errors
/// `forbidden` with the action and the posts that may do it.
pub fn permit<A: ActionKind>(actor: &Actor, _action: A, target: Target<'_>) -> Result<Permit<A>, Error> {
    let posts: Vec<Post> = match target {
        Target::Anywhere => actor.posts.iter().map(|held| held.post).collect(),
        Target::Unit(path) => actor.posts_at(path),
    };
    let machine = matches!(actor.via, Via::System | Via::CommandLine);
    if machine || posts.iter().any(|post| A::ACTION.allowed_to(*post)) {
        return Ok(Permit { org: actor.org, person: actor.person, action: PhantomData });
    }
    Err(denied(A::ACTION))
}

/// Makes the refusal of an action that the posts held do not allow.
#[must_use]
pub fn denied(action: Action) -> Error {
    let who: Vec<&str> = action.posts().into_iter().map(Post::name).collect();
    Error::denied().with("action", action.name()).with("who", who)
}

#[cfg(test)]
mod tests;
