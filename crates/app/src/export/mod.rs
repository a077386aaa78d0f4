//! Cases as a table, in constant memory, of one moment.
//!
//! *Invariants*: only what the actor may see leaves; who the customer is leaves
//! only when asked for, and that is logged before the first row ([`announce`]).
//!
//! *Where to start*: [`cases`], [`columns()`].

mod columns;
mod row;

use huiyin_domain::people::Sensitive;
use huiyin_store::StoreError;
use huiyin_store::case::{CaseFilter, export as rows};
use huiyin_store::sql::Tx;
use huiyin_tabular::write::Written;
use huiyin_tabular::{FileError, Output, WriteOptions, create};

use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

pub use columns::columns;
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

/// Logs that personal columns leave the house, before they do.
///
/// # Errors
/// `forbidden`, or what the store gives.
pub fn announce(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ExportCases, Target::Anywhere)?;
    for field in SHOWN {
        audit::exported(tx, ctx, field, Object::new("case_list", &ctx.request_id))?;
    }
    Ok(())
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
                cells.extend(row::customer(tx, ctx, &exported.case)?);
            }
            table.row(&cells)?;
        }
        match page.last() {
            Some(last) => filter.after = Some((last.case.received_at, last.case.id)),
            None => return Ok(table.finish()?),
        }
    }
}
