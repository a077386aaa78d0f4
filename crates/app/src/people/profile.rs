//! Profiles: what people bring to the trade, what projects are meant to be.

use std::collections::BTreeSet;

use serde_json::json;

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::{Conditions, PersonProfile, UnitProfile};
use huiyin_store::people::{person as persons, profile as rows, unit as units};
use huiyin_store::sql::Tx;

use super::check;
use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most areas of knowledge that one person names.
const MOST_AREAS: usize = 50;

/// The longest word of a profile, in characters.
const LONGEST: usize = 100;

/// Gives what somebody brings to the trade, and which conditions that meets today
/// (ASC-1, ASC-2).
///
/// # Errors
/// `forbidden`, or `not_found` when the person is not of this organisation.
pub fn of_person(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    person: PersonId,
) -> Result<(PersonProfile, Conditions), Error> {
    if person != ctx.actor.person {
        policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)
            .map(drop)
            .or_else(|_| policy::permit(&ctx.actor, action::ManageDuty, Target::Anywhere).map(drop))?;
    }
    persons::in_org(tx, ctx.org(), person)?.ok_or_else(Error::not_found)?;
    let profile = rows::of_person(tx, ctx.org(), person)?;
    let today = rules.of(tx, ctx.org())?.calendar().zone().date(ctx.now);
    let conditions = profile.conditions(today);
    Ok((profile, conditions))
}

/// Sets what somebody brings to the trade (ASC-2); gives it as [`of_person`] does.
///
/// # Errors
/// `forbidden`, `not_found`, or a field that is not acceptable.
pub fn set_person(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (person, new): (PersonId, PersonProfile),
) -> Result<(PersonProfile, Conditions), Error> {
    policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    persons::in_org(tx, ctx.org(), person)?.ok_or_else(Error::not_found)?;
    let today = rules.of(tx, ctx.org())?.calendar().zone().date(ctx.now);
    if new.trade_since.is_some_and(|since| since > today) {
        return Err(Error::field("trade_since", "in_the_future"));
    }
    if new.knowledge.len() > MOST_AREAS {
        return Err(Error::field("knowledge", "too_many"));
    }
    let mut knowledge = BTreeSet::new();
    for (index, area) in new.knowledge.iter().enumerate() {
        knowledge.insert(check::text(&format!("knowledge[{index}]"), area, LONGEST)?);
    }
    let profile = PersonProfile { knowledge: knowledge.into_iter().collect(), ..new };
    rows::set_person(tx, ctx.org(), person, &profile)?;
    audit::record(tx, ctx, "profile_set", Object::new("person", person), json!({}))?;
    let conditions = profile.conditions(today);
    Ok((profile, conditions))
}

/// Gives what a project is meant to be (PROP-104).
///
/// # Errors
/// `forbidden`, or `not_found` when the unit does not stand now.
pub fn of_unit(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<UnitProfile, Error> {
    policy::permit(&ctx.actor, action::ViewUnits, Target::Anywhere)?;
    units::get(tx, ctx.org(), unit)?.ok_or_else(Error::not_found)?;
    Ok(rows::of_unit(tx, ctx.org(), unit)?)
}

/// Sets what a project is meant to be (PROP-104); a blank text removes it.
///
/// # Errors
/// `forbidden`, `not_found`, or a field that is not acceptable.
pub fn set_unit(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, new: &UnitProfile) -> Result<UnitProfile, Error> {
    policy::permit(&ctx.actor, action::ManageUnits, Target::Anywhere)?;
    units::get(tx, ctx.org(), unit)?.ok_or_else(Error::not_found)?;
    let word = |path: &str, text: &Option<String>| check::optional(path, text.as_deref(), LONGEST);
    let profile = UnitProfile {
        positioning: word("positioning", &new.positioning)?,
        customer_group: word("customer_group", &new.customer_group)?,
        service_standard: word("service_standard", &new.service_standard)?,
        resource_cost: word("resource_cost", &new.resource_cost)?,
    };
    rows::set_unit(tx, ctx.org(), unit, &profile)?;
    audit::record(tx, ctx, "profile_set", Object::new("unit", unit), json!({"profile": profile}))?;
    Ok(profile)
}
