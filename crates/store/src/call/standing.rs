//! What a customer is to the house: level, skills, restriction.

use huiyin_domain::call::standing::Standing;
use huiyin_domain::ids::{OrgId, PartyId};

use super::floor::{body, json};
use crate::sql::{StoreError, Tx};
use crate::values;

/// Gives what a customer is to the house, with its version, once somebody said.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<Option<(Standing, i64)>, StoreError> {
    let row = tx.one(
        "SELECT body, version FROM party_standings WHERE org = $1 AND party = $2",
        &values![org, party],
    )?;
    row.as_ref().map(|row| Ok((body(row, 0, "standing")?, row.get(1)?))).transpose()
}

/// Keeps it, if it still has the version that was seen; gives whether it was so.
///
/// # Errors
/// Any [`StoreError`].
pub fn put(
    tx: &mut Tx<'_>,
    org: OrgId,
    (party, seen): (PartyId, i64),
    standing: &Standing,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO party_standings (org, party, level, body, version) VALUES ($1, $2, $3, $4, $6)
         ON CONFLICT (org, party) DO UPDATE SET level = excluded.level, body = excluded.body,
           version = excluded.version WHERE party_standings.version = $5",
        &values![org, party, standing.level.clone(), json(standing)?, seen, seen + 1],
    )?;
    Ok(rows > 0)
}

/// Forgets what was said of a customer whose identity is erased.
///
/// Standing, the text of messages, numbers of promised calls.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM party_standings WHERE org = $1 AND party = $2",
        "UPDATE call_messages SET body = NULL, reply = NULL WHERE org = $1 AND party = $2",
        "UPDATE call_backs SET number = NULL, about = NULL, note = NULL WHERE org = $1 AND party = $2",
    ] {
        tx.execute(sql, &values![org, party])?;
    }
    Ok(())
}
