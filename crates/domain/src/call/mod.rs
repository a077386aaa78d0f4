//! Calls: rings, calling windows, greetings, messages, promised calls and figures.
//!
//! *Invariants*: pure; a refusal explains itself; a figure comes from
//! [`figures::CALL_METRICS`] and equals the call records.
//!
//! *Where to start*: [`floor`] is where calls, queues and agents happen, [`record`] one
//! call, [`simulation`] the proof; [`window`] says when a customer may be called, [`ring`] whether
//! an answer was in time, [`message`] what a message must have, [`promise`] when a
//! call back is due, [`figures`] what is counted, [`wallboard`] what alarms, [`seats`]
//! how many people are needed, [`rules`] what a house sets, [`wrap_up`] what a call came to.

pub mod agent;
pub mod facts;
pub mod figures;
pub mod floor;
pub mod greeting;
pub mod mark;
pub mod message;
pub mod moment;
pub mod promise;
pub mod queue;
pub mod record;
pub mod ring;
pub mod rules;
pub mod seats;
pub mod simulation;
pub mod skill;
pub mod split;
pub mod standing;
#[cfg(test)]
mod tests;
pub mod trunk;
pub mod wallboard;
pub mod window;
pub mod wrap_up;
