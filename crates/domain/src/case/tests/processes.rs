//! One story for each process of the sources, over weeks and several people.
//!
//! Every story runs under the pack's own name and under another one: what a
//! source says differently is a value of its pack.
//!
//! Size: five stories, each read from its first day to its figures of the month.

use super::super::*;
use super::desk::{ANN, Desk, HEAD, LEE, MAX, NAN, VERA, VIC, packs, person};
use crate::clock::{ClockKind, ClockState};
use crate::pack::Pack;
use serde_json::json;

/// Tells a story by the pack at this place of the shipped list, twice.
fn told(place: usize, story: impl Fn(&'static Pack)) {
    [false, true].into_iter().for_each(|renamed| story(&packs(renamed)[place]));
}

/// Says what the figures of March are, in which the one case of a story lies.
#[track_caller]
fn march(desk: &Desk, figures: &[(&str, i64)]) {
    let heap = super::figures::heap(&desk.case);
    for (name, expected) in figures {
        let metric = crate::count::Metric::named(name).unwrap_or_else(|| panic!("no figure {name}"));
        assert_eq!(metric.figure([heap].iter()).part, *expected, "{name}");
    }
}

fn fields(desk: &mut Desk, all: &[(&str, &str)]) {
    for (name, value) in all {
        desk.did(ANN, "set_fields", json!({ "fields": { *name: value } }));
    }
}

fn given_to_nan(desk: &mut Desk) {
    desk.did(ANN, "transfer", json!({ "to": person(NAN) }));
    desk.did(NAN, "accept_transfer", json!({}));
}

fn confirmed(desk: &mut Desk, who: u128) {
    let contact = json!({ "text": "复述经过，客户确认", "direction": "outbound", "channel": "phone",
        "confirms_facts": true });
    desk.did(who, "contact", contact);
}

fn approved(desk: &mut Desk, by: u128) {
    desk.did(NAN, "request_approval", json!({ "of": "plan", "text": "处理方案" }));
    let id = desk.case.round.approvals.last().unwrap().id;
    desk.refused(NAN, "decide_approval", json!({ "approval": id, "decision": "granted" }), "own_request");
    desk.did(by, "decide_approval", json!({ "approval": id, "decision": "granted" }));
}

fn offered(desk: &mut Desk, text: &str, answer: &str) {
    desk.did(NAN, "offer_option", json!({ "text": text }));
    let id = desk.case.round.options.last().unwrap().id;
    desk.did(NAN, "answer_option", json!({ "option": id, "answer": answer }));
}

fn visited(desk: &mut Desk, result: &str) {
    desk.did(VIC, "visit", json!({ "result": result, "form": "phone", "result_opinion": "客户的话" }));
}

fn written_down(desk: &mut Desk) {
    let known = [
        ("where", "东城营业厅"),
        ("when_happened", "三月一日"),
        ("who", "工号一〇二"),
        ("what", "套餐计费"),
        ("why", "未告知到期"),
    ];
    fields(desk, &known);
    desk.refused(ANN, "accept", json!({}), "field_missing");
    fields(desk, &[("how", "退还多收的话费")]);
    desk.did(ANN, "accept", json!({}));
}

/// MOB-1, 3…5, 8…10, 12, 15, 16: Monday 2 March to 17 March.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn six_steps_with_a_second_round() {
    told(1, |pack| {
        let mut desk = Desk::receives_by(pack, Kind::Complaint, Channel::Phone);
        desk.did(ANN, "note_emotion", json!({ "emotion": "attention", "sign": "说得很严重" }));
        desk.refused(ANN, "note_emotion", json!({ "emotion": "hunger" }), "emotion:unknown_emotion");
        desk.refused(LEE, "negotiate", json!({}), "wrong_stage");
        written_down(&mut desk);
        // the truth is not known yet: a reply is promised, then it may be judged
        desk.refused(ANN, "assess", json!({}), "facts_not_confirmed");
        let promise = json!({ "kind": "feedback", "text": "查实后回复", "due": "2026-03-02T16:00:00+08:00" });
        desk.did(ANN, "promise", promise);
        desk.did(ANN, "assess", json!({}));
        desk.until("2026-03-02T15:30:00+08:00");
        let progress = json!({ "kind": "progress", "carrier": "spoken", "text": "正在核对账单",
            "next": "2026-03-04T17:00:00+08:00" });
        desk.did(ANN, "reply", progress);
        assert_eq!(desk.clock(ClockKind::Reply).state(), ClockState::Met);
        assert_eq!(desk.clock(ClockKind::Reply).due_at, super::desk::at("2026-03-04T00:00:00+08:00"));
        assert_eq!(desk.case.promises[0].kept_at, Some(desk.now), "told half an hour before the time");

        desk.until("2026-03-03T10:00:00+08:00");
        let decided = json!({ "validity": "established", "reason": "账单确有差错" });
        desk.refused(ANN, "decide_validity", decided.clone(), "not_permitted");
        desk.refused(LEE, "negotiate", json!({}), "validity_missing");
        desk.did(LEE, "decide_validity", decided);
        desk.did(LEE, "grade_liability", json!({ "grade": "ours", "reason": "系统未按时停费" }));
        desk.did(LEE, "name_responsible", json!({ "person": person(NAN), "reason": "计费归其负责" }));
        desk.refused(LEE, "negotiate", json!({}), "handler_missing");
        given_to_nan(&mut desk);
        desk.refused(NAN, "negotiate", json!({}), "not_permitted");
        desk.did(LEE, "negotiate", json!({}));

        offered(&mut desk, "退还多收部分", "accepted");
        let advised = |desk: &Desk| {
            let target = Target::Stage(Stage::Deciding);
            desk.with_facts(Some(NAN), |facts| advice(target, &desk.case, facts)).len()
        };
        assert_eq!(advised(&desk), 1, "two options are advised, one is enough (MOB-12)");
        offered(&mut desk, "退还并赠送一月", "accepted");
        assert_eq!(advised(&desk), 0);
        desk.did(NAN, "submit_for_decision", json!({}));
        desk.refused(NAN, "execute", json!({}), "approval_missing");
        approved(&mut desk, MAX);
        desk.did(NAN, "execute", json!({}));

        // he had to ask himself: counted (MOB-15)
        desk.until("2026-03-06T10:00:00+08:00");
        let asks = json!({ "text": "办得怎样了", "direction": "inbound", "channel": "phone", "asks_progress": true });
        desk.did(ANN, "contact", asks);
        assert_eq!(desk.case.counts.asked_progress, 1);
        desk.did(NAN, "send_to_visit", json!({}));
        desk.refused(NAN, "visit", json!({ "result": "satisfied", "form": "phone" }), "not_permitted");
        desk.until("2026-03-09T10:00:00+08:00");
        visited(&mut desk, "dissatisfied");
        desk.refused(VIC, "close_satisfied", json!({}), "visit_missing");
        desk.did(VIC, "negotiate", json!({}));
        assert_eq!((desk.case.stage, desk.case.round.number), (Stage::Negotiating, 2));

        desk.did(LEE, "note_emotion", json!({ "emotion": "solution" }));
        offered(&mut desk, "退还并减免两月", "accepted");
        desk.did(NAN, "submit_for_decision", json!({}));
        desk.refused(NAN, "execute", json!({}), "approval_missing");
        approved(&mut desk, MAX);
        desk.did(NAN, "execute", json!({}));
        desk.did(NAN, "send_to_visit", json!({}));
        desk.until("2026-03-17T10:00:00+08:00");
        visited(&mut desk, "satisfied");
        desk.did(VIC, "close_satisfied", json!({}));
        assert_eq!(desk.case.closure, Some(ClosureKind::Satisfied));
        let moods: Vec<&str> = desk.case.emotions.iter().map(|seen| &*seen.emotion).collect();
        assert_eq!(moods, ["attention", "solution"], "the change of mood is on file (MOB-4)");
        // One case, complained twice (the call of the 2nd, the question of the 6th; he had
        // been told on the 2nd, so it is no miss), a second round, satisfied in the end.
        // Longest without progress: from the 9th (visit, approval) to the visit of the 17th.
        march(
            &desk,
            &[
                ("counted", 1),
                ("times", 2),
                ("progress_misses", 0),
                ("reply_in_time", 1),
                ("promises_made", 1),
                ("promises_kept", 1),
                ("promises_broken", 0),
                ("reopened", 1),
                ("visit_satisfied", 1),
                ("visit_dissatisfied", 0),
                ("closed_satisfied", 1),
                ("closing_rate", 1),
                ("idle_days", 8),
                ("reassigned", 0),
            ],
        );
    });
}

