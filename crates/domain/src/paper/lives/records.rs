//! Visits, scores, arbitration, discipline.

use super::super::arbitration::{Arbitration, ArbitrationState, ArbitrationStep, NewArbitration};
use super::super::misconduct::{
    Misconduct, MisconductGround, MisconductState, MisconductStep, NewMisconduct, Penalty,
};
use super::super::scorecard::{NewScorecard, Scorecard, ScorecardState, ScorecardStep};
use super::super::visit_record::{NewVisitRecord, VisitRecord, VisitRecordState};
use super::*;
use crate::case::VisitForm;
use crate::time::Date;
use serde_json::json;

fn visit_body(record: &VisitRecord, step: &str, _: &PaperFacts<'_>, choice: u8) -> Option<Value> {
    let pick = |fits: fn(&&crate::paper::visit_record::Item) -> bool| {
        let fit: Vec<u32> = record.items.iter().filter(fits).map(|item| item.id).collect();
        fit.get(usize::from(choice) % fit.len().max(1)).copied().unwrap_or(1)
    };
    Some(match step {
        "resolve" => {
            let item = pick(|item| item.answered.is_none());
            json!({ "item": item, "text": "加装路灯", "refused": choice.is_multiple_of(3) })
        }
        "answer" => {
            let item = pick(|item| item.answered.is_none() && item.result.is_some());
            json!({ "item": item, "text": "已告知", "carrier": "spoken" })
        }
        _ => json!({ "text": "楼道灯暗" }),
    })
}

fn award(facts: &PaperFacts<'_>, choice: u8) -> Value {
    let due = hours_after(facts.now, i64::from(choice) + 1);
    let part = |unit: u128, leads: bool| json!({ "unit": unit_of(unit), "work": "各修一段", "leads": leads, "due": due });
    json!({ "text": "共用管道", "assignments": [part(HERE, true), part(THERE, false)] })
}

