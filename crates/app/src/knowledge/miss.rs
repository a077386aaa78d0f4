//! What was looked for and not found: a work list for who keeps the knowledge.

use huiyin_domain::ids::UnitId;
use huiyin_domain::people::{GAP, stripped};
use huiyin_domain::time::Timestamp;
use huiyin_store::knowledge as rows;
use huiyin_store::knowledge::miss::{self, MissRow};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use huiyin_text::folded;
use serde_json::json;
use uuid::Uuid;

use super::ask::LONGEST;
use crate::App;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, Target, action};

/// The longest question that is kept, in characters.
const KEPT: usize = 120;

/// Notes that somebody looked for something and did not find it.
///
/// What tells who somebody is does not stay in it.
///
/// # Errors
/// `forbidden`, or a question that is blank or too long.
pub fn note_miss(tx: &mut Tx<'_>, ctx: &Ctx, text: &str, unit: Option<UnitId>) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let text = check::text("text", text, LONGEST)?;
    if let Some(unit) = unit
        && units::path(tx, ctx.org(), unit, ctx.now)?.is_empty()
    {
        return Err(Error::field("unit", "unknown_unit"));
    }
    let text: String = stripped(&text, &[]).chars().take(KEPT).collect();
    let way: String = folded(&text).chars().filter(|c| c.is_alphanumeric()).collect();
    let way = if way.is_empty() { text.clone() } else { way };
    let id = ctx.uuid();
    miss::note(tx, ctx.org(), id, (&way, &text, unit), ctx.now)?;
    audit::record(tx, ctx, "knowledge_missed", Object::new("miss", id), json!({}))
}

/// Notes beside the answer that a question found nothing.
///
/// Who asked neither waits for it nor hears when it fails: the answer is a read.
pub fn missed(app: &App, ctx: &Ctx, text: String, unit: Option<UnitId>) {
    if !asks_something(&text) {
        return;
    }
    let (app, ctx) = (app.clone(), ctx.clone());
    let noting = async move {
        let note = move |tx: &mut Tx<'_>, ctx: &Ctx| {
            let unit = match unit {
                Some(gone) if units::path(tx, ctx.org(), gone, ctx.now)?.is_empty() => None,
                unit => unit,
            };
            note_miss(tx, ctx, &text, unit)
        };
        if let Err(error) = app.write(&ctx, note).await {
            tracing::warn!(%error, "a question that found nothing was not noted");
        }
    };
    #[expect(clippy::disallowed_methods, reason = "lives as long as one note, and may be lost")]
    drop(tokio::spawn(noting));
}

/// Says whether a question still asks something without what tells who somebody is.
fn asks_something(text: &str) -> bool {
    let rest = stripped(text, &[]).replace(GAP, "");
    rest.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some()
}

/// Lists what was not found, the last asked first.
///
/// # Errors
/// `forbidden`.
pub fn misses(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    open: Option<bool>,
    page: (Option<(Timestamp, Uuid)>, u32),
) -> Result<Vec<MissRow>, Error> {
    policy::permit(&ctx.actor, action::KeepKnowledge, Target::Anywhere)?;
    Ok(miss::list(tx, ctx.org(), open, page)?)
}

/// Notes that one is done with: what answers it now, or why nothing shall.
///
/// # Errors
/// `forbidden`, `not_found`, `unknown_article`, or neither was said.
pub fn settle_miss(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: Uuid,
    (article, reason): (Option<Uuid>, Option<&str>),
) -> Result<MissRow, Error> {
    policy::permit(&ctx.actor, action::KeepKnowledge, Target::Anywhere)?;
    miss::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let reason = check::optional("reason", reason, 500)?;
    if let Some(article) = article {
        let there = rows::get(tx, ctx.org(), article)?;
        there.ok_or_else(|| Error::field("article", "unknown_article"))?;
    } else if reason.is_none() {
        return Err(Error::field("reason", "required"));
    }
    let by = ctx.actor.identified().then_some(ctx.actor.person);
    miss::settle(tx, ctx.org(), id, (by, ctx.now), (article, reason.as_deref()))?;
    let details = json!({"article": article});
    audit::record(tx, ctx, "miss_settled", Object::new("miss", id), details)?;
    miss::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)
}
