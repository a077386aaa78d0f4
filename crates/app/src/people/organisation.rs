//! Organisations (tenants) of one installation.

use serde::Deserialize;
use serde_json::json;

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::pack;
use huiyin_domain::people::{Tree, Unit, UnitLevel};
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::case::rules as packs;
use huiyin_store::people::{organisation as rows, unit as units};
use huiyin_store::sql::Tx;

pub use huiyin_store::people::organisation::Organisation;

use super::membership::NewMembership;
use super::{check, person, unit};
use crate::App;
use crate::audit::{self, Object, SEARCH_KEY};
use crate::codes;
use crate::ctx::{Actor, Ctx, Via};
use crate::error::Error;
use crate::hints::Hint;
use crate::paper;
use crate::policy::{self, Action, Target, action};
use crate::session::FIRST_POSTS;

/// An organisation that is to be founded.
#[derive(Clone, Debug, Deserialize)]
pub struct NewOrganisation {
    /// Its code, by which the outside names it.
    pub code: String,
    /// The name that people see.
    pub name: String,
    /// IANA zone of its dates, such as `Asia/Shanghai`.
    pub zone: String,
    /// Name of its working calendar, such as `CN`.
    pub calendar: String,
    /// Name of the pack of its cases, such as `property`.
    pub pack: String,
    /// The rung of its first unit, which bears its code and name.
    pub level: UnitLevel,
}

/// Code of the organisation of an empty installation (contracts §1).
const FIRST: &str = "default";

impl NewOrganisation {
    /// Gives the organisation of an empty installation (contracts §1).
    #[must_use]
    pub fn default_one() -> Self {
        Self {
            code: FIRST.into(),
            name: "默认组织".into(),
            zone: "Asia/Shanghai".into(),
            calendar: "CN".into(),
            pack: pack::STANDARD.into(),
            level: UnitLevel::Company,
        }
    }
}

/// What is to be changed of an organisation; what is not said stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct OrganisationChange {
    /// The name that people see.
    pub name: Option<String>,
    /// IANA zone of its dates.
    pub zone: Option<String>,
    /// Name of its working calendar.
    pub calendar: Option<String>,
    /// Name of the pack of its cases.
    pub pack: Option<String>,
}

/// Founds an organisation with its first unit; on the machine only.
///
/// An administrator of one organisation has no say over others.
///
/// # Errors
/// `forbidden` for anybody else, `code_taken`, or a field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewOrganisation) -> Result<Organisation, Error> {
    if !matches!(ctx.actor.via, Via::CommandLine | Via::System) {
        return Err(policy::denied(Action::ManageOrganisation));
    }
    known_pack(tx, OrgId(0), &new.pack)?;
    if new.calendar != WorkingCalendar::china().reference().name {
        return Err(Error::field("calendar", "calendar_unknown"));
    }
    let org = rows::next_number(tx)?;
    let root = Unit {
        id: UnitId(ctx.uuid()),
        code: check::code("code", &new.code)?,
        name: check::text("name", &new.name, 100)?,
        level: new.level,
    };
    let made = Organisation {
        org,
        code: root.code.clone(),
        name: root.name.clone(),
        zone: zone("zone", &new.zone)?,
        calendar: check::code("calendar", &new.calendar)?,
        pack: check::code("pack", &new.pack)?,
        root_unit: root.id,
    };
    rows::insert(tx, &made, ctx.now).map_err(|error| {
        if error.is_unique("organisations_code") {
            Error::conflict(codes::CODE_TAKEN).with_field("code", codes::CODE_TAKEN)
        } else {
            error.into()
        }
    })?;
    first_unit(tx, ctx, org, root)?;
    let mut key = [0; 32];
    ctx.ids.fill(&mut key);
    rows::set_setting(tx, org, SEARCH_KEY, &crate::secret::hex(&key), ctx.now)?;
    let inside = within(ctx, org);
    audit::record(tx, &inside, "organisation_created", Object::new("organisation", &made.code), json!({}))?;
    Ok(made)
}

/// Says whether the actor may found organisations: who administers the one that
/// the installation began with, in a browser.
///
/// # Errors
/// What the store gives.
pub fn founds(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<bool, Error> {
    let permitted = policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere).is_ok();
    let signed_in = matches!(ctx.actor.via, Via::Session(_));
    Ok(signed_in && permitted && rows::all(tx)?.first().is_some_and(|first| first.org == ctx.org()))
}

/// Founds another organisation, with the founder as its first person (issue 5 §2).
///
/// The founder gets no say over organisations that are there already.
///
/// # Errors
/// `forbidden` for anybody but an administrator of the first organisation,
/// `code_taken`, or a field.
pub fn found(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, new: &NewOrganisation) -> Result<Organisation, Error> {
    if !founds(tx, ctx)? {
        return Err(policy::denied(Action::ManageOrganisation));
    }
    let machine = Ctx { actor: Actor::command_line(ctx.org()), ..ctx.clone() };
    let made = create(tx, &machine, new)?;
    let posts = FIRST_POSTS.into_iter().collect();
    let place = NewMembership { unit: made.root_unit, posts, valid_from: None, valid_to: None };
    person::invite(tx, &within(&machine, made.org), &ctx.actor.login, &place)?;
    paper::begin_rhythms(tx, app)?;
    audit::record(tx, ctx, "organisation_founded", Object::new("organisation", &made.code), json!({}))?;
    Ok(made)
}

