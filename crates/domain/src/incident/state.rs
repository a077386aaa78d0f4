//! The incident as it stands: what its history folds into.

use super::membership::{self, Membership, Operation};
use crate::case::PackRef;
use crate::clock::Clock;
use crate::ids::{IncidentId, PersonId, UnitId};
use crate::text::Sealed;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// Where an incident stands; its cases have stages of their own.
    IncidentStage {
        /// 在查.
        Open = "open",
        /// 措施中: what is to be done is fixed.
        Measures = "measures",
        /// 已答复: everybody concerned has the answer.
        Answered = "answered",
        /// 已办结.
        Closed = "closed",
    }
}

// the API describes it beside the stages of a case, under a name of its own
pub use self::IncidentStage as Stage;

/// One real happening that several cases and contacts are about (事件).
///
/// Holds no personal text, only commitments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IncidentState)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// Its human number.
    pub number: String,
    /// Position of the last event; what optimistic concurrency compares.
    pub version: u64,
    /// What happened, in short.
    pub title: Sealed,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The building, where it is about one.
    pub building: Option<String>,
    /// The category, until the lead case gives it.
    pub category: Option<String>,
    /// Who answers for it.
    pub owner: PersonId,
    /// The pack whose limits bind it.
    pub pack: PackRef,
    /// Where it stands.
    pub stage: Stage,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When it was closed, while it is.
    pub closed_at: Option<Timestamp>,
    /// The log of operations (D3), by number from 1.
    ///
    /// People read it as a list of its own.
    #[schema(ignore)]
    pub operations: Vec<Operation>,
    /// Clocks by number, from 1.
    pub clocks: Vec<Clock>,
}

impl Incident {
    /// Gives who belongs now.
    #[must_use]
    pub fn membership(&self) -> Membership {
        membership::now(&self.operations)
    }

    /// Gives the earliest limit that runs.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        self.clocks.iter().filter(|clock| clock.is_open()).map(|clock| clock.due_at).min()
    }
}
