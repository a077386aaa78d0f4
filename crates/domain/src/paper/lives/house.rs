//! What the desk writes for itself: lists, reports, weeks, faults.

use super::super::digest::{Digest, DigestState, DigestStep, NewDigest};
use super::super::fault::{Fault, FaultState, FaultStep, NewFault};
use super::super::line_report::{LineReport, LineReportState, LineReportStep, NewLineReport};
use super::super::stocktake::{NewStocktake, Stocktake, StocktakeState, StocktakeStep};
use super::*;
use crate::time::Date;
use serde_json::json;

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// PROP-16, PROP-52, DESK-16: signed only with a word on every case, reviewed
    /// by another, frozen once and with what it held.
    #[test]
    fn a_stock_take_is_signed_whole_and_reviewed_by_another(turns in turns()) {
        let life = Life {
            new: NewStocktake {
                unit: here(),
                day: Date::parse("2026-03-02").unwrap(),
                remind_at: Some(hours_after(began(), 7)),
                due_at: Some(hours_after(began(), 8)),
            },
            begun_by: None,
            body: |_: &Stocktake, step: &str, facts: &PaperFacts<'_>, choice: u8| Some(match step {
                // only the agent owns a line here, and a department speaks for none
                "word" if facts.actor.posts.contains(&Post::Department) => return None,
                "word" => json!({ "case": Uuid::from_u128(9), "text": "等配件", "next": "周三装" }),
                "sign" | "review" => json!({ "text": "已阅" }),
                "return" => json!({ "reason": "第三件写清楚" }),
                "freeze" => json!({ "lines": choice, "carried": 0, "complaints": 0, "closed": 0,
                    "unworded": 0, "late": 0 }),
                _ => json!({}),
            }),
            holds: |taken: &Taken<'_, Stocktake>| {
                let after = taken.after;
                let signed = matches!(after.state, StocktakeState::Signed | StocktakeState::Reviewed);
                assert_eq!(after.signed.is_some(), signed, "a signature stands or is gone");
                match taken.step {
                    StocktakeStep::Sign(_) => {
                        assert_eq!(taken.facts.unworded, 0);
                        let late = taken.facts.now >= after.due_at;
                        assert_eq!(after.signed.as_ref().unwrap().late, late);
                    }
                    StocktakeStep::Review(_) => {
                        let [one, two] = [&after.signed, &after.reviewed].map(|by| by.as_ref().unwrap().mark.by);
                        assert_ne!(one, two, "reviewed by who signed");
                    }
                    StocktakeStep::Freeze(_) => assert_eq!(taken.before.frozen_at, None, "frozen twice"),
                    _ => assert_eq!(taken.before.totals, after.totals, "a frozen list does not change"),
                }
            },
        };
        life.live(&turns);
    }

    /// PROP-15: a line's report is late or in time, missing until it comes.
    #[test]
    fn a_lines_report_is_missing_until_it_comes(turns in turns()) {
        let life = Life {
            new: NewLineReport { unit: here(), due_at: hours_after(began(), 3) },
            begun_by: None,
            body: |_: &LineReport, step: &str, _: &PaperFacts<'_>, _: u8| Some(match step {
                "miss" => json!({}),
                _ => json!({ "text": "今日三件，均已处理" }),
            }),
            holds: |taken: &Taken<'_, LineReport>| {
                let after = taken.after;
                match taken.step {
                    LineReportStep::Submit(_) => assert_eq!(after.late, taken.facts.now >= after.due_at),
                    LineReportStep::Miss(_) => assert!(taken.facts.now >= after.due_at && after.submitted.is_none()),
                    LineReportStep::Summarise(_) => assert!(after.submitted.is_some()),
                }
                assert_eq!(after.summarised.is_some(), after.state == LineReportState::Summarised);
            },
        };
        life.live(&turns);
    }

    /// SUP-12: who was missing before the meeting stays on the list; nothing is
    /// sent that was not compiled.
    #[test]
    fn a_week_lists_who_was_missing(turns in turns()) {
        let life = Life {
            new: NewDigest {
                unit: here(),
                day: Date::parse("2026-03-06").unwrap(),
                due_at: hours_after(began(), 30),
                people: vec![holder(Post::Agent), holder(Post::Department)],
            },
            begun_by: None,
            body: |_: &Digest, step: &str, _: &PaperFacts<'_>, _: u8| Some(match step {
                "enter" => json!({ "text": "本周回访十户" }),
                "compile" => json!({ "summary": "共二十件", "analysis": "雨后渗漏多" }),
                _ => json!({}),
            }),
            holds: |taken: &Taken<'_, Digest>| {
                let (before, after) = (taken.before, taken.after);
                match taken.step {
                    DigestStep::ListMissing(_) => {
                        let none = before.weeks.values().filter(|week| week.is_none()).count();
                        assert_eq!(after.missing.len(), none);
                    }
                    DigestStep::Enter(_) => {
                        let mine = &after.weeks[&taken.facts.actor.person.unwrap()];
                        assert_eq!(mine.as_ref().unwrap().late, taken.facts.now >= after.due_at);
                    }
                    DigestStep::Compile(_) | DigestStep::Send(_) => {}
                }
                if !matches!(taken.step, DigestStep::ListMissing(_)) {
                    assert_eq!(before.missing, after.missing, "who was missing stays on the list");
                }
                assert!(after.state != DigestState::Sent || after.compiled.is_some());
            },
        };
        life.live(&turns);
    }

    /// SUP-16, SUP-17, X-48: a fault is over when there was a plan, everybody who
    /// was told has said so, and the top knows.
    #[test]
    fn a_fault_ends_with_plan_word_and_the_tops_knowledge(turns in turns()) {
        let life = Life {
            new: NewFault {
                unit: here(),
                case: None,
                since: began(),
                place: text("三号楼机房"),
                symptom: text("全部停电"),
                plan: None,
                signer: Some(holder(Post::Head)),
                people: vec![holder(Post::Department), holder(Post::Manager)],
            },
            begun_by: Some(Post::Agent),
            body: |_: &Fault, step: &str, _: &PaperFacts<'_>, _: u8| Some(match step {
                "acknowledge" | "escalate" => json!({}),
                _ => json!({ "text": "已联系供电所" }),
            }),
            holds: |taken: &Taken<'_, Fault>| {
                let after = taken.after;
                match taken.step {
                    FaultStep::Escalate(_) => {
                        assert_eq!((after.manager, taken.before.escalated_at), (None, None));
                        assert!(taken.facts.now >= after.due_at);
                    }
                    FaultStep::Resolve(_) => assert!(!after.plans.is_empty() && after.manager.is_some()),
                    _ => {}
                }
                if after.state == FaultState::Closed {
                    assert!(after.acknowledged.values().all(Option::is_some));
                    assert!(after.informed.is_some() && after.resolved.is_some());
                }
            },
        };
        life.live(&turns);
    }
}
