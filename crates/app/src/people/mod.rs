//! Use cases on organisations, units, people and what they owe.

pub mod check;
pub mod establishment;
pub mod membership;
pub mod obligations;
pub mod organisation;
pub mod person;
pub mod profile;
pub mod unit;

pub use obligations::{HandOver, Obligations, OpenWork, hand_over};
