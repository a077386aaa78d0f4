//! Which messages are about the same incident.
//!
//! Place and party, matter and numbers are compared apart from each other, so
//! that the same text about another place, or another matter at the same place,
//! is not taken for the same. How the weights were found: `docs/text.md`.

mod alike;
mod cluster;
mod incidents;
mod judge;
mod lexicon;
mod reading;
mod sketch;

pub use alike::{FIGURES, Likeness};
pub use cluster::Corpus;
pub use incidents::{Candidate, Incidents};
pub use judge::{Reasons, SAME};
pub(crate) use reading::matters;
pub use sketch::Report;

/// Gives the names of places and parties that a title holds, folded.
#[must_use]
pub fn names(title: &str) -> Vec<String> {
    let title = crate::fold::folded(title);
    reading::read(&title).names.into_iter().map(|span| title[span].to_owned()).collect()
}
