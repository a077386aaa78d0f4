//! Hints that something changed, so that whoever shows it looks again.
//!
//! A hint has no content, only what to fetch; whether it is passed on is
//! decided by the listener's scope, and the fetch is authorised by itself.
//!
//! Size: what is heard, by whom, and the way between processes are one protocol.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::ids::{CaseId, IncidentId, OrgId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_store::sql::{Heard, Listening, Tx};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::CaseSight;
use crate::presence::Present;

/// Hints kept for listeners that come back.
const KEPT: usize = 4096;

/// Hints that a listener may lag behind.
const BEHIND: usize = 1024;

/// Persons named in one message between processes, which is bounded in bytes.
const NAMED: usize = 100;

/// Topic of packs and calendars that were put into force.
pub const RULES: &str = "rules";

/// Topic of who is at a case.
pub const PRESENCE: &str = "presence";

/// Who may be told of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// Everybody in the organisation.
    Everybody,
    /// Exactly these persons.
    Persons(Vec<PersonId>),
    /// Whoever sees the unit (path from the root), and these persons.
    Unit(Vec<UnitId>, Vec<PersonId>),
}

/// One change, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// The organisation; listeners of others never hear of it.
    pub org: OrgId,
    /// The kind of thing, such as `case`.
    pub topic: Cow<'static, str>,
    /// Which one.
    pub id: String,
    /// Its version after the change.
    pub version: i64,
    /// Who may be told.
    pub audience: Audience,
    /// Who is at the case, for the memory of the other processes; never sent out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<Present>,
}

impl Hint {
    /// Makes the hint that packs or calendars of an organisation changed.
    #[must_use]
    pub fn rules(org: OrgId, what: &str) -> Self {
        let audience = Audience::Everybody;
        Self { org, topic: RULES.into(), id: what.to_owned(), version: 1, audience, present: None }
    }

    /// Makes the hint that a case changed, for those who see it.
    #[must_use]
    pub fn case(org: OrgId, (id, version): (CaseId, u64), sight: CaseSight) -> Self {
        Self::seen(org, "case", (id.to_string(), version), sight)
    }

    /// Makes the hint that an incident changed, for those who see it.
    #[must_use]
    pub fn incident(org: OrgId, (id, version): (IncidentId, u64), sight: CaseSight) -> Self {
        Self::seen(org, "incident", (id.to_string(), version), sight)
    }

    fn seen(org: OrgId, topic: &'static str, (id, version): (String, u64), sight: CaseSight) -> Self {
        let path = sight.paths.into_iter().next().unwrap_or_default();
        let version = i64::try_from(version).unwrap_or(i64::MAX);
        let audience = Audience::Unit(path, sight.people);
        Self { org, topic: topic.into(), id, version, audience, present: None }
    }

    /// Makes the hint that somebody came to a case, writes there or left.
    #[must_use]
    pub fn presence(org: OrgId, id: CaseId, present: Present, sight: CaseSight) -> Self {
        Self { present: Some(present), ..Self::seen(org, PRESENCE, (id.to_string(), 0), sight) }
    }

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

    /// Tells every process on the database, once this transaction is committed.
    ///
    /// # Errors
    /// What the store gives.
    pub fn tell(&self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
        for part in self.parts() {
            let message = Message { mark: ctx.uuid(), hint: part };
            tx.tell(&serde_json::to_string(&message).map_err(Error::internal)?)?;
        }
        Ok(())
    }

    /// Cuts a hint so that each part fits into one message.
    fn parts(&self) -> Vec<Self> {
        let (first, rest) = match &self.audience {
            Audience::Unit(path, persons) if persons.len() > NAMED => {
                let (first, rest) = persons.split_at(NAMED);
                (Audience::Unit(path.clone(), first.to_vec()), rest)
            }
            Audience::Persons(persons) if persons.len() > NAMED => {
                let (first, rest) = persons.split_at(NAMED);
                (Audience::Persons(first.to_vec()), rest)
            }
            _ => return vec![self.clone()],
        };
        let others = rest.chunks(NAMED).map(|persons| Audience::Persons(persons.to_vec()));
        let with = |audience| Self { audience, ..self.clone() };
        std::iter::once(first).chain(others).map(with).collect()
    }
}

