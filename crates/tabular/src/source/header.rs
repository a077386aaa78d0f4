//! The names of the columns, checked.

use super::{Limits, SourceCell};
use crate::failure::{CellError, FileError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Makes the names out of the cells of the header row.
///
/// Empty cells at the end are not columns.
///
/// # Errors
/// [`FileError`] when a name is missing, twice or unreadable.
pub(super) fn names(
    line: u64,
    mut cells: Vec<SourceCell>,
    limits: &Limits,
) -> Result<Arc<[String]>, FileError> {
    while matches!(cells.last(), Some(SourceCell::Empty)) {
        cells.pop();
    }
    if cells.is_empty() {
        return Err(FileError::NoHeader);
    }
    if cells.len() > limits.columns {
        return Err(FileError::TooManyColumns { limit: limits.columns });
    }
    let mut seen = BTreeSet::new();
    let mut names = Vec::with_capacity(cells.len());
    for (index, cell) in cells.into_iter().enumerate() {
        let name = match cell {
            SourceCell::Text(name) | SourceCell::Number(name) => name,
            SourceCell::Bad(code) => {
                let column = (index + 1).to_string();
                return Err(FileError::Header(CellError::cell(line, &column, code)));
            }
            SourceCell::Boolean(value) => value.to_string(),
            SourceCell::Moment(moment) => moment.to_string(),
            SourceCell::Empty | SourceCell::List(_) => {
                return Err(FileError::UnnamedColumn { column: index + 1 });
            }
        };
        if !seen.insert(name.clone()) {
            return Err(FileError::DuplicateColumn { column: name });
        }
        names.push(name);
    }
    Ok(names.into())
}
