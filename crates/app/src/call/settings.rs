//! Queues, lines, telephones and trunks, as the organisation sets them.

use huiyin_domain::call::agent::Ask;
use huiyin_domain::call::floor::{Effect, Happening};
use huiyin_domain::call::queue::Queue;
use huiyin_domain::call::trunk::TrunkNow;
use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_store::call::settings::{self as rows, ExtensionRow, LineRow, TrunkRow};
use huiyin_store::people::{person, unit};
use huiyin_store::sql::Tx;
use md5::{Digest, Md5};
use serde_json::json;
use std::collections::BTreeMap;

use super::floor::happen;
use crate::App;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::{Error, FieldError};
use crate::hints::Hint;
use crate::policy::{self, Target, action};
use crate::secret;

/// Realm of every telephone.
pub const REALM: &str = "huiyin";

/// A queue with who serves it and how able they are.
#[derive(Clone, Debug)]
pub struct QueueSeen {
    /// Its settings.
    pub queue: Queue,
    /// Who serves it, with their skills.
    pub agents: BTreeMap<PersonId, BTreeMap<String, u8>>,
}

/// A telephone to make or to change.
#[derive(Clone, Debug)]
pub struct NewExtension {
    /// Its user name.
    pub name: String,
    /// Who answers there.
    pub person: Option<PersonId>,
    /// Whether it may register.
    pub active: bool,
    /// Whether its password ends; a telephone that is new gets one anyway.
    pub new_password: bool,
}

fn may_set(ctx: &Ctx) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageTelephony, Target::Anywhere).map(drop)
}

/// Lists the queues.
///
/// # Errors
/// `forbidden` without a post that may see calls.
pub fn queues(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<QueueSeen>, Error> {
    policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere)?;
    let mut all = Vec::new();
    for queue in rows::queues(tx, ctx.org())? {
        let mut agents = BTreeMap::new();
        for one in rows::serving(tx, ctx.org(), queue.id)? {
            let skills = huiyin_store::call::agent(tx, ctx.org(), one)?.map(|agent| agent.skills);
            agents.insert(one, skills.unwrap_or_default());
        }
        all.push(QueueSeen { queue, agents });
    }
    Ok(all)
}

fn of_house(tx: &mut Tx<'_>, ctx: &Ctx, who: PersonId, path: String) -> Result<(), Error> {
    let member = huiyin_store::people::membership::of_person(tx, ctx.org(), who)?;
    let known = person::get(tx, who)?.is_some() && !member.is_empty();
    if known { Ok(()) } else { Err(Error::field(path, "unknown_person")) }
}

/// Keeps a queue with who serves it.
///
/// # Errors
/// `forbidden`; the field that is not acceptable; `code_taken`.
pub fn keep_queue(tx: &mut Tx<'_>, ctx: &Ctx, new: &QueueSeen) -> Result<(Vec<Effect>, Vec<Hint>), Error> {
    may_set(ctx)?;
    let queue = &new.queue;
    let within = [
        ("ring", queue.ring, 5, 120),
        ("wrap_up", queue.wrap_up, 0, 3600),
        ("step", queue.step, 1, 3600),
        ("relax", queue.relax, 0, 3600),
        ("longest", queue.longest, 10, 7200),
        ("most", queue.most, 1, 10_000),
    ];
    if let Some((path, _, least, most)) = within.iter().find(|(_, is, least, most)| is < least || is > most) {
        let params = [("expected".to_owned(), format!("{least}–{most}").into())].into_iter().collect();
        let field = FieldError { path: (*path).to_owned(), code: "out_of_range".to_owned(), params };
        return Err(Error::invalid("invalid_body").with_field_error(field));
    }
    let others = rows::queues(tx, ctx.org())?;
    if others.iter().any(|other| other.code == queue.code && other.id != queue.id) {
        return Err(Error::field("code", "code_taken"));
    }
    for (at, who) in new.agents.keys().enumerate() {
        of_house(tx, ctx, *who, format!("agents[{at}].person"))?;
    }
    rows::put_queue(tx, ctx.org(), queue)?;
    let people: Vec<PersonId> = new.agents.keys().copied().collect();
    rows::set_serving(tx, ctx.org(), queue.id, &people)?;
    let mut done = (Vec::new(), Vec::new());
    for (who, skills) in &new.agents {
        let ask = Happening::Agent(*who, Ask::Skills(skills.clone()));
        let (effects, hints) = happen(tx, ctx, ask)?;
        done.0.extend(effects);
        done.1.extend(hints);
    }
    audit::record(tx, ctx, "queue_kept", Object::new("queue", queue.id), json!({"agents": people.len()}))?;
    Ok(done)
}

