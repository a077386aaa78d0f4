//! A desk of people who act on one case by a pack, the property one if none is named.

use super::super::*;
use crate::approval::{House, NOBODY};
use crate::clock::ClockKind;
use crate::ids::{CaseId, PersonId, UnitId};
use crate::pack::{Pack, property};
use crate::people::Post;
use crate::text::{Sealer, Text};
use crate::time::{Timestamp, WorkingCalendar};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use uuid::Uuid;

/// Calendar of every test.
pub(super) static CHINA: LazyLock<WorkingCalendar> = LazyLock::new(WorkingCalendar::china);

/// The people of the desk, by number.
pub(super) const ANN: u128 = 1;
pub(super) const LEE: u128 = 2;
pub(super) const NAN: u128 = 3;
pub(super) const VERA: u128 = 4;
pub(super) const VIC: u128 = 5;
pub(super) const HEAD: u128 = 6;
pub(super) const GRACE: u128 = 7;
pub(super) const SPOKE: u128 = 8;
pub(super) const BEN: u128 = 9;
pub(super) const MAX: u128 = 10;
pub(super) const EMMA: u128 = 11;

pub(super) const EVERYBODY: [u128; 11] = [ANN, LEE, NAN, VERA, VIC, HEAD, GRACE, SPOKE, BEN, MAX, EMMA];

const POSTS: [(u128, &[Post]); 9] = [
    (ANN, &[Post::Agent]),
    (LEE, &[Post::Lead]),
    (NAN, &[Post::Department]),
    (VERA, &[Post::Verifier]),
    (VIC, &[Post::Visitor]),
    (HEAD, &[Post::Head]),
    (GRACE, &[Post::Group]),
    (SPOKE, &[Post::Spokesperson]),
    (BEN, &[Post::Agent]),
];

pub(super) fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

/// One case with its whole history and the people around it.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) pack: &'static Pack,
    pub(super) case: Case,
    pub(super) history: Vec<Recorded>,
    pub(super) now: Timestamp,
    pub(super) people: BTreeMap<PersonId, Named>,
    pub(super) do_not_visit: bool,
    /// Absence, deputies and money elsewhere; holders follow from the people.
    pub(super) house: House,
    seeds: u8,
}

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

impl Desk {
    /// Ann receives a case on Monday 2 March 2026, 10:00.
    pub(super) fn receives(kind: Kind, channel: Channel) -> Self {
        Self::receives_at(kind, channel, "2026-03-02T10:00:00+08:00")
    }

    pub(super) fn complaint() -> Self {
        Self::receives(Kind::Complaint, Channel::Phone)
    }

    pub(super) fn receives_at(kind: Kind, channel: Channel, now: &str) -> Self {
        Self::intake(kind, channel, now, |_| {}).unwrap()
    }

    /// Ann receives a case by another pack on Monday 2 March 2026, 10:00.
    pub(super) fn receives_by(pack: &'static Pack, kind: Kind, channel: Channel) -> Self {
        let mut desk = Self::intake_by(pack, kind, channel, "2026-03-02T10:00:00+08:00", |_| {}).unwrap();
        for (number, post) in [(MAX, Post::Manager), (EMMA, Post::Employee)] {
            desk.people
                .insert(person(number), Named { active: true, posts: BTreeSet::from([post]), sees: true });
        }
        desk
    }

    pub(super) fn intake(
        kind: Kind,
        channel: Channel,
        now: &str,
        change: impl FnOnce(&mut Intake),
    ) -> Result<Self, Refused> {
        Self::intake_by(property(), kind, channel, now, change)
    }

