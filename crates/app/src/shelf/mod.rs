//! What a person keeps for themselves: drafts that were not sent, how lists look.
//!
//! Nobody but the person reads it; it needs no permit and leaves no audit line,
//! because it is nobody's business and no part of a case. A draft is forgotten
//! some days after its last change, so that what customers said does not stay
//! beside the cases.

use std::str::FromStr;

use huiyin_domain::ids::{OrgId, PartyId};
use huiyin_domain::time::Timestamp;
use huiyin_store::party::contact;
use huiyin_store::sql::Tx;
use huiyin_store::{prepared, shelf as rows};

pub use huiyin_store::shelf::Kept;

use crate::ctx::Ctx;
use crate::error::Error;

/// The most things that one person keeps.
pub const MOST: u64 = 200;

/// The most bytes of one thing.
pub const MOST_BYTES: usize = 64 * 1024;

/// How long a draft is kept after its last change, in microseconds: two weeks.
const DRAFT: i64 = 14 * 86_400 * 1_000_000;

/// What the name of every draft begins with.
const DRAFTS: &str = "draft.";

/// A name of something kept: words of letters, digits and `-`, joined by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl FromStr for Name {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        };
        (text.len() <= 80 && text.split('.').all(word)).then(|| Self(text.to_owned())).ok_or(())
    }
}

/// Lists what the actor keeps, by name, of names that begin so.
///
/// # Errors
/// What the store gives.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, from: &str) -> Result<Vec<Kept>, Error> {
    let mut kept = rows::list(tx, ctx.org(), ctx.actor.person, ctx.now)?;
    kept.retain(|kept| kept.name.starts_with(from));
    kept.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(kept)
}

/// Gives one thing that the actor keeps.
///
/// # Errors
/// `not_found`.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, name: &Name) -> Result<Kept, Error> {
    rows::get(tx, ctx.org(), ctx.actor.person, &name.0, ctx.now)?.ok_or_else(Error::not_found)
}

/// Keeps a thing for the actor, in place of what had its name.
///
/// # Errors
/// A field when it is too large, or one too many.
pub fn put(tx: &mut Tx<'_>, ctx: &Ctx, name: &Name, content: String) -> Result<Kept, Error> {
    if content.len() > MOST_BYTES {
        return Err(Error::field("content", "text_length"));
    }
    if rows::count_others(tx, ctx.org(), ctx.actor.person, &name.0)? >= MOST {
        return Err(Error::field("content", "shelf_full"));
    }
    let until = name.0.starts_with(DRAFTS).then(|| Timestamp::from_micros(ctx.now.micros() + DRAFT));
    let kept = Kept { name: name.0.clone(), content, changed_at: ctx.now, until };
    rows::put(tx, ctx.org(), ctx.actor.person, &kept)?;
    Ok(kept)
}

/// Takes a thing of the actor away; nothing when it is gone already.
///
/// # Errors
/// What the store gives.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, name: &Name) -> Result<(), Error> {
    rows::remove(tx, ctx.org(), ctx.actor.person, &name.0)?;
    Ok(())
}

/// Forgets what anybody wrote about a case or an incident and did not send.
///
/// # Errors
/// What the store gives.
pub(crate) fn forget_about(tx: &mut Tx<'_>, org: OrgId, (id, number): (String, &str)) -> Result<u64, Error> {
    Ok(rows::forget_drafts(tx, org, &[id, number.to_owned()])?)
}

/// Forgets what anybody wrote of a party and did not send: what names it or one of
/// its numbers, and what is about its cases.
///
/// To be called while the party still has its numbers.
///
/// # Errors
/// What the store gives.
pub(crate) fn forget_party(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<u64, Error> {
    let mut words = vec![party.to_string()];
    // a shorter number stands in too many texts by chance
    words.extend(contact::phones(tx, org, party)?.into_iter().filter(|digits| digits.len() >= 7));
    let about = rows::forget_drafts_of(tx, org, party)? + prepared::forget_party(tx, org, party)?;
    Ok(about + rows::forget_drafts(tx, org, &words)?)
}

/// Forgets the drafts of everybody that have had their time.
///
/// # Errors
/// What the store gives.
pub fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, Error> {
    Ok(rows::purge(tx, now)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bad input (issue 5): a name is short and plain, and cannot leave its place.
    #[test]
    fn a_name_is_plain_words_joined_by_dots() {
        for good in ["queue", "draft.intake", "draft.note.018f-11", "macro.1"] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in ["", ".", "a..b", "A", "draft/1", "稿", "a b", &"x".repeat(81)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }
}
