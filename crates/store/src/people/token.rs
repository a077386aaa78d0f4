//! Rows of API tokens; found by their digest.

use std::collections::BTreeSet;

use huiyin_domain::ids::{OrgId, PersonId, TokenId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;

use super::{access, posts_of, posts_text};
use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// An API token; its secret is known to its holder only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Identity.
    pub id: TokenId,
    /// The organisation in which it works.
    pub org: OrgId,
    /// For whom it acts.
    pub person: PersonId,
    /// What its holder calls it.
    pub name: String,
    /// The posts that it may use; none means all of the person's.
    pub posts: Option<BTreeSet<Post>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; none when it does not.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<TokenRow, StoreError> {
    let posts: Option<String> = row.get(4)?;
    Ok(TokenRow {
        id: row.get(0)?,
        org: row.get(1)?,
        person: row.get(2)?,
        name: row.get(3)?,
        posts: posts.as_deref().map(posts_of).transpose()?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
        used_at: row.get(7)?,
    })
}

/// Adds a token with the digest of its secret.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &TokenRow, digest: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO tokens (org, id, token_digest, person, name, posts, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &values![
            org,
            new.id,
            digest,
            new.person,
            &new.name,
            new.posts.as_ref().map(posts_text),
            new.created_at,
            new.expires_at
        ],
    )?;
    Ok(())
}

/// Finds a token that was not revoked by the digest of its secret.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_digest(tx: &mut Tx<'_>, digest: &str) -> Result<Option<TokenRow>, StoreError> {
    let row = tx.one(
        "SELECT id, org, person, name, posts, created_at, expires_at, used_at FROM tokens
         WHERE token_digest = $1 AND revoked_at IS NULL",
        &values![digest],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists a person's tokens that were not revoked, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Vec<TokenRow>, StoreError> {
    let rows = tx.all(
        "SELECT id, org, person, name, posts, created_at, expires_at, used_at FROM tokens
         WHERE org = $1 AND person = $2 AND revoked_at IS NULL ORDER BY created_at DESC, id",
        &values![org, person],
    )?;
    rows.iter().map(read).collect()
}

/// Marks a token as used.
///
/// # Errors
/// Any [`StoreError`].
pub fn touch(tx: &mut Tx<'_>, org: OrgId, token: TokenId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE tokens SET used_at = $3 WHERE org = $1 AND id = $2", &values![org, token, now])?;
    Ok(())
}

/// Ends a token of a person; gives whether it was running.
///
/// # Errors
/// Any [`StoreError`].
pub fn revoke(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    token: TokenId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE tokens SET revoked_at = $4 WHERE org = $1 AND person = $2 AND id = $3 AND revoked_at IS NULL",
        &values![org, person, token, now],
    )?;
    access::changed(tx)?;
    Ok(rows > 0)
}

/// Ends all tokens of a person in every organisation; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn revoke_all(tx: &mut Tx<'_>, person: PersonId, now: Timestamp) -> Result<u64, StoreError> {
    access::changed(tx)?;
    tx.execute(
        "UPDATE tokens SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL",
        &values![person, now],
    )
}
