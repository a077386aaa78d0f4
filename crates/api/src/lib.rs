//! The HTTP edge: routes, shapes on the wire, problems, sessions, events.
//!
//! *Invariants*: no rule of the house is here; every answer that is not a
//! success is a [`problem::Problem`]; every body is read by [`json`].
//!
//! *Where to start*: [`problem`].

pub mod json;
pub mod path;
pub mod problem;
pub mod query;
