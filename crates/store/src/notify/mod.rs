//! Rows of notices to people, and of how each wants to be told.

use huiyin_domain::ids::{CaseId, NotificationId, OrgId, PersonId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A notice to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Identity.
    pub id: NotificationId,
    /// Who is told.
    pub person: PersonId,
    /// What caused it; a person is told once of each.
    pub source: String,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Why, as a stable code.
    pub why: String,
    /// Number, kind, stage and the like, as JSON; no personal text.
    pub params: String,
    /// Whether it must be read at once.
    pub urgent: bool,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the person read it.
    pub read_at: Option<Timestamp>,
    /// When the person said that it is seen to.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was passed on because nobody read it.
    pub escalated_at: Option<Timestamp>,
}

/// Which notices of a person are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeFilter {
    /// Only those not read yet.
    pub unread: bool,
    /// Before this one, by time and identity.
    pub before: Option<(Timestamp, NotificationId)>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, source, case_id, why, params, urgent, created_at, read_at, acknowledged_at, ",
            "escalated_at FROM notifications",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Notification, StoreError> {
    Ok(Notification {
        id: row.get(0)?,
        person: row.get(1)?,
        source: row.get(2)?,
        case: row.get(3)?,
        why: row.get(4)?,
        params: row.get(5)?,
        urgent: row.get(6)?,
        created_at: row.get(7)?,
        read_at: row.get(8)?,
        acknowledged_at: row.get(9)?,
        escalated_at: row.get(10)?,
    })
}

/// Adds a notice; gives whether the person had not been told of its source yet.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &Notification) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO notifications (org, id, person, source, case_id, why, params, urgent, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org, source, person) DO NOTHING",
        &values![
            org,
            new.id,
            new.person,
            &new.source,
            new.case,
            &new.why,
            &new.params,
            new.urgent,
            new.created_at
        ],
    )?;
    Ok(rows > 0)
}

/// Lists a person's notices, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    filter: NoticeFilter,
) -> Result<Vec<Notification>, StoreError> {
    let mut query = Query::new(select!(" WHERE org = $1 AND person = $2"), values![org, person]);
    if filter.unread {
        query.push(" AND read_at IS NULL");
    }
    if let Some((at, id)) = filter.before {
        query.bind(" AND (created_at < $1 OR (created_at = $1 AND id < $2))", values![at, id]);
    }
    query.bind(" ORDER BY created_at DESC, id DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Gives a notice, whosesoever it is.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: NotificationId) -> Result<Option<Notification>, StoreError> {
    let row = tx.one(select!(" WHERE org = $1 AND id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Counts a person's notices that are not read.
///
/// # Errors
/// Any [`StoreError`].
pub fn unread(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<u64, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM notifications WHERE org = $1 AND person = $2 AND read_at IS NULL",
        &values![org, person],
    )?;
    let count: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Notes that a person read a notice; the first time counts.
///
/// # Errors
/// Any [`StoreError`].
pub fn mark_read(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    id: NotificationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE notifications SET read_at = $4 WHERE org = $1 AND person = $2 AND id = $3 AND read_at IS NULL",
        &values![org, person, id, now],
    )?;
    Ok(())
}

/// Notes that a person has seen to a notice, and so has read it.
///
/// # Errors
/// Any [`StoreError`].
pub fn acknowledge(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    id: NotificationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE notifications SET acknowledged_at = COALESCE(acknowledged_at, $4), read_at = COALESCE(read_at, $4)
         WHERE org = $1 AND person = $2 AND id = $3",
        &values![org, person, id, now],
    )?;
    Ok(())
}

/// Marks an unread notice as passed on; gives whether it was still unread.
///
/// # Errors
/// Any [`StoreError`].
pub fn escalate(tx: &mut Tx<'_>, org: OrgId, id: NotificationId, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE notifications SET escalated_at = $3
         WHERE org = $1 AND id = $2 AND read_at IS NULL AND escalated_at IS NULL",
        &values![org, id, now],
    )?;
    Ok(rows > 0)
}

/// Gives when a person wants mail: `never`, `urgent` or `always`, where said.
///
/// # Errors
/// Any [`StoreError`].
pub fn mail_wish(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Option<String>, StoreError> {
    let row = tx.one(
        "SELECT mail FROM notification_settings WHERE org = $1 AND person = $2",
        &values![org, person],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Keeps when a person wants mail.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_mail_wish(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    wish: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO notification_settings (org, person, mail, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org, person) DO UPDATE SET mail = excluded.mail, changed_at = excluded.changed_at",
        &values![org, person, wish, now],
    )?;
    Ok(())
}

/// Says whether anybody read the notice of a source.
///
/// # Errors
/// Any [`StoreError`].
pub fn anybody_read(tx: &mut Tx<'_>, org: OrgId, source: &str) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM notifications WHERE org = $1 AND source = $2 AND read_at IS NOT NULL",
        &values![org, source],
    )?;
    Ok(row.map_or(Ok(0_i64), |row| row.get(0))? > 0)
}