/// A hint carried out of its transaction, to be told here after the commit.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<Option<Hint>>>);

impl Told {
    /// Keeps a hint and tells the other processes; called inside the transaction.
    ///
    /// # Errors
    /// What the store gives.
    pub fn keep(&self, tx: &mut Tx<'_>, ctx: &Ctx, hint: Hint) -> Result<(), Error> {
        hint.tell(tx, ctx)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hint);
        Ok(())
    }

    /// Tells listeners of this process, after the commit; gives what changed.
    pub fn publish(&self, hints: &Hints) -> Option<String> {
        let hint = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let id = hint.id.clone();
        hints.publish(hint);
        Some(id)
    }
}

/// A hint on its way between processes.
#[derive(Serialize, Deserialize)]
struct Message {
    mark: Uuid,
    hint: Hint,
}

/// Where a hint stands: in this life of the process, and in all processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Counts in this process.
    pub number: u64,
    /// The same in every process; none where there is only one.
    pub mark: Option<Uuid>,
}

/// After which hint a listener goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// By the count of this process.
    Number(u64),
    /// By the mark that all processes know.
    Mark(Uuid),
}

/// A hint with its place in the order; none when hints were lost.
pub type Placed = (Place, Option<Arc<Hint>>);

/// Spreads hints to everybody who listens, and remembers the last ones.
#[derive(Clone)]
pub struct Hints {
    sender: broadcast::Sender<Placed>,
    recent: Arc<Mutex<Recent>>,
}

#[derive(Default)]
struct Recent {
    last: Place,
    hints: VecDeque<Placed>,
    /// Whether hints come from all processes, by the database.
    relayed: bool,
}

impl Recent {
    fn next(&mut self, mark: Option<Uuid>) -> Place {
        self.last = Place { number: self.last.number + 1, mark };
        self.last
    }
}

/// What a listener gets who comes back or comes for the first time.
pub struct Subscription {
    /// What was missed, oldest first; `None` when that is no longer known.
    pub missed: Option<Vec<Placed>>,
    /// Place of the last hint so far.
    pub last: Place,
    /// What comes from now on.
    pub receiver: broadcast::Receiver<Placed>,
}

impl Default for Hints {
    fn default() -> Self {
        Self { sender: broadcast::channel(BEHIND).0, recent: Arc::default() }
    }
}

impl Hints {
    /// Tells of a change; to be called after its transaction is committed.
    ///
    /// Nothing where hints come by the database: it was told in the transaction.
    pub fn publish(&self, hint: Hint) {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if !recent.relayed {
            self.spread(recent, None, hint);
        }
    }

    /// Whether hints come by the database, from this process too.
    pub(crate) fn is_relayed(&self) -> bool {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).relayed
    }

    fn spread(&self, mut recent: std::sync::MutexGuard<'_, Recent>, mark: Option<Uuid>, hint: Hint) {
        let placed = (recent.next(mark), Some(Arc::new(hint)));
        recent.hints.push_back(placed.clone());
        if recent.hints.len() > KEPT {
            recent.hints.pop_front();
        }
        // sent under the lock, so that order and numbers agree; nobody
        // listening is not a fault
        let _ = self.sender.send(placed);
    }

    /// Takes hints of every process from now on; what was told before is lost.
    fn begin(&self) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.relayed = true;
        recent.hints.clear();
        let lost = (recent.next(None), None);
        let _ = self.sender.send(lost);
    }

    /// Begins to listen, after the hint given.
    #[must_use]
    pub fn subscribe(&self, after: Option<After>) -> Subscription {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = recent.last.number - recent.hints.len() as u64;
        let number = match after {
            None => Some(recent.last.number),
            Some(After::Number(number)) => Some(number),
            Some(After::Mark(mark)) => {
                let known = recent.hints.iter().find(|(place, _)| place.mark == Some(mark));
                known.map(|(place, _)| place.number)
            }
        };
        let known = number.filter(|number| (oldest..=recent.last.number).contains(number));
        let missed = known.map(|after| {
            recent.hints.iter().filter(|(place, _)| place.number > after).cloned().collect::<Vec<_>>()
        });
        Subscription { missed, last: recent.last, receiver: self.sender.subscribe() }
    }
}

