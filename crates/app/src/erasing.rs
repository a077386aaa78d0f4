//! What erasing texts of a case and of an incident have in common (X-37).

use std::collections::BTreeMap;

use huiyin_domain::text::Sealed;
use huiyin_store::case::read::Opened;
use huiyin_store::party::erasure::ErasureRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, CasePermit, CaseSight, Target, action};

/// What is to be erased, and on what ground.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"basis": "个人信息删除申请 2026-11-20"}))]
pub struct NewErasure {
    /// Commitments of the texts that go; every text and file when not said.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub texts: Option<Vec<Sealed>>,
    /// The lawful request it rests on; no personal text.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub basis: String,
}

/// What erasing led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErasedTexts {
    /// The line in the log of erasures.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// How many texts went.
    pub texts: u64,
    /// How many attached files went.
    pub files: u64,
    /// The version of the case or incident now.
    pub version: u64,
}

/// Settles whether the actor may erase texts of what is seen so.
///
/// # Errors
/// `forbidden`.
pub(crate) fn permitted(ctx: &Ctx, sight: &CaseSight) -> Result<CasePermit, Error> {
    let permit = policy::case_permit(&ctx.actor, sight)?;
    let path = sight.paths.first().map_or(&[] as &[_], Vec::as_slice);
    policy::permit(&ctx.actor, action::EraseIdentity, Target::Unit(path))?;
    Ok(permit)
}

/// Gives the commitments whose text is still there.
pub(crate) fn readable(held: &BTreeMap<Sealed, Opened>) -> Vec<Sealed> {
    held.iter().filter(|(_, opened)| opened.text.is_some()).map(|(sealed, _)| sealed.clone()).collect()
}

/// Gives the texts that are to go: the chosen ones, or all that are left.
///
/// # Errors
/// `unknown_text` for a commitment that is not among those held.
pub(crate) fn going(new: &NewErasure, held: &BTreeMap<Sealed, Opened>) -> Result<Vec<Sealed>, Error> {
    let left = readable(held);
    let Some(chosen) = &new.texts else { return Ok(left) };
    if let Some(place) = chosen.iter().position(|text| !held.contains_key(text)) {
        return Err(Error::field(format!("texts[{place}]"), "unknown_text"));
    }
    Ok(chosen.iter().filter(|text| left.contains(text)).cloned().collect())
}

/// Makes the line of the log of erasures.
///
/// # Errors
/// `text_length` without a basis.
pub(crate) fn line(
    ctx: &Ctx,
    (kind, id): (&str, String),
    new: &NewErasure,
    texts: &[Sealed],
) -> Result<ErasureRow, Error> {
    Ok(ErasureRow {
        id: ctx.uuid(),
        at: ctx.now,
        object_kind: kind.to_owned(),
        object_id: id,
        texts: texts.iter().map(|text| text.0.clone()).collect(),
        basis: check::text("basis", &new.basis, 500)?,
        person: ctx.actor.identified().then_some(ctx.actor.person),
    })
}
