//! Work of who leaves or is absent: what is open, and to whom it goes.

use huiyin_domain::ids::{CaseId, IncidentId, PersonId};
use huiyin_store::case::read;
use huiyin_store::people::person as persons;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::obligations::{self, HandOver, OpenWork};
use crate::policy::{self, Target, action};

/// Why work goes to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandOverReason {
    /// The person leaves the house or the post.
    Leaving,
    /// The person is away.
    Absence,
    /// The person has too much to do.
    Load,
}

/// What a person still answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonWork {
    /// How much it is.
    pub open: OpenWork,
    /// The cases that it lies in.
    pub cases: Vec<CaseId>,
    /// The incidents that it lies in.
    pub incidents: Vec<IncidentId>,
}

/// Lists what a person still answers for (PROP-14).
///
/// # Errors
/// `forbidden` for another's work without a post for it, or `not_found`.
pub fn work_of(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId) -> Result<PersonWork, Error> {
    if ctx.actor.person != person {
        policy::permit(&ctx.actor, action::HandOver, Target::Anywhere)?;
    }
    persons::in_org(tx, ctx.org(), person)?.ok_or_else(Error::not_found)?;
    let open = obligations::open_work(app, tx, ctx, person)?;
    let incidents = huiyin_store::incident::read::owed_by(tx, ctx.org(), person)?;
    Ok(PersonWork { open, cases: read::involving(tx, ctx.org(), person)?, incidents })
}

/// Gives all open work of a person to another, with the reason on record.
///
/// # Errors
/// As [`obligations::hand_over`]; then nothing is handed over.
pub fn hand_over(
    app: &App,
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    step: HandOver,
    reason: HandOverReason,
) -> Result<OpenWork, Error> {
    let sum = obligations::hand_over(app, tx, ctx, step)?;
    let details = json!({"to": step.to, "reason": reason});
    audit::record(tx, ctx, "hand_over_reasoned", Object::new("person", step.from), details)?;
    Ok(sum)
}