impl App {
    /// Takes the hints of every process on the database from now on.
    ///
    /// Nothing where the database belongs to one process. Ends with what it gives.
    ///
    /// # Errors
    /// What the store gives.
    pub fn relay(&self) -> Result<Option<Listening>, Error> {
        let app = self.clone();
        Ok(self.store.listen(move |heard| app.hear(heard))?)
    }

    fn hear(&self, heard: Heard) {
        let text = match heard {
            Heard::Begun => {
                self.rules.forget_all();
                return self.hints.begin();
            }
            Heard::Told(text) => text,
        };
        match serde_json::from_str::<Message>(&text) {
            Ok(Message { mark, hint }) => {
                if hint.topic == RULES {
                    self.rules.forget(hint.org);
                }
                if let (Some(present), Ok(case)) = (hint.present, hint.id.parse())
                    && !self.presences.note((hint.org, case), present, self.clock.now())
                {
                    return;
                }
                let recent = self.hints.recent.lock().unwrap_or_else(PoisonError::into_inner);
                self.hints.spread(recent, Some(mark), hint);
            }
            Err(error) => tracing::warn!(%error, "a hint of another version cannot be read"),
        }
    }

    /// Forgets the rules in memory after something was put into force, and tells of
    /// it. After a failure too: who shared that commit may have read what never was.
    ///
    /// # Errors
    /// Those of the outcome, which is given back.
    pub fn rules_changed<T>(&self, org: OrgId, what: &str, outcome: Result<T, Error>) -> Result<T, Error> {
        self.rules.forget(org);
        if outcome.is_ok() {
            self.hints.publish(Hint::rules(org, what));
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn hint(org: i64, audience: Audience) -> Hint {
        Hint { org: OrgId(org), topic: "case".into(), id: "1".into(), version: 1, audience, present: None }
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
        assert_eq!(hints.subscribe(Some(After::Number(last - 2))).missed.map(|missed| missed.len()), Some(2));
        assert_eq!(hints.subscribe(Some(After::Number(10))).missed.map(|missed| missed.len()), Some(KEPT));
        assert!(hints.subscribe(Some(After::Number(9))).missed.is_none(), "no longer kept");
        assert!(hints.subscribe(Some(After::Number(last + 1))).missed.is_none(), "of another life");
        assert_eq!(hints.subscribe(None).missed.map(|missed| missed.len()), Some(0));
    }

    /// Issue 3 §5, §6: in several processes a place is known by its mark, and a
    /// connection that was lost says that hints are missing.
    #[test]
    fn a_mark_is_known_in_every_process() {
        let (one, other) = (Hints::default(), Hints::default());
        other.publish(hint(1, Audience::Everybody));
        let marks: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
        for hints in [&one, &other] {
            hints.begin();
            hints.publish(hint(1, Audience::Everybody));
            for mark in &marks {
                let recent = hints.recent.lock().unwrap();
                hints.spread(recent, Some(*mark), hint(1, Audience::Everybody));
            }
        }
        for hints in [&one, &other] {
            let missed = hints.subscribe(Some(After::Mark(marks[0]))).missed.unwrap();
            let seen: Vec<_> = missed.iter().map(|(place, _)| place.mark.unwrap()).collect();
            assert_eq!(seen, marks[1..]);
        }
        let mut listener = other.subscribe(None).receiver;
        other.begin();
        assert!(listener.try_recv().unwrap().1.is_none(), "told that something is missing");
        assert!(other.subscribe(Some(After::Mark(marks[0]))).missed.is_none());
    }

    /// Issue 3 §6: a message between processes is bounded, nobody is left out.
    #[test]
    fn a_hint_for_many_goes_in_parts() {
        let many: Vec<PersonId> = (0..250).map(person).collect();
        let whole = hint(1, Audience::Unit(vec![UnitId(Uuid::from_u128(7))], many.clone()));
        let parts = whole.parts();
        assert!(parts.iter().all(|part| serde_json::to_string(part).unwrap().len() < 7_000));
        for one in many {
            let scope = Scope::of(OrgId(1), one, &[]);
            assert_eq!(parts.iter().filter(|part| part.is_for(&scope)).count(), 1);
        }
    }
}
