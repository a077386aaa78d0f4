//! A confidential record of misconduct (违纪记录): evidence, word, proof, decision.
//!
//! PROP-86, ASM-16…18 and X-50: nothing is held against an employee on a
//! customer's word alone. The record is known to whom it names and to who may
//! handle such records; for anybody else it does not exist.
//!
//! Size: one machine with its shapes, read from opening to appeal.

use super::body::{Bare, Said, Why, bodies};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{AttachmentId, CaseId, PersonId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// DEPT-7: how long the manager may leave it unacknowledged, in microseconds;
/// one day, a default of the product.
const ACKNOWLEDGED_WITHIN: i64 = 86_400_000_000;

wire_enum! {
    /// Where a record of misconduct stands.
    MisconductState {
        /// 取证.
        Open = "open",
        /// 已核实.
        Verified = "verified",
        /// 已决定.
        Decided = "decided",
        /// 申诉中.
        Appealed = "appealed",
        /// 已了结.
        Closed = "closed",
    }
}

wire_enum! {
    /// What an employee is said to have done (ASM-16, ASM-17, SUP-9).
    MisconductGround {
        /// 与用户争吵、顶撞.
        Quarrel = "quarrel",
        /// 索要财物、提出无理要求.
        Demand = "demand",
        /// 态度恶劣 (DEPT-7).
        Attitude = "attitude",
        /// 推诿、扯皮、不配合.
        Shirking = "shirking",
        /// 失职、差错 (PROP-86).
        Dereliction = "dereliction",
        /// 其他.
        Other = "other",
    }
}

wire_enum! {
    /// What follows from a decision.
    Penalty {
        /// 不予处分.
        None = "none",
        /// 批评教育.
        Criticism = "criticism",
        /// 警告.
        Warning = "warning",
        /// 记过.
        Demerit = "demerit",
        /// 记大过 (ASM-17).
        MajorDemerit = "major_demerit",
        /// 调离岗位 (SUP-9).
        Removal = "removal",
    }
}

impl MisconductGround {
    /// Gives the penalty that the sources prescribe once it is proven.
    #[must_use]
    pub const fn prescribed(self) -> Option<Penalty> {
        match self {
            Self::Quarrel | Self::Demand => Some(Penalty::MajorDemerit),
            Self::Attitude | Self::Shirking | Self::Dereliction | Self::Other => None,
        }
    }
}

bodies! {
    /// Something that speaks for or against it.
    Evidence as MisconductEvidenceBody {
        /// What it is and what it shows.
        text: Text,
        /// The file of the case that holds it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attachment: Option<AttachmentId>,
    }

    /// What the verification found.
    Verification as MisconductVerification {
        /// True when it is proven.
        established: bool,
        /// How it was checked.
        text: Text,
    }

    /// The decision.
    Ruling as MisconductRuling {
        /// What follows.
        penalty: Penalty,
        /// Why, above all where another penalty is prescribed.
        reason: Text,
        /// What restores the house's standing (ASM-17).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measures: Option<Text>,
    }
}

/// A record as somebody opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMisconduct {
    /// The unit of the employee.
    pub unit: UnitId,
    /// The employee.
    pub person: PersonId,
    /// The case that it came from.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// What is said to have happened.
    pub ground: MisconductGround,
    /// The account of it.
    pub account: Text,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MisconductEvidence)]
pub struct Piece {
    /// What it is and what it shows.
    pub text: Text,
    /// The file of the case that holds it.
    pub attachment: Option<AttachmentId>,
    /// Who added it and when.
    pub mark: Mark,
}

/// Something that somebody said, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MisconductWord)]
pub struct Spoken {
    /// What.
    pub text: Text,
    /// Who and when.
    pub mark: Mark,
}

/// A decision with who took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MisconductDecision)]
pub struct Decision {
    /// What follows.
    pub penalty: Penalty,
    /// Why.
    pub reason: Text,
    /// What restores the house's standing.
    pub measures: Option<Text>,
    /// Who and when.
    pub mark: Mark,
}

/// A record of misconduct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Misconduct {
    /// The unit of the employee.
    pub unit: UnitId,
    /// The employee.
    pub person: PersonId,
    /// The case that it came from; the penalty is linked with it (PROP-86).
    pub case: Option<CaseId>,
    /// What is said to have happened.
    pub ground: MisconductGround,
    /// The penalty that the sources prescribe once it is proven.
    pub prescribed: Option<Penalty>,
    /// The account of it.
    pub account: Text,
    /// Who opened it and when.
    pub opened: Mark,
    /// The manager who acknowledged it and when (DEPT-7).
    pub acknowledged: Option<Mark>,
    /// When somebody higher was told that nobody had.
    pub escalated_at: Option<Timestamp>,
    /// What speaks for or against it.
    pub evidence: Vec<Piece>,
    /// The employee's own statement.
    pub statement: Option<Spoken>,
    /// Why there is none, where the employee gives none.
    pub statement_refused: Option<Spoken>,
    /// What the verification found: proven or not.
    pub established: Option<bool>,
    /// How it was checked, by whom.
    pub verification: Option<Spoken>,
    /// The decision.
    pub decision: Option<Decision>,
    /// The employee's appeal.
    pub appeal: Option<Spoken>,
    /// The decision on the appeal; it replaces the first.
    pub appeal_decision: Option<Decision>,
    /// Where it stands.
    pub state: MisconductState,
}

