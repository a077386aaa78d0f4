//! Who decides what, step by step (审批): ladders, deputies, absence.
//!
//! *Invariants*: nobody decides what they asked for or handled, through
//! whatever post or as whoever's deputy; nobody signs one approval twice; a
//! deputy counts as the person they stand for.
//!
//! *Where to start*: [`needed`] turns a ladder and a sum into steps, [`seats`]
//! says who may sign the present one and why.

mod house;
mod ladder;
mod seat;
#[cfg(test)]
mod tests;

pub use house::{House, NOBODY};
pub use ladder::{Rung, Step, covers, may_sit, needed};
pub use seat::{Seat, Signature, Standing, Way, present, seats};
