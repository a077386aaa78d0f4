//! The file of a case: complete, chained, without personal text.

use super::super::*;
use super::stories::{satisfied, somewhere};
use proptest::prelude::*;

fn hashes(id: crate::ids::CaseId, history: &[Recorded]) -> Vec<String> {
    let mut head = ChainHead::empty();
    history
        .iter()
        .map(|recorded| {
            head = head.then(id, recorded);
            head.hash.clone()
        })
        .collect()
}

/// Finds the first entry whose hash no longer fits what was anchored.
fn first_broken(id: crate::ids::CaseId, history: &[Recorded], anchored: &[String]) -> Option<usize> {
    let now = hashes(id, history);
    (0..anchored.len()).find(|at| now.get(*at) != anchored.get(*at))
}

/// PROP-67
#[test]
fn swapped_cut_and_changed_entries_break_the_chain() {
    let desk = satisfied();
    let (id, history) = (desk.case.id, desk.history);
    let anchored = hashes(id, &history);
    assert_eq!(first_broken(id, &history, &anchored), None);
    for at in 0..history.len() {
        let mut later = history.clone();
        later[at].occurred_at = crate::time::Timestamp::from_micros(later[at].occurred_at.micros() + 1);
        assert_eq!(first_broken(id, &later, &anchored), Some(at), "a changed time");
        let mut other = history.clone();
        other[at].by = Some(super::desk::person(77));
        assert_eq!(first_broken(id, &other, &anchored), Some(at), "another person");
        assert_eq!(first_broken(id, &history[..at], &anchored), Some(at), "a cut tail");
    }
    for at in 1..history.len() {
        let mut swapped = history.clone();
        swapped.swap(at - 1, at);
        assert_eq!(first_broken(id, &swapped, &anchored), Some(at - 1), "two entries swapped");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// PROP-67, PROP-68
    #[test]
    fn one_changed_byte_of_an_event_breaks_the_chain(
        at in any::<prop::sample::Index>(), byte in any::<prop::sample::Index>(), flip in 1_u8..128,
    ) {
        let desk = satisfied();
        let anchored = hashes(desk.case.id, &desk.history);
        let at = at.index(desk.history.len());
        let mut bytes = serde_json::to_vec(&desk.history[at].event).unwrap();
        let byte = byte.index(bytes.len());
        bytes[byte] ^= flip;
        let mut tampered = desk.history.clone();
        // What no longer reads as an event is found without the chain.
        if let Ok(event) = serde_json::from_slice::<Event>(&bytes) {
            prop_assume!(event != desk.history[at].event);
            tampered[at].event = event;
            prop_assert_eq!(first_broken(desk.case.id, &tampered, &anchored), Some(at));
        }
    }

    /// PROP-67
    #[test]
    fn the_history_alone_gives_the_state(steps in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 1..20)) {
        let desk = somewhere(&steps);
        prop_assert_eq!(replay(desk.case.id, &desk.history), Some(desk.case));
    }
}

/// Contracts §2: a reminder of a clock makes nobody's decision stale; what
/// another person did does.
#[test]
fn a_reminder_leaves_a_decision_fresh_and_a_colleague_does_not() {
    let mut desk = super::desk::Desk::complaint();
    let seen = desk.case.version;
    desk.until("2026-03-03T12:00:00+08:00");
    assert!(desk.case.version > seen, "the day's end was warned of and missed");
    assert!(desk.case.is_fresh(seen) && desk.case.is_fresh(desk.case.version));
    assert!(!desk.case.is_fresh(seen - 1) && !desk.case.is_fresh(desk.case.version + 1));
    desk.did(super::desk::ANN, "note", serde_json::json!({"text": "客户又来电"}));
    assert!(!desk.case.is_fresh(seen));
}
