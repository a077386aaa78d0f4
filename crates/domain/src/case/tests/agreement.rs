//! The signed agreement, its tasks, and what keeps it from happening again.

use super::super::*;
use super::desk::{ANN, Desk, NAN, person};
use super::stories::{investigating, negotiating};
use crate::ids::UnitId;
use crate::people::Post;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const WAREHOUSE: u128 = 501;
const MARKET: u128 = 502;
const WAN: u128 = 30;
const FILE: &str = "01890000-0000-7000-8000-000000000601";

pub(super) fn unit(number: u128) -> UnitId {
    UnitId(Uuid::from_u128(number))
}

fn gate(desk: &Desk) -> Result<(), &'static str> {
    desk.with_facts(Some(NAN), |facts| {
        Gate::AgreementSigned.check(&desk.case, facts).map_err(|reason| reason.code)
    })
}

fn items() -> Value {
    json!({ "items": [
        { "what": "补发滤芯", "department": unit(WAREHOUSE) },
        { "what": "赠送礼品", "department": unit(MARKET) },
    ] })
}

fn scan(agreement: u32) -> Value {
    json!({ "agreement": agreement, "attachment": FILE })
}

/// The customer accepted, the agreement is on paper and the scan is attached.
fn on_paper() -> Desk {
    let mut desk = negotiating();
    let posts = BTreeSet::from([Post::Department]);
    desk.people.insert(person(WAN), Named { active: true, posts, sees: true });
    desk.did(NAN, "answer_option", json!({ "option": 1, "answer": "accepted" }));
    desk.did(NAN, "draw_up_agreement", items());
    desk.did(
        NAN,
        "attach",
        json!({ "name": "协议", "attachment": FILE, "bytes": 9, "media_type": "image/png", "digest": "d" }),
    );
    desk
}

/// Acts for a department.
fn acts_for(desk: &mut Desk, department: u128, action: &str, body: Value) -> Result<(), Vec<String>> {
    desk.house.mine = BTreeSet::from([unit(department)]);
    let acted = desk.act(WAN, action, body);
    desk.house.mine.clear();
    acted
}

/// ASC-9, X-42: signed once, for the option as it was accepted; another option
/// accepted afterwards makes it stale.
#[test]
fn the_agreement_is_bound_to_the_accepted_option() {
    let mut desk = negotiating();
    assert_eq!(desk.open(NAN, "draw_up_agreement").unwrap_err(), ["option_not_accepted"]);
    assert_eq!(gate(&desk), Err("agreement_missing"));
    desk = on_paper();
    assert_eq!(gate(&desk), Err("agreement_not_signed"));
    let unknown = json!({ "agreement": 1, "attachment": "01890000-0000-7000-8000-000000000699" });
    desk.refused(NAN, "sign_agreement", unknown, "attachment:unknown_attachment");
    desk.refused(NAN, "sign_agreement", scan(2), "agreement:unknown_agreement");
    desk.did(NAN, "sign_agreement", scan(1));
    assert_eq!(gate(&desk), Ok(()));
    assert_eq!(desk.open(NAN, "sign_agreement").unwrap_err(), ["no_agreement_to_sign"], "not twice");
    desk.did(NAN, "offer_option", json!({ "text": "另加清洁" }));
    desk.did(NAN, "answer_option", json!({ "option": 2, "answer": "accepted" }));
    assert_eq!(gate(&desk), Err("agreement_stale"));
    desk.did(NAN, "draw_up_agreement", items());
    let digests: BTreeSet<String> =
        desk.case.round.agreements.iter().map(agreement::Agreement::digest).collect();
    assert_eq!(digests.len(), 2);
}

