//! One transaction full of rows, a savepoint each.

use huiyin_domain::time::Zone;
use huiyin_store::StoreError;
use huiyin_store::sql::Tx;
use huiyin_tabular::{Import, MappedRow};

use super::places::Places;
use super::{Desk, ImportRun, Outcome, case, household, person, post, unit};
use crate::App;
use crate::codes;
use crate::ctx::Ctx;
use crate::error::{Class, Error};

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub imported: u64,
    pub already_there: u64,
    pub refused: Vec<(MappedRow, Error)>,
}

/// How a transaction ends when it is not committed.
enum Ended {
    /// On purpose: a trial run.
    Undone(Taken),
    Failed(Error),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// One batch, owned, for the thread of the database.
struct Batch {
    import: Import,
    source: String,
    zone: String,
    app: App,
    rows: Vec<MappedRow>,
}

/// Takes rows in one transaction; undoes it all in a trial run.
///
/// # Errors
/// When the database fails, or no row at all can be taken as things are.
pub(super) fn take(run: &ImportRun<'_>, ctx: &Ctx, rows: Vec<MappedRow>) -> Result<Taken, Error> {
    let batch = Batch {
        import: run.mapping.import(),
        source: run.mapping.source().to_owned(),
        zone: run.mapping.zone().iana_name().unwrap_or("UTC").to_owned(),
        app: run.app.clone(),
        rows,
    };
    let (ctx, undo) = (ctx.clone(), run.dry_run);
    let ended = run.app.store.write_blocking(move |tx| {
        let taken = all(tx, &ctx, batch).map_err(Ended::Failed)?;
        if undo { Err(Ended::Undone(taken)) } else { Ok(taken) }
    });
    match ended {
        Ok(taken) | Err(Ended::Undone(taken)) => Ok(taken),
        Err(Ended::Failed(error)) => Err(error),
    }
}

/// Takes rows until no more of them can be taken: units wait for their parents.
fn all(tx: &mut Tx<'_>, ctx: &Ctx, batch: Batch) -> Result<Taken, Error> {
    let zone = Zone::named(&batch.zone).map_err(Error::internal)?;
    let mut desk = Desk {
        ctx,
        source: &batch.source,
        zone: &zone,
        rules: &batch.app.rules,
        app: &batch.app,
        places: Places::default(),
    };
    let mut taken = Taken::default();
    let mut waiting = batch.rows;
    loop {
        let before = waiting.len();
        let mut refused = Vec::new();
        for row in waiting {
            match tx.savepoint(|tx| one(tx, &mut desk, batch.import, &row)) {
                Ok(Outcome::Imported) => taken.imported += 1,
                Ok(Outcome::AlreadyThere) => taken.already_there += 1,
                Err(error) if is_of_row(&error) => refused.push((row, error)),
                Err(error) => return Err(error),
            }
        }
        let orphans = |(_, error): &(MappedRow, Error)| waits_for_parent(error);
        let (again, for_good): (Vec<_>, Vec<_>) = refused.into_iter().partition(orphans);
        taken.refused.extend(for_good);
        if again.is_empty() || again.len() == before {
            taken.refused.extend(again);
            taken.refused.sort_by_key(|(row, _)| row.line);
            return Ok(taken);
        }
        waiting = again.into_iter().map(|(row, _)| row).collect();
    }
}

fn one(tx: &mut Tx<'_>, desk: &mut Desk<'_>, import: Import, row: &MappedRow) -> Result<Outcome, Error> {
    match import {
        Import::Cases => case::take(tx, desk, row),
        Import::Units => unit::take(tx, desk, row),
        Import::Households => household::take(tx, desk, row),
        Import::People => person::take(tx, desk, row),
        Import::Posts => post::take(tx, desk, row),
    }
}

/// Says whether the row is to blame; else no further row would fare better.
fn is_of_row(error: &Error) -> bool {
    error.code() != codes::NOBODY_ANSWERS
        && matches!(error.class(), Class::Invalid | Class::Malformed | Class::Conflict | Class::NotFound)
}

fn waits_for_parent(error: &Error) -> bool {
    error.fields().iter().any(|field| field.path == "parent" && field.code == codes::UNIT_UNKNOWN)
}
