//! Every figure against a slow count over events alone, on random lives.

use super::super::slow::Slow;
use super::super::*;
use super::desk::{ANN, Desk};
use crate::count::{Amount, Heap, METRICS, MetricUnit, Subject};
use crate::ids::CaseId;
use crate::time::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

/// Gives the heap that one case makes.
pub(super) fn heap(case: &Case) -> Heap {
    let facts = project::facts(case);
    let mut sums = [0; Amount::ALL.len()];
    for amount in Amount::ALL {
        sums[*amount as usize] = facts.amount(*amount);
    }
    Heap { marks: facts.marks, rows: 1, sums }
}

/// Lives so many random cases, from every stage on, with odd intakes between.
fn lives(number: usize) -> Vec<Desk> {
    let mut runner = TestRunner::deterministic();
    let steps = prop::collection::vec(any::<(u8, u8, u8, u8)>(), 1..24);
    (0..number)
        .map(|place| {
            let steps = steps.new_tree(&mut runner).unwrap().current();
            let mut desk = super::stories::somewhere(&steps);
            if place % 3 == 0 {
                let asks = |desk: &mut Desk, asks: bool, direction: &str| {
                    let body = json!({"text": "问进展", "direction": direction, "channel": "phone", "asks_progress": asks});
                    // what is refused leaves nothing to count
                    let _ = desk.act(ANN, "contact", body);
                };
                asks(&mut desk, true, "inbound");
                desk.until_instant(Timestamp::from_micros(desk.now.micros() + 60_000_000));
                asks(&mut desk, false, if place % 2 == 0 { "outbound" } else { "inbound" });
                desk.until_instant(Timestamp::from_micros(desk.now.micros() + 60_000_000));
                asks(&mut desk, true, "inbound");
            }
            let days = i64::from(steps[0].3 % 12);
            desk.until_instant(Timestamp::from_micros(desk.now.micros() + days * 86_400_000_000));
            desk.case.id = CaseId(uuid::Uuid::from_u128(place as u128));
            desk
        })
        .collect()
}

/// PROP-87…93, PROP-95, X-3, X-9, X-13, X-21, X-27, MOB-15, DESK-12: each
/// figure of the dictionary is what a slow count over events alone gives.
#[test]
fn every_figure_is_what_the_events_say() {
    let lives = lives(1_000);
    let heaps: Vec<Heap> = lives.iter().map(|desk| heap(&desk.case)).collect();
    let slow: Vec<Slow> = lives.iter().map(|desk| Slow::of(&desk.history)).collect();
    for metric in METRICS.iter().filter(|metric| metric.formula.list().of != Subject::Complainant) {
        let (list, (amount, _)) = (metric.formula.list(), metric.formula.amounts());
        let mut total = (0, 0);
        for ((desk, heap), slow) in lives.iter().zip(&heaps).zip(&slow) {
            let expected = slow.brings(metric.name);
            let rows = i64::from(list.test.holds(heap.marks));
            let part = amount.map_or(rows, |amount| rows * heap.sums[amount as usize]);
            let events: Vec<&str> = desk.history.iter().map(|recorded| recorded.event.name()).collect();
            assert_eq!(part, expected.0, "{} of {:?} {events:?}", metric.name, desk.case.id);
            total = (total.0 + expected.0, total.1 + expected.1);
        }
        if metric.unit == MetricUnit::WorkingDays {
            continue;
        }
        let figure = metric.figure(heaps.iter());
        assert_eq!(figure.part, total.0, "{}", metric.name);
        if metric.formula.is_share() {
            assert_eq!(figure.whole, Some(total.1), "{}", metric.name);
        }
    }
    let reached = METRICS.iter().filter(|metric| metric.figure(heaps.iter()).part > 0).count();
    assert!(reached >= 30, "the random lives reach {reached} metrics: too few to prove anything");
}

/// MOB-15: who asks before anything was said is a miss; who was told first is not.
#[test]
fn a_question_without_notice_in_between_is_a_miss() {
    let mut desk = super::stories::investigating();
    let contact = |asks: bool, direction: &str| json!({"text": "进展", "direction": direction, "channel": "phone", "asks_progress": asks});
    desk.until("2026-03-02T11:00:00+08:00");
    desk.did(ANN, "contact", contact(true, "inbound"));
    assert_eq!(crate::count::misses(&desk.case), 1);
    desk.until("2026-03-02T11:10:00+08:00");
    desk.did(ANN, "contact", contact(false, "outbound"));
    desk.until("2026-03-02T11:20:00+08:00");
    desk.did(ANN, "contact", contact(true, "inbound"));
    assert_eq!(crate::count::misses(&desk.case), 1, "we had called in between");
    desk.until("2026-03-02T11:30:00+08:00");
    desk.did(ANN, "contact", contact(true, "inbound"));
    assert_eq!(crate::count::misses(&desk.case), 2);
}
