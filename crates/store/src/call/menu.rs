//! Voice menus and prompts as an organisation keeps them: every version.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// One version of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuRow {
    /// Its name, as lines name it.
    pub name: String,
    /// Counts up from 1.
    pub version: i64,
    /// When it was kept.
    pub at: Timestamp,
    /// By whom; none for the command line.
    pub person: Option<PersonId>,
    /// What its author said of it.
    pub note: Option<String>,
    /// The text, as written.
    pub text: String,
}

/// One version of a prompt, without its sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptRow {
    /// Its name, as menus name it.
    pub name: String,
    /// Counts up from 1.
    pub version: i64,
    /// When it was kept.
    pub at: Timestamp,
    /// By whom; none for the command line.
    pub person: Option<PersonId>,
    /// `uploaded`, `spoken`, or `shipped` for one that was taken back.
    pub origin: String,
    /// What is said.
    pub said: String,
    /// How long it is, in milliseconds.
    pub millis: i64,
}

macro_rules! menus {
    ($rest:literal) => {
        concat!("SELECT name, version, at, person, note, text FROM menus", $rest)
    };
}

fn menu_of(row: &Row) -> Result<MenuRow, StoreError> {
    Ok(MenuRow {
        name: row.get(0)?,
        version: row.get(1)?,
        at: row.get(2)?,
        person: row.get(3)?,
        note: row.get(4)?,
        text: row.get(5)?,
    })
}

/// Gives the newest version of each menu, by name.
///
/// # Errors
/// Any [`StoreError`].
pub fn menus(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<MenuRow>, StoreError> {
    let rows = tx.all(
        menus!(
            " WHERE org = $1 AND version = (SELECT MAX(n.version) FROM menus n
              WHERE n.org = menus.org AND n.name = menus.name) ORDER BY name"
        ),
        &values![org],
    )?;
    rows.iter().map(menu_of).collect()
}

/// Gives the versions of a menu, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn versions(tx: &mut Tx<'_>, org: OrgId, name: &str, most: u32) -> Result<Vec<MenuRow>, StoreError> {
    let rows = tx.all(
        menus!(" WHERE org = $1 AND name = $2 ORDER BY version DESC LIMIT $3"),
        &values![org, name, most],
    )?;
    rows.iter().map(menu_of).collect()
}

/// Gives one version of a menu.
///
/// # Errors
/// Any [`StoreError`].
pub fn menu(tx: &mut Tx<'_>, org: OrgId, name: &str, version: i64) -> Result<Option<MenuRow>, StoreError> {
    let row =
        tx.one(menus!(" WHERE org = $1 AND name = $2 AND version = $3"), &values![org, name, version])?;
    row.as_ref().map(menu_of).transpose()
}

/// Gives the number of the newest version of a menu; 0 where there is none.
///
/// # Errors
/// Any [`StoreError`].
pub fn newest(tx: &mut Tx<'_>, org: OrgId, name: &str) -> Result<i64, StoreError> {
    let row = tx.one("SELECT MAX(version) FROM menus WHERE org = $1 AND name = $2", &values![org, name])?;
    Ok(row.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten().unwrap_or(0))
}

/// Adds a version of a menu; gives false where another one has its number.
///
/// # Errors
/// Any [`StoreError`].
pub fn add(tx: &mut Tx<'_>, org: OrgId, menu: &MenuRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO menus (org, name, version, at, person, note, text) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org, name, version) DO NOTHING",
        &values![org, &menu.name, menu.version, menu.at, menu.person, menu.note.clone(), &menu.text],
    )?;
    Ok(rows > 0)
}

macro_rules! prompts {
    ($rest:literal) => {
        concat!("SELECT name, version, at, person, origin, said, millis FROM prompts", $rest)
    };
}

fn prompt_of(row: &Row) -> Result<PromptRow, StoreError> {
    Ok(PromptRow {
        name: row.get(0)?,
        version: row.get(1)?,
        at: row.get(2)?,
        person: row.get(3)?,
        origin: row.get(4)?,
        said: row.get(5)?,
        millis: row.get(6)?,
    })
}

/// Gives the newest version of each prompt, by name.
///
/// # Errors
/// Any [`StoreError`].
pub fn prompts(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<PromptRow>, StoreError> {
    let rows = tx.all(
        prompts!(
            " WHERE org = $1 AND version = (SELECT MAX(n.version) FROM prompts n
              WHERE n.org = prompts.org AND n.name = prompts.name) ORDER BY name"
        ),
        &values![org],
    )?;
    rows.iter().map(prompt_of).collect()
}

/// Gives the versions of a prompt, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn prompt_versions(
    tx: &mut Tx<'_>,
    org: OrgId,
    name: &str,
    most: u32,
) -> Result<Vec<PromptRow>, StoreError> {
    let rows = tx.all(
        prompts!(" WHERE org = $1 AND name = $2 ORDER BY version DESC LIMIT $3"),
        &values![org, name, most],
    )?;
    rows.iter().map(prompt_of).collect()
}

/// Gives the number of the newest version of a prompt; 0 where there is none.
///
/// # Errors
/// Any [`StoreError`].
pub fn newest_prompt(tx: &mut Tx<'_>, org: OrgId, name: &str) -> Result<i64, StoreError> {
    let row = tx.one("SELECT MAX(version) FROM prompts WHERE org = $1 AND name = $2", &values![org, name])?;
    Ok(row.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten().unwrap_or(0))
}

/// Gives the sound of a version, as a WAV file.
///
/// # Errors
/// Any [`StoreError`].
pub fn sound(tx: &mut Tx<'_>, org: OrgId, name: &str, version: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.one(
        "SELECT wav FROM prompts WHERE org = $1 AND name = $2 AND version = $3",
        &values![org, name, version],
    )?;
    row.as_ref().map(|row| row.get(0)).transpose()
}

/// Adds a version of a prompt; gives false where another one has its number.
///
/// # Errors
/// Any [`StoreError`].
pub fn add_prompt(tx: &mut Tx<'_>, org: OrgId, prompt: &PromptRow, wav: &[u8]) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO prompts (org, name, version, at, person, origin, said, millis, wav)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org, name, version) DO NOTHING",
        &values![
            org,
            &prompt.name,
            prompt.version,
            prompt.at,
            prompt.person,
            &prompt.origin,
            &prompt.said,
            prompt.millis,
            wav
        ],
    )?;
    Ok(rows > 0)
}
