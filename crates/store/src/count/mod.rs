//! Figures and the lists behind them, from the flat rows of cases.
//!
//! *Invariants*: which rows count is said by `domain::count` alone, as facts
//! that must and must not hold; figure and list use the same condition, the
//! same scope and the same period.
//!
//! *Where to start*: [`tally`] heaps cases up by their facts, [`rows`] lists.

mod condition;
pub mod recount;
pub mod rows;
pub mod tally;

pub use condition::{CountFilter, Span};
