//! Open cases in which somebody's coming was confirmed.

use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use super::list::{self, CaseFilter};
use crate::sql::{Query, StoreError, Tx};
use crate::values;

/// Lists open cases with a confirmed slot, at most so many.
///
/// Slots are part of the state, whose canonical form names them always the
/// same way; open cases are few, and the phase is indexed.
///
/// # Errors
/// Any [`StoreError`].
pub fn with_slots(
    tx: &mut Tx<'_>,
    visible: &Scope,
    unit: Option<UnitId>,
    (now, most): (Timestamp, u32),
) -> Result<Vec<CaseId>, StoreError> {
    use huiyin_domain::case::Phase;
    let phases = Phase::ALL.iter().copied().filter(|phase| *phase != Phase::Done).collect();
    let mut query = Query::new("SELECT c.id FROM cases c WHERE ", []);
    list::conditions(&mut query, visible, &CaseFilter { phases, unit, ..CaseFilter::default() }, now);
    query
        .bind(" AND c.state LIKE '%\"slots\":[{%' ORDER BY c.received_at DESC, c.id LIMIT $1", values![most]);
    tx.query(&query)?.iter().map(|row| row.get(0)).collect()
}
