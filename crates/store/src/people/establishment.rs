//! Rows of establishments: how many of each post a site should have.

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::people::{Post, Wanted};

use crate::sql::{StoreError, Tx};
use crate::values;

/// Replaces the establishment of a site.
///
/// # Errors
/// Any [`StoreError`].
pub fn replace(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, wanted: &[(Post, u32)]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM establishment WHERE org = $1 AND unit = $2", &values![org, unit])?;
    tx.execute_many(
        "INSERT INTO establishment (org, unit, post, wanted) VALUES ($1, $2, $3, $4)",
        wanted.iter().map(|(post, people)| values![org, unit, post.name(), *people]),
    )?;
    Ok(())
}

/// Gives the establishment of every site that has one.
///
/// # Errors
/// Any [`StoreError`].
pub fn all(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<Wanted>, StoreError> {
    let rows = tx.all(
        "SELECT unit, post, wanted FROM establishment WHERE org = $1 ORDER BY unit, post",
        &values![org],
    )?;
    rows.iter()
        .map(|row| {
            let post: Post = row
                .text(1)?
                .parse()
                .map_err(|_| StoreError::Type { context: "a post is not readable".into() })?;
            Ok(Wanted { unit: row.get(0)?, post, people: row.get(2)? })
        })
        .collect()
}
