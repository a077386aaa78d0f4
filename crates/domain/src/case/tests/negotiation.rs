//! Finding out, deciding and agreeing.

use super::super::*;
use super::desk::{ANN, HEAD, LEE, NAN};
use super::stories::{deciding, finds_out, investigating, negotiating};
use serde_json::json;

/// PROP-40, PROP-41, PROP-53, PROP-54, PROP-58
#[test]
fn nothing_is_negotiated_without_finding_basis_and_option() {
    let mut desk = investigating();
    let missing = ["finding_missing", "options_missing", "basis_missing"];
    assert_eq!(desk.open(NAN, "negotiate").unwrap_err(), missing);
    finds_out(&mut desk);
    desk.did(NAN, "state_basis", json!({ "kind": "law", "responsibility": "not_ours", "text": "条例" }));
    assert_eq!(desk.case.round.basis, Some((BasisKind::Law, Responsibility::NotOurs)));
    desk.did(NAN, "negotiate", json!({}));
}

/// PROP-55
#[test]
fn they_negotiate_until_both_agree_and_every_round_is_kept() {
    let mut desk = negotiating();
    desk.did(NAN, "answer_option", json!({ "option": 1, "answer": "declined", "text": "不够" }));
    assert_eq!(desk.open(NAN, "execute").unwrap_err(), ["option_not_accepted"]);
    desk.did(NAN, "offer_option", json!({ "text": "另加清洁" }));
    desk.did(NAN, "answer_option", json!({ "option": 2, "answer": "accepted" }));
    desk.did(NAN, "execute", json!({}));
    let answers: Vec<_> = desk.case.round.options.iter().map(|option| option.answer).collect();
    assert_eq!(answers, [Some(OptionAnswer::Declined), Some(OptionAnswer::Accepted)]);
    desk.refused(NAN, "negotiate", json!({}), "reason:required");
}

/// SKILL-3, TXT-14
#[test]
fn expectations_are_ranked_one_by_one() {
    let mut desk = negotiating();
    let item = |rank: u32| json!({ "text": "期望", "rank": rank, "answer": "partly" });
    desk.refused(NAN, "rank_expectations", json!({ "items": [item(1), item(1)] }), "items:ranks_not_unique");
    desk.did(NAN, "rank_expectations", json!({ "items": [item(2), item(1)] }));
    assert_eq!(desk.case.round.expectations.len(), 2);
}

/// PROP-24, PROP-56, X-14
#[test]
fn the_head_decides_what_was_asked_and_never_his_own() {
    let mut desk = deciding();
    assert_eq!(desk.open(HEAD, "negotiate").unwrap_err(), ["not_decided"]);
    desk.did(NAN, "request_approval", json!({ "of": "plan", "text": "换管" }));
    assert_eq!(desk.open(LEE, "decide_approval").unwrap_err(), ["no_approval_of_yours"]);
    desk.refused(
        HEAD,
        "decide_approval",
        json!({ "approval": 1, "decision": "returned" }),
        "comment:required",
    );
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    desk.did(HEAD, "negotiate", json!({}));
    assert!(desk.told("approval_decided").len() == 1);
    let mut own = deciding();
    own.people.get_mut(&super::desk::person(NAN)).unwrap().posts.insert(crate::people::Post::Head);
    own.did(ANN, "request_approval", json!({ "of": "plan", "text": "换管" }));
    assert_eq!(own.open(NAN, "decide_approval").unwrap_err(), ["own_request"], "two posts, one person");
}
