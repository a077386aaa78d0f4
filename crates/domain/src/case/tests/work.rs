//! Tasks, 催办 and 督办 with their times: warned, missed, answered, moved.

use super::super::*;
use super::desk::{ANN, BEN, Desk, HEAD, LEE, NAN, VERA, at, person};
use super::stories::{accepted, executing, verifying};
use crate::clock::{Clock, ClockKind, ClockState, Limit, LimitRule};
use crate::locale::Locale;
use crate::people::Post;
use crate::time::WorkingCalendar;
use serde_json::{Value, json};

/// The last task of a kind.
fn last(desk: &Desk, kind: TaskKind) -> &Task {
    desk.case.tasks.iter().rfind(|task| task.kind == kind).expect("such a task")
}

/// The clock that watches it.
fn of_task(desk: &Desk, kind: TaskKind) -> &Clock {
    let task = last(desk, kind).id;
    desk.case.clocks.iter().find(|clock| clock.task == Some(task)).expect("the task is watched")
}

/// Nan has a task until Wednesday 4 March, 18:00.
fn given() -> Desk {
    let mut desk = executing();
    desk.did(LEE, "add_task", task(json!({ "person": person(NAN), "due": "2026-03-04T18:00:00+08:00" })));
    desk
}

fn task(mut body: Value) -> Value {
    body["title"] = json!("换管");
    body
}

/// ASC-11, DEPT-6: a task near its time warns who must do it; past it the posts
/// of the pack hear too, and its due time explains itself.
#[test]
fn a_task_warns_and_is_missed_like_any_other_limit() {
    let mut desk = given();
    let clock = of_task(&desk, TaskKind::General).clone();
    assert_eq!(clock.kind, ClockKind::Task);
    assert_eq!((clock.due_at, clock.state()), (at("2026-03-04T18:00:00+08:00"), ClockState::Running));
    assert_eq!(clock.warn_at, Some(at("2026-03-04T16:00:00+08:00")));
    let text = clock.explain(&WorkingCalendar::china()).unwrap().text(Locale::En);
    assert!(text.contains("agreed for Wed 4 March 18:00") && text.contains("ASC-11"), "{text}");
    desk.until("2026-03-04T16:00:00+08:00");
    assert_eq!(desk.told("task_near"), [Recipient::Person(person(NAN))].into());
    assert!(desk.told("task_missed").is_empty());
    desk.until("2026-03-04T18:00:00+08:00");
    assert_eq!(of_task(&desk, TaskKind::General).state(), ClockState::Breached);
    let told = desk.told("task_missed");
    let to = [Recipient::Person(person(NAN)), Recipient::Person(person(ANN)), Recipient::Post(Post::Lead)];
    assert!(to.iter().all(|to| told.contains(to)) && told.contains(&Recipient::Post(Post::Head)), "{told:?}");
    let id = last(&desk, TaskKind::General).id;
    desk.did(NAN, "complete_task", json!({ "task": id, "result": "已换" }));
    assert_eq!(of_task(&desk, TaskKind::General).state(), ClockState::MetLate, "late, and done");
}

/// D5, ASC-10: done in time meets it, called off ends it without a breach, and a
/// task without a time is not watched.
#[test]
fn a_task_ends_its_clock() {
    let mut desk = given();
    let id = last(&desk, TaskKind::General).id;
    desk.did(NAN, "complete_task", json!({ "task": id, "result": "已换" }));
    assert_eq!(of_task(&desk, TaskKind::General).state(), ClockState::Met);
    let mut desk = given();
    desk.did(LEE, "cancel_task", json!({ "task": id, "result": "不需要了" }));
    assert_eq!(of_task(&desk, TaskKind::General).state(), ClockState::Cancelled);
    desk.did(LEE, "add_task", task(json!({ "person": person(NAN) })));
    let untimed = last(&desk, TaskKind::General).id;
    assert!(desk.case.clocks.iter().all(|clock| clock.task != Some(untimed)));
}

/// D5: waiting for a third party stops a task's clock, more time moves its due
/// time, and the task says so itself.
#[test]
fn a_task_pauses_and_gets_more_time() {
    let mut desk = given();
    desk.until("2026-03-03T10:00:00+08:00");
    desk.did(LEE, "mark", json!({ "flag": "waits_for_third_party", "text": "等供货" }));
    assert_eq!(of_task(&desk, TaskKind::General).state(), ClockState::Paused);
    desk.until("2026-03-04T10:00:00+08:00");
    desk.did(LEE, "unmark", json!({ "flag": "waits_for_third_party", "text": "到货" }));
    let due = at("2026-03-05T18:00:00+08:00");
    assert_eq!(
        (of_task(&desk, TaskKind::General).due_at, last(&desk, TaskKind::General).due),
        (due, Some(due))
    );
    let clock = of_task(&desk, TaskKind::General).id;
    let more = json!({ "clock": clock, "until": "2026-03-06T18:00:00+08:00", "reason": "等配件" });
    desk.did(LEE, "extend", more);
    let due = at("2026-03-06T18:00:00+08:00");
    assert_eq!(
        (of_task(&desk, TaskKind::General).due_at, last(&desk, TaskKind::General).due),
        (due, Some(due))
    );
}

