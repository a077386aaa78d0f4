//! Duties that one person may not join.

use super::desk::{LEE, NAN, VERA, person};
use super::stories::{investigating, verifying, visiting};
use crate::people::Post;
use serde_json::json;

/// X-39, PROP-59
#[test]
fn who_handled_neither_verifies_nor_visits_through_another_post() {
    let mut desk = verifying();
    let posts = &mut desk.people.get_mut(&person(NAN)).unwrap().posts;
    posts.extend([Post::Verifier, Post::Visitor]);
    assert_eq!(desk.open(NAN, "verify").unwrap_err(), ["duties_clash"]);
    let mut desk = visiting();
    desk.people.get_mut(&person(NAN)).unwrap().posts.insert(Post::Visitor);
    assert_eq!(desk.open(NAN, "visit").unwrap_err(), ["duties_clash"]);
}

///
#[test]
fn who_verified_before_accepting_the_work_cannot_accept_it() {
    let mut desk = super::stories::executing();
    desk.did(LEE, "transfer", json!({ "to": person(VERA) }));
    desk.did(NAN, "submit_for_verification", json!({}));
    desk.did(VERA, "verify", json!({ "in_order": false, "note": "渗水" }));
    desk.did(VERA, "execute", json!({ "reason": "渗水" }));
    assert_eq!(desk.open(VERA, "accept_transfer").unwrap_err(), ["duties_clash"]);
}

///
#[test]
fn owner_and_handler_are_two_fields_and_may_be_one_person() {
    let desk = investigating();
    assert_ne!(Some(desk.case.owner), desk.case.handler);
    let mut both = super::stories::accepted();
    both.did(super::desk::ANN, "transfer", json!({ "to": person(super::desk::ANN) }));
    assert_eq!(Some(both.case.owner), both.case.handler);
}
