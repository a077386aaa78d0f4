//! What can be known from a text alone: its category, its incident, its points.
//!
//! *Invariants*
//! - Pure computation: no file, clock, network or database.
//! - Time grows with the length of a text, never with its square; beyond
//!   [`MAX_CHARS`] a text is not read.
//! - No input makes it panic.
//! - The same input gives the same answer, also after training again.
//!
//! *Where to start*: [`category`] for suggestions of a category, [`incident`] for
//! what belongs together, [`point`] and [`risk`] for what a text asks and warns of,
//! [`phrase`] for what is not said, [`rank`] for what a small library answers; how each part is measured stands in `docs/text.md`.

pub mod category;
mod filler;
mod fold;
pub mod incident;
pub mod phrase;
pub mod point;
pub mod rank;
pub mod risk;
mod sound;
mod word;

pub use fold::{MAX_CHARS, folded, is_han, one, simplified};
pub use sound::{readings, syllable};
pub use word::{cut, warm};
