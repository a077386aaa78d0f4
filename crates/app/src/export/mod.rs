//! Cases as a table, in constant memory, of one moment.
//!
//! *Invariants*: only what the actor may see leaves, covered where the post may
//! not see it; who the customer is leaves only when asked for, and that is
//! logged before the first row ([`announce`]).
//!
//! *Where to start*: [`cases`], [`columns()`]; [`stream()`] for a request.

mod columns;
mod row;
mod stream;

use huiyin_domain::people::{Masking, Post, Sensitive};
use huiyin_store::StoreError;
use huiyin_store::case::{CaseFilter, export as rows};
use huiyin_store::sql::Tx;
use huiyin_tabular::{FileError, Output, WriteOptions, create};
use serde_json::json;

use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::{self, Target, action};

pub use columns::columns;
pub use huiyin_tabular::source::Format;
pub use huiyin_tabular::write::{Headings, Written};
pub use stream::{Pipe, Prepared, Wanted, prepare, stream};

use row::Names;

/// What is to leave the house, and how.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// Which cases; position and limit are ignored, all leave.
    pub filter: CaseFilter,
    /// Whether name, telephone number and address of the customer go along.
    pub personal: bool,
    /// Format, headings and zone.
    pub options: WriteOptions,
}

/// Why an export ended before its last row.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The table cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database failed, or it is not allowed.
    #[error(transparent)]
    App(#[from] Error),
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// What an export with personal columns shows.
const SHOWN: [Sensitive; 3] = [Sensitive::Name, Sensitive::Phone, Sensitive::Address];

/// Notes that a table leaves the house, before it does: a line of audit, and one
/// of access for each personal column that the actor sees uncovered.
///
/// # Errors
/// `forbidden`, or what the store gives.
pub fn announce(tx: &mut Tx<'_>, ctx: &Ctx, format: Format, personal: bool) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ExportCases, Target::Anywhere)?;
    let list = || Object::new("case_list", &ctx.request_id);
    audit::record(tx, ctx, "cases_exported", list(), json!({"format": format, "personal": personal}))?;
    if personal {
        let everywhere: Vec<Post> = ctx.actor.posts.iter().map(|held| held.post).collect();
        let seen = masking(ctx, &everywhere);
        for field in SHOWN.into_iter().filter(|field| seen.is_clear(*field)) {
            audit::exported(tx, ctx, field, list())?;
        }
    }
    Ok(())
}

/// What the holder of these posts sees uncovered; the machine sees everything.
fn masking(ctx: &Ctx, posts: &[Post]) -> Masking {
    match ctx.actor.via {
        Via::System | Via::CommandLine => Masking::none(),
        Via::Session(_) | Via::Token(_) | Via::Customer(_) => Masking::of(posts),
    }
}

/// Writes every case that the filter takes and the actor may see, newest first.
///
/// Reads page by page inside one transaction, so the table shows one moment.
///
/// # Errors
/// `forbidden`, or when database or output fail.
pub fn cases(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    request: &ExportRequest,
    output: Output<'_>,
) -> Result<Written, ExportError> {
    policy::permit(&ctx.actor, action::ExportCases, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let scope = ctx.actor.scope();
    let mut names = Names::default();
    let mut table = create(output, &columns(request.personal), &request.options)?;
    let mut filter = CaseFilter { after: None, limit: rows::PAGE, ..request.filter.clone() };
    loop {
        let page = rows::page(tx, &scope, &filter, ctx.now)?;
        for exported in &page {
            let mut cells = row::cells(tx, ctx, &mut names, held.calendar(), exported)?;
            if request.personal {
                cells.extend(row::customer(tx, ctx, &mut names, &exported.case)?);
            }
            table.row(&cells)?;
        }
        match page.last() {
            Some(last) => filter.after = Some((last.case.received_at, last.case.id)),
            None => return Ok(table.finish()?),
        }
    }
}
