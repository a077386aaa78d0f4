//! Notices: who is told of what, by which carrier, and who is told next when
//! nobody reads it.
//!
//! *Invariants*: a person is told once of each source; no personal text of a
//! customer enters a notice; a notice never falls into nothing: where nobody
//! holds the post, whoever answers for the unit is told.
//!
//! *Where to start*: [`CaseChanged`] spreads a case's events, [`list`] is what
//! a person sees.

mod escalate;
mod incident;
mod mail;
mod own;
mod recipients;
mod spread;

pub use escalate::{Escalate, escalation_minutes, set_escalation_minutes};
pub use incident::IncidentChanged;
pub use mail::{MailNotice, MailWish, mail_wish, set_mail_wish};
pub use own::{NoticePage, Notification, PAGE, acknowledge, get, list, mark_read, unread};
pub use recipients::{holders, resolve};
pub use spread::{CaseChange, CaseChanged};

use huiyin_domain::ids::{CaseId, NotificationId, PersonId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::notify as rows;
use huiyin_store::people::person;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};

use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::hints::{Audience, Hint};
use crate::work::{self, kinds};

/// The topic of hints that a person has something new to read.
pub const TOPIC: &str = "notification";

/// A notice before it is known who gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What causes it; a person is told once of each.
    pub source: String,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Why, as a stable code.
    pub why: String,
    /// Number, kind, stage and the like; no personal text.
    pub params: Params,
    /// Whether it must be read at once.
    pub urgent: bool,
}

/// The payload of a job about one notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfNotice {
    /// Which one.
    pub notification: NotificationId,
}

/// Writes a notice to people, with its mail and its escalation.
///
/// `post` is the post as which they are told, where it was one. Gives the hints
/// to publish after the commit.
///
/// # Errors
/// What the store gives.
pub fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    notice: &Notice,
    people: &[PersonId],
    post: Option<Post>,
) -> Result<Vec<Hint>, Error> {
    let mut hints = Vec::new();
    let due = Timestamp::from_micros(
        ctx.now.micros().saturating_add(i64::from(escalation_minutes(tx, ctx.org())?) * 60_000_000),
    );
    for person in people {
        let id = NotificationId(ctx.uuid());
        let mut params = notice.params.clone();
        if let Some(post) = post {
            params.insert("post".into(), post.name().into());
        }
        let new = row(ctx, id, *person, notice, &params);
        if !rows::insert(tx, ctx.org(), &new)? {
            continue;
        }
        let payload = OfNotice { notification: id };
        if notice.urgent {
            work::enqueue(tx, ctx, kinds::NOTICE_ESCALATE, &payload, (due, None))?;
        }
        let wish = mail_wish(tx, ctx.org(), *person)?;
        let mailbox = person::get(tx, *person)?.and_then(|person| person.email);
        if mailbox.is_some() && wish.wants(notice.urgent) {
            work::enqueue(tx, ctx, kinds::NOTICE_MAIL, &payload, (ctx.now, None))?;
        }
        hints.push(Hint {
            org: ctx.org(),
            topic: TOPIC.into(),
            id: id.to_string(),
            version: 1,
            present: None,
            audience: Audience::Persons(vec![*person]),
        });
    }
    Ok(hints)
}

fn row(ctx: &Ctx, id: NotificationId, person: PersonId, notice: &Notice, params: &Params) -> Notification {
    Notification {
        id,
        person,
        source: notice.source.clone(),
        case: notice.case,
        why: notice.why.clone(),
        params: serde_json::Value::Object(params.clone()).to_string(),
        urgent: notice.urgent,
        created_at: ctx.now,
        read_at: None,
        acknowledged_at: None,
        escalated_at: None,
    }
}
