//! The incident as it stands: what its history folds into.

use super::hot::HotGround;
use super::membership::{self, Membership, Operation};
use crate::case::{Carrier, PackRef, ReplyKind};
use crate::clock::Clock;
use crate::ids::{IncidentId, PersonId, UnitId};
use crate::special::Owed;
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
    /// Measures for all members, by number from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// Replies that many members got at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<MembersAnswer>,
    /// Each time it was hot, oldest first; the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hots: Vec<Hot>,
}

/// One measure for all members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IncidentMeasure)]
pub struct Measure {
    /// Number in the incident, from 1.
    pub id: u32,
    /// What is done.
    pub text: Sealed,
    /// Who answers for it.
    pub person: PersonId,
    /// By when.
    pub due: Option<Timestamp>,
    /// When it was fixed.
    pub at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What came of it.
    pub result: Option<Sealed>,
    /// True when it was given up.
    pub dropped: bool,
}

/// One reply that many members got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MembersAnswer {
    /// What kind of reply.
    pub kind: ReplyKind,
    /// How it reached them.
    pub carrier: Carrier,
    /// What they were told.
    pub text: Sealed,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonId>,
    /// How many got it.
    pub members: u32,
    /// How many cases refused it.
    pub refused: u32,
}

/// One time of being hot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hot {
    /// Since when the flag stands.
    pub since: Timestamp,
    /// The contacts that carry it.
    pub ground: HotGround,
    /// When it was withdrawn, while it is.
    pub withdrawn_at: Option<Timestamp>,
    /// Who withdrew it; nobody when its contacts did not carry it any more.
    pub withdrawn_by: Option<PersonId>,
    /// The reason given.
    pub withdrawn_because: Option<Sealed>,
    /// Reports owed and given, oldest first.
    pub reports: Vec<Owed>,
}

impl Incident {
    /// Gives the hot flag, while it stands.
    #[must_use]
    pub fn hot(&self) -> Option<&Hot> {
        self.hots.last().filter(|hot| hot.withdrawn_at.is_none())
    }

    /// Tells whether a clock watches a report that is still owed.
    #[must_use]
    pub fn owes(&self, clock: u32) -> bool {
        self.hots.iter().flat_map(|hot| &hot.reports).any(|one| one.clock == Some(clock) && one.is_open())
    }

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
