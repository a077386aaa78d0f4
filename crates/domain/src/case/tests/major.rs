//! Major complaints: provisional, confirmed, lowered; what is owed to leaders.

use super::super::*;
use super::desk::{ANN, Desk, HEAD, LEE, NAN, person};
use super::stories::{investigating, visiting};
use crate::clock::ClockState;
use crate::people::Post;
use crate::special::SpecialKind;
use crate::time::Timestamp;
use serde_json::json;

fn yuan(amount: &str) -> serde_json::Value {
    json!({ "amount": { "amount": amount, "currency": "CNY" } })
}

fn standing(desk: &Desk) -> Option<MajorStanding> {
    desk.case.major.as_ref().map(|major| major.standing)
}

/// PROP-81, PROP-82, SUP-7, X-7, X-11: exactly ten thousand counts; the report clock
/// runs from the demand, one working day; lead, leader and general manager hear at once.
#[test]
fn a_demand_of_ten_thousand_is_provisionally_major() {
    let mut desk = investigating();
    desk.did(ANN, "state_demand", yuan("9999.99"));
    assert_eq!(standing(&desk), None);
    desk.did(ANN, "state_demand", yuan("10000.00"));
    assert_eq!(standing(&desk), Some(MajorStanding::Provisional));
    let owed = &desk.case.major.as_ref().unwrap().reports[0];
    assert_eq!(owed.kind, SpecialKind::First);
    let clock = desk.case.clocks.iter().find(|clock| Some(clock.id) == owed.clock).unwrap();
    assert_eq!(
        clock.due_at,
        Timestamp::parse("2026-03-04T00:00:00+08:00").unwrap(),
        "the next working day, its end"
    );
    let told = desk.told("major_raised");
    for post in [Post::Lead, Post::Manager, Post::Gm] {
        assert!(told.contains(&Recipient::Post(post)), "{post:?} hears of it at once");
    }
    assert_eq!(desk.case.volume().unwrap(), "ZD-TS-20260302-0001", "PROP-70: a volume of its own");
    let before = desk.history.len();
    desk.did(ANN, "state_demand", yuan("20000.00"));
    assert_eq!(desk.history.len(), before + 1, "it is raised once");
}

/// whose fault it is decides; the steps stay; lowered, nothing is owed.
#[test]
fn it_is_confirmed_or_lowered_after_the_liability_is_decided() {
    let mut desk = investigating();
    desk.did(ANN, "state_demand", yuan("12000"));
    assert!(desk.open(LEE, "judge_major").unwrap_err().contains(&"liability_undecided".to_owned()));
    assert_eq!(desk.open(ANN, "judge_major").unwrap_err()[0], "not_permitted");
    desk.did(NAN, "grade_liability", json!({ "grade": "customer", "reason": "自行改动管道" }));
    desk.refused(LEE, "judge_major", json!({ "standing": "confirmed", "reason": "x" }), "standing:not_so");
    desk.did(LEE, "judge_major", json!({ "standing": "lowered", "reason": "责任在客户" }));
    assert_eq!(standing(&desk), Some(MajorStanding::Lowered));
    assert!(desk.case.major.as_ref().unwrap().reports.iter().all(|owed| !owed.is_open()));
    assert!(!desk.case.clocks.iter().any(|clock| clock.is_open() && desk.case.owes(clock.id)));
    // found to be ours after all: provisional again, with a report of its own
    desk.did(NAN, "grade_liability", json!({ "grade": "ours", "reason": "落水管失修" }));
    assert_eq!(standing(&desk), Some(MajorStanding::Provisional));
    desk.did(HEAD, "judge_major", json!({ "standing": "confirmed", "reason": "我方全责" }));
    let steps: Vec<MajorStanding> =
        desk.case.major.as_ref().unwrap().steps.iter().map(|step| step.standing).collect();
    use MajorStanding::{Confirmed, Lowered, Provisional};
    assert_eq!(steps, [Provisional, Lowered, Provisional, Confirmed], "the downgrade stays");
    assert!(crate::count::marks(&desk.case).has(crate::count::Mark::Major));
    // a demand that was written down wrongly lowers it too
    desk.did(ANN, "state_demand", yuan("1200"));
    desk.did(LEE, "judge_major", json!({ "standing": "lowered", "reason": "多写了一个零" }));
    assert_eq!(standing(&desk), Some(Lowered));
}

