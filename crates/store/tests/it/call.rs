//! The floor of the call centre over both databases, beside the one in memory.

use huiyin_domain::call::agent::{Agent, Ask};
use huiyin_domain::call::facts::{CallDirection, CallFacts, CallResult};
use huiyin_domain::call::floor::{By, Effect, Happening, Lease, Trouble, happen};
use huiyin_domain::call::queue::{Queue, Wishes};
use huiyin_domain::call::record::{Call, OfferEnd};
use huiyin_domain::call::simulation::{Dice, Memory};
use huiyin_domain::ids::{CallId, OrgId, PersonId, QueueId, UnitId};
use huiyin_domain::time::Timestamp;
use huiyin_store::call::{self as rows, Rows};
use huiyin_store::{StoreError, values};
use huiyin_testkit::engines::{TestStore, both_engines_migrated};
use std::collections::{BTreeMap, VecDeque};
use uuid::Uuid;

const ORG: OrgId = OrgId(1);
const OTHER: OrgId = OrgId(2);

/// Calls per engine; `HUIYIN_TEST_CALLS=10000` lets more of them come.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment, not by a command line")]
fn many() -> u128 {
    std::env::var("HUIYIN_TEST_CALLS").ok().and_then(|many| many.parse().ok()).unwrap_or(250)
}

/// Both floors, told the same in the same order.
struct Twofold<'a> {
    store: &'a TestStore,
    memory: Memory,
    dice: Dice,
    now: Timestamp,
    queue: QueueId,
    calls: Vec<CallId>,
    told: VecDeque<Effect>,
}

