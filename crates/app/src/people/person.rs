//! People: appointed, changed, dismissed.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use huiyin_domain::ids::PersonId;
use huiyin_domain::locale::Locale;
use huiyin_domain::people::{Post, PostHeld};
use huiyin_store::people::{membership as memberships, person as rows, session, token};
use huiyin_store::sql::Tx;

pub use huiyin_store::people::person::Person;

use super::membership::{self, NewMembership};
use super::{check, obligations};
use crate::App;
use crate::audit::{self, Object};
use crate::case::staffing_watch;
use crate::codes;
use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most people that one page holds.
pub const PAGE: u32 = 200;

/// Somebody who is to be appointed.
#[derive(Clone, Debug, Deserialize)]
pub struct NewPerson {
    /// Login name, unique in the installation.
    pub login: String,
    /// The name that people see.
    pub name: String,
    /// Own telephone number.
    pub phone: Option<String>,
    /// Own mail address.
    pub email: Option<String>,
    /// Language; Chinese when not said.
    #[serde(default)]
    pub locale: Locale,
    /// The first place; without one nobody would see the person.
    pub membership: NewMembership,
}

/// What is to be changed of a person; what is not said stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PersonChange {
    /// The name that people see.
    pub name: Option<String>,
    /// Own telephone number; blank removes it.
    pub phone: Option<String>,
    /// Own mail address; blank removes it.
    pub email: Option<String>,
    /// Language.
    pub locale: Option<Locale>,
}

/// A person with the posts held now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonView {
    /// The person.
    pub person: Person,
    /// The posts held now in this organisation.
    pub posts: Vec<PostHeld>,
}

/// Appoints a person, who has no password yet.
///
/// The password is chosen by a link of [`crate::session::reset_link`].
///
/// # Errors
/// `forbidden`, `login_taken`, or a field that is not acceptable.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewPerson) -> Result<PersonView, Error> {
    let permit = policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    let person = Person {
        id: PersonId(ctx.uuid()),
        login: check::login("login", &new.login)?,
        name: check::text("name", &new.name, 100)?,
        phone: check::optional("phone", new.phone.as_deref(), 30)?,
        email: check::optional("email", new.email.as_deref(), 200)?,
        locale: new.locale.tag().to_owned(),
        active: true,
        totp_enabled: false,
        has_password: false,
        version: 1,
    };
    rows::insert(tx, &person, ctx.now).map_err(|error| {
        if error.is_unique("persons_login") {
            Error::conflict(codes::LOGIN_TAKEN).with_field("login", codes::LOGIN_TAKEN)
        } else {
            error.into()
        }
    })?;
    audit::record(tx, ctx, "person_created", Object::new("person", person.id), json!({}))?;
    let row = membership::insert(tx, ctx, &permit, person.id, &new.membership)?;
    let posts = huiyin_domain::people::posts_held(&[row.membership], ctx.now);
    Ok(PersonView { person, posts })
}

/// Gives a person of this organisation.
///
/// Another's phone and mail are shown only to who manages people.
///
/// # Errors
/// `forbidden`, or `not_found` when the person is not of this organisation.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId) -> Result<PersonView, Error> {
    policy::permit(&ctx.actor, action::ViewPeople, Target::Anywhere)?;
    let person = rows::in_org(tx, ctx.org(), person)?.ok_or_else(Error::not_found)?;
    view(tx, ctx, person)
}

/// Lists the people of this organisation by login, after a given one.
///
/// # Errors
/// `forbidden`.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, after: Option<&str>, limit: u32) -> Result<Vec<PersonView>, Error> {
    policy::permit(&ctx.actor, action::ViewPeople, Target::Anywhere)?;
    let people = rows::list(tx, ctx.org(), after, limit.clamp(1, PAGE))?;
    people.into_iter().map(|person| view(tx, ctx, person)).collect()
}

fn view(tx: &mut Tx<'_>, ctx: &Ctx, mut person: Person) -> Result<PersonView, Error> {
    let posts = membership::posts(tx, ctx.org(), person.id, ctx.now)?;
    let manages = policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere).is_ok();
    if !manages && person.id != ctx.actor.person {
        person.phone = None;
        person.email = None;
    }
    Ok(PersonView { person, posts })
}

/// Changes a person; one's own data, or anybody's by a post for it.
///
/// Takes the version that was seen, if any.
///
/// # Errors
/// `forbidden`, `not_found`, `stale`, `belongs_elsewhere`, or a field.
pub fn change(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: PersonId,
    version: Option<i64>,
    change: &PersonChange,
) -> Result<PersonView, Error> {
    let mut person = reachable(tx, ctx, id)?;
    if version.is_some_and(|seen| seen != person.version) {
        return Err(Error::stale().with("version", person.version));
    }
    if let Some(name) = &change.name {
        person.name = check::text("name", name, 100)?;
    }
    if let Some(phone) = &change.phone {
        person.phone = check::optional("phone", Some(phone), 30)?;
    }
    if let Some(email) = &change.email {
        person.email = check::optional("email", Some(email), 200)?;
    }
    if let Some(locale) = change.locale {
        person.locale = locale.tag().to_owned();
    }
    save(tx, ctx, &mut person)?;
    audit::record(tx, ctx, "person_changed", Object::new("person", id), json!({"version": person.version}))?;
    view(tx, ctx, person)
}

