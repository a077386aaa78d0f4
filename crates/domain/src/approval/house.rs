//! Who holds which post over a case, who is away, and who stands for whom.

use crate::ids::{PartyId, PersonId, UnitId};
use crate::people::Post;
use crate::text::Sealed;
use std::collections::{BTreeMap, BTreeSet};

/// What approvals must know of the people and money around a case, as facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct House {
    /// Who holds a post at the case's unit or above it.
    pub holders: BTreeMap<Post, BTreeSet<PersonId>>,
    /// Who is away now by the duty table.
    pub absent: BTreeSet<PersonId>,
    /// Who stands for whom now: the person stood for, then the deputy.
    pub deputies: BTreeSet<(PersonId, PersonId)>,
    /// What a party was granted in other cases of the same matter, in fen.
    pub spent: BTreeMap<PartyId, i64>,
    /// Departments with tasks in the case for which the actor works.
    pub mine: BTreeSet<UnitId>,
    /// Salts of the texts that approvals are bound to, to compare others.
    pub salts: BTreeMap<Sealed, Vec<u8>>,
}

/// A house of which nothing is known: whoever acts counts by their own posts.
pub static NOBODY: House = House {
    holders: BTreeMap::new(),
    absent: BTreeSet::new(),
    deputies: BTreeSet::new(),
    spent: BTreeMap::new(),
    mine: BTreeSet::new(),
    salts: BTreeMap::new(),
};

impl House {
    pub(super) fn holders(&self, post: Post) -> impl Iterator<Item = PersonId> + '_ {
        self.holders.get(&post).into_iter().flatten().copied()
    }

    pub(super) fn deputies_of(&self, person: PersonId) -> impl Iterator<Item = PersonId> + '_ {
        self.deputies.iter().filter(move |(principal, _)| *principal == person).map(|(_, deputy)| *deputy)
    }

    /// Tells whether a text is the one that a commitment stands for.
    #[must_use]
    pub fn is_text(&self, sealed: &Sealed, text: &str) -> bool {
        self.salts.get(sealed).is_some_and(|salt| crate::text::commitment(salt, text) == *sealed)
    }
}
