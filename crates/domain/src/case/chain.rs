//! The hash chain of a history: of a case or an incident (D4).

use super::canonical::canonical_json;
use super::event::{Erased, Event, Recorded, Ruled};
use crate::time::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Display;

/// What stands in a history: its name, and what it erased if it erased something.
pub trait Chained: Serialize + serde::de::DeserializeOwned {
    /// Gives the name of the event, a past participle.
    fn name(&self) -> &'static str;
    /// Gives the texts that the event erased.
    fn erased(&self) -> Option<&Erased>;
    /// Gives the wire word by which people read it: of an action, its name.
    fn spoken(&self) -> &'static str {
        self.name()
    }
}

impl Chained for Event {
    fn name(&self) -> &'static str {
        self.name()
    }

    fn erased(&self) -> Option<&Erased> {
        if let Self::Ruled(Ruled::Erased(erased)) = self { Some(erased) } else { None }
    }

    fn spoken(&self) -> &'static str {
        if let Self::Done(done) = self { done.kind().as_str() } else { self.name() }
    }
}

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
    pub fn then<E: Serialize>(&self, id: impl Display, recorded: &Recorded<E>) -> Self {
        self.followed_by(id, recorded).0
    }

    /// Adds one entry; gives the head after it and the event as canonical JSON,
    /// so that whoever stores the entry need not make it twice.
    #[must_use]
    pub fn followed_by<E: Serialize>(&self, id: impl Display, recorded: &Recorded<E>) -> (Self, String) {
        let event = canonical_json(&recorded.event);
        let hash = hash_of(&self.hash, id, recorded, &event);
        (Self { seq: recorded.seq, hash }, event)
    }
}

/// Version of the canonical bytes; a change of form gets the next number.
const FORM: &str = "huiyin-event-1";

/// Computes the hash of one entry over its canonical bytes and the one before.
///
/// The bytes are the form's name, previous hash, whose it is, position, both times
/// in microseconds, the person (or nothing) and the event as canonical JSON,
/// each preceded by its length as eight bytes, big end first.
#[must_use]
pub fn entry_hash<E: Serialize>(previous: &str, id: impl Display, recorded: &Recorded<E>) -> String {
    hash_of(previous, id, recorded, &canonical_json(&recorded.event))
}

fn hash_of<E>(previous: &str, id: impl Display, recorded: &Recorded<E>, event: &str) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(FORM.as_bytes());
    part(previous.as_bytes());
    part(id.to_string().as_bytes());
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
