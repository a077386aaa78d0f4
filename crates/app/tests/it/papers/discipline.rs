//! What employees are said to have done: proven, heard, decided.

use huiyin_app::Class;
use huiyin_domain::ids::PersonId;
use huiyin_domain::paper::misconduct::{Misconduct, MisconductState, Penalty};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::{Value, json};

use super::{HOUR, act, open, seen, told, visible, why};
use crate::errands::Errands;

/// PROP-86, ASM-16, ASM-17, ASM-18, X-50: evidence, the employee's word, proof from
/// outside the unit, the manager's decision, the appeal; known to nobody else.
#[test]
fn misconduct_is_proven_before_it_is_punished_and_stays_confidential() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let side = desk.unit("side", UnitLevel::Estate, desk.root());
        let lin = desk.appoint("lin", side, &[Post::Agent]);
        let colleague = desk.appoint("colleague", side, &[Post::Agent, Post::Head]);
        let lead = desk.appoint("lead", side, &[Post::Lead]);
        let insider = desk.appoint("insider", side, &[Post::Supervision]);
        let watch = desk.appoint("watch", desk.root(), &[Post::Supervision]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let gm = desk.appoint("gm", desk.root(), &[Post::Gm]);
        let case = desk.complaint(lead, side);
        let new =
            json!({"unit": side, "person": lin, "case": case, "ground": "quarrel", "account": "与住户争吵"});
        let own = json!({"unit": side, "person": lead, "ground": "other", "account": "x"});
        assert_eq!(why(open::<Misconduct>(&desk, lead, own)), "own_record");
        let id = open::<Misconduct>(&desk, lead, new).unwrap().id;
        for stranger in [colleague, desk.admin] {
            assert_eq!(visible::<Misconduct>(&desk, stranger, id).unwrap_err().class(), Class::NotFound);
            assert_eq!(seen::<Misconduct>(&desk, stranger), 0);
            let tried = act::<Misconduct>(&desk, stranger, id, "state", json!({"text": "x"}));
            assert_eq!(tried.unwrap_err().class(), Class::NotFound);
        }
        for knowing in [lin, lead, watch, manager] {
            assert!(visible::<Misconduct>(&desk, knowing, id).is_ok());
            assert_eq!(seen::<Misconduct>(&desk, knowing), 1);
        }
        let step = |by: PersonId, step: &str, body: Value| act::<Misconduct>(&desk, by, id, step, body);
        let proven = json!({"established": true, "text": "调看录像，双方陈述一致"});
        assert_eq!(why(step(watch, "verify", proven.clone())), "evidence_missing");
        step(watch, "add_evidence", json!({"text": "大堂录像"})).unwrap();
        assert_eq!(why(step(insider, "verify", proven.clone())), "own_unit");
        let ruling = json!({"penalty": "major_demerit", "reason": "查实顶撞住户", "measures": "登门道歉"});
        assert_eq!(why(step(manager, "decide", ruling.clone())), "paper_state");
        step(watch, "verify", proven).unwrap();
        assert_eq!(why(step(manager, "decide", ruling.clone())), "statement_missing");
        assert_eq!(why(step(lead, "state", json!({"text": "x"}))), "not_permitted");
        step(lin, "state", json!({"text": "我当时态度不好"})).unwrap();
        assert_eq!(why(step(watch, "decide", ruling.clone())), "not_permitted");
        let decided = step(manager, "decide", ruling).unwrap();
        assert_eq!(
            (decided.prescribed, decided.state),
            (Some(Penalty::MajorDemerit), MisconductState::Decided)
        );
        step(lin, "appeal", json!({"text": "处分过重"})).unwrap();
        let milder = json!({"penalty": "warning", "reason": "初犯，已取得谅解"});
        assert_eq!(why(step(manager, "decide_appeal", milder.clone())), "not_permitted");
        let last = step(gm, "decide_appeal", milder).unwrap();
        assert_eq!(last.appeal_decision.unwrap().penalty, Penalty::Warning);
        assert_eq!(why(step(lin, "appeal", json!({"text": "再申诉"}))), "said_already");
        assert_eq!(
            step(manager, "close", json!({"reason": "已执行"})).unwrap().state,
            MisconductState::Closed
        );
    });
}

/// DEPT-7: an attitude complaint is shown to the manager, and goes up when the
/// manager leaves it; ASM-17: nothing follows from what is not proven.
#[test]
fn an_attitude_record_left_alone_goes_up() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let deputy = desk.appoint("deputy", desk.root(), &[Post::DeputyGm]);
        let office = desk.unit("office", UnitLevel::Department, desk.root());
        let clerk = desk.appoint("clerk", office, &[Post::Office]);
        let new =
            json!({"unit": desk.root(), "person": lin, "ground": "attitude", "account": "对经销商说教"});
        let id = open::<Misconduct>(&desk, lead, new).unwrap().id;
        desk.after(0);
        assert!(told(&desk, manager).contains(&"misconduct_recorded".to_owned()));
        assert!(told(&desk, lin).contains(&"misconduct_statement_asked".to_owned()));
        assert_eq!(
            visible::<Misconduct>(&desk, clerk, id).unwrap_err().class(),
            Class::NotFound,
            "not above the unit"
        );
        desk.after(25 * HOUR);
        assert!(told(&desk, deputy).contains(&"misconduct_unacknowledged".to_owned()));
        act::<Misconduct>(&desk, manager, id, "acknowledge", json!({})).unwrap();
        act::<Misconduct>(&desk, manager, id, "add_evidence", json!({"text": "来信"})).unwrap();
        act::<Misconduct>(&desk, manager, id, "record_refusal", json!({"reason": "本人不愿陈述"})).unwrap();
        let refused = act::<Misconduct>(
            &desk,
            manager,
            id,
            "verify",
            json!({"established": false, "text": "查无实据"}),
        );
        assert_eq!(why(refused), "own_unit", "the manager belongs to the unit");
    });
}
