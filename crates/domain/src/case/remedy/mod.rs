//! What the customer gets, and how a stuck talk is set going again.
//!
//! *Invariants*: a remedy never changes once it is proposed; money and goods
//! leave the house only within an approval that is bound to exactly them, and
//! the sum of what was paid never exceeds what was granted (CP8-12, ASC-23).
//!
//! *Where to start*: [`Remedy`], [`authority`]; [`guided`] is the guide by
//! liability grade.

mod rules;

use super::body::{Seal, bodies, none};
use super::event::TaskKind;
use super::state::{Approval, Case, OptionState, Round};
use super::task::Task;
use super::words::{ApprovalOf, Decision, OptionAnswer};
use crate::ids::{AttachmentId, PartyId, PersonId};
use crate::money::Money;
use crate::people::Post;
use crate::text::{Sealed, Sealer, Text};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(any(test, feature = "sample"))]
pub(super) use rules::may_give;
pub(super) use rules::{
    all_given, chosen, give_reasons, may_propose, promise_reasons, promised, propose_reasons,
};
pub use rules::{authority, grade, guided};

wire_enum! {
    /// What a remedy takes from the house.
    Gives {
        /// 钱款: an amount, paid out or left off the bill.
        Money = "money",
        /// 实物: goods, gifts, a return, work of value.
        Goods = "goods",
        /// 行动: an apology, a visit, a talk.
        Act = "act",
    }
}

wire_enum! {
    /// How somebody higher goes to the customer (ASC-24).
    Approach {
        /// 上门拜访.
        Visit = "visit",
        /// 致电.
        Call = "call",
    }
}

bodies! {
    /// Something that the customer shall get, from the pack's list (CP8-12).
    RemedyProposed {
        texts { /** What exactly it is. */ what }
        maybe { /** Why; required without an invoice, and outside the guide. */ reason }
        plain {
            /// Name of the remedy in the pack's list.
            #[schema(max_length = 64)]
            remedy: String,
            /// Its value; required where it is money.
            #[serde(default, skip_serializing_if = "Option::is_none")] amount: Option<Money>,
            /// The option that it carries out; its approval then counts for it.
            #[serde(default, skip_serializing_if = "Option::is_none")] option: Option<u32>,
            /// Who gets it, when not the complainant; a party of the case.
            #[serde(default, skip_serializing_if = "Option::is_none")] party: Option<PartyId>,
            /// The budget that bears it, by its code.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schema(max_length = 40)]
            budget: Option<String>,
            /// Proof of purchase, attached to the case before (ASC-22, 23).
            #[serde(default, skip_serializing_if = "Option::is_none")] invoice: Option<AttachmentId>,
            /// What it takes from the house; found by itself.
            #[serde(default, skip_serializing_if = "Option::is_none")] gives: Option<Gives>,
        }
    }

    /// A remedy that the customer got, whole or in part.
    RemedyGiven {
        texts {}
        maybe { /** Anything to know about it. */ note }
        plain {
            /// Number of the remedy in this case.
            remedy: u32,
            /// What was paid; the rest when left out.
            #[serde(default, skip_serializing_if = "Option::is_none")] amount: Option<Money>,
            /// The receipt, attached to the case before; required where it is money.
            #[serde(default, skip_serializing_if = "Option::is_none")] proof: Option<AttachmentId>,
            /// Number of the approval it rests on; found by itself.
            #[serde(default, skip_serializing_if = "Option::is_none")] approval: Option<u32>,
        }
    }

    /// A remedy that is not given after all, with the reason.
    RemedyDropped {
        texts { /** Why. */ reason }
        maybe {}
        plain { /// Number of the remedy in this case.
            remedy: u32 }
    }

    /// Another person, place or time for the talks (三换, CP8-16); the owner stays.
    SettingChanged {
        texts { /** Why. */ reason }
        maybe { /** Where the talks go on. */ place }
        plain {
            /// Who talks with the customer from now on.
            #[serde(default, skip_serializing_if = "Option::is_none")] person: Option<PersonId>,
            /// When the talks go on.
            #[serde(default, skip_serializing_if = "Option::is_none")] at: Option<Timestamp>,
        }
    }

    /// Somebody higher goes to the customer or calls (层次高一点, ASC-24).
    LevelRaised {
        texts { /** Why, and what is to be said. */ reason }
        maybe {}
        plain {
            /// The post that does it.
            post: Post,
            /// The person, where one is meant; must hold the post.
            #[serde(default, skip_serializing_if = "Option::is_none")] person: Option<PersonId>,
            /// How.
            way: Approach,
            /// By when.
            #[serde(default, skip_serializing_if = "Option::is_none")] due: Option<Timestamp>,
        }
    }
}

/// A remedy as the case keeps it: one line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Remedy {
    /// Number in the case, from 1.
    pub id: u32,
    /// Name in the pack's list.
    pub kind: String,
    /// What it takes from the house.
    pub gives: Gives,
    /// What exactly it is.
    pub what: Sealed,
    /// Its value.
    pub amount: Option<Money>,
    /// The option that it carries out.
    pub option: Option<u32>,
    /// Who gets it.
    pub party: Option<PartyId>,
    /// The budget that bears it.
    pub budget: Option<String>,
    /// Proof of purchase.
    pub invoice: Option<AttachmentId>,
    /// The round in which it was proposed.
    pub round: u32,
    /// When it was proposed.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonId>,
    /// What the customer got of it, in order.
    pub given: Vec<Payment>,
    /// When it was called off, the rest of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_at: Option<Timestamp>,
}

