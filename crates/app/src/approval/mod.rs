//! Approvals across cases: who may sign where, what waits for whom, deputies.
//!
//! *Invariants*: who may sign says `domain::approval` alone; this module only
//! gathers the people, absences and deputies that it asks for.
//!
//! *Where to start*: [`house`] gathers what the rules must know.

mod house;

pub use house::{bound_texts, house};
