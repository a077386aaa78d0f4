//! The daily stock-take (盘点): everything open, with a word on each (PROP-16).
//!
//! One for each day and desk. It opens by itself, lists every case that was
//! open at any moment of the day, asks its owner for a word on each, is signed
//! by the desk and reviewed by another (DESK-16), and freezes when the day ends.

use super::body::{Bare, Remark, Why, Word};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, steps};
use crate::case::{CaseActor, FieldReason, Reason, Recipient, Refused};
use crate::ids::{CaseId, PersonId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::{Date, Timestamp};
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// Where a stock-take stands.
    StocktakeState {
        /// 待逐件说明.
        Open = "open",
        /// 已签, 待审核.
        Signed = "signed",
        /// 审核退回.
        Returned = "returned",
        /// 已审核.
        Reviewed = "reviewed",
    }
}

/// Whose list of which day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStocktake {
    /// The desk: its cases and those of the units below it.
    pub unit: UnitId,
    /// The day.
    pub day: Date,
    /// When the desk is reminded; none for a list that is made up for later.
    #[serde(default)]
    pub remind_at: Option<Timestamp>,
    /// When it must be signed; the end of the day when not said.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
}

/// How many cases a stock-take lists, when it froze.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StocktakeTotals)]
pub struct Totals {
    /// All.
    #[schema(minimum = 0)]
    pub lines: u64,
    /// Carried over from the day before (PROP-16).
    #[schema(minimum = 0)]
    pub carried: u64,
    /// Complaints received that day (PROP-52).
    #[schema(minimum = 0)]
    pub complaints: u64,
    /// Closed in the course of the day.
    #[schema(minimum = 0)]
    pub closed: u64,
    /// Without a word.
    #[schema(minimum = 0)]
    pub unworded: u64,
    /// Registered on a later day than collected (PROP-12).
    #[schema(minimum = 0)]
    pub late: u64,
}

/// A signature or review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = StocktakeSignature)]
pub struct Signature {
    /// Who and when.
    pub mark: Mark,
    /// What was said with it.
    pub text: Option<Text>,
    /// True when it came after its time.
    pub late: bool,
}

/// The stock-take of one desk and day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stocktake {
    /// The desk.
    pub unit: UnitId,
    /// The day.
    pub day: Date,
    /// First instant of the day.
    pub from: Timestamp,
    /// First instant after the day.
    pub to: Timestamp,
    /// Where it stands.
    pub state: StocktakeState,
    /// When the desk is reminded.
    pub remind_at: Option<Timestamp>,
    /// When it must be signed.
    pub due_at: Timestamp,
    /// When the desk was reminded.
    pub reminded_at: Option<Timestamp>,
    /// When its head was told that nobody signed.
    pub escalated_at: Option<Timestamp>,
    /// The desk's signature; gone again when it is returned.
    pub signed: Option<Signature>,
    /// The review.
    pub reviewed: Option<Signature>,
    /// Why it was returned last.
    pub returned: Option<Signature>,
    /// When the list froze.
    pub frozen_at: Option<Timestamp>,
    /// What it held when it froze.
    pub totals: Option<Totals>,
}

steps! {
    /// What may be done with a stock-take.
    StocktakeStep {
        /// 逐件说明.
        Word(Word) = "word",
        /// 补入新件.
        Update(Bare) = "update",
        /// 签字.
        Sign(Remark) = "sign",
        /// 审核.
        Review(Remark) = "review",
        /// 退回.
        Return(Why) = "return",
        /// 提醒.
        Remind(Bare) = "remind",
        /// 未签上报.
        Escalate(Bare) = "escalate",
        /// 日终结账.
        Freeze(Totals) = "freeze",
    }
}

/// PROP-16: the word on a case is its owner's, or of the desk for them.
#[must_use]
pub fn may_speak(owner: PersonId, actor: &CaseActor) -> bool {
    let desk = [Post::Agent, Post::Lead, Post::Head];
    actor.person == Some(owner) || desk.iter().any(|post| actor.posts.contains(post))
}

const DESK: &[By] = &[By::Post(Post::Agent), By::Post(Post::Lead)];
const REVIEWERS: &[By] = &[By::Post(Post::Lead), By::Post(Post::Head), By::Post(Post::Manager)];

