//! Whether a house paper may be seen, opened and worked on.

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::people::{Post, Scope};

use super::action::Action;
use super::case::CaseSight;
use crate::ctx::{Actor, Via};
use crate::error::Error;

/// Proof that an actor may see one paper.
#[derive(Clone, Debug)]
pub struct PaperView {
    org: OrgId,
    posts: Vec<Post>,
}

/// Proof that an actor may write to one paper; which step, its rules say.
#[derive(Clone, Debug)]
pub struct PaperPermit(PaperView);

impl PaperView {
    /// Gives the organisation for which it holds.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// Gives the posts that count at this paper, sorted, each once.
    #[must_use]
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    /// Permits to try a step: whoever sees a paper is told why a step is closed.
    #[must_use]
    pub fn permit(self) -> PaperPermit {
        PaperPermit(self)
    }
}

impl PaperPermit {
    /// Gives what is known of the actor's view.
    #[must_use]
    pub const fn view(&self) -> &PaperView {
        &self.0
    }
}

/// Leaves only the posts that count for a kind of paper.
///
/// ASM-18, X-50: of a confidential record, only those that may handle such.
fn counted(actor: &Actor, confidential: bool) -> Actor {
    let mut counted = actor.clone();
    if confidential {
        counted.posts.retain(|held| Action::HandleMisconduct.allowed_to(held.post));
    }
    counted
}

/// Decides whether an actor may see a paper.
///
/// # Errors
/// `not_found` when not: an invisible paper does not exist for the actor.
pub fn paper_view(actor: &Actor, sight: &CaseSight, confidential: bool) -> Result<PaperView, Error> {
    let machine = matches!(actor.via, Via::System | Via::CommandLine);
    let own = !machine && !actor.posts.is_empty() && sight.people.contains(&actor.person);
    let counted = counted(actor, confidential);
    let scope = counted.scope();
    let covered = sight.paths.iter().any(|path| scope.covers(path));
    if !(machine || own || covered) {
        return Err(Error::not_found());
    }
    let mut posts: Vec<Post> = sight.paths.iter().flat_map(|path| counted.posts_at(path)).collect();
    posts.sort_unstable();
    posts.dedup();
    Ok(PaperView { org: actor.org, posts })
}

/// Lets whoever works here see a paper that is everybody's.
///
/// # Errors
/// `not_found` for who holds no post.
pub fn house_view(actor: &Actor, sight: &CaseSight) -> Result<PaperView, Error> {
    let machine = matches!(actor.via, Via::System | Via::CommandLine);
    if !machine && actor.posts.is_empty() {
        return Err(Error::not_found());
    }
    let mut posts: Vec<Post> = sight.paths.iter().flat_map(|path| actor.posts_at(path)).collect();
    posts.sort_unstable();
    posts.dedup();
    Ok(PaperView { org: actor.org, posts })
}

/// Gives which papers an actor may list of a kind that is everybody's.
#[must_use]
pub fn house_scope(actor: &Actor) -> Scope {
    if actor.posts.is_empty() {
        paper_scope(actor, false)
    } else {
        Scope::everything(actor.org, actor.person)
    }
}

/// Gives which papers of a kind an actor may list.
#[must_use]
pub fn paper_scope(actor: &Actor, confidential: bool) -> Scope {
    let mut scope = counted(actor, confidential).scope();
    if actor.posts.is_empty() && actor.identified() {
        // a token without posts does nothing, not even with what is its person's own
        scope.person = huiyin_domain::ids::PersonId(uuid::Uuid::nil());
    }
    scope
}

/// Decides whether an actor may try to open a paper at a unit.
///
/// `path` goes from the root to the unit; a kind open to all may be opened by
/// whoever works in the organisation.
///
/// # Errors
/// `unknown_unit` where the actor holds no post that counts there.
pub fn paper_opening(actor: &Actor, path: &[UnitId], open_to_all: bool) -> Result<PaperPermit, Error> {
    let machine = matches!(actor.via, Via::System | Via::CommandLine);
    let mut posts = actor.posts_at(path);
    posts.sort_unstable();
    posts.dedup();
    let here = machine || !posts.is_empty() || (open_to_all && !actor.posts.is_empty());
    if path.is_empty() || !here {
        return Err(Error::field("unit", "unknown_unit"));
    }
    Ok(PaperPermit(PaperView { org: actor.org, posts }))
}
