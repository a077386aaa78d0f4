//! Substrings, pages and orders against a scan.

use crate::house::{House, compare, mark, pages, question, reaches};
use huiyin_domain::search::{Changes, Facet, Finder, NEVER, Order, Question, Reach};
use huiyin_domain::time::Timestamp;
use huiyin_search::Index;
use proptest::prelude::*;
use std::sync::LazyLock;
use tempfile::TempDir;

static MADE: LazyLock<(TempDir, House, Index)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("folder");
    let house = House::of(1_200);
    let index = Index::at(folder.path());
    house.lay(&index);
    (folder, house, index)
});

fn everything() -> Reach {
    Reach { all: true, ..Reach::default() }
}

/// Issue 6, show: of 10,000 random substrings, quoted ones return exactly what a scan
/// returns, unquoted ones at least that, as typed first, for three reaches.
#[test]
fn every_substring_is_found_and_nothing_else_in_quotes() {
    let (_, house, index) = &*MADE;
    compare(house, index, (7, 10_000));
}

/// Issue 6 §1: pages of every order join without gap or repeat.
#[test]
fn pages_join() {
    let (_, house, index) = &*MADE;
    for order in [Order::Relevance, Order::Newest, Order::Due, Order::Changed] {
        for words in ["电梯", "\"三号楼\"", "的"] {
            let question = question(&everything(), words, order);
            let whole = index.find(&question).expect("found").ids;
            assert!(whole.len() > 20, "{words}");
            assert_eq!(pages(index, &question, 7), whole, "{words} {order:?}");
        }
    }
    let due = index.find(&question(&everything(), "电梯", Order::Due)).expect("found").ids;
    let at = |id| house.cases[id].due.map_or(NEVER, Timestamp::micros);
    assert!(due.is_sorted_by_key(at));
}

/// Issue 6 §1: newest first is right where the parts of the index overlap in time, lie
/// apart, or hold several things of one moment.
#[test]
fn newest_first_looks_into_every_part_that_it_needs() {
    let folder = tempfile::tempdir().expect("folder");
    let index = Index::at(folder.path());
    let mut house = House::of(600);
    index.begin().expect("begun");
    index.finish(&mark(1)).expect("finished");
    // the first half in order of time, the rest all over each other, in few moments
    let mut all = house.all();
    let (early, late) = all.split_at_mut(300);
    early.sort_by_key(|document| document.at);
    for (number, document) in late.iter_mut().enumerate() {
        document.at = Timestamp::from_micros((number as i64 * 37 % 50) * 40_000_000);
        house.cases.insert(document.key.id, document.clone());
    }
    for (some, horizon) in all.chunks(50).zip(2..) {
        index.apply(Changes { put: some.to_vec(), ..Changes::default() }, &mark(horizon)).expect("applied");
    }
    assert!(index.standing().segments > 2, "several parts");
    for words in ["电梯", "\"三号楼\"", "的"] {
        let question = question(&everything(), words, Order::Newest);
        let truth = house.scan(&everything(), words.trim_matches('"'));
        assert!(truth.len() > 40, "{words}");
        for size in [1, 3, 20] {
            assert_eq!(pages(&index, &question, size), truth, "{words} by {size}");
        }
    }
}

/// Issue 6 §1: filters by field and time.
#[test]
fn fields_and_times_narrow_down() {
    let (_, house, index) = &*MADE;
    let (from, before) = (Timestamp::from_micros(500_000_000), Timestamp::from_micros(900_000_000));
    let question = Question {
        filter: vec![(Facet::Stage, vec!["closed".into()])],
        from: Some(from),
        before: Some(before),
        ..question(&everything(), "\"电梯\"", Order::Newest)
    };
    let mut truth = house.scan(&everything(), "电梯");
    truth.retain(|id| {
        let case = &house.cases[id];
        case.facets[0].1 == "closed" && case.at >= from && case.at < before
    });
    assert!(!truth.is_empty());
    assert_eq!(index.find(&question).expect("found").ids, truth);
    let due = Question {
        filter: Vec::new(),
        due_from: Some(Timestamp::from_micros(1_000)),
        due_before: Some(Timestamp::from_micros(2_000)),
        from: None,
        before: None,
        ..question
    };
    let found = index.find(&due).expect("found").ids;
    let mut truth = house.scan(&everything(), "电梯");
    truth.retain(|id| house.cases[id].due.is_some_and(|due| (1_000..2_000).contains(&due.micros())));
    assert_eq!(found, truth);
}

/// Issue 6 §1: words are asked for one by one, and what stands together comes first.
#[test]
fn words_are_joined_by_and() {
    let (_, house, index) = &*MADE;
    let found = index.find(&question(&everything(), "电梯维修", Order::Relevance)).expect("found").ids;
    let both: Vec<_> = house
        .scan(&everything(), "电梯")
        .into_iter()
        .filter(|id| house.scan(&everything(), "维修").contains(id))
        .collect();
    assert!(both.iter().all(|id| found.contains(id)));
    assert!(both.len() > house.scan(&everything(), "电梯维修").len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Issue 6: bad input: whatever is typed, no panic, and no more than is asked for.
    #[test]
    fn whatever_is_typed_is_answered(words in "\\PC{0,60}|[\"“”.*+?\\[\\]()<>电梯 ]{0,30}", order in 0usize..4) {
        let order = [Order::Relevance, Order::Newest, Order::Due, Order::Changed][order];
        let (_, _, index) = &*MADE;
        for reach in reaches() {
            let question = Question { limit: 5, ..question(&reach, &words, order) };
            prop_assert!(index.find(&question).expect("found").ids.len() <= 5);
            index.count(&question, 100).expect("counted");
        }
    }
}

/// Issue 6: bad input: one character without end costs no endless time.
#[test]
fn an_endless_query_is_read_to_a_bound() {
    let (_, _, index) = &*MADE;
    let endless = "电".repeat(400_000);
    for words in [endless.clone(), format!("\"{endless}\""), "a ".repeat(300_000), "\"".repeat(500_000)] {
        let found = index.find(&question(&everything(), &words, Order::Relevance)).expect("found");
        assert!(found.next.is_none());
    }
}
