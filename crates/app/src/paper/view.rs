//! Reading papers: one with what may be done to it, and lists.

use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::paper::{Paper, Step, evaluate};
use huiyin_domain::time::Timestamp;
use huiyin_store::paper::{self as rows, EntryRow, PaperFilter, PaperRow};
use huiyin_store::sql::Tx;
use serde_json::Value;
use uuid::Uuid;

use super::around::Around;
use super::context::{Context, visible};
use crate::App;
use crate::case::reason_json;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy;

/// A step of a paper, and whether it is open to the reader.
#[derive(Clone, Debug, PartialEq)]
pub struct StepView {
    /// Its name.
    pub step: &'static str,
    /// Whether some body would be accepted now.
    pub open: bool,
    /// Why not, each with code, params, who and sources.
    pub reasons: Vec<Value>,
}

/// One paper as somebody may see it.
#[derive(Clone, Debug)]
pub struct PaperView<P> {
    /// Its row.
    pub row: PaperRow,
    /// Its state.
    pub paper: P,
    /// What may be done, in the order of its kind.
    pub steps: Vec<StepView>,
    /// What happened, oldest first.
    pub entries: Vec<EntryRow>,
}

/// One line of a list of papers.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperLine<P> {
    /// Identity.
    pub id: Uuid,
    /// Position of the last entry of its history.
    pub version: i64,
    /// Where it lies.
    pub unit: UnitId,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Day, week or month.
    pub period: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who opened it; nobody is the clock.
    pub opened_by: Option<PersonId>,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When the house must be done with it.
    pub due_at: Option<Timestamp>,
    /// Its state.
    pub paper: P,
}

/// A page of papers.
pub type PaperPage<P> = Vec<PaperLine<P>>;

/// Shows a paper with its history and what the reader may do with it.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn get<P: Around>(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, id: Uuid) -> Result<PaperView<P>, Error> {
    let (row, paper, view) = visible::<P>(tx, ctx, id)?;
    let context = Context::at(tx, ctx, app, row.unit, &view)?.about(tx, ctx, (P::KIND, id), None)?;
    let context = context.beside(tx, ctx, (id, &paper))?;
    let facts = context.facts(ctx);
    let steps = P::Step::NAMES.iter().map(|name| {
        let reasons = evaluate(&paper, name, &facts).err().unwrap_or_default();
        StepView { step: name, open: reasons.is_empty(), reasons: reasons.iter().map(reason_json).collect() }
    });
    let steps = steps.collect();
    let entries = rows::entries(tx, ctx.org(), id)?;
    Ok(PaperView { row, paper, steps, entries })
}

/// Lists papers that the actor may see, newest first.
///
/// # Errors
/// What the store gives.
pub fn list<P: Paper>(tx: &mut Tx<'_>, ctx: &Ctx, filter: &PaperFilter) -> Result<PaperPage<P>, Error> {
    let scope = if P::SEEN_BY_ALL {
        policy::house_scope(&ctx.actor)
    } else {
        policy::paper_scope(&ctx.actor, P::CONFIDENTIAL)
    };
    rows::list(tx, &scope, filter, ctx.now)?.into_iter().map(line).collect()
}

/// Makes a line of a row.
///
/// # Errors
/// `internal` when what is kept cannot be read.
fn line<P: Paper>(row: PaperRow) -> Result<PaperLine<P>, Error> {
    Ok(PaperLine {
        paper: serde_json::from_str(&row.body).map_err(Error::internal)?,
        id: row.id,
        version: row.version,
        unit: row.unit,
        case: row.case,
        period: row.period,
        opened_at: row.opened_at,
        opened_by: row.opened_by,
        changed_at: row.changed_at,
        due_at: row.due_at,
    })
}
