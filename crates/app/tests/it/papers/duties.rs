//! Letters to authorities, visits, major faults.

use huiyin_domain::ids::PersonId;
use huiyin_domain::paper::authority_file::{AuthorityFile, AuthorityFileState};
use huiyin_domain::paper::fault::{Fault, FaultState};
use huiyin_domain::paper::visit_record::{VisitRecord, VisitRecordState};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::{Value, json};

use super::{HOUR, act, at, open, told, why};
use crate::errands::Errands;

/// PROP-18, PROP-19, X-12: in writing, followed up, published before it closes.
#[test]
fn a_letter_to_an_authority_is_followed_up_and_published() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let case = desk.complaint(agent, desk.root());
        let new = json!({"unit": desk.root(), "case": case, "authority": "供水公司", "letter": "水压不足，请派人检修"});
        let id = open::<AuthorityFile>(&desk, agent, new).unwrap().id;
        let step = |by: PersonId, step: &str, body: Value| act::<AuthorityFile>(&desk, by, id, step, body);
        assert_eq!(why(step(agent, "answer", json!({"text": "x", "at": at(&desk, 0)}))), "paper_state");
        let past = json!({"at": at(&desk, 0), "next": at(&desk, -1)});
        assert_eq!(why(step(agent, "send", past)), "in_the_past");
        step(agent, "send", json!({"at": at(&desk, 0), "reference": "函 7 号", "next": at(&desk, 24)}))
            .unwrap();
        desk.after(24 * HOUR);
        assert!(told(&desk, agent).contains(&"authority_follow_up".to_owned()));
        step(agent, "follow_up", json!({"text": "说下周来", "next": at(&desk, 96)})).unwrap();
        desk.after(49 * HOUR); // three days after the letter left
        assert!(told(&desk, lead).contains(&"publication_due".to_owned()));
        step(agent, "answer", json!({"text": "已排入计划", "at": at(&desk, 0)})).unwrap();
        assert_eq!(why(step(lead, "close", json!({"reason": "已修好"}))), "publication_missing");
        let notice = json!({"text": "供水公司已排期", "place": "notice_board", "at": at(&desk, 0)});
        step(agent, "publish", notice).unwrap();
        assert_eq!(why(step(agent, "close", json!({"reason": "已修好"}))), "not_permitted");
        assert_eq!(
            step(lead, "close", json!({"reason": "已修好"})).unwrap().state,
            AuthorityFileState::Closed
        );
    });
}

/// DESK-10, DESK-11, X-55: each opinion needs a result and an answer; a justified
/// refusal is a result.
#[test]
fn each_opinion_of_a_visit_is_answered() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let visitor = desk.appoint("visitor", desk.root(), &[Post::Visitor]);
        let new = json!({"unit": desk.root(), "visited_at": at(&desk, -1), "form": "home",
            "opinions": ["楼道灯暗", "希望免物业费"]});
        let opened = open::<VisitRecord>(&desk, visitor, new).unwrap();
        let step = |step: &str, body: Value| act::<VisitRecord>(&desk, visitor, opened.id, step, body);
        let answer = |item: u32| json!({"item": item, "text": "已回电", "carrier": "spoken"});
        assert_eq!(why(step("answer", answer(1))), "result_missing");
        step("resolve", json!({"item": 1, "text": "已换灯"})).unwrap();
        assert_eq!(step("answer", answer(1)).unwrap().handled(), (2, 1));
        assert_eq!(why(step("resolve", json!({"item": 1, "text": "再换"}))), "item_answered");
        assert_eq!(why(step("resolve", json!({"item": 3, "text": "x"}))), "unknown_item");
        step("resolve", json!({"item": 2, "text": "合同约定，不能免", "refused": true})).unwrap();
        let done = step("answer", answer(2)).unwrap();
        assert_eq!((done.state, done.handled()), (VisitRecordState::Answered, (2, 2)));
        let more = step("add", json!({"text": "电梯有异响"})).unwrap();
        assert_eq!((more.state, more.handled()), (VisitRecordState::Open, (3, 2)));
    });
}

/// SUP-16, SUP-17, X-48: told at once, the top after a quarter of an hour, each
/// acknowledges, and nothing ends before the top was informed.
#[test]
fn a_major_fault_is_told_at_once_and_tracked_to_its_end() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let side = desk.unit("side", UnitLevel::Estate, desk.root());
        let cleaner = desk.appoint("cleaner", side, &[Post::Employee]);
        let signer = desk.appoint("signer", desk.root(), &[Post::Agent]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let gm = desk.appoint("gm", desk.root(), &[Post::Gm]);
        let new = json!({"unit": desk.root(), "since": at(&desk, -1), "place": "二期泵房", "symptom": "全区停水",
            "signer": signer});
        let id = open::<Fault>(&desk, cleaner, new).unwrap().id;
        let step = |by: PersonId, step: &str, body: Value| act::<Fault>(&desk, by, id, step, body);
        desk.after(60);
        assert!(told(&desk, manager).contains(&"fault_reported".to_owned()));
        assert!(told(&desk, signer).contains(&"fault_reported".to_owned()));
        assert!(!told(&desk, gm).contains(&"fault_unacknowledged".to_owned()));
        desk.after(14 * 60);
        assert!(told(&desk, gm).contains(&"fault_unacknowledged".to_owned()));
        assert_eq!(why(step(signer, "resolve", json!({"text": "x"}))), "paper_state");
        let taken = step(manager, "acknowledge", json!({})).unwrap();
        assert_eq!(taken.state, FaultState::Tracked);
        assert_eq!(why(step(manager, "acknowledge", json!({}))), "acknowledged_already");
        assert_eq!(why(step(signer, "resolve", json!({"text": "泵已换"}))), "plan_missing");
        step(signer, "plan", json!({"text": "换泵，两小时"})).unwrap();
        step(signer, "resolve", json!({"text": "泵已换"})).unwrap();
        assert_eq!(why(step(manager, "close", json!({"text": "完"}))), "top_not_informed");
        step(manager, "inform_top", json!({"text": "泵房故障，已恢复"})).unwrap();
        assert_eq!(why(step(manager, "close", json!({"text": "完"}))), "not_acknowledged");
        step(signer, "acknowledge", json!({})).unwrap();
        assert_eq!(step(manager, "close", json!({"text": "完"})).unwrap().state, FaultState::Closed);
    });
}
