//! One line for each write, and for each look at a sensitive field.
//!
//! Lines are written in the transaction of what they tell; they hold names of
//! things and codes, never a customer's text.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use huiyin_domain::people::Sensitive;
use huiyin_domain::time::Timestamp;
use huiyin_store::audit as rows;
pub use huiyin_store::audit::{AccessLine, AuditFilter, AuditLine};
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most lines that one page holds.
pub const PAGE: u32 = 200;

/// Name of the setting that holds the key of search digests.
pub(crate) const SEARCH_KEY: &str = "search_key";

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Kind of thing, snake case, such as `person`.
    pub kind: &'static str,
    /// Which one.
    pub id: String,
}

impl Object {
    /// Names a thing by kind and identity.
    #[must_use]
    pub fn new(kind: &'static str, id: impl ToString) -> Self {
        Self { kind, id: id.to_string() }
    }
}

/// Writes the audit line of a change, in the change's own transaction.
///
/// `action` is a past participle such as `person_created`; `details` is a small
/// JSON object without personal text.
///
/// # Errors
/// What the store gives.
pub fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    action: &'static str,
    object: Object,
    details: Value,
) -> Result<(), Error> {
    let actor = &ctx.actor;
    let line = AuditLine {
        at: ctx.now,
        id: ctx.uuid(),
        person: actor.identified().then_some(actor.person),
        via: actor.via.name().to_owned(),
        via_id: actor.via.id(),
        action: action.to_owned(),
        object_kind: object.kind.to_owned(),
        object_id: object.id,
        request_id: ctx.request_id.clone(),
        details: details.to_string(),
    };
    Ok(rows::insert(tx, ctx.org(), &line)?)
}

/// Notes that a sensitive field was shown uncovered.
///
/// # Errors
/// What the store gives.
pub fn viewed(tx: &mut Tx<'_>, ctx: &Ctx, field: Sensitive, object: Object) -> Result<(), Error> {
    access(tx, ctx, "view", field, object)
}

/// Notes that a sensitive field left the house in an export.
///
/// # Errors
/// What the store gives.
pub fn exported(tx: &mut Tx<'_>, ctx: &Ctx, field: Sensitive, object: Object) -> Result<(), Error> {
    access(tx, ctx, "export", field, object)
}

/// Notes that somebody searched by a sensitive field.
///
/// The term is kept only as a digest under the organisation's own key.
///
/// # Errors
/// What the store gives.
pub fn searched(tx: &mut Tx<'_>, ctx: &Ctx, field: Sensitive, term: &str) -> Result<(), Error> {
    let key = organisation::setting(tx, ctx.org(), SEARCH_KEY)?
        .ok_or_else(|| Error::internal("the organisation has no search key"))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Error::internal)?;
    mac.update(term.as_bytes());
    let digest = crate::secret::hex(&mac.finalize().into_bytes());
    access(tx, ctx, "search", field, Object { kind: "search", id: digest })
}

fn access(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    what: &'static str,
    field: Sensitive,
    object: Object,
) -> Result<(), Error> {
    let actor = &ctx.actor;
    let line = AccessLine {
        at: ctx.now,
        id: ctx.uuid(),
        person: actor.identified().then_some(actor.person),
        via: actor.via.name().to_owned(),
        what: what.to_owned(),
        field: field.name().to_owned(),
        object_kind: object.kind.to_owned(),
        object_id: object.id,
        request_id: ctx.request_id.clone(),
    };
    Ok(rows::insert_access(tx, ctx.org(), &line)?)
}

/// Lists the audit trail, newest first; at most [`PAGE`] lines.
///
/// # Errors
/// `forbidden` without a post that may read it.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, filter: &AuditFilter) -> Result<Vec<AuditLine>, Error> {
    policy::permit(&ctx.actor, action::ViewAudit, Target::Anywhere)?;
    let filter = AuditFilter { limit: filter.limit.clamp(1, PAGE), ..filter.clone() };
    Ok(rows::list(tx, ctx.org(), &filter)?)
}

/// Lists who looked at sensitive fields, newest first; at most [`PAGE`] lines.
///
/// # Errors
/// `forbidden` without a post that may read it.
pub fn list_access(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    before: Option<(Timestamp, Uuid)>,
    limit: u32,
) -> Result<Vec<AccessLine>, Error> {
    policy::permit(&ctx.actor, action::ViewAccessLog, Target::Anywhere)?;
    Ok(rows::list_access(tx, ctx.org(), before, limit.clamp(1, PAGE))?)
}
