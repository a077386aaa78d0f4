//! The hash chain of a case's history (D4).

use super::event::Recorded;
use crate::ids::CaseId;
use crate::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Where a chain stands: position and hash of its last entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// Position of the last entry; 0 before the first.
    pub seq: u64,
    /// Its hash as lower-case hex; empty before the first.
    pub hash: String,
}

impl ChainHead {
    /// The head of a history that has not begun.
    #[must_use]
    pub const fn empty() -> Self {
        Self { seq: 0, hash: String::new() }
    }

    /// Adds one entry and gives the head after it.
    #[must_use]
    pub fn then(&self, case: CaseId, recorded: &Recorded) -> Self {
        Self { seq: recorded.seq, hash: entry_hash(&self.hash, case, recorded) }
    }
}

/// Version of the canonical bytes; a change of form gets the next number.
const FORM: &str = "huiyin-event-1";

/// Computes the hash of one entry over its canonical bytes and the one before.
///
/// The bytes are the form's name, previous hash, case, position, both times
/// in microseconds, the person (or nothing) and the event as canonical JSON,
/// each preceded by its length as eight bytes, big end first.
#[must_use]
pub fn entry_hash(previous: &str, case: CaseId, recorded: &Recorded) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(FORM.as_bytes());
    part(previous.as_bytes());
    part(case.to_string().as_bytes());
    part(&recorded.seq.to_be_bytes());
    part(&micros(recorded.occurred_at));
    part(&micros(recorded.recorded_at));
    part(recorded.by.map(|person| person.to_string()).unwrap_or_default().as_bytes());
    part(canonical_json(&recorded.event).as_bytes());
    let digest = hash.finalize();
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn micros(at: Timestamp) -> [u8; 8] {
    at.micros().to_be_bytes()
}

/// Writes a value as JSON with sorted keys and no white space.
#[must_use]
pub fn canonical_json(value: &impl Serialize) -> String {
    // `serde_json::Value` keeps its objects sorted by key; a type of ours that
    // cannot become JSON does not exist, so null never stands for one.
    serde_json::to_value(value).unwrap_or(Value::Null).to_string()
}