fn judged_fairly(taken: &Taken<'_, Misconduct>) {
    let (before, after, me) = (taken.before, taken.after, taken.facts.actor.person);
    let verifier = before.verification.as_ref().and_then(|spoken| spoken.mark.by);
    match taken.step {
        MisconductStep::Verify(_) => {
            assert!(taken.facts.outside && !before.evidence.is_empty());
            assert!(me != before.opened.by && me != Some(before.person), "verified by a party");
        }
        MisconductStep::Decide(ruling) => {
            assert!(before.statement.is_some() || before.statement_refused.is_some(), "not heard");
            assert!(![verifier, before.opened.by, Some(before.person)].contains(&me), "judged by a party");
            assert!(ruling.penalty == Penalty::None || before.established == Some(true), "not proven");
        }
        MisconductStep::DecideAppeal(_) => {
            let decider = before.decision.as_ref().and_then(|decision| decision.mark.by);
            assert!(![verifier, decider, Some(before.person)].contains(&me), "the same judge again");
            assert!(before.appeal.is_some());
        }
        MisconductStep::State(_) | MisconductStep::Appeal(_) => assert_eq!(me, Some(before.person)),
        _ => assert_eq!(before.decision, after.decision),
    }
    assert!(after.state != MisconductState::Closed || after.decision.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// DESK-10, X-55: a visit is answered when each opinion has a result and an
    /// answer, and not before.
    #[test]
    fn each_opinion_of_a_visit_has_its_answer(turns in turns(), opinions in 0..3_usize) {
        let life = Life {
            new: NewVisitRecord {
                unit: here(),
                case: None,
                household: None,
                party: None,
                visited_at: began(),
                form: VisitForm::ALL[0],
                opinions: vec![text("楼道灯暗"); opinions],
            },
            begun_by: Some(Post::Visitor),
            body: visit_body,
            holds: |taken: &Taken<'_, VisitRecord>| {
                let (raised, handled) = taken.after.handled();
                assert_eq!(taken.after.state == VisitRecordState::Answered, raised == handled);
                for item in &taken.after.items {
                    assert!(item.answered.is_none() || item.decided.is_some(), "answered before decided");
                }
            },
        };
        life.live(&turns);
    }

    /// SUP-1, SUP-2: scored from outside, submitted whole, objected to from inside.
    #[test]
    fn a_score_comes_from_outside(turns in turns()) {
        let life = Life {
            new: NewScorecard {
                unit: here(),
                month: Date::parse("2026-02-11").unwrap(),
                due_at: hours_after(began(), 50),
            },
            begun_by: None,
            body: |_: &Scorecard, step: &str, _: &PaperFacts<'_>, choice: u8| Some(match step {
                "rate" => {
                    let item = ["acceptance", "proactive_maintenance", "other_service"][usize::from(choice % 3)];
                    json!({ "item": item, "score": choice % 101, "text": "抽查十件" })
                }
                "object" | "answer_objection" => json!({ "text": "有一件不属本部门" }),
                _ => json!({}),
            }),
            holds: |taken: &Taken<'_, Scorecard>| {
                match taken.step {
                    ScorecardStep::Rate(_) | ScorecardStep::Submit(_) | ScorecardStep::AnswerObjection(_) => {
                        assert!(taken.facts.outside, "a unit scored itself");
                    }
                    ScorecardStep::Object(_) => assert!(!taken.facts.outside),
                    ScorecardStep::Settle(_) | ScorecardStep::Remind(_) => {}
                }
                let handed_in = taken.after.state != ScorecardState::Draft;
                assert!(!handed_in || taken.after.scores.len() == 3, "handed in with a gap");
                assert!(taken.after.scores.values().all(|scored| scored.score <= 100));
            },
        };
        life.live(&turns);
    }

    /// SUP-14, SUP-15: all are heard before it is decided, one leads, and it is
    /// over when each has done its part.
    #[test]
    fn an_arbitration_hears_all_and_ends_with_all(turns in turns()) {
        let life = Life {
            new: NewArbitration {
                unit: unit_of(1),
                case: None,
                matter: text("管道归谁"),
                departments: vec![here(), unit_of(THERE)],
            },
            begun_by: Some(Post::Lead),
            body: |_: &Arbitration, step: &str, facts: &PaperFacts<'_>, choice: u8| Some(match step {
                "opine" | "report" => json!({ "unit": facts.places.first()?, "text": "已修" }),
                "decide" => award(facts, choice),
                "close" => json!({ "text": "都已完成" }),
                _ => json!({}),
            }),
            holds: |taken: &Taken<'_, Arbitration>| {
                let after = taken.after;
                let said = |unit: u128, by: &[crate::paper::arbitration::Opinion]| {
                    by.iter().any(|one| one.unit == unit_of(unit))
                };
                if let ArbitrationStep::Decide(_) = taken.step {
                    assert!(said(HERE, &after.opinions) && said(THERE, &after.opinions), "one was not heard");
                    assert!(taken.facts.places.is_empty(), "decided by a party");
                    assert_eq!(after.assignments.iter().filter(|part| part.leads).count(), 1);
                }
                if after.state == ArbitrationState::Closed {
                    assert!(said(HERE, &after.reports) && said(THERE, &after.reports), "one did nothing");
                }
            },
        };
        life.live(&turns);
    }

    /// ASM-16…18, SUP-9, X-50, DEPT-7: heard, verified from outside, decided and
    /// appealed before different people, and no penalty without proof.
    #[test]
    fn nobody_is_judged_by_a_party_or_unheard(turns in turns()) {
        let life = Life {
            new: NewMisconduct {
                unit: here(),
                person: holder(Post::Department),
                case: None,
                ground: MisconductGround::Quarrel,
                account: text("与住户争吵"),
            },
            begun_by: Some(Post::Head),
            body: |record: &Misconduct, step: &str, _: &PaperFacts<'_>, choice: u8| {
                let proven = record.established == Some(true) && choice.is_multiple_of(2);
                let penalty = if proven { "major_demerit" } else { "none" };
                Some(match step {
                    "acknowledge" | "escalate" => json!({}),
                    "verify" => json!({ "established": choice.is_multiple_of(2), "text": "查看录像" }),
                    "decide" | "decide_appeal" => json!({ "penalty": penalty, "reason": "依制度" }),
                    "record_refusal" | "close" => json!({ "reason": "本人不愿陈述" }),
                    _ => json!({ "text": "当时在值班" }),
                })
            },
            holds: judged_fairly,
        };
        life.live(&turns);
    }
}
