//! Digest authentication of our own (RFC 7616, RFC 8760).
//!
//! `rsipstack` reads the nonce count as a decimal of eight bits, so that a
//! phone which uses a nonce again is refused from the tenth time on.

use super::fields::field;
use super::throttle::Throttle;
use crate::{Directory, Extension, Secrets};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::collections::HashMap;
use std::fmt::Write;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq;

/// A nonce is good for this long.
const NONCE_LIFE: Duration = Duration::from_secs(300);
/// Nonces whose count is remembered at most.
const MOST_NONCES: usize = 50_000;

/// What becomes of a request that must prove who sent it.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Proven.
    Granted(Extension),
    /// Ask for (better) credentials.
    Challenge {
        /// The password was not judged: only the nonce is too old.
        stale: bool,
    },
    /// Too many wrong ones: not even looked at.
    Wait(Duration),
}

/// Who asks, for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// Method of the request.
    pub(crate) method: &'a str,
    /// The extension it claims to be.
    pub(crate) user: &'a str,
    /// Where it comes from.
    pub(crate) from: IpAddr,
    /// No limit by address (the loopback of a demo).
    pub(crate) exempt: bool,
}

/// Makes and checks challenges.
pub(crate) struct Challenger {
    realm: String,
    key: [u8; 32],
    started: Instant,
    serial: AtomicU64,
    counts: Mutex<HashMap<u64, (u32, Instant)>>,
    by_both: Throttle<(IpAddr, String)>,
    by_address: Throttle<IpAddr>,
}

impl Challenger {
    pub(crate) fn new(realm: &str, key: [u8; 32], started: Instant) -> Self {
        Self {
            realm: realm.to_owned(),
            key,
            started,
            serial: AtomicU64::new(0),
            counts: Mutex::new(HashMap::new()),
            by_both: Throttle::new(),
            by_address: Throttle::new(),
        }
    }

    /// Values of `WWW-Authenticate`. SHA-256 only where wished: SIPp, baresip
    /// and JsSIP give up at a challenge that they do not know, even beside one
    /// that they do.
    pub(crate) fn challenges(&self, sha256: bool, stale: bool, now: Instant) -> Vec<String> {
        let nonce = self.nonce(now);
        let stale = if stale { ", stale=true" } else { "" };
        let realm = self.realm.replace(['"', '\\'], "");
        let algorithms: &[&str] = if sha256 { &["SHA-256", "MD5"] } else { &["MD5"] };
        algorithms
            .iter()
            .map(|algorithm| {
                format!(
                    "Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={algorithm}, qop=\"auth\"{stale}"
                )
            })
            .collect()
    }

    /// Judges the credentials of a request.
    pub(crate) fn judge(
        &self,
        asked: Asked<'_>,
        header: Option<&str>,
        directory: &dyn Directory,
        now: Instant,
    ) -> Verdict {
        let key = (asked.from, asked.user.to_owned());
        let waits = [
            self.by_both.wait(&key, now),
            if asked.exempt { None } else { self.by_address.wait(&asked.from, now) },
        ];
        if let Some(wait) = waits.into_iter().flatten().max() {
            return Verdict::Wait(wait);
        }
        let Some(header) = header else {
            return Verdict::Challenge { stale: false };
        };
        let known = directory.extension(asked.user);
        match self.check(asked, header, known.as_ref(), now) {
            Check::Right => match known {
                Some(extension) => {
                    self.by_both.succeeded(&key);
                    self.by_address.succeeded(&asked.from);
                    Verdict::Granted(extension)
                }
                None => Verdict::Challenge { stale: false },
            },
            Check::Stale => Verdict::Challenge { stale: true },
            Check::Wrong => {
                let user = asked.user;
                let from = asked.from;
                let times = self.by_both.failed(key, now);
                if !asked.exempt {
                    self.by_address.failed(from, now);
                }
                tracing::warn!(user, %from, method = asked.method, times, "wrong digest");
                Verdict::Challenge { stale: false }
            }
        }
    }

