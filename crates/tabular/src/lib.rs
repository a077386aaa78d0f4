//! Tables in and out: CSV, XLSX and JSON Lines, and the mapping of their rows.
//!
//! [`open`] streams rows of a file, [`Mapping`] turns each into a typed
//! [`MappedRow`] or a list of [`CellError`]s, [`create`] writes tables.
//!
//! *Invariants*
//! - Memory does not grow with the number of rows; every cell, row and column
//!   count is bounded by [`Limits`]. The one exception: an XLSX file may keep
//!   its repeated texts in one shared list, which is held whole, up to
//!   [`Limits::shared_bytes`].
//! - A broken row is an error with line and column, never the end of the run;
//!   only a broken file is.
//! - No input makes it panic ([`fuzz_read`], [`fuzz_mapping`]).
//! - Nothing is dropped in silence: a column that the mapping neither reads nor
//!   ignores is an error.
//!
//! *Where to start*: [`source`] for reading, [`mapping`] for the mapping file,
//! [`mod@write`] for writing, `docs/how-to/import.md` for its user's view.

pub mod failure;
mod fuzz;
pub mod mapping;
pub mod source;
pub mod write;

pub use failure::{CellCode, CellError, FileError};
pub use fuzz::{fuzz_mapping, fuzz_read};
pub use mapping::Shape;
pub use mapping::{Field, Import, MappedRow, MappedRows, MappedValue, Mapping, MappingError, Target};
pub use source::{Limits, ReadOptions, RowSource, SourceCell, SourceRow, from_reader, open};
pub use write::{CellValue, Column, ErrorFile, ErrorLine, Output, TableWriter, WriteOptions, create};
