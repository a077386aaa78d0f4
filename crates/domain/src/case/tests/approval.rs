//! Approvals: ladders, limits, deputies, and the one content they are bound to.

use super::super::*;
use super::desk::{ANN, BEN, Desk, HEAD, LEE, NAN, person};
use super::stories::{deciding, negotiating};
use crate::ids::PartyId;
use crate::people::Post;
use serde_json::{Value, json};
use uuid::Uuid;

const MORA: u128 = 20;
const DEPUTY: u128 = 21;

/// A desk with a company leader in charge and a second agent who may deputise.
fn with_manager(mut desk: Desk) -> Desk {
    for (number, posts) in [(MORA, vec![Post::Manager]), (DEPUTY, vec![Post::Agent])] {
        desk.people
            .insert(person(number), Named { active: true, posts: posts.into_iter().collect(), sees: true });
    }
    desk
}

fn asks(of: &str, text: &str) -> Value {
    json!({ "of": of, "text": text })
}

fn decides(id: u32, decision: &str) -> Value {
    json!({ "approval": id, "decision": decision, "comment": "意见" })
}

fn post(text: &str) -> Value {
    json!({ "kind": "measures", "carrier": "post", "text": text, "proof": "第3楼" })
}

/// PROP-72, PROP-74, X-14: with a wide impact the company reviews after the
/// head; who is missing is said.
#[test]
fn with_a_wide_impact_the_company_reviews_too() {
    let mut desk = with_manager(deciding());
    desk.did(ANN, "mark", json!({ "flag": "wide_impact", "text": "多家转发" }));
    desk.did(ANN, "request_approval", asks("public_reply", "已更换水泵"));
    desk.did(HEAD, "decide_approval", decides(1, "granted"));
    assert!(desk.case.round.approvals[0].decision.is_none(), "the manager has not signed");
    assert!(desk.told("approval_waits").contains(&Recipient::Post(Post::Manager)));
    let codes = desk.act(ANN, "reply", post("已更换水泵")).unwrap_err();
    assert_eq!(codes, ["approval_missing"]);
    let reason = desk.with_facts(Some(ANN), |facts| {
        let gate = Gate::Approved(ApprovalOf::PublicReply);
        gate.check(&desk.case, facts).unwrap_err()
    });
    assert_eq!(reason.params["missing"], "manager");
    assert_eq!(desk.open(HEAD, "decide_approval").unwrap_err(), ["signed_already"]);
    desk.did(MORA, "decide_approval", decides(1, "granted"));
    desk.did(ANN, "reply", post("已更换水泵"));
    assert_eq!(desk.case.round.approvals[0].signed.len(), 2);
}

/// PROP-74: what reaches many only after the head signed needs the company yet.
#[test]
fn a_circumstance_added_later_needs_the_higher_signature() {
    let mut desk = with_manager(deciding());
    desk.did(ANN, "request_approval", asks("public_reply", "已更换水泵"));
    desk.did(ANN, "mark", json!({ "flag": "group_tendency" }));
    desk.refused(HEAD, "decide_approval", decides(1, "granted"), "approval:needs_higher_approval");
    desk.did(ANN, "withdraw_approval", json!({ "approval": 1, "reason": "改报公司" }));
    desk.did(ANN, "request_approval", asks("public_reply", "已更换水泵"));
    desk.did(HEAD, "decide_approval", decides(2, "granted"));
    desk.did(MORA, "decide_approval", decides(2, "granted"));
    desk.did(ANN, "reply", post("已更换水泵"));
}

/// Issue 4 (2): one character, the addressee or a file more, and it is stale.
#[test]
fn an_approval_never_counts_for_other_content() {
    let mut desk = with_manager(deciding());
    let file = "01890000-0000-7000-8000-000000000601";
    let attach =
        json!({ "name": "照片", "attachment": file, "bytes": 12, "media_type": "image/png", "digest": "d" });
    desk.refused(
        ANN,
        "request_approval",
        json!({ "of": "public_reply", "text": "已更换水泵", "attachments": [file] }),
        "attachments:unknown_attachment",
    );
    desk.did(ANN, "attach", attach);
    let asked =
        json!({ "of": "public_reply", "text": "已更换水泵", "addressee": "业主论坛", "attachments": [file] });
    desk.did(ANN, "request_approval", asked);
    desk.did(HEAD, "decide_approval", decides(1, "granted"));
    let same = json!({ "kind": "final", "carrier": "public_page", "text": "已更换水泵", "proof": "网址",
        "addressee": "业主论坛", "attachments": [file] });
    let changed = [
        ("text", json!("已更换水泵。")),
        ("addressee", json!("业主群")),
        ("addressee", Value::Null),
        ("attachments", json!([])),
    ];
    for (field, value) in changed {
        let mut other = same.clone();
        if value.is_null() {
            other.as_object_mut().unwrap().remove(field);
        } else {
            other[field] = value;
        }
        desk.refused(ANN, "reply", other, "approval_stale");
    }
    desk.did(ANN, "reply", same);
}