    fn check(&self, asked: Asked<'_>, header: &str, known: Option<&Extension>, now: Instant) -> Check {
        let get = |name: &str| field(header, name).unwrap_or_default();
        let nonce = get("nonce");
        let Some(serial) = self.of_ours(&nonce) else {
            // A nonce of somebody else, or of before our restart.
            return Check::Stale;
        };
        let hash = match get("algorithm").to_ascii_uppercase().as_str() {
            "" | "MD5" => Hash::Md5,
            "SHA-256" => Hash::Sha256,
            _ => return Check::Wrong,
        };
        let (nc, cnonce, qop) = (get("nc"), get("cnonce"), get("qop"));
        let count = match qop.as_str() {
            "" => Some(1),
            "auth" if nc.len() == 8 => u32::from_str_radix(&nc, 16).ok(),
            _ => None,
        };
        let Some(count) = count.filter(|count| *count > 0) else {
            return Check::Wrong;
        };
        let ha2 = hash.hex(&format!("{}:{}", asked.method, get("uri")));
        let tail = if qop.is_empty() { ha2 } else { format!("{nc}:{cnonce}:{qop}:{ha2}") };
        let ha1 = hash.secret(known.map(|extension| &extension.secrets));
        let wanted = hash.hex(&format!("{ha1}:{nonce}:{tail}"));
        let same = wanted.as_bytes().ct_eq(get("response").to_ascii_lowercase().as_bytes());
        let named = get("username") == asked.user && get("realm") == self.realm.replace(['"', '\\'], "");
        if !bool::from(same) || !named || known.is_none() {
            return Check::Wrong;
        }
        if self.expired(&nonce, now) || !self.use_up(serial, count, now) {
            Check::Stale
        } else {
            Check::Right
        }
    }

    fn nonce(&self, now: Instant) -> String {
        let seconds =
            u32::try_from(now.saturating_duration_since(self.started).as_secs()).unwrap_or(u32::MAX);
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let mut head = seconds.to_be_bytes().to_vec();
        head.extend_from_slice(&serial.to_be_bytes());
        let mut text = hex(&head);
        text.push_str(&self.seal(&text));
        text
    }

    fn seal(&self, head: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return String::new();
        };
        mac.update(head.as_bytes());
        hex(&mac.finalize().into_bytes()[..16])
    }

    /// Serial number of a nonce that we made.
    fn of_ours(&self, nonce: &str) -> Option<u64> {
        let (head, seal) = nonce.split_at_checked(24)?;
        let genuine = bool::from(self.seal(head).as_bytes().ct_eq(seal.as_bytes()));
        genuine.then(|| u64::from_str_radix(&head[8..], 16).ok()).flatten()
    }

    fn expired(&self, nonce: &str, now: Instant) -> bool {
        let made = nonce.get(..8).and_then(|text| u64::from_str_radix(text, 16).ok()).unwrap_or(0);
        now.saturating_duration_since(self.started) > Duration::from_secs(made) + NONCE_LIFE
    }

    /// Whether this count of the nonce is new: the same one twice is a replay.
    fn use_up(&self, serial: u64, count: u32, now: Instant) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_NONCES {
            counts.retain(|_, (_, first)| now.saturating_duration_since(*first) <= NONCE_LIFE);
        }
        if counts.len() >= MOST_NONCES && !counts.contains_key(&serial) {
            return false;
        }
        let (last, _) = counts.entry(serial).or_insert((0, now));
        let new = count > *last;
        *last = count.max(*last);
        new
    }
}

enum Check {
    Right,
    Stale,
    Wrong,
}

#[derive(Clone, Copy)]
enum Hash {
    Md5,
    Sha256,
}

impl Hash {
    fn hex(self, text: &str) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(text.as_bytes())),
            Self::Sha256 => hex(&Sha256::digest(text.as_bytes())),
        }
    }

    /// The stored digest; of nobody one that fits no password, so that the
    /// work is the same.
    fn secret(self, secrets: Option<&Secrets>) -> String {
        let stored = secrets.and_then(|secrets| match self {
            Self::Md5 => Some(secrets.md5.clone()),
            Self::Sha256 => secrets.sha256.clone(),
        });
        stored.unwrap_or_else(|| "nobody".to_owned())
    }
}

impl Secrets {
    /// The digests of a password, for `user` in `realm`.
    #[must_use]
    pub fn of_password(user: &str, realm: &str, password: &str) -> Self {
        let text = format!("{user}:{realm}:{password}");
        Self { md5: Hash::Md5.hex(&text), sha256: Some(Hash::Sha256.hex(&text)) }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
