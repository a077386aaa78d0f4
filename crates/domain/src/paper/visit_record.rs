//! What a resident said at a visit, answered item by item (回访记录表, DESK-10).

use super::body::bodies;
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{Carrier, FieldReason, Reason, Recipient, Refused, VisitForm};
use crate::ids::{CaseId, HouseholdId, PartyId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// Where a visit's opinions stand.
    VisitRecordState {
        /// 有意见待落实.
        Open = "open",
        /// 件件有回音.
        Answered = "answered",
    }
}

bodies! {
    /// One more opinion of the resident.
    Opinion as VisitOpinionBody {
        /// What the resident said.
        text: Text,
    }

    /// What was decided on one opinion; a refusal with its reason is a result too.
    ItemResult as VisitOpinionResult {
        /// Which opinion, from 1.
        #[schema(minimum = 1, maximum = 1000)]
        item: u32,
        /// What was done or decided.
        text: Text,
        /// True when it is refused, with the reason as the text.
        #[serde(default)]
        refused: bool,
    }

    /// How the resident was answered.
    ItemAnswer as VisitOpinionAnswer {
        /// Which opinion, from 1.
        #[schema(minimum = 1, maximum = 1000)]
        item: u32,
        /// What the resident was told.
        text: Text,
        /// How.
        carrier: Carrier,
    }
}

/// A visit as its visitor records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisitRecord {
    /// The estate.
    pub unit: UnitId,
    /// The case that was visited for, where it was for one.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// The household.
    #[serde(default)]
    pub household: Option<HouseholdId>,
    /// The resident.
    #[serde(default)]
    pub party: Option<PartyId>,
    /// When.
    pub visited_at: Timestamp,
    /// How.
    pub form: VisitForm,
    /// What the resident said, opinion by opinion.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub opinions: Vec<Text>,
}

/// One opinion of a resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VisitOpinion)]
pub struct Item {
    /// Its number, from 1.
    #[schema(minimum = 1)]
    pub id: u32,
    /// What the resident said.
    pub text: Text,
    /// What was done or decided.
    pub result: Option<Text>,
    /// True when it was refused with a reason.
    pub refused: bool,
    /// Who decided and when.
    pub decided: Option<Mark>,
    /// What the resident was told.
    pub answer: Option<Text>,
    /// How.
    pub carrier: Option<Carrier>,
    /// Who answered and when.
    pub answered: Option<Mark>,
}

/// A visit and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitRecord {
    /// The estate.
    pub unit: UnitId,
    /// The case that was visited for.
    pub case: Option<CaseId>,
    /// The household.
    pub household: Option<HouseholdId>,
    /// The resident.
    pub party: Option<PartyId>,
    /// When.
    pub visited_at: Timestamp,
    /// How.
    pub form: VisitForm,
    /// Who visited, and when it was recorded.
    pub visitor: Mark,
    /// What the resident said.
    pub items: Vec<Item>,
    /// Where it stands.
    pub state: VisitRecordState,
}

steps! {
    /// What may be done with a visit's record.
    VisitRecordStep {
        /// 增加意见.
        Add(Opinion) = "add",
        /// 处理结果.
        Resolve(ItemResult) = "resolve",
        /// 答复住户.
        Answer(ItemAnswer) = "answer",
    }
}

const VISITORS: &[By] =
    &[By::Post(Post::Visitor), By::Post(Post::Lead), By::Post(Post::Head), By::Post(Post::Agent)];
const WORKING: &[By] = &[
    By::Post(Post::Visitor),
    By::Post(Post::Lead),
    By::Post(Post::Head),
    By::Post(Post::Agent),
    By::Post(Post::Department),
];

