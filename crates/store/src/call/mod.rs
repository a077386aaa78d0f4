//! Rows of the call centre: calls and agents, how they are reached, recordings.
//!
//! [`Rows`] is the floor of `domain::call` over the database; what its leases end is
//! found by an index over every organisation, like the clocks of cases.

pub mod back;
mod floor;
pub mod list;
pub mod menu;
pub mod message;
pub mod recording;
pub mod settings;
pub mod standing;

pub use floor::{Rows, Touched, agent, call, lapsed, next_lapse, orgs_of_node, top, unit_of};
