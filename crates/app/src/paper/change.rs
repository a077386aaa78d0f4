//! Opening papers and taking steps: decided, kept and told in one transaction.

use huiyin_domain::paper::{self, Paper, Step};
use huiyin_store::paper::{self as rows, EntryRow, Kept};
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::around::Around;
use super::context::{Context, visible};
use super::named;
use super::tell::{self, ToTell};
use crate::App;
use crate::audit::{self, Object};
use crate::case::closed_or_wrong;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, PaperPermit};
use crate::work::{self, kinds};

/// A paper after a change.
#[derive(Clone, Debug)]
pub struct Changed<P> {
    /// Identity.
    pub id: Uuid,
    /// Position of the last entry of its history.
    pub version: i64,
    /// As it is now.
    pub paper: P,
}

/// Opens a paper.
///
/// # Errors
/// `unknown_unit`, what the rules of its kind refuse, or `paper_exists`.
pub fn open<P: Around>(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, new: P::New) -> Result<Changed<P>, Error> {
    let changed = open_untold(tx, ctx, app, new)?;
    told(tx, ctx, &changed, None)?;
    Ok(changed)
}

/// Opens a paper out of history, of which nobody hears (contracts §4).
///
/// # Errors
/// As [`open`].
pub(crate) fn open_untold<P: Around>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    new: P::New,
) -> Result<Changed<P>, Error> {
    let mut new = new;
    let at = P::unit_of(&new);
    let path = unit::path(tx, ctx.org(), at, ctx.now)?;
    let permit = policy::paper_opening(&ctx.actor, &path, P::OPEN_TO_ALL)?;
    named::check_new::<P>(tx, ctx, &new)?;
    named::fill_in::<P>(tx, ctx, &mut new)?;
    crate::phrase::before_opening::<P>(tx, ctx, &app.rules, &new)?;
    let new = P::before_opening(tx, ctx, app, new)?;
    let context = Context::at(tx, ctx, app, at, permit.view())?;
    let body = serde_json::to_value(&new).map_err(Error::internal)?;
    let opened: P =
        paper::open(new, &context.facts(ctx)).map_err(|refused| closed_or_wrong(&refused, "open"))?;
    let changed = Changed { id: ctx.uuid(), version: 1, paper: opened };
    keep(tx, ctx, &permit, &changed, ("open", &body))?;
    P::after_opening(tx, ctx, &changed)?;
    Ok(changed)
}

/// Takes a step in somebody's name.
///
/// # Errors
/// `not_found`, what the rules refuse, or `stale` when somebody was faster.
pub fn act<P: Around>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    seen: (Uuid, Option<i64>),
    step: &P::Step,
) -> Result<Changed<P>, Error> {
    let changed = act_untold(tx, ctx, app, seen, step)?;
    told(tx, ctx, &changed, Some(step))?;
    Ok(changed)
}

/// Takes a step out of history, of which nobody hears (contracts §4).
///
/// # Errors
/// As [`act`].
pub(crate) fn act_untold<P: Around>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    (id, seen): (Uuid, Option<i64>),
    step: &P::Step,
) -> Result<Changed<P>, Error> {
    let (row, paper, view) = visible::<P>(tx, ctx, id)?;
    if seen.is_some_and(|seen| seen != row.version) {
        return Err(Error::stale().with("version", row.version));
    }
    let permit = view.permit();
    named::check_step::<P>(tx, ctx, step)?;
    crate::phrase::before_step::<P>(tx, ctx, &app.rules, (&paper, step))?;
    let step = &P::before_step(tx, ctx, app, (id, &paper), step)?;
    let context = Context::at(tx, ctx, app, row.unit, permit.view())?;
    let context = context.about(tx, ctx, (P::KIND, id), P::about(step))?.beside(tx, ctx, (id, &paper))?;
    let after = paper::decide(&paper, step, &context.facts(ctx))
        .map_err(|refused| closed_or_wrong(&refused, step.name()))?;
    let changed = Changed { id, version: row.version + 1, paper: after };
    let body = serde_json::to_value(step).map_err(Error::internal)?;
    keep(tx, ctx, &permit, &changed, (step.name(), &body["body"]))?;
    P::after_step(tx, ctx, app, &changed, step)?;
    Ok(changed)
}

/// Takes the steps that a paper's clock has come to.
///
/// # Errors
/// As [`act`].
pub fn act_as_clock<P: Around>(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, id: Uuid) -> Result<u32, Error> {
    let mut taken = 0;
    // a paper that fires for ever is a mistake of its rules, not a reason to hang
    while taken < 8 {
        let (_, paper, _) = visible::<P>(tx, ctx, id)?;
        let Some(step) = paper.fire(ctx.now) else { break };
        let step = P::fired(tx, ctx, app, (id, &paper), step)?;
        act::<P>(tx, ctx, app, (id, None), &step)?;
        taken += 1;
    }
    Ok(taken)
}

fn keep<P: Around>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    _permit: &PaperPermit,
    changed: &Changed<P>,
    (step, body): (&'static str, &Value),
) -> Result<(), Error> {
    let card = changed.paper.card();
    let entry = EntryRow {
        seq: changed.version,
        at: ctx.now,
        person: ctx.actor.identified().then_some(ctx.actor.person),
        step: step.to_owned(),
        body: body.to_string(),
    };
    let state = serde_json::to_string(&changed.paper).map_err(Error::internal)?;
    let kept = Kept {
        id: changed.id,
        kind: P::KIND,
        confidential: P::CONFIDENTIAL,
        state: changed.paper.state(),
        card: &card,
        body: &state,
        entry: &entry,
    };
    match rows::save(tx, ctx.org(), &kept).map_err(Error::from) {
        Ok(true) => {}
        Ok(false) => return Err(Error::stale()),
        Err(error) if error.is_unique("papers_period") => return Err(Error::conflict("paper_exists")),
        Err(error) => return Err(error),
    }
    // ASM-18: who reads the audit trail need not know what is confidential
    let details = if P::CONFIDENTIAL {
        json!({"kind": "confidential", "version": changed.version})
    } else {
        json!({"kind": P::KIND, "step": step, "version": changed.version})
    };
    P::after_keep(tx, ctx, changed)?;
    audit::record(tx, ctx, "paper_changed", Object::new("paper", changed.id), details)
}

/// Queues what people must hear of a step; nothing where nobody must.
fn told<P: Paper>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    changed: &Changed<P>,
    step: Option<&P::Step>,
) -> Result<(), Error> {
    let tellings = changed.paper.tellings(step);
    if tellings.is_empty() {
        return Ok(());
    }
    let card = changed.paper.card();
    let payload = ToTell {
        source: format!("paper:{}:{}", changed.id, changed.version),
        unit: card.unit,
        case: card.case,
        confidential: P::CONFIDENTIAL,
        params: tell::params(changed.id, &changed.paper, &card),
        tellings,
    };
    work::enqueue(tx, ctx, kinds::PAPER_TOLD, &payload, (ctx.now, None)).map(drop)
}

impl<P: Serialize> Serialize for Changed<P> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut out = serializer.serialize_struct("Changed", 3)?;
        out.serialize_field("id", &self.id)?;
        out.serialize_field("version", &self.version)?;
        out.serialize_field("paper", &self.paper)?;
        out.end()
    }
}