fn save(tx: &mut Tx<'_>, ctx: &Ctx, person: &mut Person) -> Result<(), Error> {
    if !rows::update(tx, person, ctx.now)? {
        return Err(Error::stale().with("version", person.version));
    }
    person.version += 1;
    Ok(())
}

/// Gives a person whose account the actor may change.
///
/// An account that serves other organisations too is changed by its person or
/// on the machine: an administrator here is none there.
///
/// # Errors
/// `not_found`, `forbidden`, `belongs_elsewhere`.
pub(crate) fn reachable(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<Person, Error> {
    let found = rows::in_org(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    if id == ctx.actor.person {
        return Ok(found);
    }
    policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    let machine = matches!(ctx.actor.via, Via::CommandLine | Via::System);
    if !machine && memberships::elsewhere(tx, ctx.org(), id, ctx.now)? > 0 {
        return Err(Error::conflict(codes::BELONGS_ELSEWHERE));
    }
    Ok(found)
}

/// Dismisses a person from this organisation: ends every place here.
///
/// The account itself ends when no other organisation needs it.
///
/// # Errors
/// `forbidden`, `not_found`, `still_owns_work`, `last_administrator`.
pub fn deactivate(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    let mut person = rows::in_org(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    obligations::require_none(app, tx, ctx, id)?;
    let mut lost = BTreeSet::new();
    for row in memberships::of_person(tx, ctx.org(), id)? {
        if row.membership.valid.holds(ctx.now) {
            lost.extend(row.membership.posts.iter().copied());
        }
        // A place that has not begun yet never will: it ends where it begins.
        memberships::end(tx, ctx.org(), row.id, ctx.now.max(row.membership.valid.from))?;
    }
    let elsewhere = memberships::elsewhere(tx, ctx.org(), id, ctx.now)? > 0;
    if !elsewhere && person.active {
        person.active = false;
        save(tx, ctx, &mut person)?;
        session::revoke_others(tx, id, None, ctx.now)?;
        token::revoke_all(tx, id, ctx.now)?;
    }
    membership::require_administrator(tx, ctx)?;
    staffing_watch::after_loss(tx, ctx, &lost)?;
    audit::record(tx, ctx, "person_deactivated", Object::new("person", id), json!({"elsewhere": elsewhere}))
}

/// Takes a dismissed person back, with a new place.
///
/// # Errors
/// `forbidden`, `not_found`, or a field that is not acceptable.
pub fn reactivate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: PersonId,
    place: &NewMembership,
) -> Result<PersonView, Error> {
    let permit = policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    let mut person = rows::in_org(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    if !person.active {
        person.active = true;
        save(tx, ctx, &mut person)?;
    }
    membership::insert(tx, ctx, &permit, id, place)?;
    audit::record(tx, ctx, "person_reactivated", Object::new("person", id), json!({}))?;
    view(tx, ctx, person)
}

/// Gives a person of another organisation a place here; on the machine only.
///
/// # Errors
/// `forbidden` for anybody but the command line, `person_unknown`, or a field.
pub fn invite(tx: &mut Tx<'_>, ctx: &Ctx, login: &str, place: &NewMembership) -> Result<PersonView, Error> {
    if !matches!(ctx.actor.via, Via::CommandLine) {
        return Err(policy::denied(policy::Action::ManagePeople));
    }
    let permit = policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    let login = check::login("login", login)?;
    let person = rows::by_login(tx, &login)?.ok_or_else(|| Error::field("login", codes::PERSON_UNKNOWN))?;
    membership::insert(tx, ctx, &permit, person.id, place)?;
    view(tx, ctx, person)
}

/// Gives the people who hold a post at one unit now, oldest membership first.
///
/// Serves the choice of an owner for what nobody received (contracts §3).
///
/// # Errors
/// What the store gives.
pub fn holders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: huiyin_domain::ids::UnitId,
    post: Post,
) -> Result<Vec<PersonId>, Error> {
    let rows = memberships::of_unit(tx, ctx.org(), unit, ctx.now)?;
    let mut seen = BTreeSet::new();
    let holding = rows.into_iter().map(|row| row.membership).filter(|member| member.posts.contains(&post));
    Ok(holding.map(|member| member.person).filter(|person| seen.insert(*person)).collect())
}
