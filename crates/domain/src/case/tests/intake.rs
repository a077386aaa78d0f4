//! Receiving, owning and classifying.

use super::super::*;
use super::desk::{ANN, BEN, Desk, HEAD, LEE, NAN, person};
use super::stories::{accepted, investigating};
use crate::clock::{ClockKind, ClockState};
use crate::people::Post;
use serde_json::json;
use std::collections::BTreeMap;

/// PROP-10, PROP-11, PROP-13, PROP-51, SUP-3, SUP-4, SUP-10
#[test]
fn who_received_it_is_kept_and_the_owner_is_told() {
    let desk = Desk::intake(Kind::Complaint, Channel::Employee, "2026-03-02T10:00:00+08:00", |intake| {
        intake.source = Some(Source::FieldStaff);
        intake.owner = person(BEN);
    })
    .unwrap();
    assert_eq!((desk.case.receiver, desk.case.owner), (Some(person(ANN)), person(BEN)));
    assert_eq!(desk.case.source, Some(Source::FieldStaff));
    assert!(desk.told("case_received").contains(&Recipient::Person(person(BEN))));
}

/// PROP-12
#[test]
fn what_reaches_the_desk_on_a_later_day_is_late() {
    let collected = |at: &str| {
        let at = super::desk::at(at);
        let desk = Desk::intake(Kind::Complaint, Channel::Employee, "2026-03-03T00:10:00+08:00", |intake| {
            intake.collected_at = Some(at);
        });
        desk.unwrap().case.registered_late(&crate::time::Zone::shanghai())
    };
    assert!(collected("2026-03-02T23:50:00+08:00"));
    assert!(!collected("2026-03-03T00:05:00+08:00"));
}

/// PROP-14, SUP-6, X-15
#[test]
fn ownership_moves_only_when_it_is_accepted() {
    let mut desk = accepted();
    desk.did(ANN, "hand_over", json!({ "to": person(BEN), "reason": "换班" }));
    assert_eq!(desk.case.owner, person(ANN), "until acceptance the owner stays");
    assert_eq!(desk.open(LEE, "accept_hand_over").unwrap_err(), ["not_asked"]);
    desk.did(BEN, "decline_hand_over", json!({ "reason": "不在班" }));
    assert_eq!((desk.case.owner, desk.case.hand_over), (person(ANN), None));
    desk.did(ANN, "hand_over", json!({ "to": person(BEN), "reason": "换班" }));
    desk.did(BEN, "accept_hand_over", json!({}));
    assert_eq!(desk.case.owner, person(BEN));
    desk.refused(BEN, "hand_over", json!({ "to": person(BEN), "reason": "无" }), "to:owns_already");
}

/// PROP-46, X-38
#[test]
fn only_text_and_channel_are_mandatory() {
    let mut desk = Desk::receives(Kind::Complaint, Channel::Letter);
    assert!(desk.case.parties.is_empty() && desk.case.fields.is_empty());
    desk.did(ANN, "accept", json!({}));
    desk.did(ANN, "set_fields", json!({ "fields": { "feeling": "气愤", "wish": "修好", "truth": "渗水" } }));
    assert_eq!(desk.case.fields.len(), 3);
    desk.refused(ANN, "set_fields", json!({ "fields": { "moods": "x" } }), "fields.moods:unknown_field");
}

/// PROP-47, PROP-34
#[test]
fn nobody_insists_on_names_among_neighbours() {
    let pack = crate::pack::property();
    assert!(pack.category("resident_dispute").unwrap().no_insisting);
    assert_eq!(pack.categories.iter().filter(|category| category.no_insisting).count(), 1);
    for category in &pack.categories {
        let shown = [&category.definition, &category.includes, &category.excludes];
        assert!(shown.iter().all(|text| !text.zh.is_empty() && !text.en.is_empty()), "{}", category.code);
    }
    let form = pack.form(Kind::Complaint, "acceptance").unwrap();
    let insisted = |name: &str| form.fields.iter().any(|(field, required)| field.name == name && *required);
    assert!(!insisted("surname") && !insisted("address") && !insisted("telephone"));
    let gate = Gate::Fields(vec!["party".to_owned()]);
    let mut desk = Desk::complaint();
    let open = |desk: &Desk| desk.with_facts(Some(ANN), |facts| gate.check(&desk.case, facts).is_ok());
    assert!(!open(&desk));
    desk.did(LEE, "classify", json!({ "category": "resident_dispute" }));
    assert!(open(&desk), "waived in category 6");
}