/// MOB-6, DEPT-8, X-13: not established is explained first, steps 4 to 6 are skipped,
/// and another person may review it.
#[test]
fn a_complaint_that_is_not_established_ends_with_its_explanation() {
    told(1, |pack| {
        let mut desk = Desk::receives_by(pack, Kind::Complaint, Channel::Phone);
        written_down(&mut desk);
        confirmed(&mut desk, ANN);
        desk.did(ANN, "assess", json!({}));
        let early = json!({ "kind": "final", "carrier": "spoken", "text": "先答复" });
        desk.did(ANN, "reply", early);
        desk.until("2026-03-02T11:00:00+08:00");
        let no = json!({ "validity": "not_established", "reason": "资费已公示并经客户签字" });
        desk.did(LEE, "decide_validity", no);
        desk.refused(LEE, "close_not_established", json!({}), "explanation_missing");
        desk.refused(LEE, "negotiate", json!({}), "validity_missing");
        desk.until("2026-03-02T11:30:00+08:00");
        desk.did(ANN, "reply", json!({ "kind": "final", "carrier": "spoken", "text": "逐条解释" }));
        desk.did(LEE, "close_not_established", json!({}));
        assert_eq!(desk.case.closure, Some(ClosureKind::NotEstablished));
        // One case, answered with its explanation on the day, closed as not established.
        march(
            &desk,
            &[("counted", 1), ("closed_not_established", 1), ("closed_satisfied", 0), ("handling_rate", 1)],
        );
        // DEPT-8: long after, the customer has gone to others
        march(&desk, &[("unmet", 1), ("customers_lost", 0), ("lost_after_unmet", 0)]);
        let mut later = desk.clone();
        later.until("2026-06-01T10:00:00+08:00");
        later.did(ANN, "mark", json!({ "flag": "customer_lost", "text": "已转网" }));
        march(&later, &[("unmet", 1), ("customers_lost", 1), ("lost_after_unmet", 1)]);
        let skipped = [Stage::Negotiating, Stage::Deciding, Stage::Executing, Stage::Visiting];
        let entered = desk.history.iter().any(|recorded| match &recorded.event {
            Event::Ruled(Ruled::StageChanged(change)) => skipped.contains(&change.to),
            _ => false,
        });
        assert!(!entered, "the later steps are not used");
        assert!(desk.open(LEE, "reopen").is_err(), "whoever closed does not review");
        desk.did(HEAD, "reopen", json!({ "reason": "复核" }));
        assert_eq!((desk.case.stage, desk.case.round.number), (Stage::Assessing, 2));
        assert!(desk.case.round.judgement.validity.is_none(), "judged anew");
    });
}

