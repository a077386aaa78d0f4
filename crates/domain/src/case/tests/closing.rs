//! Verification, visit and the ways of closing.

use super::super::*;
use super::desk::{ANN, Desk, HEAD, LEE, VERA, VIC, person};
use super::stories::{accepted, executing, investigating, negotiating, verifying, visiting};
use serde_json::json;

/// PROP-59, X-39
#[test]
fn no_visit_before_verification() {
    let desk = executing();
    assert!(desk.open(VIC, "visit").unwrap_err().contains(&"wrong_stage".to_owned()));
    let desk = verifying();
    assert_eq!(desk.open(VERA, "send_to_visit").unwrap_err(), ["not_verified"]);
}

/// PROP-59
#[test]
fn what_is_not_in_order_goes_back_with_a_reason() {
    let mut desk = verifying();
    assert_eq!(desk.open(VERA, "execute").unwrap_err(), ["not_found_wanting"]);
    desk.refused(VERA, "verify", json!({ "in_order": false }), "note:required");
    desk.did(VERA, "verify", json!({ "in_order": false, "note": "仍渗水" }));
    desk.did(VERA, "execute", json!({ "reason": "仍渗水" }));
    desk.did(super::desk::NAN, "submit_for_verification", json!({}));
    assert_eq!(desk.open(VERA, "send_to_visit").unwrap_err(), ["not_verified"], "checked anew each time");
}

/// PROP-60, PROP-62, SUP-5
#[test]
fn settled_on_the_spot_needs_the_customers_yes() {
    let mut desk = Desk::complaint();
    desk.did(ANN, "mark", json!({ "flag": "settled_at_once", "text": "当场修好" }));
    desk.did(ANN, "accept", json!({}));
    assert_eq!(desk.open(ANN, "exempt").unwrap_err(), ["exemption_is_the_leads"]);
    desk.did(ANN, "mark", json!({ "flag": "satisfied_on_the_spot", "text": "客户满意" }));
    desk.did(ANN, "exempt", json!({ "reason": "on_the_spot", "text": "当场确认" }));
    desk.did(ANN, "settle", json!({}));
    desk.until("2026-03-10T00:00:00+08:00");
    assert_eq!(desk.case.closure, Some(ClosureKind::ExemptElapsed));
}

/// PROP-60, X-12
#[test]
fn an_exemption_needs_its_reason_to_be_true() {
    let mut desk = verifying();
    desk.did(VERA, "verify", json!({ "in_order": true }));
    for reason in ["on_the_spot", "anonymous", "no_usable_contact", "refused_at_visit"] {
        desk.refused(LEE, "exempt", json!({ "reason": reason, "text": "x" }), "reason:exemption_not_given");
    }
    desk.did(LEE, "mark", json!({ "flag": "do_not_visit", "text": "拒访" }));
    assert!(desk.open(VERA, "settle").is_err(), "do-not-visit is no reason by itself");
}

/// PROP-63
#[test]
fn who_refuses_visits_is_never_visited_again() {
    let mut desk = visiting();
    desk.did(VIC, "visit", json!({ "result": "refused", "form": "phone" }));
    assert!(desk.case.has(Flag::DoNotVisit));
    assert_eq!(desk.open(VIC, "visit").unwrap_err(), ["do_not_visit"]);
    desk.refused(LEE, "unmark", json!({ "flag": "do_not_visit" }), "text:required");
    desk.did(LEE, "exempt", json!({ "reason": "refused_at_visit", "text": "拒访" }));
    desk.did(VIC, "settle", json!({}));
    let mut flagged = visiting();
    flagged.do_not_visit = true;
    assert_eq!(flagged.open(VIC, "visit").unwrap_err(), ["do_not_visit"], "the party's flag counts too");
}

///
#[test]
fn dissatisfied_but_agreed_needs_the_heads_approval_and_reason() {
    let mut desk = negotiating();
    assert_eq!(desk.open(HEAD, "close_agreed_but_dissatisfied").unwrap_err(), ["approval_missing"]);
    desk.did(LEE, "request_approval", json!({ "of": "closure", "text": "无理要求" }));
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    desk.refused(HEAD, "close_agreed_but_dissatisfied", json!({}), "reason:required");
    desk.did(HEAD, "close_agreed_but_dissatisfied", json!({ "reason": "已反复解释" }));
    assert_eq!(desk.case.closure, Some(ClosureKind::AgreedButDissatisfied));
}

/// X-13, PROP-39
#[test]
fn a_withdrawal_rests_on_the_customers_word_and_waits_for_blocking_tasks() {
    let mut desk = investigating();
    assert_eq!(desk.open(ANN, "close_withdrawn").unwrap_err(), ["customer_word_missing"]);
    desk.did(ANN, "record_customer_word", json!({ "meaning": "withdraws", "text": "不投诉了" }));
    desk.did(ANN, "mark", json!({ "flag": "management_responsibility" }));
    assert_eq!(desk.open(ANN, "close_withdrawn").unwrap_err(), ["tasks_open"]);
    desk.did(HEAD, "complete_task", json!({ "task": 1, "result": "已到场" }));
    desk.did(ANN, "close_withdrawn", json!({}));
    assert_eq!(desk.case.closure, Some(ClosureKind::Withdrawn));
}

/// DESK-15, X-55, PROP-67
#[test]
fn contact_goes_on_after_the_end() {
    let mut desk = super::stories::satisfied();
    desk.did(ANN, "contact", json!({ "direction": "outbound", "channel": "phone", "text": "回访近况" }));
    desk.did(ANN, "note", json!({ "text": "一切正常" }));
    assert_eq!(desk.case.contacts.len(), 1);
    assert!(desk.open(ANN, "promise").is_err(), "but nothing is handled any more");
    assert_eq!(accepted().case.owner, person(ANN));
}

/// PROP-64: a week that ran out while a blocking task was open closes the case
/// by itself once the task is done; nobody has to come back to it.
#[test]
fn a_week_that_is_over_settles_by_itself_once_the_task_is_done() {
    let mut desk = Desk::complaint();
    desk.did(ANN, "mark", json!({ "flag": "settled_at_once", "text": "当场修好" }));
    desk.did(ANN, "accept", json!({}));
    desk.did(ANN, "mark", json!({ "flag": "satisfied_on_the_spot", "text": "客户满意" }));
    desk.did(ANN, "exempt", json!({ "reason": "on_the_spot", "text": "当场确认" }));
    desk.did(ANN, "settle", json!({}));
    for title in ["补签字", "归还押金"] {
        let task = json!({ "title": title, "post": "lead", "blocking": true });
        desk.did(LEE, "add_task", task);
    }
    desk.until("2026-03-12T09:00:00+08:00");
    assert_eq!(desk.case.stage, Stage::Settling, "the tasks keep it open");
    desk.did(LEE, "complete_task", json!({ "task": 1, "result": "已签" }));
    desk.until("2026-03-12T10:00:00+08:00");
    assert_eq!(desk.case.stage, Stage::Settling, "one is left");
    desk.did(LEE, "complete_task", json!({ "task": 2, "result": "已退" }));
    desk.until("2026-03-12T10:00:02+08:00");
    assert_eq!(desk.case.closure, Some(ClosureKind::ExemptElapsed));
}
