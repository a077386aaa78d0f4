//! Voice menus (语音菜单) as data, and what a caller goes through in one.
//!
//! *Invariants*: a [`Menu`] exists only checked: every branch ends, at most five
//! options stand at one level, a person can always be reached, nothing goes round
//! by itself. A [`Walk`] ends whatever its caller presses, and knows no clock.
//!
//! *Where to start*: [`load()`] turns an author's file into a [`Menu`],
//! [`Walk::begin`] and [`Walk::step`] play it, [`number`] says numbers, [`sound`]
//! takes sounds that people upload.

mod act;
mod check;
pub mod codes;
mod explain;
mod facts;
mod load;
mod model;
pub mod number;
pub mod prompt;
mod read;
mod shipped;
pub mod sound;
#[cfg(test)]
mod tests;
mod walk;

pub use act::{Act, Input, Step, Treatment, Whom};
pub use explain::explain;
pub use facts::{Customer, Facts, KnownIncident};
pub use load::{Surroundings, fuzz_menu, load};
pub use model::{
    Branch, CallBack, CallOffer, Called, Choose, Days, Does, Hours, Incident, Lookup, MOST_OPTIONS, Menu,
    Node, Queue, Transfer, Voicemail,
};
pub use shipped::shipped;
pub use walk::{MOST_MOVES, Walk};
