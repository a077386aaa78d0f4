//! Hints that something changed, so that whoever shows it looks again.
//!
//! A hint has no content, only what to fetch; whether it is passed on is
//! decided by the listener's scope, and the fetch is authorised by itself.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use tokio::sync::broadcast;

/// Hints kept for listeners that come back.
const KEPT: usize = 4096;

/// Hints that a listener may lag behind.
const BEHIND: usize = 1024;

/// Who may be told of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the organisation.
    Everybody,
    /// Exactly these persons.
    Persons(Vec<PersonId>),
    /// Whoever sees the unit (path from the root), and these persons.
    Unit(Vec<UnitId>, Vec<PersonId>),
}

/// One change, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The organisation; listeners of others never hear of it.
    pub org: OrgId,
    /// The kind of thing, such as `case`.
    pub topic: &'static str,
    /// Which one.
    pub id: String,
    /// Its version after the change.
    pub version: i64,
    /// Who may be told.
    pub audience: Audience,
}

impl Hint {
    /// Says whether a listener may be told.
    #[must_use]
    pub fn is_for(&self, scope: &Scope) -> bool {
        self.org == scope.org
            && match &self.audience {
                Audience::Everybody => true,
                Audience::Persons(persons) => persons.contains(&scope.person),
                Audience::Unit(path, persons) => persons.contains(&scope.person) || scope.covers(path),
            }
    }
}

/// A hint with its place in the order.
pub type Numbered = (u64, Arc<Hint>);

/// Spreads hints to everybody who listens, and remembers the last ones.
#[derive(Clone)]
pub struct Hints {
    sender: broadcast::Sender<Numbered>,
    recent: Arc<Mutex<Recent>>,
}

#[derive(Default)]
struct Recent {
    last: u64,
    hints: VecDeque<Numbered>,
}

/// What a listener gets who comes back or comes for the first time.
pub struct Subscription {
    /// What was missed, oldest first; `None` when that is no longer known.
    pub missed: Option<Vec<Numbered>>,
    /// Number of the last hint so far.
    pub last: u64,
    /// What comes from now on.
    pub receiver: broadcast::Receiver<Numbered>,
}

impl Default for Hints {
    fn default() -> Self {
        Self { sender: broadcast::channel(BEHIND).0, recent: Arc::default() }
    }
}

impl Hints {
    /// Tells of a change; to be called after its transaction is committed.
    pub fn publish(&self, hint: Hint) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.last += 1;
        let numbered = (recent.last, Arc::new(hint));
        recent.hints.push_back(numbered.clone());
        if recent.hints.len() > KEPT {
            recent.hints.pop_front();
        }
        // sent under the lock, so that order and numbers agree; nobody
        // listening is not a fault
        let _ = self.sender.send(numbered);
    }

    /// Begins to listen, after the hint with the number given.
    #[must_use]
    pub fn subscribe(&self, after: Option<u64>) -> Subscription {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = recent.last - recent.hints.len() as u64;
        let missed = match after {
            None => Some(Vec::new()),
            Some(after) if after < oldest || after > recent.last => None,
            Some(after) => Some(recent.hints.iter().filter(|(number, _)| *number > after).cloned().collect()),
        };
        Subscription { missed, last: recent.last, receiver: self.sender.subscribe() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn hint(org: i64, audience: Audience) -> Hint {
        Hint { org: OrgId(org), topic: "case", id: "1".into(), version: 1, audience }
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    /// Issue 3 §6: hints go to those whose scope includes the thing.
    #[test]
    fn a_hint_reaches_only_whoever_may_see_the_thing() {
        let unit = UnitId(Uuid::from_u128(7));
        let mut scope = Scope::of(OrgId(1), person(1), &[]);
        let of_unit = Audience::Unit(vec![unit], vec![person(2)]);
        assert!(hint(1, Audience::Everybody).is_for(&scope));
        assert!(!hint(2, Audience::Everybody).is_for(&scope), "another organisation");
        assert!(hint(1, Audience::Persons(vec![person(1)])).is_for(&scope));
        assert!(!hint(1, Audience::Persons(vec![person(2)])).is_for(&scope));
        assert!(!hint(1, of_unit.clone()).is_for(&scope));
        scope.subtrees = BTreeSet::from([unit]);
        assert!(hint(1, of_unit).is_for(&scope));
    }

    /// Issue 3 §6: events resume where the listener stopped.
    #[test]
    fn a_listener_gets_what_was_missed_or_is_told_that_it_is_gone() {
        let hints = Hints::default();
        for _ in 0..KEPT + 10 {
            hints.publish(hint(1, Audience::Everybody));
        }
        let last = KEPT as u64 + 10;
        assert_eq!(hints.subscribe(Some(last - 2)).missed.map(|missed| missed.len()), Some(2));
        assert_eq!(hints.subscribe(Some(10)).missed.map(|missed| missed.len()), Some(KEPT));
        assert!(hints.subscribe(Some(9)).missed.is_none(), "no longer kept");
        assert!(hints.subscribe(Some(last + 1)).missed.is_none(), "of another life");
        assert_eq!(hints.subscribe(None).missed.map(|missed| missed.len()), Some(0));
    }
}
