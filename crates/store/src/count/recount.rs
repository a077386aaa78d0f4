//! Flat rows derived again when the meaning of their facts grew.

use huiyin_domain::case::Case;
use huiyin_domain::count::SHAPE;
use huiyin_domain::ids::OrgId;
use std::collections::BTreeSet;

use crate::sql::{StoreError, Tx};
use crate::values;

/// Derives at most so many rows of an older meaning again; gives how many.
///
/// # Errors
/// [`StoreError::Type`] when a state cannot be read.
pub fn recount(tx: &mut Tx<'_>, org: OrgId, most: u32) -> Result<u32, StoreError> {
    let rows = tx.all(
        "SELECT c.state FROM case_facts f JOIN cases c ON c.org = f.org AND c.id = f.case_id
         WHERE f.org = $1 AND f.shape < $2 LIMIT $3",
        &values![org, SHAPE, most],
    )?;
    let cases: Vec<Case> = rows.iter().map(crate::case::read::state).collect::<Result<_, _>>()?;
    for case in &cases {
        crate::case::write::facts(tx, org, case)?;
    }
    let mut seen = BTreeSet::new();
    for case in &cases {
        // the item of an incident is made of all its cases; one look is enough
        if crate::incident::read::of_case(tx, org, case.id)?.is_some_and(|incident| seen.insert(incident)) {
            crate::incident::counted_anew(tx, org, case)?;
        }
    }
    Ok(u32::try_from(cases.len()).unwrap_or(u32::MAX))
}
