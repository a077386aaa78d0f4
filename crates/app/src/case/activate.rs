//! Putting a pack version into force for an organisation.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::Kind;
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::pack::{
    self, MOST_BYTES, MOST_FILES, Pack, PackChange, PackFault, PackFiles, StaffingWarning, diff,
    staffing_warnings,
};
use huiyin_domain::people::{Post, PostHeld, Unit, posts_at, posts_held};
use huiyin_domain::time::{Date, Timestamp};
use huiyin_store::case::rules::{self as rows, PackRow};
use huiyin_store::people::{membership as memberships, organisation, unit as units};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::rules::Rules;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::{Error, FieldError};
use crate::hints::Hint;
use crate::policy::{self, Target, action};

/// What the activation of a pack led to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActivatedPack {
    /// Name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// From which day on newly received cases are bound by it.
    pub effective: Date,
    /// Whether the organisation's cases follow a pack of this name.
    pub bound: bool,
    /// What the people there cannot do, or cannot keep apart.
    pub warnings: Vec<DeskWarning>,
}

/// What the people of one desk cannot do by a pack (SUP-1, X-39).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeskWarning {
    /// Code of the unit.
    pub unit: String,
    /// For which duty somebody is missing.
    #[serde(flatten)]
    pub missing: StaffingWarning,
}

/// A pack version that an organisation could bind cases by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackLine {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// First day on which cases are bound by it.
    pub effective: Date,
    /// When it was activated here; null for one that is shipped and no more.
    pub activated_at: Option<Timestamp>,
    /// Whether a case received now is bound by it.
    pub in_force: bool,
}

/// A pack that was looked at and not activated.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckedPack {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// How many moves it has.
    pub moves: usize,
    /// How many limits it has.
    pub clocks: usize,
    /// How many forms it has.
    pub forms: usize,
    /// What the people there could not do, or not keep apart.
    pub warnings: Vec<DeskWarning>,
}

/// Reads a pack, every fault named with its place.
///
/// # Errors
/// `pack_faulty` with one field for each fault.
pub fn read_pack(files: &PackFiles) -> Result<Pack, Error> {
    let large = files.iter().count() > MOST_FILES || files.iter().any(|(_, text)| text.len() > MOST_BYTES);
    if large {
        return Err(Error::field("files", "pack_too_large").with("most", MOST_BYTES));
    }
    pack::load(files).map_err(|faults| {
        let faulty = Error::invalid("pack_faulty").with("faults", faults.len());
        faults.iter().map(told).fold(faulty, Error::with_field_error)
    })
}

fn told(fault: &PackFault) -> FieldError {
    let PackFault { place, code, params, near } = fault;
    let mut params: crate::Params =
        params.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    if !near.is_empty() {
        params.insert("near".into(), near.join(" / ").into());
    }
    let path = format!("{}:{}:{}", place.file, place.line, place.column);
    FieldError { path, code: (*code).to_owned(), params }
}

/// Lists the pack versions that are shipped or were activated here.
///
/// # Errors
/// `forbidden`.
pub fn packs(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules) -> Result<Vec<PackLine>, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let root = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?.root_unit;
    let now = held.in_force(tx, ctx, (root, Kind::Complaint), ctx.now)?.reference();
    let activated: BTreeMap<(String, u32), Timestamp> = rows::packs(tx, ctx.org())?
        .into_iter()
        .map(|row| ((row.name, row.version), row.activated_at))
        .collect();
    let line = |pack: &Pack| PackLine {
        name: pack.name.clone(),
        version: pack.version,
        effective: pack.effective,
        activated_at: activated.get(&(pack.name.clone(), pack.version)).copied(),
        in_force: pack.reference() == now,
    };
    let mut lines: Vec<PackLine> = held.packs().map(line).collect();
    lines.sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
    Ok(lines)
}

/// Gives the files of a pack that is shipped or was activated here, by
/// `name@version`, or by name its newest version.
///
/// # Errors
/// `pack_unknown`.
pub fn pack_files(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<PackFiles, Error> {
    let (bare, version) = name.split_once('@').map_or((name, None), |(bare, number)| (bare, Some(number)));
    let unknown = || Error::invalid("pack_unknown").with("pack", name);
    let mut known: Vec<(u32, PackFiles)> = Vec::new();
    for row in rows::packs(tx, ctx.org())?.into_iter().filter(|row| row.name == bare) {
        known.push((row.version, serde_json::from_str(&row.files).map_err(Error::internal)?));
    }
    for (_, files) in pack::shipped().into_iter().filter(|(shipped, _)| *shipped == bare) {
        known.push((read_pack(&files)?.version, files));
    }
    let wanted = known.into_iter().filter(|(number, _)| version.is_none_or(|v| v == number.to_string()));
    wanted.max_by_key(|(number, _)| *number).map(|(_, files)| files).ok_or_else(unknown)
}

/// Reads a pack that is shipped or was activated here, with its files.
///
/// The rules that bind everybody are no secret from anybody in the house.
///
/// # Errors
/// `forbidden` or `pack_unknown`.
pub fn pack_named(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<(Pack, PackFiles), Error> {
    policy::permit(&ctx.actor, action::ViewUnits, Target::Anywhere)?;
    let files = pack_files(tx, ctx, name)?;
    Ok((read_pack(&files)?, files))
}

/// Lists the rules in which two packs differ, each by `name@version`.
///
/// # Errors
/// `forbidden` or `pack_unknown`.
pub fn pack_changes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (one, other): (&str, &str),
) -> Result<Vec<PackChange>, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let one = read_pack(&pack_files(tx, ctx, one)?)?;
    let other = read_pack(&pack_files(tx, ctx, other)?)?;
    Ok(diff(&one, &other))
}

