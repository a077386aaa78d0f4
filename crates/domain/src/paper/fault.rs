//! A major fault (重大故障): told at once, acknowledged by each, tracked to its end.
//!
//! SUP-16: whoever learns of it first reports it; SUP-17: the manager in charge
//! records it, informs the top and tracks the handling.

use super::body::{Bare, Said};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{CaseId, PersonId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// how long a major fault may wait for the manager, in microseconds; a
/// default of the product.
const ACKNOWLEDGED_WITHIN: i64 = 15 * 60_000_000;

wire_enum! {
    /// Where a major fault stands.
    FaultState {
        /// 已报告, 待确认.
        Reported = "reported",
        /// 处理中.
        Tracked = "tracked",
        /// 已排除.
        Resolved = "resolved",
        /// 已结束.
        Closed = "closed",
    }
}

/// A fault as the first who learns of it reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    /// Where the house is struck.
    pub unit: UnitId,
    /// The case of it, where there is one.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// When it began.
    pub since: Timestamp,
    /// The place.
    pub place: Text,
    /// What is seen of it.
    pub symptom: Text,
    /// What is being done about it.
    #[serde(default)]
    pub plan: Option<Text>,
    /// Who signed the business, where it is known.
    #[serde(default)]
    pub signer: Option<PersonId>,
    /// Everybody else who must hear of it and say so.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub people: Vec<PersonId>,
}

/// One entry of the tracking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FaultNote)]
pub struct Note {
    /// What is said.
    pub text: Text,
    /// Who and when.
    pub mark: Mark,
}

/// How the document names an acknowledgement that may not have come yet.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = FaultAcknowledged)]
#[expect(dead_code, reason = "a shape of the document, not a value")]
enum WhenOrNever {
    /// When it came.
    At(Timestamp),
    /// It is awaited.
    Awaited,
}

/// A major fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// Where the house is struck.
    pub unit: UnitId,
    /// The case of it.
    pub case: Option<CaseId>,
    /// When it began.
    pub since: Timestamp,
    /// The place.
    pub place: Text,
    /// What is seen of it.
    pub symptom: Text,
    /// What is being done about it, the newest last.
    pub plans: Vec<Note>,
    /// Who signed the business.
    pub signer: Option<PersonId>,
    /// Who must acknowledge, and who did.
    #[schema(value_type = BTreeMap<String, WhenOrNever>)]
    pub acknowledged: BTreeMap<PersonId, Option<Timestamp>>,
    /// The manager in charge, once they acknowledged.
    pub manager: Option<Mark>,
    /// When the manager had to have acknowledged.
    pub due_at: Timestamp,
    /// When the top was told that the manager had not.
    pub escalated_at: Option<Timestamp>,
    /// What the top was told by the manager.
    pub informed: Option<Note>,
    /// How it goes.
    pub tracked: Vec<Note>,
    /// How it was mended.
    pub resolved: Option<Note>,
    /// Where it stands.
    pub state: FaultState,
}

steps! {
    /// What may be done with a major fault.
    FaultStep {
        /// 处理计划.
        Plan(Said) = "plan",
        /// 确认收到.
        Acknowledge(Bare) = "acknowledge",
        /// 报告最高管理者.
        InformTop(Said) = "inform_top",
        /// 跟踪.
        Track(Said) = "track",
        /// 排除.
        Resolve(Said) = "resolve",
        /// 结束.
        Close(Said) = "close",
        /// 未确认上报.
        Escalate(Bare) = "escalate",
    }
}

const OPEN_STATES: &[&str] = &["reported", "tracked"];
const MANAGER: &[By] = &[By::Post(Post::Manager), By::Post(Post::DeputyGm), By::Post(Post::Gm)];
const WORKING: &[By] = &[
    By::Asked,
    By::Post(Post::Department),
    By::Post(Post::Agent),
    By::Post(Post::Lead),
    By::Post(Post::Head),
    By::Post(Post::Manager),
];

