//! The names of the columns, checked.

use super::{Limits, SourceCell};
use crate::failure::{CellCode, CellError, FileError};
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

/// Makes the error of a row that cannot be taken because of one column.
pub(super) fn problem(
    line: u64,
    columns: &[String],
    (code, column): (CellCode, usize),
    limits: &Limits,
) -> CellError {
    let name = columns.get(column).map_or("", String::as_str);
    let error = CellError::cell(line, name, code);
    match code {
        CellCode::TooLong => error.with("limit", limits.cell_bytes),
        CellCode::RowTooLong => error.with("limit", limits.row_bytes),
        CellCode::RaggedRow => error.with("found", column + 1).with("expected", columns.len()),
        _ => error,
    }
}
