//! Each figure equals a slow count of the call records.

use super::facts::{CallDirection, CallFacts, CallResult};
use super::figures::{Aims, CALL_METRICS, CallMetric, CallPile, CallUnit};
use super::mark::marks;
use super::ring::RingRule;
use super::split::{CallsBy, Spent, Split, While, occupancy, spent};
use crate::count::Figure;
use crate::ids::{PersonId, QueueId};
use crate::time::{Timestamp, Zone, tests::at};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) fn call() -> CallFacts {
    CallFacts {
        direction: CallDirection::In,
        typed: false,
        arrived_at: at("2026-11-24T10:07"),
        queue: Some(QueueId(Uuid::from_u128(1))),
        agent: Some(PersonId(Uuid::from_u128(7))),
        line: Some("4000000001".into()),
        service: Some("complaint".into()),
        result: CallResult::Answered,
        queued: true,
        answered: true,
        wait_ms: 8_000,
        rang_ms: Some(6_000),
        talk_ms: 100_000,
        hold_ms: 0,
        holds: 0,
        wrap_up_ms: 20_000,
        overflowed: false,
        beyond_limit: false,
        call_back_asked: false,
        call_back_kept: None,
        transfers: 0,
    }
}

fn figure(name: &str, calls: &[CallFacts]) -> Figure {
    let mut pile = CallPile::default();
    calls.iter().for_each(|call| pile.add(call, &Aims::default()));
    pile.figure(CallMetric::named(name).expect("a metric"))
}

/// CALL-10: a call among colleagues is counted as such and in no figure about customers, however
/// long it lasts and whatever became of it.
#[test]
fn a_call_among_colleagues_is_in_no_figure_of_customers() {
    let long =
        CallFacts { direction: CallDirection::Internal, talk_ms: 999_000, holds: 3, transfers: 1, ..call() };
    let lost = CallFacts { result: CallResult::Lost, call_back_asked: true, ..long.clone() };
    let typed = CallFacts { typed: true, ..long.clone() };
    let day = [call(), long, lost, typed];
    for metric in CALL_METRICS.iter().filter(|metric| metric.name != "internal") {
        assert_eq!(figure(metric.name, &day), figure(metric.name, &[call()]), "{}", metric.name);
    }
    assert_eq!(figure("internal", &day).value, Some(3));
}

/// CALL-10, CALL-15, TEL-8, X-1: figures of a morning, worked out by hand.
#[test]
fn a_morning_is_counted() {
    let long = CallFacts { talk_ms: 180_001, rang_ms: Some(15_000), wait_ms: 31_000, ..call() };
    let gone = CallFacts {
        result: CallResult::Abandoned,
        answered: false,
        agent: None,
        rang_ms: None,
        talk_ms: 0,
        wrap_up_ms: 0,
        wait_ms: 40_000,
        ..call()
    };
    let short = CallFacts { wait_ms: 4_999, ..gone.clone() };
    let menu = CallFacts {
        result: CallResult::AbandonedInMenu,
        queued: false,
        queue: None,
        wait_ms: 0,
        ..gone.clone()
    };
    let refused = CallFacts { result: CallResult::Rejected, beyond_limit: true, ..menu.clone() };
    let calls = [call(), long, gone, short, menu, refused];
    let value = |name: &str| figure(name, &calls).value;
    for (name, wanted) in [
        ("inbound", 6),
        ("offered", 4),
        ("answered", 2),
        ("connect_rate", 500_000),
        ("answered_in_time", 1),
        ("service_level", 333_333),
        ("abandoned", 2),
        ("abandoned_short", 1),
        ("abandon_rate", 333_333),
        ("abandoned_in_menu", 1),
        ("speed_of_answer", 19_500),
        ("longest_wait", 40_000),
        ("within_rings", 500_000),
        ("over_three_minutes", 500_000),
        ("talk", 140_001),
        ("wrap_up", 20_000),
        ("handle", 160_001),
        ("beyond_limit", 1),
        ("automatic", 2),
        ("manual", 4),
    ] {
        assert_eq!(value(name), Some(wanted), "{name}");
    }
    assert_eq!(figure("connect_rate", &[]).value, None, "a share of nothing");
    assert_eq!(figure("longest_wait", &[]).value, None);
}