/// Looks a pack through without activating it.
///
/// # Errors
/// `forbidden` or `pack_faulty`.
pub fn check_pack(tx: &mut Tx<'_>, ctx: &Ctx, files: &PackFiles) -> Result<CheckedPack, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let pack = read_pack(files)?;
    let warnings = warnings(tx, ctx, &pack)?;
    let Pack { name, version, moves, clocks, forms, .. } = pack;
    let (moves, clocks, forms) = (moves.len(), clocks.len(), forms.len());
    Ok(CheckedPack { name, version, moves, clocks, forms, warnings })
}

/// Puts a pack version into force from a day on.
///
/// Cases that exist keep the version that binds them (domain.md §4). Whoever
/// calls it forgets the rules in memory after the commit: `App::rules_changed`.
///
/// # Errors
/// `forbidden`, `pack_faulty` when it does not load, `pack_version_exists`,
/// `pack_date_taken` when another version begins on the same day.
pub fn activate_pack(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    files: &PackFiles,
    from: Date,
) -> Result<ActivatedPack, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let pack = read_pack(files)?;
    if rows::packs(tx, ctx.org())?.iter().any(|row| row.name == pack.name && row.version == pack.version) {
        return Err(Error::conflict("pack_version_exists").with("version", pack.version));
    }
    let held = rules.of(tx, ctx.org())?;
    let mut others = held.packs().filter(|other| other.name == pack.name && other.version != pack.version);
    if others.any(|other| other.effective == from) {
        return Err(Error::conflict("pack_date_taken").with("date", from.to_string()));
    }
    let row = PackRow {
        name: pack.name.clone(),
        version: pack.version,
        effective: from.to_string(),
        files: serde_json::to_string(files).map_err(Error::internal)?,
        activated_at: ctx.now,
    };
    rows::activate_pack(tx, ctx.org(), &row)?;
    let details = json!({"version": pack.version, "from": from.to_string()});
    audit::record(tx, ctx, "pack_activated", Object::new("pack", &pack.name), details)?;
    Hint::rules(ctx.org(), "pack").tell(tx, ctx)?;
    let bound = organisation::get(tx, ctx.org())?.is_some_and(|own| own.pack == pack.name);
    let warnings = warnings(tx, ctx, &pack)?;
    Ok(ActivatedPack { name: pack.name, version: pack.version, effective: from, bound, warnings })
}

/// Names what each desk cannot do.
fn warnings(tx: &mut Tx<'_>, ctx: &Ctx, pack: &Pack) -> Result<Vec<DeskWarning>, Error> {
    let mut found = Vec::new();
    for desk in desks(tx, ctx)? {
        let missing = staffing_warnings(pack, &desk.people).into_iter();
        found.extend(missing.map(|missing| DeskWarning { unit: desk.unit.code.clone(), missing }));
    }
    Ok(found)
}

/// A desk with everybody whose posts count there.
pub(super) struct Desk {
    /// The unit.
    pub unit: Unit,
    /// Who works on its cases, as what.
    pub people: BTreeMap<PersonId, BTreeSet<Post>>,
}

/// Lists the desks; a desk is where somebody takes cases.
pub(super) fn desks(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Desk>, Error> {
    let mut people: BTreeMap<PersonId, Vec<PostHeld>> = BTreeMap::new();
    for row in memberships::holding(tx, ctx.org(), ctx.now)? {
        let person = row.membership.person;
        people.entry(person).or_default().extend(posts_held(&[row.membership], ctx.now));
    }
    let takes = |held: &&PostHeld| matches!(held.post, Post::Agent | Post::Lead);
    let mut places: BTreeSet<UnitId> =
        people.values().flatten().filter(takes).map(|held| held.unit).collect();
    if places.is_empty() {
        places.extend(organisation::get(tx, ctx.org())?.map(|own| own.root_unit));
    }
    let mut found = Vec::new();
    for place in places {
        let Some(unit) = units::get(tx, ctx.org(), place)? else { continue };
        let path = units::path(tx, ctx.org(), place, ctx.now)?;
        let there = |(person, held): (&PersonId, &Vec<PostHeld>)| {
            (*person, posts_at(held, &path).into_iter().collect())
        };
        found.push(Desk { unit, people: people.iter().map(there).collect() });
    }
    Ok(found)
}