/// Lists the lines.
///
/// # Errors
/// `forbidden` without a post that sets up telephony.
pub fn lines(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<LineRow>, Error> {
    may_set(ctx)?;
    Ok(rows::lines(tx, ctx.org())?)
}

/// Finds whose a dialled number is, for the process that holds the lines.
///
/// # Errors
/// What the store gives.
pub async fn line_of(app: &App, number: &str) -> Result<Option<LineRow>, Error> {
    let number = number.to_owned();
    Ok(app.store.read(move |tx| rows::line(tx, &number)).await?)
}

/// Keeps a line.
///
/// # Errors
/// `forbidden`; the field that is not acceptable, `telephone_number_taken` where the number is
/// another house's.
pub fn keep_line(tx: &mut Tx<'_>, ctx: &Ctx, line: &LineRow) -> Result<(), Error> {
    may_set(ctx)?;
    if unit::get(tx, ctx.org(), line.unit)?.is_none() {
        return Err(Error::field("unit", "unknown_unit"));
    }
    if let Some(queue) = line.queue
        && rows::queue(tx, ctx.org(), queue)?.is_none()
    {
        return Err(Error::field("queue", "unknown_queue"));
    }
    if !rows::put_line(tx, line)? {
        return Err(Error::field("number", "telephone_number_taken"));
    }
    audit::record(tx, ctx, "line_kept", Object::new("line", &line.number), json!({"active": line.active}))
}

/// Gives the unit at the top, where lines belong unless it is said otherwise.
///
/// # Errors
/// What the store gives.
pub fn top(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<UnitId>, Error> {
    Ok(huiyin_store::call::top(tx, ctx.org())?)
}

/// Lists the telephones.
///
/// # Errors
/// `forbidden` without a post that sets up telephony.
pub fn extensions(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<ExtensionRow>, Error> {
    may_set(ctx)?;
    Ok(rows::extensions(tx, ctx.org())?)
}

/// Finds a telephone by its user name, for the registrar.
///
/// # Errors
/// What the store gives.
pub async fn extension(app: &App, name: &str) -> Result<Option<ExtensionRow>, Error> {
    let name = name.to_owned();
    Ok(app.store.read(move |tx| rows::extension(tx, &name)).await?)
}

/// Gives the telephones of a person, for the process that lets them ring.
///
/// # Errors
/// What the store gives.
pub async fn of_person(app: &App, org: OrgId, who: PersonId) -> Result<Vec<ExtensionRow>, Error> {
    Ok(app.store.read(move |tx| rows::of_person(tx, org, who)).await?)
}

/// Keeps a telephone; a password that was made for it is given this once.
///
/// The password of before stays unless another is asked for, so that a telephone on a desk
/// goes on working.
///
/// # Errors
/// `forbidden`; `unknown_person`; `telephone_name_taken` where the name is another house's.
pub fn keep_extension(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewExtension,
) -> Result<(ExtensionRow, Option<String>), Error> {
    may_set(ctx)?;
    if let Some(who) = new.person {
        of_house(tx, ctx, who, "person".to_owned())?;
    }
    let known = rows::extension(tx, &new.name)?.filter(|row| row.org == ctx.org() && !new.new_password);
    match known {
        Some(row) => {
            let row = ExtensionRow { person: new.person, active: new.active, ..row };
            Ok((kept(tx, ctx, row, false)?, None))
        }
        None => renewed(tx, ctx, new).map(|(row, password)| (row, Some(password))),
    }
}

/// Gives the person a telephone in the browser, with a new password.
///
/// The password of before ends.
///
/// # Errors
/// `forbidden` without a post that takes calls; `telephone_barred` where the
/// organisation took it away.
pub fn browser_phone(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(ExtensionRow, String), Error> {
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    let me = ctx.actor.person;
    let name = format!("web{}", &me.0.simple().to_string()[20..]);
    if rows::extensions(tx, ctx.org())?.iter().any(|row| row.name == name && !row.active) {
        return Err(Error::conflict("telephone_barred"));
    }
    renewed(tx, ctx, &NewExtension { name, person: Some(me), active: true, new_password: true })
}

/// Keeps a telephone with a new password.
fn renewed(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewExtension) -> Result<(ExtensionRow, String), Error> {
    let password = secret::new(ctx.ids.as_ref());
    let text = format!("{}:{REALM}:{password}", new.name);
    let row = ExtensionRow {
        org: ctx.org(),
        name: new.name.clone(),
        person: new.person,
        realm: REALM.to_owned(),
        ha1_md5: secret::hex(&Md5::digest(text.as_bytes())),
        ha1_sha256: secret::digest(&text),
        active: new.active,
        made_at: ctx.now,
    };
    Ok((kept(tx, ctx, row, true)?, password))
}

fn kept(tx: &mut Tx<'_>, ctx: &Ctx, row: ExtensionRow, new_password: bool) -> Result<ExtensionRow, Error> {
    if !rows::put_extension(tx, &row)? {
        return Err(Error::field("name", "telephone_name_taken"));
    }
    let what = json!({"active": row.active, "new_password": new_password});
    audit::record(tx, ctx, "extension_kept", Object::new("extension", &row.name), what)?;
    Ok(row)
}

/// Gives how trunks stand, as far as this process knows (CALL-5).
#[must_use]
pub fn trunks_now(app: &App, org: OrgId) -> Vec<TrunkNow> {
    app.phone.as_ref().map(|phone| phone.trunks(org)).unwrap_or_default()
}

/// Adds to what is known those trunks in use of which nothing is known.
pub(super) fn trunks_of(rows: &[TrunkRow], known: Vec<TrunkNow>) -> Vec<TrunkNow> {
    TrunkNow::of(rows.iter().filter(|row| row.active).map(|row| row.name.clone()), known)
}

/// Lists the trunks, and how each that is in use stands.
///
/// # Errors
/// `forbidden` without a post that sets up telephony.
pub fn trunks(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    known: Vec<TrunkNow>,
) -> Result<(Vec<TrunkRow>, Vec<TrunkNow>), Error> {
    may_set(ctx)?;
    let rows = rows::trunks(tx, ctx.org())?;
    let now = trunks_of(&rows, known);
    Ok((rows, now))
}

/// The secret of a trunk, sealed: nothing else is ever kept.
#[derive(Clone, Debug)]
pub struct SealedSecret(String);

fn place(org: OrgId, trunk: &str) -> String {
    format!("trunk:{org}:{trunk}")
}

/// Seals the secret of a trunk, before it is kept.
///
/// # Errors
/// `secrets_not_kept` where this process has no key for secrets.
pub fn seal_trunk(app: &App, org: OrgId, (trunk, secret): (&str, &str)) -> Result<SealedSecret, Error> {
    // no secret is a secret too: a carrier that asks for none
    if secret.is_empty() {
        return Ok(SealedSecret(String::new()));
    }
    let sealed = app.strongbox.as_ref().and_then(|strongbox| strongbox.seal(&place(org, trunk), secret));
    sealed.map(SealedSecret).ok_or_else(|| Error::conflict("secrets_not_kept"))
}

/// Lists every trunk with its secret, for the process that holds the lines.
///
/// One whose secret cannot be opened is left out and logged. Secrets that an earlier version
/// kept as they were are sealed now.
///
/// # Errors
/// What the store gives.
pub async fn trunk_secrets(app: &App) -> Result<Vec<(OrgId, TrunkRow, String)>, Error> {
    let mut all = Vec::new();
    for (org, trunk, kept) in app.store.read(rows::trunk_secrets).await? {
        let strongbox = app.strongbox.as_ref();
        let sealed = strongbox.is_some_and(|strongbox| strongbox.is_sealed(&kept));
        let secret = match strongbox {
            Some(strongbox) if sealed => strongbox.open(&place(org, &trunk.name), &kept),
            _ => Some(kept),
        };
        let Some(secret) = secret else {
            tracing::error!(%org, trunk = trunk.name, "the secret of a trunk cannot be opened; say it anew");
            continue;
        };
        if !sealed && !secret.is_empty() {
            reseal(app, org, (&trunk, &secret)).await?;
        }
        all.push((org, trunk, secret));
    }
    Ok(all)
}

/// Seals what an earlier version kept as it was.
async fn reseal(app: &App, org: OrgId, (trunk, secret): (&TrunkRow, &str)) -> Result<(), Error> {
    let sealed = seal_trunk(app, org, (&trunk.name, secret))?;
    let trunk = trunk.clone();
    Ok(app.store.write(move |tx| rows::put_trunk(tx, org, &trunk, Some(&sealed.0))).await?)
}

/// Keeps a trunk; its secret stays where none is given.
///
/// # Errors
/// `forbidden`.
pub fn keep_trunk(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    trunk: &TrunkRow,
    secret: Option<&SealedSecret>,
) -> Result<(), Error> {
    may_set(ctx)?;
    rows::put_trunk(tx, ctx.org(), trunk, secret.map(|sealed| &*sealed.0))?;
    audit::record(tx, ctx, "trunk_kept", Object::new("trunk", &trunk.name), json!({"active": trunk.active}))
}
