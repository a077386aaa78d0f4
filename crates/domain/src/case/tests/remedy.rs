//! Remedies within approvals, changed settings, and the later look at the effect.

use super::super::remedy::{grade, guided};
use super::super::*;
use super::desk::{ANN, Desk, HEAD, LEE, MAX, NAN, at, person};
use super::stories::negotiating;
use crate::clock::{ClockKind, ClockState};
use crate::ids::PartyId;
use crate::people::Post;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const FILE: &str = "01890000-0000-7000-8000-000000000601";

fn yuan(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "CNY" })
}

/// A complaint in negotiation, with a receipt on file, a manager and a customer.
fn desk() -> Desk {
    let mut desk = negotiating();
    let named = Named { active: true, posts: BTreeSet::from([Post::Manager]), sees: true };
    desk.people.insert(person(MAX), named);
    let party = PartyId(Uuid::from_u128(40));
    desk.case.parties.push(CaseParty { party, role: PartyRole::Complainant });
    let file =
        json!({ "name": "收据", "attachment": FILE, "bytes": 9, "media_type": "image/png", "digest": "d" });
    desk.did(NAN, "attach", file);
    desk
}

fn compensation(amount: &str) -> Value {
    json!({ "remedy": "compensation", "what": "地板损失", "amount": yuan(amount), "invoice": FILE,
        "reason": "发票与现场照片", "budget": "2026-维修" })
}

fn asks(remedy: u32, amount: &str) -> Value {
    json!({ "of": "remedy", "remedy": remedy, "amount": yuan(amount), "text": "地板损失" })
}

fn grants(approval: u32) -> Value {
    json!({ "approval": approval, "decision": "granted" })
}

/// CP8-12, ASC-22, ASC-23, ASC-25: from the pack's list, with invoice or reason.
#[test]
fn a_remedy_comes_from_the_list_with_its_proof() {
    let mut desk = desk();
    let propose = |body: Value| ("propose_remedy", body);
    for ((action, body), code) in [
        (propose(json!({ "remedy": "holiday", "what": "旅游" })), "remedy:unknown_remedy"),
        (propose(json!({ "remedy": "gift", "what": "果篮" })), "invoice:invoice_or_reason"),
        (propose(json!({ "remedy": "compensation", "what": "钱", "reason": "无发票" })), "amount:required"),
        (
            propose(json!({ "remedy": "apology", "what": "致歉", "amount": yuan("5.00") })),
            "amount:no_amount_here",
        ),
        (
            propose(json!({ "remedy": "gift", "what": "果篮", "reason": "慰问", "amount": yuan("0.00") })),
            "amount:not_positive",
        ),
        (
            propose(
                json!({ "remedy": "gift", "what": "果篮", "invoice": "01890000-0000-7000-8000-000000000699" }),
            ),
            "invoice:unknown_attachment",
        ),
        (
            propose(json!({ "remedy": "gift", "what": "果篮", "reason": "慰问", "budget": "a b" })),
            "budget:wrong_value",
        ),
        (
            propose(json!({ "remedy": "gift", "what": "果篮", "reason": "慰问", "option": 9 })),
            "option:unknown_option",
        ),
    ] {
        desk.refused(NAN, action, body, code);
    }
    desk.refused(ANN, "give_remedy", json!({ "remedy": 1 }), "no_open_remedy");
    desk.did(NAN, "propose_remedy", json!({ "remedy": "apology", "what": "登门致歉" }));
    desk.did(NAN, "give_remedy", json!({ "remedy": 1, "note": "已致歉" }));
    assert_eq!(desk.case.remedies[0].given[0].approval, None, "an act needs nobody's word (X-14)");
    desk.refused(NAN, "give_remedy", json!({ "remedy": 1 }), "no_open_remedy");
}

/// X-18, PROP-40: what is usual follows the liability grade; beyond it a reason.
#[test]
fn the_guide_follows_the_liability_grade() {
    let mut desk = desk();
    assert_eq!(grade(&desk.case), Some(Liability::Ours), "as the stated basis has it");
    let most = guided(&desk.case, desk.pack).unwrap().most_fen;
    assert_eq!(most, Some(1_000_000), "ten thousand yuan by the pack");
    let without =
        json!({ "remedy": "compensation", "what": "钱", "amount": yuan("10000.01"), "invoice": FILE });
    desk.refused(NAN, "propose_remedy", without, "reason:beyond_guide");
    desk.did(NAN, "propose_remedy", compensation("10000.01"));
    desk.case.round.basis = None;
    assert!(desk.open(NAN, "propose_remedy").is_ok(), "an act still can be proposed");
    desk.refused(NAN, "propose_remedy", compensation("10.00"), "basis_missing");
    desk.did(LEE, "grade_liability", json!({ "grade": "unreasonable", "reason": "已核实" }));
    let small = json!({ "remedy": "compensation", "what": "钱", "amount": yuan("0.01"), "invoice": FILE });
    desk.refused(NAN, "propose_remedy", small, "reason:beyond_guide");
}

