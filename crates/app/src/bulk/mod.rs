//! One action on many cases at once (issue 5).
//!
//! A person chooses cases, or everything that a list finds, and says what is to be
//! done; a job takes the cases one after the other, as that person, with the posts
//! that they still hold, through the very path of a single action. What a rule
//! refuses is noted with its reason and the others go on.

use std::collections::BTreeSet;

use huiyin_domain::case::CommandKind;
use huiyin_domain::ids::{BulkRunId, CaseId};
use huiyin_domain::time::Timestamp;
use huiyin_store::bulk as rows;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use crate::behalf::Refusal;
pub use huiyin_store::bulk::{BulkRun, RefusedLine};

use crate::App;
use crate::audit::{self, Object};
use crate::behalf;
use crate::case::{self, ListQuery, Rules};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::{Audience, Hint};
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// The most cases that one request names.
pub const MOST: usize = 10_000;

/// The most cases of one run over everything that a list finds.
pub const MOST_FOUND: u32 = 200_000;

/// How long a run that has ended is kept, in microseconds: 30 days.
const KEPT: i64 = 30 * 86_400 * 1_000_000;

/// Ended runs that are forgotten in one write, with all their lines.
const FORGOTTEN: u32 = 20;

/// Cases that have their turn in one transaction.
const BATCH: u32 = 25;

/// Runs of one person that may be under way.
const AT_ONCE: usize = 3;

/// Rows that one look at the list reads.
const LOOK: u32 = 200;

/// Topic of the hints about runs.
const TOPIC: &str = "bulk";

/// Which cases.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// These.
    Cases(Vec<CaseId>),
    /// All that a list finds.
    Found(Box<ListQuery>),
}

/// Begins a run.
///
/// # Errors
/// `bulk_busy` with too many under way, or a field: no case, or too many.
pub fn begin(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, body): (CommandKind, &Value),
    (rules, chosen): (&Rules, Chosen),
) -> Result<BulkRun, Error> {
    crate::phrase::before_command(tx, ctx, rules, &behalf::command(kind.as_str(), &body.to_string())?)?;
    let running = rows::of_person(tx, ctx.org(), ctx.actor.person, LOOK)?;
    if running.iter().filter(|run| run.ended_at.is_none()).count() >= AT_ONCE {
        return Err(Error::conflict("bulk_busy"));
    }
    let mut run = BulkRun {
        id: BulkRunId(ctx.uuid()),
        by: behalf::of(ctx)?,
        action: kind.as_str().to_owned(),
        body: Some(body.to_string()),
        total: 0,
        done: 0,
        refused: 0,
        created_at: ctx.now,
        ended_at: None,
        stopped_at: None,
    };
    run.total = match chosen {
        Chosen::Cases(cases) => {
            let cases = seen(tx, ctx, cases)?;
            rows::choose(tx, ctx.org(), run.id, &cases)?
        }
        Chosen::Found(query) => {
            let filter = case::resolved(tx, ctx, &query)?;
            rows::choose_found(tx, (run.id, &ctx.actor.scope()), &filter, (ctx.now, MOST_FOUND))?
        }
    };
    if run.total == 0 {
        return Err(Error::field("cases", "required"));
    }
    if run.total > i64::from(MOST_FOUND) {
        return Err(Error::field("filter", "too_many_found"));
    }
    rows::insert(tx, ctx.org(), &run)?;
    let details = json!({"action": run.action, "cases": run.total});
    audit::record(tx, ctx, "bulk_begun", Object::new("bulk_run", run.id), details)?;
    work::enqueue(tx, ctx, kinds::BULK_RUN, &At { run: run.id, after: 0 }, (ctx.now, None))?;
    Ok(run)
}

/// Notes the versions of cases that were named; what is not there is refused later.
fn seen(tx: &mut Tx<'_>, ctx: &Ctx, cases: Vec<CaseId>) -> Result<Vec<(CaseId, i64)>, Error> {
    if cases.len() > MOST {
        return Err(Error::field("cases", "too_many_cases"));
    }
    let once: BTreeSet<CaseId> = cases.iter().copied().collect();
    let ordered = cases.into_iter().filter({
        let mut left = once;
        move |case| left.remove(case)
    });
    let version = |tx: &mut Tx<'_>, case: CaseId| -> Result<(CaseId, i64), Error> {
        let loaded = read::case(tx, ctx.org(), case)?;
        let version = loaded.map_or(0, |loaded| loaded.case.version);
        Ok((case, i64::try_from(version).unwrap_or(i64::MAX)))
    };
    ordered.map(|case| version(tx, case)).collect()
}