/// PROP-39, X-48: the head must appear at once; the limit is the pack's, and
/// nobody had to name it.
#[test]
fn a_task_of_a_rule_gets_its_time_from_the_pack() {
    let mut desk = accepted();
    desk.did(LEE, "mark", json!({ "flag": "management_responsibility" }));
    assert_eq!(last(&desk, TaskKind::AppearInPerson).due, Some(at("2026-03-02T12:00:00+08:00")));
    assert_eq!(of_task(&desk, TaskKind::AppearInPerson).limit, Limit::Rule(LimitRule::Duration(7200)));
    desk.until("2026-03-02T12:00:00+08:00");
    let told = desk.told("task_missed");
    assert!(told.contains(&Recipient::Post(Post::Manager)) && !told.contains(&Recipient::Post(Post::Lead)));
    assert!(told.contains(&Recipient::Post(Post::Head)), "who must do it hears too");
}

/// CP8-22: a visit at home is made at its time; it is late only when the day is
/// over and nothing was written down.
#[test]
fn a_home_visit_has_its_day() {
    let mut desk = executing();
    desk.did(
        LEE,
        "plan_home_visit",
        json!({ "person": person(NAN), "at": "2026-03-04T15:00:00+08:00", "plan": "看现场" }),
    );
    assert_eq!(last(&desk, TaskKind::HomeVisit).due, Some(at("2026-03-04T15:00:00+08:00")));
    assert_eq!(of_task(&desk, TaskKind::HomeVisit).due_at, at("2026-03-05T00:00:00+08:00"));
}

/// ASC-11: what does not keep the case open is watched until it is done, also when
/// the case is closed; of a void case nothing is.
#[test]
fn a_task_outlives_the_closing() {
    let mut closed = verifying();
    closed.did(LEE, "add_task", task(json!({ "person": person(NAN), "due": "2026-05-06T18:00:00+08:00" })));
    let mut void = closed.clone();
    void.did(LEE, "request_approval", json!({ "of": "void", "text": "误录" }));
    void.did(HEAD, "decide_approval", json!({ "approval": 1, "decision": "granted" }));
    void.did(LEE, "void", json!({}));
    assert_eq!(of_task(&void, TaskKind::General).state(), ClockState::Cancelled);
    closed.did(VERA, "verify", json!({ "in_order": true }));
    closed.did(VERA, "send_to_visit", json!({}));
    closed.did(super::desk::VIC, "visit", json!({ "result": "satisfied", "form": "phone" }));
    closed.did(super::desk::VIC, "close_satisfied", json!({}));
    assert_eq!(of_task(&closed, TaskKind::General).state(), ClockState::Running);
    closed.until("2026-05-06T18:00:00+08:00");
    assert!(closed.told("task_missed").contains(&Recipient::Person(person(NAN))));
}

/// 督办 (SUP-1): whoever supervises names the time, hears the answer, and hears
/// when there is none.
#[test]
fn a_supervision_is_answered_in_time_or_goes_up() {
    let mut desk = executing();
    desk.did(LEE, "supervise", json!({ "text": "报告进展", "due": "2026-03-03T18:00:00+08:00" }));
    let clock = desk.clock(ClockKind::Supervise).clone();
    assert_eq!((clock.asked_by, clock.warn_at), (Some(person(LEE)), Some(at("2026-03-03T16:00:00+08:00"))));
    let mut silent = desk.clone();
    silent.until("2026-03-03T18:00:00+08:00");
    assert_eq!(silent.told("reminder_near"), [Recipient::Person(person(NAN))].into());
    let told = silent.told("reminder_missed");
    let to = [Recipient::Person(person(NAN)), Recipient::Person(person(LEE)), Recipient::Post(Post::Head)];
    assert!(to.iter().all(|to| told.contains(to)), "{told:?}");
    silent.did(NAN, "answer_reminder", json!({ "clock": clock.id, "text": "已换管" }));
    assert_eq!(silent.clock(ClockKind::Supervise).state(), ClockState::MetLate);
    assert_eq!(silent.told("reminder_answered"), [Recipient::Person(person(LEE))].into());
    assert_eq!(silent.open(NAN, "answer_reminder").unwrap_err(), ["no_open_reminder"]);
    desk.refused(BEN, "answer_reminder", json!({ "clock": clock.id, "text": "不是我" }), "not_permitted");
    let record = desk.clock(ClockKind::Record).id;
    desk.refused(NAN, "answer_reminder", json!({ "clock": record, "text": "错" }), "clock:no_open_reminder");
    let later = json!({ "clock": clock.id, "until": "2026-03-04T18:00:00+08:00", "reason": "慢" });
    desk.refused(LEE, "extend", later, "clock:no_open_clock");
    desk.did(NAN, "answer_reminder", json!({ "clock": clock.id, "text": "已换管" }));
    assert_eq!(desk.clock(ClockKind::Supervise).state(), ClockState::Met);
}

