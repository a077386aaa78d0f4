//! Prompts as the organisation keeps them: uploaded, spoken by a voice, or shipped.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::menu::prompt::{self as rules, LONGEST_TEXT, PromptFault, Recorded};
use huiyin_domain::menu::sound::Sound;
use huiyin_domain::time::Timestamp;
use huiyin_store::call::menu::{self as rows, PromptRow};
use huiyin_store::sql::Tx;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use super::menu::{may_set, menus};
use crate::App;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;

/// The most prompts of an organisation.
const MOST: usize = 500;

/// Versions that are listed.
const VERSIONS: u32 = 200;

/// Where a prompt comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The binary carries it.
    Shipped,
    /// Somebody uploaded it.
    Uploaded,
    /// A voice made it of its text.
    Spoken,
}

impl Origin {
    /// Gives the name, snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Uploaded => "uploaded",
            Self::Spoken => "spoken",
        }
    }

    fn named(name: &str) -> Self {
        let all = [Self::Uploaded, Self::Spoken];
        all.into_iter().find(|origin| origin.name() == name).unwrap_or(Self::Shipped)
    }
}

/// A version of a prompt with what is to be known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptSeen {
    /// Its name, as menus name it.
    pub name: String,
    /// What is said.
    pub said: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its version; 0 for the shipped one.
    pub version: i64,
    /// How long it is, in milliseconds.
    pub millis: i64,
    /// When it was kept; nothing for the shipped one.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<PersonId>,
    /// Whether the machine itself says it: numbers, positions, times.
    pub needed: bool,
    /// The menus that say it.
    pub menus: Vec<String>,
}

/// How long each shipped prompt is, in milliseconds.
fn shipped_millis(name: &str) -> i64 {
    static MILLIS: LazyLock<BTreeMap<&'static str, i64>> = LazyLock::new(|| {
        let length = |wav| Sound::read(wav).map_or(0, |sound| sound.millis());
        let millis = |wav| i64::try_from(length(wav)).unwrap_or(0);
        rules::SHIPPED.iter().map(|prompt| (prompt.name, millis(prompt.wav))).collect()
    });
    MILLIS.get(name).copied().unwrap_or(0)
}

fn shipped(name: &str) -> Option<PromptSeen> {
    rules::shipped(name)?;
    Some(PromptSeen {
        name: name.to_owned(),
        said: rules::texts().get(name).cloned().unwrap_or_default(),
        origin: Origin::Shipped,
        version: 0,
        millis: shipped_millis(name),
        at: None,
        by: None,
        needed: rules::needed().any(|needed| needed == name),
        menus: Vec::new(),
    })
}

/// What no prompt can be called is not there.
fn named(name: &str) -> Result<(), Error> {
    if rules::is_name(name) { Ok(()) } else { Err(Error::not_found()) }
}

fn seen_of(row: PromptRow) -> PromptSeen {
    PromptSeen {
        needed: rules::needed().any(|needed| needed == row.name),
        name: row.name,
        said: row.said,
        origin: Origin::named(&row.origin),
        version: row.version,
        millis: row.millis,
        at: Some(row.at),
        by: row.person,
        menus: Vec::new(),
    }
}

/// Adds the menus that say it.
fn within(tx: &mut Tx<'_>, ctx: &Ctx, mut all: Vec<PromptSeen>) -> Result<Vec<PromptSeen>, Error> {
    let menus = menus(tx, ctx)?;
    let said: Vec<(&str, BTreeSet<&str>)> =
        menus.iter().map(|seen| (&*seen.menu.name, seen.menu.prompts())).collect();
    for prompt in &mut all {
        let saying = said.iter().filter(|(_, names)| names.contains(&*prompt.name));
        prompt.menus = saying.map(|(name, _)| (*name).to_owned()).collect();
    }
    Ok(all)
}

