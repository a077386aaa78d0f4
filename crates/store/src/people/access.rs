//! One number that grows whenever it changes who may do what.
//!
//! Every function that ends a session or token, or changes a person or a
//! membership, calls `changed`; servers that keep in memory who a secret is
//! compare [`number`] in the transaction in which they use it.

use crate::sql::{StoreError, Tx};
use crate::values;

/// Gives the number as this transaction sees it.
///
/// # Errors
/// Any [`StoreError`].
pub fn number(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let row = tx.one("SELECT number FROM access_changes WHERE id = 1", &[])?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Counts a change, in the transaction that makes it.
///
/// # Errors
/// Any [`StoreError`].
pub(super) fn changed(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO access_changes (id, number) VALUES ($1, 1)
         ON CONFLICT (id) DO UPDATE SET number = access_changes.number + 1",
        &values![1],
    )?;
    Ok(())
}
