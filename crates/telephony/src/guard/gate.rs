//! How much one source may send, and how many calls may be there at once.

use crate::{Limits, Network};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

/// Messages of one address in a second, any kind.
const MESSAGES_PER_SECOND: u32 = 300;
/// Connections of one address at once; a whole house may be behind one.
const CONNECTIONS: u32 = 1_000;
/// Addresses remembered at most.
const MOST: usize = 50_000;

/// Who may pass.
pub(crate) struct Gate {
    trusted: RwLock<Vec<Network>>,
    messages: Buckets<IpAddr>,
    calls: Buckets<Caller>,
    held: Arc<Mutex<HashMap<Caller, u32>>>,
    connections: Mutex<HashMap<IpAddr, u32>>,
    pub(crate) refused: AtomicU64,
    pub(crate) malformed: AtomicU64,
}

/// Whose calls are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    Source(IpAddr),
    Trunk(String),
    Extension(String),
    All,
}

/// A place that a call takes up; dropping it frees the place.
#[derive(Debug)]
pub(crate) struct Place {
    caller: Caller,
    held: Arc<Mutex<HashMap<Caller, u32>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.caller) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.remove(&self.caller);
            }
        }
    }
}

impl Gate {
    pub(crate) fn new(trusted: Vec<Network>) -> Self {
        Self {
            trusted: RwLock::new(trusted),
            messages: Buckets::new(),
            calls: Buckets::new(),
            held: Arc::default(),
            connections: Mutex::default(),
            refused: AtomicU64::new(0),
            malformed: AtomicU64::new(0),
        }
    }

    /// No limit by address.
    pub(crate) fn exempt(&self, from: IpAddr) -> bool {
        let trusted = self.trusted.read().unwrap_or_else(PoisonError::into_inner);
        trusted.iter().any(|network| network.contains(from))
    }

    /// Takes other networks as those without limits.
    pub(crate) fn trust(&self, trusted: Vec<Network>) {
        *self.trusted.write().unwrap_or_else(PoisonError::into_inner) = trusted;
    }

    /// Whether one more message of this address is looked at.
    pub(crate) fn message(&self, from: IpAddr, now: Instant) -> bool {
        self.exempt(from) || self.count(self.messages.take(from, MESSAGES_PER_SECOND, now))
    }

    /// A place for one more call, if the limits leave one.
    pub(crate) fn call(&self, caller: Caller, limits: Limits, now: Instant) -> Option<Place> {
        if let Caller::Source(from) = &caller
            && self.exempt(*from)
        {
            return self.place(caller, 0);
        }
        if limits.calls_per_second > 0
            && !self.count(self.calls.take(caller.clone(), limits.calls_per_second, now))
        {
            return None;
        }
        self.place(caller, limits.calls)
    }

    fn place(&self, caller: Caller, most: u32) -> Option<Place> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(caller.clone()).or_insert(0);
        if most > 0 && *count >= most {
            self.count(false);
            return None;
        }
        *count += 1;
        Some(Place { caller, held: self.held.clone() })
    }

    /// Calls of one caller now.
    pub(crate) fn held(&self, caller: &Caller) -> usize {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(caller).map_or(0, |count| *count as usize)
    }

    /// Whether one more connection of this address is taken.
    pub(crate) fn may_connect(&self, from: IpAddr) -> bool {
        let open = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        let few = open.get(&from).is_none_or(|count| *count < CONNECTIONS);
        drop(open);
        self.count(few)
    }

    /// A connection came or went; says whether the address has no more than it may.
    pub(crate) fn connection(&self, from: IpAddr, came: bool) -> bool {
        let mut open = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(from).or_insert(0);
        *count = if came { *count + 1 } else { count.saturating_sub(1) };
        let few = *count <= CONNECTIONS;
        if *count == 0 {
            open.remove(&from);
        }
        drop(open);
        !came || self.count(few)
    }

    fn count(&self, passed: bool) -> bool {
        if !passed {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        passed
    }
}

struct Buckets<K> {
    filled: Mutex<HashMap<K, (f64, Instant)>>,
}

impl<K: Eq + Hash> Buckets<K> {
    fn new() -> Self {
        Self { filled: Mutex::new(HashMap::new()) }
    }

    /// Takes one from a bucket that refills `rate` times a second.
    fn take(&self, key: K, rate: u32, now: Instant) -> bool {
        let rate = f64::from(rate);
        let mut filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
        if filled.len() >= MOST {
            filled.retain(|_, (_, last)| now.saturating_duration_since(*last).as_secs() < 2);
        }
        if filled.len() >= MOST && !filled.contains_key(&key) {
            return false;
        }
        let (left, last) = filled.entry(key).or_insert((rate, now));
        *left = (*left + rate * now.saturating_duration_since(*last).as_secs_f64()).min(rate);
        *last = now;
        let any = *left >= 1.0;
        if any {
            *left -= 1.0;
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, Gate};
    use crate::{Limits, Network};
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Issue 7: floods are limited per source; another source and a trunk are
    /// unharmed.
    #[test]
    fn floods_are_limited_per_source() {
        let gate = Gate::new(vec![Network::parse("198.51.100.0/24").unwrap()]);
        let now = Instant::now();
        let passed = (0..1_000).filter(|_| gate.message(address("192.0.2.1"), now)).count();
        assert_eq!(passed, 300);
        assert!(gate.message(address("192.0.2.2"), now));
        assert!((0..1_000).all(|_| gate.message(address("198.51.100.9"), now)));
        assert!(gate.message(address("192.0.2.1"), now + Duration::from_millis(10)));
    }

    /// Issue 7: an address has no more connections than it may; others are unharmed, and
    /// a connection that ends makes room.
    #[test]
    fn connections_have_a_limit() {
        let gate = Gate::new(Vec::new());
        let one = address("192.0.2.1");
        assert_eq!((0..1_200).filter(|_| gate.connection(one, true)).count(), 1_000);
        assert!(gate.connection(address("192.0.2.2"), true));
        assert!(!gate.may_connect(one));
        assert!((0..1_200).all(|_| gate.connection(one, false)));
        assert!(gate.may_connect(one) && gate.connection(one, true));
    }

    /// Issue 7: calls at once and calls in a second have their limits, and a
    /// call that ends frees its place.
    #[test]
    fn calls_have_limits() {
        let gate = Gate::new(Vec::new());
        let now = Instant::now();
        let trunk = Caller::Trunk("a".to_owned());
        let two = Limits { calls: 2, calls_per_second: 0 };
        let first = gate.call(trunk.clone(), two, now).unwrap();
        let second = gate.call(trunk.clone(), two, now).unwrap();
        assert!(gate.call(trunk.clone(), two, now).is_none());
        drop(first);
        assert!(gate.call(trunk.clone(), two, now).is_some());
        drop(second);
        assert_eq!(gate.held(&trunk), 0);
        let slow = Limits { calls: 0, calls_per_second: 3 };
        let passed = (0..9).filter(|_| gate.call(Caller::All, slow, now).is_some()).count();
        assert_eq!(passed, 3);
    }
}
