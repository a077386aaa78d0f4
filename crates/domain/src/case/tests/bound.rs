//! What an approval covers: the agreement made under it, and the sum as it grows.

use super::super::*;
use super::desk::{Desk, HEAD, MAX, NAN, packs};
use super::guide::along;
use crate::ids::PartyId;
use crate::money::Money;
use crate::people::Post;
use serde_json::{Value, json};
use uuid::Uuid;

const FILE: &str = "01890000-0000-7000-8000-000000000601";

fn yuan(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "CNY" })
}

/// A complaint by the pack at this place of the shipped list, in this stage.
fn at_stage(place: usize, stage: Stage) -> Desk {
    let all = along(&packs(false)[place], Channel::Phone);
    let mut desk = all.into_iter().find(|desk| desk.case.stage == stage).expect("the stage");
    let party = PartyId(Uuid::from_u128(40));
    desk.case.parties.push(CaseParty { party, role: PartyRole::Complainant });
    desk
}

/// Asks for a plan and has it granted by everybody who must.
fn plan(desk: &mut Desk, amount: Option<&str>, signers: &[u128]) {
    let mut body = json!({ "of": "plan", "text": "补偿方案" });
    if let Some(amount) = amount {
        body["amount"] = yuan(amount);
    }
    desk.did(NAN, "request_approval", body);
    let id = desk.case.round.approvals.last().unwrap().id;
    for who in signers {
        desk.did(*who, "decide_approval", json!({ "approval": id, "decision": "granted" }));
    }
    assert!(desk.case.round.approvals.last().unwrap().is_granted(desk.now));
}

fn option(amount: &str) -> Value {
    json!({ "text": "补偿", "amount": yuan(amount) })
}

fn agrees(desk: &mut Desk, amount: &str) {
    desk.did(NAN, "offer_option", option(amount));
    let id = desk.case.round.options.last().unwrap().id;
    desk.did(NAN, "answer_option", json!({ "option": id, "answer": "accepted" }));
}

/// The first reason that shuts a move for the handler.
fn why(desk: &Desk, stage: Stage) -> Reason {
    let kind = CommandKind::Move(Target::Stage(stage));
    let shut = desk.with_facts(Some(NAN), |facts| evaluate(kind, &desk.case, facts)).unwrap_err();
    shut.into_iter().find(|reason| reason.code.starts_with("approval_")).expect("an approval is missing")
}

/// After-sales in negotiation under a plan with this amount.
fn after_sales(amount: Option<&str>) -> Desk {
    let mut desk = at_stage(3, Stage::Deciding);
    plan(&mut desk, amount, &[HEAD]);
    desk.did(NAN, "negotiate", json!({}));
    desk.did(NAN, "state_basis", json!({ "kind": "contract", "responsibility": "ours", "text": "合同" }));
    desk
}

/// ASC-8, ASC-23, X-14; issue 4 (2): nothing beyond the approved plan is
/// offered; more needs a plan of that amount, which may go further up.
#[test]
fn nothing_is_offered_beyond_the_plan() {
    let mut desk = after_sales(Some("6000.00"));
    desk.refused(NAN, "offer_option", option("6000.01"), "approval_stale");
    agrees(&mut desk, "6000.00");
    agrees(&mut desk, "10.00");
    plan(&mut desk, Some("9000.00"), &[HEAD]);
    agrees(&mut desk, "9000.00");
    plan(&mut desk, Some("500000.00"), &[HEAD, MAX]);
    agrees(&mut desk, "500000.00");
    let mut free = after_sales(None);
    free.refused(NAN, "offer_option", option("0.01"), "approval_stale");
    free.did(NAN, "offer_option", json!({ "text": "换货" }));
}

/// ASC-8, ASC-9, X-14: an agreement beyond the plan is neither drawn up nor
/// carried out, nor the customer told of it, and the refusal says both sums.
#[test]
fn an_agreement_beyond_the_plan_is_not_carried_out() {
    let mut desk = after_sales(Some("6000.00"));
    agrees(&mut desk, "6000.00");
    // as in a history of before this rule
    desk.case.round.options[0].amount = Some(Money::parse("12000.00").unwrap());
    let reason = why(&desk, Stage::Executing);
    let said = |name: &str| reason.params[name].as_str();
    assert_eq!((reason.code, said("of")), ("approval_stale", "plan"));
    assert_eq!((said("approved"), said("agreed")), ("6000.00", "12000.00"));
    assert_eq!(said("missing"), "head, manager");
    assert_eq!(desk.open(NAN, "draw_up_agreement").unwrap_err(), ["approval_stale"]);
    let told = json!({ "kind": "measures", "carrier": "spoken", "text": "补偿一万二" });
    desk.refused(NAN, "reply", told, "approval_stale");
    let less = json!({ "of": "plan", "text": "补偿", "amount": yuan("11999.99") });
    desk.refused(NAN, "request_approval", less, "amount:below_agreed");
    plan(&mut desk, None, &[HEAD, MAX]);
    let granted = desk.case.round.approvals.last().unwrap();
    assert_eq!(granted.amount, Money::parse("12000.00").ok(), "it is for what was agreed");
    assert!(desk.open(NAN, "draw_up_agreement").is_ok());
}

