//! Approvals across cases: who may sign where, what waits for whom, deputies.
//!
//! *Invariants*: who may sign says `domain::approval` alone; this module only
//! gathers the people, absences and deputies that it asks for. Whom an approval
//! waits for as a deputy sees its case as long as it waits, and no longer.
//!
//! *Where to start*: [`inbox()`] lists what waits for a person, [`name_deputy`]
//! lets somebody stand in, [`house_for`] gathers what the rules must know.

mod deputy;
mod house;
mod inbox;

pub use deputy::{NewDeputy, cancel_deputy, deputies, name_deputy};
pub(crate) use house::waits;
pub use house::{house, house_for};
pub use huiyin_store::approval::{DeputyRow, Place};
pub use inbox::{Waiting, Why, inbox};
