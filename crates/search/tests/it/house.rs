//! A house of invented cases, the same at each run, and a scan over all of them.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::search::{Document, Facet, Finder, Key, Mark, Order, Place, Question, Reach, Subject};
use huiyin_domain::time::Timestamp;
use huiyin_search::{Index, folded};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;
use uuid::Uuid;

const PIECES: [&str; 30] = [
    "电梯",
    "維修",
    "物业费",
    "公积金贷款",
    "漏水",
    "广场舞",
    "噪音",
    "停車位",
    "业主",
    "三号楼",
    "没有人来",
    "，",
    "。",
    "请",
    "尽快",
    "处理",
    "Ａ3区",
    "WiFi",
    "2026",
    "退款",
    "态度",
    "不好",
    "的",
    "了",
    "地下车库",
    "消防通道",
    "😀",
    " ",
    "电话13800000001",
    "<b>急</b>",
];

/// Chance that is the same each time.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % below.max(1)
    }

    fn text(&mut self, most: usize) -> String {
        (0..self.next(most) + 2).map(|_| PIECES[self.next(PIECES.len())]).collect()
    }
}

pub fn unit(number: usize) -> UnitId {
    UnitId(Uuid::from_u128(1_000 + number as u128))
}

pub fn person(number: usize) -> PersonId {
    PersonId(Uuid::from_u128(2_000 + number as u128))
}

pub fn mark(horizon: i64) -> Mark {
    Mark { epoch: "test".into(), horizon }
}

/// The kinds of thing that are found by what is written in them.
pub const WRITTEN: [Subject; 3] = [Subject::Case, Subject::Article, Subject::Fact];

/// Makes the thing of a number, mostly a case.
pub fn case(dice: &mut Dice, number: usize) -> Document {
    let texts = (0..dice.next(4) + 1).map(|_| dice.text(12)).collect();
    let at = Timestamp::from_micros(dice.next(2_000) as i64 * 1_000_000);
    let open = dice.next(3) > 0;
    Document {
        key: Key {
            org: OrgId(if dice.next(10) == 0 { 2 } else { 1 }),
            subject: WRITTEN[(number % 10).saturating_sub(7)],
            id: Uuid::from_u128(10_000 + number as u128),
        },
        at,
        due: open.then(|| Timestamp::from_micros(dice.next(5_000) as i64)),
        changed: Timestamp::from_micros(dice.next(5_000) as i64),
        texts,
        names: Vec::new(),
        addresses: Vec::new(),
        numbers: vec![format!("TS-20260101-{number:04}")],
        unit: Some(unit(dice.next(6))),
        own: vec![person(dice.next(5))],
        parties: Vec::new(),
        facets: vec![(Facet::Stage, if open { "received" } else { "closed" }.to_owned())],
    }
}

/// Three reaches: everything, two units and what is one's own, one's own alone.
pub fn reaches() -> [Reach; 3] {
    let some = BTreeSet::from([unit(1), unit(3)]);
    [
        Reach { all: true, ..Reach::default() },
        Reach { person: Some(person(2)), units: some, ..Reach::default() },
        Reach { person: Some(person(4)), ..Reach::default() },
    ]
}

/// Texts as they were written, and as they are compared.
type Plain = (Vec<String>, Vec<String>);

/// What is there, beside the index.
#[derive(Default)]
pub struct House {
    pub cases: BTreeMap<Uuid, Document>,
    /// Texts as they are compared, made once.
    plain: Mutex<HashMap<Uuid, Plain>>,
}

impl House {
    pub fn of(count: usize) -> Self {
        let mut dice = Dice(42);
        let cases = (0..count).map(|number| case(&mut dice, number));
        Self { cases: cases.map(|document| (document.key.id, document)).collect(), plain: Mutex::default() }
    }

    pub fn all(&self) -> Vec<Document> {
        self.cases.values().cloned().collect()
    }

    /// Makes an index of everything.
    pub fn lay(&self, index: &Index) {
        index.begin().expect("begun");
        for some in self.all().chunks(700) {
            index.lay(some.to_vec()).expect("laid");
        }
        index.finish(&mark(1)).expect("finished");
    }

    /// Scans all cases for a string, newest first.
    pub fn scan(&self, reach: &Reach, words: &str) -> Vec<Uuid> {
        self.scan_for(Subject::Case, reach, words)
    }