/// ASC-10: the items are the option taken apart, to the fen.
#[test]
fn the_amounts_of_the_items_are_that_of_the_option() {
    let mut desk = negotiating();
    let yuan = |amount: &str| json!({ "amount": amount, "currency": "CNY" });
    desk.did(NAN, "offer_option", json!({ "text": "补偿", "amount": yuan("600.00") }));
    desk.did(NAN, "answer_option", json!({ "option": 2, "answer": "provisional" }));
    desk.did(super::desk::HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    desk.did(NAN, "answer_option", json!({ "option": 2, "answer": "accepted" }));
    let item = |amount: &str| json!({ "what": "补偿", "remedy": "compensation", "amount": yuan(amount) });
    let drawn = |amount: &str| json!({ "items": [item(amount)] });
    desk.refused(NAN, "draw_up_agreement", drawn("599.99"), "items:differs_from_option");
    desk.refused(NAN, "draw_up_agreement", json!({ "items": [] }), "items:between_1_and_50");
    desk.did(NAN, "draw_up_agreement", drawn("600.00"));
}

/// ASC-10, ASC-11, DEPT-6: each item is a task of its department, which takes
/// it, gives it back or does it; the case goes on only when all are done.
#[test]
fn each_promised_item_is_a_task_of_its_department() {
    let mut desk = on_paper();
    desk.did(NAN, "sign_agreement", scan(1));
    let units: Vec<_> = desk.case.tasks.iter().map(|task| (task.unit, task.blocking)).collect();
    assert_eq!(units, [(Some(unit(WAREHOUSE)), true), (Some(unit(MARKET)), true)]);
    assert!(desk.told("task_given").contains(&Recipient::Unit(unit(MARKET))));
    desk.did(NAN, "execute", json!({}));
    assert_eq!(desk.open(NAN, "submit_for_verification").unwrap_err(), ["tasks_open"]);
    let done = |task: u32| json!({ "task": task, "result": "已寄出" });
    assert!(acts_for(&mut desk, MARKET, "complete_task", done(1)).is_err(), "not the market's");
    acts_for(&mut desk, WAREHOUSE, "accept_task", json!({ "task": 1 })).unwrap();
    acts_for(&mut desk, WAREHOUSE, "complete_task", done(1)).unwrap();
    acts_for(&mut desk, MARKET, "return_task", json!({ "task": 2, "reason": "无库存" })).unwrap();
    assert_eq!((desk.case.tasks[1].unit, desk.case.tasks[1].person), (None, Some(person(NAN))));
    assert!(desk.told("task_returned").contains(&Recipient::Person(person(NAN))));
    desk.did(NAN, "pass_task", json!({ "task": 2, "department": unit(WAREHOUSE) }));
    assert_eq!(desk.open(NAN, "submit_for_verification").unwrap_err(), ["tasks_open"]);
    acts_for(&mut desk, WAREHOUSE, "complete_task", done(2)).unwrap();
    desk.did(NAN, "submit_for_verification", json!({}));
}

/// MOB-14: the front hears of a difficulty and of a change at once, by whom it is and
/// until when; who does not do the task says nothing of it.
#[test]
fn the_front_hears_how_the_back_office_stands() {
    let mut desk = on_paper();
    desk.did(NAN, "sign_agreement", scan(1));
    let word = |what: &str, text: &str| json!({ "task": 1, "what": what, "text": text, "expected": "2026-03-20T18:00:00+08:00" });
    assert!(
        acts_for(&mut desk, MARKET, "report_task", word("difficulty", "缺货")).is_err(),
        "not the market's"
    );
    let past = json!({ "task": 1, "what": "progress", "text": "已备", "expected": "2020-01-01T00:00:00Z" });
    assert!(acts_for(&mut desk, WAREHOUSE, "report_task", past).is_err(), "the past is no forecast");
    acts_for(&mut desk, WAREHOUSE, "report_task", word("difficulty", "缺货，下周到")).unwrap();
    let told = desk.told("task_difficulty");
    assert!(told.contains(&Recipient::Person(person(NAN))) && told.contains(&Recipient::Person(person(ANN))));
    let said = desk.case.tasks[0].word.clone().unwrap();
    assert_eq!(
        (said.what, said.expected),
        (TaskWord::Difficulty, Some(super::desk::at("2026-03-20T18:00:00+08:00")))
    );
    acts_for(&mut desk, WAREHOUSE, "report_task", word("change", "改发替代品")).unwrap();
    assert!(desk.told("task_changed").contains(&Recipient::Person(person(ANN))));
    assert!(desk.case.tasks[0].is_open(), "a word ends no task");
    acts_for(&mut desk, WAREHOUSE, "complete_task", json!({ "task": 1, "result": "已发" })).unwrap();
    assert!(acts_for(&mut desk, WAREHOUSE, "report_task", word("change", "晚了")).is_err(), "it is done");
}

/// PROP-95: agreed with owner and date; its effect is looked at later, by a
/// task that does not hold the case up.
#[test]
fn a_corrective_action_has_an_owner_a_date_and_a_later_look() {
    let mut desk = investigating();
    let open = |desk: &Desk| {
        desk.with_facts(Some(NAN), |facts| Gate::CorrectiveAgreed.check(&desk.case, facts).is_ok())
    };
    assert!(!open(&desk));
    let agreed = |check: &str| json!({ "text": "每季检查落水管", "person": person(ANN), "due": "2026-03-20T18:00:00+08:00", "check_at": check });
    desk.refused(NAN, "agree_corrective", agreed("2026-03-10T09:00:00+08:00"), "check_at:not_later");
    desk.did(NAN, "agree_corrective", agreed("2026-05-01T09:00:00+08:00"));
    assert!(open(&desk));
    let task = desk.case.tasks.last().unwrap();
    assert_eq!((task.kind, task.person, task.blocking), (TaskKind::EffectCheck, Some(person(ANN)), false));
    assert_eq!(task.due, Some(super::desk::at("2026-05-01T09:00:00+08:00")));
}
