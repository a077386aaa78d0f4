//! What is not said to customers: the list, the look before sending, the count.
//!
//! *Invariants*: everything that goes out passes `outgoing::before_sending`; what the
//! handbook says blocks, and nobody else's phrase is ever attributed to it
//! (PHRASE-7); a count holds numbers and people, never words of a text.
//!
//! *Where to start*: `list::Phrases` is the list in force, `outgoing` says which
//! texts of which actions leave the house.

mod count;
mod list;
mod look;
mod outgoing;

pub use count::{HitLine, HitPeriod, hits};
pub(crate) use count::{count_refused, count_undone};
pub use huiyin_text::phrase::Audience;
pub(crate) use list::Phrases;
pub use list::{NewPhrase, PhraseLine, add, list, put, remove};
pub use look::{Looked, PhraseHit, look};
pub(crate) use outgoing::{before_command, before_opening, before_step, in_public};
