use proptest::prelude::*;
use uuid::Uuid;

use super::super::unit::UnitLevel;
use super::*;

fn id(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn t(n: i64) -> Timestamp {
    Timestamp::from_micros(n)
}

fn unit(n: u128, level: UnitLevel) -> Unit {
    Unit { id: id(n), code: format!("u{n}"), name: format!("unit {n}"), level }
}

/// Group 1 with companies 2 and 3; estate 4 under company 2; department 5 in it.
fn house() -> Tree {
    let mut tree = Tree::default();
    for (n, level, parent) in [
        (1, UnitLevel::Group, None),
        (2, UnitLevel::Company, Some(1)),
        (3, UnitLevel::Company, Some(1)),
        (4, UnitLevel::Estate, Some(2)),
        (5, UnitLevel::Department, Some(4)),
    ] {
        tree.add(unit(n, level), parent.map(id), t(100)).unwrap();
    }
    tree
}

///
#[test]
fn an_estate_that_moves_does_not_rewrite_last_year() {
    let mut tree = house();
    tree.move_to(id(4), Some(id(3)), t(200)).unwrap();
    assert_eq!(tree.path(id(5), t(199)), [id(1), id(2), id(4), id(5)]);
    assert_eq!(tree.path(id(5), t(200)), [id(1), id(3), id(4), id(5)]);
    assert!(tree.subtree(id(2), t(150)).contains(&id(5)));
    assert!(!tree.subtree(id(2), t(250)).contains(&id(5)));
    assert!(tree.path(id(5), t(99)).is_empty());
}

///
#[test]
fn wrong_places_are_refused() {
    let mut tree = house();
    assert_eq!(tree.move_to(id(2), Some(id(4)), t(200)), Err(TreeError::Level));
    assert_eq!(tree.move_to(id(4), Some(id(4)), t(200)), Err(TreeError::Cycle));
    assert_eq!(tree.move_to(id(9), None, t(200)), Err(TreeError::Unknown));
    assert_eq!(tree.move_to(id(4), Some(id(3)), t(100)), Err(TreeError::LaterChange));
    assert_eq!(tree.end(id(4), t(200)), Err(TreeError::HasUnits));
    tree.end(id(5), t(200)).unwrap();
    tree.end(id(4), t(200)).unwrap();
    assert_eq!(tree.add(unit(6, UnitLevel::Department), Some(id(4)), t(150)), Err(TreeError::NotStanding));
    assert_eq!(tree.move_to(id(4), Some(id(3)), t(300)), Err(TreeError::NotStanding));
}

///
#[test]
fn sections_cannot_stand_below_themselves_now_or_later() {
    let mut tree = house();
    tree.add(unit(6, UnitLevel::Department), Some(id(5)), t(110)).unwrap();
    assert_eq!(tree.move_to(id(5), Some(id(6)), t(200)), Err(TreeError::Cycle));
    assert_eq!(tree, {
        let mut same = house();
        same.add(unit(6, UnitLevel::Department), Some(id(5)), t(110)).unwrap();
        same
    });
    // 6 leaves 5 at 150 and comes back at 300: 5 may not go below 6 at 200.
    tree.move_to(id(6), Some(id(4)), t(150)).unwrap();
    tree.move_to(id(6), Some(id(5)), t(300)).unwrap();
    assert_eq!(tree.move_to(id(5), Some(id(6)), t(200)), Err(TreeError::Cycle));
}

///
#[test]
fn the_closure_joins_what_did_not_change() {
    let mut tree = house();
    tree.move_to(id(4), Some(id(3)), t(200)).unwrap();
    let closure = tree.closure();
    let of = |ancestor, descendant| -> Vec<(i64, Option<i64>)> {
        closure
            .iter()
            .filter(|pair| pair.ancestor == id(ancestor) && pair.descendant == id(descendant))
            .map(|pair| (pair.valid.from.micros(), pair.valid.to.map(Timestamp::micros)))
            .collect()
    };
    assert_eq!(of(1, 5), [(100, None)]);
    assert_eq!(of(2, 5), [(100, Some(200))]);
    assert_eq!(of(3, 5), [(200, None)]);
    assert_eq!(of(4, 4), [(100, None)]);
}

proptest! {
    ///
    #[test]
    fn the_closure_says_what_the_paths_say(
        moves in prop::collection::vec((2_u128..9, 0_u128..9, 1_i64..40), 0..25),
        moment in 0_i64..60,
    ) {
        let mut tree = Tree::default();
        tree.add(unit(1, UnitLevel::Company), None, t(0)).unwrap();
        for n in 2..9 {
            tree.add(unit(n, UnitLevel::Department), Some(id(1)), t(0)).unwrap();
        }
        for (moved, parent, at) in moves {
            let parent = (parent > 0).then(|| id(parent));
            let _ = tree.move_to(id(moved), parent, t(at));
        }
        let closure = tree.closure();
        for n in 1..9 {
            let mut above: Vec<(u32, UnitId)> = closure
                .iter()
                .filter(|pair| pair.descendant == id(n) && pair.valid.holds(t(moment)))
                .map(|pair| (pair.distance, pair.ancestor))
                .collect();
            above.sort();
            let mut path: Vec<UnitId> = above.into_iter().map(|(_, unit)| unit).collect();
            path.reverse();
            prop_assert_eq!(path, tree.path(id(n), t(moment)));
        }
    }
}