/// PROP-50
#[test]
fn no_transfer_without_a_promised_feedback_time() {
    let mut desk = Desk::complaint();
    let to = json!({ "to": person(NAN) });
    desk.refused(ANN, "transfer", to.clone(), "promise_missing");
    assert!(desk.open(ANN, "accept").unwrap_err().contains(&"promise_missing".to_owned()));
    desk.did(
        ANN,
        "promise",
        json!({
            "kind": "feedback", "text": "四点", "due": "2026-03-02T16:00:00+08:00"
        }),
    );
    desk.did(ANN, "transfer", to);
    assert_eq!(desk.case.handler, None, "until he accepts");
}

/// PROP-22, SUP-6
#[test]
fn the_lead_hears_of_a_dispatch_at_the_same_time() {
    let mut desk = accepted();
    assert!(desk.open(LEE, "investigate").unwrap_err().contains(&"not_notified".to_owned()));
    desk.did(ANN, "transfer", json!({ "to": person(NAN) }));
    assert!(desk.told("complaint_transferred").contains(&Recipient::Post(Post::Lead)));
    assert!(desk.told("transferred_to_you").contains(&Recipient::Person(person(NAN))));
    desk.did(NAN, "reject_transfer", json!({ "reason": "非本专业" }));
    assert!(desk.told("transfer_rejected").contains(&Recipient::Person(person(ANN))));
    assert_eq!(desk.case.counts.rejected, 1);
}

/// PROP-20, X-48
#[test]
fn an_emergency_goes_out_at_once() {
    let mut desk = Desk::complaint();
    assert!(desk.open(ANN, "investigate").is_err());
    desk.did(ANN, "mark", json!({ "flag": "emergency", "text": "水管爆裂" }));
    assert!(desk.told("emergency").contains(&Recipient::Post(Post::Lead)));
    desk.did(ANN, "investigate", json!({}));
    assert_eq!(desk.case.stage, Stage::Investigating);
    desk.did(ANN, "transfer", json!({ "to": person(NAN) }));
}

/// PROP-24, PROP-39, PROP-42, DESK-14, PROP-23, PROP-25
#[test]
fn the_head_appears_and_leaders_hear_of_danger() {
    let mut desk = investigating();
    desk.did(ANN, "mark", json!({ "flag": "group_tendency", "text": "多户" }));
    let task = desk.case.tasks.last().unwrap().clone();
    assert_eq!((task.kind, task.post, task.blocking), (TaskKind::AppearInPerson, Some(Post::Head), true));
    let done = json!({ "task": task.id, "result": "已到场" });
    desk.refused(LEE, "complete_task", done.clone(), "no_task_of_yours");
    desk.did(HEAD, "complete_task", done);
    desk.did(ANN, "mark", json!({ "flag": "drastic_risk", "text": "扬言闹事" }));
    let leaders = [Recipient::Post(Post::Head), Recipient::Post(Post::Manager)];
    assert_eq!(desk.told("drastic_risk").into_iter().collect::<Vec<_>>(), leaders);
    desk.did(ANN, "escalate", json!({ "to": "department_head", "reason": "缺人手" }));
    let both = [Recipient::Post(Post::Lead), Recipient::Post(Post::Head)];
    assert_eq!(desk.told("resources_asked").into_iter().collect::<Vec<_>>(), both);
    assert_eq!(desk.case.owner, person(ANN), "still followed by its owner");
}

/// PROP-92, PROP-97, PROP-98, PROP-99, PROP-100, PROP-101, X-27
#[test]
fn intake_category_final_category_and_cause_are_three_fields() {
    let mut desk = investigating();
    desk.did(LEE, "classify", json!({ "category": "developer" }));
    desk.did(LEE, "classify", json!({ "final_category": "equipment", "cause": "man.skill" }));
    let case = &desk.case;
    let three = [&case.category, &case.final_category, &case.cause].map(|code| code.as_deref().unwrap());
    assert_eq!(three, ["developer", "equipment", "man.skill"]);
    desk.refused(LEE, "classify", json!({ "cause": "man" }), "cause:unknown_cause");
    let mut leaves: BTreeMap<&str, usize> = BTreeMap::new();
    for cause in &crate::pack::property().causes {
        *leaves.entry(cause.parent.as_deref().unwrap_or("root")).or_default() += 1;
    }
    let expected =
        [("environment", 1), ("machine", 3), ("man", 3), ("material", 3), ("method", 4), ("root", 5)];
    assert_eq!(leaves, BTreeMap::from(expected));
}