steps! {
    /// What may be done with a record of misconduct.
    MisconductStep {
        /// 分管领导确认.
        Acknowledge(Bare) = "acknowledge",
        /// 证据.
        AddEvidence(Evidence) = "add_evidence",
        /// 本人陈述.
        State(Said) = "state",
        /// 本人不陈述.
        RecordRefusal(Why) = "record_refusal",
        /// 核实.
        Verify(Verification) = "verify",
        /// 决定.
        Decide(Ruling) = "decide",
        /// 申诉.
        Appeal(Said) = "appeal",
        /// 申诉决定.
        DecideAppeal(Ruling) = "decide_appeal",
        /// 了结.
        Close(Why) = "close",
        /// 未确认上报.
        Escalate(Bare) = "escalate",
    }
}

const HANDLERS: &[By] = &[
    By::Post(Post::Supervision),
    By::Post(Post::Office),
    By::Post(Post::Manager),
    By::Post(Post::DeputyGm),
    By::Post(Post::Gm),
];
/// Not the top: whoever verified could not decide on an appeal any more.
const VERIFIERS: &[By] = &[By::Post(Post::Supervision), By::Post(Post::Office), By::Post(Post::Manager)];
const LEADERS: &[By] = &[By::Post(Post::Manager), By::Post(Post::DeputyGm), By::Post(Post::Gm)];
const TOP: &[By] = &[By::Post(Post::DeputyGm), By::Post(Post::Gm)];

