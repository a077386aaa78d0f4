//! Which cases a person may see, computed from the posts held.

use std::collections::BTreeSet;

use super::post::{Post, PostHeld, Reach};
use crate::ids::{OrgId, PersonId, UnitId};

/// Which rows of one organisation a person may see.
///
/// A value of this type is the only way to ask for a list, so no query can
/// forget the organisation or the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The organisation; nothing outside it is ever visible.
    pub org: OrgId,
    /// The person; what is their own is always visible to them.
    pub person: PersonId,
    /// Whether everything of the organisation is visible.
    pub all: bool,
    /// Units of which exactly this unit is visible.
    pub units: BTreeSet<UnitId>,
    /// Units of which everything below is visible too.
    pub subtrees: BTreeSet<UnitId>,
}

impl Scope {
    /// Computes the scope of a person from the posts held now.
    #[must_use]
    pub fn of(org: OrgId, person: PersonId, posts: &[PostHeld]) -> Self {
        let mut scope = Self { org, person, all: false, units: BTreeSet::new(), subtrees: BTreeSet::new() };
        for held in posts {
            match held.post.reach() {
                Reach::Own => {}
                Reach::Team => {
                    scope.units.insert(held.unit);
                }
                Reach::Subtree => {
                    scope.subtrees.insert(held.unit);
                }
                Reach::All => scope.all = true,
            }
        }
        scope
    }

    /// Makes the scope of the product itself: everything of the organisation.
    #[must_use]
    pub fn everything(org: OrgId, person: PersonId) -> Self {
        Self { org, person, all: true, units: BTreeSet::new(), subtrees: BTreeSet::new() }
    }

    /// Says whether a unit is visible.
    ///
    /// `path` goes from the root of the tree to the unit, both included.
    #[must_use]
    pub fn covers(&self, path: &[UnitId]) -> bool {
        if self.all {
            return true;
        }
        let exact = path.last().is_some_and(|unit| self.units.contains(unit));
        exact || path.iter().any(|unit| self.subtrees.contains(unit))
    }
}

/// Gives the posts that count at a unit, sorted, each once.
///
/// A post counts where it is held and, by its reach, below; a post that sees
/// everything counts everywhere, one that sees only its own counts at its unit.
#[must_use]
pub fn posts_at(posts: &[PostHeld], path: &[UnitId]) -> Vec<Post> {
    let counts = |held: &PostHeld| match held.post.reach() {
        Reach::Own | Reach::Team => path.last() == Some(&held.unit),
        Reach::Subtree => path.contains(&held.unit),
        Reach::All => true,
    };
    let found: BTreeSet<Post> = posts.iter().filter(|held| counts(held)).map(|held| held.post).collect();
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn scope(posts: &[PostHeld]) -> Scope {
        Scope::of(OrgId(1), PersonId(Uuid::from_u128(9)), posts)
    }

    /// SLM-1
    #[test]
    fn each_post_reaches_its_own_distance() {
        let path = [unit(1), unit(2), unit(3)];
        let at = |post, n| scope(&[PostHeld { unit: unit(n), post }]);
        assert!(at(Post::Lead, 2).covers(&path));
        assert!(at(Post::Department, 3).covers(&path));
        assert!(!at(Post::Department, 2).covers(&path));
        assert!(!at(Post::Employee, 3).covers(&path));
        assert!(at(Post::Gm, 7).covers(&path));
        assert!(!at(Post::Lead, 7).covers(&path));
    }

    /// SLM-1
    #[test]
    fn several_posts_add_up() {
        let both = [
            PostHeld { unit: unit(3), post: Post::Department },
            PostHeld { unit: unit(5), post: Post::Agent },
        ];
        assert!(scope(&both).covers(&[unit(1), unit(3)]));
        assert!(scope(&both).covers(&[unit(1), unit(5), unit(6)]));
        assert!(!scope(&both).covers(&[unit(1), unit(3), unit(4)]));
    }

    /// SUP-1
    #[test]
    fn seeing_a_case_lends_no_post_of_another_unit() {
        let posts = [
            PostHeld { unit: unit(2), post: Post::Agent },
            PostHeld { unit: unit(1), post: Post::Supervision },
        ];
        assert_eq!(posts_at(&posts, &[unit(1), unit(3)]), vec![Post::Supervision]);
        assert_eq!(posts_at(&posts, &[unit(1), unit(2)]), vec![Post::Agent, Post::Supervision]);
    }
}
