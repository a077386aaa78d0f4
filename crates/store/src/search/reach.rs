//! Units as a search needs them: those below, those of a name.

use std::collections::BTreeSet;

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::time::Timestamp;

use crate::sql::{MAX_IN, Query, StoreError, Tx};
use crate::values;

/// Gives the units that stand below some others at a moment, these included.
///
/// # Errors
/// Any [`StoreError`].
pub fn below(
    tx: &mut Tx<'_>,
    org: OrgId,
    units: &BTreeSet<UnitId>,
    at: Timestamp,
) -> Result<BTreeSet<UnitId>, StoreError> {
    let mut found = BTreeSet::new();
    let list: Vec<_> = units.iter().copied().map(Into::into).collect();
    for list in list.chunks(MAX_IN) {
        let mut query = Query::new(
            "SELECT DISTINCT up.descendant FROM unit_paths up WHERE up.org = $1 AND up.valid_from <= $2
             AND (up.valid_to IS NULL OR up.valid_to > $2)",
            values![org, at],
        );
        query.bind_in(" AND up.ancestor IN ", list.to_vec());
        for row in tx.query(&query)? {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

/// Gives units that ever stood below one, this one included: what a list filtered
/// by a unit shows.
///
/// # Errors
/// Any [`StoreError`].
pub fn ever_below(tx: &mut Tx<'_>, org: OrgId, units: &[UnitId]) -> Result<BTreeSet<UnitId>, StoreError> {
    let mut query =
        Query::new("SELECT DISTINCT u.descendant FROM unit_paths u WHERE u.org = $1", values![org]);
    query.bind_in(" AND u.ancestor IN ", units.iter().copied().map(Into::into).collect::<Vec<_>>());
    tx.query(&query)?.iter().map(|row| row.get(0)).collect()
}

/// Gives every unit with its name, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn names(tx: &mut Tx<'_>, org: OrgId, limit: u32) -> Result<Vec<(UnitId, String)>, StoreError> {
    let rows =
        tx.all("SELECT id, name FROM units WHERE org = $1 ORDER BY id LIMIT $2", &values![org, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
