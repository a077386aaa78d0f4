//! Rows of cases: state and history together, and what derives from them (D4).
//!
//! *Where to start*: [`mod@write`] stores a change, [`read`] loads, [`list`] finds.

pub mod anchor;
pub mod binding;
pub mod check;
pub mod day;
pub(crate) mod derived;
pub mod due;
pub mod erase;
pub mod export;
pub mod file;
pub(crate) mod history;
pub mod list;
pub mod load;
pub mod major;
pub mod number;
pub mod read;
pub mod rules;
pub mod slots;
pub mod write;

pub use list::{CaseFilter, CaseRow};
pub use read::{History, Loaded, Opened};
pub use write::Change;
