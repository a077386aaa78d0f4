//! What a message says by itself: category, points, warnings, what is alike.
//!
//! *Invariants*: a suggestion changes nothing; what a person chose stays, and what
//! came of it is counted. Everything is learned from the organisation's own cases
//! and stays in its own rows; an answer names nothing that its reader may not see.
//!
//! *Where to start*: [`suggest`] reads one message, [`Retrain`] learns.

mod alike;
mod category;
mod message;
mod model;
mod place;
mod retrain;

pub(crate) use alike::{Alike, nearest, told};
pub use alike::{AlikeCase, AlikeReason, Alikes, CatchUp, like_case};
pub(crate) use category::note;
pub use category::{CategoryGuess, GuessBasis, NoGuess, SuggestionShown};
pub use message::{MessageRead, PointRead, Suggested, WarningRead, suggest};
pub use model::{ModelLine, ModelList, Models, list};
pub use retrain::{LEAST_CASES, Learning, Retrain, ask, learn_now};
