//! Notices by mail, as each person wishes.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_store::notify as rows;
use huiyin_store::people::person;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

use super::OfNotice;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::work::{Call, End, Failure, Job, MailOut, Outside, WaysOut, kinds};

/// When a person wants mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailWish {
    /// Never.
    Never,
    /// For what must be read at once.
    #[default]
    Urgent,
    /// For everything.
    Always,
}

impl MailWish {
    const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Urgent => "urgent",
            Self::Always => "always",
        }
    }

    /// Says whether a notice is mailed.
    #[must_use]
    pub const fn wants(self, urgent: bool) -> bool {
        match self {
            Self::Never => false,
            Self::Urgent => urgent,
            Self::Always => true,
        }
    }
}

/// Gives when a person wants mail; what is urgent, while nothing was said.
///
/// # Errors
/// What the store gives.
pub fn mail_wish(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<MailWish, Error> {
    Ok(match rows::mail_wish(tx, org, person)?.as_deref() {
        Some("never") => MailWish::Never,
        Some("always") => MailWish::Always,
        _ => MailWish::Urgent,
    })
}

/// Sets when the actor wants mail.
///
/// # Errors
/// What the store gives.
pub fn set_mail_wish(tx: &mut Tx<'_>, ctx: &Ctx, wish: MailWish) -> Result<(), Error> {
    Ok(rows::set_mail_wish(tx, ctx.org(), ctx.actor.person, wish.name(), ctx.now)?)
}

/// Does the jobs of [`kinds::NOTICE_MAIL`].
pub struct MailNotice {
    /// The ways out of the house.
    pub ways: Arc<dyn WaysOut>,
}

impl Outside for MailNotice {
    fn kind(&self) -> &'static str {
        kinds::NOTICE_MAIL
    }

    /// Nothing goes out for what was read meanwhile or to who left meanwhile,
    /// and nothing piles up where mail is not set up.
    fn prepare(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Option<Call>, Failure> {
        let about: OfNotice = job.read()?;
        let Some(notice) = rows::get(tx, ctx.org(), about.notification)? else { return Ok(None) };
        let reader = person::in_org(tx, ctx.org(), notice.person)?.filter(|person| person.active);
        let Some(reader) = reader else { return Ok(None) };
        let Some(to) = reader.email.filter(|_| self.ways.has_mail() && notice.read_at.is_none()) else {
            return Ok(None);
        };
        let params = serde_json::from_str(&notice.params)
            .map_err(|error| Failure::Dead { reason: format!("params: {error}") })?;
        let mail = MailOut {
            id: job.id.to_string(),
            at: ctx.now,
            to,
            locale: reader.locale,
            why: notice.why,
            params,
            urgent: notice.urgent,
            path: notice.case.map_or_else(|| "/notifications".to_owned(), |case| format!("/cases/{case}")),
        };
        let ways = Arc::clone(&self.ways);
        Ok(Some(Box::new(move || ways.mail(&mail).map_err(Failure::from))))
    }

    fn settle(&self, _: &mut Tx<'_>, _: &Ctx, _: &Job, _: (End, &str)) -> Result<(), Error> {
        Ok(())
    }
}
