//! Who finds what: names by those who may see them, nothing of another house.

use crate::house::{mark, person, unit};
use huiyin_domain::ids::{OrgId, PartyId};
use huiyin_domain::search::{Changes, Document, Finder, Key, Order, Question, Reach, Subject};
use huiyin_domain::time::Timestamp;
use huiyin_search::Index;
use std::collections::BTreeSet;
use uuid::Uuid;

fn customer(number: u128, name: &str, unit_of: Option<usize>) -> Document {
    Document {
        key: Key { org: OrgId(1), subject: Subject::Customer, id: Uuid::from_u128(number) },
        at: Timestamp::from_micros(1),
        due: None,
        changed: Timestamp::from_micros(1),
        texts: Vec::new(),
        names: vec![name.to_owned()],
        addresses: vec!["5栋 301".to_owned()],
        numbers: Vec::new(),
        unit: unit_of.map(unit),
        own: vec![person(1)],
        parties: vec![PartyId(Uuid::from_u128(number))],
        facets: Vec::new(),
    }
}

fn asked(words: &str, reach: Reach, names: Reach) -> Question {
    let question = Question::new(OrgId(1), Subject::Customer, words);
    Question { reach, names, order: Order::Relevance, ..question }
}

/// Issue 6 §1 and X-37: a name is found, by its sound too, where it may be seen, and
/// nowhere else; whoever sees masks learns nothing by searching.
#[test]
fn names_are_found_only_where_they_are_seen() {
    let folder = tempfile::tempdir().expect("folder");
    let index = Index::at(folder.path());
    index.begin().expect("begun");
    let some =
        vec![customer(1, "曾小雨", Some(1)), customer(2, "曾小雪", Some(2)), customer(3, "曾国", None)];
    index.lay(some).expect("laid");
    index.finish(&mark(1)).expect("finished");
    let all = Reach { all: true, ..Reach::default() };
    let one = Reach { units: BTreeSet::from([unit(1)]), ..Reach::default() };
    let found = |words: &str, names: &Reach| {
        let found = index.find(&asked(words, all.clone(), names.clone())).expect("found").ids;
        let mut found: Vec<u128> = found.into_iter().map(|id| id.as_u128()).collect();
        found.sort_unstable();
        found
    };
    for typed in ["曾小", "\"曾小\"", "cengxiao", "zengxiao", "zx"] {
        assert_eq!(found(typed, &all), [1, 2], "{typed}");
        assert_eq!(found(typed, &one), [1], "{typed}");
        assert!(found(typed, &Reach::default()).is_empty(), "{typed}");
    }
    let unplaced = Reach { unplaced: true, ..Reach::default() };
    assert_eq!(found("曾", &unplaced), [3]);
    let known = Question {
        parties: vec![PartyId(Uuid::from_u128(2))],
        ..asked("5678", all.clone(), Reach::default())
    };
    assert_eq!(index.find(&known).expect("found").ids, [Uuid::from_u128(2)]);
    let own = Reach { person: Some(person(9)), ..Reach::default() };
    assert!(index.find(&asked("曾小", own, all)).expect("found").ids.is_empty());
}

/// Issue 6 §1: units that are called so narrow a part down to what lies in them.
#[test]
fn a_place_is_found_by_name_and_sound() {
    let index = Index::at("nowhere");
    assert!(index.is_called("晴园", "晴园三期") && index.is_called("qy", "晴园"));
    assert!(index.is_called("qingyuan", "晴园") && !index.is_called("晴", "晴园"));
    assert_eq!(index.parts("晴園 \"电梯 坏\""), ["晴园", "电梯 坏"]);
}

/// Issue 6 §1: what has gone is found no more.
#[test]
fn what_is_gone_is_gone() {
    let folder = tempfile::tempdir().expect("folder");
    let index = Index::at(folder.path());
    index.begin().expect("begun");
    index.lay(vec![customer(1, "曾小雨", Some(1))]).expect("laid");
    index.finish(&mark(1)).expect("finished");
    let all = Reach { all: true, ..Reach::default() };
    let question = asked("曾小雨", all.clone(), all);
    assert_eq!(index.find(&question).expect("found").ids.len(), 1);
    let gone = Changes { gone: vec![customer(1, "", None).key], ..Changes::default() };
    index.apply(gone, &mark(2)).expect("applied");
    assert!(index.find(&question).expect("found").ids.is_empty());
}
