//! House papers (文书): opened, acted on, listed and let fire, all in one way.
//!
//! *Invariants*: state, history, audit line and the job that tells people are
//! one transaction; whatever is not to be seen is not found; a confidential
//! paper is seen by whom it names and by who may handle such, nobody else.
//!
//! *Where to start*: [`open`] and [`act`]; [`Context`] gathers what the rules
//! look at; [`Papers`] lets time pass.

mod around;
mod change;
mod context;
mod erase;
mod named;
pub mod online_post;
pub mod publication;
mod rhythm;
pub mod stocktake;
mod tell;
mod tick;
mod view;

pub use around::Around;
pub use change::{Changed, act, act_as_clock, open};
pub(crate) use change::{act_untold, open_untold};
pub use context::Context;
pub(crate) use erase::forget;
pub use rhythm::{RhythmView, begin_rhythms, rhythm, set_rhythm};
pub use tell::PaperTold;
pub(crate) use tell::ToTell;
pub use tick::Papers;
pub use view::{PaperLine, PaperPage, PaperView, StepView, get, list};

pub use huiyin_store::paper::{EntryRow, PaperFilter};