/// TEL-18, TEL-33: of the call backs whose time has come, those that were kept.
#[test]
fn call_backs_count_once_their_time_has_come() {
    let asked = |kept| CallFacts { call_back_asked: true, call_back_kept: kept, ..call() };
    let calls = [asked(None), asked(Some(true)), asked(Some(false)), call()];
    assert_eq!(figure("call_backs", &calls).value, Some(3));
    let kept = figure("call_backs_kept", &calls);
    assert_eq!((kept.value, kept.part, kept.whole), (Some(500_000), 1, Some(2)));
}

/// X-1, TEL-15, DESK-5: the rings are the house's own, and early is counted apart.
#[test]
fn rings_follow_the_houses_rule() {
    let rang = |millis| CallFacts { rang_ms: Some(millis), ..call() };
    let calls = [rang(500), rang(9_000), rang(12_000), rang(16_000)];
    assert_eq!(figure("within_rings", &calls).value, Some(750_000));
    assert_eq!(figure("early", &calls).value, Some(1));
    let desk = Aims { rings: RingRule::BEFORE_THIRD, ..Aims::default() };
    let mut pile = CallPile::default();
    calls.iter().for_each(|call| pile.add(call, &desk));
    assert_eq!(pile.figure(CallMetric::named("within_rings").unwrap()).value, Some(500_000));
    assert_eq!(calls[2].ring(), Some(3));
}

/// CALL-21: by interval, queue, agent, service, line and channel.
#[test]
fn calls_are_split_by_what_they_are() {
    let menu = CallFacts {
        queued: false,
        answered: false,
        agent: None,
        result: CallResult::AbandonedInMenu,
        ..call()
    };
    let out = CallFacts {
        direction: CallDirection::Out,
        service: None,
        arrived_at: at("2026-11-24T10:31"),
        ..call()
    };
    let calls = [call(), menu, out];
    let zone = Zone::shanghai();
    let groups = |by| -> Vec<String> {
        Split { by, minutes: 30, zone: &zone }.piles(&calls, &Aims::default()).into_keys().collect()
    };
    assert_eq!(groups(CallsBy::Interval), ["2026-11-24T10:00", "2026-11-24T10:30"]);
    assert_eq!(groups(CallsBy::Channel), ["automatic", "manual", "out"]);
    assert_eq!(groups(CallsBy::Service), ["", "complaint"]);
    assert_eq!(groups(CallsBy::Line), ["4000000001"]);
    assert_eq!(groups(CallsBy::Agent).len(), 2);
    assert_eq!(groups(CallsBy::Day), ["2026-11-24"]);
}

/// CALL-10: occupancy is work on calls in the time when calls could come.
#[test]
fn occupancy_leaves_out_who_is_away() {
    let one = |spent, from: &str, to: Option<&str>| While { spent, from: at(from), to: to.map(at) };
    let day = [
        one(Spent::Ready, "2026-11-24T08:00", Some("2026-11-24T09:30")),
        one(Spent::Talking, "2026-11-24T09:30", Some("2026-11-24T09:40")),
        one(Spent::WrapUp, "2026-11-24T09:40", Some("2026-11-24T09:45")),
        one(Spent::NotReady, "2026-11-24T09:45", Some("2026-11-24T09:55")),
        one(Spent::Ringing, "2026-11-24T09:55", None),
    ];
    let hour = (at("2026-11-24T09:00"), at("2026-11-24T10:00"));
    let sums = spent(&day, hour, at("2026-11-24T11:00"));
    assert_eq!(sums[&Spent::Ready], 30 * 60_000, "only what lies in the hour");
    assert_eq!(sums[&Spent::Ringing], 5 * 60_000, "what lasts ends with the hour");
    let busy = occupancy(&sums);
    assert_eq!((busy.part, busy.whole, busy.value), (1_200_000, Some(3_000_000), Some(400_000)));
    assert_eq!(occupancy(&spent(&[], hour, hour.1)).value, None);
}

/// CALL-10: aims of a house's own are within their bounds.
#[test]
fn aims_are_within_their_bounds() {
    assert_eq!(Aims::default().faults(), []);
    let odd = Aims {
        talk_ms: 3_600_001,
        short_ms: -1,
        rings: RingRule { latest: 0, automatic: false },
        ..Aims::default()
    };
    let paths: Vec<String> = odd.faults().into_iter().map(|fault| fault.path).collect();
    assert_eq!(paths, ["short_ms", "talk_ms", "rings.latest"]);
}

