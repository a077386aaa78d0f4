//! The prescribed reports: drafted, written, frozen, never changed again.
//!
//! *Invariants*: every figure comes from the metric dictionary; a draft shows
//! the figures of the moment, a frozen report those of its freezing with the
//! exact list of what it counted; no personal text is copied into a report;
//! what changed after a freeze is told in the next period.
//!
//! *Where to start*: [`draft()`] makes one, `compose` is what it says,
//! [`freeze`] ends it, [`ReportsDue`] drafts by itself and tells who is due.

mod cases;
mod compose;
mod draft;
mod due;
mod frozen;
mod names;
mod pages;

pub use draft::{NewReport, ReportOut, draft, find, get, list, show, write_texts};
pub use due::ReportsDue;
pub use frozen::{FrozenLine, check, freeze, rows};

/// The most characters that people may write in one section.
pub const MOST_TEXT: usize = 20_000;
