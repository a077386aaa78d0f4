//! Policy packs (制度包): rules as data over a fixed catalogue (D1).
//!
//! *Invariants*: a [`Pack`] exists only checked: every stage can be reached and
//! left, every gate can be opened by somebody, every name is defined.
//!
//! *Where to start*: [`load()`] turns an author's files into a [`Pack`],
//! [`catalogue`] lists the words, [`shipped()`] the packs in the binary.

mod check;
pub mod codes;
mod diff;
mod explain;
mod fault;
mod files;
mod find;
mod load;
mod model;
mod read;
mod shipped;
mod source;
mod staffing;
mod template;
mod vocabulary;
mod words;
mod work;

pub use diff::{PackChange, diff};
pub use explain::explain;
pub(crate) use fault::Faults;
pub use fault::{PackFault, Place};
pub use files::{MOST_BYTES, MOST_FILES, PackFiles};
pub use load::{fuzz_pack, load, together};
pub use model::{
    ApprovalRule, BeforeRule, By, CategoryDef, CauseDef, ClockRule, ClockStart, ClosingRule, FieldDef,
    FieldKind, FormDef, GateRule, GuideRule, Label, MoveRule, NamedDef, Names, Pack, RemedyDef, TipDef,
    VisitRule,
};
pub(crate) use read::{Item, Section, Source, parse};
pub use shipped::{STANDARD, property, shipped};
pub use source::{CaseValue, FormSource};
pub use staffing::{StaffingWarning, staffing_warnings};
pub use template::{Placeholder, placeholders};
pub(crate) use vocabulary::{Vocabulary, near, vocabularies};
pub use vocabulary::{WordList, word_lists};
pub use words::{Word, catalogue};
pub use work::WorkRule;

#[cfg(test)]
mod tests;
