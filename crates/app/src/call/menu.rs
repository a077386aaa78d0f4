//! Voice menus as the organisation keeps them: checked, every version.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::locale::Locale;
use huiyin_domain::menu::{self as rules, Menu, Surroundings, prompt};
use huiyin_domain::pack::PackFault;
use huiyin_domain::phone::digits;
use huiyin_domain::time::Timestamp;
use huiyin_store::call::menu::{self as rows, MenuRow};
use huiyin_store::call::{list, settings};
use huiyin_store::sql::Tx;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::App;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::{Class, Error, FieldError, Params};
use crate::people::check;
use crate::policy::{self, Target, action};

/// The most menus of an organisation.
const MOST: usize = 100;

/// Versions that are listed, and looked through for one that can be played.
const VERSIONS: u32 = 200;

/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// A version of a menu with what is to be known of it.
#[derive(Clone, Debug)]
pub struct MenuSeen {
    /// What was read from the text.
    pub menu: Menu,
    /// Its version; 0 for one that is shipped.
    pub version: i64,
    /// When it was kept; nothing for one that is shipped.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<PersonId>,
    /// What its author said of it.
    pub note: Option<String>,
    /// As it was written.
    pub text: String,
    /// Numbers that it answers.
    pub lines: Vec<String>,
    /// The tree of its branches with what is said.
    pub explained: String,
}

/// One version in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionSeen {
    /// Its number; 0 for the shipped one.
    pub version: i64,
    /// When it was kept.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<PersonId>,
    /// What was said of it.
    pub note: Option<String>,
}

/// What is written of a new version.
#[derive(Clone, Debug)]
pub struct NewMenu {
    /// The text.
    pub text: String,
    /// What its author says of it.
    pub note: Option<String>,
    /// The version that was seen; nothing for a menu that was not there.
    pub seen: Option<i64>,
}

pub(super) fn may_set(ctx: &Ctx) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageTelephony, Target::Anywhere).map(drop)
}

fn shipped(name: &str) -> Option<&'static str> {
    let found = rules::shipped().into_iter().find(|(file, _)| file.strip_suffix(".toml") == Some(name));
    found.map(|(_, text)| text)
}

/// What no menu can be called is not there.
fn named(name: &str) -> Result<(), Error> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
    let first = name.starts_with(|c: char| c.is_ascii_lowercase());
    if first && name.len() <= 64 && name.chars().all(fits) { Ok(()) } else { Err(Error::not_found()) }
}

fn file(name: &str) -> String {
    format!("{name}.toml")
}

/// Gives what menus of an organisation may name.
pub(super) fn surroundings(tx: &mut Tx<'_>, org: OrgId) -> Result<Surroundings, Error> {
    let own = rows::prompts(tx, org)?.into_iter().map(|prompt| prompt.name);
    let prompts = prompt::SHIPPED.iter().map(|prompt| prompt.name.to_owned()).chain(own).collect();
    let lines = settings::lines(tx, org)?;
    let agents = list::agents(tx, org)?;
    Ok(Surroundings {
        prompts: Some(prompts),
        queues: Some(settings::queues(tx, org)?.into_iter().map(|queue| queue.code).collect()),
        lines: Some(lines.iter().filter_map(|line| digits(&line.number)).collect()),
        services: Some(lines.into_iter().filter_map(|line| line.service).collect()),
        skills: Some(agents.into_iter().flat_map(|agent| agent.skills.into_keys()).collect()),
    })
}

/// Gives what an organisation's own prompts say.
fn said(tx: &mut Tx<'_>, org: OrgId) -> Result<BTreeMap<String, String>, Error> {
    Ok(rows::prompts(tx, org)?.into_iter().map(|prompt| (prompt.name, prompt.said)).collect())
}

fn lines_of(tx: &mut Tx<'_>, org: OrgId, name: &str) -> Result<Vec<String>, Error> {
    let lines = settings::lines(tx, org)?.into_iter().filter(|line| line.menu.as_deref() == Some(name));
    Ok(lines.map(|line| line.number).collect())
}

fn explained(tx: &mut Tx<'_>, ctx: &Ctx, menu: &Menu) -> Result<String, Error> {
    let said = said(tx, ctx.org())?;
    Ok(rules::explain(menu, ctx.locale, &|name| said.get(name).cloned()))
}

