//! Storing what was decided: state, events, audit line and job, or nothing.

use huiyin_domain::case::{Case, Event, Recorded};
use huiyin_domain::ids::JobId;
use huiyin_domain::text::SealedText;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::Change;
use huiyin_store::case::read::Loaded;
use huiyin_store::case::write;
use huiyin_store::jobs::{self, NewJob};
use huiyin_store::sql::Tx;
use serde_json::json;

use crate::audit::{self, Object};
use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::CasePermit;

/// The kind of job that tells the rest of the house of a change.
pub const CASE_CHANGED: &str = "case_changed";

/// Numbers the events of one change; the person is nobody for rules.
pub(super) fn record(ctx: &Ctx, after: u64, occurred_at: Timestamp, events: Vec<Event>) -> Vec<Recorded> {
    let person = match ctx.actor.via {
        Via::System | Via::CommandLine | Via::Customer(_) => None,
        Via::Session(_) | Via::Token(_) => Some(ctx.actor.person),
    };
    let number = |(index, event): (usize, Event)| Recorded {
        seq: after + index as u64 + 1,
        occurred_at,
        recorded_at: ctx.now,
        by: if matches!(
            event,
            Event::Ruled(huiyin_domain::case::Ruled::StageChanged(_)) | Event::Done(_) | Event::Begun(_)
        ) {
            person
        } else {
            None
        },
        event,
    };
    events.into_iter().enumerate().map(number).collect()
}

/// What one change leaves behind.
pub(super) struct Decided {
    /// The case as it was; nothing for a new one.
    pub before: Option<Loaded>,
    /// The case as it is now.
    pub after: Case,
    /// What happened.
    pub events: Vec<Recorded>,
    /// Texts that the events name.
    pub sealed: Vec<SealedText>,
    /// What the audit line says was done.
    pub action: &'static str,
    /// False for imported history, which tells nobody (contracts §4).
    pub tell: bool,
}

/// Stores one change in the caller's transaction.
///
/// # Errors
/// `stale` with the newer version when somebody was faster.
pub(super) fn commit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    _permit: &CasePermit,
    decided: &Decided,
) -> Result<(), Error> {
    let empty = huiyin_domain::case::ChainHead::empty();
    let change = Change {
        before: decided.before.as_ref().map(|loaded| &loaded.case),
        after: &decided.after,
        head: decided.before.as_ref().map_or(&empty, |loaded| &loaded.head),
        events: &decided.events,
        sealed: &decided.sealed,
    };
    let case = &decided.after;
    if write::save(tx, ctx.org(), &change)?.is_none() {
        return Err(Error::stale().with("id", case.id.to_string()));
    }
    let from = decided.events.first().map_or(case.version, |recorded| recorded.seq);
    let details = json!({"number": case.number, "version": case.version, "action": decided.action});
    audit::record(tx, ctx, "case_changed", Object::new("case", case.id), details)?;
    if decided.tell {
        let job = NewJob {
            id: JobId(ctx.uuid()),
            kind: CASE_CHANGED,
            payload: json!({"case": case.id, "from_seq": from, "to_seq": case.version}).to_string(),
            run_at: ctx.now,
            dedup: None,
            now: ctx.now,
        };
        jobs::enqueue(tx, ctx.org(), &job)?;
    }
    Ok(())
}

/// Draws 32 bytes that nobody can guess, for sealing one command's texts.
pub(crate) fn seed(ctx: &Ctx) -> [u8; 32] {
    let mut seed = [0; 32];
    ctx.ids.fill(&mut seed);
    seed
}
