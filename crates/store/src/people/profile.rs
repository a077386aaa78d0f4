//! Rows of profiles: of people in their trade, of projects.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::{PersonProfile, UnitProfile};

use crate::sql::{StoreError, Tx};
use crate::values;

/// Sets what somebody brings to the trade (ASC-2).
///
/// # Errors
/// Any [`StoreError`].
pub fn set_person(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    profile: &PersonProfile,
) -> Result<(), StoreError> {
    let knowledge = serde_json::to_string(&profile.knowledge).unwrap_or_default();
    tx.execute(
        "INSERT INTO person_profiles (org, person, trade_since, education, knowledge)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org, person) DO UPDATE SET
           trade_since = excluded.trade_since, education = excluded.education, knowledge = excluded.knowledge",
        &values![
            org,
            person,
            profile.trade_since.map(|day| day.to_string()),
            profile.education.map(|education| education.as_str()),
            knowledge
        ],
    )?;
    Ok(())
}

/// Gives what somebody brings to the trade; an empty profile where none was set.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<PersonProfile, StoreError> {
    let row = tx.one(
        "SELECT trade_since, education, knowledge FROM person_profiles WHERE org = $1 AND person = $2",
        &values![org, person],
    )?;
    let Some(row) = row else { return Ok(PersonProfile::default()) };
    let odd = |what: &str| StoreError::Type { context: format!("{what} of a profile is not readable") };
    let (since, education): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
    Ok(PersonProfile {
        trade_since: since.map(|day| day.parse().map_err(|_| odd("the day"))).transpose()?,
        education: education.map(|word| word.parse().map_err(|_| odd("the schooling"))).transpose()?,
        knowledge: serde_json::from_str(row.text(2)?).map_err(|_| odd("the knowledge"))?,
    })
}

/// Sets what a project is meant to be (PROP-104).
///
/// # Errors
/// Any [`StoreError`].
pub fn set_unit(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, profile: &UnitProfile) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO unit_profiles (org, unit, positioning, customer_group, service_standard, resource_cost)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org, unit) DO UPDATE SET
           positioning = excluded.positioning, customer_group = excluded.customer_group,
           service_standard = excluded.service_standard, resource_cost = excluded.resource_cost",
        &values![
            org,
            unit,
            profile.positioning.as_deref(),
            profile.customer_group.as_deref(),
            profile.service_standard.as_deref(),
            profile.resource_cost.as_deref()
        ],
    )?;
    Ok(())
}

/// Gives what a project is meant to be; an empty profile where none was set.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_unit(tx: &mut Tx<'_>, org: OrgId, unit: UnitId) -> Result<UnitProfile, StoreError> {
    let row = tx.one(
        "SELECT positioning, customer_group, service_standard, resource_cost FROM unit_profiles
         WHERE org = $1 AND unit = $2",
        &values![org, unit],
    )?;
    let Some(row) = row else { return Ok(UnitProfile::default()) };
    Ok(UnitProfile {
        positioning: row.get(0)?,
        customer_group: row.get(1)?,
        service_standard: row.get(2)?,
        resource_cost: row.get(3)?,
    })
}
