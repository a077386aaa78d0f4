//! Rows of telephone numbers and addresses of customers.

use huiyin_domain::ids::{OrgId, PartyId};
use huiyin_domain::phone;
use huiyin_domain::search::Subject;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::search::feed;
use crate::sql::{StoreError, Tx};
use crate::values;

/// An address of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRow {
    /// Identity, UUID v7.
    pub id: Uuid,
    /// The address.
    pub text: String,
}

/// Gives the numbers of a customer, the one to call first in front.
///
/// # Errors
/// Any [`StoreError`].
pub fn phones(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<Vec<String>, StoreError> {
    let rows = tx.all(
        "SELECT digits FROM party_phones WHERE org = $1 AND party = $2 ORDER BY place, digits",
        &values![org, party],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Adds a number behind the others; one that is there already stays.
///
/// # Errors
/// Any [`StoreError`].
pub fn add_phone(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: PartyId,
    digits: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO party_phones (org, party, digits, last4, place, created_at)
         VALUES ($1, $2, $3, $4, (SELECT COUNT(*) FROM party_phones o WHERE o.org = $1 AND o.party = $2), $5)
         ON CONFLICT (org, party, digits) DO NOTHING",
        &values![org, party, digits, phone::last_four(digits), now],
    )?;
    Ok(())
}

/// Replaces the numbers of a customer.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_phones(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: PartyId,
    digits: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM party_phones WHERE org = $1 AND party = $2", &values![org, party])?;
    for number in digits {
        add_phone(tx, org, party, number, now)?;
    }
    Ok(())
}

/// Gives the addresses of a customer, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn addresses(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<Vec<AddressRow>, StoreError> {
    let rows = tx.all(
        "SELECT id, text FROM party_addresses WHERE org = $1 AND party = $2 ORDER BY id",
        &values![org, party],
    )?;
    rows.iter()
        .map(|row| {
            let id = Uuid::parse_str(row.text(0)?)
                .map_err(|_| StoreError::Type { context: "an address's identity is not readable".into() })?;
            Ok(AddressRow { id, text: row.get(1)? })
        })
        .collect()
}

/// Adds an address.
///
/// # Errors
/// Any [`StoreError`].
pub fn add_address(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: PartyId,
    new: &AddressRow,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO party_addresses (org, id, party, text, created_at) VALUES ($1, $2, $3, $4, $5)",
        &values![org, new.id.to_string(), party, &new.text, now],
    )?;
    feed::changed(tx, org, Subject::Customer, party.0)
}

/// Removes the addresses of a customer.
///
/// # Errors
/// Any [`StoreError`].
pub fn clear_addresses(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM party_addresses WHERE org = $1 AND party = $2", &values![org, party])?;
    feed::changed(tx, org, Subject::Customer, party.0)
}
