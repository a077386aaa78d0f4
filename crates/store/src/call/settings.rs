//! How calls come in and whom they reach: queues, lines, telephones, trunks.

use huiyin_domain::call::queue::Queue;
use huiyin_domain::call::trunk::TrunkWire;
use huiyin_domain::ids::{OrgId, PersonId, QueueId, UnitId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::floor::{body, json};
use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// A dialled number (CALL-18).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// The number, as dialled; unique in the installation.
    pub number: String,
    /// Whose it is.
    pub org: OrgId,
    /// Where its calls belong.
    pub unit: UnitId,
    /// What people call it.
    pub name: String,
    /// The service that it stands for.
    pub service: Option<String>,
    /// The menu that answers.
    pub menu: Option<String>,
    /// The queue to which it goes straight.
    pub queue: Option<QueueId>,
    /// Calls at once (CALL-2).
    pub most: Option<u32>,
    /// Whether it is in use.
    pub active: bool,
}

/// A telephone, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionRow {
    /// Whose it is.
    pub org: OrgId,
    /// Its user name; unique in the installation.
    pub name: String,
    /// Who answers there.
    pub person: Option<PersonId>,
    /// The realm of its digests.
    pub realm: String,
    /// `MD5(name:realm:password)`, hex.
    pub ha1_md5: String,
    /// `SHA-256(name:realm:password)`, hex.
    pub ha1_sha256: String,
    /// Whether it may register.
    pub active: bool,
    /// When its password was made.
    pub made_at: Timestamp,
}

/// A way to a carrier, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrunkRow {
    /// Its name.
    pub name: String,
    /// Where it is: host and port.
    pub server: String,
    /// Over what it is reached.
    pub transport: TrunkWire,
    /// Who we are there; none where the carrier knows us by our address.
    pub user: Option<String>,
    /// Whether we register there.
    pub register: bool,
    /// Addresses from which its calls come.
    pub from: Vec<String>,
    /// Calls at once.
    pub most: u32,
    /// Lower ones are tried first (CALL-5).
    pub order: u32,
    /// Whether it is in use.
    pub active: bool,
}

/// Gives a queue.
///
/// # Errors
/// Any [`StoreError`].
pub fn queue(tx: &mut Tx<'_>, org: OrgId, id: QueueId) -> Result<Option<Queue>, StoreError> {
    let row = tx.one("SELECT body FROM queues WHERE org = $1 AND id = $2", &values![org, id])?;
    row.as_ref().map(|row| body(row, 0, "queue")).transpose()
}

/// Finds a queue by its code.
///
/// # Errors
/// Any [`StoreError`].
pub fn queue_coded(tx: &mut Tx<'_>, org: OrgId, code: &str) -> Result<Option<Queue>, StoreError> {
    let row = tx.one("SELECT body FROM queues WHERE org = $1 AND code = $2", &values![org, code])?;
    row.as_ref().map(|row| body(row, 0, "queue")).transpose()
}

/// Lists the queues by their codes.
///
/// # Errors
/// Any [`StoreError`].
pub fn queues(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<Queue>, StoreError> {
    let rows = tx.all("SELECT body FROM queues WHERE org = $1 ORDER BY code", &values![org])?;
    rows.iter().map(|row| body(row, 0, "queue")).collect()
}

/// Keeps a queue.
///
/// # Errors
/// Any [`StoreError`], also where another one has its code.
pub fn put_queue(tx: &mut Tx<'_>, org: OrgId, queue: &Queue) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO queues (org, id, code, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org, id) DO UPDATE SET code = excluded.code, body = excluded.body",
        &values![org, queue.id, &queue.code, json(queue)?],
    )?;
    Ok(())
}

/// Gives who serves a queue.
///
/// # Errors
/// Any [`StoreError`].
pub fn serving(tx: &mut Tx<'_>, org: OrgId, queue: QueueId) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx.all(
        "SELECT person FROM queue_agents WHERE org = $1 AND queue = $2 ORDER BY person",
        &values![org, queue],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Says who serves a queue, and nobody else.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_serving(
    tx: &mut Tx<'_>,
    org: OrgId,
    queue: QueueId,
    people: &[PersonId],
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM queue_agents WHERE org = $1 AND queue = $2", &values![org, queue])?;
    for person in people {
        tx.execute(
            "INSERT INTO queue_agents (org, queue, person) VALUES ($1, $2, $3)
             ON CONFLICT (org, queue, person) DO NOTHING",
            &values![org, queue, *person],
        )?;
    }
    Ok(())
}

macro_rules! lines {
    ($rest:literal) => {
        concat!("SELECT number, org, unit, name, service, menu, queue, most, active FROM lines", $rest)
    };
}

fn line_of(row: &Row) -> Result<LineRow, StoreError> {
    Ok(LineRow {
        number: row.get(0)?,
        org: row.get(1)?,
        unit: row.get(2)?,
        name: row.get(3)?,
        service: row.get(4)?,
        menu: row.get(5)?,
        queue: row.get(6)?,
        most: row.get(7)?,
        active: row.get::<i64>(8)? != 0,
    })
}

/// Lists the lines of an organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn lines(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<LineRow>, StoreError> {
    let rows = tx.all(lines!(" WHERE org = $1 ORDER BY number"), &values![org])?;
    rows.iter().map(line_of).collect()
}

