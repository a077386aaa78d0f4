//! The bodies that steps of several papers share.

use crate::ids::{CaseId, PersonId};
use crate::text::Text;
use crate::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! bodies {
    ($($(#[$meta:meta])* $name:ident as $schema:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(as = $schema)]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }
    )+};
}
pub(crate) use bodies;

bodies! {
    /// A text, and nothing else.
    Said as PaperText {
        /// What is said.
        text: Text,
    }

    /// A text that may be left out.
    Remark as PaperRemark {
        /// What is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Text>,
    }

    /// Why something is sent back or decided so.
    Why as PaperReason {
        /// Why.
        reason: Text,
    }

    /// Nothing needs to be said.
    Bare as PaperNothing {}

    /// The owner's word on one case: where it stands and what comes next.
    Word as StocktakeWord {
        /// The case.
        case: CaseId,
        /// Where it stands.
        text: Text,
        /// What is done next.
        next: Text,
        /// By when; none only for a case that is closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Date>,
    }

    /// A person who is named for something.
    Person as PaperPerson {
        /// Who.
        person: PersonId,
    }

    /// A text and when it happened.
    Happened as PaperHappened {
        /// What happened.
        text: Text,
        /// When.
        at: Timestamp,
    }
}
