//! What customer and house sign, and the tasks that departments have from it.
//!
//! *Invariants*: an agreement is bound to the option that the customer accepted,
//! to its words and amount; each promised item becomes a task of its own, and
//! the case cannot close before every one of them is done (ASC-9…11).

use super::body::{Seal, bodies, none};
use super::evaluate::{Facts, Reason};
use super::state::{Case, OptionState};
use super::words::TaskWord;
use crate::ids::{AttachmentId, PersonId, UnitId};
use crate::money::Money;
use crate::pack::By;
use crate::people::Post;
use crate::text::{Sealed, Sealer, Text};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

bodies! {
    /// One thing that the house promises in an agreement (ASC-10).
    PromisedItem {
        texts { /** What is done, sent or paid. */ what }
        maybe {}
        plain {
            /// The department that does it; the handler where none is named.
            #[serde(default, skip_serializing_if = "Option::is_none")] department: Option<UnitId>,
            /// Money in it.
            #[serde(default, skip_serializing_if = "Option::is_none")] amount: Option<Money>,
            /// By when.
            #[serde(default, skip_serializing_if = "Option::is_none")] due: Option<Timestamp>,
            /// The remedy of the pack's list that it is; leads to its department.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schema(max_length = 64)]
            remedy: Option<String>,
        }
    }

    /// The paper that the customer signed.
    AgreementSigned {
        texts {}
        maybe { /** Who signed, when not the complainant. */ name }
        plain {
            /// Number of the agreement in this case.
            agreement: u32,
            /// The scan, attached to the case before.
            attachment: AttachmentId,
            /// The digest printed on the paper; must be that of the agreement.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schema(max_length = 43)]
            digest: Option<String>,
        }
    }

    /// What a customer confirmed by link and code.
    AgreementConfirmed {
        texts { /** The name as the customer wrote it. */ name }
        maybe {}
        plain {
            /// Number of the agreement in this case.
            agreement: u32,
            /// The link that was used.
            link: uuid::Uuid,
            /// Names the exact content that was confirmed.
            digest: String,
        }
    }

    /// A task that a department took or gave back (DEPT-6).
    TaskPassed {
        texts {}
        maybe { /** What the next one should know. */ note }
        plain {
            /// Number of the task in this case.
            task: u32,
            /// The department that shall do it.
            department: UnitId,
        }
    }

    /// A task given back as not ours, with the reason.
    TaskReturned {
        texts { /** Why. */ reason }
        maybe {}
        plain { /// Number of the task in this case.
            task: u32 }
    }

    /// How a task stands, said by who does it before anybody has to ask (MOB-14).
    TaskReported {
        texts { /** How it stands, or what stands in its way. */ text }
        maybe {}
        plain {
            /// Number of the task in this case.
            task: u32,
            /// Whether it goes on, meets a difficulty, or is changed.
            what: TaskWord,
            /// When it will be done, as it looks now.
            #[serde(default, skip_serializing_if = "Option::is_none")] expected: Option<Timestamp>,
        }
    }

    /// What keeps it from happening again, agreed with its owner (PROP-95).
    CorrectiveAgreed {
        texts { /** What is changed. */ text }
        maybe {}
        plain {
            /// Who answers for it.
            person: PersonId,
            /// By when it is done.
            due: Timestamp,
            /// When its effect is looked at; after closing too.
            check_at: Timestamp,
        }
    }
}

/// A task that its department takes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskTaken {
    /// Number of the task in this case.
    pub task: u32,
}

impl Seal for TaskTaken {
    type Sealed = Self;
    fn seal(self, _: &mut Sealer) -> Self {
        self
    }
}

/// A link with a one-time code that was made for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationSent {
    /// Number of the agreement in this case.
    pub agreement: u32,
    /// The link; its secret is kept nowhere.
    pub link: uuid::Uuid,
    /// Until when it is good.
    pub until: Timestamp,
}

impl Seal for ConfirmationSent {
    type Sealed = Self;
    fn seal(self, _: &mut Sealer) -> Self {
        self
    }
}

/// How a customer confirmed an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkConfirmation {
    /// The name as the customer wrote it.
    pub name: Sealed,
    /// The link that was used.
    pub link: uuid::Uuid,
    /// When.
    pub at: Timestamp,
}

