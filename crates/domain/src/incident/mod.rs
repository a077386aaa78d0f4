//! The real happening that several cases and contacts are about (事件, D3).
//!
//! *Invariants*: joining is a log of operations, never a rewrite: membership is
//! the replay of the operations not undone; a case's own rows, texts and clocks
//! stay untouched; what belongs to the incident is withdrawn by an event, never
//! erased.
//!
//! *Where to start*: [`membership`] is the algebra of joining, [`Incident`] what
//! the history folds into, [`Incident::decide`] what a command leads to.

mod apply;
mod body;
mod decide;
mod event;
mod heat;
pub mod hot;
pub mod item;
pub mod known;
pub mod membership;
mod state;
mod tick;
mod work;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod work_tests;

pub use apply::replay;
pub use body::{
    Command, CommandKind, IncidentReason, MeasureResult, MembersClosing, MembersOperated, MembersReply,
    NewIncident, NewMeasure, OperationUndone,
};
pub use decide::{CaseSeen, Facts, MembersStand, evaluate, open};
pub use event::{
    BecameHot, Event, HotWithdrawn, MeasureAdded, MeasureEnded, MemberRefused, MembersDone, MembersReplied,
    Opened, StageChanged, Undoing,
};
pub use hot::{Detector, HotGround, HotRule, HotWindow, Record, Sighting, first_ground};
pub use membership::{Clash, Member, Membership, Operation, OperationKind, Undone};
pub use state::{Hot, Incident, Measure, MembersAnswer, Stage};
