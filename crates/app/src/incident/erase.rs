//! Texts of an incident erased on lawful request; its file stays.

use huiyin_domain::case::Erased;
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::{Event, Incident};
use huiyin_domain::text::Sealed;
use huiyin_store::case::erase as rows;
use huiyin_store::case::read as histories;
use huiyin_store::incident::read::{self, Loaded};
use huiyin_store::party::erasure::{self as log, ErasureRow};
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::sight::sight_of;
use crate::ctx::Ctx;
use crate::erasing::{self, ErasedTexts, NewErasure};
use crate::error::Error;
use crate::policy::{CasePermit, CaseSight};

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
    let held = histories::texts(tx, ctx.org(), id)?;
    let texts = erasing::going(new, &held)?;
    let line = erasing::line(ctx, (KIND, id.to_string()), new, &texts)?;
    if texts.is_empty() {
        return Err(Error::conflict("erased_already"));
    }
    forget_drafts(tx, ctx, &loaded.incident)?;
    let version = carry_out(tx, ctx, (loaded, &permit), &line)?;
    Ok((ErasedTexts { id: line.id, texts: line.texts.len() as u64, files: 0, version }, sight))
}

/// What was written about the incident and not sent yet goes as well.
fn forget_drafts(tx: &mut Tx<'_>, ctx: &Ctx, incident: &Incident) -> Result<(), Error> {
    crate::shelf::forget_about(tx, ctx.org(), (incident.id.to_string(), &incident.number))?;
    Ok(())
}

fn permitted(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId) -> Result<(Loaded, CasePermit, CaseSight), Error> {
    let loaded = read::incident_to_change(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.incident)?;
    let permit = erasing::permitted(ctx, &sight)?;
    Ok((loaded, permit, sight))
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
    let known = read::incident(tx, ctx.org(), id)?;
    if let Some(loaded) = &known {
        forget_drafts(tx, ctx, &loaded.incident)?;
    }
    let held = histories::texts(tx, ctx.org(), id)?;
    let left = erasing::readable(&held).iter().any(|text| line.texts.contains(&text.0));
    if known.is_none() || !left {
        log::insert(tx, ctx.org(), line)?;
        return Ok(false);
    }
    let (loaded, permit, _) = permitted(tx, ctx, id)?;
    carry_out(tx, ctx, (loaded, &permit), line)?;
    Ok(true)
}
