//! What is written now and said at a later time (issue 5).
//!
//! At its time a job takes the action in the writer's name, by the very path of
//! one that is asked for now: the posts that they still hold, the state of the
//! case that they saw, every gate and approval. What cannot be said any more
//! stays with its text, and the writer is told why.

use huiyin_domain::case::{CommandKind, Recipient};
use huiyin_domain::ids::{CaseId, PreparedId};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::prepared as rows;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use huiyin_store::prepared::Prepared;

use crate::App;
use crate::audit::{self, Object};
use crate::behalf::{self, Refusal};
use crate::case::{self, Rules};
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::hints::{Audience, Hint};
use crate::notify::{self, Notice};
use crate::policy;
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// The most things that one person has prepared.
pub const MOST: u32 = 100;

/// How far ahead something is prepared at most, in microseconds: 90 days.
const AHEAD: i64 = 90 * 86_400 * 1_000_000;

/// How long what could not be said is kept, in microseconds: two weeks.
const KEPT: i64 = 14 * 86_400 * 1_000_000;

/// Topic of the hints to the writer.
const TOPIC: &str = "prepared";

/// Keeps an action that is to be taken at a later time.
///
/// # Errors
/// `not_found`, `forbidden`, `stale`, or a field: an action that does not wait,
/// a time that is past or too far, one too many.
pub fn prepare(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, version): (CaseId, u64),
    (kind, body): (CommandKind, &Value),
    (rules, at): (&Rules, Timestamp),
) -> Result<Prepared, Error> {
    if !kind.can_wait() {
        return Err(Error::field("action", "cannot_wait"));
    }
    ahead(ctx, at)?;
    let number = fresh(tx, ctx, (id, version))?;
    crate::phrase::before_command(tx, ctx, rules, &behalf::command(kind.as_str(), &body.to_string())?)?;
    let there = rows::of_person(tx, ctx.org(), ctx.actor.person, MOST)?;
    if there.len() >= MOST as usize {
        return Err(Error::field("at", "prepared_full"));
    }
    let new = Prepared {
        id: PreparedId(ctx.uuid()),
        by: behalf::of(ctx)?,
        case: id,
        number: Some(number),
        version: i64::try_from(version).unwrap_or(i64::MAX),
        action: kind.as_str().to_owned(),
        body: body.to_string(),
        due_at: at,
        turn: 0,
        created_at: ctx.now,
        refused: None,
    };
    rows::insert(tx, ctx.org(), &new)?;
    let details = json!({"action": new.action, "case": id, "at": at});
    audit::record(tx, ctx, "prepared", Object::new("prepared", new.id), details)?;
    wait(tx, ctx, &new)?;
    Ok(new)
}

/// Lists what the actor prepared, the next one first; at most [`MOST`].
///
/// # Errors
/// What the store gives.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<(Prepared, Option<Refusal>)>, Error> {
    let rows = rows::of_person(tx, ctx.org(), ctx.actor.person, MOST)?;
    rows.into_iter().map(with_refusal).collect()
}

/// Gives one thing that the actor prepared another time.
///
/// `version` is the state of the case that the writer has seen now.
///
/// # Errors
/// As [`prepare`]; `not_found` when it is not there or somebody else's.
pub fn put_off(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: PreparedId,
    (version, at): (u64, Timestamp),
) -> Result<Prepared, Error> {
    let mut row = own(tx, ctx, id)?;
    ahead(ctx, at)?;
    fresh(tx, ctx, (row.case, version))?;
    row.version = i64::try_from(version).unwrap_or(i64::MAX);
    row.due_at = at;
    row.turn += 1;
    row.refused = None;
    rows::put_off(tx, ctx.org(), id, (at, row.turn, row.version))?;
    audit::record(tx, ctx, "prepared_put_off", Object::new("prepared", id), json!({"at": at}))?;
    wait(tx, ctx, &row)?;
    Ok(row)
}

/// Takes away what the actor prepared.
///
/// # Errors
/// `not_found` when it is not there or somebody else's.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: PreparedId) -> Result<(), Error> {
    own(tx, ctx, id)?;
    rows::remove(tx, ctx.org(), id)?;
    audit::record(tx, ctx, "prepared_removed", Object::new("prepared", id), json!({}))
}

/// Forgets what could not be said and was left so for two weeks.
///
/// # Errors
/// What the store gives.
pub fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Error> {
    Ok(rows::purge(tx, Timestamp::from_micros(now.micros().saturating_sub(KEPT)))?)
}