    pub(super) fn intake_by(
        pack: &'static Pack,
        kind: Kind,
        channel: Channel,
        now: &str,
        change: impl FnOnce(&mut Intake),
    ) -> Result<Self, Refused> {
        let people = POSTS
            .iter()
            .map(|(number, posts)| {
                let posts = posts.iter().copied().collect();
                (person(*number), Named { active: true, posts, sees: true })
            })
            .collect();
        let mut intake = Intake {
            number: "TS-20260302-0001".to_owned(),
            kind,
            channel,
            source: None,
            unit: UnitId(Uuid::from_u128(100)),
            owner: person(ANN),
            collected_at: None,
            title: None,
            text: Text::new(sample::MARKER).unwrap(),
            parties: Vec::new(),
            persons: 1,
            anonymous: false,
            no_usable_contact: false,
            category: None,
            fields: BTreeMap::new(),
            external: None,
        };
        change(&mut intake);
        let now = at(now);
        let actor = actor(&people, Some(ANN));
        let facts = facts(pack, &actor, &people, (now, false, &NOBODY));
        let events = receive(intake, &facts, &mut Sealer::new([1; 32]))?;
        let recorded = number_events(events, 0, now, Some(person(ANN)));
        let id = CaseId(Uuid::from_u128(1000));
        let case = replay(id, &recorded).unwrap();
        Ok(Self {
            pack,
            case,
            history: recorded,
            now,
            people,
            do_not_visit: false,
            house: House::default(),
            seeds: 1,
        })
    }

    /// Runs a closure with the facts as this person sees them.
    pub(super) fn with_facts<T>(&self, who: Option<u128>, run: impl FnOnce(&Facts<'_>) -> T) -> T {
        let actor = actor(&self.people, who);
        let mut house = self.house.clone();
        for (person, named) in self.people.iter().filter(|(_, named)| named.active) {
            for post in &named.posts {
                house.holders.entry(*post).or_default().insert(*person);
            }
        }
        run(&facts(self.pack, &actor, &self.people, (self.now, self.do_not_visit, &house)))
    }

    /// Tells whether the action is open to this person, else all codes why not.
    pub(super) fn open(&self, who: u128, action: &str) -> Result<(), Vec<String>> {
        let kind = CommandKind::parse(action).unwrap();
        let found = self.with_facts(Some(who), |facts| evaluate(kind, &self.case, facts));
        found.map_err(|reasons| codes(Refused::Closed(reasons)))
    }

    /// Acts; a refusal gives every code, `field:code` for a body.
    pub(super) fn act(&mut self, who: u128, action: &str, body: Value) -> Result<(), Vec<String>> {
        let kind = CommandKind::parse(action).unwrap_or_else(|| panic!("no action {action}"));
        let command = Command::read(kind, body).unwrap_or_else(|error| panic!("{action}: {error}"));
        self.seeds = self.seeds.wrapping_add(1);
        let mut sealer = Sealer::new([self.seeds; 32]);
        let decided = self.with_facts(Some(who), |facts| self.case.decide(command, facts, &mut sealer));
        let events = decided.map_err(codes)?;
        self.house
            .salts
            .extend(sealer.into_sealed().into_iter().map(|text| (text.sealed, text.salt.to_vec())));
        self.append(events, Some(person(who)));
        Ok(())
    }

    /// Acts and expects it to be accepted.
    #[track_caller]
    pub(super) fn did(&mut self, who: u128, action: &str, body: Value) {
        if let Err(codes) = self.act(who, action, body) {
            panic!("{action} in {}: {codes:?}", self.case.stage);
        }
    }

    /// Acts and expects this refusal among the codes.
    #[track_caller]
    pub(super) fn refused(&mut self, who: u128, action: &str, body: Value, code: &str) {
        let before = self.history.len();
        let codes = self.act(who, action, body).expect_err("refused");
        assert!(codes.iter().any(|found| found == code), "{action}: {codes:?} lacks {code}");
        assert_eq!(self.history.len(), before, "a refusal leaves nothing behind");
    }

    /// Acts as the product itself, as the page behind a link does.
    pub(super) fn system(&mut self, action: &str, body: Value) -> Result<(), Vec<String>> {
        let command = Command::read(CommandKind::parse(action).unwrap(), body).unwrap();
        let mut sealer = Sealer::new([199; 32]);
        let decided = self.with_facts(None, |facts| self.case.decide(command, facts, &mut sealer));
        let events = decided.map_err(codes)?;
        self.append(events, None);
        Ok(())
    }

    /// Acts as the product itself and expects this refusal among the codes.
    #[track_caller]
    pub(super) fn system_refused(&mut self, action: &str, body: Value, code: &str) {
        let codes = self.system(action, body).expect_err("refused");
        assert!(codes.iter().any(|found| found == code), "{action}: {codes:?} lacks {code}");
    }

    /// Acts for a department that has something to do.
    #[track_caller]
    pub(super) fn for_unit(&mut self, unit: u128, who: u128, action: &str, body: Value) {
        self.house.mine = BTreeSet::from([UnitId(Uuid::from_u128(unit))]);
        self.did(who, action, body);
        self.house.mine.clear();
    }

    pub(super) fn append(&mut self, events: Vec<Event>, by: Option<PersonId>) {
        for recorded in number_events(events, self.case.version, self.now, by) {
            self.case.apply(&recorded);
            self.history.push(recorded);
        }
    }

    /// Moves the time on and fires every clock on its way.
    pub(super) fn until(&mut self, to: &str) {
        self.until_instant(at(to));
    }

    pub(super) fn until_instant(&mut self, to: Timestamp) {
        for _ in 0..1_000 {
            let next = self.case.clocks.iter().filter_map(|clock| clock.fires_at().map(|at| (at, clock.id)));
            let Some((fires, clock)) = next.min().filter(|(fires, _)| *fires <= to) else {
                self.now = to;
                return;
            };
            self.now = self.now.max(fires);
            let mut sealer = Sealer::new([200; 32]);
            let events = self.with_facts(None, |facts| self.case.tick(clock, facts, &mut sealer));
            assert!(!events.is_empty(), "clock {clock} fires for ever");
            self.append(events, None);
        }
        panic!("clocks fire for ever");
    }

    /// Lists who was told what since an event position.
    pub(super) fn told(&self, why: &str) -> BTreeSet<Recipient> {
        let notified = self.history.iter().filter_map(|recorded| match &recorded.event {
            Event::Ruled(Ruled::Notified(notified)) if notified.why == why => Some(notified.to),
            _ => None,
        });
        notified.collect()
    }

    pub(super) fn clock(&self, kind: ClockKind) -> &crate::clock::Clock {
        let found = self.case.clocks.iter().rev().find(|clock| clock.kind == kind);
        found.unwrap_or_else(|| panic!("no clock {kind:?}"))
    }
}

pub(super) fn actor(people: &BTreeMap<PersonId, Named>, who: Option<u128>) -> CaseActor {
    let id = who.map(person);
    let posts = id.and_then(|id| people.get(&id)).map(|named| named.posts.clone());
    CaseActor { person: id, posts: posts.unwrap_or_default(), customer: false }
}

pub(super) fn facts<'a>(
    pack: &'a Pack,
    actor: &'a CaseActor,
    people: &'a BTreeMap<PersonId, Named>,
    (now, do_not_visit, house): (Timestamp, bool, &'a House),
) -> Facts<'a> {
    Facts { pack, rebound: None, calendar: &CHINA, actor, people, do_not_visit, house, now }
}

