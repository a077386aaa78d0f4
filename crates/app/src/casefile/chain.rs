//! The history as its hashes cover it, the texts that its commitments stand
//! for, and the script that checks both.

use huiyin_domain::case::Chained;
use huiyin_domain::ids::CaseId;
use huiyin_store::case::{file, read};
use serde_json::json;

use super::pack::{Bundle, BundleFailed};
use crate::App;
use crate::ctx::Ctx;

/// Entries read at a time.
const PAGE: u32 = 200;

const SCRIPT: &str = include_str!("verify.py");
const GUIDE: &str = include_str!("guide.txt");

/// Which history is written, and up to where.
pub(super) struct History<'a> {
    /// Id of the case, or of the incident.
    pub id: CaseId,
    /// Its number.
    pub number: &'a str,
    /// Its last entry.
    pub last: u64,
    /// Hash of that.
    pub head: &'a str,
}

/// Writes `chain/` with events and texts.
pub(super) fn write<E: Chained + Send + 'static>(
    bundle: &mut Bundle,
    app: &App,
    ctx: &Ctx,
    history: &History<'_>,
) -> Result<(), BundleFailed> {
    let (org, id, last) = (ctx.org(), history.id, history.last);
    bundle.piece("chain/events.jsonl")?;
    let (mut after, mut previous) = (0, String::new());
    while after < last {
        let page = app.store.read_blocking(move |tx| read::history::<E>(tx, org, id, after, PAGE))?;
        // a case that goes on meanwhile is told up to where the file began
        let page: Vec<_> = page.into_iter().filter(|entry| entry.recorded.seq <= last).collect();
        let Some(end) = page.last() else { break };
        after = end.recorded.seq;
        for entry in page {
            let line = json!({
                "case": id,
                "seq": entry.recorded.seq,
                "occurred_at": entry.recorded.occurred_at.micros(),
                "recorded_at": entry.recorded.recorded_at.micros(),
                "by": entry.recorded.by,
                "event": entry.payload,
                "previous": previous,
                "hash": entry.hash,
            });
            bundle.add(format!("{line}\n").as_bytes())?;
            previous = entry.hash;
        }
    }
    bundle.piece("chain/texts.jsonl")?;
    let sealed = app.store.read_blocking(move |tx| file::sealed(tx, org, id))?;
    for text in sealed {
        let line = match (text.salt, text.value) {
            (Some(salt), Some(value)) => {
                json!({"commitment": text.digest, "salt": crate::secret::hex(&salt), "text": value})
            }
            _ => json!({"commitment": text.digest, "erased": true}),
        };
        bundle.add(format!("{line}\n").as_bytes())?;
    }
    let head = json!({"case": id, "number": history.number, "events": last, "head": history.head});
    bundle.whole("chain/head.json", format!("{head}\n").as_bytes())
}

/// Writes how to check all that the file holds.
pub(super) fn script(bundle: &mut Bundle) -> Result<(), BundleFailed> {
    bundle.whole("verify.py", SCRIPT.as_bytes())?;
    bundle.whole("VERIFY.txt", GUIDE.as_bytes())
}
