//! Rows of skills: what people can do at the customer's.

use huiyin_domain::ids::{OrgId, PersonId};

use crate::sql::{StoreError, Tx};
use crate::values;

/// Replaces the skills of a person.
///
/// # Errors
/// Any [`StoreError`].
pub fn replace(tx: &mut Tx<'_>, org: OrgId, person: PersonId, skills: &[String]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM person_skills WHERE org = $1 AND person = $2", &values![org, person])?;
    tx.execute_many(
        "INSERT INTO person_skills (org, person, skill) VALUES ($1, $2, $3)",
        skills.iter().map(|skill| values![org, person, skill]),
    )?;
    Ok(())
}

/// Gives everybody's skills, by person, then skill.
///
/// # Errors
/// Any [`StoreError`].
pub fn all(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<(PersonId, String)>, StoreError> {
    let rows = tx.all(
        "SELECT person, skill FROM person_skills WHERE org = $1 ORDER BY person, skill",
        &values![org],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