impl Paper for VisitRecord {
    const KIND: PaperKind = PaperKind::VisitRecord;
    const RULES: &'static [Rule] = &[
        Rule { step: OPEN, states: &[], by: VISITORS, sources: &["DESK-9"] },
        Rule { step: "add", states: &["open", "answered"], by: VISITORS, sources: &["DESK-10"] },
        Rule { step: "resolve", states: &["open"], by: WORKING, sources: &["DESK-10", "X-55"] },
        Rule { step: "answer", states: &["open"], by: WORKING, sources: &["DESK-10", "X-55"] },
    ];
    type New = NewVisitRecord;
    type Step = VisitRecordStep;

    fn begin(new: NewVisitRecord, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let mut faults = fault_unless(new.visited_at <= facts.now, "visited_at", "in_the_future");
        faults.extend(fault_unless(new.opinions.len() <= 100, "opinions", "list_length"));
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        let mut record = Self {
            unit: new.unit,
            case: new.case,
            household: new.household,
            party: new.party,
            visited_at: new.visited_at,
            form: new.form,
            visitor: facts.mark(),
            items: Vec::new(),
            state: VisitRecordState::Answered,
        };
        new.opinions.into_iter().for_each(|text| record.raise(text));
        Ok(record)
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    fn gates(&self, step: &str, _: &PaperFacts<'_>) -> Vec<Reason> {
        let waits = |item: &Item| item.result.is_some() && item.answered.is_none();
        let fine = step != "answer" || self.items.iter().any(waits);
        reason_unless(fine, "result_missing")
    }

    /// DESK-10: an answer says what was decided, so that the result comes first.
    fn faults(&self, step: &VisitRecordStep, _: &PaperFacts<'_>) -> Vec<FieldReason> {
        let item = |id: u32| self.items.iter().find(|item| item.id == id);
        match step {
            VisitRecordStep::Add(_) => fault_unless(self.items.len() < 1000, "text", "list_length"),
            VisitRecordStep::Resolve(body) => match item(body.item) {
                None => fault_unless(false, "item", "unknown_item"),
                Some(item) => fault_unless(item.answered.is_none(), "item", "item_answered"),
            },
            VisitRecordStep::Answer(body) => match item(body.item) {
                None => fault_unless(false, "item", "unknown_item"),
                Some(item) if item.result.is_none() => fault_unless(false, "item", "result_missing"),
                Some(item) => fault_unless(item.answered.is_none(), "item", "item_answered"),
            },
        }
    }

    fn apply(&mut self, step: &VisitRecordStep, mark: Mark) {
        match step {
            VisitRecordStep::Add(body) => self.raise(body.text.clone()),
            VisitRecordStep::Resolve(body) => {
                for item in self.items.iter_mut().filter(|item| item.id == body.item) {
                    item.result = Some(body.text.clone());
                    item.refused = body.refused;
                    item.decided = Some(mark);
                }
            }
            VisitRecordStep::Answer(body) => {
                for item in self.items.iter_mut().filter(|item| item.id == body.item) {
                    item.answer = Some(body.text.clone());
                    item.carrier = Some(body.carrier);
                    item.answered = Some(mark);
                }
            }
        }
        let all = self.items.iter().all(|item| item.answered.is_some());
        self.state = if all { VisitRecordState::Answered } else { VisitRecordState::Open };
    }

    fn card(&self) -> Card {
        Card {
            unit: self.unit,
            case: self.case,
            period: None,
            due_at: None,
            fires_at: None,
            people: Vec::new(),
            open: self.state == VisitRecordState::Open,
        }
    }

    fn tellings(&self, step: Option<&VisitRecordStep>) -> Vec<Telling> {
        let raised =
            step.is_none() && !self.items.is_empty() || matches!(step, Some(VisitRecordStep::Add(_)));
        let told = Telling::new(Recipient::Post(Post::Lead), "opinion_raised");
        if raised { vec![told] } else { Vec::new() }
    }

    fn fire(&self, _: Timestamp) -> Option<VisitRecordStep> {
        None
    }

    fn unit_of(new: &NewVisitRecord) -> UnitId {
        new.unit
    }

    fn case_of(new: &NewVisitRecord) -> Option<CaseId> {
        new.case
    }

    fn party_of(new: &NewVisitRecord) -> (Option<PartyId>, Option<HouseholdId>) {
        (new.party, new.household)
    }
}

impl VisitRecord {
    fn raise(&mut self, text: Text) {
        let id = u32::try_from(self.items.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.items.push(Item {
            id,
            text,
            result: None,
            refused: false,
            decided: None,
            answer: None,
            carrier: None,
            answered: None,
        });
        self.state = VisitRecordState::Open;
    }

    /// DESK-11, X-55: how many opinions were raised, and how many of them have
    /// both a result and an answer to the resident.
    #[must_use]
    pub fn handled(&self) -> (u32, u32) {
        let handled =
            self.items.iter().filter(|item| item.result.is_some() && item.answered.is_some()).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (count(self.items.len()), count(handled))
    }
}