/// PROP-72, PROP-75, PROP-79, X-2, X-3, X-4, X-5
#[test]
fn each_channel_has_the_limit_that_the_sources_give() {
    let due = |channel: Channel, at: &str, kind: ClockKind| {
        Desk::receives_at(Kind::Complaint, channel, at).clock(kind).due_at
    };
    let at = super::desk::at;
    let late = "2026-03-02T23:50:00+08:00";
    let midnight = at("2026-03-03T00:00:00+08:00");
    for channel in [Channel::Phone, Channel::Visit, Channel::Chat, Channel::Employee] {
        assert_eq!(due(channel, late, ClockKind::Reply), midnight, "{channel}: literally the same day");
    }
    for channel in [Channel::Letter, Channel::Email, Channel::Fax, Channel::Web] {
        assert_eq!(due(channel, late, ClockKind::Reply), at("2026-03-05T00:00:00+08:00"), "{channel}");
    }
    assert_eq!(due(Channel::Online, late, ClockKind::Measures), at("2026-03-04T00:00:00+08:00"));
    let mut desk = Desk::receives(Kind::Complaint, Channel::Online);
    desk.did(ANN, "reply", json!({ "kind": "acknowledge", "carrier": "message", "text": "收到" }));
    assert_eq!(
        desk.clock(ClockKind::Measures).state(),
        ClockState::Running,
        "an acknowledgement is not enough"
    );
    let post = json!({ "kind": "measures", "carrier": "post", "text": "措施", "proof": "第3楼" });
    desk.refused(ANN, "reply", post.clone(), "approval_missing");
    desk.did(ANN, "request_approval", json!({ "of": "public_reply", "text": "措施" }));
    desk.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    desk.did(ANN, "reply", post);
    assert_eq!(desk.clock(ClockKind::Measures).state(), ClockState::Met);
}

/// DESK-3, X-53
#[test]
fn an_unsolved_visitor_matter_reaches_the_head_at_day_end() {
    let mut desk = Desk::receives(Kind::Complaint, Channel::Visit);
    desk.until("2026-03-03T00:00:00+08:00");
    let method = desk.case.tasks.iter().find(|task| task.kind == TaskKind::DecideMethod).unwrap();
    assert_eq!(method.post, Some(Post::Head));
    let mut solved = Desk::receives(Kind::Complaint, Channel::Visit);
    solved.did(ANN, "mark", json!({ "flag": "settled_at_once", "text": "当场办结" }));
    solved.until("2026-03-03T00:00:00+08:00");
    assert!(solved.case.tasks.iter().all(|task| task.kind != TaskKind::DecideMethod));
}

/// DESK-2, DESK-4, DESK-9, SUP-8
#[test]
fn records_and_contact_notes_may_follow_the_work() {
    let mut desk = super::stories::satisfied();
    desk.did(
        ANN,
        "file_form",
        json!({ "form": "visit_call_record", "fields": { "matter": "渗水", "handling": "已修" } }),
    );
    desk.did(
        ANN,
        "file_form",
        json!({ "form": "contact_note", "fields": {
        "from": "前台", "to": "工程部", "matter": "换管", "done_first": "true",
    } }),
    );
    desk.refused(
        ANN,
        "file_form",
        json!({ "form": "return_visit_record", "fields": { "resident": "林女士" } }),
        "fields.opinions:required",
    );
    desk.did(
        ANN,
        "file_form",
        json!({ "form": "return_visit_record", "fields": {
            "resident": "林女士", "opinions": "一、楼道灯暗", "answer": "本周更换" } }),
    );
    assert_eq!(desk.case.forms.len(), 3);
    desk.refused(
        ANN,
        "file_form",
        json!({ "form": "contact_note", "fields": { "from": "前台" } }),
        "fields.to:required",
    );
}
