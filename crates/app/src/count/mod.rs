//! Figures of the metric dictionary and the lists behind them.
//!
//! *Invariants*: formulas stand in `domain::count`; a figure and its list share
//! scope, period and condition; nobody sees figures of units beyond their reach.
//!
//! *Where to start*: [`figures()`] makes them, [`rows()`] opens the list behind one.

mod figures;
mod recount;
mod rows;
mod spread;
mod visits;

pub use figures::{Asked, FigureLine, Figures, figures, named};
pub(crate) use figures::{Held, count};
pub use recount::FactsRecount;
pub use rows::{ListRow, Part, RowsAsked, rows};
pub use spread::{Spread, SpreadLine, spread};
pub use visits::{VisitRate, visit_rates};
