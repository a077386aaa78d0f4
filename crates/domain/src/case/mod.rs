//! The life of a case: commands, events, gates and the folding of history.
//!
//! *Invariants*: exactly one owner at any time (PROP-14); an action is listed
//! as open exactly when some body of it is accepted (D2); what happened is
//! never refused by `apply`; no personal text in events or state (D4).
//!
//! *Where to start*: [`evaluate()`] says what may be done, [`Case::decide`] turns
//! a command into events, [`Case::apply`] folds them into the state.

pub mod agreement;
mod apply;
mod asked;
pub mod body;
mod canonical;
mod chain;
mod command;
mod consequence;
mod decide;
mod evaluate;
mod event;
mod gate;
mod judgement;
mod kind;
mod machine;
pub mod major;
mod paper;
pub mod project;
mod receive;
pub mod remedy;
mod stage;
mod state;
mod task;
mod thread;
mod words;

#[cfg(any(test, feature = "sample"))]
pub mod sample;
#[cfg(any(test, feature = "sample"))]
pub mod slow;
#[cfg(test)]
mod tests;

pub use apply::replay;
pub use asked::Approval;
pub use body::MOST_MENTIONS;
pub use canonical::canonical_json;
pub use chain::{ChainHead, Chained, entry_hash};
pub use command::{Command, CommandKind, Done, SchemaOf, body_schemas};
pub use decide::{FieldReason, Refused};
pub use evaluate::{
    CaseActor, Facts, NOT_PERMITTED, Named, Policy, Reason, ReopenGround, Sum, advice, approval_seats,
    approval_waits, barred, evaluate, is_handed, may, may_ask, may_cancel, may_complete, may_decide,
    may_hand_over, may_withdraw, my_seats, needs_approval, policy, reopen_ground, stages, sum_fen,
};
pub use event::{
    ApprovalRouted, Begun, CaseParty, ClockMoved, ClockRef, Erased, Event, External, Notified, PackRef,
    Received, Recipient, Recorded, Ruled, StageChanged, TaskKind, TaskOpened, WorkTakenOver,
};
pub use gate::{Gate, HANDLING_RECORD};
pub use judgement::{EmotionSeen, FormHandling, HomeVisit, Judged, Judgement, Liability, Validity};
pub use kind::{Channel, Duty, Flag, Kind, PartyRole, Source};
pub use machine::machine_markdown;
pub use major::{Inclusion, Major, MajorJudged, MajorRaised, MajorStanding, MajorStep, may_judge};
pub use paper::{PartyPart, Shown, field_text, shown};
pub use receive::{Intake, receive};
pub use remedy::{Approach, Gives, LevelSeen, Payment, Remedy, SettingMade};
pub use stage::{ClosureKind, Phase, Stage, Target};
pub use state::{
    Case, ContactSeen, Counts, Escalation, FormState, Offer, OptionState, Promise, ReplyGiven, Round, Slot,
    VisitMade,
};
pub use task::{Task, TaskState};
pub use thread::{Message, MessageWritten, Thread, ThreadOpened, ThreadWith};
pub use words::*;