/// Stops a run of the actor: what had its turn stays done, the rest is left alone.
///
/// # Errors
/// `not_found` when it is not there or somebody else's, `bulk_ended` when it is over.
pub fn stop(tx: &mut Tx<'_>, ctx: &Ctx, id: BulkRunId) -> Result<BulkRun, Error> {
    let run = get(tx, ctx, id)?;
    if run.ended_at.is_some() {
        return Err(Error::conflict("bulk_ended"));
    }
    rows::stop(tx, ctx.org(), id, ctx.now)?;
    let details = json!({"done": run.done, "refused": run.refused, "cases": run.total});
    audit::record(tx, ctx, "bulk_stopped", Object::new("bulk_run", id), details)?;
    get(tx, ctx, id)
}

/// Forgets some runs that ended long ago, with what they refused; gives how many.
///
/// # Errors
/// What the store gives.
pub fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, Error> {
    let before = Timestamp::from_micros(now.micros().saturating_sub(KEPT));
    Ok(rows::purge(tx, before, FORGOTTEN)?)
}

/// Gives a run of the actor.
///
/// # Errors
/// `not_found` when it is not there or somebody else's.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: BulkRunId) -> Result<BulkRun, Error> {
    let run = rows::get(tx, ctx.org(), id)?.filter(|run| run.by.person == ctx.actor.person);
    run.ok_or_else(Error::not_found)
}

/// Lists the actor's last runs, newest first.
///
/// # Errors
/// What the store gives.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<BulkRun>, Error> {
    Ok(rows::of_person(tx, ctx.org(), ctx.actor.person, 20)?)
}

/// Lists what a run of the actor was refused, with its reasons.
///
/// # Errors
/// `not_found` when it is not there or somebody else's.
pub fn refusals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BulkRunId,
    part: (i64, u32),
) -> Result<Vec<(RefusedLine, Refusal)>, Error> {
    get(tx, ctx, id)?;
    let lines = rows::refusals(tx, ctx.org(), id, part)?;
    let read = |line: RefusedLine| {
        let refusal = behalf::refused(&line.refusal)?;
        Ok((line, refusal))
    };
    lines.into_iter().map(read).collect()
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct At {
    run: BulkRunId,
    after: i64,
}

/// The job: takes some cases of a run and queues the next ones.
pub struct BulkWork {
    /// Rules and clock of the application.
    pub app: App,
}

impl Inside for BulkWork {
    fn kind(&self) -> &'static str {
        kinds::BULK_RUN
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let at: At = job.read()?;
        let Some(run) = rows::get(tx, ctx.org(), at.run)?.filter(|run| run.ended_at.is_none()) else {
            return Ok(Effects::default());
        };
        let body = run.body.as_deref().unwrap_or("{}");
        let command = behalf::command(&run.action, body)
            .map_err(|error| Failure::Dead { reason: error.to_string() })?;
        let ctx = behalf::ctx(tx, ctx, &run.by)?;
        let lines = rows::waiting(tx, ctx.org(), run.id, (at.after, BATCH))?;
        let mut hints = Vec::new();
        let mut refused = 0;
        for line in &lines {
            let about = (line.case, line.version);
            let refusal = match behalf::act(tx, &ctx, &self.app.rules, about, command.clone())? {
                Ok(hint) => {
                    hints.push(hint);
                    None
                }
                Err(refusal) => Some(refusal),
            };
            refused += i64::from(refusal.is_some());
            rows::note(tx, ctx.org(), (run.id, line.seq), refusal.as_deref(), ctx.now)?;
        }
        let taken = i64::try_from(lines.len()).unwrap_or(0);
        let over = run.done + run.refused + taken >= run.total || lines.is_empty();
        rows::progress(tx, ctx.org(), run.id, (taken - refused, refused), over.then_some(ctx.now))?;
        if let Some(last) = lines.last().filter(|_| !over) {
            work::enqueue(tx, &ctx, kinds::BULK_RUN, &At { run: run.id, after: last.seq }, (ctx.now, None))?;
        }
        let version = run.done + run.refused + taken;
        hints.push(Hint {
            org: ctx.org(),
            topic: TOPIC.into(),
            id: run.id.to_string(),
            version,
            audience: Audience::Persons(vec![run.by.person]),
            present: None,
        });
        Ok(Effects { hints })
    }
}