impl Paper for Misconduct {
    const KIND: PaperKind = PaperKind::Misconduct;
    const CONFIDENTIAL: bool = true;
    const RULES: &'static [Rule] = &[
        Rule {
            step: OPEN,
            states: &[],
            by: &[
                By::Post(Post::Lead),
                By::Post(Post::Head),
                By::Post(Post::Supervisor),
                By::Post(Post::Supervision),
                By::Post(Post::Office),
                By::Post(Post::Manager),
            ],
            sources: &["PROP-86", "ASM-16"],
        },
        Rule { step: "acknowledge", states: &["open", "verified"], by: LEADERS, sources: &["DEPT-7"] },
        Rule {
            step: "add_evidence",
            states: &["open"],
            by: &[By::Asked, By::Post(Post::Supervision), By::Post(Post::Office), By::Post(Post::Manager)],
            sources: &["ASM-17"],
        },
        Rule { step: "state", states: &["open", "verified"], by: &[By::Asked], sources: &["ASM-18", "X-50"] },
        Rule { step: "record_refusal", states: &["open", "verified"], by: HANDLERS, sources: &["ASM-18"] },
        Rule { step: "verify", states: &["open"], by: VERIFIERS, sources: &["ASM-17", "X-50"] },
        Rule { step: "decide", states: &["verified"], by: LEADERS, sources: &["ASM-18", "X-50"] },
        Rule { step: "appeal", states: &["decided"], by: &[By::Asked], sources: &["X-50"] },
        Rule { step: "decide_appeal", states: &["appealed"], by: TOP, sources: &["X-50"] },
        Rule { step: "close", states: &["decided"], by: LEADERS, sources: &["PROP-86"] },
        Rule { step: "escalate", states: &["open", "verified"], by: &[By::Clock], sources: &["DEPT-7"] },
    ];
    type New = NewMisconduct;
    type Step = MisconductStep;

    fn begin(new: NewMisconduct, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let faults = fault_unless(facts.actor.person != Some(new.person), "person", "own_record");
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        Ok(Self {
            unit: new.unit,
            person: new.person,
            case: new.case,
            ground: new.ground,
            prescribed: new.ground.prescribed(),
            account: new.account,
            opened: facts.mark(),
            acknowledged: None,
            escalated_at: None,
            evidence: Vec::new(),
            statement: None,
            statement_refused: None,
            established: None,
            verification: None,
            decision: None,
            appeal: None,
            appeal_decision: None,
            state: MisconductState::Open,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// verified from outside the unit, decided after the employee's word,
    /// by somebody who neither opened nor verified it; nobody judges himself.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        let me = facts.actor.person;
        let concerned = me == Some(self.person);
        let verifier = self.verification.as_ref().and_then(|spoken| spoken.mark.by);
        let decider = self.decision.as_ref().and_then(|decision| decision.mark.by);
        match step {
            "state" | "appeal" => {
                let fresh = if step == "state" { self.statement.is_none() } else { self.appeal.is_none() };
                let mut reasons = reason_unless(concerned, "not_the_employee");
                reasons.extend(reason_unless(fresh, "said_already"));
                reasons
            }
            "escalate" => Vec::new(),
            _ if concerned => vec![Reason::new("own_record").who(HANDLERS)],
            "acknowledge" => reason_unless(self.acknowledged.is_none(), "acknowledged_already"),
            "record_refusal" => reason_unless(self.statement.is_none(), "said_already"),
            "verify" => {
                let mut reasons = reason_unless(facts.outside, "own_unit");
                reasons.extend(reason_unless(me != self.opened.by, "own_record"));
                reasons.extend(reason_unless(!self.evidence.is_empty(), "evidence_missing"));
                reasons
            }
            "decide" => {
                let heard = self.statement.is_some() || self.statement_refused.is_some();
                let mut reasons = reason_unless(heard, "statement_missing");
                reasons.extend(reason_unless(me != verifier && me != self.opened.by, "own_verification"));
                reasons
            }
            "decide_appeal" => reason_unless(me != decider && me != verifier, "own_decision"),
            _ => Vec::new(),
        }
    }

    fn faults(&self, step: &MisconductStep, _: &PaperFacts<'_>) -> Vec<FieldReason> {
        match step {
            MisconductStep::Decide(ruling) | MisconductStep::DecideAppeal(ruling) => {
                let proven = self.established == Some(true);
                fault_unless(proven || ruling.penalty == Penalty::None, "penalty", "not_proven")
            }
            _ => Vec::new(),
        }
    }

    fn apply(&mut self, step: &MisconductStep, mark: Mark) {
        let spoken = |text: &Text| Some(Spoken { text: text.clone(), mark });
        let decision = |ruling: &Ruling| {
            Some(Decision {
                penalty: ruling.penalty,
                reason: ruling.reason.clone(),
                measures: ruling.measures.clone(),
                mark,
            })
        };
        match step {
            MisconductStep::Acknowledge(_) => self.acknowledged = Some(mark),
            MisconductStep::AddEvidence(body) => {
                self.evidence.push(Piece { text: body.text.clone(), attachment: body.attachment, mark });
            }
            MisconductStep::State(body) => self.statement = spoken(&body.text),
            MisconductStep::RecordRefusal(body) => self.statement_refused = spoken(&body.reason),
            MisconductStep::Verify(body) => {
                self.established = Some(body.established);
                self.verification = spoken(&body.text);
                self.state = MisconductState::Verified;
            }
            MisconductStep::Decide(ruling) => {
                self.decision = decision(ruling);
                self.state = MisconductState::Decided;
            }
            MisconductStep::Appeal(body) => {
                self.appeal = spoken(&body.text);
                self.state = MisconductState::Appealed;
            }
            MisconductStep::DecideAppeal(ruling) => {
                self.appeal_decision = decision(ruling);
                self.state = MisconductState::Decided;
            }
            MisconductStep::Close(_) => self.state = MisconductState::Closed,
            MisconductStep::Escalate(_) => self.escalated_at = Some(mark.at),
        }
    }

    fn card(&self) -> Card {
        let due = Timestamp::from_micros(self.opened.at.micros().saturating_add(ACKNOWLEDGED_WITHIN));
        let waits = self.acknowledged.is_none()
            && self.escalated_at.is_none()
            && matches!(self.state, MisconductState::Open | MisconductState::Verified);
        Card {
            unit: self.unit,
            case: self.case,
            period: None,
            due_at: Some(due),
            fires_at: waits.then_some(due),
            people: vec![self.person],
            open: self.state != MisconductState::Closed,
        }
    }

    fn tellings(&self, step: Option<&MisconductStep>) -> Vec<Telling> {
        let employee = Recipient::Person(self.person);
        let manager = Recipient::Post(Post::Manager);
        match step {
            None => vec![
                Telling::urgent(manager, "misconduct_recorded"),
                Telling::new(employee, "misconduct_statement_asked"),
            ],
            Some(MisconductStep::Escalate(_)) => {
                vec![Telling::urgent(Recipient::Post(Post::DeputyGm), "misconduct_unacknowledged")]
            }
            Some(MisconductStep::Verify(_)) => vec![Telling::new(manager, "misconduct_verified")],
            Some(MisconductStep::Decide(_) | MisconductStep::DecideAppeal(_)) => {
                vec![Telling::new(employee, "misconduct_decided")]
            }
            Some(MisconductStep::Appeal(_)) => {
                vec![Telling::urgent(Recipient::Post(Post::DeputyGm), "misconduct_appealed")]
            }
            Some(
                MisconductStep::Acknowledge(_)
                | MisconductStep::AddEvidence(_)
                | MisconductStep::State(_)
                | MisconductStep::RecordRefusal(_)
                | MisconductStep::Close(_),
            ) => Vec::new(),
        }
    }

    fn fire(&self, now: Timestamp) -> Option<MisconductStep> {
        let fires = self.card().fires_at;
        fires.is_some_and(|at| at <= now).then_some(MisconductStep::Escalate(Bare {}))
    }

    fn unit_of(new: &NewMisconduct) -> UnitId {
        new.unit
    }

    fn case_of(new: &NewMisconduct) -> Option<CaseId> {
        new.case
    }

    fn people_of(new: &NewMisconduct) -> Vec<(String, PersonId)> {
        vec![("person".to_owned(), new.person)]
    }
}
