//! Whole lives of complaints, told as they happen.

use super::super::*;
use super::desk::{ANN, Desk, GRACE, HEAD, LEE, NAN, VERA, VIC, person};
use serde_json::json;

/// Brings a phone complaint to acceptance with a feedback time.
pub(super) fn accepted() -> Desk {
    let mut desk = Desk::complaint();
    desk.did(
        ANN,
        "promise",
        json!({
            "kind": "feedback", "text": "四点前回话", "due": "2026-03-02T16:00:00+08:00"
        }),
    );
    desk.did(ANN, "accept", json!({}));
    desk
}

pub(super) fn investigating() -> Desk {
    let mut desk = accepted();
    desk.did(ANN, "transfer", json!({ "to": person(NAN) }));
    desk.did(NAN, "accept_transfer", json!({}));
    desk.did(LEE, "investigate", json!({}));
    desk
}

pub(super) fn negotiating() -> Desk {
    let mut desk = investigating();
    finds_out(&mut desk);
    desk.did(NAN, "negotiate", json!({}));
    desk
}

pub(super) fn finds_out(desk: &mut Desk) {
    desk.did(NAN, "record_finding", json!({ "text": "落水管失修" }));
    desk.did(
        NAN,
        "state_basis",
        json!({
            "kind": "contract", "responsibility": "ours", "text": "服务合同第三条"
        }),
    );
    desk.did(NAN, "offer_option", json!({ "text": "更换落水管" }));
}

pub(super) fn executing() -> Desk {
    let mut desk = negotiating();
    let option = desk.case.round.options.last().unwrap().id;
    desk.did(NAN, "answer_option", json!({ "option": option, "answer": "accepted" }));
    desk.did(NAN, "execute", json!({}));
    desk
}

pub(super) fn verifying() -> Desk {
    let mut desk = executing();
    desk.did(NAN, "submit_for_verification", json!({}));
    desk
}

pub(super) fn visiting() -> Desk {
    let mut desk = verifying();
    desk.did(VERA, "verify", json!({ "in_order": true }));
    desk.did(VERA, "send_to_visit", json!({}));
    desk
}

pub(super) fn settling() -> Desk {
    let mut desk = verifying();
    desk.did(VERA, "verify", json!({ "in_order": true }));
    desk.did(LEE, "exempt", json!({ "reason": "sensitive", "text": "不宜回访" }));
    desk.did(VERA, "settle", json!({}));
    desk
}

pub(super) fn deciding() -> Desk {
    let mut desk = investigating();
    desk.did(NAN, "record_opinion", json!({ "text": "需部门决定" }));
    desk.did(NAN, "submit_for_decision", json!({}));
    desk
}

pub(super) fn verified_and_visited() -> Desk {
    let mut desk = visiting();
    desk.did(VIC, "visit", json!({ "result": "satisfied", "form": "phone" }));
    desk
}

pub(super) fn satisfied() -> Desk {
    let mut desk = verified_and_visited();
    desk.did(VIC, "close_satisfied", json!({}));
    desk
}

/// One case in every stage that the property pack has for complaints.
pub(super) fn every_stage() -> Vec<Desk> {
    vec![
        Desk::complaint(),
        accepted(),
        investigating(),
        negotiating(),
        deciding(),
        executing(),
        verifying(),
        visiting(),
        settling(),
        satisfied(),
    ]
}

/// A case somewhere on its way, chosen by the steps, with more done to it.
pub(super) fn somewhere(steps: &[(u8, u8, u8, u8)]) -> Desk {
    let (first, ..) = steps[0];
    let mut desk = every_stage().remove(usize::from(first) % 10);
    for (who, which, choice, _) in steps.iter().take(12) {
        let who = u128::from(*who) % 9 + 1;
        let open: Vec<CommandKind> = super::random::actions(&desk)
            .into_iter()
            .filter(|action| desk.with_facts(Some(who), |facts| evaluate(*action, &desk.case, facts).is_ok()))
            .collect();
        let action = open[usize::from(*which) % open.len()];
        let body = desk.with_facts(Some(who), |facts| {
            sample::sample_body(action, &desk.case, facts, usize::from(*choice))
        });
        if let Some(body) = body {
            desk.did(who, action.as_str(), body);
        }
    }
    desk
}

/// PROP-14, PROP-50, PROP-53, PROP-54, PROP-55, PROP-59, PROP-62, PROP-64
#[test]
fn a_complaint_comes_to_its_satisfied_end_by_five_people() {
    let mut desk = visiting();
    assert_eq!(desk.case.phase(), Phase::WaitsForCustomer);
    desk.did(
        VIC,
        "visit",
        json!({
            "result": "satisfied", "form": "home",
            "acceptance": "很快", "measures": "有效", "result_opinion": "满意",
        }),
    );
    desk.did(VIC, "close_satisfied", json!({}));
    assert_eq!((desk.case.stage, desk.case.closure), (Stage::Closed, Some(ClosureKind::Satisfied)));
    assert_eq!(desk.case.phase(), Phase::Done);
    assert_eq!(desk.case.owner, person(ANN), "the first receiver answers to the end");
    let doers: Vec<(Duty, u128)> = vec![
        (Duty::Receiver, ANN),
        (Duty::Owner, ANN),
        (Duty::Handler, NAN),
        (Duty::Verifier, VERA),
        (Duty::Visitor, VIC),
        (Duty::Closer, VIC),
    ];
    for (duty, who) in doers {
        assert!(desk.case.did(duty, person(who)), "{duty} {who}");
    }
}

