//! The live calls of one process: what the line does, what the rules say, joined.
//!
//! Each call is an actor of its own with a mailbox; it hears signals of its legs, effects
//! of committed changes and what people want, one word at a time. What it does to the
//! line goes through [`huiyin_telephony::CallControl`], whoever stands behind it; what
//! became of that goes through [`huiyin_app::call::take`], one transaction each.
//!
//! *Invariants*: no rule is here: who gets which call, and what a caller hears when, is
//! decided by `domain::call` and `domain::menu`; a call that falls over takes nobody else
//! with it, and its lease ends it.
//!
//! *Where to start*: [`Board::start`]; the module `live` is one call.

mod board;
mod directory;
mod house;
mod leftover;
mod live;
mod lives;
mod offered;
mod sounds;
mod tapes;
mod trunks;
mod word;

pub use board::{Board, Demo, Settings};
pub use directory::Phones;
pub use tapes::Tapes;
pub use trunks::trunks;
