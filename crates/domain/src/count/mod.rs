//! What counts, how often, and the dictionary of every figure (PROP-87…104).
//!
//! *Invariants*: a formula stands in [`METRICS`] and nowhere else; a figure and
//! the list behind it use the same [`Test`]; no figure is ever a float.
//!
//! *Where to start*: [`METRICS`] is the dictionary, [`marks()`] says which facts
//! a case has, [`Metric::figure`] does the arithmetic.

mod amount;
mod figure;
mod item;
mod mark;
mod metric;
mod period;
mod report;
#[cfg(test)]
mod tests;

pub use amount::{Amount, Amounts, amounts, idle_days, last_progress, misses};
pub use figure::{Figure, Heap, WHOLE};
pub use item::item_marks;
pub use mark::{Mark, Marks, SHAPE, Test, marks, of_incident};
pub use metric::{By, Dating, Formula, List, METRICS, Metric, MetricOut, MetricUnit, Subject};
pub use period::{CUT, Due, Month, Period, PeriodError};
pub use report::ReportKind;
