//! A unit's service scored from outside it (服务评分, SUP-1, SUP-2).
//!
//! The serving line and the supervising line are kept apart: who belongs to a
//! unit never scores it. What is submitted is that unit's part of the month's
//! Service Supervision Report to the general manager.

use super::body::{Bare, Said, bodies};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::UnitId;
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::{Date, Timestamp};
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

wire_enum! {
    /// Where a scorecard stands.
    ScorecardState {
        /// 评分中.
        Draft = "draft",
        /// 已提交.
        Submitted = "submitted",
        /// 被评单位有异议.
        Objected = "objected",
        /// 已定.
        Settled = "settled",
    }
}

wire_enum! {
    /// What is scored (appendix A, Service Supervision Report).
    ScoreItem {
        /// 受理情况.
        Acceptance = "acceptance",
        /// 主动维护.
        ProactiveMaintenance = "proactive_maintenance",
        /// 其他服务工作.
        OtherService = "other_service",
    }
}

bodies! {
    /// The score of one item.
    Score as ScorecardScore {
        /// Which item.
        item: ScoreItem,
        /// 0 to 100.
        #[schema(minimum = 0, maximum = 100)]
        score: u8,
        /// What it rests on.
        text: Text,
    }
}

/// Whose service in which month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScorecard {
    /// The unit that is scored.
    pub unit: UnitId,
    /// Any day of the month.
    pub month: Date,
    /// When it must be submitted.
    pub due_at: Timestamp,
}

/// One month's score of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Scorecard {
    /// The unit that is scored.
    pub unit: UnitId,
    /// The first day of the month.
    pub month: Date,
    /// When it must be submitted.
    pub due_at: Timestamp,
    /// When the supervising line was reminded.
    pub reminded_at: Option<Timestamp>,
    /// The scores.
    #[schema(value_type = BTreeMap<String, Scored>)]
    pub scores: BTreeMap<ScoreItem, Scored>,
    /// Who submitted it and when.
    pub submitted: Option<Mark>,
    /// What the unit says against it.
    pub objection: Option<Text>,
    /// What the supervising line answers.
    pub answer: Option<Text>,
    /// Where it stands.
    pub state: ScorecardState,
}

/// A score with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScorecardEntry)]
pub struct Scored {
    /// 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub score: u8,
    /// What it rests on.
    pub text: Text,
    /// Who scored and when.
    pub mark: Mark,
}

steps! {
    /// What may be done with a scorecard.
    ScorecardStep {
        /// 评分.
        Rate(Score) = "rate",
        /// 提交.
        Submit(Bare) = "submit",
        /// 异议.
        Object(Said) = "object",
        /// 答复异议.
        AnswerObjection(Said) = "answer_objection",
        /// 定稿.
        Settle(Bare) = "settle",
        /// 提醒.
        Remind(Bare) = "remind",
    }
}

const LINE: &[By] = &[By::Post(Post::Supervision)];

