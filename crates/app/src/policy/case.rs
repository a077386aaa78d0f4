//! Whether a case may be seen and touched.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::{Masking, Post, Scope};

use super::action::Action;
use super::denied;
use crate::ctx::{Actor, PostHeld, Via};
use crate::error::Error;

/// Where a case lies and whose it is.
#[derive(Clone, Debug, Default)]
pub struct CaseSight {
    /// For its unit and its department: the way from the root, both included.
    pub paths: Vec<Vec<UnitId>>,
    /// Who recorded it, owns it, handles it or has a task in it.
    pub people: Vec<PersonId>,
    /// True for the customer who showed number and lookup code of this case.
    pub opened: bool,
}

/// Proof that an actor may see one case.
#[derive(Clone, Debug)]
pub struct CaseView {
    org: OrgId,
    posts: Vec<Post>,
    own: bool,
    machine: bool,
    customer: bool,
}

/// Proof that an actor may write to one case.
#[derive(Clone, Debug)]
pub struct CasePermit(CaseView);

impl CaseView {
    /// Gives the organisation for which it holds.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// Gives the posts that count at this case, sorted, each once.
    ///
    /// A post held elsewhere does not count: whoever sees a case as supervision
    /// is no agent there (SUP-1).
    #[must_use]
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    /// Says whether the case is the actor's own.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.own
    }

    /// Gives what the actor sees of a customer's identity in this case.
    #[must_use]
    pub fn masking(&self) -> Masking {
        if self.machine { Masking::none() } else { Masking::of(&self.posts) }
    }
}

impl CasePermit {
    /// Gives what is known of the actor's view.
    #[must_use]
    pub const fn view(&self) -> &CaseView {
        &self.0
    }
}

/// Decides whether an actor may see a case.
///
/// # Errors
/// `not_found` when not: an invisible case does not exist for the actor.
pub fn case_view(actor: &Actor, sight: &CaseSight) -> Result<CaseView, Error> {
    let machine = matches!(actor.via, Via::System | Via::CommandLine);
    let own = !machine && !actor.posts.is_empty() && sight.people.contains(&actor.person);
    let customer = matches!(actor.via, Via::Customer(_)) && sight.opened;
    if !(machine || customer || sees_case(actor.org, actor.person, &actor.posts, sight)) {
        return Err(Error::not_found());
    }
    let mut posts: Vec<Post> = sight.paths.iter().flat_map(|path| actor.posts_at(path)).collect();
    posts.sort_unstable();
    posts.dedup();
    Ok(CaseView { org: actor.org, posts, own, machine, customer })
}

/// Says whether a person with these posts may see a case, without asking for it.
#[must_use]
pub fn sees_case(org: OrgId, person: PersonId, posts: &[PostHeld], sight: &CaseSight) -> bool {
    let scope = Scope::of(org, person, posts);
    let own = !posts.is_empty() && sight.people.contains(&person);
    own || sight.paths.iter().any(|path| scope.covers(path))
}

/// Decides whether an actor may write to a case; which move, the pack says.
///
/// # Errors
/// `not_found` when the case is invisible, `forbidden` when no post that
/// counts there does case work and the case is not the actor's own.
pub fn case_permit(actor: &Actor, sight: &CaseSight) -> Result<CasePermit, Error> {
    let view = case_view(actor, sight)?;
    let by_post = view.posts.iter().any(|post| Action::ActOnCase.allowed_to(*post));
    if view.machine || view.own || view.customer || by_post {
        Ok(CasePermit(view))
    } else {
        Err(denied(Action::ActOnCase))
    }
}

/// Decides whether an actor may give a person's work in a case to another.
///
/// [`crate::people::obligations::hand_over`] has asked for the post already;
/// the case needs no sight of its own then.
///
/// # Errors
/// None at present; the type keeps the way of the other decisions.
pub fn case_handover(actor: &Actor, sight: &CaseSight) -> Result<CasePermit, Error> {
    match case_view(actor, sight) {
        Ok(view) => Ok(CasePermit(view)),
        Err(_) => Ok(CasePermit(CaseView {
            org: actor.org,
            posts: Vec::new(),
            own: false,
            machine: false,
            customer: false,
        })),
    }
}
