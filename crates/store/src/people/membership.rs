//! Rows of memberships: who belongs where, as what.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::Membership;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use super::{access, posts_of, posts_text, validity};
use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// A membership with its own identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipRow {
    /// Identity, UUID v7.
    pub id: Uuid,
    /// Who, where, as what, how long.
    pub membership: Membership,
}

fn read(row: &Row) -> Result<MembershipRow, StoreError> {
    let id = Uuid::parse_str(row.text(0)?)
        .map_err(|_| StoreError::Type { context: "a membership's identity is not readable".into() })?;
    let membership = Membership {
        person: row.get(1)?,
        unit: row.get(2)?,
        posts: posts_of(row.text(3)?)?,
        valid: validity(row, 4)?,
    };
    Ok(MembershipRow { id, membership })
}

/// Adds a membership.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &MembershipRow) -> Result<(), StoreError> {
    let member = &new.membership;
    tx.execute(
        "INSERT INTO memberships (org, id, person, unit, posts, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &values![
            org,
            new.id.to_string(),
            member.person,
            member.unit,
            posts_text(&member.posts),
            member.valid.from,
            member.valid.to
        ],
    )?;
    access::changed(tx)
}

/// Ends a membership at a moment; gives whether it was still running then.
///
/// # Errors
/// Any [`StoreError`].
pub fn end(tx: &mut Tx<'_>, org: OrgId, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE memberships SET valid_to = $3 WHERE org = $1 AND id = $2 AND (valid_to IS NULL OR valid_to > $3)",
        &values![org, id.to_string(), at],
    )?;
    access::changed(tx)?;
    Ok(rows > 0)
}

/// Gives a membership.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Option<MembershipRow>, StoreError> {
    let row = tx.one(
        "SELECT id, person, unit, posts, valid_from, valid_to FROM memberships WHERE org = $1 AND id = $2",
        &values![org, id.to_string()],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists a person's memberships in the organisation, past ones too, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Vec<MembershipRow>, StoreError> {
    let rows = tx.all(
        "SELECT id, person, unit, posts, valid_from, valid_to FROM memberships
         WHERE org = $1 AND person = $2 ORDER BY valid_from, id",
        &values![org, person],
    )?;
    rows.iter().map(read).collect()
}

/// Lists the memberships that hold at a moment, of people who may sign in.
///
/// # Errors
/// Any [`StoreError`].
pub fn holding(tx: &mut Tx<'_>, org: OrgId, at: Timestamp) -> Result<Vec<MembershipRow>, StoreError> {
    let rows = tx.all(
        "SELECT m.id, m.person, m.unit, m.posts, m.valid_from, m.valid_to FROM memberships m
         JOIN persons p ON p.id = m.person
         WHERE m.org = $1 AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to > $2) AND p.active = 1
         ORDER BY m.valid_from, m.id",
        &values![org, at],
    )?;
    rows.iter().map(read).collect()
}

/// Lists one unit's memberships at a moment, of people who may sign in.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_unit(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    at: Timestamp,
) -> Result<Vec<MembershipRow>, StoreError> {
    let rows = tx.all(
        "SELECT m.id, m.person, m.unit, m.posts, m.valid_from, m.valid_to FROM memberships m
         JOIN persons p ON p.id = m.person
         WHERE m.org = $1 AND m.unit = $2 AND m.valid_from <= $3 AND (m.valid_to IS NULL OR m.valid_to > $3)
         AND p.active = 1 ORDER BY m.valid_from, m.id",
        &values![org, unit, at],
    )?;
    rows.iter().map(read).collect()
}

/// Counts the other organisations in which a person has a place then.
///
/// # Errors
/// Any [`StoreError`].
pub fn elsewhere(tx: &mut Tx<'_>, org: OrgId, person: PersonId, at: Timestamp) -> Result<i64, StoreError> {
    let row = tx.one(
        "SELECT COUNT(DISTINCT org) FROM memberships WHERE person = $2 AND org <> $1 AND valid_from <= $3
         AND (valid_to IS NULL OR valid_to > $3)",
        &values![org, person, at],
    )?;
    row.map_or(Ok(0), |row| row.get(0))
}