/// PROP-82: the report needs its sections; in time it meets its clock, else
/// lead, head and leader in charge hear of it.
#[test]
fn the_report_meets_its_clock_or_is_missed_by_the_leader() {
    let mut desk = investigating();
    desk.did(ANN, "state_demand", yuan("12000"));
    let mut late = desk.clone();
    desk.refused(ANN, "file_report", json!({ "kind": "first", "sections": {} }), "sections.content:required");
    desk.refused(ANN, "file_report", json!({ "kind": "closing", "sections": {} }), "kind:not_completed");
    let said = json!({ "kind": "first", "sections": { "content": "漏水", "handling": "已排查" } });
    desk.did(ANN, "file_report", said.clone());
    let owed = &desk.case.major.as_ref().unwrap().reports[0];
    let clock = desk.case.clocks.iter().find(|clock| Some(clock.id) == owed.clock).unwrap();
    assert!(owed.filed.is_some() && clock.state() == ClockState::Met);
    late.until("2026-03-05T09:00:00+08:00");
    let told = late.told("limit_missed");
    assert!(told.contains(&Recipient::Post(Post::Manager)) && told.contains(&Recipient::Post(Post::Head)));
    late.did(ANN, "file_report", said);
    let owed = &late.case.major.as_ref().unwrap().reports[0];
    let clock = late.case.clocks.iter().find(|clock| Some(clock.id) == owed.clock).unwrap();
    assert_eq!(clock.state(), ClockState::MetLate);
}

/// PROP-82, PROP-95, X-11: not closed while provisional, nor without an agreed
/// corrective action; once closed the detailed report is owed, and its clock
/// outlives the closing.
#[test]
fn a_major_complaint_closes_with_a_corrective_action_and_owes_its_report() {
    let mut desk = visiting();
    desk.did(ANN, "state_demand", yuan("12000"));
    desk.did(super::desk::VIC, "visit", json!({ "result": "satisfied", "form": "phone" }));
    let shut = desk.open(super::desk::VIC, "close_satisfied").unwrap_err();
    assert_eq!(shut, ["major_not_judged"]);
    desk.did(LEE, "judge_major", json!({ "standing": "confirmed", "reason": "合同第六条" }));
    assert_eq!(desk.open(super::desk::VIC, "close_satisfied").unwrap_err(), ["corrective_missing"]);
    let agreed = json!({ "text": "雨季前全面检查落水管", "person": person(NAN),
        "due": "2026-04-30T18:00:00+08:00", "check_at": "2026-06-30T18:00:00+08:00" });
    desk.did(LEE, "agree_corrective", agreed);
    desk.did(super::desk::VIC, "close_satisfied", json!({}));
    let closing = desk.case.major.as_ref().unwrap().reports.last().unwrap().clone();
    assert_eq!(closing.kind, SpecialKind::Closing);
    let clock = desk.case.clocks.iter().find(|clock| Some(clock.id) == closing.clock).unwrap();
    assert!(clock.is_open(), "the clock of the report runs on after closing");
    let first = &desk.case.major.as_ref().unwrap().reports[0];
    assert!(first.is_open(), "the first report is owed all the same");
    let sections = json!({ "content": "漏水", "causes": "失修", "process_and_result": "已修，满意",
        "lessons": "汛前检查", "corrective_measures": "每年三月检查" });
    desk.did(ANN, "file_report", json!({ "kind": "closing", "sections": sections }));
    assert!(!desk.case.owes(closing.clock.unwrap()));
    assert!(desk.case.tasks.iter().any(|task| task.kind == TaskKind::EffectCheck && task.is_open()));
}

/// PROP-88: a designated person decides what counts; what nobody decided counts
/// provisionally and is listed.
#[test]
fn only_the_designated_person_decides_what_counts() {
    use crate::count::{Mark, marks};
    let fresh = Desk::complaint();
    assert!(fresh.open(LEE, "decide_inclusion").unwrap_err().contains(&"not_accepted".to_owned()));
    let mut desk = investigating();
    assert!(marks(&desk.case).has(Mark::Counted) && marks(&desk.case).has(Mark::Undecided));
    assert_eq!(desk.open(LEE, "decide_inclusion").unwrap_err(), ["not_permitted"]);
    let posts = std::collections::BTreeSet::from([Post::Statistics]);
    desk.people.insert(person(super::desk::MAX), Named { active: true, posts, sees: true });
    let statistics = super::desk::MAX;
    desk.refused(statistics, "decide_inclusion", json!({ "counted": false }), "reason:required");
    desk.did(statistics, "decide_inclusion", json!({ "counted": false, "reason": "非本小区" }));
    assert!(!marks(&desk.case).has(Mark::Counted) && !marks(&desk.case).has(Mark::Undecided));
    desk.refused(
        statistics,
        "decide_inclusion",
        json!({ "counted": false, "reason": "非本小区" }),
        "counted:unchanged",
    );
    desk.did(statistics, "decide_inclusion", json!({ "counted": true }));
    assert!(marks(&desk.case).has(Mark::Counted));
}

/// PROP-83: a message may speak for several persons, never for none.
#[test]
fn a_message_speaks_for_one_person_or_more() {
    let at = "2026-03-02T10:00:00+08:00";
    let intake =
        |persons| Desk::intake(Kind::Complaint, Channel::Letter, at, |intake| intake.persons = persons);
    assert_eq!(intake(5).unwrap().case.persons, 5);
    assert!(intake(0).is_err());
    let written = serde_json::to_string(&intake(1).unwrap().history[0].event).unwrap();
    assert!(
        !written.contains("persons"),
        "one person is written as before, so that old histories keep their hashes"
    );
}
