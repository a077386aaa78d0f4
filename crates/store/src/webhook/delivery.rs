//! Rows of messages to webhooks and what became of them.

use huiyin_domain::ids::{OrgId, WebhookId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One message to one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Identity; the receiver sees it, the same in every try.
    pub id: Uuid,
    /// To which subscription.
    pub webhook: WebhookId,
    /// What caused it; sent once to each webhook.
    pub source: String,
    /// What it is about, such as `case.accepted`.
    pub topic: String,
    /// JSON without personal text.
    pub body: String,
    /// When it was queued.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// When it was last tried.
    pub tried_at: Option<Timestamp>,
    /// The last answer or failure.
    pub outcome: Option<String>,
    /// When the other side took it.
    pub delivered_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The other side took it.
    Delivered,
    /// It will be tried again.
    Waiting,
    /// It was given up.
    Dead,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, webhook, source, topic, body, created_at, tries, tried_at, outcome, delivered_at, dead_at ",
            "FROM webhook_deliveries",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<DeliveryRow, StoreError> {
    let id = Uuid::parse_str(row.text(0)?)
        .map_err(|_| StoreError::Type { context: "a delivery's identity is not readable".into() })?;
    Ok(DeliveryRow {
        id,
        webhook: row.get(1)?,
        source: row.get(2)?,
        topic: row.get(3)?,
        body: row.get(4)?,
        created_at: row.get(5)?,
        tries: row.get(6)?,
        tried_at: row.get(7)?,
        outcome: row.get(8)?,
        delivered_at: row.get(9)?,
        dead_at: row.get(10)?,
    })
}

/// Adds a message; gives whether its source was not sent there yet.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &DeliveryRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO webhook_deliveries (org, id, webhook, source, topic, body, created_at, tries)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (org, webhook, source) DO NOTHING",
        &values![org, new.id.to_string(), new.webhook, &new.source, &new.topic, &new.body, new.created_at],
    )?;
    Ok(rows > 0)
}

/// Gives a message.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Option<DeliveryRow>, StoreError> {
    let row = tx.one(select!(" WHERE org = $1 AND id = $2"), &values![org, id.to_string()])?;
    row.as_ref().map(read).transpose()
}

/// Notes a try and what became of it.
///
/// # Errors
/// Any [`StoreError`].
pub fn tried(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: Uuid,
    now: Timestamp,
    (end, outcome): (Tried, &str),
) -> Result<(), StoreError> {
    let outcome = &outcome[..outcome.floor_char_boundary(500)];
    let delivered = (end == Tried::Delivered).then_some(now);
    let dead = (end == Tried::Dead).then_some(now);
    tx.execute(
        "UPDATE webhook_deliveries SET tries = tries + 1, tried_at = $3, outcome = $4, delivered_at = $5,
                dead_at = $6 WHERE org = $1 AND id = $2",
        &values![org, id.to_string(), now, outcome, delivered, dead],
    )?;
    Ok(())
}

/// Takes a given-up message back; gives whether it was given up.
///
/// # Errors
/// Any [`StoreError`].
pub fn revive(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE webhook_deliveries SET dead_at = NULL WHERE org = $1 AND id = $2 AND dead_at IS NOT NULL",
        &values![org, id.to_string()],
    )?;
    Ok(rows > 0)
}

/// Lists messages, newest first: of one webhook, or those that were given up.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    webhook: Option<WebhookId>,
    dead: bool,
    page: (Option<(Timestamp, Uuid)>, u32),
) -> Result<Vec<DeliveryRow>, StoreError> {
    let (before, limit) = page;
    let mut query = Query::new(select!(" WHERE org = $1"), values![org]);
    if let Some(webhook) = webhook {
        query.bind(" AND webhook = $1", values![webhook]);
    }
    if dead {
        query.push(" AND dead_at IS NOT NULL");
    }
    if let Some((at, id)) = before {
        query.bind(" AND (created_at < $1 OR (created_at = $1 AND id < $2))", values![at, id.to_string()]);
    }
    query.bind(" ORDER BY created_at DESC, id DESC LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Removes messages that were delivered before a moment; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn purge(tx: &mut Tx<'_>, org: OrgId, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM webhook_deliveries WHERE org = $1 AND delivered_at < $2", &values![org, before])
}
