//! Departments disagree, the office decides who does what (仲裁, SUP-15, X-51).

use super::body::{Bare, Said, bodies};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{CaseId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// Where an arbitration stands.
    ArbitrationState {
        /// 征求各部门意见.
        Hearing = "hearing",
        /// 已裁定, 督促配合.
        Decided = "decided",
        /// 已了结.
        Closed = "closed",
    }
}

bodies! {
    /// What one department says.
    DepartmentOpinion as ArbitrationOpinionBody {
        /// The department.
        unit: UnitId,
        /// Its opinion.
        text: Text,
    }

    /// What one department does.
    Assignment as ArbitrationAssignment {
        /// The department.
        unit: UnitId,
        /// Its part of the work.
        work: Text,
        /// True for the one that leads (SUP-14).
        #[serde(default)]
        leads: bool,
        /// By when.
        due: Timestamp,
    }

    /// Who does what; what the customer gets is not the office's to say.
    Award as ArbitrationAward {
        /// Why.
        text: Text,
        /// Who does what; exactly one leads.
        #[schema(min_items = 1, max_items = 50)]
        assignments: Vec<Assignment>,
    }

    /// How one department has done its part.
    Done as ArbitrationReport {
        /// The department.
        unit: UnitId,
        /// What was done.
        text: Text,
    }
}

/// A disagreement that blocks work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArbitration {
    /// The unit above them all.
    pub unit: UnitId,
    /// The case that waits for it.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// What they disagree about.
    pub matter: Text,
    /// The departments concerned.
    #[schema(min_items = 2, max_items = 50)]
    pub departments: Vec<UnitId>,
}

/// One department's opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArbitrationOpinion)]
pub struct Opinion {
    /// The department.
    pub unit: UnitId,
    /// What it says.
    pub text: Text,
    /// Who said it and when.
    pub mark: Mark,
}

/// A disagreement and how it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Arbitration {
    /// The unit above them all.
    pub unit: UnitId,
    /// The case that waits for it.
    pub case: Option<CaseId>,
    /// What they disagree about.
    pub matter: Text,
    /// The departments concerned.
    pub departments: Vec<UnitId>,
    /// What each says, the newest last.
    pub opinions: Vec<Opinion>,
    /// Why it was decided so.
    pub decision: Option<Text>,
    /// Who decided and when.
    pub decided: Option<Mark>,
    /// Who does what.
    pub assignments: Vec<Assignment>,
    /// What each has done.
    pub reports: Vec<Opinion>,
    /// When the office was reminded of what is due.
    pub reminded_at: Option<Timestamp>,
    /// Where it stands.
    pub state: ArbitrationState,
}

steps! {
    /// What may be done with an arbitration.
    ArbitrationStep {
        /// 陈述意见.
        Opine(DepartmentOpinion) = "opine",
        /// 裁定.
        Decide(Award) = "decide",
        /// 配合情况.
        Report(Done) = "report",
        /// 了结.
        Close(Said) = "close",
        /// 到期督促.
        Remind(Bare) = "remind",
    }
}

const PARTIES: &[By] =
    &[By::Post(Post::Department), By::Post(Post::Lead), By::Post(Post::Head), By::Post(Post::Agent)];
const OFFICE: &[By] = &[By::Post(Post::Office)];

