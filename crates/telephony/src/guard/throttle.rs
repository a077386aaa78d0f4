//! Slows down whoever guesses passwords.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures that cost nothing.
const FREE: u32 = 5;
/// Longest wait.
const LONGEST: Duration = Duration::from_secs(300);
/// A failure is forgotten after this.
const MEMORY: Duration = Duration::from_secs(900);
/// Keys remembered at most.
const MOST: usize = 20_000;

/// Counts failures by some key; from the sixth on each one doubles the time
/// in which nothing is even looked at.
#[derive(Debug)]
pub(crate) struct Throttle<K> {
    failures: Mutex<HashMap<K, Failures>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    fn wait(self) -> Duration {
        let doublings = self.count.saturating_sub(FREE);
        if doublings == 0 {
            return Duration::ZERO;
        }
        Duration::from_secs(1 << (doublings - 1).min(9)).min(LONGEST)
    }
}

impl<K: Eq + Hash> Throttle<K> {
    pub(crate) fn new() -> Self {
        Self { failures: Mutex::new(HashMap::new()) }
    }

    /// How long this key must still wait.
    pub(crate) fn wait(&self, key: &K, now: Instant) -> Option<Duration> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let known = failures.get(key)?;
        let left = known.wait().checked_sub(now.saturating_duration_since(known.last))?;
        (!left.is_zero()).then_some(left)
    }

    /// One more failure; returns how many there are now.
    pub(crate) fn failed(&self, key: K, now: Instant) -> u32 {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST {
            failures.retain(|_, known| now.saturating_duration_since(known.last) < MEMORY);
        }
        if failures.len() >= MOST && !failures.contains_key(&key) {
            return 0;
        }
        let known = failures.entry(key).or_insert(Failures { count: 0, last: now });
        if now.saturating_duration_since(known.last) >= MEMORY {
            known.count = 0;
        }
        known.count = known.count.saturating_add(1);
        known.last = now;
        known.count
    }

    /// The right password: all is forgotten.
    pub(crate) fn succeeded(&self, key: &K) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::Throttle;
    use std::time::{Duration, Instant};

    /// Five wrong passwords are free; then the wait doubles up to five
    /// minutes, and the right one ends it.
    #[test]
    fn waits_grow_and_end() {
        let throttle = Throttle::new();
        let now = Instant::now();
        for _ in 0..5 {
            throttle.failed("a", now);
            assert_eq!(throttle.wait(&"a", now), None);
        }
        let mut waits = Vec::new();
        for _ in 0..11 {
            throttle.failed("a", now);
            waits.push(throttle.wait(&"a", now).unwrap().as_secs());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(throttle.wait(&"b", now), None);
        assert_eq!(throttle.wait(&"a", now + Duration::from_secs(300)), None);
        throttle.succeeded(&"a");
        assert_eq!(throttle.wait(&"a", now), None);
    }
}
