//! Rows of consent: given and withdrawn, never removed.

use huiyin_domain::ids::{OrgId, PartyId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// One consent of a customer to one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    /// Identity, UUID v7.
    pub id: Uuid,
    /// What for, such as `contact` or `survey`.
    pub purpose: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// How it was given: `phone`, `paper`, `in_person`, `online`.
    pub given_how: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<ConsentRow, StoreError> {
    let id = Uuid::parse_str(row.text(0)?)
        .map_err(|_| StoreError::Type { context: "a consent's identity is not readable".into() })?;
    Ok(ConsentRow {
        id,
        purpose: row.get(1)?,
        given_at: row.get(2)?,
        given_how: row.get(3)?,
        withdrawn_at: row.get(4)?,
    })
}

/// Lists the consents of a customer, oldest first, withdrawn ones too.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_party(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<Vec<ConsentRow>, StoreError> {
    let rows = tx.all(
        "SELECT id, purpose, given_at, given_how, withdrawn_at FROM consents
         WHERE org = $1 AND party = $2 ORDER BY given_at, id",
        &values![org, party],
    )?;
    rows.iter().map(read).collect()
}

/// Adds a consent.
///
/// # Errors
/// Any [`StoreError`].
pub fn give(tx: &mut Tx<'_>, org: OrgId, party: PartyId, new: &ConsentRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO consents (org, id, party, purpose, given_at, given_how) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![org, new.id.to_string(), party, &new.purpose, new.given_at, &new.given_how],
    )?;
    Ok(())
}

/// Withdraws every consent of a customer to a purpose; gives how many held.
///
/// # Errors
/// Any [`StoreError`].
pub fn withdraw(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: PartyId,
    purpose: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE consents SET withdrawn_at = $4 WHERE org = $1 AND party = $2 AND purpose = $3
         AND withdrawn_at IS NULL",
        &values![org, party, purpose, now],
    )
}