/// Reads a text that was checked before; what it names may be gone meanwhile.
fn read(name: &str, text: &str) -> Result<Menu, Error> {
    let read = rules::load(&file(name), text, &Surroundings::default());
    read.map_err(|faults| Error::internal(format!("menu {name}: {}", faults.len())))
}

fn seen_of(tx: &mut Tx<'_>, ctx: &Ctx, row: MenuRow) -> Result<MenuSeen, Error> {
    let menu = read(&row.name, &row.text)?;
    Ok(MenuSeen {
        lines: lines_of(tx, ctx.org(), &row.name)?,
        explained: explained(tx, ctx, &menu)?,
        menu,
        version: row.version,
        at: Some(row.at),
        by: row.person,
        note: row.note,
        text: row.text,
    })
}

fn shipped_seen(tx: &mut Tx<'_>, ctx: &Ctx, (name, text): (&str, &str)) -> Result<MenuSeen, Error> {
    let menu = read(name, text)?;
    Ok(MenuSeen {
        lines: lines_of(tx, ctx.org(), name)?,
        explained: explained(tx, ctx, &menu)?,
        menu,
        version: 0,
        at: None,
        by: None,
        note: None,
        text: text.to_owned(),
    })
}

/// Lists the menus, own and shipped ones, by name.
///
/// # Errors
/// `forbidden` without a post that sets up telephony.
pub fn menus(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<MenuSeen>, Error> {
    may_set(ctx)?;
    let mut all = Vec::new();
    for row in rows::menus(tx, ctx.org())? {
        all.push(seen_of(tx, ctx, row)?);
    }
    for (file, text) in rules::shipped() {
        let name = file.trim_end_matches(".toml");
        if all.iter().all(|seen: &MenuSeen| seen.menu.name != name) {
            all.push(shipped_seen(tx, ctx, (name, text))?);
        }
    }
    all.sort_by(|one, other| one.menu.name.cmp(&other.menu.name));
    Ok(all)
}

/// Gives a menu: its newest version, or the one asked for; 0 is the shipped one.
///
/// # Errors
/// `forbidden`; `not_found`.
pub fn menu(tx: &mut Tx<'_>, ctx: &Ctx, name: &str, version: Option<i64>) -> Result<MenuSeen, Error> {
    may_set(ctx)?;
    named(name)?;
    let version = match version {
        Some(version) => version,
        None => rows::newest(tx, ctx.org(), name)?,
    };
    if version == 0 {
        let text = shipped(name).ok_or_else(Error::not_found)?;
        return shipped_seen(tx, ctx, (name, text));
    }
    let row = rows::menu(tx, ctx.org(), name, version)?.ok_or_else(Error::not_found)?;
    seen_of(tx, ctx, row)
}

/// Lists the versions of a menu, newest first, the shipped one last.
///
/// # Errors
/// `forbidden`; `not_found`.
pub fn menu_versions(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<Vec<VersionSeen>, Error> {
    may_set(ctx)?;
    named(name)?;
    let own = rows::versions(tx, ctx.org(), name, VERSIONS)?;
    let own = own.into_iter().map(|row| VersionSeen {
        version: row.version,
        at: Some(row.at),
        by: row.person,
        note: row.note,
    });
    let shipped = shipped(name).map(|_| VersionSeen { version: 0, at: None, by: None, note: None });
    let all: Vec<VersionSeen> = own.chain(shipped).collect();
    if all.is_empty() { Err(Error::not_found()) } else { Ok(all) }
}

/// Checks a text as it would be kept; keeps nothing.
///
/// # Errors
/// `forbidden`.
pub fn check_menu(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (name, text): (&str, &str),
) -> Result<Result<String, Vec<PackFault>>, Error> {
    may_set(ctx)?;
    let around = surroundings(tx, ctx.org())?;
    Ok(match rules::load(&file(name), text, &around) {
        Ok(menu) => Ok(explained(tx, ctx, &menu)?),
        Err(faults) => Err(faults),
    })
}

/// Keeps a new version of a menu; calls that come in from now on hear it.
///
/// # Errors
/// `forbidden`; `menu_faulty` with every fault and its place; `stale` where a newer version
/// than the one seen is there.
pub fn keep_menu(tx: &mut Tx<'_>, ctx: &Ctx, name: &str, new: NewMenu) -> Result<MenuSeen, Error> {
    may_set(ctx)?;
    let note = check::optional("note", new.note.as_deref(), LONGEST_NOTE)?;
    let around = surroundings(tx, ctx.org())?;
    let menu = rules::load(&file(name), &new.text, &around).map_err(|faults| faulty(&faults))?;
    if menu.name != name {
        let params = Params::from_iter([("name".to_owned(), Value::from(menu.name))]);
        let field = FieldError { path: "text".to_owned(), code: "menu_name_differs".to_owned(), params };
        return Err(Error::invalid("menu_faulty").with_field_error(field));
    }
    let newest = rows::newest(tx, ctx.org(), name)?;
    let there = newest > 0 || shipped(name).is_some();
    match new.seen {
        None if there => return Err(Error::new(Class::Precondition, "version_required")),
        seen if seen.unwrap_or(0) != newest => return Err(Error::stale().with("current", newest)),
        _ => {}
    }
    if newest == 0 && rows::menus(tx, ctx.org())?.len() >= MOST {
        return Err(Error::conflict("too_many_menus"));
    }
    let row = MenuRow {
        name: name.to_owned(),
        version: newest + 1,
        at: ctx.now,
        person: Some(ctx.actor.person).filter(|_| ctx.actor.identified()),
        note,
        text: new.text,
    };
    if !rows::add(tx, ctx.org(), &row)? {
        return Err(Error::stale().with("current", row.version));
    }
    audit::record(tx, ctx, "menu_kept", Object::new("menu", name), json!({"version": row.version}))?;
    seen_of(tx, ctx, row)
}

/// Makes an earlier version the newest again; 0 is the shipped one.
///
/// # Errors
/// As [`keep_menu`]; `not_found`.
pub fn restore_menu(tx: &mut Tx<'_>, ctx: &Ctx, name: &str, version: i64) -> Result<MenuSeen, Error> {
    let then = menu(tx, ctx, name, Some(version))?;
    let seen = Some(rows::newest(tx, ctx.org(), name)?);
    let note = match ctx.locale {
        Locale::ZhCn => format!("恢复版本 {version}"),
        Locale::En => format!("restored version {version}"),
    };
    keep_menu(tx, ctx, name, NewMenu { text: then.text, note: Some(note), seen })
}

/// Tells every fault as one of the field `text`, with its place.
fn faulty(faults: &[PackFault]) -> Error {
    faults.iter().fold(Error::invalid("menu_faulty"), |error, fault| {
        let mut params: Params =
            fault.params.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        params.insert("line".to_owned(), fault.place.line.into());
        params.insert("column".to_owned(), fault.place.column.into());
        params.insert("near".to_owned(), fault.near.clone().into());
        error.with_field_error(FieldError { path: "text".to_owned(), code: fault.code.to_owned(), params })
    })
}

/// A menu that answers, with the version that was newest when it was read.
#[derive(Clone, Debug)]
pub struct Answering {
    /// The newest version then.
    pub version: i64,
    /// The newest that can be played.
    pub menu: Arc<Menu>,
}

/// Gives the menu that answers a call now, `known` while it is the newest.
///
/// # Errors
/// What the store gives.
pub async fn answering(
    app: &App,
    org: OrgId,
    name: &str,
    known: Option<Answering>,
) -> Result<Option<Answering>, Error> {
    let name = name.to_owned();
    app.store
        .read(move |tx| {
            let version = rows::newest(tx, org, &name)?;
            if let Some(known) = known.filter(|known| known.version == version) {
                return Ok(Some(known));
            }
            let own = if version > 0 { rows::versions(tx, org, &name, VERSIONS)? } else { Vec::new() };
            let playable = |text: &str| {
                let read = rules::load(&file(&name), text, &Surroundings::default());
                read.inspect_err(|_| tracing::error!(%org, menu = %name, "a menu cannot be played")).ok()
            };
            let mut texts = own.iter().map(|row| &*row.text).chain(shipped(&name));
            let found = texts.find_map(playable);
            Ok(found.map(|menu| Answering { version, menu: Arc::new(menu) }))
        })
        .await
}