/// PROP-36, 催办: an urging without a time only counts; one with a time is
/// answered by the answer to the customer.
#[test]
fn an_urging_is_met_by_the_word_to_the_customer() {
    let mut desk = executing();
    desk.did(BEN, "urge", json!({ "text": "快" }));
    assert!(desk.case.clocks.iter().all(|clock| clock.kind != ClockKind::Urge));
    desk.did(BEN, "urge", json!({ "text": "快", "due": "2026-03-02T17:00:00+08:00" }));
    assert_eq!(desk.clock(ClockKind::Urge).state(), ClockState::Running);
    let next = "2026-03-03T12:00:00+08:00";
    let told = json!({ "kind": "progress", "carrier": "spoken", "text": "进展", "next": next });
    desk.did(ANN, "reply", told);
    assert_eq!(desk.clock(ClockKind::Urge).state(), ClockState::Met);
}

/// D5: a closing settles what waits for an answer; what is void waits for none.
#[test]
fn reminders_end_with_the_case() {
    let mut desk = verifying();
    desk.did(LEE, "supervise", json!({ "text": "报告", "due": "2026-03-20T18:00:00+08:00" }));
    let mut void = desk.clone();
    void.did(LEE, "request_approval", json!({ "of": "void", "text": "重复登记" }));
    let approval = void.case.round.approvals.last().unwrap().id;
    void.did(HEAD, "decide_approval", json!({ "approval": approval, "decision": "granted" }));
    void.did(LEE, "void", json!({ "reason": "误登" }));
    assert_eq!(void.clock(ClockKind::Supervise).state(), ClockState::Cancelled);
    desk.did(ANN, "record_customer_word", json!({ "meaning": "withdraws", "text": "不投诉了" }));
    desk.did(ANN, "close_withdrawn", json!({}));
    assert_eq!(desk.clock(ClockKind::Supervise).state(), ClockState::Met);
}

/// PROP-67, 68: histories of before tasks had clocks replay; what is still open
/// is watched from the next action on, and nothing else of them changes.
#[test]
fn a_history_of_before_replays_and_is_watched_from_the_next_action_on() {
    let desk = given();
    let before: Vec<Recorded> = desk
        .history
        .iter()
        .filter(|recorded| match &recorded.event {
            Event::Ruled(Ruled::ClockStarted(clock)) => clock.task.is_none(),
            _ => true,
        })
        .cloned()
        .zip(1..)
        .map(|(recorded, seq)| Recorded { seq, ..recorded })
        .collect();
    let mut old = desk.clone();
    (old.case, old.history) = (replay(desk.case.id, &before).unwrap(), before);
    assert!(old.case.clocks.iter().all(|clock| clock.task.is_none()));
    old.did(NAN, "note", json!({ "text": "看过" }));
    assert_eq!(of_task(&old, TaskKind::General).due_at, at("2026-03-04T18:00:00+08:00"));
    let stored = serde_json::to_value(old.clock(ClockKind::Reply)).unwrap();
    assert!(stored.get("task").is_none() && stored.get("asked_by").is_none(), "old rows keep their form");
}

/// SLM-3: whoever takes over a leaver's work hears what the leaver waited for.
#[test]
fn the_answer_goes_to_who_took_over() {
    let mut desk = executing();
    desk.did(LEE, "supervise", json!({ "text": "报告", "due": "2026-03-20T18:00:00+08:00" }));
    let step = WorkTakenOver { from: person(LEE), to: person(HEAD) };
    desk.append(vec![Ruled::WorkTakenOver(step).into()], None);
    let clock = desk.clock(ClockKind::Supervise).id;
    desk.did(NAN, "answer_reminder", json!({ "clock": clock, "text": "已换管" }));
    assert_eq!(desk.told("reminder_answered"), [Recipient::Person(person(HEAD))].into());
}

/// the lead or the head chooses what is important, also of what is closed;
/// it does nothing but choose.
#[test]
fn important_is_chosen_by_hand() {
    let mut desk = accepted();
    desk.refused(ANN, "mark", json!({ "flag": "important" }), "flag:important_is_the_leads");
    let before = desk.history.len();
    desk.did(HEAD, "mark", json!({ "flag": "important" }));
    assert_eq!(desk.history.len(), before + 1, "nobody is told and no limit begins");
    let mut closed = super::stories::satisfied();
    closed.refused(LEE, "mark", json!({ "flag": "emergency" }), "flag:flag_not_when_closed");
    closed.did(LEE, "mark", json!({ "flag": "important" }));
    closed.did(HEAD, "unmark", json!({ "flag": "important", "text": "另选一件" }));
    assert_eq!(closed.case.stage, Stage::Closed);
}
