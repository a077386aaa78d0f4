//! What a business line reports to the front desk at set times (PROP-15).

use super::body::{Bare, Said};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::UnitId;
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// Where a line's report stands.
    LineReportState {
        /// 待汇报.
        Due = "due",
        /// 未按时汇报.
        Missing = "missing",
        /// 已汇报.
        Submitted = "submitted",
        /// 前台已汇总.
        Summarised = "summarised",
    }
}

/// Which line reports by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLineReport {
    /// The business line.
    pub unit: UnitId,
    /// By when.
    pub due_at: Timestamp,
}

/// One report of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineReport {
    /// The business line.
    pub unit: UnitId,
    /// By when it was due.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: LineReportState,
    /// What the line reports.
    pub text: Option<Text>,
    /// Who reported and when.
    pub submitted: Option<Mark>,
    /// True when it came after its time.
    pub late: bool,
    /// What the desk makes of it.
    pub summary: Option<Text>,
    /// Who summarised it and when.
    pub summarised: Option<Mark>,
}

steps! {
    /// What may be done with a line's report.
    LineReportStep {
        /// 汇报.
        Submit(Said) = "submit",
        /// 汇总分析.
        Summarise(Said) = "summarise",
        /// 逾期未报.
        Miss(Bare) = "miss",
    }
}

const LINE: &[By] = &[By::Post(Post::Department), By::Post(Post::Lead), By::Post(Post::Head)];
const DESK: &[By] = &[By::Post(Post::Agent), By::Post(Post::Lead)];

impl Paper for LineReport {
    const KIND: PaperKind = PaperKind::LineReport;
    const RULES: &'static [Rule] = &[
        Rule {
            step: OPEN,
            states: &[],
            by: &[By::Clock, By::Post(Post::Lead), By::Post(Post::Head)],
            sources: &["PROP-15"],
        },
        Rule { step: "submit", states: &["due", "missing"], by: LINE, sources: &["PROP-15"] },
        Rule { step: "summarise", states: &["submitted"], by: DESK, sources: &["PROP-15"] },
        Rule { step: "miss", states: &["due"], by: &[By::Clock], sources: &["PROP-15"] },
    ];
    type New = NewLineReport;
    type Step = LineReportStep;

    fn begin(new: NewLineReport, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        // the clock may come a little late to what was due while it slept
        let fine = facts.actor.person.is_none() || new.due_at > facts.now;
        let faults = fault_unless(fine, "due_at", "in_the_past");
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        Ok(Self {
            unit: new.unit,
            due_at: new.due_at,
            state: LineReportState::Due,
            text: None,
            submitted: None,
            late: false,
            summary: None,
            summarised: None,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    fn gates(&self, _: &str, _: &PaperFacts<'_>) -> Vec<Reason> {
        Vec::new()
    }

    fn faults(&self, _: &LineReportStep, _: &PaperFacts<'_>) -> Vec<FieldReason> {
        Vec::new()
    }

    fn apply(&mut self, step: &LineReportStep, mark: Mark) {
        match step {
            LineReportStep::Submit(body) => {
                self.text = Some(body.text.clone());
                self.submitted = Some(mark);
                self.late = mark.at >= self.due_at;
                self.state = LineReportState::Submitted;
            }
            LineReportStep::Summarise(body) => {
                self.summary = Some(body.text.clone());
                self.summarised = Some(mark);
                self.state = LineReportState::Summarised;
            }
            LineReportStep::Miss(_) => self.state = LineReportState::Missing,
        }
    }

    fn card(&self) -> Card {
        Card {
            unit: self.unit,
            case: None,
            period: Some(self.due_at.to_string()),
            due_at: Some(self.due_at),
            fires_at: (self.state == LineReportState::Due).then_some(self.due_at),
            people: Vec::new(),
            open: self.state != LineReportState::Summarised,
        }
    }

    /// PROP-15: a missing report is told to the line and to the desk's lead.
    fn tellings(&self, step: Option<&LineReportStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            None | Some(LineReportStep::Summarise(_)) => Vec::new(),
            Some(LineReportStep::Submit(_)) => vec![Telling::new(post(Post::Lead), "line_report_submitted")],
            Some(LineReportStep::Miss(_)) => vec![
                Telling::urgent(post(Post::Department), "line_report_missing"),
                Telling::new(post(Post::Lead), "line_report_missing"),
            ],
        }
    }

    fn fire(&self, now: Timestamp) -> Option<LineReportStep> {
        (self.state == LineReportState::Due && self.due_at <= now).then_some(LineReportStep::Miss(Bare {}))
    }

    fn unit_of(new: &NewLineReport) -> UnitId {
        new.unit
    }
}