impl Paper for Arbitration {
    const KIND: PaperKind = PaperKind::Arbitration;
    const OPEN_TO_ALL: bool = true;
    const RULES: &'static [Rule] = &[
        Rule { step: OPEN, states: &[], by: &[By::Anybody], sources: &["SUP-15"] },
        Rule { step: "opine", states: &["hearing"], by: &[By::Anybody], sources: &["SUP-15"] },
        Rule { step: "decide", states: &["hearing"], by: OFFICE, sources: &["SUP-15", "X-51"] },
        Rule { step: "report", states: &["decided"], by: &[By::Anybody], sources: &["SUP-15"] },
        Rule { step: "close", states: &["decided"], by: OFFICE, sources: &["SUP-15"] },
        Rule { step: "remind", states: &["decided"], by: &[By::Clock], sources: &["SUP-15"] },
    ];
    type New = NewArbitration;
    type Step = ArbitrationStep;

    fn begin(new: NewArbitration, _: &PaperFacts<'_>) -> Result<Self, Refused> {
        let mut departments = new.departments.clone();
        departments.sort_unstable();
        departments.dedup();
        let count = departments.len() == new.departments.len();
        let mut faults = fault_unless(count, "departments", "named_twice");
        faults.extend(fault_unless((2..=50).contains(&departments.len()), "departments", "list_length"));
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        Ok(Self {
            unit: new.unit,
            case: new.case,
            matter: new.matter,
            departments: new.departments,
            opinions: Vec::new(),
            decision: None,
            decided: None,
            assignments: Vec::new(),
            reports: Vec::new(),
            reminded_at: None,
            state: ArbitrationState::Hearing,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// SUP-15: all departments are heard first; SUP-1: the office does not
    /// decide on its own department.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        match step {
            "opine" | "report" => {
                let speaks = self.departments.iter().any(|unit| facts.places.contains(unit));
                if speaks { Vec::new() } else { vec![Reason::new("other_unit").who(PARTIES)] }
            }
            "decide" => {
                let missing = self.departments.iter().filter(|unit| !self.heard(**unit)).count();
                let mut reasons = Vec::new();
                if missing > 0 {
                    let params = [("missing", &*missing.to_string())];
                    reasons.push(Reason::new("opinions_missing").who(PARTIES).params(&params));
                }
                let party = self.departments.iter().any(|unit| facts.places.contains(unit));
                reasons.extend(reason_unless(!party, "own_unit"));
                reasons
            }
            "close" => {
                let missing = self.assignments.iter().filter(|part| !self.reported(part.unit)).count();
                reason_unless(missing == 0, "reports_missing")
            }
            _ => Vec::new(),
        }
    }

    fn faults(&self, step: &ArbitrationStep, facts: &PaperFacts<'_>) -> Vec<FieldReason> {
        let own = |unit: UnitId| {
            let concerned =
                self.departments.contains(&unit) || self.assignments.iter().any(|part| part.unit == unit);
            fault_unless(concerned && facts.places.contains(&unit), "unit", "other_unit")
        };
        match step {
            ArbitrationStep::Opine(body) => own(body.unit),
            ArbitrationStep::Report(body) => own(body.unit),
            ArbitrationStep::Decide(body) => {
                let leads = body.assignments.iter().filter(|part| part.leads).count();
                let mut faults = fault_unless(leads == 1, "assignments", "one_leads");
                faults.extend(fault_unless(body.assignments.len() <= 50, "assignments", "list_length"));
                for (at, part) in body.assignments.iter().enumerate() {
                    let known = self.departments.contains(&part.unit);
                    faults.extend(fault_unless(known, &format!("assignments[{at}].unit"), "other_unit"));
                    let due = format!("assignments[{at}].due");
                    faults.extend(fault_unless(part.due > facts.now, &due, "in_the_past"));
                }
                faults
            }
            ArbitrationStep::Close(_) | ArbitrationStep::Remind(_) => Vec::new(),
        }
    }

    fn apply(&mut self, step: &ArbitrationStep, mark: Mark) {
        match step {
            ArbitrationStep::Opine(body) => {
                self.opinions.push(Opinion { unit: body.unit, text: body.text.clone(), mark });
            }
            ArbitrationStep::Decide(body) => {
                self.decision = Some(body.text.clone());
                self.decided = Some(mark);
                self.assignments.clone_from(&body.assignments);
                self.state = ArbitrationState::Decided;
            }
            ArbitrationStep::Report(body) => {
                self.reports.push(Opinion { unit: body.unit, text: body.text.clone(), mark });
            }
            ArbitrationStep::Close(_) => self.state = ArbitrationState::Closed,
            ArbitrationStep::Remind(_) => self.reminded_at = Some(mark.at),
        }
    }

    fn card(&self) -> Card {
        let due = self.assignments.iter().filter(|part| !self.reported(part.unit)).map(|part| part.due).min();
        let waits = self.state == ArbitrationState::Decided && self.reminded_at.is_none();
        Card {
            unit: self.unit,
            case: self.case,
            period: None,
            due_at: due,
            fires_at: due.filter(|_| waits),
            people: Vec::new(),
            open: self.state != ArbitrationState::Closed,
        }
    }

    fn tellings(&self, step: Option<&ArbitrationStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            None => {
                let heads = self
                    .departments
                    .iter()
                    .map(|unit| Telling::urgent(post(Post::Head), "arbitration_asked").at(*unit));
                heads.chain([Telling::urgent(post(Post::Office), "arbitration_asked")]).collect()
            }
            Some(ArbitrationStep::Opine(_) | ArbitrationStep::Report(_)) => {
                vec![Telling::new(post(Post::Office), "arbitration_moved")]
            }
            Some(ArbitrationStep::Decide(_)) => {
                let parts = self.assignments.iter();
                parts
                    .map(|part| Telling::urgent(post(Post::Head), "arbitration_decided").at(part.unit))
                    .collect()
            }
            Some(ArbitrationStep::Remind(_)) => vec![Telling::urgent(post(Post::Office), "arbitration_due")],
            Some(ArbitrationStep::Close(_)) => Vec::new(),
        }
    }

    fn fire(&self, now: Timestamp) -> Option<ArbitrationStep> {
        let fires = self.card().fires_at;
        fires.is_some_and(|at| at <= now).then_some(ArbitrationStep::Remind(Bare {}))
    }

    fn unit_of(new: &NewArbitration) -> UnitId {
        new.unit
    }

    fn case_of(new: &NewArbitration) -> Option<CaseId> {
        new.case
    }

    fn units_of(new: &NewArbitration) -> Vec<(String, UnitId)> {
        let named = new.departments.iter().enumerate();
        named.map(|(at, unit)| (format!("departments[{at}]"), *unit)).collect()
    }

    fn seen_from(&self) -> Vec<UnitId> {
        self.departments.clone()
    }
}

impl Arbitration {
    fn heard(&self, unit: UnitId) -> bool {
        self.opinions.iter().any(|opinion| opinion.unit == unit)
    }

    fn reported(&self, unit: UnitId) -> bool {
        self.reports.iter().any(|report| report.unit == unit)
    }
}
