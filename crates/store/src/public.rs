//! Rows of the public pages of estates.

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// The public page of one estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicPageRow {
    /// The organisation, which the address decides.
    pub org: OrgId,
    /// The estate.
    pub unit: UnitId,
    /// The last part of its address.
    pub slug: String,
    /// What it publishes, JSON.
    pub channels: String,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it was closed, if it was.
    pub closed_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<PublicPageRow, StoreError> {
    Ok(PublicPageRow {
        org: row.get(0)?,
        unit: row.get(1)?,
        slug: row.get(2)?,
        channels: row.get(3)?,
        opened_at: row.get(4)?,
        closed_at: row.get(5)?,
    })
}

/// Finds an open page by its address; the address decides the organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_slug(tx: &mut Tx<'_>, slug: &str) -> Result<Option<PublicPageRow>, StoreError> {
    let row = tx.one(
        "SELECT org, unit, slug, channels, opened_at, closed_at FROM public_pages
         WHERE slug = $1 AND closed_at IS NULL",
        &values![slug],
    )?;
    row.as_ref().map(read).transpose()
}

/// Gives the page of a unit, open or closed.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_unit(tx: &mut Tx<'_>, org: OrgId, unit: UnitId) -> Result<Option<PublicPageRow>, StoreError> {
    let row = tx.one(
        "SELECT org, unit, slug, channels, opened_at, closed_at FROM public_pages
         WHERE org = $1 AND unit = $2",
        &values![org, unit],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists the open pages of an organisation, oldest first, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn open(tx: &mut Tx<'_>, org: OrgId, most: u32) -> Result<Vec<PublicPageRow>, StoreError> {
    let rows = tx.all(
        "SELECT org, unit, slug, channels, opened_at, closed_at FROM public_pages
         WHERE org = $1 AND closed_at IS NULL ORDER BY opened_at, unit LIMIT $2",
        &values![org, most],
    )?;
    rows.iter().map(read).collect()
}

/// Opens, changes or reopens the page of a unit; its address stays.
///
/// # Errors
/// Any [`StoreError`].
pub fn publish(tx: &mut Tx<'_>, page: &PublicPageRow, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO public_pages (org, unit, slug, channels, opened_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (org, unit) DO UPDATE SET channels = excluded.channels,
           changed_at = excluded.changed_at, closed_at = NULL",
        &values![page.org, page.unit, &page.slug, &page.channels, now],
    )?;
    Ok(())
}

/// Closes the page of a unit; gives whether it was open.
///
/// # Errors
/// Any [`StoreError`].
pub fn close(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, now: Timestamp) -> Result<bool, StoreError> {
    let closed = tx.execute(
        "UPDATE public_pages SET closed_at = $3, changed_at = $3
         WHERE org = $1 AND unit = $2 AND closed_at IS NULL",
        &values![org, unit, now],
    )?;
    Ok(closed > 0)
}
