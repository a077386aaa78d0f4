//! What tests of several crates share.
//!
//! *Invariants*: nothing here is skipped when something is missing; a test
//! that cannot run fails and says what to do.
//!
//! *Where to start*: [`engines::both_engines`] runs one test body on both
//! databases; [`world`] puts time and chance into the hand of a test.

pub use huiyin_store as store;

pub mod app;
pub mod engines;
pub mod search;
pub mod twin;
mod words;
pub mod world;

pub use app::TestApp;
