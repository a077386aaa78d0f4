//! Time and chance in the hand of a test.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use huiyin_app::ports::{Clock, Ids, SystemIds};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

/// Seals secrets as tests can see it: turned round, their place before them.
#[derive(Clone, Copy, Debug)]
pub struct Turned;

impl huiyin_app::Strongbox for Turned {
    fn seal(&self, place: &str, secret: &str) -> Option<String> {
        Some(format!("turned|{place}|{}", secret.chars().rev().collect::<String>()))
    }

    fn open(&self, place: &str, sealed: &str) -> Option<String> {
        let turned = sealed.strip_prefix(&format!("turned|{place}|"))?;
        Some(turned.chars().rev().collect())
    }

    fn is_sealed(&self, text: &str) -> bool {
        text.starts_with("turned|")
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

impl FakeClock {
    /// Makes a clock that shows an instant.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.micros()))
    }

    /// Moves it on by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Sets it to an instant.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Identities and secrets that are the same in every run.
#[derive(Debug, Default)]
pub struct FixedIds(AtomicU64);

impl FixedIds {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Ids for FixedIds {
    fn uuid(&self, at: Timestamp) -> Uuid {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.next().to_be_bytes());
        let millis = u64::try_from(at.micros() / 1000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // A bijection that spreads: different numbers give different bytes.
            let spread = self.next().wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            chunk.copy_from_slice(&spread[..chunk.len()]);
        }
    }
}

/// The chance of the operating system, but identities that are made while it
/// marks contain [`ID_MARK`](crate::twin::ID_MARK).
#[derive(Debug, Default)]
pub struct MarkedIds(AtomicBool);

impl MarkedIds {
    /// Begins or ends marking.
    pub fn mark(&self, on: bool) {
        self.0.store(on, Ordering::SeqCst);
    }
}

impl Ids for MarkedIds {
    fn uuid(&self, at: Timestamp) -> Uuid {
        let plain = SystemIds.uuid(at);
        if !self.0.load(Ordering::SeqCst) {
            return plain;
        }
        let mut bytes = plain.into_bytes();
        bytes[10..14].copy_from_slice(&[0x7e, 0x57, 0x2a, 0x1b]);
        Uuid::from_bytes(bytes)
    }

    fn fill(&self, bytes: &mut [u8]) {
        SystemIds.fill(bytes);
    }
}
