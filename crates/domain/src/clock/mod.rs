//! Limits that run: start, rule, pauses, due time, met or breached (D5).
//!
//! *Invariants*: `due_at` is the first instant too late; it is computed when
//! something changes and stored, so nothing scans. A closed or breached clock
//! never moves. The explanation comes from the same walk as the due time.
//!
//! *Where to start*: [`Clock::start`], then [`LimitRule`] for the words.

mod due;
mod explain;
mod kind;
mod limit;
mod model;
mod render;
#[cfg(test)]
mod tests;
mod turn;
mod warning;

pub use due::{DueError, DueTime, due};
pub use explain::{ExplainError, Explanation, Step};
pub use kind::ClockKind;
pub use limit::{LimitError, LimitRule, MOST_DAYS, MOST_SECONDS, Warn};
pub use model::{Clock, ClockState, Extension, Limit, Moved, Pause, Terms};
pub use turn::ClockError;
