//! When the desk's papers open by themselves.

use huiyin_domain::paper::rhythm::Rhythm;
use huiyin_domain::time::Timestamp;
use huiyin_store::paper::rhythm::{self as rows, RhythmRow};
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use serde_json::json;

use crate::audit::{self, Object};
use crate::case::{Rules, fields_error};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The rhythm as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RhythmView {
    /// What recurs.
    pub rhythm: Rhythm,
    /// How often it was set; 0 for never.
    pub version: i64,
    /// When something opens next.
    pub next_at: Option<Timestamp>,
}

/// Shows what recurs.
///
/// # Errors
/// `forbidden` without a post that may see it.
pub fn rhythm(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<RhythmView, Error> {
    policy::permit(&ctx.actor, action::ViewRhythm, Target::Anywhere)?;
    let Some(row) = rows::get(tx, ctx.org())? else {
        return Ok(RhythmView { rhythm: Rhythm::default(), version: 0, next_at: None });
    };
    let rhythm = serde_json::from_str(&row.rhythm).map_err(Error::internal)?;
    Ok(RhythmView { rhythm, version: row.version, next_at: row.next_at })
}

/// Sets what recurs from now on.
///
/// # Errors
/// `forbidden`, `stale`, or fields that are not acceptable.
pub fn set_rhythm(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    rhythm: Rhythm,
    seen: i64,
) -> Result<RhythmView, Error> {
    policy::permit(&ctx.actor, action::SetRhythm, Target::Anywhere)?;
    let faults = rhythm.faults();
    if !faults.is_empty() {
        return Err(fields_error(&faults));
    }
    for (path, named) in rhythm.units() {
        if unit::path(tx, ctx.org(), named, ctx.now)?.is_empty() {
            return Err(Error::field(path, "unknown_unit"));
        }
    }
    let before = rows::get(tx, ctx.org())?;
    let version = before.as_ref().map_or(0, |row| row.version);
    if version != seen {
        return Err(Error::stale().with("version", version));
    }
    let held = rules.of(tx, ctx.org())?;
    let next_at = rhythm.next(ctx.now, held.calendar());
    let row = RhythmRow {
        org: ctx.org(),
        rhythm: serde_json::to_string(&rhythm).map_err(Error::internal)?,
        version: version + 1,
        done_until: ctx.now,
        next_at,
    };
    rows::set(tx, &row)?;
    let details = json!({"desks": rhythm.desks.len(), "lines": rhythm.lines.len()});
    audit::record(tx, ctx, "rhythm_set", Object::new("rhythm", "desk"), details)?;
    Ok(RhythmView { rhythm, version: version + 1, next_at })
}

/// Lets the root of each organisation that never set anything take stock.
///
/// Where an organisation is founded, and at the start of a server for those of
/// the command line: a desk counts from its first day (PROP-16).
///
/// # Errors
/// What the store gives.
pub fn begin_rhythms(tx: &mut Tx<'_>, app: &crate::App) -> Result<usize, Error> {
    let mut begun = 0;
    for organisation in huiyin_store::people::organisation::all(tx)? {
        if rows::get(tx, organisation.org)?.is_some() {
            continue;
        }
        let actor = crate::ctx::Actor::system(organisation.org);
        let ctx = app.ctx(actor, "start", huiyin_domain::locale::Locale::default());
        set_rhythm(tx, &ctx, &app.rules, Rhythm::standard(organisation.root_unit), 0)?;
        begun += 1;
    }
    Ok(begun)
}