/// CP8-12, ASC-23, X-14: money leaves only within an approval of exactly it,
/// in parts up to its amount, each with its receipt.
#[test]
fn money_leaves_only_within_its_approval() {
    let mut desk = desk();
    desk.did(NAN, "propose_remedy", compensation("6000.00"));
    let pays = |amount: &str| json!({ "remedy": 1, "amount": yuan(amount), "proof": FILE });
    assert_eq!(desk.open(NAN, "give_remedy").unwrap_err(), ["approval_missing"]);
    desk.refused(NAN, "request_approval", asks(1, "5999.00"), "amount:differs_from_remedy");
    desk.refused(NAN, "request_approval", asks(2, "6000.00"), "remedy:unknown_remedy");
    let unnamed = json!({ "of": "remedy", "amount": yuan("6000.00"), "text": "补偿" });
    desk.refused(NAN, "request_approval", unnamed, "remedy:required");
    desk.did(NAN, "request_approval", asks(1, "6000.00"));
    desk.refused(NAN, "request_approval", asks(1, "6000.00"), "of:nothing_to_approve");
    desk.refused(NAN, "give_remedy", pays("10.00"), "approval_missing");
    desk.did(HEAD, "decide_approval", grants(1));
    desk.refused(NAN, "give_remedy", json!({ "remedy": 1 }), "proof:required");
    desk.refused(NAN, "give_remedy", pays("6000.01"), "amount:beyond_rest");
    desk.did(NAN, "give_remedy", pays("2500.00"));
    assert!(desk.case.remedies[0].is_open());
    desk.refused(NAN, "give_remedy", pays("3500.01"), "amount:beyond_rest");
    desk.did(NAN, "give_remedy", json!({ "remedy": 1, "proof": FILE }));
    assert_eq!(desk.case.paid_fen(), 600_000);
    assert!(desk.case.remedies[0].given.iter().all(|payment| payment.approval == Some(1)));
    assert_eq!(desk.told("remedy_given").len(), 1, "the owner hears that the customer has it");
    assert_eq!(crate::count::amounts(&desk.case).paid_fen, 600_000);
}

/// Contracts §4; issue 4 (2): two payments of 6,000 to one party under a limit
/// of 10,000 need the higher post; what was called off does not count.
#[test]
fn two_payments_of_one_party_add_up() {
    let mut desk = desk();
    desk.did(NAN, "propose_remedy", compensation("6000.00"));
    desk.did(NAN, "request_approval", asks(1, "6000.00"));
    desk.did(HEAD, "decide_approval", grants(1));
    desk.did(NAN, "propose_remedy", compensation("6000.00"));
    desk.did(NAN, "request_approval", asks(2, "6000.00"));
    assert_eq!(desk.case.round.approvals[1].sum_fen, Some(1_200_000));
    desk.did(HEAD, "decide_approval", grants(2));
    assert!(desk.open(NAN, "give_remedy").is_ok(), "the first one can be paid");
    let second = json!({ "remedy": 2, "proof": FILE });
    desk.refused(NAN, "give_remedy", second.clone(), "approval_missing");
    desk.did(MAX, "decide_approval", grants(2));
    desk.did(NAN, "give_remedy", second);
    desk.did(NAN, "drop_remedy", json!({ "remedy": 1, "reason": "客户不要了" }));
    desk.refused(NAN, "give_remedy", json!({ "remedy": 1, "proof": FILE }), "no_open_remedy");
    desk.did(NAN, "propose_remedy", compensation("3000.00"));
    desk.did(NAN, "request_approval", asks(3, "3000.00"));
    assert_eq!(desk.case.round.approvals[2].sum_fen, Some(900_000), "6,000 were paid, 3,000 are asked");
}

/// ASC-8, CP8-13: the plan that was granted with an amount covers what is paid
/// under it, and not a fen more.
#[test]
fn a_plan_with_an_amount_covers_its_remedies() {
    let mut desk = desk();
    let plan = json!({ "of": "plan", "text": "修复并补偿", "amount": yuan("1000.00") });
    desk.did(NAN, "request_approval", plan);
    desk.did(HEAD, "decide_approval", grants(1));
    desk.did(NAN, "propose_remedy", compensation("1500.00"));
    let pays = |amount: &str| json!({ "remedy": 1, "amount": yuan(amount), "proof": FILE });
    desk.refused(NAN, "give_remedy", pays("1000.01"), "approval_stale");
    desk.did(NAN, "give_remedy", pays("1000.00"));
    desk.refused(NAN, "give_remedy", pays("0.01"), "approval_stale");
}

