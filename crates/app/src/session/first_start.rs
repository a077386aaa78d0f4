//! The first administrator: by a one-time link, or on the command line.

use std::collections::BTreeSet;

use serde_json::json;

use huiyin_domain::ids::OrgId;
use huiyin_domain::people::{Post, check_password};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::link::{self, LinkPurpose};
use huiyin_store::people::{organisation as organisations, person as persons};
use huiyin_store::sql::Tx;

use super::password::refused;
use crate::App;
use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::paper;
use crate::people::membership::NewMembership;
use crate::people::organisation::{self, NewOrganisation, Organisation};
use crate::people::person::{self, NewPerson, PersonView};
use crate::secret;

/// How long the set-up link may be used, µs: one day; each start makes a new one.
const LINK_LIFE: i64 = 86_400 * 1_000_000;

/// An administrator who is to be made.
#[derive(Clone)]
pub struct NewAdministrator {
    /// Code of the organisation; the only one when not said.
    pub organisation: Option<String>,
    /// Login name.
    pub login: String,
    /// The name that people see; the login when not said.
    pub name: Option<String>,
    /// Password.
    pub password: String,
}

/// Posts of the first administrator: until others are appointed, the desk is
/// this one person (SLM-1); posts are taken away when the desk has its people.
pub(crate) const FIRST_POSTS: [Post; 4] = [Post::Admin, Post::Head, Post::Lead, Post::Agent];

/// Makes the one-time link of the first start; none when somebody administers.
///
/// `serve` prints it; an earlier link ends.
///
/// # Errors
/// What the store gives.
pub fn first_start_link(app: &App, tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    let now = app.clock.now();
    if persons::any_admin(tx, now)? {
        return Ok(None);
    }
    let secret = secret::new(app.ids.as_ref());
    let end = Timestamp::from_micros(now.micros().saturating_add(LINK_LIFE));
    let id = app.ids.uuid(now);
    link::insert(tx, id, LinkPurpose::FirstStart, &secret::digest(&secret), (now, end))?;
    Ok(Some(secret))
}

/// Makes the first administrator by the set-up link.
///
/// # Errors
/// `link_invalid`, `already_set_up`, or a field that is not acceptable.
pub async fn redeem_first_start(
    app: &App,
    link_secret: &str,
    new: NewAdministrator,
    request_id: &str,
) -> Result<PersonView, Error> {
    let (digest, now) = (secret::digest(link_secret), app.clock.now());
    let looked_up = digest.clone();
    app.store.read(move |tx| require_link(tx, &looked_up, now).map(drop)).await?;
    check_password(&new.login, &new.password).map_err(|fault| refused("password", fault))?;
    let hash = app.hasher.hash(&new.password).await?;
    let (ctx, inside) = (machine(app, request_id), app.clone());
    app.store
        .write(move |tx| {
            let used = require_link(tx, &digest, now)?;
            if persons::any_admin(tx, now)? {
                return Err(Error::conflict(codes::ALREADY_SET_UP));
            }
            if !link::use_up(tx, used, now)? {
                return Err(Error::invalid(codes::LINK_INVALID));
            }
            let (_, view) = make(tx, &ctx, &new, &hash)?;
            paper::begin_rhythms(tx, &inside)?;
            Ok(view)
        })
        .await
}

fn require_link(tx: &mut Tx<'_>, digest: &str, now: Timestamp) -> Result<uuid::Uuid, Error> {
    match link::by_digest(tx, digest, now)? {
        Some((id, LinkPurpose::FirstStart)) => Ok(id),
        _ => Err(Error::invalid(codes::LINK_INVALID)),
    }
}

/// Makes an administrator on the command line; founds `default` where nothing is.
///
/// Blocks; for `huiyin admin create` and for tests.
///
/// # Errors
/// `login_taken`, `organisation_needed`, `organisation_unknown`, or a field.
pub fn create_admin(app: &App, new: NewAdministrator) -> Result<(Organisation, PersonView), Error> {
    check_password(&new.login, &new.password).map_err(|fault| refused("password", fault))?;
    let hash = app.hasher.hash_blocking(&new.password)?;
    let ctx = machine(app, "admin create");
    app.store.write_blocking(move |tx| make(tx, &ctx, &new, &hash))
}

fn machine(app: &App, request_id: &str) -> Ctx {
    app.ctx(Actor::command_line(OrgId(0)), request_id, Default::default())
}

fn make(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewAdministrator,
    hash: &str,
) -> Result<(Organisation, PersonView), Error> {
    let empty = organisations::all(tx)?.is_empty();
    let named_default = new.organisation.as_deref().is_none_or(|code| code == "default");
    let org = if empty && named_default {
        organisation::create(tx, ctx, &NewOrganisation::default_one())?
    } else {
        organisation::choose(tx, new.organisation.as_deref())?
    };
    let inside = organisation::within(ctx, org.org);
    let posts: BTreeSet<Post> = if persons::any_admin(tx, ctx.now)? {
        BTreeSet::from([Post::Admin])
    } else {
        FIRST_POSTS.into_iter().collect()
    };
    let asked = NewPerson {
        login: new.login.clone(),
        name: new.name.clone().unwrap_or_else(|| new.login.clone()),
        phone: None,
        email: None,
        locale: Default::default(),
        membership: NewMembership { unit: org.root_unit, posts, valid_from: None, valid_to: None },
    };
    let mut view = person::create(tx, &inside, &asked)?;
    persons::set_password(tx, view.person.id, hash, ctx.now)?;
    view.person.has_password = true;
    link::end_all(tx, LinkPurpose::FirstStart, ctx.now)?;
    let object = Object::new("person", view.person.id);
    audit::record(tx, &inside, "administrator_made", object, json!({}))?;
    Ok((org, view))
}