/// PROP-60, PROP-64
#[test]
fn an_exempt_case_with_a_repeat_on_day_six_stays_open() {
    let mut desk = settling();
    desk.until("2026-03-08T09:00:00+08:00");
    desk.did(ANN, "link", json!({ "relation": "repeated_by", "other": person(4711) }));
    assert!(!desk.told("repeated").is_empty(), "the owner hears of the repeat");
    desk.until("2026-03-20T09:00:00+08:00");
    assert_eq!(desk.case.stage, Stage::Settling, "still open");
    assert_eq!(desk.open(LEE, "close_exempt_elapsed").unwrap_err(), ["repeated"]);
    desk.did(ANN, "reopen", json!({ "reason": "重复投诉" }));
    assert_eq!((desk.case.stage, desk.case.round.number), (Stage::Investigating, 2));
    assert!(desk.case.round.exemption.is_none(), "the second round starts with empty hands");
}

/// PROP-60, PROP-64
#[test]
fn an_exempt_case_without_a_repeat_closes_on_day_eight() {
    let mut desk = settling();
    desk.until("2026-03-09T23:59:59+08:00");
    assert_eq!(desk.case.stage, Stage::Settling, "day seven is not over");
    desk.until("2026-03-10T00:00:00+08:00");
    assert_eq!(desk.case.closure, Some(ClosureKind::ExemptElapsed));
    assert_eq!(desk.clock(crate::clock::ClockKind::Settle).state(), crate::clock::ClockState::Met);
    let last = desk.history.iter().rev().find(|recorded| recorded.event.name() == "stage_changed").unwrap();
    assert_eq!(last.by, None, "the clock closed it");
}

/// PROP-55, PROP-64, X-13
#[test]
fn a_dissatisfied_visit_begins_a_second_round() {
    let mut desk = visiting();
    desk.did(VIC, "visit", json!({ "result": "dissatisfied", "form": "phone", "result_opinion": "仍渗水" }));
    assert_eq!(desk.open(VIC, "close_satisfied").unwrap_err(), ["visit_missing"]);
    desk.did(VIC, "investigate", json!({}));
    let round = &desk.case.round;
    assert_eq!(round.number, 2);
    assert!(round.finding.is_none() && round.verified.is_none() && round.visits.is_empty());
    assert_eq!(desk.case.rounds.len(), 1, "the first round stays in the file");
    assert!(desk.open(NAN, "negotiate").unwrap_err().contains(&"finding_missing".to_owned()));
    desk.refused(ANN, "transfer", json!({ "to": person(VIC) }), "to:duties_clash");
    finds_out(&mut desk);
    desk.did(NAN, "negotiate", json!({}));
    let option = desk.case.round.options.last().unwrap().id;
    assert_eq!(option, 2, "options are numbered through the whole case");
    desk.did(NAN, "answer_option", json!({ "option": option, "answer": "accepted" }));
    desk.did(NAN, "execute", json!({}));
    desk.did(NAN, "submit_for_verification", json!({}));
    desk.did(VERA, "verify", json!({ "in_order": true }));
    desk.did(VERA, "send_to_visit", json!({}));
    desk.did(VIC, "visit", json!({ "result": "satisfied", "form": "home" }));
    desk.did(VIC, "close_satisfied", json!({}));
    assert_eq!(desk.case.closure, Some(ClosureKind::Satisfied));
}

/// PROP-56, PROP-57, X-39
#[test]
fn what_went_to_the_group_is_visited_and_closed_by_the_group() {
    let mut desk = investigating();
    desk.did(LEE, "escalate", json!({ "to": "group", "reason": "久拖未决" }));
    desk.did(GRACE, "record_group_solution", json!({ "text": "集团出资更换" }));
    assert!(desk.told("group_solved").contains(&Recipient::Person(person(ANN))));
    finds_out(&mut desk);
    desk.did(NAN, "negotiate", json!({}));
    desk.did(NAN, "answer_option", json!({ "option": 1, "answer": "accepted" }));
    desk.did(NAN, "execute", json!({}));
    desk.did(NAN, "submit_for_verification", json!({}));
    desk.did(VERA, "verify", json!({ "in_order": true }));
    assert!(desk.told("group_visit_due").contains(&Recipient::Post(crate::people::Post::Group)));
    desk.did(VERA, "send_to_visit", json!({}));
    assert_eq!(desk.open(VIC, "visit").unwrap_err(), ["group_visits"]);
    assert_eq!(desk.open(LEE, "exempt").unwrap_err(), ["group_visits"], "no way round the group");
    desk.did(GRACE, "visit", json!({ "result": "satisfied", "form": "phone" }));
    assert_eq!(desk.open(VIC, "close_satisfied").unwrap_err(), ["group_visits"]);
    desk.did(GRACE, "close_satisfied", json!({}));
    assert_eq!(desk.case.closure, Some(ClosureKind::Satisfied));
    assert!(desk.case.tasks.iter().all(|task| !task.is_open()), "the visit ended the task");
}

