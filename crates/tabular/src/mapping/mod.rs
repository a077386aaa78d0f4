//! The mapping file and what it makes of a row.

mod compile;
mod convert;
mod fault;
mod file;
mod moment;
mod rows;
mod target;

pub use fault::{MappingCode, MappingError};
pub use rows::MappedRows;
pub use target::{Field, Import, MappedRow, MappedValue, Shape, Target};

use crate::failure::FileError;
use crate::source::{ReadOptions, RowSource};
use convert::{Reading, nearest};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

/// Longest mapping file, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Says how the rows of a table become rows of one import.
#[derive(Clone, Debug)]
pub struct Mapping {
    import: Import,
    source: String,
    zone: TimeZone,
    options: ReadOptions,
    columns: Vec<ColumnPlan>,
    defaults: BTreeMap<Target, MappedValue>,
    required: BTreeSet<Target>,
    ignore: BTreeSet<String>,
    ignores_rest: bool,
}

/// What one column becomes.
#[derive(Clone, Debug)]
struct ColumnPlan {
    name: String,
    targets: Vec<TargetPlan>,
    is_required: bool,
    may_be_absent: bool,
}

/// How one column becomes one target.
#[derive(Clone, Debug)]
struct TargetPlan {
    target: Target,
    reading: Reading,
    default: Option<MappedValue>,
}

impl Mapping {
    /// Reads a mapping file from the disk.
    ///
    /// # Errors
    /// [`MappingError`] with line and advice.
    pub fn load(path: &Path) -> Result<Self, MappingError> {
        let file = path.display().to_string();
        let place = fault::Place { file: &file, text: "" };
        let unreadable = |reason: String| {
            let message = format!("cannot be read: {reason}");
            place.fault(0, MappingCode::Unreadable, message).with("reason", reason)
        };
        let mut text = String::new();
        let opened = std::fs::File::open(path).map_err(|error| unreadable(error.to_string()))?;
        let read = opened.take(MAX_BYTES + 1).read_to_string(&mut text);
        read.map_err(|error| unreadable(error.to_string()))?;
        Self::parse(&file, &text)
    }

    /// Reads the text of a mapping file; `file` is its name in errors.
    ///
    /// # Errors
    /// [`MappingError`] with line and advice.
    pub fn parse(file: &str, text: &str) -> Result<Self, MappingError> {
        let place = fault::Place { file, text: text.strip_prefix('\u{feff}').unwrap_or(text) };
        if text.len() as u64 > MAX_BYTES {
            let message = format!("longer than {MAX_BYTES} bytes");
            return Err(place.fault(0, MappingCode::Unreadable, message.clone()).with("reason", message));
        }
        compile::compile(&place)
    }

    /// Gives the kind of import.
    #[must_use]
    pub const fn import(&self) -> Import {
        self.import
    }

    /// Gives the name of the source, which makes external ids unique.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Gives what the mapping says about reading the file.
    #[must_use]
    pub fn read_options(&self) -> &ReadOptions {
        &self.options
    }

    /// Gives the column that a target comes from; empty when only a default.
    #[must_use]
    pub fn column_of(&self, target: &Target) -> &str {
        let gives = |plan: &&ColumnPlan| plan.targets.iter().any(|given| given.target == *target);
        self.columns.iter().find(gives).map_or("", |plan| plan.name.as_str())
    }

    /// Lists what rows of this mapping may have, by column or default.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let columns = self.columns.iter().flat_map(|plan| plan.targets.iter().map(|given| &given.target));
        columns.chain(self.defaults.keys())
    }

    /// Gives the zone in which the rows' days begin.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Opens a file and maps its rows.
    ///
    /// # Errors
    /// [`FileError`] when the file or its header does not fit the mapping.
    pub fn open<'m>(&'m self, path: &Path) -> Result<MappedRows<'m>, FileError> {
        self.rows(crate::source::open(path, &self.options)?)
    }

    /// Maps the rows of a source.
    ///
    /// # Errors
    /// [`FileError`] when the header does not fit the mapping.
    pub fn rows(&self, source: Box<dyn RowSource>) -> Result<MappedRows<'_>, FileError> {
        if let Some(columns) = source.columns() {
            self.check_header(columns)?;
        }
        Ok(MappedRows::new(self, source))
    }

    /// Checks that header and mapping know the same columns.
    fn check_header(&self, header: &[String]) -> Result<(), FileError> {
        let is_there = |name: &String| header.contains(name);
        let missing = self.columns.iter().find(|plan| !plan.may_be_absent && !is_there(&plan.name));
        if let Some(plan) = missing {
            let near = nearest(&plan.name, header.iter().map(String::as_str)).unwrap_or_default();
            return Err(FileError::MissingColumn { column: plan.name.clone(), near: near.to_owned() });
        }
        match header.iter().find(|name| !self.knows(name)) {
            Some(name) => Err(FileError::UnmappedColumn { column: name.clone() }),
            None => Ok(()),
        }
    }

    /// Says whether a column is read or ignored.
    fn knows(&self, name: &str) -> bool {
        self.ignores_rest || self.ignore.contains(name) || self.columns.iter().any(|plan| plan.name == name)
    }
}