impl Paper for Scorecard {
    const KIND: PaperKind = PaperKind::Scorecard;
    const RULES: &'static [Rule] = &[
        Rule {
            step: OPEN,
            states: &[],
            by: &[By::Clock, By::Post(Post::Supervision)],
            sources: &["SUP-1", "SUP-2"],
        },
        Rule { step: "rate", states: &["draft", "objected"], by: LINE, sources: &["SUP-1"] },
        Rule { step: "submit", states: &["draft"], by: LINE, sources: &["SUP-2"] },
        Rule {
            step: "object",
            states: &["submitted"],
            by: &[By::Post(Post::Head), By::Post(Post::Lead), By::Post(Post::Department)],
            sources: &["SUP-1"],
        },
        Rule { step: "answer_objection", states: &["objected"], by: LINE, sources: &["SUP-1"] },
        Rule {
            step: "settle",
            states: &["submitted"],
            by: &[By::Post(Post::Manager), By::Post(Post::Gm), By::Post(Post::DeputyGm)],
            sources: &["SUP-2"],
        },
        Rule { step: "remind", states: &["draft"], by: &[By::Clock], sources: &["SUP-2"] },
    ];
    type New = NewScorecard;
    type Step = ScorecardStep;

    fn begin(new: NewScorecard, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        if facts.actor.person.is_some() && !facts.outside {
            return Err(Refused::Closed(vec![Reason::new("own_unit").who(LINE)]));
        }
        let first = Date::new(new.month.year(), new.month.month(), 1);
        let Ok(month) = first else {
            return Err(Refused::fields(fault_unless(false, "month", "out_of_range")));
        };
        let begun = facts.calendar.zone().start_of(month) <= facts.now;
        if !begun {
            return Err(Refused::fields(fault_unless(false, "month", "in_the_future")));
        }
        Ok(Self {
            unit: new.unit,
            month,
            due_at: new.due_at,
            reminded_at: None,
            scores: BTreeMap::new(),
            submitted: None,
            objection: None,
            answer: None,
            state: ScorecardState::Draft,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// SUP-1: a person or unit cannot score its own work.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        let from_outside = || reason_unless(facts.outside, "own_unit");
        match step {
            "rate" | "answer_objection" => from_outside(),
            "submit" => {
                let mut reasons = from_outside();
                reasons.extend(reason_unless(self.scores.len() == ScoreItem::ALL.len(), "scores_missing"));
                reasons
            }
            "object" => {
                let mut reasons = reason_unless(!facts.outside, "other_unit");
                reasons.extend(reason_unless(self.answer.is_none(), "answered_already"));
                reasons
            }
            _ => Vec::new(),
        }
    }

    fn faults(&self, step: &ScorecardStep, _: &PaperFacts<'_>) -> Vec<FieldReason> {
        if let ScorecardStep::Rate(body) = step {
            return fault_unless(body.score <= 100, "score", "out_of_range");
        }
        Vec::new()
    }

    fn apply(&mut self, step: &ScorecardStep, mark: Mark) {
        match step {
            ScorecardStep::Rate(body) => {
                let scored = Scored { score: body.score, text: body.text.clone(), mark };
                self.scores.insert(body.item, scored);
            }
            ScorecardStep::Submit(_) => {
                self.submitted = Some(mark);
                self.state = ScorecardState::Submitted;
            }
            ScorecardStep::Object(body) => {
                self.objection = Some(body.text.clone());
                self.state = ScorecardState::Objected;
            }
            ScorecardStep::AnswerObjection(body) => {
                self.answer = Some(body.text.clone());
                self.state = ScorecardState::Submitted;
            }
            ScorecardStep::Settle(_) => self.state = ScorecardState::Settled,
            ScorecardStep::Remind(_) => self.reminded_at = Some(mark.at),
        }
    }

    fn card(&self) -> Card {
        let waits = self.state == ScorecardState::Draft && self.reminded_at.is_none();
        let month = self.month.to_string();
        Card {
            unit: self.unit,
            case: None,
            period: Some(month.get(..7).unwrap_or(&month).to_owned()),
            due_at: Some(self.due_at),
            fires_at: waits.then_some(self.due_at),
            people: Vec::new(),
            open: self.state != ScorecardState::Settled,
        }
    }

    fn tellings(&self, step: Option<&ScorecardStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            None => vec![Telling::new(post(Post::Supervision), "scorecard_due")],
            Some(ScorecardStep::Remind(_)) => vec![Telling::urgent(post(Post::Supervision), "scorecard_due")],
            Some(ScorecardStep::Submit(_)) => vec![
                Telling::new(post(Post::Gm), "supervision_report"),
                Telling::new(post(Post::Head), "scorecard_submitted"),
            ],
            Some(ScorecardStep::Object(_)) => {
                vec![Telling::new(post(Post::Supervision), "scorecard_objected")]
            }
            Some(ScorecardStep::Rate(_) | ScorecardStep::AnswerObjection(_) | ScorecardStep::Settle(_)) => {
                Vec::new()
            }
        }
    }

    fn fire(&self, now: Timestamp) -> Option<ScorecardStep> {
        let fires = self.card().fires_at;
        fires.is_some_and(|at| at <= now).then_some(ScorecardStep::Remind(Bare {}))
    }

    fn unit_of(new: &NewScorecard) -> UnitId {
        new.unit
    }
}