/// PROP-60, X-38
#[test]
fn an_anonymous_complaint_needs_no_name_and_waits_its_week() {
    let mut desk = Desk::intake(Kind::Complaint, Channel::Phone, "2026-03-02T10:00:00+08:00", |intake| {
        intake.anonymous = true;
        intake.no_usable_contact = true;
    })
    .unwrap();
    desk.did(ANN, "accept", json!({}));
    desk.did(ANN, "transfer", json!({ "to": person(NAN) }));
    desk.did(NAN, "accept_transfer", json!({}));
    desk.did(LEE, "investigate", json!({}));
    finds_out(&mut desk);
    desk.did(NAN, "negotiate", json!({}));
    desk.did(NAN, "answer_option", json!({ "option": 1, "answer": "accepted" }));
    desk.did(NAN, "execute", json!({}));
    desk.did(NAN, "submit_for_verification", json!({}));
    desk.did(VERA, "verify", json!({ "in_order": true }));
    assert_eq!(desk.open(VERA, "settle").unwrap_err(), ["exemption_missing"]);
    desk.did(LEE, "exempt", json!({ "reason": "anonymous", "text": "匿名" }));
    desk.did(VERA, "settle", json!({}));
    desk.until("2026-03-10T00:00:00+08:00");
    assert_eq!(desk.case.closure, Some(ClosureKind::ExemptElapsed));
}

/// TXT-15, X-14, PROP-55
#[test]
fn beyond_ones_authority_a_yes_is_provisional_and_starts_the_approval() {
    let mut desk = negotiating();
    let amount = json!({ "amount": "6000.00", "currency": "CNY" });
    desk.did(NAN, "offer_option", json!({ "text": "更换并补偿", "amount": amount }));
    let accepts = json!({ "option": 2, "answer": "accepted" });
    desk.refused(NAN, "answer_option", accepts.clone(), "answer:beyond_authority");
    desk.did(NAN, "answer_option", json!({ "option": 2, "answer": "provisional" }));
    let approval = desk.case.round.approvals.last().unwrap();
    assert_eq!((approval.of, approval.option), (ApprovalOf::AcceptedOption, Some(2)));
    assert!(desk.told("approval_waits").contains(&Recipient::Post(crate::people::Post::Head)));
    let shut = desk.open(NAN, "execute").unwrap_err();
    assert!(shut.contains(&"option_not_accepted".to_owned()), "provisional never settles: {shut:?}");
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    assert_eq!(desk.open(NAN, "execute").unwrap_err(), ["option_not_accepted"]);
    desk.did(NAN, "answer_option", accepts);
    desk.did(NAN, "execute", json!({}));
    assert_eq!(desk.case.stage, Stage::Executing);
}

/// X-14, TXT-15
#[test]
fn an_approval_is_stale_after_the_amount_changed() {
    let mut desk = negotiating();
    let offer = |desk: &mut Desk, amount: &str| {
        let amount = json!({ "amount": amount, "currency": "CNY" });
        desk.did(NAN, "offer_option", json!({ "text": "更换并补偿", "amount": amount }));
        let option = desk.case.round.options.last().unwrap().id;
        desk.did(NAN, "answer_option", json!({ "option": option, "answer": "provisional" }));
        option
    };
    offer(&mut desk, "6000.00");
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    let option = offer(&mut desk, "6500.00");
    assert!(desk.open(NAN, "execute").unwrap_err().contains(&"approval_stale".to_owned()));
    desk.did(
        HEAD,
        "decide_approval",
        json!({
            "approval": 2, "decision": "returned", "comment": "过高"
        }),
    );
    assert!(desk.open(NAN, "execute").unwrap_err().contains(&"approval_stale".to_owned()));
    desk.did(
        NAN,
        "request_approval",
        json!({
            "of": "accepted_option", "option": option, "text": "6500",
            "amount": { "amount": "6500.00", "currency": "CNY" },
        }),
    );
    desk.did(HEAD, "decide_approval", json!({ "approval": 3, "decision": "granted" }));
    desk.did(NAN, "answer_option", json!({ "option": option, "answer": "accepted" }));
    assert_eq!(desk.open(NAN, "execute"), Ok(()));
}
