//! The duty table: who is on duty, can be visited with, or is away; who
//! answers for what no person received; and the hours that nobody covers.
//!
//! *Where to start*: [`add`] enters a stretch, [`who_answers`] finds a person,
//! [`gaps`] reports what is uncovered.

mod answers;
mod dispatch;
mod leaving;
mod report;
mod table;

pub use answers::{answering, who_answers};
pub use dispatch::{Board, BoardMatter, BoardPerson, BoardSlot, BoardStretch, board, set_skills};
pub use leaving::{HandOverReason, PersonWork, hand_over, work_of};
pub use report::{DutyNow, UnitGaps, gaps, now};
pub use table::{DutyKind, DutyRow, NewDuty, RosterFilter, add, cancel, is_available, list};
