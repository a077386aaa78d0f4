//! One action on many cases at once (issue 5).
//!
//! A person chooses cases, or everything that a list finds, and says what is to be
//! done; a job takes the cases one after the other, as that person, with the posts
//! that they still hold, through the very path of a single action. What a rule
//! refuses is noted with its reason and the others go on.

use std::collections::BTreeSet;

use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::ids::{BulkRunId, CaseId};
use huiyin_store::bulk as rows;
use huiyin_store::case::read;
use huiyin_store::people::person;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use huiyin_store::bulk::{BulkRun, RefusedLine};

use crate::App;
use crate::audit::{self, Object};
use crate::case::{self, ListQuery};
use crate::ctx::{Actor, Ctx, PostHeld, Via};
use crate::error::{Class, Error, Params};
use crate::hints::{Audience, Hint};
use crate::people::membership;
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// The most cases of one run.
pub const MOST: usize = 10_000;

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

/// Why a case was refused, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// What its text names.
    pub params: Params,
}

/// Begins a run.
///
/// # Errors
/// `bulk_busy` with too many under way, or a field: no case, or too many.
pub fn begin(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, body): (CommandKind, &Value),
    chosen: Chosen,
) -> Result<BulkRun, Error> {
    let running = rows::of_person(tx, ctx.org(), ctx.actor.person, LOOK)?;
    if running.iter().filter(|run| run.ended_at.is_none()).count() >= AT_ONCE {
        return Err(Error::conflict("bulk_busy"));
    }
    let cases = match chosen {
        Chosen::Cases(cases) => seen(tx, ctx, cases)?,
        Chosen::Found(query) => found(tx, ctx, *query)?,
    };
    if cases.is_empty() {
        return Err(Error::field("cases", "required"));
    }
    let run = BulkRun {
        id: BulkRunId(ctx.uuid()),
        person: ctx.actor.person,
        via: via(ctx)?,
        posts: serde_json::to_string(&ctx.actor.posts).map_err(Error::internal)?,
        action: kind.as_str().to_owned(),
        body: Some(body.to_string()),
        total: i64::try_from(cases.len()).unwrap_or(i64::MAX),
        done: 0,
        refused: 0,
        created_at: ctx.now,
        ended_at: None,
    };
    rows::insert(tx, ctx.org(), &run, &cases)?;
    let details = json!({"action": run.action, "cases": run.total});
    audit::record(tx, ctx, "bulk_begun", Object::new("bulk_run", run.id), details)?;
    work::enqueue(tx, ctx, kinds::BULK_RUN, &At { run: run.id, after: 0 }, (ctx.now, None))?;
    Ok(run)
}

/// Gives how the actor reached us, for the audit lines of what the machine does.
fn via(ctx: &Ctx) -> Result<(String, String), Error> {
    match ctx.actor.via {
        Via::Session(id) => Ok(("session".into(), id.to_string())),
        Via::Token(id) => Ok(("token".into(), id.to_string())),
        Via::Customer(_) | Via::CommandLine | Via::System => Err(Error::denied()),
    }
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

/// Reads everything that a list finds, page by page.
fn found(tx: &mut Tx<'_>, ctx: &Ctx, mut query: ListQuery) -> Result<Vec<(CaseId, i64)>, Error> {
    let mut cases = Vec::new();
    query.filter.limit = LOOK;
    query.filter.after = None;
    loop {
        let page = case::list(tx, ctx, &query)?;
        cases.extend(page.iter().map(|line| (line.id, line.version)));
        if cases.len() > MOST {
            return Err(Error::field("filter", "too_many_cases"));
        }
        match page.last().filter(|_| page.len() == LOOK as usize) {
            Some(last) => query.filter.after = Some((last.received_at, last.id)),
            None => return Ok(cases),
        }
    }
}

/// Gives a run of the actor.
///
/// # Errors
/// `not_found` when it is not there or somebody else's.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: BulkRunId) -> Result<BulkRun, Error> {
    let run = rows::get(tx, ctx.org(), id)?.filter(|run| run.person == ctx.actor.person);
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
        let refusal = serde_json::from_str(&line.refusal).map_err(Error::internal)?;
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
        let command = command(&run).map_err(|error| Failure::Dead { reason: error.to_string() })?;
        let ctx = Ctx { actor: actor_of(tx, ctx, &run)?, ..ctx.clone() };
        let lines = rows::waiting(tx, ctx.org(), run.id, (at.after, BATCH))?;
        let mut hints = Vec::new();
        let mut refused = 0;
        for line in &lines {
            let version = u64::try_from(line.version).unwrap_or(0);
            let acted = tx.savepoint(|tx| {
                case::act(tx, &ctx, &self.app.rules, (line.case, Some(version)), command.clone())
            });
            let refusal = match acted {
                Ok(acted) => {
                    hints.push(Hint::case(ctx.org(), (acted.case.id, acted.case.version), acted.sight));
                    None
                }
                Err(error) => Some(refusal_of(error)?),
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
            audience: Audience::Persons(vec![run.person]),
            present: None,
        });
        Ok(Effects { hints })
    }
}

/// Reads what is to be done; it was checked when the run was begun.
fn command(run: &BulkRun) -> Result<Command, Error> {
    let kind = CommandKind::parse(&run.action).ok_or_else(|| Error::internal("an action is unknown"))?;
    let body: Value = serde_json::from_str(run.body.as_deref().unwrap_or("{}")).map_err(Error::internal)?;
    Command::read(kind, body).map_err(Error::internal)
}

/// Gives the person of a run with the posts that they held then and hold still.
fn actor_of(tx: &mut Tx<'_>, ctx: &Ctx, run: &BulkRun) -> Result<Actor, Error> {
    let then: Vec<PostHeld> = serde_json::from_str(&run.posts).map_err(Error::internal)?;
    let row = person::get(tx, run.person)?.ok_or_else(|| Error::internal("a person is gone"))?;
    let mut posts =
        if row.active { membership::posts(tx, ctx.org(), run.person, ctx.now)? } else { Vec::new() };
    posts.retain(|post| then.contains(post));
    let id = run.via.1.parse().map_err(Error::internal)?;
    let via = if run.via.0 == "token" {
        Via::Token(huiyin_domain::ids::TokenId(id))
    } else {
        Via::Session(huiyin_domain::ids::SessionId(id))
    };
    Ok(Actor { org: ctx.org(), person: run.person, login: row.login, name: row.name, posts, via })
}

/// Keeps why a case was refused.
///
/// # Errors
/// What is our own fault, so that the job is tried again.
fn refusal_of(error: Error) -> Result<String, Error> {
    if matches!(error.class(), Class::Internal | Class::Unavailable) {
        return Err(error);
    }
    let mut params = error.params().clone();
    // the newer state of a stale case is not repeated here
    params.remove("current");
    let refusal = match error.fields().first() {
        Some(field) => Refusal { code: field.code.clone(), params: field.params.clone() },
        None => Refusal { code: error.code().to_owned(), params },
    };
    serde_json::to_string(&refusal).map_err(Error::internal)
}