/// MOB-16, X-14: a plan asked for after the customer chose is for that sum;
/// when he chooses anew, it is decided anew.
#[test]
fn a_plan_granted_for_one_choice_does_not_carry_another() {
    let mut desk = at_stage(1, Stage::Negotiating);
    agrees(&mut desk, "100.00");
    desk.did(NAN, "submit_for_decision", json!({}));
    plan(&mut desk, None, &[MAX]);
    assert_eq!(desk.case.round.approvals[0].amount, Money::parse("100.00").ok());
    desk.did(NAN, "negotiate", json!({ "reason": "客户改口" }));
    agrees(&mut desk, "90000.00");
    desk.did(NAN, "submit_for_decision", json!({}));
    let reason = why(&desk, Stage::Executing);
    assert_eq!((reason.code, reason.params["missing"].as_str()), ("approval_stale", "manager"));
    desk.refused(NAN, "execute", json!({}), "approval_stale");
    plan(&mut desk, None, &[MAX]);
    desk.did(NAN, "execute", json!({}));
}

/// CP8-13, CP8-18: what the customer chose must lie within the plan.
#[test]
fn the_choice_of_the_customer_lies_within_the_plan() {
    let mut desk = at_stage(2, Stage::Negotiating);
    desk.refused(NAN, "offer_option", option("3000.00"), "approval_stale");
    plan(&mut desk, Some("3000.00"), &[MAX]);
    agrees(&mut desk, "3000.00");
    desk.did(NAN, "reply", json!({ "kind": "measures", "carrier": "spoken", "text": "补偿三千" }));
    let mut more = desk.clone();
    more.case.round.options.last_mut().unwrap().amount = Some(Money::parse("3000.01").unwrap());
    more.refused(NAN, "execute", json!({}), "approval_stale");
    desk.did(NAN, "execute", json!({}));
}

fn items(items: &Value) -> Value {
    json!({ "items": [items] })
}

/// ASC-10, ASC-22, ASC-23; issue 4 (3, 11): money of an agreement is in the
/// ledger when the customer signs; its task ends, and the case goes on, only
/// when it was paid within the approval.
#[test]
fn money_of_an_agreement_is_paid_by_the_ledger() {
    let mut desk = after_sales(Some("6000.00"));
    agrees(&mut desk, "6000.00");
    let money = |extra: Value| {
        let mut item = json!({ "what": "补偿款" });
        item.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        items(&item)
    };
    let draws = [
        (money(json!({ "amount": yuan("6000.00") })), "items[0].remedy:required"),
        (money(json!({ "remedy": "compensation" })), "items[0].amount:required"),
        (money(json!({ "remedy": "apology", "amount": yuan("6000.00") })), "items[0].amount:no_amount_here"),
    ];
    for (body, code) in draws {
        desk.refused(NAN, "draw_up_agreement", body, code);
    }
    let basis = desk.case.round.basis.take();
    let drawn = money(json!({ "remedy": "compensation", "amount": yuan("6000.00") }));
    desk.refused(NAN, "draw_up_agreement", drawn.clone(), "basis_missing");
    desk.case.round.basis = basis;
    desk.did(NAN, "draw_up_agreement", drawn);
    assert!(desk.case.remedies.is_empty(), "not before it is signed");
    let scan =
        json!({ "name": "协议", "attachment": FILE, "bytes": 9, "media_type": "image/png", "digest": "d" });
    desk.did(NAN, "attach", scan);
    desk.did(NAN, "sign_agreement", json!({ "agreement": 1, "attachment": FILE }));
    let remedy = desk.case.remedies[0].clone();
    assert_eq!((remedy.kind.as_str(), remedy.gives, remedy.option), ("compensation", Gives::Money, Some(1)));
    assert_eq!((remedy.amount, remedy.party), (Money::parse("6000.00").ok(), desk.case.compensated()));

    desk.did(NAN, "execute", json!({}));
    let done = json!({ "task": 1, "result": "已付" });
    desk.refused(NAN, "complete_task", done.clone(), "remedy_not_given");
    assert_eq!(desk.open(NAN, "send_to_visit").unwrap_err(), ["tasks_open", "remedies_open"]);
    desk.did(NAN, "give_remedy", json!({ "remedy": 1, "amount": yuan("5999.99"), "proof": FILE }));
    desk.refused(NAN, "complete_task", done.clone(), "remedy_not_given");
    desk.did(NAN, "give_remedy", json!({ "remedy": 1, "proof": FILE }));
    desk.did(NAN, "complete_task", done);
    desk.did(NAN, "send_to_visit", json!({}));
    assert!(desk.case.remedies[0].given.iter().all(|payment| payment.approval.is_some()));
}

