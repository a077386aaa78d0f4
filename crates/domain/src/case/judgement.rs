//! What is judged about a complaint, and papers that go from hand to hand.
//!
//! Validity, liability and responsibility belong to the round: a re-opened
//! case is judged anew (packs.md §3).

use super::body::{Entry, Seal, bodies, none};
use super::evaluate::Reason;
use super::state::Case;
use super::words::ReplyKind;
use crate::ids::{PersonId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::{Sealed, Sealer, Text};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// Whether a complaint is right in substance (MOB-6, CP8-1, 9).
    Validity {
        /// 成立.
        Established = "established",
        /// 不成立.
        NotEstablished = "not_established",
    }
}

wire_enum! {
    /// Whose fault it is, graded (MOB-10).
    Liability {
        /// 无理投诉.
        Unreasonable = "unreasonable",
        /// 客户全责.
        Customer = "customer",
        /// 双方都有责任.
        Shared = "shared",
        /// 我方全责.
        Ours = "ours",
    }
}

bodies! {
    /// Whether the complaint is established, and why (MOB-6, CP8-9).
    ValidityDecided {
        texts { /** Whether reason and demand hold, and why. */ reason }
        maybe {}
        plain { /// The decision.
            validity: Validity }
    }

    /// Whose fault it is (MOB-10).
    LiabilityGraded {
        texts { /** What the grade rests on. */ reason }
        maybe {}
        plain { /// The grade.
            grade: Liability }
    }

    /// Who answers for what happened (CP8-10, MOB-7): a unit, a person or both.
    ResponsibleNamed {
        texts { /** Why it is theirs. */ reason }
        maybe {}
        plain {
            /// The department.
            #[serde(default, skip_serializing_if = "Option::is_none")] department: Option<UnitId>,
            /// The person.
            #[serde(default, skip_serializing_if = "Option::is_none")] person: Option<PersonId>,
        }
    }

    /// A filled form given to whoever goes on with it (ASC-4).
    FormHandedOver {
        texts {}
        maybe { /** What the receiver should know. */ note }
        plain {
            /// Name of the form in the pack.
            form: String,
            /// Who receives it.
            to: PersonId,
        }
    }

    /// A form taken over from the one who filled it.
    FormTaken {
        texts {}
        maybe { /** What was amiss with it, if anything. */ note }
        plain { /// Name of the form in the pack.
            form: String }
    }

    /// How the customer feels now (MOB-3, 4); the customer never sees it.
    EmotionNoted {
        texts {}
        maybe { /** By which sign it was seen. */ sign }
        plain { /// Name of the need in the pack.
            emotion: String }
    }

    /// A visit at the customer's home: agreed by telephone, with a plan (CP8-22).
    HomeVisitPlanned {
        texts { /** What will be proposed there. */ plan }
        maybe {}
        plain {
            /// The time agreed with the customer.
            at: Timestamp,
            /// Who goes.
            person: PersonId,
        }
    }
}

/// What was judged in a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Judgement {
    /// Established or not, with when and by whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<Judged<ValidityDecided<Sealed>>>,
    /// Whose fault it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liability: Option<Judged<LiabilityGraded<Sealed>>>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Judged<ResponsibleNamed<Sealed>>>,
    /// What was learned from the case (CP8-13, step 8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Judged<Entry<Sealed>>>,
}

/// An entry with its time and author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Judged<T> {
    /// What was judged.
    pub what: T,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonId>,
}

impl Judgement {
    /// Tells whether the complaint was found established, or not.
    #[must_use]
    pub fn found(&self, validity: Validity) -> bool {
        self.validity.as_ref().is_some_and(|judged| judged.what.validity == validity)
    }
}

/// One moment of the customer's mood (MOB-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmotionSeen {
    /// Name of the need in the pack.
    pub emotion: String,
    /// When it was noted.
    pub at: Timestamp,
}

/// A visit at the customer's home that was arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HomeVisit {
    /// The time agreed.
    pub at: Timestamp,
    /// Who goes.
    pub person: PersonId,
}

/// Who was given a form, and whether they took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FormHandling {
    /// Who shall go on with it.
    pub to: PersonId,
    /// When it was offered.
    pub at: Timestamp,
    /// When it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
}

/// MOB-6, CP8-9: after the decision the customer got a final answer.
pub(super) fn explained(case: &Case) -> bool {
    let decided = case.round.judgement.validity.as_ref();
    let not = decided.filter(|judged| judged.what.validity == Validity::NotEstablished);
    let told = |at: Timestamp| case.replies.iter().any(|r| r.kind == ReplyKind::Final && r.at >= at);
    not.is_some_and(|judged| told(judged.at))
}

/// ASC-4: signed by who filled it, taken by whoever goes on.
pub(super) fn form_taken(name: &str, case: &Case) -> Result<(), Reason> {
    let shut = |code: &'static str, who: &[By]| Err(Reason::new(code).who(who).params(&[("form", name)]));
    let owner_side = &[By::Owner, By::Handler, By::Post(Post::Lead)][..];
    let Some(form) = case.forms.get(name) else { return shut("form_missing", owner_side) };
    match form.handed {
        _ if form.waived => Ok(()),
        Some(handed) if handed.taken_at.is_some() => Ok(()),
        Some(_) => shut("form_not_taken", &[By::Asked]),
        None => shut("form_not_taken", owner_side),
    }
}