/// Lists the prompts, own and shipped ones, by name.
///
/// # Errors
/// `forbidden` without a post that sets up telephony.
pub fn prompts(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<PromptSeen>, Error> {
    may_set(ctx)?;
    let mut all: BTreeMap<String, PromptSeen> = rules::SHIPPED
        .iter()
        .filter_map(|known| Some((known.name.to_owned(), shipped(known.name)?)))
        .collect();
    all.extend(rows::prompts(tx, ctx.org())?.into_iter().map(|row| (row.name.clone(), seen_of(row))));
    within(tx, ctx, all.into_values().collect())
}

/// Lists the versions of a prompt, newest first, the shipped one last.
///
/// # Errors
/// `forbidden`; `not_found`.
pub fn prompt_versions(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<Vec<PromptSeen>, Error> {
    may_set(ctx)?;
    named(name)?;
    let own = rows::prompt_versions(tx, ctx.org(), name, VERSIONS)?;
    let all: Vec<PromptSeen> = own.into_iter().map(seen_of).chain(shipped(name)).collect();
    if all.is_empty() { Err(Error::not_found()) } else { within(tx, ctx, all) }
}

/// Gives the sound of a prompt as a WAV file: the newest, or the one asked for.
///
/// # Errors
/// `forbidden`; `not_found`.
pub fn prompt_sound(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (name, version): (&str, Option<i64>),
) -> Result<Vec<u8>, Error> {
    may_set(ctx)?;
    named(name)?;
    let version = match version {
        Some(version) => version,
        None => rows::newest_prompt(tx, ctx.org(), name)?,
    };
    let found = match version {
        0 => rules::shipped(name).map(<[u8]>::to_vec),
        version => rows::sound(tx, ctx.org(), name, version)?,
    };
    found.ok_or_else(Error::not_found)
}

/// Refuses a prompt by its name and text, before its sound is there.
///
/// # Errors
/// `forbidden`; the field that is not acceptable.
pub fn may_keep_prompt(ctx: &Ctx, name: &str, said: &str) -> Result<(), Error> {
    may_set(ctx)?;
    if !rules::is_name(name) {
        return Err(Error::field("name", "prompt_name"));
    }
    if !rules::is_text(said) {
        return Err(Error::field("text", "prompt_text").with("most", LONGEST_TEXT));
    }
    Ok(())
}

/// Reads what was uploaded or spoken; takes a moment, so not in a transaction.
///
/// # Errors
/// The field that is not acceptable.
pub fn recorded(name: &str, said: &str, wav: &[u8]) -> Result<Recorded, Error> {
    Recorded::take(name, said, wav).map_err(|fault| match fault {
        PromptFault::Name => Error::field("name", "prompt_name"),
        PromptFault::Text => Error::field("text", "prompt_text"),
        // the text of such a fault begins with its code
        PromptFault::Sound(fault) => {
            let told = fault.to_string();
            Error::field("body", told.split(':').next().unwrap_or("sound_not_wav"))
        }
    })
}

/// Keeps a new version of a prompt; calls that come in from now on hear it.
///
/// # Errors
/// `forbidden`; `too_many_prompts`.
pub fn keep_prompt(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (recorded, origin): (&Recorded, Origin),
) -> Result<PromptSeen, Error> {
    may_keep_prompt(ctx, &recorded.name, &recorded.text)?;
    let newest = rows::newest_prompt(tx, ctx.org(), &recorded.name)?;
    if newest == 0 && rows::prompts(tx, ctx.org())?.len() >= MOST {
        return Err(Error::conflict("too_many_prompts"));
    }
    let row = PromptRow {
        name: recorded.name.clone(),
        version: newest + 1,
        at: ctx.now,
        person: Some(ctx.actor.person).filter(|_| ctx.actor.identified()),
        origin: origin.name().to_owned(),
        said: recorded.text.clone(),
        millis: i64::try_from(recorded.sound.millis()).unwrap_or(i64::MAX),
    };
    if !rows::add_prompt(tx, ctx.org(), &row, &recorded.sound.alaw_wav())? {
        return Err(Error::stale().with("current", row.version));
    }
    let details = json!({"version": row.version, "origin": row.origin});
    audit::record(tx, ctx, "prompt_kept", Object::new("prompt", &row.name), details)?;
    let kept = within(tx, ctx, vec![seen_of(row)])?;
    kept.into_iter().next().ok_or_else(Error::not_found)
}

/// Makes an earlier version the newest again; 0 is the shipped one.
///
/// # Errors
/// As [`keep_prompt`]; `not_found`.
pub fn restore_prompt(tx: &mut Tx<'_>, ctx: &Ctx, name: &str, version: i64) -> Result<PromptSeen, Error> {
    let then = prompt_versions(tx, ctx, name)?.into_iter().find(|seen| seen.version == version);
    let then = then.ok_or_else(Error::not_found)?;
    let wav = prompt_sound(tx, ctx, (name, Some(version)))?;
    let recorded = recorded(name, &then.said, &wav)?;
    keep_prompt(tx, ctx, (&recorded, then.origin))
}

/// The samples of an organisation's own prompts, each with its version.
pub type OwnSounds = BTreeMap<String, (i64, Arc<[i16]>)>;

/// Gives the own prompts of a call that begins now, `known` while nothing changed.
///
/// # Errors
/// What the store gives.
pub async fn own_sounds(app: &App, org: OrgId, known: Arc<OwnSounds>) -> Result<Arc<OwnSounds>, Error> {
    app.store
        .read(move |tx| {
            let newest = rows::prompts(tx, org)?;
            let same = |row: &PromptRow| known.get(&row.name).is_some_and(|held| held.0 == row.version);
            // versions never go away, so that as many of the same versions are the same
            if newest.len() == known.len() && newest.iter().all(same) {
                return Ok(known);
            }
            let mut all = OwnSounds::new();
            for row in newest {
                let held = known.get(&row.name).filter(|held| held.0 == row.version).cloned();
                let sound = match held {
                    Some(held) => held,
                    None => {
                        let wav = rows::sound(tx, org, &row.name, row.version)?.unwrap_or_default();
                        let Ok(sound) = Sound::read(&wav) else {
                            tracing::error!(%org, prompt = %row.name, "a prompt cannot be read");
                            continue;
                        };
                        (row.version, sound.samples.into())
                    }
                };
                all.insert(row.name, sound);
            }
            Ok(Arc::new(all))
        })
        .await
}