    /// Scans everything of a kind for a string, newest first.
    pub fn scan_for(&self, subject: Subject, reach: &Reach, words: &str) -> Vec<Uuid> {
        let words = folded(words);
        let seen = |document: &&Document| {
            let own = reach.person.is_some_and(|person| document.own.contains(&person));
            let here = document.unit.is_some_and(|unit| reach.units.contains(&unit));
            (document.key.org, document.key.subject) == (OrgId(1), subject) && (reach.all || own || here)
        };
        let found = self.cases.values().filter(seen);
        let mut plain = self.plain.lock().expect("plain texts");
        let mut holds = |document: &Document| {
            let texts = &document.texts;
            let known = plain.entry(document.key.id).or_default();
            if known.0 != *texts {
                *known = (texts.clone(), texts.iter().map(|text| folded(text)).collect());
            }
            known.1.iter().any(|text| text.contains(&words))
        };
        let found = found.filter(|document| holds(document));
        let mut found: Vec<_> = found.map(|document| (document.at, document.key.id)).collect();
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Takes a substring of something that was written, without space at its ends.
    pub fn substring(&self, dice: &mut Dice) -> String {
        let all: Vec<&Document> = self.cases.values().collect();
        loop {
            let document = all[dice.next(all.len())];
            let Some(text) = document.texts.get(dice.next(document.texts.len())) else { continue };
            let chars: Vec<char> = text.chars().collect();
            let length = dice.next(6) + 1;
            let from = dice.next(chars.len());
            let part: String = chars.iter().skip(from).take(length).collect();
            if part.trim() == part && !part.is_empty() && !part.contains(['"', '“', '”', '「', '『']) {
                return part;
            }
        }
    }
}

/// Asks for everything that holds the words.
pub fn question(reach: &Reach, words: &str, order: Order) -> Question {
    Question { reach: reach.clone(), order, limit: 3_000, ..Question::new(OrgId(1), Subject::Case, words) }
}

/// Reads a list page by page.
pub fn pages(index: &Index, question: &Question, size: usize) -> Vec<Uuid> {
    let mut all = Vec::new();
    let mut after: Option<Place> = None;
    loop {
        let page = Question { after, limit: size, ..question.clone() };
        let found = index.find(&page).expect("found");
        assert!(found.ids.len() <= size);
        all.extend(found.ids);
        match found.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

/// Compares so many random substrings with a scan, for three reaches and all kinds of
/// what is written.
pub fn compare(house: &House, index: &Index, (seed, count): (u64, usize)) {
    let mut dice = Dice(seed);
    let reaches = reaches();
    for turn in 0..count {
        let words = house.substring(&mut dice);
        let reach = &reaches[turn % 3];
        // half of them of cases, which are the most
        let subject = [Subject::Case, Subject::Article, Subject::Case, Subject::Fact][turn / 6 % 4];
        let question = |words, order| Question { subject, ..question(reach, words, order) };
        let truth = house.scan_for(subject, reach, &words);
        let wanted: BTreeSet<Uuid> = truth.iter().copied().collect();
        let quoted = format!("\"{words}\"");
        let newest = index.find(&question(&quoted, Order::Newest)).expect("found");
        assert_eq!(newest.ids, truth, "quoted, newest first: {words:?}");
        let counted = index.count(&question(&quoted, Order::Newest), 10_000).expect("counted");
        assert_eq!(counted, truth.len(), "quoted, counted: {words:?}");
        if words.contains(' ') {
            continue;
        }
        // the order by score is the dear one: each string is asked for in one of both ways
        if turn % 2 == 0 {
            let best = index.find(&question(&quoted, Order::Relevance)).expect("found").ids;
            let once: BTreeSet<Uuid> = best.iter().copied().collect();
            assert_eq!((once.len(), &once), (best.len(), &wanted), "quoted, by relevance: {words:?}");
            continue;
        }
        let loose = index.find(&question(&words, Order::Relevance)).expect("found").ids;
        let first: BTreeSet<Uuid> = loose.iter().take(wanted.len()).copied().collect();
        assert_eq!(first, wanted, "what is as typed comes first: {words:?}");
        let counted = index.count(&question(&words, Order::Relevance), 10_000).expect("counted");
        assert_eq!(counted, loose.len(), "counted: {words:?}");
    }
}