impl Paper for Fault {
    const KIND: PaperKind = PaperKind::Fault;
    const OPEN_TO_ALL: bool = true;
    const RULES: &'static [Rule] = &[
        Rule { step: OPEN, states: &[], by: &[By::Anybody], sources: &["SUP-16"] },
        Rule { step: "plan", states: OPEN_STATES, by: WORKING, sources: &["SUP-16"] },
        Rule {
            step: "acknowledge",
            states: &["reported", "tracked", "resolved"],
            by: &[By::Asked, By::Post(Post::Manager)],
            sources: &["SUP-16"],
        },
        Rule { step: "inform_top", states: &["tracked", "resolved"], by: MANAGER, sources: &["SUP-17"] },
        Rule { step: "track", states: &["tracked"], by: WORKING, sources: &["SUP-17"] },
        Rule { step: "resolve", states: &["tracked"], by: WORKING, sources: &["SUP-17"] },
        Rule { step: "close", states: &["resolved"], by: MANAGER, sources: &["SUP-17"] },
        Rule { step: "escalate", states: &["reported"], by: &[By::Clock], sources: &["X-48"] },
    ];
    type New = NewFault;
    type Step = FaultStep;

    fn begin(new: NewFault, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let mut faults = fault_unless(new.since <= facts.now, "since", "in_the_future");
        faults.extend(fault_unless(new.people.len() <= 200, "people", "list_length"));
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        let mark = facts.mark();
        let asked = new.people.iter().chain(&new.signer).filter(|person| Some(**person) != mark.by);
        Ok(Self {
            unit: new.unit,
            case: new.case,
            since: new.since,
            place: new.place,
            symptom: new.symptom,
            plans: new.plan.map(|text| Note { text, mark }).into_iter().collect(),
            signer: new.signer,
            acknowledged: asked.map(|person| (*person, None)).collect(),
            manager: None,
            due_at: Timestamp::from_micros(facts.now.micros().saturating_add(ACKNOWLEDGED_WITHIN)),
            escalated_at: None,
            informed: None,
            tracked: Vec::new(),
            resolved: None,
            state: FaultState::Reported,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// SUP-17: not over before the top knows, a plan is on record and everybody
    /// who was told has said so.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        match step {
            "acknowledge" => {
                let me = facts.actor.person;
                let asked = me.is_some_and(|me| self.acknowledged.get(&me) == Some(&None));
                let manages = self.manager.is_none() && facts.actor.posts.contains(&Post::Manager);
                reason_unless(asked || manages, "acknowledged_already")
            }
            "resolve" => reason_unless(!self.plans.is_empty(), "plan_missing"),
            "close" => {
                let missing = self.acknowledged.values().filter(|at| at.is_none()).count();
                let mut reasons = reason_unless(self.informed.is_some(), "top_not_informed");
                if missing > 0 {
                    let params = [("missing", &*missing.to_string())];
                    reasons.push(Reason::new("not_acknowledged").who(&[By::Asked]).params(&params));
                }
                reasons
            }
            _ => Vec::new(),
        }
    }

    fn faults(&self, _: &FaultStep, _: &PaperFacts<'_>) -> Vec<FieldReason> {
        Vec::new()
    }

    fn apply(&mut self, step: &FaultStep, mark: Mark) {
        let note = |said: &Said| Note { text: said.text.clone(), mark };
        match step {
            FaultStep::Plan(said) => self.plans.push(note(said)),
            FaultStep::Acknowledge(_) => {
                let asked = mark.by.and_then(|by| self.acknowledged.get_mut(&by)).filter(|at| at.is_none());
                match asked {
                    Some(at) => *at = Some(mark.at),
                    None => {
                        self.manager = Some(mark);
                        self.state = FaultState::Tracked;
                    }
                }
            }
            FaultStep::InformTop(said) => self.informed = Some(note(said)),
            FaultStep::Track(said) => self.tracked.push(note(said)),
            FaultStep::Resolve(said) => {
                self.resolved = Some(note(said));
                self.state = FaultState::Resolved;
            }
            FaultStep::Close(said) => {
                self.tracked.push(note(said));
                self.state = FaultState::Closed;
            }
            FaultStep::Escalate(_) => self.escalated_at = Some(mark.at),
        }
    }

    fn card(&self) -> Card {
        let waits = self.state == FaultState::Reported && self.escalated_at.is_none();
        Card {
            unit: self.unit,
            case: self.case,
            period: None,
            due_at: Some(self.due_at),
            fires_at: waits.then_some(self.due_at),
            people: self.acknowledged.keys().copied().collect(),
            open: self.state != FaultState::Closed,
        }
    }

    fn tellings(&self, step: Option<&FaultStep>) -> Vec<Telling> {
        match step {
            None => {
                let people = self.acknowledged.keys().map(|person| Recipient::Person(*person));
                let posts = [Recipient::Post(Post::Manager), Recipient::Post(Post::Head)];
                people.chain(posts).map(|to| Telling::urgent(to, "fault_reported")).collect()
            }
            Some(FaultStep::Escalate(_)) => vec![
                Telling::urgent(Recipient::Post(Post::DeputyGm), "fault_unacknowledged"),
                Telling::urgent(Recipient::Post(Post::Gm), "fault_unacknowledged"),
            ],
            Some(FaultStep::InformTop(_)) => {
                vec![Telling::urgent(Recipient::Post(Post::Gm), "fault_informed")]
            }
            Some(FaultStep::Plan(_) | FaultStep::Resolve(_)) => {
                vec![Telling::new(Recipient::Post(Post::Manager), "fault_moved")]
            }
            Some(FaultStep::Acknowledge(_) | FaultStep::Track(_) | FaultStep::Close(_)) => Vec::new(),
        }
    }

    fn fire(&self, now: Timestamp) -> Option<FaultStep> {
        let fires = self.card().fires_at;
        fires.is_some_and(|at| at <= now).then_some(FaultStep::Escalate(Bare {}))
    }

    fn unit_of(new: &NewFault) -> UnitId {
        new.unit
    }

    fn case_of(new: &NewFault) -> Option<CaseId> {
        new.case
    }

    fn people_of(new: &NewFault) -> Vec<(String, PersonId)> {
        let signer = new.signer.iter().map(|person| ("signer".to_owned(), *person));
        let people = new.people.iter().enumerate().map(|(at, person)| (format!("people[{at}]"), *person));
        signer.chain(people).collect()
    }
}
