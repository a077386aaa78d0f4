//! The bodies of commands; their events carry the same shapes, sealed.
//!
//! Each body is generic over its texts: `Reply<Text>` is what a person asks,
//! `Reply<Sealed>` is what the history keeps. One definition serves both.
//!
//! Size: a catalogue of shapes, one per action, nothing else.

use super::kind::{Channel, Flag, Kind, PartyRole};
use super::words::*;
use crate::ids::{AttachmentId, CaseId, PartyId, PersonId, UnitId};
use crate::money::Money;
use crate::people::Post;
use crate::text::{Sealed, Sealer, Text};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Turns a body as asked into the body that the history keeps.
pub trait Seal {
    /// The same body with commitments in place of texts.
    type Sealed;
    /// Seals every text of the body.
    fn seal(self, sealer: &mut Sealer) -> Self::Sealed;
}

macro_rules! bodies {
    ($($(#[$meta:meta])* $name:ident {
        texts { $($(#[$tmeta:meta])* $text:ident),* $(,)? }
        maybe { $($(#[$mmeta:meta])* $maybe:ident),* $(,)? }
        plain { $($(#[$pmeta:meta])* $plain:ident : $ty:ty),* $(,)? }
    })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name<T = Text> {
            $($(#[$tmeta])* pub $text: T,)*
            $($(#[$mmeta])* #[serde(default = "none", skip_serializing_if = "Option::is_none")] pub $maybe: Option<T>,)*
            $($(#[$pmeta])* pub $plain: $ty,)*
        }

        impl Seal for $name<Text> {
            type Sealed = $name<Sealed>;
            fn seal(self, sealer: &mut Sealer) -> Self::Sealed {
                $name {
                    $($text: sealer.seal(self.$text.as_str()),)*
                    $($maybe: self.$maybe.map(|text| sealer.seal(text.as_str())),)*
                    $($plain: self.$plain,)*
                }
            }
        }
    )+};
}

pub(super) const fn none<T>() -> Option<T> {
    None
}

pub(super) use bodies;

/// The most colleagues that one note names.
pub const MOST_MENTIONS: usize = 20;

pub use super::judgement::{
    EmotionNoted, FormHandedOver, FormTaken, HomeVisitPlanned, LiabilityGraded, ResponsibleNamed,
    ValidityDecided,
};
pub use super::major::{InclusionDecided, MajorJudged};
pub use crate::special::SpecialFiled;

bodies! {
    /// A note for colleagues; the customer never sees it.
    Note {
        texts { /** What to remember. */ text }
        maybe {}
        plain {
            /// Colleagues who are told of it; each of them may see the case.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 20)]
            mentions: Vec<PersonId>,
        }
    }

    /// One time somebody reached us about this case, or we reached them.
    ContactMade {
        texts { /** What was said, in short. */ text }
        maybe { /** The person as named, when not a party of the case. */ person }
        plain {
            /// Who reached whom.
            direction: Direction,
            /// By which way.
            channel: Channel,
            /// The party reached, when known.
            #[serde(default, skip_serializing_if = "Option::is_none")] party: Option<PartyId>,
            /// True when the customer had to ask how far it is (MOB-15, SUP-10).
            #[serde(default)] asks_progress: bool,
            /// True when the customer confirmed our account of the facts.
            #[serde(default)] confirms_facts: bool,
        }
    }

    /// A move to another stage, with the reason where one is asked.
    Moved {
        texts {}
        maybe { /** Why; required when going back or closing otherwise. */ reason }
        plain {}
    }

    /// A flag set or taken back.
    Marked {
        texts {}
        maybe { /** What was seen or done; required to take a flag back. */ text }
        plain { /// The flag.
            flag: Flag }
    }

    /// Ownership offered to somebody; it moves only when accepted.
    HandOver {
        texts { /** Why. */ reason }
        maybe {}
        plain { /// The person who shall own the case.
            to: PersonId }
    }

    /// The work given to a handler, who must accept it (PROP-22, 50; SUP-6).
    Transfer {
        texts {}
        maybe { /** What the handler should know. */ note }
        plain {
            /// The person who shall do the work.
            to: PersonId,
            /// The department that does the work.
            #[serde(default, skip_serializing_if = "Option::is_none")] department: Option<UnitId>,
        }
    }

    /// A refusal, return or taking back, with its reason.
    Because {
        texts { /** Why. */ reason }
        maybe {}
        plain {}
    }

    /// A promise to the customer (PROP-37, SLM-3).
    PromiseMade {
        texts { /** What was promised: time and process, not the outcome. */ text }
        maybe {}
        plain {
            /// What was promised.
            kind: PromiseKind,
            /// By when.
            due: Timestamp,
            /// The task whose confirmed slot this visit promise rests on.
            #[serde(default, skip_serializing_if = "Option::is_none")] slot: Option<u32>,
            /// Phrases that warn, by number, which the writer read and sends all the same.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 50)]
            acknowledged_phrases: Vec<u32>,
        }
    }

    /// A promise kept or taken back with the customer's knowledge.
    PromiseEnded {
        texts { /** How it was kept, or what the customer was told. */ note }
        maybe {}
        plain { /// Number of the promise in this case.
            promise: u32 }
    }

    /// A slot that the one who will come has confirmed (PROP-21).
    SlotConfirmed {
        texts {}
        maybe { /** Anything to know about the slot. */ note }
        plain {
            /// The person who will come.
            person: PersonId,
            /// Begin of the slot.
            from: Timestamp,
            /// End of the slot.
            to: Timestamp,
        }
    }

    /// One answer to the customer.
    Reply {
        texts { /** What the customer was told. */ text }
        maybe {
            /** Proof that it left the house: post number, link, witness. */ proof,
            /** To whom it went, when not the complainant. */ addressee
        }
        plain {
            /// What kind of answer it is.
            kind: ReplyKind,
            /// How it reached the customer.
            carrier: Carrier,
            /// When the customer hears again; required for `progress`.
            #[serde(default, skip_serializing_if = "Option::is_none")] next: Option<Timestamp>,
            /// The files that went with it, attached to the case before.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 50)]
            attachments: Vec<AttachmentId>,
            /// Phrases that warn, by number, which the writer read and sends all the same.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 50)]
            acknowledged_phrases: Vec<u32>,
        }
    }

    /// What was found out, thought or stated, as one entry.
    Entry {
        texts { /** The entry. */ text }
        maybe {}
        plain {}
    }

    /// The basis of a decision (PROP-40) and whether we answer for it (PROP-41).
    Basis {
        texts { /** The clause, norm or standard relied on. */ text }
        maybe {}
        plain {
            /// What kind of basis.
            kind: BasisKind,
            /// How far we answer for the matter.
            responsibility: Responsibility,
        }
    }

    /// One expectation of the customer (SKILL-3).
    Expectation {
        texts { /** What the customer expects. */ text }
        maybe {}
        plain {
            /// 1 matters most to the customer.
            rank: u32,
            /// How far we can meet it.
            answer: ExpectationAnswer,
        }
    }

    /// One option offered to the customer (PROP-54, 55).
    OptionOffered {
        texts { /** What we would do. */ text }
        maybe {}
        plain {
            /// Money in it, where there is any.
            #[serde(default, skip_serializing_if = "Option::is_none")] amount: Option<Money>,
            /// Phrases that warn, by number, which the writer read and sends all the same.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 50)]
            acknowledged_phrases: Vec<u32>,
        }
    }

    /// The customer's answer to one option.
    OptionAnswered {
        texts {}
        maybe { /** The customer's words. */ text }
        plain {
            /// Number of the option in this case.
            option: u32,
            /// The answer; `provisional` never settles the matter (TXT-15).
            answer: OptionAnswer,
        }
    }

    /// A decision asked for, about exactly one content (D1).
    ApprovalAsked {
        texts { /** The exact content to be decided. */ text }
        maybe { /** To whom it goes, such as a company or an office. */ addressee }
        plain {
            /// What is to be decided.
            of: ApprovalOf,
            /// The option meant, for `accepted_option`.
            #[serde(default, skip_serializing_if = "Option::is_none")] option: Option<u32>,
            /// The remedy meant, for `remedy`.
            #[serde(default, skip_serializing_if = "Option::is_none")] remedy: Option<u32>,
            /// Money in it, where there is any.
            #[serde(default, skip_serializing_if = "Option::is_none")] amount: Option<Money>,
            /// The files that go with it, attached to the case before.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 50)]
            attachments: Vec<AttachmentId>,
        }
    }

    /// A request for approval taken back by whoever made it.
    ApprovalWithdrawn {
        texts { /** Why. */ reason }
        maybe {}
        plain { /// Number of the approval in this case.
            approval: u32 }
    }

    /// The decision on one approval.
    ApprovalDecided {
        texts {}
        maybe { /** Comments; required unless granted. */ comment }
        plain {
            /// Number of the approval in this case.
            approval: u32,
            /// The decision.
            decision: Decision,
            /// The step signed, from 0; the present one where left out.
            #[serde(default, skip_serializing_if = "Option::is_none")] step: Option<u32>,
            /// The post of the step that the signature fulfils; found by itself.
            #[serde(default, skip_serializing_if = "Option::is_none")] post: Option<Post>,
            /// For whom a deputy signs; found by itself.
            #[serde(default, skip_serializing_if = "Option::is_none")] stands_for: Option<PersonId>,
        }
    }

    /// Work for a person or post that blocks the case, or not.
    TaskGiven {
        texts { /** What is to be done. */ title }
        maybe {}
        plain {
            /// The person, or nobody yet when a post is named.
            #[serde(default, skip_serializing_if = "Option::is_none")] person: Option<PersonId>,
            /// The post, when no person is named.
            #[serde(default, skip_serializing_if = "Option::is_none")] post: Option<Post>,
            /// By when.
            #[serde(default, skip_serializing_if = "Option::is_none")] due: Option<Timestamp>,
            /// True when the case cannot go on without it.
            #[serde(default)] blocking: bool,
        }
    }

    /// A task done or called off.
    TaskEnded {
        texts { /** The result, or why it was called off. */ result }
        maybe {}
        plain { /// Number of the task in this case.
            task: u32 }
    }

    /// The check of the result before the visit (PROP-59).
    Verified {
        texts {}
        maybe { /** What was seen; required when not in order. */ note }
        plain { /// True when the result is in order.
            in_order: bool }
    }

    /// One return visit with its three questions (PROP-59, 62).
    Visited {
        texts {}
        maybe {
            /** The customer on the acceptance. */ acceptance,
            /** The customer on the measures. */ measures,
            /** The customer on the result. */ result_opinion
        }
        plain {
            /// What came out of it.
            result: VisitResult,
            /// How it was made.
            form: VisitForm,
        }
    }

    /// Why no return visit is made (PROP-60, 61).
    Exempted {
        texts { /** What makes the reason true. */ text }
        maybe {}
        plain { /// The reason, mandatory.
            reason: ExemptionReason }
    }

    /// A call for help further up (PROP-24, 42, 56).
    Escalated {
        texts { /** What is needed and why it cannot be solved here. */ reason }
        maybe {}
        plain { /// Who is called.
            to: EscalationLevel }
    }

    /// More time for one clock (延期).
    ClockExtended {
        texts { /** Why. */ reason }
        maybe {}
        plain {
            /// Number of the clock in this case.
            clock: u32,
            /// The new due time.
            until: Timestamp,
        }
    }

    /// A clock stopped or started again.
    ClockHeld {
        texts { /** Why. */ reason }
        maybe {}
        plain { /// Number of the clock in this case.
            clock: u32 }
    }

    /// A reminder from outside or above (催办, 督办).
    Reminder {
        texts { /** What is asked for. */ text }
        maybe {}
        plain { /// By when an answer is expected.
            #[serde(default, skip_serializing_if = "Option::is_none")] due: Option<Timestamp> }
    }

    /// How it stands, told to whoever urged or supervises.
    ReminderAnswered {
        texts { /** How it stands, and what comes next. */ text }
        maybe {}
        plain { /// Number of the clock that waits for the answer.
            clock: u32 }
    }

    /// Another kind for a case that was recorded as the wrong one.
    KindCorrected {
        texts { /** Why. */ reason }
        maybe {}
        plain { /// The right kind.
            kind: Kind }
    }

    /// Another unit for a case that was recorded at the wrong one.
    UnitCorrected {
        texts { /** Why. */ reason }
        maybe {}
        plain { /// The right unit.
            unit: UnitId }
    }

    /// Another party for a case that names the wrong one.
    PartyCorrected {
        texts { /** Why. */ reason }
        maybe {}
        plain {
            /// The party that leaves, if one leaves.
            #[serde(default, skip_serializing_if = "Option::is_none")] from: Option<PartyId>,
            /// The party that is right.
            to: PartyId,
            /// Its part in the case.
            role: PartyRole,
        }
    }

    /// A relation to another case.
    Linked {
        texts {}
        maybe { /** Why they belong together. */ text }
        plain {
            /// What the relation is.
            relation: Relation,
            /// The other case.
            other: CaseId,
        }
    }

    /// What the customer said about the whole matter.
    CustomerWord {
        texts { /** The words. */ text }
        maybe {}
        plain { /// What they mean.
            meaning: WordMeaning }
    }

    /// A form waived, with the reason.
    FormWaived {
        texts { /** Why it is not needed. */ reason }
        maybe {}
        plain { /// Name of the form in the pack.
            form: String }
    }

    /// A file that belongs to the case, kept in the attachment store.
    Attached {
        texts { /** The file's name as given. */ name }
        maybe {}
        plain {
            /// The stored file.
            attachment: AttachmentId,
            /// Size in bytes.
            bytes: u64,
            /// Media type as recognised from the content.
            media_type: String,
            /// Keyed digest of the content, which tells nothing elsewhere.
            digest: String,
        }
    }
}

/// Categories and cause; what is left out stays as it is (PROP-92).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Classified {
    /// Category as the customer put it (受理类别).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Category as verified, used in statistics (最终类别).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_category: Option<String>,
    /// Leaf of the cause tree (人机料法环, PROP-97…101).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// Fields of the case set by name; `null` empties one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldsSet<T = Text> {
    /// Field name of the pack to its new value.
    #[schema(value_type = std::collections::HashMap<String, Option<String>>)]
    pub fields: BTreeMap<String, Option<T>>,
}

impl Seal for FieldsSet<Text> {
    type Sealed = FieldsSet<Sealed>;
    fn seal(self, sealer: &mut Sealer) -> Self::Sealed {
        let seal = |(name, text): (String, Option<Text>)| (name, text.map(|text| sealer.seal(text.as_str())));
        FieldsSet { fields: self.fields.into_iter().map(seal).collect() }
    }
}

/// The amount that the customer demands (PROP-81 counts it, not what is paid).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandStated {
    /// The amount demanded.
    pub amount: Money,
}

/// A prescribed paper filled in: field name to value (appendix A).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormFiled<T = Text> {
    /// Name of the form in the pack.
    pub form: String,
    /// Field name of the form to its value.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub fields: BTreeMap<String, T>,
}

impl Seal for FormFiled<Text> {
    type Sealed = FormFiled<Sealed>;
    fn seal(self, sealer: &mut Sealer) -> Self::Sealed {
        let fields = self.fields.into_iter().map(|(name, text)| (name, sealer.seal(text.as_str())));
        FormFiled { form: self.form, fields: fields.collect() }
    }
}

/// The customer's expectations, all of them, ranked (SKILL-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectationsRanked<T = Text> {
    /// The expectations; ranks are unique.
    #[schema(min_items = 1, max_items = 20)]
    pub items: Vec<Expectation<T>>,
}

impl Seal for ExpectationsRanked<Text> {
    type Sealed = ExpectationsRanked<Sealed>;
    fn seal(self, sealer: &mut Sealer) -> Self::Sealed {
        ExpectationsRanked { items: self.items.into_iter().map(|item| item.seal(sealer)).collect() }
    }
}

/// A command that needs no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