/// ASC-10, ASC-22: what was called off in the ledger is not done by a word.
#[test]
fn a_promised_payment_that_is_called_off_does_not_end_its_task() {
    let mut desk = after_sales(Some("6000.00"));
    agrees(&mut desk, "500.00");
    let item = json!({ "what": "补偿款", "remedy": "compensation", "amount": yuan("500.00") });
    desk.did(NAN, "draw_up_agreement", items(&item));
    let scan =
        json!({ "name": "协议", "attachment": FILE, "bytes": 9, "media_type": "image/png", "digest": "d" });
    desk.did(NAN, "attach", scan);
    desk.did(NAN, "sign_agreement", json!({ "agreement": 1, "attachment": FILE }));
    desk.did(NAN, "drop_remedy", json!({ "remedy": 1, "reason": "改送货" }));
    desk.refused(NAN, "complete_task", json!({ "task": 1, "result": "已付" }), "remedy_not_given");
    desk.did(HEAD, "cancel_task", json!({ "task": 1, "result": "客户改要货" }));
}

fn granted_remedy(desk: &mut Desk, id: u32, signers: &[u128]) {
    let body =
        json!({ "remedy": "compensation", "what": "损失", "amount": yuan("6000.00"), "reason": "照片" });
    if desk.case.remedies.len() < id as usize {
        desk.did(NAN, "propose_remedy", body);
    }
    desk.did(
        NAN,
        "request_approval",
        json!({ "of": "remedy", "remedy": id, "amount": yuan("6000.00"), "text": "损失" }),
    );
    let approval = desk.case.round.approvals.last().unwrap().id;
    for who in signers {
        desk.did(*who, "decide_approval", json!({ "approval": approval, "decision": "granted" }));
    }
}

/// Contracts §4, X-18; issue 4 (2): both were granted apart, then the cases were
/// joined: at paying the sum as it is now counts, and who is missing is said.
#[test]
fn a_sum_that_grew_after_the_grant_is_looked_at_when_paying() {
    let party = PartyId(Uuid::from_u128(40));
    let mut desk = after_sales(None);
    let scan =
        json!({ "name": "收据", "attachment": FILE, "bytes": 9, "media_type": "image/png", "digest": "d" });
    desk.did(NAN, "attach", scan);
    granted_remedy(&mut desk, 1, &[HEAD]);
    let pays = json!({ "remedy": 1, "proof": FILE });
    assert!(desk.open(NAN, "give_remedy").is_ok());
    desk.house.spent.insert(party, 600_000);
    desk.refused(NAN, "give_remedy", pays.clone(), "approval_stale");
    let kind = CommandKind::GiveRemedy;
    let shut = desk.with_facts(Some(NAN), |facts| evaluate(kind, &desk.case, facts)).unwrap_err();
    let said = |name: &str| shut[0].params[name].as_str();
    assert_eq!((said("changed"), said("approved"), said("agreed")), ("sum_grown", "6000.00", "12000.00"));
    assert_eq!((said("missing"), &shut[0].who[..]), ("manager", &[crate::pack::By::Post(Post::Manager)][..]));
    granted_remedy(&mut desk, 1, &[HEAD]);
    assert_eq!(desk.case.round.approvals.last().unwrap().sum_fen, Some(1_200_000));
    desk.refused(NAN, "give_remedy", pays.clone(), "approval_missing");
    let last = desk.case.round.approvals.last().unwrap().id;
    desk.did(MAX, "decide_approval", json!({ "approval": last, "decision": "granted" }));
    desk.did(NAN, "give_remedy", pays);
}

/// Contracts §4: who granted the second payment saw the first one too, so that
/// both can be paid, in either order.
#[test]
fn a_sum_that_somebody_high_enough_granted_is_paid() {
    let mut desk = after_sales(None);
    let scan =
        json!({ "name": "收据", "attachment": FILE, "bytes": 9, "media_type": "image/png", "digest": "d" });
    desk.did(NAN, "attach", scan);
    granted_remedy(&mut desk, 1, &[HEAD]);
    granted_remedy(&mut desk, 2, &[HEAD, MAX]);
    desk.did(NAN, "give_remedy", json!({ "remedy": 2, "proof": FILE }));
    desk.did(NAN, "give_remedy", json!({ "remedy": 1, "proof": FILE }));
}

/// Contracts §4, ASC-23: a plan pays no further than the sum it was granted for.
#[test]
fn a_plan_pays_no_sum_that_grew_beyond_it() {
    let mut desk = after_sales(Some("6000.00"));
    let scan =
        json!({ "name": "收据", "attachment": FILE, "bytes": 9, "media_type": "image/png", "digest": "d" });
    desk.did(NAN, "attach", scan);
    let body =
        json!({ "remedy": "compensation", "what": "损失", "amount": yuan("6000.00"), "reason": "照片" });
    desk.did(NAN, "propose_remedy", body);
    desk.house.spent.insert(PartyId(Uuid::from_u128(40)), 600_000);
    desk.refused(NAN, "give_remedy", json!({ "remedy": 1, "proof": FILE }), "approval_stale");
    plan(&mut desk, Some("6000.00"), &[HEAD, MAX]);
    desk.did(NAN, "give_remedy", json!({ "remedy": 1, "proof": FILE }));
}