/// CP8-1, 3, 8…13, 18, 19, 22; X-19: a letter of 2 March, closed on 13 March.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn eight_steps_of_a_letter() {
    told(2, |pack| {
        let mut desk = Desk::receives_by(pack, Kind::Complaint, Channel::Letter);
        fields(&mut desk, &[("happened_at", "二月底"), ("object", "冰箱"), ("demand", "换货")]);
        desk.refused(ANN, "assess", json!({}), "field_missing");
        let party = "01890000-0000-7000-8000-000000000801";
        desk.did(ANN, "correct_party", json!({ "to": party, "role": "complainant", "reason": "来信署名" }));
        fields(&mut desk, &[("complainant_type", "reasoner")]);
        desk.did(ANN, "assess", json!({}));
        desk.until("2026-03-03T09:30:00+08:00");
        let progress = json!({ "kind": "progress", "carrier": "letter", "text": "来信收悉", "proof": "挂号一",
            "next": "2026-03-06T17:00:00+08:00" });
        desk.did(ANN, "reply", progress);
        assert_eq!(desk.clock(ClockKind::Reply).due_at, super::desk::at("2026-03-05T00:00:00+08:00"));
        assert_eq!(desk.clock(ClockKind::Reply).state(), ClockState::Met);

        desk.did(LEE, "decide_validity", json!({ "validity": "established", "reason": "在保修期内" }));
        desk.refused(LEE, "investigate", json!({}), "responsible_missing");
        desk.did(LEE, "name_responsible", json!({ "person": person(NAN), "reason": "质检" }));
        given_to_nan(&mut desk);
        desk.did(LEE, "investigate", json!({}));

        // step 6 before step 7: nothing is proposed before it is decided
        desk.refused(NAN, "offer_option", json!({ "text": "换货" }), "approval_missing");
        let measures = json!({ "kind": "measures", "carrier": "letter", "text": "换货", "proof": "挂号二" });
        desk.refused(NAN, "reply", measures.clone(), "approval_missing");
        desk.did(NAN, "record_finding", json!({ "text": "压缩机缺陷" }));
        desk.refused(NAN, "submit_for_decision", json!({}), "remedy_missing");
        let listed =
            |name: &str| json!({ "remedy": name, "what": "换同型号新机", "reason": "来信附了收据复印件" });
        desk.refused(NAN, "propose_remedy", listed("apology"), "remedy:unknown_remedy");
        desk.did(NAN, "propose_remedy", listed("exchange"));
        desk.did(NAN, "submit_for_decision", json!({}));
        desk.did(NAN, "request_approval", json!({ "of": "plan", "text": "换货" }));
        let returns = json!({ "approval": 1, "decision": "returned", "comment": "先查库存" });
        desk.refused(HEAD, "decide_approval", returns.clone(), "no_approval_of_yours");
        desk.did(MAX, "decide_approval", returns);
        desk.refused(NAN, "negotiate", json!({}), "approval_missing");
        desk.did(NAN, "investigate", json!({ "reason": "退回补充" }));
        desk.did(NAN, "submit_for_decision", json!({}));
        desk.did(NAN, "request_approval", json!({ "of": "plan", "text": "换货，库存已落实" }));
        desk.did(MAX, "decide_approval", json!({ "approval": 2, "decision": "granted" }));
        desk.did(NAN, "negotiate", json!({}));

        desk.until("2026-03-06T10:00:00+08:00");
        offered(&mut desk, "换同型号新机", "accepted");
        desk.refused(NAN, "execute", json!({}), "notice_missing");
        desk.did(NAN, "reply", measures);
        desk.did(NAN, "execute", json!({}));
        desk.until("2026-03-10T10:00:00+08:00");
        desk.refused(NAN, "send_to_visit", json!({}), "remedies_open");
        desk.did(NAN, "give_remedy", json!({ "remedy": 1, "note": "新机已送达" }));
        assert_eq!(desk.case.remedies[0].given[0].approval, Some(2), "by the plan that the manager granted");
        desk.did(NAN, "send_to_visit", json!({}));

        // at home only by appointment and with a plan
        let home = json!({ "result": "satisfied", "form": "home", "result_opinion": "满意" });
        desk.refused(VIC, "visit", home.clone(), "form:home_visit_not_planned");
        let late = json!({ "plan": "检查制冷", "at": "2026-03-09T10:00:00+08:00", "person": person(VIC) });
        desk.refused(VIC, "plan_home_visit", late, "at:in_the_past");
        let plan = json!({ "plan": "检查制冷", "at": "2026-03-12T10:00:00+08:00", "person": person(VIC) });
        desk.did(VIC, "plan_home_visit", plan);
        desk.refused(VIC, "visit", home.clone(), "form:home_visit_not_planned");
        desk.until("2026-03-12T11:00:00+08:00");
        desk.did(VIC, "visit", home);
        assert!(desk.case.tasks.iter().all(|task| !task.is_open()), "the visit ended its task");

        // step 8, and a formal answer on file
        let missing = desk.open(VIC, "close_satisfied").unwrap_err();
        assert_eq!(missing, ["summary_missing", "written_reply_missing"]);
        desk.until("2026-03-13T10:00:00+08:00");
        let letter = json!({ "kind": "final", "carrier": "letter", "text": "回信", "proof": "挂号三" });
        desk.did(NAN, "reply", letter);
        desk.did(NAN, "summarise", json!({ "text": "压缩机批次问题，已通报质检" }));
        desk.did(VIC, "close_satisfied", json!({}));
        assert_eq!(desk.case.closure, Some(ClosureKind::Satisfied));
        // One letter, answered on the 3rd (due the 4th), a final answer on the 13th, no money.
        // Longest without progress: from the answer of the 6th to the new machine of the 10th.
        march(
            &desk,
            &[
                ("counted", 1),
                ("times", 1),
                ("reply_in_time", 1),
                ("handling_rate", 1),
                ("satisfaction", 1),
                ("closed_satisfied", 1),
                ("compensated", 0),
                ("paid", 0),
                ("idle_days", 4),
            ],
        );
    });
}

