//! Rows of one-time links: first start and administrator's reset.

use huiyin_domain::ids::PersonId;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Makes the first administrator.
    FirstStart,
    /// Lets a person choose a password.
    Reset(PersonId),
}

impl LinkPurpose {
    const fn name(self) -> &'static str {
        match self {
            Self::FirstStart => "first_start",
            Self::Reset(_) => "reset",
        }
    }

    const fn person(self) -> Option<PersonId> {
        match self {
            Self::FirstStart => None,
            Self::Reset(person) => Some(person),
        }
    }
}

fn read(row: &Row) -> Result<(Uuid, LinkPurpose), StoreError> {
    let broken = || StoreError::Type { context: "a link is not readable".into() };
    let id = Uuid::parse_str(row.text(0)?).map_err(|_| broken())?;
    let person: Option<PersonId> = row.get(2)?;
    match (row.text(1)?, person) {
        ("first_start", None) => Ok((id, LinkPurpose::FirstStart)),
        ("reset", Some(person)) => Ok((id, LinkPurpose::Reset(person))),
        _ => Err(broken()),
    }
}

/// Adds a link with the digest of its secret; earlier ones for the same end.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(
    tx: &mut Tx<'_>,
    id: Uuid,
    purpose: LinkPurpose,
    digest: &str,
    valid: (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let (now, expires_at) = valid;
    end_all(tx, purpose, now)?;
    tx.execute(
        "INSERT INTO setup_links (id, link_digest, purpose, person, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &values![id.to_string(), digest, purpose.name(), purpose.person(), now, expires_at],
    )?;
    Ok(())
}

/// Finds a link that is neither used nor expired by the digest of its secret.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_digest(
    tx: &mut Tx<'_>,
    digest: &str,
    now: Timestamp,
) -> Result<Option<(Uuid, LinkPurpose)>, StoreError> {
    let row = tx.one(
        "SELECT id, purpose, person FROM setup_links
         WHERE link_digest = $1 AND used_at IS NULL AND expires_at > $2",
        &values![digest, now],
    )?;
    row.as_ref().map(read).transpose()
}

/// Uses a link up; gives whether it was still unused.
///
/// # Errors
/// Any [`StoreError`].
pub fn use_up(tx: &mut Tx<'_>, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE setup_links SET used_at = $2 WHERE id = $1 AND used_at IS NULL",
        &values![id.to_string(), now],
    )?;
    Ok(rows > 0)
}

/// Ends every unused link for the same end.
///
/// # Errors
/// Any [`StoreError`].
pub fn end_all(tx: &mut Tx<'_>, purpose: LinkPurpose, now: Timestamp) -> Result<u64, StoreError> {
    match purpose {
        LinkPurpose::FirstStart => tx.execute(
            "UPDATE setup_links SET used_at = $1 WHERE purpose = 'first_start' AND used_at IS NULL",
            &values![now],
        ),
        LinkPurpose::Reset(person) => tx.execute(
            "UPDATE setup_links SET used_at = $1 WHERE purpose = 'reset' AND person = $2 AND used_at IS NULL",
            &values![now, person],
        ),
    }
}
