//! From TOML to a draft: values with their places, faults instead of a stop.
//!
//! *Where to start*: [`draft()`] reads the sections, [`section`] one table.

mod advice;
mod approval;
mod draft;
mod gate;
mod moves;
mod papers;
mod remedy;
mod section;
mod taxonomy;
mod timing;

#[cfg(test)]
pub(super) use draft::PARTS;
pub(crate) use draft::parse;
pub(super) use draft::{Draft, Placed, draft};
pub(super) use moves::DraftMove;
pub(crate) use section::{Item, Section, Source};