fn of_option(desk: &Desk) -> Sum {
    let amount = desk.case.agreed_option().unwrap().amount;
    Sum { of: ApprovalOf::AcceptedOption, remedy: None, amount }
}

/// X-18, contracts §4: what the party was granted elsewhere in the incident
/// counts, and what was granted since asking too.
#[test]
fn money_elsewhere_in_the_incident_counts() {
    let party = PartyId(Uuid::from_u128(40));
    let mut desk = with_manager(negotiating());
    desk.case.parties.push(CaseParty { party, role: PartyRole::Complainant });
    desk.did(
        NAN,
        "offer_option",
        json!({ "text": "补偿", "amount": { "amount": "6000.00", "currency": "CNY" } }),
    );
    desk.did(NAN, "answer_option", json!({ "option": 2, "answer": "provisional" }));
    assert_eq!(desk.case.round.approvals[0].sum_fen, Some(600_000));
    desk.house.spent.insert(party, 600_000);
    let sum = desk.with_facts(Some(HEAD), |facts| sum_fen(of_option(&desk), &desk.case, facts));
    assert_eq!(sum, 1_200_000);
    desk.did(HEAD, "decide_approval", decides(1, "granted"));
    let granted = &desk.case.round.approvals[0];
    assert_eq!(desk.case.counted(&desk.case.round, granted), granted.amount);
    desk.house.spent.clear();
    let first = desk.case.round.clone();
    desk.case.rounds.push(first);
    let again = desk.with_facts(Some(HEAD), |facts| sum_fen(of_option(&desk), &desk.case, facts));
    assert_eq!(again, 1_200_000, "what an earlier round granted counts too");
}

/// ASC-8, SLM-1: a deputy signs for an absent head, and that counts as the
/// head's duty; one's own is refused also then.
#[test]
fn a_deputy_signs_for_the_absent_head() {
    let mut desk = with_manager(deciding());
    desk.did(NAN, "request_approval", asks("plan", "换管"));
    assert_eq!(desk.open(DEPUTY, "decide_approval").unwrap_err(), ["no_approval_of_yours"]);
    desk.house.absent.insert(person(HEAD));
    desk.house.deputies.insert((person(HEAD), person(DEPUTY)));
    desk.did(DEPUTY, "decide_approval", decides(1, "granted"));
    let signature = &desk.case.round.approvals[0].signed[0];
    assert_eq!((signature.person, signature.stands_for), (person(DEPUTY), Some(person(HEAD))));
    assert!(desk.case.did(Duty::Approver, person(HEAD)) && desk.case.did(Duty::Approver, person(DEPUTY)));
    let mut own = with_manager(deciding());
    own.house.absent.insert(person(HEAD));
    own.house.deputies.insert((person(HEAD), person(ANN)));
    own.did(ANN, "request_approval", asks("plan", "换管"));
    assert_eq!(own.open(ANN, "decide_approval").unwrap_err(), ["own_request"]);
    own.did(MORA, "decide_approval", decides(1, "granted"));
    assert_eq!(own.case.round.approvals[0].signed[0].post, Post::Head, "one step up, for the head");
}

/// ASC-8: returned with comments, asked again as new content; a request can be
/// taken back by whoever made it, and only while it is open.
#[test]
fn returned_content_is_asked_again_as_new() {
    let mut desk = deciding();
    desk.did(ANN, "request_approval", asks("plan", "换管"));
    desk.refused(
        HEAD,
        "decide_approval",
        json!({ "approval": 1, "decision": "returned" }),
        "comment:required",
    );
    desk.did(HEAD, "decide_approval", decides(1, "returned"));
    desk.refused(ANN, "withdraw_approval", json!({ "approval": 1, "reason": "x" }), "no_request_of_yours");
    desk.did(ANN, "request_approval", asks("plan", "换管并清洗"));
    assert_eq!(desk.open(BEN, "withdraw_approval").unwrap_err(), ["no_request_of_yours"]);
    desk.did(ANN, "withdraw_approval", json!({ "approval": 2, "reason": "还要改" }));
    assert_eq!(desk.open(HEAD, "decide_approval").unwrap_err(), ["no_approval_of_yours"]);
    desk.did(ANN, "request_approval", asks("plan", "换管、清洗、检测"));
    desk.did(HEAD, "decide_approval", decides(3, "granted"));
    let digests: std::collections::BTreeSet<String> =
        desk.case.round.approvals.iter().map(Approval::digest).collect();
    assert_eq!(digests.len(), 3, "each content has its own digest");
}

/// Issue 4 (2): whoever handled the matter at any time does not decide it.
#[test]
fn a_former_handler_does_not_decide() {
    let mut desk = deciding();
    desk.people.get_mut(&person(NAN)).unwrap().posts.insert(Post::Head);
    desk.did(LEE, "transfer", json!({ "to": person(BEN) }));
    desk.did(BEN, "accept_transfer", json!({}));
    desk.did(BEN, "request_approval", asks("plan", "换管"));
    assert_eq!(desk.open(NAN, "decide_approval").unwrap_err(), ["own_request"]);
    desk.did(HEAD, "decide_approval", decides(1, "granted"));
}