/// CP8-16: person, place and time change with a reason and leave their history;
/// the owner stays the owner.
#[test]
fn person_place_and_time_change_and_the_owner_stays() {
    let mut desk = desk();
    let owner = desk.case.owner;
    desk.refused(NAN, "change_setting", json!({ "reason": "谈僵了" }), "person:person_place_or_time");
    let same = json!({ "reason": "谈僵了", "person": person(NAN) });
    desk.refused(NAN, "change_setting", same, "person:unchanged");
    let past = json!({ "reason": "改日", "at": "2026-03-01T10:00:00+08:00" });
    desk.refused(NAN, "change_setting", past, "at:in_the_past");
    desk.did(NAN, "change_setting", json!({ "reason": "谈僵了", "person": person(LEE) }));
    let place = json!({ "reason": "换个安静的地方", "place": "会客室", "at": "2026-04-01T10:00:00+08:00" });
    desk.did(ANN, "change_setting", place);
    assert_eq!((desk.case.talks(), desk.case.owner), (person(LEE), owner));
    assert_eq!((desk.case.handler, desk.case.settings.len()), (Some(person(NAN)), 2));
    assert_eq!(desk.told("talks_given_to_you"), BTreeSet::from([Recipient::Person(person(LEE))]));
}

/// ASC-24: raising the level gives a leader a visit or call to make, and the
/// case waits for it.
#[test]
fn raising_the_level_is_a_task_of_the_leader() {
    let mut desk = desk();
    desk.refused(
        NAN,
        "raise_level",
        json!({ "reason": "x", "post": "agent", "way": "call" }),
        "post:not_higher",
    );
    let wrong = json!({ "reason": "x", "post": "manager", "way": "call", "person": person(LEE) });
    desk.refused(NAN, "raise_level", wrong, "person:post_not_held");
    desk.did(NAN, "raise_level", json!({ "reason": "请登门", "post": "manager", "way": "visit" }));
    let task = desk.case.tasks.last().unwrap().clone();
    assert_eq!((task.kind, task.post, task.blocking), (TaskKind::LeaderTalk, Some(Post::Manager), true));
    assert_eq!(desk.told("level_raised"), BTreeSet::from([Recipient::Post(Post::Manager)]));
    desk.refused(NAN, "complete_task", json!({ "task": task.id, "result": "去过" }), "no_task_of_yours");
    desk.did(MAX, "complete_task", json!({ "task": task.id, "result": "已登门" }));
}

/// PROP-95: whether it helped is a task with a clock of its own, which outlives
/// the closing; who missed it hears, and so does the lead.
#[test]
fn the_effect_is_checked_after_closing() {
    let mut desk = super::stories::verified_and_visited();
    let agreed = json!({ "text": "改造排水管", "person": person(NAN), "due": "2026-04-01T12:00:00+08:00",
        "check_at": "2026-05-15T12:00:00+08:00" });
    desk.did(LEE, "agree_corrective", agreed);
    desk.did(super::desk::VIC, "close_satisfied", json!({}));
    assert_eq!(desk.case.stage, Stage::Closed);
    let clock = desk.clock(ClockKind::EffectCheck);
    assert_eq!((clock.state(), clock.due_at), (ClockState::Running, at("2026-05-15T12:00:00+08:00")));
    let mut missed = desk.clone();
    missed.until("2026-05-16T00:00:00+08:00");
    assert!(missed.told("effect_check_missed").contains(&Recipient::Person(person(NAN))));
    assert!(missed.told("effect_check_missed").contains(&Recipient::Post(Post::Lead)));
    desk.until("2026-05-10T10:00:00+08:00");
    let task = desk.case.tasks.iter().find(|task| task.kind == TaskKind::EffectCheck).unwrap().id;
    desk.did(NAN, "complete_task", json!({ "task": task, "result": "雨季两个月未再积水" }));
    assert_eq!(desk.clock(ClockKind::EffectCheck).state(), ClockState::Met);
}

/// CP8-14, CP8-17: broken promises, hands that it went through, days without
/// progress are counted.
#[test]
fn the_measured_taboos_are_counted() {
    let mut desk = super::stories::investigating();
    let due = json!({ "kind": "call_back", "text": "回电", "due": "2026-03-03T10:00:00+08:00" });
    desk.did(ANN, "promise", due);
    let before = crate::count::amounts(&desk.case);
    assert_eq!((before.promises_broken, before.reassigned), (0, 0), "the first transfer is none too many");
    desk.until("2026-03-13T12:00:00+08:00");
    desk.did(ANN, "transfer", json!({ "to": person(super::desk::BEN) }));
    desk.did(super::desk::BEN, "accept_transfer", json!({}));
    let contact = json!({ "text": "致歉", "direction": "outbound", "channel": "phone" });
    desk.did(ANN, "contact", contact);
    let after = crate::count::amounts(&desk.case);
    assert_eq!((after.promises_broken, after.reassigned), (2, 1), "the feedback and the call");
    assert_eq!(after.idle_days, 11, "from the receipt on 2 March to the call on 13 March");
}