fn first_unit(tx: &mut Tx<'_>, ctx: &Ctx, org: OrgId, root: Unit) -> Result<(), Error> {
    units::insert(tx, org, &root, ctx.now)?;
    let id = root.id;
    let mut tree = Tree::default();
    // Imported history lies before the founding of the installation: the first
    // unit stands from the beginning of time.
    let beginning = huiyin_domain::time::Timestamp::from_micros(0);
    tree.add(root, None, beginning).map_err(Error::internal)?;
    Ok(units::save_places(tx, org, &tree, id)?)
}

/// Gives the context of the machine inside one organisation.
#[must_use]
pub fn within(ctx: &Ctx, org: OrgId) -> Ctx {
    Ctx { actor: Actor { org, ..ctx.actor.clone() }, ..ctx.clone() }
}

fn zone(path: &str, name: &str) -> Result<String, Error> {
    if huiyin_domain::time::Zone::named(name).is_ok() {
        Ok(name.to_owned())
    } else {
        Err(Error::field(path, codes::ZONE_UNKNOWN))
    }
}

/// Gives the actor's organisation.
///
/// # Errors
/// `not_found` when there is none.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Organisation, Error> {
    rows::get(tx, ctx.org())?.ok_or_else(Error::not_found)
}

/// Changes the actor's organisation.
///
/// Whoever calls it forgets the rules in memory after the commit:
/// `App::rules_changed`.
///
/// # Errors
/// `forbidden`, or a field that is not acceptable.
pub fn change(tx: &mut Tx<'_>, ctx: &Ctx, change: &OrganisationChange) -> Result<Organisation, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let mut org = get(tx, ctx)?;
    let before = org.clone();
    if let Some(name) = &change.name {
        org.name = check::text("name", name, 100)?;
        // the first unit bears the name of its organisation until it has one of its own
        let root = units::get(tx, ctx.org(), org.root_unit)?;
        if org.name != before.name && root.is_some_and(|root| root.name == before.name) {
            unit::rename(tx, ctx, org.root_unit, &org.name)?;
        }
    }
    if let Some(name) = &change.zone {
        org.zone = zone("zone", name)?;
    }
    if let Some(calendar) = change.calendar.as_ref().filter(|name| **name != org.calendar) {
        crate::case::choose_calendar(tx, ctx, calendar)?;
        org.calendar.clone_from(calendar);
    }
    if let Some(pack) = change.pack.as_ref().filter(|name| **name != org.pack) {
        known_pack(tx, org.org, pack)?;
        org.pack.clone_from(pack);
        Hint::rules(org.org, "pack").tell(tx, ctx)?;
    }
    rows::update(tx, &org)?;
    let told = |org: &Organisation| json!({"zone": org.zone, "calendar": org.calendar, "pack": org.pack});
    let details = json!({"before": told(&before), "after": told(&org)});
    audit::record(tx, ctx, "organisation_changed", Object::new("organisation", &org.code), details)?;
    Ok(org)
}

/// A pack must be there before cases follow it, or none could be recorded.
fn known_pack(tx: &mut Tx<'_>, org: OrgId, name: &str) -> Result<(), Error> {
    let shipped = pack::shipped().iter().any(|(known, _)| *known == name);
    if shipped || packs::packs(tx, org)?.iter().any(|row| row.name == name) {
        return Ok(());
    }
    Err(Error::field("pack", "pack_unknown").with("pack", name))
}

/// Lists the organisations of the installation, oldest first; on the machine only.
///
/// # Errors
/// `forbidden` for anybody else.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    if !matches!(ctx.actor.via, Via::CommandLine | Via::System) {
        return Err(policy::denied(Action::ManageOrganisation));
    }
    Ok(rows::all(tx)?)
}

/// Finds the organisation that the command line means.
///
/// # Errors
/// `organisation_needed` when none is named and several exist,
/// `organisation_unknown` when there is none of that code.
pub fn choose(tx: &mut Tx<'_>, code: Option<&str>) -> Result<Organisation, Error> {
    match code {
        Some(code) => {
            rows::by_code(tx, code)?.ok_or_else(|| Error::field("org", codes::ORGANISATION_UNKNOWN))
        }
        None => {
            let mut all = rows::all(tx)?;
            match (all.pop(), all.is_empty()) {
                (Some(only), true) => Ok(only),
                (Some(_), false) => Err(Error::invalid(codes::ORGANISATION_NEEDED)),
                (None, _) => Err(Error::invalid(codes::ORGANISATION_UNKNOWN)),
            }
        }
    }
}