impl Twofold<'_> {
    fn begin(store: &TestStore, agents: u128) -> Twofold<'_> {
        let queue = Queue::new(QueueId(Uuid::from_u128(7)), "desk".into(), "客服".into());
        let people: Vec<PersonId> = (1..=agents).map(|one| PersonId(Uuid::from_u128(one))).collect();
        let mut memory = Memory::default();
        memory.with_queue(queue.clone(), people.clone());
        let (id, kept) = (queue.id, queue);
        let serving = people.clone();
        store
            .write_blocking(move |tx| {
                for org in [ORG, OTHER] {
                    rows::settings::put_queue(tx, org, &kept)?;
                    rows::settings::set_serving(tx, org, kept.id, &serving)?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let now = Timestamp::from_micros(1_790_000_000_000_000);
        let mut both = Twofold {
            store,
            memory,
            dice: Dice(11),
            now,
            queue: id,
            calls: Vec::new(),
            told: VecDeque::new(),
        };
        for person in people {
            both.happens(Happening::Agent(person, Ask::DeviceUp));
            both.happens(Happening::Agent(person, Ask::SignIn));
        }
        both
    }

    /// Lets the same happen on both; what follows and what is refused must be the same.
    fn happens(&mut self, happening: Happening) {
        let (now, same) = (self.now, happening.clone());
        let effects = happen(&mut self.memory, happening.clone(), now);
        let stored = self.store.write_blocking(move |tx| {
            let mut floor = Rows::of(tx, ORG, now)?;
            match happen(&mut floor, same, now) {
                Ok(effects) => Ok::<_, StoreError>(Ok(effects)),
                Err(Trouble::Refused(refusal)) => Ok(Err(refusal)),
                Err(Trouble::Store(error)) => Err(error),
            }
        });
        let stored = stored.unwrap();
        match effects {
            Ok(effects) => {
                assert_eq!(stored, Ok(effects.clone()), "{happening:?}");
                self.told.extend(effects);
            }
            Err(Trouble::Refused(refusal)) => assert_eq!(stored, Err(refusal), "{happening:?}"),
            Err(Trouble::Store(never)) => match never {},
        }
    }

    fn arrives(&mut self) {
        let call = CallId(Uuid::from_u128(1_000 + u128::try_from(self.calls.len()).unwrap()));
        self.calls.push(call);
        self.happens(Happening::Arrived {
            call,
            node: "one".into(),
            caller: Some("13800001111".into()),
            called: "4001".into(),
            line: Some("4001".into()),
            service: Some("repair".into()),
            party: None,
            limit: Some(30),
            queue: None,
        });
        if self.dice.chance(900) {
            let angry = self.dice.chance(50);
            let wishes =
                Wishes { angry, priority: u32::try_from(self.dice.below(3)).unwrap(), ..Wishes::default() };
            self.happens(Happening::Queued(call, self.queue, wishes));
        }
    }

    /// Lets the outside do what it was told, mostly.
    fn outside(&mut self) {
        while let Some(effect) = self.told.pop_front() {
            if let Effect::Ring { call, offer, .. } = effect {
                match self.dice.below(10) {
                    0 => self.happens(Happening::OfferFailed(call, offer, OfferEnd::Declined)),
                    // lost: the lease ends it
                    1 => {}
                    _ => self.happens(Happening::Answered(call, offer)),
                }
            }
        }
    }

    fn lapse(&mut self) {
        for lease in self.memory.lapsed(self.now, 100) {
            self.happens(Happening::Lapsed(lease));
        }
    }

    fn something(&mut self) {
        let open: Vec<CallId> = self.memory.open().map(|call| call.id).collect();
        let Some(call) = open.get(usize::try_from(self.dice.below(open.len() as u64)).unwrap()).copied()
        else {
            return;
        };
        match self.dice.below(8) {
            0 => self.happens(Happening::Held(call)),
            1 => self.happens(Happening::Resumed(call)),
            2 => self.happens(Happening::CallBackAsked(call, "13800001111".into())),
            3 => self.happens(Happening::Consulting(call, "8002".into())),
            4 => self.happens(Happening::Back(call)),
            _ => self.happens(Happening::HungUp(call, By::Customer)),
        }
    }

    fn passes(&mut self, seconds: u64) {
        let micros = i64::try_from(self.dice.below(seconds) + 1).unwrap() * 1_000_000;
        self.now = Timestamp::from_micros(self.now.micros() + micros);
        self.lapse();
        self.outside();
    }
}

fn stored(store: &TestStore, org: OrgId, ids: Vec<CallId>) -> Vec<Option<Call>> {
    store
        .read_blocking(move |tx| {
            ids.iter().map(|id| rows::call(tx, org, *id)).collect::<Result<Vec<_>, StoreError>>()
        })
        .unwrap()
}

/// Issue 7 §3, Show: calls of chance through the real transaction give the records,
/// agents and counters of the floor in memory, on both engines; nobody is left bound,
/// and another organisation's floor stays as it was. CI takes 250 calls per engine,
/// `HUIYIN_TEST_CALLS=10000` the full size.
#[test]
fn calls_of_chance_come_out_alike_in_memory_and_in_the_database() {
    both_engines_migrated(|store| {
        let mut both = Twofold::begin(&store, 6);
        let many = many();
        while u128::try_from(both.calls.len()).unwrap() < many {
            both.arrives();
            both.outside();
            both.something();
            both.passes(9);
        }
        both.happens(Happening::NodeLost("one".into()));
        both.passes(3_600);
        both.passes(3_600);
        let ids = both.calls.clone();
        let kept = stored(&store, ORG, ids.clone());
        let mut results: BTreeMap<CallResult, u64> = BTreeMap::new();
        for (id, call) in ids.iter().zip(&kept) {
            assert_eq!(call.as_ref(), both.memory.get(*id));
            assert!(call.as_ref().is_some_and(Call::is_over), "{call:?}");
            *results.entry(call.as_ref().and_then(|call| call.result).unwrap()).or_default() += 1;
        }
        assert_eq!(results, both.memory.results);
        assert!(results.len() >= 4, "the world is not varied: {results:?}");
        let agents = store.read_blocking(|tx| rows::list::agents(tx, ORG)).unwrap();
        let expected: Vec<Agent> = both.memory.agents().cloned().collect();
        assert_eq!(agents, expected);
        assert!(agents.iter().all(|agent| agent.state.call().is_none()), "{agents:?}");
        // the flat rows of figures are those of the records
        let texts = store
            .read_blocking(|tx| {
                let all = tx.all("SELECT facts FROM calls WHERE org = $1 ORDER BY id", &values![ORG])?;
                all.iter().map(|row| row.get::<String>(0)).collect::<Result<Vec<_>, StoreError>>()
            })
            .unwrap();
        let facts: Vec<CallFacts> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let expected: Vec<CallFacts> = kept.iter().flatten().map(Call::facts).collect();
        assert_eq!(facts, expected);
        assert!(stored(&store, OTHER, ids).iter().all(Option::is_none));
        assert_eq!(store.read_blocking(rows::next_lapse).unwrap(), None);
    });
}

/// Issue 7 §3: a lease is found when it ends, whichever organisation it belongs to.
#[test]
fn leases_are_found_when_they_end() {
    both_engines_migrated(|store| {
        let mut both = Twofold::begin(&store, 1);
        both.arrives();
        both.told.clear();
        let (call, due) = (both.calls[0], store.read_blocking(rows::next_lapse).unwrap());
        let due = due.expect("a lease");
        let found = move |at| store.read_blocking(move |tx| rows::lapsed(tx, at, 10)).unwrap();
        assert!(found(Timestamp::from_micros(due.micros() - 1)).is_empty());
        let lapsed = found(due);
        assert!(lapsed.contains(&(ORG, Lease::Call(call))), "{lapsed:?}");
    });
}

/// Contracts §3: a dialled number and a telephone's name belong to one house.
#[test]
fn a_number_and_a_name_belong_to_one_house() {
    use huiyin_domain::ids::UnitId;
    use rows::settings::{ExtensionRow, LineRow, extension, line, put_extension, put_line};
    both_engines_migrated(|store| {
        let of = |org| LineRow {
            number: "4001".into(),
            org,
            unit: UnitId(Uuid::from_u128(3)),
            name: "热线".into(),
            service: Some("repair".into()),
            menu: None,
            queue: None,
            most: Some(90),
            active: true,
        };
        let phone = |org| ExtensionRow {
            org,
            name: "8001".into(),
            person: None,
            realm: "huiyin".into(),
            ha1_md5: "a".into(),
            ha1_sha256: "b".into(),
            active: true,
            made_at: Timestamp::from_micros(5),
        };
        let kept = store
            .write_blocking(move |tx| {
                let lines = [put_line(tx, &of(ORG))?, put_line(tx, &of(OTHER))?, put_line(tx, &of(ORG))?];
                let phones = [
                    put_extension(tx, &phone(ORG))?,
                    put_extension(tx, &phone(OTHER))?,
                    put_extension(tx, &phone(ORG))?,
                ];
                Ok::<_, StoreError>((lines, phones))
            })
            .unwrap();
        assert_eq!(kept, ([true, false, true], [true, false, true]));
        assert_eq!(store.read_blocking(|tx| line(tx, "4001")).unwrap(), Some(of(ORG)));
        assert_eq!(store.read_blocking(|tx| extension(tx, "8001")).unwrap(), Some(phone(ORG)));
    });
}

/// CALL-5, CALL-7: a recorded call whose process died ended with its recording; an earlier
/// sign of life, or the moment at which the process came back, says less.
#[test]
fn a_lost_call_ends_with_its_recording() {
    both_engines_migrated(|store| {
        let mut both = Twofold::begin(&store, 1);
        both.arrives();
        let call = both.calls[0];
        let later = |at: Timestamp, seconds: i64| Timestamp::from_micros(at.micros() + seconds * 1_000_000);
        let recorded = later(both.now, 100);
        let row = rows::recording::RecordingRow {
            id: huiyin_domain::ids::RecordingId(Uuid::from_u128(7)),
            call,
            began_at: both.now,
            ended_at: Some(recorded),
            millis: 100_000,
            bytes: 1,
            key_id: None,
            keep_until: later(both.now, 1_000_000),
            erased_at: None,
        };
        let back = later(both.now, 5_000);
        store
            .write_blocking(move |tx| {
                rows::recording::put(tx, ORG, &row)?;
                let done = happen(&mut Rows::of(tx, ORG, back)?, Happening::NodeLost("one".into()), back);
                Ok::<_, StoreError>(done.is_ok())
            })
            .unwrap();
        let ended = stored(&store, ORG, vec![call])[0].as_ref().and_then(|call| call.ended_at);
        assert_eq!(ended, Some(recorded));
    });
}

/// Issue 7 §6: a call that an agent makes belongs to the unit where they work, so that
/// whoever supervises there sees it.
#[test]
fn a_call_that_an_agent_makes_belongs_where_they_work() {
    both_engines_migrated(|store| {
        let mut both = Twofold::begin(&store, 1);
        let (agent, desk) = (PersonId(Uuid::from_u128(1)), UnitId(Uuid::from_u128(77)));
        let call = CallId(Uuid::from_u128(1_000));
        store
            .write_blocking(move |tx| {
                tx.execute(
                    "INSERT INTO memberships (org, id, person, unit, posts, valid_from)
                     VALUES ($1, $2, $3, $4, '[\"agent\"]', 0)",
                    &values![ORG, Uuid::from_u128(5).to_string(), agent, desk],
                )
            })
            .unwrap();
        both.happens(Happening::Dialled {
            call,
            node: "one".into(),
            agent,
            number: "13912345678".into(),
            party: None,
            direction: CallDirection::Out,
            colleague: None,
        });
        let unit = store.read_blocking(move |tx| rows::unit_of(tx, ORG, call)).unwrap();
        assert_eq!(unit, desk);
    });
}
