//! What a text is about, learned from texts whose category is known.
//!
//! A linear machine for each label over words, pairs of words and runs of one
//! to four characters, weighted by rarity; its scores become probabilities by a
//! fit to texts that were held out. How to measure it: `docs/text.md`.

mod calibrate;
mod copies;
mod feature;
mod file;
mod measure;
mod model;
mod solve;
mod space;
mod sparse;
mod train;

pub use feature::Message;
pub use file::{ModelError, VERSION};
pub use measure::{Measured, measure};
pub use model::{Answer, Model, Reason, Suggestion};
pub use train::{Example, LEAST, Learned, TrainError, learn, split, train};
