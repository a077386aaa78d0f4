//! Texts of a case erased on lawful request; the file itself stays.
//!
//! What was erased shows in the history as an event with the commitments, so
//! the chain holds; the values and their salts are gone.

use std::collections::BTreeMap;

use huiyin_domain::case::{Case, Erased, Event, Recorded, Ruled};
use huiyin_domain::ids::CaseId;
use huiyin_domain::search::Subject;
use huiyin_domain::text::Sealed;
use huiyin_store::attachment::{self as files, AttachmentRow};
use huiyin_store::case::erase as rows;
use huiyin_store::case::read::{self, Loaded, Opened};
use huiyin_store::party::erasure::{self as log, ErasureRow};
use huiyin_store::search::feed;
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::sight::sight_of;
use crate::attachment;
use crate::ctx::Ctx;
use crate::erasing::{self, ErasedTexts, NewErasure};
use crate::error::Error;
use crate::policy::{CasePermit, CaseSight};

/// Erases texts of a case; without a choice all of them. An attached file goes
/// with its name.
///
/// # Errors
/// `forbidden`, `not_found`, `text_length` without a basis, `unknown_text` for
/// a commitment that is not of this case, `erased_already` when nothing is left.
pub fn erase(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CaseId,
    new: &NewErasure,
) -> Result<(ErasedTexts, CaseSight), Error> {
    let (loaded, permit, sight) = permitted(tx, ctx, id)?;
    let held = read::texts(tx, ctx.org(), id)?;
    let texts = erasing::going(new, &held)?;
    let line = erasing::line(ctx, ("case", id.to_string()), new, &texts)?;
    let going = losing_their_name(tx, ctx, id, (&held, &texts))?;
    if texts.is_empty() && going.is_empty() {
        return Err(Error::conflict("erased_already"));
    }
    forget_unsent(tx, ctx, &loaded.case)?;
    let version = carry_out(tx, ctx, (loaded, &permit), &line, &going)?;
    let (texts, files) = (line.texts.len() as u64, going.len() as u64);
    Ok((ErasedTexts { id: line.id, texts, files, version }, sight))
}

/// What was written about the case and not sent yet goes as well.
fn forget_unsent(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<(), Error> {
    huiyin_store::prepared::forget_case(tx, ctx.org(), case.id)?;
    crate::shelf::forget_about(tx, ctx.org(), (case.id.to_string(), &case.number))?;
    Ok(())
}

/// Finds the files whose name is readable no longer once these texts are gone.
fn losing_their_name(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CaseId,
    (held, going): (&BTreeMap<Sealed, Opened>, &[Sealed]),
) -> Result<Vec<AttachmentRow>, Error> {
    let names = read::attached(tx, ctx.org(), id)?;
    let stays =
        |name: &Sealed| held.get(name).is_some_and(|opened| opened.text.is_some()) && !going.contains(name);
    let mut lost = files::of_case(tx, ctx.org(), id)?;
    lost.retain(|file| file.erased_at.is_none() && !names.get(&file.id).is_some_and(stays));
    Ok(lost)
}

fn permitted(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<(Loaded, CasePermit, CaseSight), Error> {
    let loaded = read::case_to_change(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.case)?;
    let permit = erasing::permitted(ctx, &sight)?;
    Ok((loaded, permit, sight))
}

fn carry_out(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (before, permit): (Loaded, &CasePermit),
    line: &ErasureRow,
    going: &[AttachmentRow],
) -> Result<u64, Error> {
    let texts: Vec<Sealed> = line.texts.iter().cloned().map(Sealed).collect();
    let recorded = Recorded {
        seq: before.case.version + 1,
        occurred_at: line.at.max(before.case.changed_at),
        recorded_at: ctx.now,
        by: line.person,
        event: Event::Ruled(Ruled::Erased(Erased { texts: texts.clone(), basis: line.basis.clone() })),
    };
    let mut after: Case = before.case.clone();
    after.apply(&recorded);
    let (id, version) = (after.id, after.version);
    rows::texts(tx, ctx.org(), id, &texts, line.at)?;
    attachment::let_go(tx, ctx, going, line.at)?;
    log::insert(tx, ctx.org(), line)?;
    feed::erased(tx, ctx.org(), Subject::Case, id.0)?;
    let decided = Decided {
        before: Some(before),
        after,
        events: vec![recorded],
        sealed: Vec::new(),
        action: "erase",
        tell: true,
    };
    commit(tx, ctx, permit, &decided)?;
    Ok(version)
}

/// Repeats one erasing of a case's texts in a database restored from before it;
/// gives whether there was anything to erase.
///
/// # Errors
/// What the store gives.
pub fn replay(tx: &mut Tx<'_>, ctx: &Ctx, line: &ErasureRow) -> Result<bool, Error> {
    let id: CaseId = line.object_id.parse().map_err(Error::internal)?;
    let known = read::case(tx, ctx.org(), id)?;
    if let Some(loaded) = &known {
        forget_unsent(tx, ctx, &loaded.case)?;
    }
    let held = read::texts(tx, ctx.org(), id)?;
    let texts: Vec<Sealed> = line.texts.iter().cloned().map(Sealed).collect();
    let going = losing_their_name(tx, ctx, id, (&held, &texts))?;
    let left = erasing::readable(&held).iter().any(|text| texts.contains(text));
    if known.is_none() || (!left && going.is_empty()) {
        log::insert(tx, ctx.org(), line)?;
        return Ok(false);
    }
    let (loaded, permit, _) = permitted(tx, ctx, id)?;
    carry_out(tx, ctx, (loaded, &permit), line, &going)?;
    Ok(true)
}
