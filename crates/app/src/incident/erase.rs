//! Texts of an incident erased on lawful request; its file stays.

use std::collections::BTreeMap;

use huiyin_domain::case::Erased;
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::Event;
use huiyin_domain::text::Sealed;
use huiyin_store::case::erase as rows;
use huiyin_store::case::read::{self as histories, Opened};
use huiyin_store::incident::read::{self, Loaded};
use huiyin_store::party::erasure::{self as log, ErasureRow};
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::sight::sight_of;
use crate::case::{ErasedTexts, NewErasure};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, CasePermit, CaseSight, Target, action};

/// Kind of thing in the log of erasures.
pub const KIND: &str = "incident";

/// Erases texts of an incident; without a choice all of them.
///
/// # Errors
/// `forbidden`, `not_found`, `text_length` without a basis, `unknown_text` for a
/// commitment that is not of this incident, `erased_already`.
pub fn erase(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: IncidentId,
    new: &NewErasure,
) -> Result<(ErasedTexts, CaseSight), Error> {
    let (loaded, permit, sight) = permitted(tx, ctx, id)?;
    let basis = check::text("basis", &new.basis, 500)?;
    let held = histories::texts(tx, ctx.org(), id)?;
    let left = readable(&held);
    let texts = match &new.texts {
        None => left,
        Some(chosen) => {
            if let Some(place) = chosen.iter().position(|text| !held.contains_key(text)) {
                return Err(Error::field(format!("texts[{place}]"), "unknown_text"));
            }
            chosen.iter().filter(|text| left.contains(text)).cloned().collect()
        }
    };
    if texts.is_empty() {
        return Err(Error::conflict("erased_already"));
    }
    let line = ErasureRow {
        id: ctx.uuid(),
        at: ctx.now,
        object_kind: KIND.to_owned(),
        object_id: id.to_string(),
        texts: texts.iter().map(|text| text.0.clone()).collect(),
        basis,
        person: ctx.actor.identified().then_some(ctx.actor.person),
    };
    let version = carry_out(tx, ctx, (loaded, &permit), &line)?;
    Ok((ErasedTexts { id: line.id, texts: line.texts.len() as u64, files: 0, version }, sight))
}

fn permitted(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId) -> Result<(Loaded, CasePermit, CaseSight), Error> {
    let loaded = read::incident_to_change(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.incident)?;
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let path = sight.paths.first().map_or(&[] as &[_], Vec::as_slice);
    policy::permit(&ctx.actor, action::EraseIdentity, Target::Unit(path))?;
    Ok((loaded, permit, sight))
}

fn readable(held: &BTreeMap<Sealed, Opened>) -> Vec<Sealed> {
    held.iter().filter(|(_, opened)| opened.text.is_some()).map(|(sealed, _)| sealed.clone()).collect()
}

fn carry_out(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (before, permit): (Loaded, &CasePermit),
    line: &ErasureRow,
) -> Result<u64, Error> {
    let texts: Vec<Sealed> = line.texts.iter().cloned().map(Sealed).collect();
    rows::texts(tx, ctx.org(), CaseId(before.incident.id.0), &texts, line.at)?;
    log::insert(tx, ctx.org(), line)?;
    let event = Event::Erased(Erased { texts, basis: line.basis.clone() });
    let decided = Decided::of(ctx, before, vec![event], Vec::new(), "erase");
    commit(tx, ctx, permit, &decided)?;
    Ok(decided.after.version)
}

/// Repeats one erasing in a database restored from before it; gives whether
/// there was anything to erase.
///
/// # Errors
/// What the store gives.
pub fn replay(tx: &mut Tx<'_>, ctx: &Ctx, line: &ErasureRow) -> Result<bool, Error> {
    let id: IncidentId = line.object_id.parse().map_err(Error::internal)?;
    let known = read::incident(tx, ctx.org(), id)?.is_some();
    let held = histories::texts(tx, ctx.org(), id)?;
    let left = readable(&held).iter().any(|text| line.texts.contains(&text.0));
    if !known || !left {
        log::insert(tx, ctx.org(), line)?;
        return Ok(false);
    }
    let (loaded, permit, _) = permitted(tx, ctx, id)?;
    carry_out(tx, ctx, (loaded, &permit), line)?;
    Ok(true)
}
