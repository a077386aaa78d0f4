//! Which pack binds the cases of a unit, by kind (domain.md §4).

use huiyin_domain::case::Kind;
use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// Stands for every kind that has no binding of its own.
const ANY: &str = "any";

/// One binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The unit, which binds those below it too.
    pub unit: UnitId,
    /// The kind of case; every one when none is named.
    pub kind: Option<Kind>,
    /// Name of the pack.
    pub pack: String,
    /// Since when.
    pub bound_at: Timestamp,
}

/// Lists the bindings of an organisation by unit and kind.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<Binding>, StoreError> {
    let rows = tx.all(
        "SELECT unit, kind, pack, bound_at FROM pack_bindings WHERE org = $1 ORDER BY unit, kind",
        &values![org],
    )?;
    let read = |row: &Row| {
        let kind = row.text(1)?.parse().ok();
        Ok(Binding { unit: row.get(0)?, kind, pack: row.get(2)?, bound_at: row.get(3)? })
    };
    rows.iter().map(read).collect()
}

/// Finds the pack bound to a unit, else to the nearest unit above it.
///
/// At one unit a binding of the kind goes before that of every kind.
///
/// # Errors
/// Any [`StoreError`].
pub fn nearest(
    tx: &mut Tx<'_>,
    org: OrgId,
    (unit, kind): (UnitId, Kind),
    at: Timestamp,
) -> Result<Option<String>, StoreError> {
    let row = tx.one(
        "SELECT b.pack FROM unit_paths p JOIN pack_bindings b ON b.org = p.org AND b.unit = p.ancestor
         WHERE p.org = $1 AND p.descendant = $2 AND p.valid_from <= $3
         AND (p.valid_to IS NULL OR p.valid_to > $3) AND b.kind IN ($4, $5)
         ORDER BY p.distance, CASE WHEN b.kind = $5 THEN 1 ELSE 0 END LIMIT 1",
        &values![org, unit, at, kind.as_str(), ANY],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Binds a unit to a pack, in place of what bound it for the kind before.
///
/// # Errors
/// Any [`StoreError`].
pub fn bind(tx: &mut Tx<'_>, org: OrgId, binding: &Binding) -> Result<(), StoreError> {
    unbind(tx, org, binding.unit, binding.kind)?;
    let kind = binding.kind.map_or(ANY, Kind::as_str);
    tx.execute(
        "INSERT INTO pack_bindings (org, unit, kind, pack, bound_at) VALUES ($1, $2, $3, $4, $5)",
        &values![org, binding.unit, kind, &binding.pack, binding.bound_at],
    )?;
    Ok(())
}

/// Ends a binding; tells whether there was one.
///
/// # Errors
/// Any [`StoreError`].
pub fn unbind(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, kind: Option<Kind>) -> Result<bool, StoreError> {
    let kind = kind.map_or(ANY, Kind::as_str);
    let gone = tx.execute(
        "DELETE FROM pack_bindings WHERE org = $1 AND unit = $2 AND kind = $3",
        &values![org, unit, kind],
    )?;
    Ok(gone > 0)
}
