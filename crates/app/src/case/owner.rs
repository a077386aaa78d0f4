//! Who owns what no desk person received, and what leaves with a person.

use huiyin_domain::case::{Event, Ruled};
use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::Post;
use huiyin_store::case::read;
use huiyin_store::people::{membership, unit};
use huiyin_store::sql::Tx;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{HandOver, Obligations, OpenWork};

/// Finds who answers for a unit now: on duty, else lead, else head, upwards.
///
/// # Errors
/// `nobody_answers` when the organisation has no lead, head or administrator.
pub fn who_answers(tx: &mut Tx<'_>, ctx: &Ctx, at: UnitId) -> Result<PersonId, Error> {
    crate::duty::who_answers(tx, ctx, at)
}

/// The cases' part in what a person must hand over before leaving (PROP-14).
#[derive(Clone, Copy, Debug, Default)]
pub struct Leaving;