/// Finds whose a dialled number is; it decides the organisation (contracts §3).
///
/// # Errors
/// Any [`StoreError`].
pub fn line(tx: &mut Tx<'_>, number: &str) -> Result<Option<LineRow>, StoreError> {
    let row = tx.one(lines!(" WHERE number = $1 AND active = 1"), &values![number])?;
    row.as_ref().map(line_of).transpose()
}

/// Keeps a line; gives false where another organisation has the number.
///
/// # Errors
/// Any [`StoreError`].
pub fn put_line(tx: &mut Tx<'_>, line: &LineRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO lines (number, org, unit, name, service, menu, queue, most, active)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (number) DO UPDATE SET unit = excluded.unit, name = excluded.name,
           service = excluded.service, menu = excluded.menu, queue = excluded.queue, most = excluded.most,
           active = excluded.active WHERE lines.org = excluded.org",
        &values![
            &line.number,
            line.org,
            line.unit,
            &line.name,
            line.service.clone(),
            line.menu.clone(),
            line.queue,
            line.most,
            i64::from(line.active),
        ],
    )?;
    Ok(rows > 0)
}

macro_rules! extensions {
    ($rest:literal) => {
        concat!(
            "SELECT org, name, person, realm, ha1_md5, ha1_sha256, active, made_at FROM extensions",
            $rest
        )
    };
}

fn extension_of(row: &Row) -> Result<ExtensionRow, StoreError> {
    Ok(ExtensionRow {
        org: row.get(0)?,
        name: row.get(1)?,
        person: row.get(2)?,
        realm: row.get(3)?,
        ha1_md5: row.get(4)?,
        ha1_sha256: row.get(5)?,
        active: row.get::<i64>(6)? != 0,
        made_at: row.get(7)?,
    })
}

/// Lists the telephones of an organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn extensions(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<ExtensionRow>, StoreError> {
    let rows = tx.all(extensions!(" WHERE org = $1 ORDER BY name"), &values![org])?;
    rows.iter().map(extension_of).collect()
}

/// Finds a telephone by the name with which it registers.
///
/// # Errors
/// Any [`StoreError`].
pub fn extension(tx: &mut Tx<'_>, name: &str) -> Result<Option<ExtensionRow>, StoreError> {
    let row = tx.one(extensions!(" WHERE name = $1 AND active = 1"), &values![name])?;
    row.as_ref().map(extension_of).transpose()
}

/// Gives the telephones at which a person answers.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Vec<ExtensionRow>, StoreError> {
    let rows = tx.all(
        extensions!(" WHERE org = $1 AND person = $2 AND active = 1 ORDER BY name"),
        &values![org, person],
    )?;
    rows.iter().map(extension_of).collect()
}

/// Keeps a telephone; gives false where another organisation has the name.
///
/// # Errors
/// Any [`StoreError`].
pub fn put_extension(tx: &mut Tx<'_>, row: &ExtensionRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO extensions (org, name, person, realm, ha1_md5, ha1_sha256, active, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (name) DO UPDATE SET person = excluded.person, realm = excluded.realm,
           ha1_md5 = excluded.ha1_md5, ha1_sha256 = excluded.ha1_sha256, active = excluded.active,
           made_at = excluded.made_at WHERE extensions.org = excluded.org",
        &values![
            row.org,
            &row.name,
            row.person,
            &row.realm,
            &row.ha1_md5,
            &row.ha1_sha256,
            i64::from(row.active),
            row.made_at
        ],
    )?;
    Ok(rows > 0)
}

/// Lists the trunks of an organisation in their order.
///
/// # Errors
/// Any [`StoreError`].
pub fn trunks(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<TrunkRow>, StoreError> {
    let rows = tx.all("SELECT body FROM trunks WHERE org = $1 ORDER BY name", &values![org])?;
    let mut all: Vec<TrunkRow> = rows.iter().map(|row| body(row, 0, "trunk")).collect::<Result<_, _>>()?;
    all.sort_by_key(|trunk| trunk.order);
    Ok(all)
}

/// Lists the trunks of every organisation with their secrets, for the process that
/// holds the lines.
///
/// # Errors
/// Any [`StoreError`].
pub fn trunk_secrets(tx: &mut Tx<'_>) -> Result<Vec<(OrgId, TrunkRow, String)>, StoreError> {
    let rows = tx.all("SELECT org, body, secret FROM trunks ORDER BY org, name", &[])?;
    rows.iter().map(|row| Ok((row.get(0)?, body(row, 1, "trunk")?, row.get(2)?))).collect()
}

/// Keeps a trunk; its secret stays where none is given.
///
/// # Errors
/// Any [`StoreError`].
pub fn put_trunk(
    tx: &mut Tx<'_>,
    org: OrgId,
    trunk: &TrunkRow,
    secret: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO trunks (org, name, secret, body) VALUES ($1, $2, COALESCE($3, ''), $4)
         ON CONFLICT (org, name) DO UPDATE SET body = excluded.body, secret = COALESCE($3, trunks.secret)",
        &values![org, &trunk.name, secret, json(trunk)?],
    )?;
    Ok(())
}
