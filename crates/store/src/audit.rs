//! Rows of the audit trail and of the access log.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Identity, UUID v7.
    pub id: Uuid,
    /// Who; none for the product itself.
    pub person: Option<PersonId>,
    /// How: `session`, `token`, `command_line`, `system`.
    pub via: String,
    /// Which session or token.
    pub via_id: Option<String>,
    /// What was done, such as `person_created`.
    pub action: String,
    /// To what kind of thing, such as `person`.
    pub object_kind: String,
    /// To which one.
    pub object_id: String,
    /// In which request.
    pub request_id: String,
    /// JSON without personal text.
    pub details: String,
}

/// One line of the access log: who saw or searched by a sensitive field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessLine {
    /// When.
    pub at: Timestamp,
    /// Identity, UUID v7.
    pub id: Uuid,
    /// Who; none for the product itself.
    pub person: Option<PersonId>,
    /// How: `session`, `token`, `command_line`, `system`.
    pub via: String,
    /// `view`, `search` or `export`.
    pub what: String,
    /// Which field, such as `phone`.
    pub field: String,
    /// Of what kind of thing.
    pub object_kind: String,
    /// Of which one; of a search, a keyed digest of the term.
    pub object_id: String,
    /// In which request.
    pub request_id: String,
}

/// Which audit lines are wanted; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this person.
    pub person: Option<PersonId>,
    /// On this kind of thing.
    pub object_kind: Option<String>,
    /// On this thing.
    pub object_id: Option<String>,
    /// Before this line, by time and identity.
    pub before: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: u32,
}

/// Adds an audit line.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, line: &AuditLine) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO audit (org, at, id, person, via, via_id, action, object_kind, object_id, request_id, details)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &values![
            org,
            line.at,
            line.id.to_string(),
            line.person,
            &line.via,
            line.via_id.as_ref(),
            &line.action,
            &line.object_kind,
            &line.object_id,
            &line.request_id,
            &line.details
        ],
    )?;
    Ok(())
}

/// Lists audit lines, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId, filter: &AuditFilter) -> Result<Vec<AuditLine>, StoreError> {
    let mut query = Query::new(
        "SELECT at, id, person, via, via_id, action, object_kind, object_id, request_id, details
         FROM audit WHERE org = $1",
        values![org],
    );
    if let Some(person) = filter.person {
        query.bind(" AND person = $1", values![person]);
    }
    if let Some(kind) = &filter.object_kind {
        query.bind(" AND object_kind = $1", values![kind]);
    }
    if let Some(id) = &filter.object_id {
        query.bind(" AND object_id = $1", values![id]);
    }
    if let Some((at, id)) = filter.before {
        query.bind(" AND (at < $1 OR (at = $1 AND id < $2))", values![at, id.to_string()]);
    }
    query.bind(" ORDER BY at DESC, id DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<AuditLine, StoreError> {
    Ok(AuditLine {
        at: row.get(0)?,
        id: uuid(row, 1)?,
        person: row.get(2)?,
        via: row.get(3)?,
        via_id: row.get(4)?,
        action: row.get(5)?,
        object_kind: row.get(6)?,
        object_id: row.get(7)?,
        request_id: row.get(8)?,
        details: row.get(9)?,
    })
}

fn uuid(row: &Row, index: usize) -> Result<Uuid, StoreError> {
    let broken = |_| StoreError::Type { context: "an identity is not readable".into() };
    Uuid::parse_str(row.text(index)?).map_err(broken)
}

/// Adds a line to the access log.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert_access(tx: &mut Tx<'_>, org: OrgId, line: &AccessLine) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO access_log (org, at, id, person, via, what, field, object_kind, object_id, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &values![
            org,
            line.at,
            line.id.to_string(),
            line.person,
            &line.via,
            &line.what,
            &line.field,
            &line.object_kind,
            &line.object_id,
            &line.request_id
        ],
    )?;
    Ok(())
}

/// Lists who saw or searched, newest first, before a line, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn list_access(
    tx: &mut Tx<'_>,
    org: OrgId,
    before: Option<(Timestamp, Uuid)>,
    limit: u32,
) -> Result<Vec<AccessLine>, StoreError> {
    let mut query = Query::new(
        "SELECT at, id, person, via, what, field, object_kind, object_id, request_id
         FROM access_log WHERE org = $1",
        values![org],
    );
    if let Some((at, id)) = before {
        query.bind(" AND (at < $1 OR (at = $1 AND id < $2))", values![at, id.to_string()]);
    }
    query.bind(" ORDER BY at DESC, id DESC LIMIT $1", values![limit]);
    let rows = tx.query(&query)?;
    rows.iter()
        .map(|row| {
            Ok(AccessLine {
                at: row.get(0)?,
                id: uuid(row, 1)?,
                person: row.get(2)?,
                via: row.get(3)?,
                what: row.get(4)?,
                field: row.get(5)?,
                object_kind: row.get(6)?,
                object_id: row.get(7)?,
                request_id: row.get(8)?,
            })
        })
        .collect()
}
