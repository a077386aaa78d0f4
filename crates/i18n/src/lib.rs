//! Texts for people in their own language, from Fluent catalogues.
//!
//! *Invariants*: the catalogues are part of the program; a missing or broken
//! text never stops anything, its code is shown instead (`xtask i18n-check`
//! keeps that from happening); nothing here knows a rule.
//!
//! *Where to start*: [`text`] renders a code, [`negotiate()`] chooses a language.

mod catalogue;
mod negotiate;
mod notice;

pub use catalogue::{Messages, catalogues, has, text, word};
pub use huiyin_domain::locale::Locale;
pub use negotiate::negotiate;
pub use notice::notice;
