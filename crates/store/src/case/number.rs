//! Case numbers, given out in blocks per organisation and day.

use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Date;

use crate::sql::{StoreError, Tx};
use crate::values;

/// Reserves a block of numbers and gives the first of it, from 1.
///
/// What is not used of a block when the process ends leaves a gap.
///
/// # Errors
/// Any [`StoreError`].
pub fn reserve(tx: &mut Tx<'_>, org: OrgId, day: Date, size: u32) -> Result<u32, StoreError> {
    reserve_as(tx, org, &day.to_string(), size)
}

/// Gives the next number of imported history of a day, from 1.
///
/// They are counted apart, so that blocks of the day's own numbers stay whole.
///
/// # Errors
/// Any [`StoreError`].
pub fn next_imported(tx: &mut Tx<'_>, org: OrgId, day: Date) -> Result<u32, StoreError> {
    reserve_as(tx, org, &format!("{day} imported"), 1)
}

fn reserve_as(tx: &mut Tx<'_>, org: OrgId, day: &str, size: u32) -> Result<u32, StoreError> {
    let row = tx.one(
        "INSERT INTO numbers (org, day, next) VALUES ($1, $2, $3)
         ON CONFLICT (org, day) DO UPDATE SET next = numbers.next + $4 RETURNING next",
        &values![org, day, i64::from(size) + 1, i64::from(size)],
    )?;
    let next: i64 = row.map_or(Ok(1), |row| row.get(0))?;
    Ok(u32::try_from(next - i64::from(size)).unwrap_or(1))
}
