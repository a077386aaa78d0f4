//! Rows of webhook subscriptions; their messages are in [`delivery`].

pub mod delivery;

use huiyin_domain::ids::{OrgId, WebhookId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// A subscription, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Identity.
    pub id: WebhookId,
    /// What people call it.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// Topics it wants, such as `case.closed` or `case.*`.
    pub events: Vec<String>,
    /// `plain`, `wecom` or `dingtalk`.
    pub format: String,
    /// Whether messages go out.
    pub active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Grows by one with each change.
    pub version: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, url, events, format, active, created_at, changed_at, version FROM webhooks",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<WebhookRow, StoreError> {
    let events = serde_json::from_str(row.text(3)?)
        .map_err(|_| StoreError::Type { context: "a list of topics is not readable".into() })?;
    Ok(WebhookRow {
        id: row.get(0)?,
        name: row.get(1)?,
        url: row.get(2)?,
        events,
        format: row.get(4)?,
        active: row.get(5)?,
        created_at: row.get(6)?,
        changed_at: row.get(7)?,
        version: row.get(8)?,
    })
}

fn topics(row: &WebhookRow) -> String {
    serde_json::Value::from(row.events.clone()).to_string()
}

/// Adds a subscription with its secret.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &WebhookRow, secret: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO webhooks (org, id, name, url, secret, events, format, active, created_at, changed_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1)",
        &values![
            org,
            new.id,
            &new.name,
            &new.url,
            secret,
            topics(new),
            &new.format,
            new.active,
            new.created_at
        ],
    )?;
    Ok(())
}

/// Changes a subscription if nobody else did; gives whether it was so.
///
/// # Errors
/// Any [`StoreError`].
pub fn update(tx: &mut Tx<'_>, org: OrgId, changed: &WebhookRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE webhooks SET name = $4, url = $5, events = $6, format = $7, active = $8, changed_at = $9,
                version = version + 1
         WHERE org = $1 AND id = $2 AND version = $3 AND removed_at IS NULL",
        &values![
            org,
            changed.id,
            changed.version,
            &changed.name,
            &changed.url,
            topics(changed),
            &changed.format,
            changed.active,
            changed.changed_at
        ],
    )?;
    Ok(rows > 0)
}

/// Replaces the secret.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_secret(tx: &mut Tx<'_>, org: OrgId, id: WebhookId, secret: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE webhooks SET secret = $3 WHERE org = $1 AND id = $2", &values![org, id, secret])?;
    Ok(())
}

/// Removes a subscription and its secret; its past messages stay listed.
///
/// # Errors
/// Any [`StoreError`].
pub fn remove(tx: &mut Tx<'_>, org: OrgId, id: WebhookId, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE webhooks SET removed_at = $3, active = 0, secret = '' WHERE org = $1 AND id = $2 AND removed_at IS NULL",
        &values![org, id, now],
    )?;
    Ok(rows > 0)
}

/// Gives a subscription that was not removed.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: WebhookId) -> Result<Option<WebhookRow>, StoreError> {
    let row = tx.one(select!(" WHERE org = $1 AND id = $2 AND removed_at IS NULL"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Lists the subscriptions, oldest first; there are few.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<WebhookRow>, StoreError> {
    let rows = tx.all(select!(" WHERE org = $1 AND removed_at IS NULL ORDER BY id"), &values![org])?;
    rows.iter().map(read).collect()
}

/// Gives the secret, to sign with.
///
/// # Errors
/// Any [`StoreError`].
pub fn secret(tx: &mut Tx<'_>, org: OrgId, id: WebhookId) -> Result<Option<String>, StoreError> {
    let row = tx.one(
        "SELECT secret FROM webhooks WHERE org = $1 AND id = $2 AND removed_at IS NULL",
        &values![org, id],
    )?;
    row.map(|row| row.get(0)).transpose()
}