/// One time that the customer got something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Payment {
    /// How much, where it has a value.
    pub amount: Option<Money>,
    /// The receipt.
    pub proof: Option<AttachmentId>,
    /// Number of the approval it rests on; none where none is needed.
    pub approval: Option<u32>,
    /// When.
    pub at: Timestamp,
    /// Who gave it.
    pub by: Option<PersonId>,
}

/// One change of person, place or time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingMade {
    /// Who talks with the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Sealed>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// Why.
    pub reason: Sealed,
    /// When it was changed.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonId>,
}

/// One time that somebody higher was called in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LevelSeen {
    /// The post.
    pub post: Post,
    /// The person, where one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// How.
    pub way: Approach,
    /// When it was asked.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonId>,
}

impl Remedy {
    /// Gives what was paid so far, in fen.
    #[must_use]
    pub fn paid_fen(&self) -> i64 {
        self.given.iter().filter_map(|payment| payment.amount).map(Money::fen).sum()
    }

    /// Gives what is still to be paid; nothing where it has no value.
    #[must_use]
    pub fn rest(&self) -> Option<Money> {
        Money::from_fen(self.amount?.fen() - self.paid_fen()).ok()
    }

    /// Gives when the customer had all of it.
    #[must_use]
    pub fn given_at(&self) -> Option<Timestamp> {
        let whole = match self.gives {
            Gives::Money => self.rest().is_some_and(|rest| rest.fen() == 0),
            Gives::Goods | Gives::Act => true,
        };
        self.given.last().filter(|_| whole).map(|payment| payment.at)
    }

    /// Tells whether something of it is still to be given.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.dropped_at.is_none() && self.given_at().is_none()
    }

    /// Tells whether it leaves the house only by an approval.
    #[must_use]
    pub const fn needs_approval(&self) -> bool {
        matches!(self.gives, Gives::Money | Gives::Goods)
    }
}

impl Approval {
    /// Tells whether it is bound to this remedy as it is: same number, same
    /// words, same amount.
    #[must_use]
    pub fn is_of_remedy(&self, remedy: &Remedy) -> bool {
        self.remedy == Some(remedy.id) && self.content == remedy.what && self.amount == remedy.amount
    }
}

impl Case {
    /// Gives the money that an approval of a round stands for: of the option
    /// that the customer agreed to last, of a remedy that no option covers, of
    /// the plan where no option with an approval of its own took its place.
    #[must_use]
    pub fn counted(&self, round: &Round, approval: &Approval) -> Option<Money> {
        let granted = |one: &Approval| {
            matches!(one.decision, Some((Decision::Granted, ..))) && one.withdrawn_at.is_none()
        };
        let of_option = |one: &Approval| {
            let option = agreed_in(round)?;
            (one.of == ApprovalOf::AcceptedOption && granted(one) && one.is_of_option(option)).then_some(())
        };
        let last = |of: ApprovalOf, same: &dyn Fn(&Approval) -> bool| {
            let found = round.approvals.iter().rev().find(|one| one.of == of && granted(one) && same(one));
            found.is_some_and(|found| found.id == approval.id)
        };
        let counts = match approval.of {
            ApprovalOf::AcceptedOption => of_option(approval).is_some(),
            ApprovalOf::Remedy => {
                let fits = |one: &&Remedy| approval.is_of_remedy(one) && one.option.is_none();
                let there = self.remedies.iter().find(fits).is_some_and(|one| one.dropped_at.is_none());
                there && last(ApprovalOf::Remedy, &|one| one.remedy == approval.remedy)
            }
            ApprovalOf::Plan => {
                let replaced = round.approvals.iter().any(|one| of_option(one).is_some());
                !replaced && last(ApprovalOf::Plan, &|_| true)
            }
            _ => false,
        };
        if counts && granted(approval) { approval.amount } else { None }
    }

    /// Gives what was paid under one approval, in fen.
    #[must_use]
    pub fn paid_under(&self, approval: u32) -> i64 {
        let all = self.remedies.iter().flat_map(|remedy| &remedy.given);
        let under = all.filter(|payment| payment.approval == Some(approval));
        under.filter_map(|payment| payment.amount).map(Money::fen).sum()
    }

    /// ASC-10, 22: tells whether a task stands for something of the ledger that the
    /// customer has not got; both bear the words of the agreement's item.
    #[must_use]
    pub fn still_due(&self, task: &Task) -> bool {
        let of_it = |remedy: &&Remedy| Some(&remedy.what) == task.title.as_ref();
        let promised = task.kind == TaskKind::Promised;
        promised && self.remedies.iter().filter(of_it).any(|remedy| remedy.given_at().is_none())
    }

    /// Gives all that was paid in the case, in fen.
    #[must_use]
    pub fn paid_fen(&self) -> i64 {
        self.remedies.iter().map(Remedy::paid_fen).fold(0, i64::saturating_add)
    }

    /// Gives who talks with the customer: whoever was named last for it, else
    /// the handler, else the owner (CP8-16).
    #[must_use]
    pub fn talks(&self) -> PersonId {
        let named = self.settings.iter().rev().find_map(|made| made.person);
        named.or(self.handler).unwrap_or(self.owner)
    }
}

/// Gives the option that the customer agreed to last in a round.
fn agreed_in(round: &Round) -> Option<&OptionState> {
    let agreed = [Some(OptionAnswer::Accepted), Some(OptionAnswer::Provisional)];
    round.options.iter().rev().find(|option| agreed.contains(&option.answer))
}
