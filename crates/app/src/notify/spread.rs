//! Spreads what happened in a case to people and webhooks.

use huiyin_domain::case::{Case, Event, Recipient, Recorded, Ruled};
use huiyin_domain::ids::CaseId;
use huiyin_store::case::read as cases;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Notice, resolve, tell};
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::hints::Hint;
use crate::webhook;
use crate::work::{Effects, Failure, Inside, Job, kinds};

/// The payload of [`kinds::CASE_CHANGED`]: which events are new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseChange {
    /// The case.
    pub case: CaseId,
    /// Position of its first new event.
    pub from_seq: u64,
    /// Position of its last new event.
    pub to_seq: u64,
}

/// Does the jobs of [`kinds::CASE_CHANGED`].
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseChanged;

impl Inside for CaseChanged {
    fn kind(&self) -> &'static str {
        kinds::CASE_CHANGED
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let change: CaseChange = job.read()?;
        let Some(loaded) = cases::case(tx, ctx.org(), change.case)? else {
            return Err(Failure::Dead { reason: "there is no such case".into() });
        };
        let events = cases::events_between(tx, ctx.org(), change.case, change.from_seq, change.to_seq)?;
        let mut hints = Vec::new();
        for recorded in &events {
            hints.extend(people(tx, ctx, &loaded.case, recorded)?);
            webhooks(tx, ctx, &loaded.case, recorded)?;
        }
        Ok(Effects { hints })
    }

    fn is_idle(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<bool, Failure> {
        let change: CaseChange = job.read()?;
        let names = cases::kinds_between(tx, ctx.org(), change.case, change.from_seq, change.to_seq)?;
        if names.is_empty() || names.iter().any(|name| name == NOTIFIED) {
            return Ok(false);
        }
        let topics: Vec<String> = names.iter().map(|name| topic(name)).collect();
        Ok(!webhook::is_wanted(tx, ctx, &topics)?)
    }
}

/// Name of the event by which people are told.
const NOTIFIED: &str = "notified";

/// Names an event for webhooks.
fn topic(event: &str) -> String {
    format!("case.{event}")
}

/// Names an event, so that nobody is told of it twice.
fn source(case: &Case, recorded: &Recorded) -> String {
    format!("case:{}:{}", case.id, recorded.seq)
}

/// What may be said of a case outside it: never a customer's text.
fn said(case: &Case) -> Result<Params, Error> {
    let said = json!({"number": case.number, "kind": case.kind, "stage": case.stage});
    match said {
        Value::Object(params) => Ok(params),
        _ => Err(Error::internal("a case's notice is no object")),
    }
}

/// Tells whoever the event names.
fn people(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, recorded: &Recorded) -> Result<Vec<Hint>, Error> {
    let Event::Ruled(Ruled::Notified(notified)) = &recorded.event else { return Ok(Vec::new()) };
    let notice = Notice {
        source: source(case, recorded),
        case: Some(case.id),
        why: notified.why.clone(),
        params: said(case)?,
        urgent: notified.urgent,
    };
    let people = resolve(tx, ctx.org(), case.unit, notified.to, ctx.now)?;
    let post = if let Recipient::Post(post) = notified.to { Some(post) } else { None };
    tell(tx, ctx, &notice, &people, post)
}

/// Queues the event for each webhook that wants it.
fn webhooks(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, recorded: &Recorded) -> Result<(), Error> {
    let mut about = said(case)?;
    about.insert("id".into(), case.id.to_string().into());
    about.insert("seq".into(), recorded.seq.into());
    let code = if let Event::Ruled(Ruled::Notified(notified)) = &recorded.event {
        Value::from(notified.why.clone())
    } else {
        Value::from(recorded.event.name())
    };
    let message = webhook::Message {
        source: source(case, recorded),
        topic: topic(recorded.event.name()),
        at: recorded.recorded_at,
        content: json!({"code": code, "case": about, "path": format!("/cases/{}", case.id)}),
    };
    webhook::queue(tx, ctx, &message)
}
