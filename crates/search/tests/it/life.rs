//! Right after an edit, an erasure, a rebuild, a sudden end, and damage.

use crate::house::{Dice, House, case, compare, mark, question};
use huiyin_domain::search::{Changes, Finder, Order, Reach};
use huiyin_search::Index;
use std::fs;
use std::path::Path;

const COUNT: usize = 150;

/// Edits some cases, removes some, adds some.
fn change(house: &mut House, index: &Index, (seed, horizon): (u64, i64)) {
    let mut dice = Dice(seed);
    let ids: Vec<_> = house.cases.keys().copied().collect();
    let mut changes = Changes::default();
    for _ in 0..40 {
        let id = ids[dice.next(ids.len())];
        let Some(old) = house.cases.get(&id) else { continue };
        if dice.next(3) == 0 {
            changes.gone.push(old.key);
            house.cases.remove(&id);
        } else {
            let mut new = case(&mut dice, 0);
            new.key = old.key;
            changes.put.retain(|document| document.key != new.key);
            changes.put.push(new.clone());
            house.cases.insert(id, new);
        }
    }
    changes.put.retain(|document| house.cases.contains_key(&document.key.id));
    index.apply(changes, &mark(horizon)).expect("applied");
}

/// Issue 6, show: also right after edit, rebuild and a process that ended suddenly.
#[test]
fn the_scan_is_right_all_through_its_life() {
    let folder = tempfile::tempdir().expect("folder");
    let mut house = House::of(900);
    let index = Index::at(folder.path());
    house.lay(&index);
    compare(&house, &index, (1, COUNT));
    change(&mut house, &index, (2, 5));
    compare(&house, &index, (3, COUNT));
    // what was not committed is lost with the process, and the mark says so
    drop(index);
    let index = Index::at(folder.path());
    index.open();
    assert_eq!(index.mark(), Some(mark(5)));
    compare(&house, &index, (4, COUNT));
    change(&mut house, &index, (5, 9));
    // a new one beside the old one, which serves meanwhile
    index.begin().expect("begun");
    index.lay(house.all()).expect("laid");
    assert_eq!(index.mark(), Some(mark(9)));
    compare(&house, &index, (6, 20));
    assert_eq!(index.standing().building, Some(house.cases.len() as u64));
    index.finish(&mark(11)).expect("finished");
    assert_eq!((index.mark(), index.standing().building), (Some(mark(11)), None));
    compare(&house, &index, (7, COUNT));
    let left = fs::read_dir(folder.path()).expect("folder").count();
    assert_eq!(left, 2, "the old one is removed: one generation and its name");
}

/// Issue 6, show, and X-37: what was erased leaves the answers and the files.
#[test]
fn what_was_erased_leaves_the_files_too() {
    let folder = tempfile::tempdir().expect("folder");
    let mut house = House::of(300);
    let index = Index::at(folder.path());
    let id = *house.cases.keys().next().expect("a case");
    let secret = "zqxjkvbwpfygzh";
    house.cases.get_mut(&id).expect("it").texts = vec![secret.to_owned()];
    house.lay(&index);
    let all = Reach { all: true, ..Reach::default() };
    let asked = question(&all, secret, Order::Relevance);
    assert_eq!(index.find(&asked).expect("found").ids, house.scan(&all, secret));
    assert!(holds(folder.path(), secret));
    house.cases.get_mut(&id).expect("it").texts.clear();
    let put = vec![house.cases[&id].clone()];
    index.apply(Changes { put, erased: true, ..Changes::default() }, &mark(2)).expect("applied");
    assert!(index.find(&asked).expect("found").ids.is_empty());
    compare(&house, &index, (8, 60));
    index.settle().expect("settled");
    assert_eq!(index.removed(), 0);
    assert!(!holds(folder.path(), secret), "the words are still in a file");
}

/// Looks for the bytes of a text in every file.
fn holds(folder: &Path, text: &str) -> bool {
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else if fs::read(&path).expect("file").windows(text.len()).any(|bytes| bytes == text.as_bytes())
            {
                return true;
            }
        }
    }
    false
}

/// Issue 6 §1: an index that is damaged, of another shape or not there is made anew.
#[test]
fn an_index_that_cannot_be_trusted_has_no_mark() {
    let folder = tempfile::tempdir().expect("folder");
    let index = Index::at(folder.path());
    index.open();
    assert_eq!(index.mark(), None);
    let all = Reach { all: true, ..Reach::default() };
    let asked = question(&all, "电梯", Order::Newest);
    assert!(index.find(&asked).expect("an answer").ids.is_empty());
    let house = House::of(200);
    house.lay(&index);
    drop(index);
    let damaged = folder.path().join("generation-1");
    for entry in fs::read_dir(&damaged).expect("folder") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|ending| ending == "store") {
            let mut bytes = fs::read(&path).expect("file");
            let middle = bytes.len() / 3;
            bytes[middle] ^= 0xff;
            fs::write(&path, bytes).expect("damaged");
        }
    }
    let index = Index::at(folder.path());
    index.open();
    assert_eq!(index.mark(), None, "a damaged index is not trusted");
    house.lay(&index);
    compare(&house, &index, (9, 30));
    fs::write(folder.path().join("current"), "../elsewhere").expect("written");
    let index = Index::at(folder.path());
    index.open();
    assert_eq!(index.mark(), None);
}
