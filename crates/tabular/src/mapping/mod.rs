//! The mapping file and what it makes of a row.

mod target;

pub use target::{Import, MappedRow, MappedValue, Shape, Target};