/// CALL-10: names are unique, in both languages, each with a source.
#[test]
fn the_dictionary_is_complete() {
    let names: BTreeSet<&str> = CALL_METRICS.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), CALL_METRICS.len());
    for metric in CALL_METRICS {
        assert!(
            !metric.zh.is_empty() && !metric.en.is_empty() && !metric.source.is_empty(),
            "{}",
            metric.name
        );
        assert_eq!(metric.out().name, metric.name);
    }
}

fn any_call() -> impl Strategy<Value = CallFacts> {
    let result = prop::sample::select(CallResult::ALL);
    let direction = prop::sample::select(CallDirection::ALL);
    let flags = any::<[bool; 6]>();
    let times = prop::array::uniform5(0_i64..400_000);
    let counts = (0_u32..3, 0_u32..2, prop::option::of(any::<bool>()));
    (result, direction, flags, times, counts, 0_u128..3, 0_i64..200).prop_map(
        |(result, direction, flags, times, (holds, transfers, kept), queue, minute)| CallFacts {
            direction,
            typed: flags[0],
            arrived_at: Timestamp::from_micros(1_790_000_000_000_000 + minute * 60_000_000),
            queue: (queue > 0).then(|| QueueId(Uuid::from_u128(queue))),
            agent: flags[2].then(|| PersonId(Uuid::from_u128(queue + 10))),
            line: Some(format!("400{queue}")),
            service: None,
            result,
            queued: flags[1],
            answered: flags[2],
            wait_ms: times[0],
            rang_ms: flags[2].then_some(times[1] / 10),
            talk_ms: times[2],
            hold_ms: times[3],
            holds,
            wrap_up_ms: times[4],
            overflowed: flags[3],
            beyond_limit: flags[4],
            call_back_asked: flags[5],
            call_back_kept: kept,
            transfers,
        },
    )
}

/// Counts a figure the slow way, from the records alone, without marks or piles.
fn slowly(name: &str, calls: &[CallFacts]) -> Option<i64> {
    // calls among colleagues have a count of their own and are in no other
    let (inside, rest): (Vec<CallFacts>, Vec<CallFacts>) =
        calls.iter().cloned().partition(|c| c.direction == CallDirection::Internal);
    if name == "internal" { Some(inside.len() as i64) } else { slowly_of_customers(name, &rest) }
}

