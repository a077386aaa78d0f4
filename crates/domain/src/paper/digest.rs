//! The Friday meeting's digest (周五例会, SUP-12): each technician's week, summarised.

use super::body::{Bare, Said, bodies};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{PersonId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::{Date, Timestamp};
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

wire_enum! {
    /// Where a week's digest stands.
    DigestState {
        /// 收集中.
        Collecting = "collecting",
        /// 已列缺报.
        Listed = "listed",
        /// 已汇总.
        Compiled = "compiled",
        /// 已发送.
        Sent = "sent",
    }
}

bodies! {
    /// What the meeting makes of the week.
    Compiled as DigestSummary {
        /// Summary of service and feedback.
        summary: Text,
        /// What it shows.
        analysis: Text,
    }
}

/// Whose week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDigest {
    /// The department.
    pub unit: UnitId,
    /// The day of the meeting.
    pub day: Date,
    /// When everybody's week must be in.
    pub due_at: Timestamp,
    /// Who must submit; everybody who works for the department when not said.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub people: Vec<PersonId>,
}

/// One person's week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DigestEntry)]
pub struct Week {
    /// Service and feedback of the week.
    pub text: Text,
    /// When it came.
    pub at: Timestamp,
    /// True when it came after its time.
    pub late: bool,
}

/// How the document names a week that may not have come yet.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = DigestWeek)]
#[expect(dead_code, reason = "a shape of the document, not a value")]
enum WeekOrNone {
    /// It came.
    Came(Week),
    /// It is awaited.
    Awaited,
}

/// One week of a department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Digest {
    /// The department.
    pub unit: UnitId,
    /// The day of the meeting.
    pub day: Date,
    /// When everybody's week had to be in.
    pub due_at: Timestamp,
    /// Who must submit, and what came.
    #[schema(value_type = BTreeMap<String, WeekOrNone>)]
    pub weeks: BTreeMap<PersonId, Option<Week>>,
    /// Who was missing when the list was made, before the meeting.
    pub missing: Vec<PersonId>,
    /// Summary of service and feedback.
    pub summary: Option<Text>,
    /// What it shows.
    pub analysis: Option<Text>,
    /// Who compiled it and when.
    pub compiled: Option<Mark>,
    /// Who sent it and when.
    pub sent: Option<Mark>,
    /// Where it stands.
    pub state: DigestState,
}

steps! {
    /// What may be done with a week's digest.
    DigestStep {
        /// 提交本周情况.
        Enter(Said) = "enter",
        /// 列出缺报.
        ListMissing(Bare) = "list_missing",
        /// 汇总分析.
        Compile(Compiled) = "compile",
        /// 发送.
        Send(Bare) = "send",
    }
}

const LEADERS: &[By] = &[By::Post(Post::Lead), By::Post(Post::Head)];

impl Paper for Digest {
    const KIND: PaperKind = PaperKind::Digest;
    const RULES: &'static [Rule] = &[
        Rule {
            step: OPEN,
            states: &[],
            by: &[By::Clock, By::Post(Post::Lead), By::Post(Post::Head)],
            sources: &["SUP-12"],
        },
        Rule { step: "enter", states: &["collecting", "listed"], by: &[By::Asked], sources: &["SUP-12"] },
        Rule { step: "list_missing", states: &["collecting"], by: &[By::Clock], sources: &["SUP-12"] },
        Rule { step: "compile", states: &["listed", "compiled"], by: LEADERS, sources: &["SUP-12"] },
        Rule { step: "send", states: &["compiled"], by: LEADERS, sources: &["SUP-12"] },
    ];
    type New = NewDigest;
    type Step = DigestStep;

    fn begin(new: NewDigest, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let by_clock = facts.actor.person.is_none();
        let mut faults = fault_unless(by_clock || new.due_at > facts.now, "due_at", "in_the_past");
        faults.extend(fault_unless((1..=500).contains(&new.people.len()), "people", "list_length"));
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        Ok(Self {
            unit: new.unit,
            day: new.day,
            due_at: new.due_at,
            weeks: new.people.into_iter().map(|person| (person, None)).collect(),
            missing: Vec::new(),
            summary: None,
            analysis: None,
            compiled: None,
            sent: None,
            state: DigestState::Collecting,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        let me = facts.actor.person;
        let entered = me.and_then(|me| self.weeks.get(&me)).is_some_and(Option::is_some);
        if step == "enter" { reason_unless(!entered, "said_already") } else { Vec::new() }
    }

    fn faults(&self, _: &DigestStep, _: &PaperFacts<'_>) -> Vec<FieldReason> {
        Vec::new()
    }

    fn apply(&mut self, step: &DigestStep, mark: Mark) {
        match step {
            DigestStep::Enter(body) => {
                let week = Week { text: body.text.clone(), at: mark.at, late: mark.at >= self.due_at };
                if let Some(entry) = mark.by.and_then(|by| self.weeks.get_mut(&by)) {
                    *entry = Some(week);
                }
            }
            DigestStep::ListMissing(_) => {
                let missing = self.weeks.iter().filter(|(_, week)| week.is_none());
                self.missing = missing.map(|(person, _)| *person).collect();
                self.state = DigestState::Listed;
            }
            DigestStep::Compile(body) => {
                self.summary = Some(body.summary.clone());
                self.analysis = Some(body.analysis.clone());
                self.compiled = Some(mark);
                self.state = DigestState::Compiled;
            }
            DigestStep::Send(_) => {
                self.sent = Some(mark);
                self.state = DigestState::Sent;
            }
        }
    }

    fn card(&self) -> Card {
        Card {
            unit: self.unit,
            case: None,
            period: Some(self.day.to_string()),
            due_at: Some(self.due_at),
            fires_at: (self.state == DigestState::Collecting).then_some(self.due_at),
            people: self.weeks.keys().copied().collect(),
            open: self.state != DigestState::Sent,
        }
    }

    /// SUP-12: the missing reports are listed before the meeting and told to
    /// whoever owes them and to who leads it.
    fn tellings(&self, step: Option<&DigestStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            None => self
                .weeks
                .keys()
                .map(|person| Telling::new(Recipient::Person(*person), "digest_due"))
                .collect(),
            Some(DigestStep::ListMissing(_)) => {
                let owing = self.missing.iter().map(|person| Recipient::Person(*person));
                owing.chain([post(Post::Head)]).map(|to| Telling::urgent(to, "digest_missing")).collect()
            }
            Some(DigestStep::Send(_)) => {
                let all = self.weeks.keys().map(|person| Recipient::Person(*person));
                all.chain([post(Post::Manager)]).map(|to| Telling::new(to, "digest_sent")).collect()
            }
            Some(DigestStep::Enter(_) | DigestStep::Compile(_)) => Vec::new(),
        }
    }

    fn fire(&self, now: Timestamp) -> Option<DigestStep> {
        let due = self.state == DigestState::Collecting && self.due_at <= now;
        due.then_some(DigestStep::ListMissing(Bare {}))
    }

    fn unit_of(new: &NewDigest) -> UnitId {
        new.unit
    }

    fn people_of(new: &NewDigest) -> Vec<(String, PersonId)> {
        new.people.iter().enumerate().map(|(at, person)| (format!("people[{at}]"), *person)).collect()
    }

    fn expects(new: &mut NewDigest) -> Option<&mut Vec<PersonId>> {
        new.people.is_empty().then_some(&mut new.people)
    }
}