fn number_events(events: Vec<Event>, after: u64, now: Timestamp, by: Option<PersonId>) -> Vec<Recorded> {
    let numbered = (after + 1..).zip(events);
    numbered.map(|(seq, event)| Recorded { seq, occurred_at: now, recorded_at: now, by, event }).collect()
}

fn codes(refused: Refused) -> Vec<String> {
    match refused {
        Refused::Closed(reasons) => {
            reasons.iter().for_each(super::told::complete);
            reasons.iter().map(|reason| reason.code.to_owned()).collect()
        }
        Refused::Body(fields) => fields.iter().map(|f| format!("{}:{}", f.path, f.code)).collect(),
    }
}

/// Loads every shipped pack, under its own name or with another one.
pub(super) fn packs(renamed: bool) -> &'static [Pack] {
    static BOTH: LazyLock<[Vec<Pack>; 2]> = LazyLock::new(|| [false, true].map(load_all));
    &BOTH[usize::from(renamed)]
}

fn load_all(renamed: bool) -> Vec<Pack> {
    let load = |(name, files): (&'static str, crate::pack::PackFiles)| {
        let main = files.get("pack.toml").unwrap();
        let other = format!("pack = \"renamed-{}\"", name.len());
        let main =
            if renamed { main.replacen(&format!("pack = \"{name}\""), &other, 1) } else { main.to_owned() };
        let pack = crate::pack::load(&files.clone().with("pack.toml", &main)).unwrap();
        assert_eq!(pack.name == name, !renamed);
        pack
    };
    crate::pack::shipped().into_iter().map(load).collect()
}
