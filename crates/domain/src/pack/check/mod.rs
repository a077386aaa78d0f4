//! What must fit together before a pack is one.
//!
//! *Where to start*: [`names()`] for what is defined, [`paths()`] for what a case
//! can reach, [`gates`] for who can open what, [`mod@ladders`] for who decides.

mod gates;
mod ladders;
mod names;
mod paths;

pub(super) use ladders::ladders;
pub(super) use names::names;
pub(super) use paths::{paths, reached};
