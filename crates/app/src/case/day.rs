//! My day: what a person has to do, in the order in which it is due.

use huiyin_domain::case::{Case, Kind, Stage};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::text::Sealed;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::day::{self as rows, DayRow, NEVER, Place};
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ctx::Ctx;
use crate::error::Error;

/// A task or a promise that waits for the reader.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToDo {
    /// `task` or `promise`.
    pub what: String,
    /// Its number within the case.
    pub id: u32,
    /// What kind of task or promise it is, such as `call_back`.
    pub sort: String,
    /// What is to be done; null once erased.
    pub text: Option<String>,
    /// When it is due; null when nobody said.
    pub due_at: Option<Timestamp>,
    /// False when it waits for whoever has the post.
    pub own: bool,
    /// The case.
    pub case: CaseId,
    /// Number of the case.
    pub number: String,
    /// Kind of the case.
    pub kind: Kind,
    /// Unit of the case.
    pub unit: UnitId,
    /// Where the case stands.
    pub stage: Stage,
    /// Title of the case; null once erased.
    pub title: Option<String>,
    #[serde(skip)]
    place: Option<Place>,
}

impl ToDo {
    /// Gives where it stands in the order.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }
}

/// Lists the reader's open tasks and promises, earliest due first (PROP-37).
///
/// # Errors
/// What the store gives.
pub fn day(tx: &mut Tx<'_>, ctx: &Ctx, after: Option<&Place>, limit: u32) -> Result<Vec<ToDo>, Error> {
    let found = rows::list(tx, &ctx.actor.scope(), &ctx.actor.posts, after, (ctx.now, limit))?;
    found.into_iter().map(|row| told(tx, ctx, row)).collect()
}

fn told(tx: &mut Tx<'_>, ctx: &Ctx, row: DayRow) -> Result<ToDo, Error> {
    let loaded = read::case(tx, ctx.org(), row.case)?;
    let sealed = loaded.as_ref().and_then(|loaded| words(&loaded.case, &row));
    let text = match sealed {
        Some(sealed) => read::text(tx, ctx.org(), row.case, sealed)?,
        None => None,
    };
    let due_at = (row.due != NEVER).then(|| Timestamp::from_micros(row.due));
    Ok(ToDo {
        place: Some((row.due, row.case, row.what.clone(), row.id)),
        what: row.what,
        id: row.id,
        sort: row.sort,
        text,
        due_at,
        own: row.own,
        case: row.case,
        number: row.number,
        kind: row.kind,
        unit: row.unit,
        stage: row.stage,
        title: row.title,
    })
}

/// Finds what was said about it.
fn words<'a>(case: &'a Case, row: &DayRow) -> Option<&'a Sealed> {
    if row.what == "promise" {
        return case.promises.iter().find(|promise| promise.id == row.id).map(|promise| &promise.text);
    }
    case.tasks.iter().find(|task| task.id == row.id).and_then(|task| task.title.as_ref())
}
