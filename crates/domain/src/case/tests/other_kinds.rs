//! The short lives of cases that are no complaints.

use super::super::*;
use super::desk::{ANN, Desk, HEAD, NAN, SPOKE, VERA, person};
use serde_json::json;

/// PROP-21, PROP-59
#[test]
fn a_repair_is_done_when_somebody_else_found_it_in_order() {
    let mut desk = Desk::receives(Kind::Repair, Channel::Phone);
    desk.did(ANN, "accept", json!({}));
    desk.did(ANN, "transfer", json!({ "to": person(NAN) }));
    desk.did(NAN, "accept_transfer", json!({}));
    desk.did(ANN, "execute", json!({}));
    desk.did(NAN, "submit_for_verification", json!({}));
    assert_eq!(desk.open(ANN, "close_done").unwrap_err(), ["not_verified"]);
    desk.did(VERA, "verify", json!({ "in_order": true }));
    desk.did(ANN, "close_done", json!({}));
    assert_eq!(desk.case.closure, Some(ClosureKind::Done));
}

/// PROP-51
#[test]
fn an_enquiry_ends_with_its_answer() {
    let mut desk = Desk::receives(Kind::Enquiry, Channel::Phone);
    assert!(desk.open(ANN, "close_answered").unwrap_err().contains(&"notice_missing".to_owned()));
    desk.did(ANN, "reply", json!({ "kind": "final", "carrier": "spoken", "text": "答复" }));
    desk.did(ANN, "close_answered", json!({}));
    assert_eq!(desk.case.closure, Some(ClosureKind::Answered));
}

/// MEDIA-1, MEDIA-2, X-14: a medium is answered by the spokesperson alone, once it
/// has asked in writing, and with the words that were approved; nothing else closes.
#[test]
fn a_medium_asks_in_writing_and_the_spokesperson_answers() {
    let says = |kind: &str, text: &str| json!({ "kind": kind, "carrier": "email", "text": text });
    let mut desk = Desk::receives(Kind::Media, Channel::Phone);
    desk.refused(ANN, "transfer", json!({ "to": person(NAN) }), "to:not_authorised");
    desk.did(ANN, "transfer", json!({ "to": person(SPOKE) }));
    desk.did(SPOKE, "accept_transfer", json!({}));
    assert_eq!(desk.open(SPOKE, "investigate").unwrap_err(), ["request_not_in_writing"]);
    let spoken = json!({ "kind": "final", "carrier": "spoken", "text": "答复" });
    for who in [ANN, SPOKE] {
        assert!(desk.act(who, "reply", spoken.clone()).is_err(), "no telephone interview, whoever gives it");
    }
    desk.did(ANN, "contact", json!({ "direction": "inbound", "channel": "fax", "text": "采访提纲" }));
    desk.did(SPOKE, "investigate", json!({}));
    for kind in ["acknowledge", "progress", "measures", "final"] {
        let codes = desk.act(ANN, "reply", says(kind, "答复")).unwrap_err();
        assert!(codes.contains(&"not_permitted".to_owned()), "{kind}: {codes:?}");
    }
    desk.did(SPOKE, "reply", says("acknowledge", "来函收到"));
    let codes = desk.act(SPOKE, "reply", says("final", "答复")).unwrap_err();
    assert_eq!(codes, ["approval_missing"]);
    let shut = desk.open(SPOKE, "close_answered").unwrap_err();
    assert!(shut.contains(&"notice_missing".to_owned()) && shut.contains(&"approval_missing".to_owned()));
    desk.did(SPOKE, "request_approval", json!({ "of": "media_statement", "text": "答复" }));
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    assert_eq!(desk.act(SPOKE, "reply", says("final", "答复。")).unwrap_err(), ["approval_stale"]);
    assert_eq!(desk.open(SPOKE, "close_answered").unwrap_err(), ["notice_missing"], "approved is not said");
    desk.did(SPOKE, "reply", says("final", "答复"));
    desk.did(SPOKE, "close_answered", json!({}));
}