fn own(tx: &mut Tx<'_>, ctx: &Ctx, id: PreparedId) -> Result<Prepared, Error> {
    let row = rows::get(tx, ctx.org(), id)?.filter(|row| row.by.person == ctx.actor.person);
    row.ok_or_else(Error::not_found)
}

fn with_refusal(row: Prepared) -> Result<(Prepared, Option<Refusal>), Error> {
    let refusal = row.refused.as_ref().map(|(_, kept)| behalf::refused(kept)).transpose()?;
    Ok((row, refusal))
}

fn ahead(ctx: &Ctx, at: Timestamp) -> Result<(), Error> {
    let most = ctx.now.micros().saturating_add(AHEAD);
    match at {
        at if at <= ctx.now => Err(Error::field("at", "in_the_past")),
        at if at.micros() > most => Err(Error::field("at", "too_far_ahead")),
        _ => Ok(()),
    }
}

/// Settles that the actor may act on the case as it is now; gives its number.
fn fresh(tx: &mut Tx<'_>, ctx: &Ctx, (id, version): (CaseId, u64)) -> Result<String, Error> {
    let loaded = read::case(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = case::sight_of(tx, ctx, &loaded.case)?;
    policy::case_permit(&ctx.actor, &sight)?;
    if loaded.case.is_fresh(version) {
        Ok(loaded.case.number)
    } else {
        Err(case::stale(tx, ctx, id, loaded.case.version)?)
    }
}

/// What a job knows of what it has to say.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Turn {
    prepared: PreparedId,
    turn: i64,
}

fn wait(tx: &mut Tx<'_>, ctx: &Ctx, row: &Prepared) -> Result<(), Error> {
    let turn = Turn { prepared: row.id, turn: row.turn };
    work::enqueue(tx, ctx, kinds::PREPARED_DUE, &turn, (row.due_at, None))?;
    Ok(())
}

/// The job: says what was prepared when its time has come.
pub struct PreparedDue {
    /// Rules and clock of the application.
    pub app: App,
}

impl Inside for PreparedDue {
    fn kind(&self) -> &'static str {
        kinds::PREPARED_DUE
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let at: Turn = job.read()?;
        let waits = |row: &Prepared| row.turn == at.turn && row.refused.is_none();
        let Some(row) = rows::get(tx, ctx.org(), at.prepared)?.filter(waits) else {
            return Ok(Effects::default());
        };
        let command = behalf::command(&row.action, &row.body)
            .map_err(|error| Failure::Dead { reason: error.to_string() })?;
        let writer = behalf::ctx(tx, ctx, &row.by)?;
        let about = (row.case, row.version);
        let mut hints = match behalf::act(tx, &writer, &self.app.rules, about, command)? {
            Ok(hint) => {
                rows::remove(tx, ctx.org(), row.id)?;
                vec![hint]
            }
            Err(refusal) => {
                rows::refuse(tx, ctx.org(), row.id, (ctx.now, &refusal))?;
                tell_writer(tx, ctx, &row, &refusal)?
            }
        };
        hints.push(Hint {
            org: ctx.org(),
            topic: TOPIC.into(),
            id: row.id.to_string(),
            version: row.turn,
            audience: Audience::Persons(vec![row.by.person]),
            present: None,
        });
        Ok(Effects { hints })
    }
}

/// Tells the writer, or whoever answers in their stead, that it was not said.
fn tell_writer(tx: &mut Tx<'_>, ctx: &Ctx, row: &Prepared, refusal: &str) -> Result<Vec<Hint>, Error> {
    let Some(loaded) = read::case(tx, ctx.org(), row.case)? else { return Ok(Vec::new()) };
    let code = behalf::refused(refusal)?.code;
    let params = json!({
        "number": loaded.case.number, "kind": loaded.case.kind, "stage": loaded.case.stage,
        "action": row.action, "reason": code,
    });
    let Value::Object(params) = params else { return Err(Error::internal("a notice is no object")) };
    let params: Params = params;
    let notice = Notice {
        source: format!("prepared:{}:{}", row.id, row.turn),
        case: Some(row.case),
        why: "prepared_refused".into(),
        params,
        urgent: true,
    };
    let people = notify::resolve(tx, ctx.org(), loaded.case.unit, Recipient::Person(row.by.person), ctx.now)?;
    notify::tell(tx, ctx, &notice, &people, None)
}