fn slowly_of_customers(name: &str, calls: &[CallFacts]) -> Option<i64> {
    let inbound = |c: &&CallFacts| c.direction == CallDirection::In;
    let offered = |c: &&CallFacts| inbound(c) && !c.typed && (c.queued || c.answered);
    let gone = |c: &&CallFacts| offered(c) && c.result == CallResult::Abandoned;
    let short = |c: &&CallFacts| gone(c) && c.wait_ms < 5_000;
    let automatic = |c: &&CallFacts| inbound(c) && !c.queued && !c.answered && !c.typed && c.transfers == 0;
    let rang = |c: &&CallFacts| inbound(c) && c.answered && c.rang_ms.is_some();
    let ended = |c: &&CallFacts, result| inbound(c) && !c.typed && c.result == result;
    let count = |test: &dyn Fn(&&CallFacts) -> bool| calls.iter().filter(test).count() as i64;
    let share = |part: &dyn Fn(&&CallFacts) -> bool, whole: &dyn Fn(&&CallFacts) -> bool| {
        let (part, whole) = (count(part), count(whole));
        (whole > 0).then(|| (part as f64 * 1e6 / whole as f64).round() as i64)
    };
    let mean = |test: &dyn Fn(&&CallFacts) -> bool, of: &dyn Fn(&CallFacts) -> i64| {
        let rows: Vec<i64> = calls.iter().filter(test).map(of).collect();
        (!rows.is_empty()).then(|| (rows.iter().sum::<i64>() as f64 / rows.len() as f64).round() as i64)
    };
    let spoken = |c: &&CallFacts| c.answered;
    let answered = |c: &&CallFacts| offered(c) && c.answered;
    let in_time = |c: &&CallFacts| answered(c) && c.wait_ms <= 20_000;
    Some(match name {
        "inbound" => count(&inbound),
        "manual" => count(&|c| inbound(c) && !automatic(c)),
        "automatic" => count(&automatic),
        "typed" => count(&|c| inbound(c) && c.typed),
        "offered" => count(&offered),
        "answered" => count(&answered),
        "connect_rate" => return share(&answered, &offered),
        "answered_in_time" => count(&in_time),
        "service_level" => return share(&|c| in_time(c) && !short(c), &|c| offered(c) && !short(c)),
        "abandoned_in_menu" => count(&|c| ended(c, CallResult::AbandonedInMenu)),
        "abandoned" => count(&gone),
        "abandoned_short" => count(&short),
        "abandon_rate" => return share(&|c| gone(c) && !short(c), &|c| offered(c) && !short(c)),
        "speed_of_answer" => return mean(&answered, &|c| c.wait_ms),
        "longest_wait" => return calls.iter().filter(offered).map(|c| c.wait_ms).max(),
        "within_rings" => return share(&|c| rang(c) && c.rang_ms < Some(15_000), &rang),
        "early" => count(&|c| rang(c) && c.rang_ms < Some(1_000)),
        "talk" => return mean(&spoken, &|c| c.talk_ms),
        "over_three_minutes" => return share(&|c| spoken(c) && c.talk_ms > 180_000, &spoken),
        "hold" => return mean(&|c| spoken(c) && c.holds > 0, &|c| c.hold_ms),
        "held" => count(&|c| spoken(c) && c.holds > 0),
        "holds" => calls.iter().filter(spoken).map(|c| i64::from(c.holds)).sum(),
        "wrap_up" => return mean(&spoken, &|c| c.wrap_up_ms),
        "handle" => return mean(&spoken, &|c| c.talk_ms + c.hold_ms + c.wrap_up_ms),
        "transferred" => count(&|c| c.transfers > 0),
        "overflowed" => count(&|c| inbound(c) && c.overflowed),
        "beyond_limit" => count(&|c| inbound(c) && c.beyond_limit),
        "voicemail" => count(&|c| ended(c, CallResult::Voicemail)),
        "call_backs" => count(&|c| c.call_back_asked),
        "call_backs_kept" => {
            let due = |c: &&CallFacts| c.call_back_asked && c.call_back_kept.is_some();
            return share(&|c| due(c) && c.call_back_kept == Some(true), &due);
        }
        "outbound" => count(&|c| c.direction == CallDirection::Out),
        "outbound_answered" => count(&|c| c.direction == CallDirection::Out && c.answered),
        "lost" => count(&|c| c.result == CallResult::Lost),
        "failed" => count(&|c| c.result == CallResult::Failed),
        other => panic!("{other} has no slow count: write one"),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// CALL-10, CALL-21: each figure equals a slow count over the call records, whole and
    /// in every split.
    #[test]
    fn each_figure_equals_a_slow_count(calls in prop::collection::vec(any_call(), 0..60)) {
        let aims = Aims::default();
        let mut pile = CallPile::default();
        calls.iter().for_each(|call| pile.add(call, &aims));
        for metric in CALL_METRICS {
            prop_assert_eq!(pile.figure(metric).value, slowly(metric.name, &calls), "{}", metric.name);
        }
        let zone = Zone::shanghai();
        for by in CallsBy::ALL {
            let split = Split { by: *by, minutes: 15, zone: &zone };
            let piles = split.piles(&calls, &aims);
            for metric in CALL_METRICS {
                for (group, pile) in &piles {
                    let own: Vec<CallFacts> = calls.iter().filter(|call| split.group(call) == *group).cloned().collect();
                    prop_assert_eq!(pile.figure(metric).value, slowly(metric.name, &own), "{} of {}", metric.name, group);
                }
                let parts: i64 = piles.values().map(|pile| pile.figure(metric).part).sum();
                if metric.unit == CallUnit::Calls || metric.unit == CallUnit::Share {
                    prop_assert_eq!(parts, pile.figure(metric).part, "{} by {}", metric.name, by);
                }
            }
        }
    }

    /// CALL-10: the list behind a count has as many calls as the figure says.
    #[test]
    fn the_list_behind_a_figure_has_its_calls(calls in prop::collection::vec(any_call(), 0..60)) {
        let aims = Aims::default();
        let mut pile = CallPile::default();
        calls.iter().for_each(|call| pile.add(call, &aims));
        for metric in CALL_METRICS.iter().filter(|metric| metric.unit == CallUnit::Calls) {
            let list = metric.formula.list();
            let rows = calls.iter().filter(|call| list.holds(marks(call, &aims))).count();
            prop_assert_eq!(pile.figure(metric).value, Some(rows as i64), "{}", metric.name);
        }
    }
}
