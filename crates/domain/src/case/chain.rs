//! The hash chain of a case's history (D4).

use super::canonical::canonical_json;
use super::event::Recorded;
use crate::ids::CaseId;
use crate::time::Timestamp;
use sha2::{Digest, Sha256};

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
        self.followed_by(case, recorded).0
    }

    /// Adds one entry; gives the head after it and the event as canonical JSON,
    /// so that whoever stores the entry need not make it twice.
    #[must_use]
    pub fn followed_by(&self, case: CaseId, recorded: &Recorded) -> (Self, String) {
        let event = canonical_json(&recorded.event);
        let hash = hash_of(&self.hash, case, recorded, &event);
        (Self { seq: recorded.seq, hash }, event)
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
    hash_of(previous, case, recorded, &canonical_json(&recorded.event))
}

fn hash_of(previous: &str, case: CaseId, recorded: &Recorded, event: &str) -> String {
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
    part(event.as_bytes());
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn micros(at: Timestamp) -> [u8; 8] {
    at.micros().to_be_bytes()
}
