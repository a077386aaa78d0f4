//! Search through the use cases, on both databases, through the life of the index.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::sync_channel;

use huiyin_app::case::{self, ListQuery, NewCase, Numbers, Rules};
use huiyin_app::search::{self, Follower, Group, Wanted};
use huiyin_app::{App, Ctx, Error};
use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_domain::search::{Order, Subject};
use huiyin_store::case::CaseFilter;
use huiyin_store::search::feed;
use huiyin_store::sql::Engine;
use huiyin_testkit::engines::both_engines_migrated;
use huiyin_testkit::search::{follow, indexed, rebuild};
use serde_json::json;

use crate::house::{House, wait};

const PIECES: [&str; 16] = [
    "电梯",
    "維修",
    "物业费",
    "漏水",
    "噪音",
    "停車位",
    "三号楼",
    "没有人来",
    "，",
    "请",
    "尽快",
    "Ａ3区",
    "2026",
    "的",
    "了",
    "😀",
];

struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % below.max(1)
    }

    fn text(&mut self) -> String {
        (0..self.next(8) + 3).map(|_| PIECES[self.next(PIECES.len())]).collect()
    }
}

/// A house with an index, people of three reaches, and what was written in each case.
struct Desk {
    house: House,
    app: App,
    people: [PersonId; 3],
    head: PersonId,
    written: BTreeMap<CaseId, Vec<String>>,
}

impl Desk {
    fn new(house: House, count: usize) -> Self {
        let app = indexed(house.app.clone(), house.store.folder());
        let east = house.unit("east", UnitLevel::Estate, house.root());
        let west = house.unit("west", UnitLevel::Estate, house.root());
        let people = [
            house.appoint("gm", house.root(), &[Post::Gm]),
            house.appoint("lead", east, &[Post::Lead]),
            house.appoint("clerk", west, &[Post::Employee]),
        ];
        house.appoint("desk", west, &[Post::Agent, Post::Lead]);
        let head = house.appoint("head", house.root(), &[Post::Head]);
        let mut desk = Self { house, app, people, head, written: BTreeMap::new() };
        let mut dice = Dice(99);
        for number in 0..count {
            let (unit, by) = match number % 4 {
                0 => (east, desk.people[1]),
                1 => (west, desk.people[2]),
                _ => (west, head),
            };
            desk.record(by, unit, dice.text());
        }
        follow(&desk.app);
        desk
    }

    fn ctx(&self, person: PersonId) -> Ctx {
        self.house.ctx(person)
    }

    fn record(&mut self, by: PersonId, unit: UnitId, text: String) -> CaseId {
        let (rules, numbers) = (Rules::default(), Numbers::default());
        let new = json!({"kind": "complaint", "channel": "phone", "text": text, "unit": unit});
        let new: NewCase = serde_json::from_value(new).unwrap();
        let made =
            self.house.run_as(self.ctx(by), move |tx, ctx| case::create(tx, ctx, &rules, &numbers, new));
        let id = made.unwrap().0.id;
        self.written.insert(id, vec![text]);
        id
    }

    fn note(&mut self, id: CaseId, text: &str) {
        let command = Command::read(CommandKind::Note, json!({"text": text})).unwrap();
        let rules = Rules::default();
        let acted = self
            .house
            .run_as(self.ctx(self.head), move |tx, ctx| case::act(tx, ctx, &rules, (id, None), command));
        acted.unwrap();
        self.written.get_mut(&id).unwrap().push(text.to_owned());
    }

    /// Everything that a person's list holds.
    fn listed(&self, person: PersonId) -> BTreeSet<CaseId> {
        let filter = CaseFilter { limit: 10_000, ..CaseFilter::default() };
        let query = ListQuery { filter, ..ListQuery::default() };
        let rows = self.house.run_as(self.ctx(person), move |tx, ctx| case::list(tx, ctx, &query)).unwrap();
        rows.into_iter().map(|row| row.id).collect()
    }

    fn scan(&self, seen: &BTreeSet<CaseId>, words: &str) -> BTreeSet<CaseId> {
        let words = huiyin_testkit::search::folded(words);
        let holds = |texts: &Vec<String>| {
            texts.iter().any(|text| huiyin_testkit::search::folded(text).contains(&words))
        };
        let found = self.written.iter().filter(|(id, texts)| seen.contains(id) && holds(texts));
        found.map(|(id, _)| *id).collect()
    }

    fn search(&self, person: PersonId, q: &str) -> Vec<Group> {
        wait(search::search(&self.app, &self.ctx(person), wanted(q))).unwrap()
    }

    fn found(&self, person: PersonId, q: &str) -> (Vec<CaseId>, usize) {
        let groups = self.search(person, q);
        let cases = groups.iter().find(|group| group.subject == Subject::Case).unwrap();
        (cases.hits.iter().map(|hit| CaseId(hit.id)).collect(), cases.count.count)
    }

    fn compare(&self, (seed, count): (u64, usize)) {
        let mut dice = Dice(seed);
        let all: Vec<String> = self.written.values().flatten().cloned().collect();
        let seen = self.people.map(|person| self.listed(person));
        for turn in 0..count {
            let chars: Vec<char> = all[dice.next(all.len())].chars().collect();
            let from = dice.next(chars.len());
            let words: String = chars.iter().skip(from).take(dice.next(6) + 1).collect();
            let person = self.people[turn % 3];
            let truth = self.scan(&seen[turn % 3], &words);
            let (quoted, counted) = self.found(person, &format!("\"{words}\""));
            assert_eq!(quoted.iter().copied().collect::<BTreeSet<_>>(), truth, "{words:?}");
            assert_eq!((quoted.len(), counted), (truth.len(), truth.len()), "{words:?}");
            let (loose, _) = self.found(person, &words);
            let first: BTreeSet<CaseId> = loose.iter().copied().take(truth.len()).collect();
            assert_eq!(first, truth, "as typed first: {words:?}");
            assert!(loose.iter().all(|id| seen[turn % 3].contains(id)), "{words:?}");
        }
    }
}