/// An agreement made of the accepted option, item by item (ASC-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementDrawnUp<T = Text> {
    /// What else is agreed, as words of the paper.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub terms: Option<T>,
    /// The things promised; their amounts add up to that of the option.
    #[schema(min_items = 1, max_items = 50)]
    pub items: Vec<PromisedItem<T>>,
    /// Phrases that warn, by number, which the writer read and keeps all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub acknowledged_phrases: Vec<u32>,
}

impl Seal for AgreementDrawnUp<Text> {
    type Sealed = AgreementDrawnUp<Sealed>;
    fn seal(self, sealer: &mut Sealer) -> Self::Sealed {
        AgreementDrawnUp {
            terms: self.terms.map(|terms| sealer.seal(terms.as_str())),
            items: self.items.into_iter().map(|item| item.seal(sealer)).collect(),
            acknowledged_phrases: self.acknowledged_phrases,
        }
    }
}

/// An agreement as the case keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agreement {
    /// Number in the case, from 1.
    pub id: u32,
    /// The option that it puts on paper, as it was accepted.
    pub option: OptionState,
    /// What else is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Sealed>,
    /// The things promised.
    pub items: Vec<PromisedItem<Sealed>>,
    /// When it was drawn up.
    pub at: Timestamp,
    /// The signed scan and when it came, once signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<(AttachmentId, Timestamp)>,
    /// The link that is good for it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<ConfirmationSent>,
    /// How it was confirmed by a link, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<LinkConfirmation>,
}

impl Agreement {
    /// Names its exact content: what was signed counts for no other.
    #[must_use]
    pub fn digest(&self) -> String {
        let option = (self.option.id, &self.option.text, self.option.amount);
        let content = serde_json::json!([self.id, option, self.terms, self.items]);
        crate::text::commitment(b"", &super::canonical_json(&content)).0
    }

    /// Tells whether the customer has put their name under it.
    #[must_use]
    pub const fn is_signed(&self) -> bool {
        self.signed.is_some() || self.confirmed.is_some()
    }

    /// Tells whether it is the last one drawn up, and the accepted option as it is.
    #[must_use]
    pub fn stands(&self, case: &Case) -> bool {
        let last = case.round.agreements.last().is_some_and(|last| last.id == self.id);
        last && case.accepted_option().is_some_and(|option| self.is_of(option))
    }

    /// Tells whether it puts this option on paper, as it is.
    #[must_use]
    pub fn is_of(&self, option: &OptionState) -> bool {
        let one = |option: &OptionState| (option.id, option.text.clone(), option.amount);
        one(&self.option) == one(option)
    }
}

/// What keeps it from happening again, with its owner and dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Corrective {
    /// What is changed.
    pub text: Sealed,
    /// Who answers for it.
    pub person: PersonId,
    /// By when it is done.
    pub due: Timestamp,
    /// When its effect is looked at.
    pub check_at: Timestamp,
}

/// Gives the agreement that can be signed now.
pub(super) fn unsigned(case: &Case) -> Option<&Agreement> {
    case.round.agreements.last().filter(|agreement| !agreement.is_signed())
}

/// Tells whether the last agreement puts the option on paper as it stands.
pub(super) fn stands(case: &Case) -> bool {
    case.round.agreements.last().is_some_and(|agreement| agreement.stands(case))
}

/// ASC-9: the present option is on paper and signed.
pub(super) fn signed(case: &Case) -> Result<(), Reason> {
    let who = [By::Handler, By::Post(Post::Lead)];
    let shut = |code: &'static str| Err(Reason::new(code).who(&who));
    let Some(agreement) = case.round.agreements.last() else { return shut("agreement_missing") };
    if !case.accepted_option().is_some_and(|option| agreement.is_of(option)) {
        return shut("agreement_stale");
    }
    if agreement.is_signed() { Ok(()) } else { shut("agreement_not_signed") }
}

/// Tells whether the actor answers for a task by the department it was given to.
#[must_use]
pub fn is_of_my_unit(unit: Option<UnitId>, facts: &Facts<'_>) -> bool {
    unit.is_some_and(|unit| facts.house.mine.contains(&unit))
}