/// ASC-3…11, 13, 16, 17, 20; ASM-8; X-2: from 2 March to 20 March.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn after_sales_with_an_agreement() {
    told(3, |pack| {
        let mut desk = Desk::receives_by(pack, Kind::Complaint, Channel::Phone);
        desk.refused(ANN, "accept", json!({}), "form_missing");
        let paper =
            json!({ "form": "registration", "fields": { "company": "顺风修理厂", "reason": "机油泡沫" } });
        desk.did(ANN, "file_form", paper);
        desk.refused(ANN, "accept", json!({}), "form_not_taken");
        desk.refused(
            ANN,
            "hand_over_form",
            json!({ "form": "registration", "to": person(ANN) }),
            "to:yourself",
        );
        desk.did(ANN, "hand_over_form", json!({ "form": "registration", "to": person(NAN) }));
        desk.refused(VIC, "take_form", json!({ "form": "registration" }), "not_asked");
        desk.did(NAN, "take_form", json!({ "form": "registration" }));
        desk.did(ANN, "accept", json!({}));
        let filed = &desk.case.forms["registration"];
        assert_eq!(filed.by, Some(person(ANN)), "the recorder signed it");
        assert_eq!(filed.handed.map(|handed| (handed.to, handed.at)), Some((person(NAN), desk.now)));
        given_to_nan(&mut desk);
        desk.refused(NAN, "investigate", json!({}), "form_missing");
        let detail = json!({ "form": "product_detail",
            "fields": { "product": "机油", "batch": "C-17", "symptom": "泡沫多" } });
        desk.did(NAN, "file_form", detail);
        // ASC-9: the agreement names the product as the form does, and as the case
        // itself does where somebody said so there
        let of_form = |desk: &Desk| desk.case.forms["product_detail"].fields.get("product").cloned();
        let printed = |desk: &Desk| field_text("product", &desk.case, desk.pack).cloned();
        assert!(printed(&desk).is_some() && printed(&desk) == of_form(&desk));
        let mut said = desk.clone();
        said.did(NAN, "set_fields", json!({ "fields": { "product": "机油五升装" } }));
        assert!(
            printed(&said) == said.case.fields.get("product").cloned() && printed(&said) != of_form(&said)
        );
        desk.did(NAN, "investigate", json!({}));

        // best the same day: missed, and no breach; 24 hours: kept
        desk.until("2026-03-03T09:00:00+08:00");
        assert_eq!(desk.clock(ClockKind::Target).state(), ClockState::Cancelled);
        assert!(desk.clock(ClockKind::Target).breached_at.is_none());
        desk.refused(NAN, "offer_option", json!({ "text": "换货" }), "approval_missing");
        let proposal = json!({ "kind": "measures", "carrier": "spoken", "text": "换货" });
        desk.refused(NAN, "reply", proposal, "approval_missing");
        let progress = json!({ "kind": "progress", "carrier": "spoken", "text": "已取样",
            "next": "2026-03-05T17:00:00+08:00" });
        desk.did(NAN, "reply", progress);
        assert_eq!(desk.clock(ClockKind::Reply).due_at, super::desk::at("2026-03-03T10:00:00+08:00"));
        assert_eq!(desk.clock(ClockKind::Reply).state(), ClockState::Met);

        desk.refused(NAN, "submit_for_decision", json!({}), "facts_not_confirmed");
        confirmed(&mut desk, NAN);
        desk.did(NAN, "record_opinion", json!({ "text": "换货并致歉" }));
        desk.did(NAN, "submit_for_decision", json!({}));
        desk.refused(NAN, "negotiate", json!({}), "approval_missing");
        approved(&mut desk, HEAD);
        // ASC-16: once the leader was clear, whoever handles it negotiates, nobody else
        desk.refused(ANN, "negotiate", json!({}), "not_permitted");
        desk.did(NAN, "negotiate", json!({}));
        desk.until("2026-03-05T10:00:00+08:00");
        offered(&mut desk, "换货十箱，赠品一份", "accepted");
        desk.refused(NAN, "execute", json!({}), "agreement_missing");
        let items = json!({ "items": [
            { "what": "发货十箱", "remedy": "exchange", "department": super::agreement::unit(501) },
            { "what": "寄赠品一份", "remedy": "gift", "department": super::agreement::unit(502) },
        ] });
        desk.did(NAN, "draw_up_agreement", items);
        desk.refused(NAN, "execute", json!({}), "agreement_not_signed");
        // the customer confirms by link and code; an expired or foreign link counts for nothing
        let link = uuid::Uuid::from_u128(77);
        let sent = json!({ "agreement": 1, "link": link, "until": "2026-03-07T10:00:00+08:00" });
        desk.did(NAN, "send_confirmation", sent);
        let digest = desk.case.round.agreements[0].digest();
        let says = |link: uuid::Uuid, digest: &str| json!({ "name": "顺风修理厂 钱", "agreement": 1, "link": link, "digest": digest });
        desk.refused(NAN, "confirm_agreement", says(link, &digest), "not_permitted");
        desk.system_refused("confirm_agreement", says(uuid::Uuid::from_u128(78), &digest), "code_expired");
        desk.system_refused("confirm_agreement", says(link, "x"), "agreement_stale");
        desk.system("confirm_agreement", says(link, &digest)).unwrap();
        desk.system_refused("confirm_agreement", says(link, &digest), "no_agreement_to_sign");
        desk.did(NAN, "execute", json!({}));

        // each promised item is a task of its department
        assert_eq!(desk.case.tasks.iter().filter(|task| task.kind == TaskKind::Promised).count(), 2);
        desk.until("2026-03-10T10:00:00+08:00");
        desk.for_unit(501, VERA, "complete_task", json!({ "task": 1, "result": "已发" }));
        desk.refused(NAN, "send_to_visit", json!({}), "tasks_open");
        desk.until("2026-03-16T10:00:00+08:00");
        desk.for_unit(502, VERA, "complete_task", json!({ "task": 2, "result": "已寄" }));
        desk.did(NAN, "send_to_visit", json!({}));
        desk.until("2026-03-20T10:00:00+08:00");
        visited(&mut desk, "satisfied");
        desk.did(LEE, "close_satisfied", json!({}));
        assert_eq!(desk.case.closure, Some(ClosureKind::Satisfied));
        assert_eq!(desk.case.owner, person(ANN), "the recorder owns it to the end");
        // One call, answered within 24 hours, satisfied on the 20th. Longest without
        // progress: from the goods of the 10th to the gift of the 16th.
        march(
            &desk,
            &[
                ("counted", 1),
                ("times", 1),
                ("reply_in_time", 1),
                ("agreed", 0),
                ("closed_satisfied", 1),
                ("reopened", 0),
                ("idle_days", 6),
            ],
        );
    });
}

