//! What a person owes before leaving: owned cases and incidents, tasks, promises.

use serde::{Deserialize, Serialize};

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_store::people::person as persons;
use huiyin_store::sql::Tx;
use serde_json::json;

use crate::App;
use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// How much open work a person has in one organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenWork {
    /// Cases owned or handled that are not closed.
    pub cases: u64,
    /// Open incidents answered for, or with an open measure to answer for.
    pub incidents: u64,
    /// Open tasks.
    pub tasks: u64,
    /// Open promises to keep.
    pub promises: u64,
}

impl OpenWork {
    /// Says whether nothing is open.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.cases == 0 && self.incidents == 0 && self.tasks == 0 && self.promises == 0
    }

    fn plus(self, other: Self) -> Self {
        Self {
            cases: self.cases + other.cases,
            incidents: self.incidents + other.incidents,
            tasks: self.tasks + other.tasks,
            promises: self.promises + other.promises,
        }
    }
}

/// A part of the product that gives people work.
///
/// Registered with [`App::with_obligations`]; a person leaves only when none of
/// them counts anything, so that nothing is ever without an owner (PROP-14).
pub trait Obligations: Send + Sync {
    /// Counts the person's open work in the organisation.
    ///
    /// # Errors
    /// What the store gives.
    fn open(&self, tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<OpenWork, Error>;

    /// Gives all open work of one person to another, each with its own event.
    ///
    /// MUST leave `open(from)` at nothing, or refuse.
    ///
    /// # Errors
    /// What stands in the way, such as a duty that the other may not have.
    fn hand_over(&self, tx: &mut Tx<'_>, ctx: &Ctx, step: HandOver) -> Result<OpenWork, Error>;
}

/// From whom to whom work goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Who gives it away.
    pub from: PersonId,
    /// Who takes it.
    pub to: PersonId,
}

/// Counts the open work of a person over all parts of the product.
///
/// # Errors
/// What the store gives.
pub fn open_work(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId) -> Result<OpenWork, Error> {
    let mut sum = OpenWork::default();
    for part in &app.obligations {
        sum = sum.plus(part.open(tx, ctx.org(), person)?);
    }
    Ok(sum)
}

/// Refuses when a person still owns something.
///
/// # Errors
/// `still_owns_work` with the numbers.
pub(super) fn require_none(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId) -> Result<(), Error> {
    let open = open_work(app, tx, ctx, person)?;
    if open.is_none() {
        return Ok(());
    }
    Err(Error::conflict(codes::STILL_OWNS_WORK)
        .with("cases", open.cases)
        .with("incidents", open.incidents)
        .with("tasks", open.tasks)
        .with("promises", open.promises))
}

/// Gives all open work of one person to another of the same organisation.
///
/// For who leaves or is absent; one's own work, or anybody's by a post for it.
///
/// # Errors
/// `forbidden`, `same_person`, `person_unknown`, or what a part of the product
/// refuses; then nothing is handed over.
pub fn hand_over(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, step: HandOver) -> Result<OpenWork, Error> {
    if ctx.actor.person != step.from {
        policy::permit(&ctx.actor, action::HandOver, Target::Anywhere)?;
    }
    if step.from == step.to {
        return Err(Error::field("to", codes::SAME_PERSON));
    }
    persons::in_org(tx, ctx.org(), step.from)?.ok_or_else(Error::not_found)?;
    let taker = super::membership::posts(tx, ctx.org(), step.to, ctx.now)?;
    let active = persons::in_org(tx, ctx.org(), step.to)?.is_some_and(|person| person.active);
    if !active || taker.is_empty() {
        return Err(Error::field("to", codes::PERSON_UNKNOWN));
    }
    let mut sum = OpenWork::default();
    for part in &app.obligations {
        sum = sum.plus(part.hand_over(tx, ctx, step)?);
    }
    let OpenWork { cases, incidents, tasks, promises } = sum;
    let details =
        json!({"to": step.to, "cases": cases, "incidents": incidents, "tasks": tasks, "promises": promises});
    audit::record(tx, ctx, "work_handed_over", Object::new("person", step.from), details)?;
    Ok(sum)
}
