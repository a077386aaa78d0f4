//! In whose name something is done later, as the rows about it keep it.

use huiyin_domain::ids::PersonId;

use crate::sql::{Row, StoreError};

/// A person with what they could do when they asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behalf {
    /// Who asked.
    pub person: PersonId,
    /// How: `session` or `token`.
    pub via: String,
    /// Which one.
    pub via_id: String,
    /// The posts held then, JSON.
    pub posts: String,
}

impl Behalf {
    /// Reads the columns `person, via, via_id, posts` from a place on.
    pub(crate) fn read(row: &Row, first: usize) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.get(first)?,
            via: row.get(first + 1)?,
            via_id: row.get(first + 2)?,
            posts: row.get(first + 3)?,
        })
    }
}
