//! Rows of people; a person belongs to the installation.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::time::Timestamp;

use super::access;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A member of staff, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// Login name, lower case; unique in the installation.
    pub login: String,
    /// The name that people see.
    pub name: String,
    /// Own telephone number.
    pub phone: Option<String>,
    /// Own mail address.
    pub email: Option<String>,
    /// BCP 47 tag of the language.
    pub locale: String,
    /// Whether the person may sign in.
    pub active: bool,
    /// Whether a one-time code is asked for.
    pub totp_enabled: bool,
    /// Whether a password is set.
    pub has_password: bool,
    /// Grows by one with each change.
    pub version: i64,
}

/// What a person signs in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// Argon2id in PHC form; none before set-up.
    pub password_hash: Option<String>,
    /// Argon2id in PHC form; none when no PIN was chosen.
    pub pin_hash: Option<String>,
    /// Base32; set from enrolment on.
    pub totp_secret: Option<String>,
    /// The last time step whose code was used.
    pub totp_step: i64,
}

fn read(row: &Row) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        phone: row.get(3)?,
        email: row.get(4)?,
        locale: row.get(5)?,
        active: row.get(6)?,
        totp_enabled: row.get(7)?,
        has_password: row.get(8)?,
        version: row.get(9)?,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.login, p.name, p.phone, p.email, p.locale, p.active, p.totp_enabled, ",
            "CASE WHEN p.password_hash IS NULL THEN 0 ELSE 1 END, p.version",
            $rest
        )
    };
}

/// Adds a person without secrets.
///
/// # Errors
/// [`StoreError::Unique`] `persons_login` when the login is taken.
pub fn insert(tx: &mut Tx<'_>, new: &Person, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO persons (id, login, name, phone, email, locale, totp_enabled, totp_step, active,
                              created_at, changed_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $8, $9)",
        &values![
            new.id,
            &new.login,
            &new.name,
            new.phone.as_ref(),
            new.email.as_ref(),
            &new.locale,
            new.active,
            now,
            new.version
        ],
    )?;
    Ok(())
}

/// Changes name, phone, mail, language and activity if nobody else did.
///
/// Takes the version that was read; gives whether it was still the present one.
///
/// # Errors
/// Any [`StoreError`].
pub fn update(tx: &mut Tx<'_>, changed: &Person, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE persons SET name = $3, phone = $4, email = $5, locale = $6, active = $7, changed_at = $8,
                version = version + 1 WHERE id = $1 AND version = $2",
        &values![
            changed.id,
            changed.version,
            &changed.name,
            changed.phone.as_ref(),
            changed.email.as_ref(),
            &changed.locale,
            changed.active,
            now
        ],
    )?;
    access::changed(tx)?;
    Ok(rows > 0)
}

/// Gives a person of the installation; for sign-in and the machine itself.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Person>, StoreError> {
    let row = tx.one(select!(" FROM persons p WHERE p.id = $1"), &values![person])?;
    row.as_ref().map(read).transpose()
}

/// Finds a person by login, lower case: the login look-up.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Person>, StoreError> {
    let row = tx.one(select!(" FROM persons p WHERE p.login = $1"), &values![login])?;
    row.as_ref().map(read).transpose()
}

/// Gives a person who has or had a membership in the organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn in_org(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Option<Person>, StoreError> {
    let row = tx.one(
        select!(
            " FROM persons p WHERE p.id = $2
              AND EXISTS (SELECT 1 FROM memberships m WHERE m.org = $1 AND m.person = p.id)"
        ),
        &values![org, person],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists people who have or had a membership, by login, after a given one.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId, after: Option<&str>, limit: u32) -> Result<Vec<Person>, StoreError> {
    let mut query = Query::new(
        select!(
            " FROM persons p
              WHERE EXISTS (SELECT 1 FROM memberships m WHERE m.org = $1 AND m.person = p.id)"
        ),
        values![org],
    );
    if let Some(after) = after {
        query.bind(" AND p.login > $1", values![after]);
    }
    query.bind(" ORDER BY p.login LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Gives what a person signs in with.
///
/// # Errors
/// Any [`StoreError`].
pub fn secrets(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Secrets>, StoreError> {
    let row = tx.one(
        "SELECT password_hash, pin_hash, totp_secret, totp_step FROM persons WHERE id = $1",
        &values![person],
    )?;
    row.map(|row| {
        Ok(Secrets {
            password_hash: row.get(0)?,
            pin_hash: row.get(1)?,
            totp_secret: row.get(2)?,
            totp_step: row.get(3)?,
        })
    })
    .transpose()
}

/// Sets the password's hash.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_password(tx: &mut Tx<'_>, person: PersonId, hash: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE persons SET password_hash = $2, changed_at = $3 WHERE id = $1",
        &values![person, hash, now],
    )?;
    Ok(())
}

/// Sets or removes the PIN's hash.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_pin(
    tx: &mut Tx<'_>,
    person: PersonId,
    hash: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE persons SET pin_hash = $2, changed_at = $3 WHERE id = $1",
        &values![person, hash, now],
    )?;
    Ok(())
}

/// Sets or removes the one-time code's secret and says whether it is asked for.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_totp(
    tx: &mut Tx<'_>,
    person: PersonId,
    secret: Option<&str>,
    enabled: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE persons SET totp_secret = $2, totp_enabled = $3 WHERE id = $1",
        &values![person, secret, enabled],
    )?;
    Ok(())
}

/// Marks a time step's code as used; gives whether it was still unused.
///
/// # Errors
/// Any [`StoreError`].
pub fn use_totp_step(tx: &mut Tx<'_>, person: PersonId, step: i64) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE persons SET totp_step = $2 WHERE id = $1 AND totp_step < $2",
        &values![person, step],
    )?;
    Ok(rows > 0)
}

/// Says whether anybody who may sign in holds the post of administrator now.
///
/// # Errors
/// Any [`StoreError`].
pub fn any_admin(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM memberships m JOIN persons p ON p.id = m.person
         WHERE m.posts LIKE '%\"admin\"%' AND m.valid_from <= $1 AND (m.valid_to IS NULL OR m.valid_to > $1)
         AND p.active = 1 AND p.password_hash IS NOT NULL",
        &values![now],
    )?;
    Ok(row.map_or(Ok(0_i64), |row| row.get(0))? > 0)
}
