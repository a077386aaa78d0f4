//! Rows of browser sessions; found by the digest of their token.

use huiyin_domain::ids::{OrgId, PersonId, SessionId};
use huiyin_domain::time::Timestamp;

use super::access;
use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// A browser session; its token is known to the browser only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Identity.
    pub id: SessionId,
    /// The organisation in which it works.
    pub org: OrgId,
    /// Whose it is at present.
    pub person: PersonId,
    /// What the browser says it is.
    pub device: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

fn read(row: &Row) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        id: row.get(0)?,
        org: row.get(1)?,
        person: row.get(2)?,
        device: row.get(3)?,
        created_at: row.get(4)?,
        seen_at: row.get(5)?,
        expires_at: row.get(6)?,
    })
}

/// Adds a session with the digest of its token.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, new: &SessionRow, digest: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sessions (id, token_digest, org, person, device, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &values![
            new.id,
            digest,
            new.org,
            new.person,
            &new.device,
            new.created_at,
            new.seen_at,
            new.expires_at
        ],
    )?;
    Ok(())
}

/// Finds a session that was not revoked by the digest of its token.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_digest(tx: &mut Tx<'_>, digest: &str) -> Result<Option<SessionRow>, StoreError> {
    let row = tx.one(
        "SELECT id, org, person, device, created_at, seen_at, expires_at FROM sessions
         WHERE token_digest = $1 AND revoked_at IS NULL",
        &values![digest],
    )?;
    row.as_ref().map(read).transpose()
}

/// Gives a session that was not revoked.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, session: SessionId) -> Result<Option<SessionRow>, StoreError> {
    let row = tx.one(
        "SELECT id, org, person, device, created_at, seen_at, expires_at FROM sessions
         WHERE id = $1 AND revoked_at IS NULL",
        &values![session],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists a person's sessions that run at a moment, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    now: Timestamp,
    seen_after: Timestamp,
) -> Result<Vec<SessionRow>, StoreError> {
    let rows = tx.all(
        "SELECT id, org, person, device, created_at, seen_at, expires_at FROM sessions
         WHERE person = $1 AND revoked_at IS NULL AND expires_at > $2 AND seen_at > $3
         ORDER BY created_at DESC, id",
        &values![person, now, seen_after],
    )?;
    rows.iter().map(read).collect()
}

/// Marks a session as used.
///
/// # Errors
/// Any [`StoreError`].
pub fn touch(tx: &mut Tx<'_>, session: SessionId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2", &values![session, now])?;
    Ok(())
}

/// Gives a session another person, organisation and token.
///
/// # Errors
/// Any [`StoreError`].
pub fn hand_to(tx: &mut Tx<'_>, session: &SessionRow, digest: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sessions SET org = $2, person = $3, seen_at = $4, expires_at = $5, token_digest = $6
         WHERE id = $1 AND revoked_at IS NULL",
        &values![session.id, session.org, session.person, session.seen_at, session.expires_at, digest],
    )?;
    access::changed(tx)
}

/// Lets a session work in another organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_org(tx: &mut Tx<'_>, session: SessionId, org: OrgId) -> Result<(), StoreError> {
    tx.execute("UPDATE sessions SET org = $2 WHERE id = $1", &values![session, org])?;
    access::changed(tx)
}

/// Ends one session of a person; gives whether it was running.
///
/// # Errors
/// Any [`StoreError`].
pub fn revoke(
    tx: &mut Tx<'_>,
    person: PersonId,
    session: SessionId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE sessions SET revoked_at = $3 WHERE id = $2 AND person = $1 AND revoked_at IS NULL",
        &values![person, session, now],
    )?;
    access::changed(tx)?;
    Ok(rows > 0)
}

/// Ends all sessions of a person but one; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn revoke_others(
    tx: &mut Tx<'_>,
    person: PersonId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let keep = keep.map_or_else(String::new, |id| id.to_string());
    let rows = tx.execute(
        "UPDATE sessions SET revoked_at = $3 WHERE person = $1 AND id <> $2 AND revoked_at IS NULL",
        &values![person, &keep, now],
    )?;
    access::changed(tx)?;
    // A device remembers whom it may let back by PIN; a revoked person is forgotten there.
    tx.execute("DELETE FROM session_people WHERE person = $1 AND session <> $2", &values![person, &keep])?;
    Ok(rows)
}

/// Notes that a person signed in on this session's device with a password.
///
/// # Errors
/// Any [`StoreError`].
pub fn remember(
    tx: &mut Tx<'_>,
    session: SessionId,
    person: PersonId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO session_people (session, person, verified_at) VALUES ($1, $2, $3)
         ON CONFLICT (session, person) DO UPDATE SET verified_at = excluded.verified_at",
        &values![session, person, now],
    )?;
    Ok(())
}

/// Says when a person last signed in on this session's device with a password.
///
/// # Errors
/// Any [`StoreError`].
pub fn remembered(
    tx: &mut Tx<'_>,
    session: SessionId,
    person: PersonId,
) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one(
        "SELECT verified_at FROM session_people WHERE session = $1 AND person = $2",
        &values![session, person],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Deletes sessions that ended before a moment; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn purge(tx: &mut Tx<'_>, ended_before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM session_people WHERE session IN (SELECT id FROM sessions WHERE expires_at < $1)",
        &values![ended_before],
    )?;
    tx.execute("DELETE FROM sessions WHERE expires_at < $1", &values![ended_before])
}
