//! What happened to an incident: append-only, chained like a case's history.

use super::hot::HotGround;
use super::membership::{Member, OperationKind};
use super::state::Stage;
use crate::case::{
    Carrier, Chained, ClockMoved, ClockRef, Erased, Notified, PackRef, ReplyKind, WorkTakenOver,
};
use crate::clock::Clock;
use crate::ids::{PersonId, UnitId};
use crate::special::{ReportOwed, SpecialFiled};
use crate::text::Sealed;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// The incident came into being.
    Opened(Box<Opened>),
    /// Members were joined.
    Joined(Operated),
    /// Members were taken out again.
    Split(Operated),
    /// The lead case was named.
    Marked(Operated),
    /// An operation was taken back.
    Undone(Undoing),
    /// It moved to another stage.
    StageChanged(StageChanged),
    /// A clock began to run.
    ClockStarted(Clock),
    /// A clock came near its end.
    ClockWarned(ClockRef),
    /// A clock ran out.
    ClockMissed(ClockRef),
    /// A clock moved because the calendar changed (D5).
    ClockMoved(ClockMoved),
    /// A clock lost its object.
    ClockCancelled(ClockRef),
    /// Somebody was told.
    Notified(Notified),
    /// Personal texts were erased on lawful request.
    Erased(Erased),
    /// A measure was fixed for all members.
    MeasureAdded(MeasureAdded),
    /// A measure was done or given up.
    MeasureEnded(MeasureEnded),
    /// One reply was given to many members.
    MembersReplied(MembersReplied),
    /// Many members were closed.
    MembersClosed(MembersDone),
    /// It became hot (PROP-83).
    BecameHot(BecameHot),
    /// It stays hot, but by other contacts than before.
    HotRebased(BecameHot),
    /// It is no longer hot.
    HotWithdrawn(HotWithdrawn),
    /// A report to company and leader is owed (PROP-84, 85).
    ReportOwed(ReportOwed),
    /// A report was given.
    ReportFiled(SpecialFiled<Sealed>),
    /// Somebody leaves or is away; another goes on (PROP-14).
    WorkTakenOver(WorkTakenOver),
}

/// A measure for all members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureAdded {
    /// What is done.
    pub text: Sealed,
    /// Who answers for it.
    pub person: PersonId,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// The end of a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureEnded {
    /// Number of the measure, from 1.
    pub measure: u32,
    /// What came of it.
    pub result: Sealed,
    /// True when it was given up.
    #[serde(default)]
    pub dropped: bool,
}

/// A member that did not take part, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRefused {
    /// The case.
    pub case: crate::ids::CaseId,
    /// Stable code of the first reason.
    pub code: String,
    /// What its text names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

/// What one command did to which members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersDone {
    /// Where it was done.
    pub members: Vec<Member>,
    /// Where it was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<MemberRefused>,
}

/// One reply to many members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersReplied {
    /// What kind of reply.
    pub kind: ReplyKind,
    /// How it reached them.
    pub carrier: Carrier,
    /// What they were told.
    pub text: Sealed,
    /// To whom, and who refused.
    #[serde(flatten)]
    pub done: MembersDone,
}

/// By what it is hot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BecameHot {
    /// The contacts that carry it.
    pub ground: HotGround,
    /// Sources of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// Why it is no longer hot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HotWithdrawn {
    /// The reason that somebody gave; none when its contacts do not carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sealed>,
}

/// What is known when an incident is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The human number, such as `SJ-20260302-0004`.
    pub number: String,
    /// What happened, in short.
    pub title: Sealed,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The building, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// The category, until the lead case gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Who answers for it.
    pub owner: PersonId,
    /// The pack whose limits bind it.
    pub pack: PackRef,
}

/// Members joined, split or marked; its number follows from its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operated {
    /// To whom.
    pub members: Vec<Member>,
    /// Why.
    pub reason: Sealed,
}

/// An operation taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undoing {
    /// Number of the operation.
    pub operation: u32,
    /// Why.
    pub reason: Sealed,
}

/// A change of stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageChanged {
    /// Before.
    pub from: Stage,
    /// After.
    pub to: Stage,
    /// Why, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sealed>,
}

impl Event {
    /// Makes the event of an operation.
    #[must_use]
    pub const fn operated(kind: OperationKind, operated: Operated) -> Self {
        match kind {
            OperationKind::Join => Self::Joined(operated),
            OperationKind::Split => Self::Split(operated),
            OperationKind::Mark => Self::Marked(operated),
        }
    }

    /// Tells whether a rule did it and no person.
    #[must_use]
    pub const fn is_ruled(&self) -> bool {
        matches!(
            self,
            Self::BecameHot(_)
                | Self::HotRebased(_)
                | Self::HotWithdrawn(HotWithdrawn { reason: None })
                | Self::ReportOwed(_)
                | Self::ClockStarted(_)
                | Self::ClockWarned(_)
                | Self::ClockMissed(_)
                | Self::ClockMoved(_)
                | Self::ClockCancelled(_)
                | Self::Notified(_)
        )
    }
}

impl Chained for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::Joined(_) => "joined",
            Self::Split(_) => "split",
            Self::Marked(_) => "marked",
            Self::Undone(_) => "undone",
            Self::StageChanged(_) => "stage_changed",
            Self::ClockStarted(_) => "clock_started",
            Self::ClockWarned(_) => "clock_warned",
            Self::ClockMissed(_) => "clock_missed",
            Self::ClockMoved(_) => "clock_moved",
            Self::ClockCancelled(_) => "clock_cancelled",
            Self::Notified(_) => "notified",
            Self::Erased(_) => "erased",
            Self::MeasureAdded(_) => "measure_added",
            Self::MeasureEnded(_) => "measure_ended",
            Self::MembersReplied(_) => "members_replied",
            Self::MembersClosed(_) => "members_closed",
            Self::BecameHot(_) => "became_hot",
            Self::HotRebased(_) => "hot_rebased",
            Self::HotWithdrawn(_) => "hot_withdrawn",
            Self::ReportOwed(_) => "report_owed",
            Self::ReportFiled(_) => "report_filed",
            Self::WorkTakenOver(_) => "work_taken_over",
        }
    }

    fn erased(&self) -> Option<&Erased> {
        if let Self::Erased(erased) = self { Some(erased) } else { None }
    }
}
