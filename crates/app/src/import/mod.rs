//! Rows of mapped files become cases, units, households, people and posts.
//!
//! *Invariants*: what is right is imported, what is wrong is told by line and
//! column; a second run imports nothing twice; memory does not grow with the
//! number of rows; a trial run takes the same way and undoes it.
//!
//! *Where to start*: [`run`].

mod batch;
mod case;
mod household;
mod person;
mod places;
mod post;
mod unit;
mod wrong;

pub use wrong::WrongRow;

use huiyin_tabular::{FileError, Import, MappedRow, MappedRows, Mapping, Target};

use crate::App;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::policy::{self, action};
use huiyin_domain::locale::Locale;

/// How many rows go into one transaction, with a savepoint each.
const BATCH: usize = 200;

/// The most units in one transaction: a tree may name a parent further down.
const TREE: usize = 20_000;

/// What one run does with which mapping.
#[derive(Clone, Copy)]
pub struct ImportRun<'a> {
    /// The application.
    pub app: &'a App,
    /// Who imports; decides the organisation.
    pub actor: &'a Actor,
    /// What the columns mean.
    pub mapping: &'a Mapping,
    /// Check everything, write nothing.
    pub dry_run: bool,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Rows that became something, or would.
    pub imported: u64,
    /// Rows that were there from an earlier run.
    pub already_there: u64,
    /// Rows that are not acceptable.
    pub wrong: u64,
}

/// Is told what happens while a run goes on.
pub trait Watch {
    /// Takes one cell or row that is not acceptable.
    ///
    /// # Errors
    /// Ends the run when it cannot be kept.
    fn wrong(&mut self, wrong: &WrongRow) -> Result<(), FileError>;

    /// Takes how far the run is, after each transaction.
    fn progress(&mut self, counts: &Counts);
}

/// Why a run ended before its last row.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read any further, or the errors not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database failed, or nothing can be imported as things are.
    #[error(transparent)]
    App(#[from] Error),
}

/// Imports all rows of a file; what is wrong goes to `watch`.
///
/// Rows are taken in transactions of some hundred, so that a run that is cut
/// off goes on where it was when it is repeated.
///
/// # Errors
/// When the file or the database fails; `extra_not_kept` when the mapping
/// keeps further columns of anything but cases; `nobody_answers`.
pub fn run(
    run: &ImportRun<'_>,
    rows: &mut MappedRows<'_>,
    watch: &mut dyn Watch,
) -> Result<Counts, ImportError> {
    policy::permit(run.actor, action::ImportRows, policy::Target::Anywhere)?;
    keeps_extras(run.mapping)?;
    let most = if run.mapping.import() == Import::Units { TREE } else { BATCH };
    let mut counts = Counts::default();
    let mut batch: Vec<MappedRow> = Vec::new();
    while let Some(row) = rows.next_row()? {
        counts.read += 1;
        match row {
            Ok(row) => batch.push(row),
            Err(errors) => {
                counts.wrong += 1;
                for error in errors {
                    watch.wrong(&error.into())?;
                }
            }
        }
        if batch.len() >= most {
            take(run, std::mem::take(&mut batch), &mut counts, watch)?;
        }
    }
    take(run, batch, &mut counts, watch)?;
    Ok(counts)
}

/// Only a case has a place for whatever else a source knows.
fn keeps_extras(mapping: &Mapping) -> Result<(), Error> {
    let extra = mapping.targets().find(|target| matches!(target, Target::Extra(_)));
    match extra {
        Some(extra) if mapping.import() != Import::Cases => Err(Error::invalid("extra_not_kept")
            .with("name", extra.to_string())
            .with("import", mapping.import().as_str())),
        _ => Ok(()),
    }
}

/// Takes one batch and tells what came of it.
fn take(
    run: &ImportRun<'_>,
    rows: Vec<MappedRow>,
    counts: &mut Counts,
    watch: &mut dyn Watch,
) -> Result<(), ImportError> {
    let ctx = run.app.ctx(run.actor.clone(), format!("import {}", run.mapping.source()), Locale::default());
    let taken = batch::take(run, &ctx, rows)?;
    counts.imported += taken.imported;
    counts.already_there += taken.already_there;
    for (row, error) in taken.refused {
        counts.wrong += 1;
        for wrong in wrong::rows(run.mapping, &row, &error) {
            watch.wrong(&wrong)?;
        }
    }
    watch.progress(counts);
    Ok(())
}

/// Everything that taking one row needs.
pub(super) struct Desk<'a> {
    ctx: &'a Ctx,
    source: &'a str,
    zone: &'a huiyin_domain::time::Zone,
    rules: &'a crate::case::Rules,
    app: &'a App,
    places: places::Places,
}

/// What became of an acceptable row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It became something.
    Imported,
    /// It was there from an earlier run.
    AlreadyThere,
}
