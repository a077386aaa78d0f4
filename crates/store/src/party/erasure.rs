//! What was erased on lawful request, and the erasing of a customer's identity.
//!
//! The list holds no personal text; a restore replays it, so that a backup
//! cannot bring back what had to go.

use huiyin_domain::ids::{OrgId, PartyId, PersonId};
use huiyin_domain::search::Subject;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::search::feed;
use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// One lawful erasing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureRow {
    /// Identity, UUID v7.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Of what kind of thing: `party`, `case`.
    pub object_kind: String,
    /// Of which one.
    pub object_id: String,
    /// Commitments of the texts that went; empty for a party.
    pub texts: Vec<String>,
    /// The lawful request it rests on.
    pub basis: String,
    /// Who carried it out; none for the product itself.
    pub person: Option<PersonId>,
}

fn read(row: &Row) -> Result<ErasureRow, StoreError> {
    let broken = |_| StoreError::Type { context: "a line of the erasing log is not readable".into() };
    Ok(ErasureRow {
        id: Uuid::parse_str(row.text(0)?)
            .map_err(|_| StoreError::Type { context: "an erasure's identity is not readable".into() })?,
        at: row.get(1)?,
        object_kind: row.get(2)?,
        object_id: row.get(3)?,
        texts: serde_json::from_str(row.text(4)?).map_err(broken)?,
        basis: row.get(5)?,
        person: row.get(6)?,
    })
}

/// Adds a line to the list; one that is there already stays, so that a list
/// can be replayed.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &ErasureRow) -> Result<(), StoreError> {
    let texts = serde_json::Value::from(new.texts.clone()).to_string();
    tx.execute(
        "INSERT INTO erasures (org, id, at, object_kind, object_id, texts, basis, person)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org, id) DO NOTHING",
        &values![
            org,
            new.id.to_string(),
            new.at,
            &new.object_kind,
            &new.object_id,
            texts,
            &new.basis,
            new.person
        ],
    )?;
    Ok(())
}

/// Lists every erasing of an organisation since a moment, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn since(tx: &mut Tx<'_>, org: OrgId, from: Timestamp) -> Result<Vec<ErasureRow>, StoreError> {
    let rows = tx.all(
        "SELECT id, at, object_kind, object_id, texts, basis, person FROM erasures
         WHERE org = $1 AND at >= $2 ORDER BY at, id",
        &values![org, from],
    )?;
    rows.iter().map(read).collect()
}

/// Empties everything that tells who a customer is; may be repeated.
///
/// The row and its number stay, so that statistics and files keep their sense.
///
/// # Errors
/// Any [`StoreError`].
pub fn empty_party(tx: &mut Tx<'_>, org: OrgId, party: PartyId, at: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE parties SET name = NULL, note = NULL, do_not_visit_why = NULL,
                listening = NULL, style = NULL, personality = NULL, erased_at = COALESCE(erased_at, $3),
                changed_at = $3, version = version + 1 WHERE org = $1 AND id = $2",
        &values![org, party, at],
    )?;
    tx.execute("DELETE FROM party_phones WHERE org = $1 AND party = $2", &values![org, party])?;
    tx.execute("DELETE FROM party_addresses WHERE org = $1 AND party = $2", &values![org, party])?;
    tx.execute("DELETE FROM party_households WHERE org = $1 AND party = $2", &values![org, party])?;
    feed::erased(tx, org, Subject::Customer, party.0)?;
    Ok(rows > 0)
}
