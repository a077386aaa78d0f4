//! Promises, answers and limits that break.

use super::super::*;
use super::desk::{ANN, BEN, LEE, NAN, person};
use super::stories::{accepted, executing, investigating, verifying};
use crate::clock::{ClockKind, ClockState};
use crate::people::Post;
use serde_json::json;

/// PROP-21
#[test]
fn no_visit_time_is_promised_before_somebody_is_available() {
    let mut desk = accepted();
    let visit = json!({ "kind": "visit", "text": "上门", "due": "2026-03-03T15:00:00+08:00" });
    desk.refused(ANN, "promise", visit.clone(), "slot:availability_not_confirmed");
    desk.did(
        LEE,
        "confirm_slot",
        json!({
            "person": person(NAN), "from": "2026-03-03T14:00:00+08:00", "to": "2026-03-03T16:00:00+08:00",
        }),
    );
    let outside = json!({ "kind": "visit", "text": "上门", "due": "2026-03-03T17:00:00+08:00" });
    desk.refused(ANN, "promise", outside, "slot:availability_not_confirmed");
    desk.did(ANN, "promise", visit);
}

/// PROP-37, SLM-3, PROP-36
#[test]
fn promises_have_owner_due_time_and_fulfilment() {
    let mut desk = accepted();
    let promise = &desk.case.promises[0];
    assert_eq!((promise.by, promise.is_open()), (Some(person(ANN)), true));
    desk.refused(
        ANN,
        "promise",
        json!({
            "kind": "other", "text": "昨天", "due": "2026-03-01T10:00:00+08:00"
        }),
        "due:in_the_past",
    );
    desk.until("2026-03-02T16:00:00+08:00");
    assert_eq!(desk.clock(ClockKind::Promise).state(), ClockState::Breached);
    assert!(desk.told("promise_missed").contains(&Recipient::Person(person(ANN))));
    desk.did(
        ANN,
        "reply",
        json!({
            "kind": "progress", "carrier": "spoken", "text": "进展", "next": "2026-03-03T12:00:00+08:00",
        }),
    );
    assert!(!desk.case.promises[0].is_open(), "late, but kept");
    assert_eq!(
        desk.case.clocks[usize::try_from(desk.case.promises[0].clock.unwrap()).unwrap() - 1].state(),
        ClockState::MetLate
    );
    desk.until("2026-03-03T12:00:00+08:00");
    assert!(
        !desk.told("promise_missed").is_empty() && desk.case.next_reply_clock.is_some(),
        "the next answer is watched"
    );
}

///
#[test]
fn a_progress_answer_names_the_next_and_paper_its_proof() {
    let mut desk = accepted();
    desk.refused(
        ANN,
        "reply",
        json!({ "kind": "progress", "carrier": "spoken", "text": "进展" }),
        "next:required",
    );
    desk.refused(
        ANN,
        "reply",
        json!({ "kind": "final", "carrier": "letter", "text": "答复" }),
        "proof:required",
    );
    desk.did(ANN, "reply", json!({ "kind": "acknowledge", "carrier": "spoken", "text": "收到" }));
    assert_eq!(desk.clock(ClockKind::Reply).state(), ClockState::Running);
    desk.did(ANN, "reply", json!({ "kind": "final", "carrier": "spoken", "text": "答复" }));
    assert_eq!(desk.clock(ClockKind::Reply).state(), ClockState::Met);
}

/// PROP-17, X-54
#[test]
fn past_one_working_day_the_handling_record_is_due() {
    let mut desk = verifying();
    desk.until("2026-03-04T00:00:00+08:00");
    let task = desk.case.tasks.iter().find(|task| task.kind == TaskKind::HandlingRecord).unwrap();
    assert!(task.blocking && task.is_open());
    desk.did(super::desk::VERA, "verify", json!({ "in_order": true }));
    assert_eq!(desk.open(super::desk::VERA, "send_to_visit").unwrap_err(), ["form_missing"]);
    let mut waived = desk.clone();
    assert!(waived.open(ANN, "waive_form").is_err(), "the lead alone waives");
    waived.did(LEE, "waive_form", json!({ "form": "handling_record", "reason": "只是等待" }));
    assert_eq!(waived.open(super::desk::VERA, "send_to_visit"), Ok(()));
    desk.did(
        NAN,
        "file_form",
        json!({ "form": "handling_record", "fields": {
        "complaint": "渗水", "responsible": "工程部", "measures": "换管",
    } }),
    );
    assert_eq!(desk.open(super::desk::VERA, "send_to_visit"), Ok(()));
    assert!(desk.case.tasks.iter().all(|task| !task.is_open()));
}

/// PROP-36
#[test]
fn a_broken_limit_is_told_to_worker_owner_and_leaders() {
    let mut desk = investigating();
    desk.until("2026-03-03T00:00:00+08:00");
    let told = desk.told("limit_missed");
    for to in [Recipient::Person(person(NAN)), Recipient::Person(person(ANN)), Recipient::Post(Post::Lead)] {
        assert!(told.contains(&to), "{to:?}");
    }
}

/// PROP-36, SUP-5
#[test]
fn delays_and_reminders_are_actions_with_reason_and_count() {
    let mut desk = executing();
    let record = desk.clock(ClockKind::Record).id;
    desk.did(
        LEE,
        "extend",
        json!({ "clock": record, "until": "2026-03-05T00:00:00+08:00", "reason": "等配件" }),
    );
    desk.did(BEN, "urge", json!({ "text": "请尽快" }));
    desk.did(LEE, "supervise", json!({ "text": "限期" }));
    desk.did(NAN, "return_transfer", json!({ "reason": "改派" }));
    let counts = &desk.case.counts;
    assert_eq!((counts.extended, counts.urged, counts.supervised, counts.returned), (1, 1, 1, 1));
    assert!(desk.told("supervised").contains(&Recipient::Post(Post::Lead)));
    let reply = desk.clock(ClockKind::Reply).id;
    desk.refused(ANN, "pause_clock", json!({ "clock": reply, "reason": "等" }), "no_clock_to_pause");
}

/// X-12, PROP-61
#[test]
fn beyond_our_ability_the_week_counts_from_the_final_notice() {
    let mut desk = verifying();
    desk.did(super::desk::VERA, "verify", json!({ "in_order": true }));
    desk.did(LEE, "exempt", json!({ "reason": "beyond_ability", "text": "政府事项" }));
    assert_eq!(desk.open(super::desk::VERA, "settle").unwrap_err(), ["notice_missing"]);
    desk.did(ANN, "reply", json!({ "kind": "final", "carrier": "spoken", "text": "已转政府" }));
    desk.did(super::desk::VERA, "settle", json!({}));
    desk.until("2026-03-06T10:00:00+08:00");
    desk.did(ANN, "reply", json!({ "kind": "final", "carrier": "spoken", "text": "再次告知" }));
    desk.until("2026-03-13T23:59:59+08:00");
    assert_eq!(desk.case.stage, Stage::Settling);
    desk.until("2026-03-14T00:00:00+08:00");
    assert_eq!(desk.case.closure, Some(ClosureKind::ExemptElapsed));
}