/// PROP-14, 50, 59, 60, 64, 79: a call of 2 March under either name.
#[test]
fn a_property_complaint_with_an_exemption() {
    told(0, |pack| {
        let mut desk = Desk::receives_by(pack, Kind::Complaint, Channel::Phone);
        desk.refused(ANN, "transfer", json!({ "to": person(NAN) }), "promise_missing");
        let promise = json!({ "kind": "feedback", "text": "四点前回话", "due": "2026-03-02T16:00:00+08:00" });
        desk.did(ANN, "promise", promise);
        desk.did(ANN, "accept", json!({}));
        given_to_nan(&mut desk);
        desk.did(LEE, "investigate", json!({}));
        desk.until("2026-03-02T15:40:00+08:00");
        let progress = json!({ "kind": "progress", "carrier": "spoken", "text": "已派人",
            "next": "2026-03-04T17:00:00+08:00" });
        desk.did(NAN, "reply", progress);
        assert_eq!(desk.clock(ClockKind::Reply).due_at, super::desk::at("2026-03-03T00:00:00+08:00"));
        assert_eq!(desk.clock(ClockKind::Reply).state(), ClockState::Met);
        super::stories::finds_out(&mut desk);
        desk.did(NAN, "negotiate", json!({}));
        desk.did(NAN, "answer_option", json!({ "option": 1, "answer": "accepted" }));
        desk.did(NAN, "execute", json!({}));
        desk.did(NAN, "submit_for_verification", json!({}));
        desk.refused(NAN, "verify", json!({ "in_order": true }), "not_permitted");
        desk.did(VERA, "verify", json!({ "in_order": true }));
        desk.did(LEE, "exempt", json!({ "reason": "sensitive", "text": "不宜回访" }));
        desk.did(VERA, "settle", json!({}));
        desk.until("2026-03-09T23:59:00+08:00");
        assert_eq!(desk.case.stage, Stage::Settling);
        desk.until("2026-03-10T00:00:00+08:00");
        assert_eq!(desk.case.closure, Some(ClosureKind::ExemptElapsed));
        // One call, told at 15:40 within its day and before the promised 16:00, exempt from
        // the visit, so none is due, and closed after its week.
        march(
            &desk,
            &[
                ("counted", 1),
                ("reply_in_time", 1),
                ("promises_kept", 1),
                ("exempt", 1),
                ("visits_due", 0),
                ("closed_exempt", 1),
                ("closing_rate", 1),
            ],
        );
    });
}