impl Paper for Stocktake {
    const KIND: PaperKind = PaperKind::Stocktake;
    const RULES: &'static [Rule] = &[
        Rule {
            step: OPEN,
            states: &[],
            by: &[By::Clock, By::Post(Post::Lead), By::Post(Post::Head)],
            sources: &["PROP-16"],
        },
        Rule {
            step: "word",
            states: &["open", "returned"],
            by: &[
                By::Post(Post::Agent),
                By::Post(Post::Lead),
                By::Post(Post::Head),
                By::Post(Post::Department),
            ],
            sources: &["PROP-16"],
        },
        Rule { step: "update", states: &["open", "returned"], by: DESK, sources: &["PROP-16"] },
        Rule { step: "sign", states: &["open", "returned"], by: DESK, sources: &["PROP-52"] },
        Rule { step: "review", states: &["signed"], by: REVIEWERS, sources: &["DESK-16"] },
        Rule { step: "return", states: &["signed"], by: REVIEWERS, sources: &["DESK-16"] },
        Rule { step: "remind", states: &["open", "returned"], by: &[By::Clock], sources: &["PROP-16"] },
        Rule { step: "escalate", states: &["open", "returned"], by: &[By::Clock], sources: &["PROP-16"] },
        Rule {
            step: "freeze",
            states: &["open", "returned", "signed", "reviewed"],
            by: &[By::Clock],
            sources: &["PROP-16"],
        },
    ];
    type New = NewStocktake;
    type Step = StocktakeStep;

    fn begin(new: NewStocktake, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let zone = facts.calendar.zone();
        let (from, to) = (zone.start_of(new.day), zone.end_of(new.day));
        if from > facts.now {
            return Err(Refused::fields(vec![FieldReason::new("day", "in_the_future")]));
        }
        Ok(Self {
            unit: new.unit,
            day: new.day,
            from,
            to,
            state: StocktakeState::Open,
            remind_at: new.remind_at,
            due_at: new.due_at.unwrap_or(to),
            reminded_at: None,
            escalated_at: None,
            signed: None,
            reviewed: None,
            returned: None,
            frozen_at: None,
            totals: None,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// PROP-16: no signature while a case is without a word; DESK-16: whoever
    /// signed does not review.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        match step {
            "sign" if facts.unworded > 0 => {
                vec![
                    Reason::new("words_missing")
                        .who(DESK)
                        .params(&[("missing", &facts.unworded.to_string())]),
                ]
            }
            "review" | "return" => {
                let signer = self.signed.as_ref().and_then(|signed| signed.mark.by);
                let same = signer.is_some() && signer == facts.actor.person;
                if same { vec![Reason::new("own_signature").who(REVIEWERS)] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    fn faults(&self, step: &StocktakeStep, facts: &PaperFacts<'_>) -> Vec<FieldReason> {
        let StocktakeStep::Word(word) = step else { return Vec::new() };
        let Some(line) = facts.line else { return fault_unless(false, "case", "not_on_the_list") };
        let speaks = may_speak(line.owner, facts.actor);
        let mut faults = fault_unless(speaks, "case", "owners_word");
        let today = facts.calendar.zone().date(facts.now);
        faults.extend(fault_unless(word.by.is_none_or(|by| by >= today), "by", "in_the_past"));
        faults
    }

    fn apply(&mut self, step: &StocktakeStep, mark: Mark) {
        let signature = |text: &Option<Text>, due: Timestamp| Signature {
            mark,
            text: text.clone(),
            late: mark.at >= due,
        };
        match step {
            StocktakeStep::Word(_) | StocktakeStep::Update(_) => {}
            StocktakeStep::Sign(body) => {
                self.signed = Some(signature(&body.text, self.due_at));
                self.state = StocktakeState::Signed;
            }
            StocktakeStep::Review(body) => {
                self.reviewed = Some(signature(&body.text, Timestamp::END));
                self.state = StocktakeState::Reviewed;
            }
            StocktakeStep::Return(body) => {
                self.returned = Some(signature(&Some(body.reason.clone()), Timestamp::END));
                self.signed = None;
                self.state = StocktakeState::Returned;
            }
            StocktakeStep::Remind(_) => self.reminded_at = Some(mark.at),
            StocktakeStep::Escalate(_) => self.escalated_at = Some(mark.at),
            StocktakeStep::Freeze(totals) => {
                self.totals = Some(*totals);
                self.frozen_at = Some(mark.at);
            }
        }
    }

    fn card(&self) -> Card {
        Card {
            unit: self.unit,
            case: None,
            period: Some(self.day.to_string()),
            due_at: Some(self.due_at),
            fires_at: self.next_firing(),
            people: Vec::new(),
            open: self.state != StocktakeState::Reviewed,
        }
    }

    fn tellings(&self, step: Option<&StocktakeStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            None if self.remind_at.is_none() => Vec::new(),
            None => vec![Telling::new(post(Post::Lead), "stocktake_opened")],
            Some(StocktakeStep::Remind(_)) => vec![
                Telling::new(post(Post::Agent), "stocktake_unsigned"),
                Telling::new(post(Post::Lead), "stocktake_unsigned"),
            ],
            Some(StocktakeStep::Escalate(_)) => vec![Telling::urgent(post(Post::Head), "stocktake_overdue")],
            Some(StocktakeStep::Sign(_)) => vec![Telling::new(post(Post::Lead), "stocktake_signed")],
            Some(StocktakeStep::Return(_)) => vec![Telling::new(post(Post::Agent), "stocktake_returned")],
            Some(
                StocktakeStep::Word(_)
                | StocktakeStep::Update(_)
                | StocktakeStep::Review(_)
                | StocktakeStep::Freeze(_),
            ) => Vec::new(),
        }
    }

    fn fire(&self, now: Timestamp) -> Option<StocktakeStep> {
        if self.next_firing().is_none_or(|at| at > now) {
            return None;
        }
        if self.unsigned() && self.remind_at.is_some_and(|at| at <= now) && self.reminded_at.is_none() {
            return Some(StocktakeStep::Remind(Bare {}));
        }
        if self.unsigned() && self.escalates() && self.due_at <= now {
            return Some(StocktakeStep::Escalate(Bare {}));
        }
        (self.frozen_at.is_none() && self.to <= now).then(|| StocktakeStep::Freeze(Totals::default()))
    }

    fn unit_of(new: &NewStocktake) -> UnitId {
        new.unit
    }

    fn about(step: &StocktakeStep) -> Option<CaseId> {
        if let StocktakeStep::Word(word) = step { Some(word.case) } else { None }
    }
}

impl Stocktake {
    const fn unsigned(&self) -> bool {
        matches!(self.state, StocktakeState::Open | StocktakeState::Returned)
    }

    /// A list that was made up for later is late already; nobody is told again.
    const fn escalates(&self) -> bool {
        self.escalated_at.is_none() && self.remind_at.is_some()
    }

    fn next_firing(&self) -> Option<Timestamp> {
        let remind = self.remind_at.filter(|_| self.unsigned() && self.reminded_at.is_none());
        let escalate = (self.unsigned() && self.escalates()).then_some(self.due_at);
        let freeze = self.frozen_at.is_none().then_some(self.to);
        [remind, escalate, freeze].into_iter().flatten().min()
    }
}
