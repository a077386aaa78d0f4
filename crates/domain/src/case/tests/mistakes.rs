//! Mistakes are put right by events, never by edits.

use super::super::*;
use super::desk::{ANN, Desk, HEAD, LEE, person};
use super::stories::{accepted, negotiating, satisfied};
use crate::clock::ClockKind;
use serde_json::json;

/// PROP-67, PROP-79
#[test]
fn an_enquiry_that_was_a_complaint_gets_its_limits_from_the_receipt() {
    let mut desk = Desk::receives(Kind::Enquiry, Channel::Phone);
    assert!(desk.case.clocks.is_empty());
    desk.until("2026-03-02T15:00:00+08:00");
    desk.did(ANN, "correct_kind", json!({ "kind": "complaint", "reason": "其实是投诉" }));
    assert_eq!(desk.clock(ClockKind::Reply).started_at, desk.case.received_at);
    assert_eq!(desk.clock(ClockKind::Reply).due_at, super::desk::at("2026-03-03T00:00:00+08:00"));
    desk.refused(ANN, "correct_kind", json!({ "kind": "complaint", "reason": "x" }), "kind:unchanged");
}

/// PROP-67
#[test]
fn a_kind_without_the_stage_begins_again_at_the_first() {
    let mut desk = negotiating();
    desk.did(LEE, "correct_kind", json!({ "kind": "praise", "reason": "其实是表扬" }));
    assert_eq!((desk.case.kind, desk.case.stage), (Kind::Praise, Stage::Received));
    assert!(desk.case.clocks.iter().all(|clock| !clock.is_open() || clock.kind == ClockKind::Promise));
}

/// PROP-67
#[test]
fn void_needs_approval_and_is_for_good() {
    let mut desk = accepted();
    assert_eq!(desk.open(LEE, "void").unwrap_err(), ["approval_missing"]);
    desk.did(LEE, "request_approval", json!({ "of": "void", "text": "误录" }));
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    desk.did(LEE, "void", json!({}));
    assert_eq!(desk.open(LEE, "reopen").unwrap_err(), ["closed_for_good"]);
    assert_eq!(desk.open(LEE, "close_duplicate").unwrap_err(), ["closed_for_good"]);
}

/// PROP-67, PROP-90
#[test]
fn filed_twice_is_closed_as_duplicate_of_the_one_kept() {
    let mut desk = accepted();
    assert_eq!(desk.open(LEE, "close_duplicate").unwrap_err(), ["not_linked"]);
    desk.did(ANN, "link", json!({ "relation": "duplicate_of", "other": person(55) }));
    desk.did(LEE, "close_duplicate", json!({}));
    assert_eq!(desk.case.closure, Some(ClosureKind::Duplicate));
}

/// PROP-64, PROP-67
#[test]
fn closed_by_mistake_goes_back_to_the_stage_before_in_the_same_round() {
    let mut desk = satisfied();
    assert_eq!(desk.open(LEE, "reopen").unwrap_err(), ["not_linked"]);
    desk.did(LEE, "request_approval", json!({ "of": "reopen", "text": "误关" }));
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    desk.did(LEE, "reopen", json!({ "reason": "误关" }));
    assert_eq!((desk.case.stage, desk.case.round.number), (Stage::Visiting, 1));
}

/// PROP-64
#[test]
fn a_repeat_opens_a_closed_case_with_a_new_reply_limit() {
    let mut desk = satisfied();
    desk.did(ANN, "link", json!({ "relation": "repeated_by", "other": person(56) }));
    desk.did(ANN, "reopen", json!({ "reason": "又漏水" }));
    assert_eq!((desk.case.stage, desk.case.round.number), (Stage::Investigating, 2));
    assert_eq!(desk.clock(ClockKind::Reply).round, 2);
    assert_eq!(desk.case.counts.reopened, 1);
}