fn wanted(q: &str) -> Wanted {
    Wanted {
        q: q.to_owned(),
        subjects: Subject::ALL.iter().copied().collect(),
        filter: CaseFilter::default(),
        order: Order::Relevance,
        after: None,
        limit: 200,
    }
}

/// Issue 6, show: substrings find what a scan finds, for three reaches, also right
/// after edit, erasure, rebuild and a new start.
#[test]
fn substrings_are_found_all_through_the_life_of_the_index() {
    both_engines_migrated(|store| {
        let mut desk = Desk::new(House::new(store), 40);
        assert!(desk.people.iter().all(|person| !desk.listed(*person).is_empty()));
        desk.compare((1, 45));
        let first = *desk.written.keys().next().unwrap();
        desk.note(first, "鼹鼠搬家了");
        follow(&desk.app);
        desk.compare((2, 15));
        assert_eq!(desk.found(desk.people[0], "鼹鼠").0, [first]);
        let erasure = serde_json::from_value(json!({"basis": "申请"})).unwrap();
        let head = desk.house.appoint("eraser", desk.house.root(), &[Post::Head, Post::Admin, Post::Gm]);
        desk.house.run_as(desk.ctx(head), move |tx, ctx| case::erase(tx, ctx, first, &erasure)).unwrap();
        desk.written.remove(&first);
        follow(&desk.app);
        assert!(desk.found(desk.people[0], "鼹鼠").0.is_empty(), "what was erased is found no more");
        desk.compare((3, 15));
        rebuild(&desk.app);
        desk.compare((4, 15));
        desk.record(desk.people[1], desk.house.root(), "重启之前漏水".to_owned());
        // another process on the same folder: it takes up what the last one left
        desk.app.search = search::Search::default();
        desk.app = indexed(desk.app.clone(), desk.house.store.folder());
        follow(&desk.app);
        desk.compare((5, 15));
    });
}

/// Issue 6 §1: on a server a transaction that ends late is not lost.
#[test]
fn what_ends_late_is_taken_up_all_the_same() {
    both_engines_migrated(|store| {
        if store.engine() == Engine::Sqlite {
            return;
        }
        let desk = Desk::new(House::new(store), 8);
        let mut follower = Follower::new(&desk.app).unwrap();
        let late = *desk.written.keys().next().unwrap();
        let org = desk.house.org.org;
        let (noted, is_noted) = sync_channel::<()>(1);
        let (go_on, may_end) = sync_channel::<()>(1);
        let store = desk.app.store.clone();
        let slow = std::thread::spawn(move || {
            store.write_blocking(move |tx| {
                tx.execute(
                    "UPDATE sealed SET value = $3 WHERE org = $1 AND case_id = $2",
                    &huiyin_store::values![org, late, "迟到的海豚"],
                )?;
                feed::changed(tx, org, Subject::Case, late.0)?;
                noted.send(()).map_err(Error::internal)?;
                may_end.recv().map_err(Error::internal)
            })
        });
        is_noted.recv().unwrap();
        let mut desk = desk;
        let early = desk.record(desk.people[1], desk.house.root(), "早到的海豚".to_owned());
        follower.round(&mut |_| true).unwrap();
        follower.round(&mut |_| true).unwrap();
        assert_eq!(desk.found(desk.people[0], "海豚").0, [early], "what is committed shows at once");
        go_on.send(()).unwrap();
        slow.join().unwrap().unwrap();
        follower.round(&mut |_| true).unwrap();
        let found: BTreeSet<CaseId> = desk.found(desk.people[0], "海豚").0.into_iter().collect();
        assert_eq!(found, BTreeSet::from([early, late]));
    });
}

/// Issue 6 §1: an index that is too far behind, or of another database, is made anew.
#[test]
fn an_index_that_fell_behind_is_made_anew() {
    both_engines_migrated(|store| {
        let mut desk = Desk::new(House::new(store), 6);
        desk.record(desk.people[1], desk.house.root(), "掉队的刺猬".to_owned());
        desk.app.store.write_blocking(|tx| feed::prune(tx, 0, 10_000)).unwrap();
        let mut laid = 0;
        let mut follower = Follower::new(&desk.app).unwrap();
        follower
            .round(&mut |count| {
                laid = count;
                true
            })
            .unwrap();
        assert!(laid >= 7, "made anew: {laid}");
        assert_eq!(desk.found(desk.people[0], "刺猬").0.len(), 1);
        let mut again = 0;
        follower
            .round(&mut |count| {
                again = count;
                true
            })
            .unwrap();
        assert_eq!(again, 0, "and only once");
        let other = "UPDATE search_state SET epoch = 'another database'";
        desk.app.store.write_blocking(move |tx| tx.execute(other, &[])).unwrap();
        follower
            .round(&mut |count| {
                again = count;
                true
            })
            .unwrap();
        assert!(again >= 7, "made anew: {again}");
    });
}
