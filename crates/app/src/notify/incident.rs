//! Spreads what happened in an incident to people and webhooks.

use huiyin_domain::case::{Chained, Recipient, Recorded};
use huiyin_domain::ids::IncidentId;
use huiyin_domain::incident::{Event, Incident};
use huiyin_store::case::read as histories;
use huiyin_store::incident::read;
use huiyin_store::sql::Tx;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Notice, resolve, tell};
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::hints::Hint;
use crate::webhook;
use crate::work::{Effects, Failure, Inside, Job, kinds};

/// The payload of [`kinds::INCIDENT_CHANGED`]: which events are new.
#[derive(Clone, Copy, Debug, Deserialize)]
struct IncidentChange {
    incident: IncidentId,
    from_seq: u64,
    to_seq: u64,
}

/// Does the jobs of [`kinds::INCIDENT_CHANGED`].
#[derive(Clone, Copy, Debug, Default)]
pub struct IncidentChanged;

impl Inside for IncidentChanged {
    fn kind(&self) -> &'static str {
        kinds::INCIDENT_CHANGED
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let change: IncidentChange = job.read()?;
        let Some(loaded) = read::incident(tx, ctx.org(), change.incident)? else {
            return Err(Failure::Dead { reason: "there is no such incident".into() });
        };
        let (from, to) = (change.from_seq, change.to_seq);
        let events: Vec<Recorded<Event>> =
            histories::events_between(tx, ctx.org(), change.incident, from, to)?;
        let mut hints = Vec::new();
        for recorded in &events {
            hints.extend(people(tx, ctx, &loaded.incident, recorded)?);
            webhooks(tx, ctx, &loaded.incident, recorded)?;
        }
        Ok(Effects { hints })
    }
}

/// Names an event, so that nobody is told of it twice.
fn source(incident: &Incident, seq: u64) -> String {
    format!("incident:{}:{seq}", incident.id)
}

/// What may be said of an incident outside it: never a customer's text.
fn said(incident: &Incident) -> Params {
    let pairs = [
        ("number", Value::from(incident.number.clone())),
        ("kind", "incident".into()),
        ("stage", incident.stage.as_str().into()),
        ("incident", incident.id.to_string().into()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn people(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    incident: &Incident,
    recorded: &Recorded<Event>,
) -> Result<Vec<Hint>, Error> {
    let Event::Notified(notified) = &recorded.event else { return Ok(Vec::new()) };
    let notice = Notice {
        source: source(incident, recorded.seq),
        case: None,
        why: notified.why.clone(),
        params: said(incident),
        urgent: notified.urgent,
    };
    let people = resolve(tx, ctx.org(), incident.unit, notified.to, ctx.now)?;
    let post = if let Recipient::Post(post) = notified.to { Some(post) } else { None };
    tell(tx, ctx, &notice, &people, post)
}

fn webhooks(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    incident: &Incident,
    recorded: &Recorded<Event>,
) -> Result<(), Error> {
    let name = recorded.event.name();
    let code = if let Event::Notified(notified) = &recorded.event { notified.why.as_str() } else { name };
    let mut about = said(incident);
    about.insert("id".into(), incident.id.to_string().into());
    about.insert("seq".into(), recorded.seq.into());
    let message = webhook::Message {
        source: source(incident, recorded.seq),
        topic: format!("incident.{name}"),
        at: recorded.recorded_at,
        content: json!({"code": code, "incident": about, "path": format!("/incidents/{}", incident.id)}),
    };
    webhook::queue(tx, ctx, &message)
}
