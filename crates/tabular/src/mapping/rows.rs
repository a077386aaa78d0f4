//! Rows of a source as rows of an import.

use super::convert::{Refusal, flat};
use super::{ColumnPlan, MappedRow, Mapping, TargetPlan};
use crate::failure::{CellCode, CellError, FileError};
use crate::source::{Limits, RowSource, SourceCell, SourceRow};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Streams mapped rows, or what is wrong with each.
pub struct MappedRows<'m> {
    mapping: &'m Mapping,
    source: Box<dyn RowSource>,
    layout: Layout,
}

/// Where the columns of the mapping stand in rows with the same names.
struct Layout {
    columns: Arc<[String]>,
    places: Vec<Option<usize>>,
    unmapped: Option<String>,
}

impl<'m> MappedRows<'m> {
    /// Takes a source whose header fits.
    pub(super) fn new(mapping: &'m Mapping, source: Box<dyn RowSource>) -> Self {
        let layout = Layout::new(mapping, &Arc::from([]));
        Self { mapping, source, layout }
    }

    /// Gives the next row, or everything that is wrong with it.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be read any further.
    pub fn next_row(&mut self) -> Result<Option<Result<MappedRow, Vec<CellError>>>, FileError> {
        let row = match self.source.next_row()? {
            None => return Ok(None),
            Some(Err(error)) => return Ok(Some(Err(vec![error]))),
            Some(Ok(row)) => row,
        };
        if !Arc::ptr_eq(&self.layout.columns, &row.columns) {
            self.layout = Layout::new(self.mapping, &row.columns);
        }
        Ok(Some(map(self.mapping, &self.layout, &row)))
    }
}

impl Layout {
    /// Finds the columns of the mapping by name.
    fn new(mapping: &Mapping, columns: &Arc<[String]>) -> Self {
        let place = |plan: &ColumnPlan| columns.iter().position(|name| *name == plan.name);
        let places = mapping.columns.iter().map(place).collect();
        let unmapped = columns.iter().find(|name| !mapping.knows(name)).cloned();
        Self { columns: Arc::clone(columns), places, unmapped }
    }
}

/// Maps one row; collects all its errors.
fn map(mapping: &Mapping, layout: &Layout, row: &SourceRow) -> Result<MappedRow, Vec<CellError>> {
    let (mut values, mut errors) = (BTreeMap::new(), Vec::new());
    if let Some(name) = &layout.unmapped {
        errors.push(CellError::cell(row.line, name, CellCode::UnmappedKey));
    }
    let mut blamed = Vec::new();
    for (plan, place) in mapping.columns.iter().zip(&layout.places) {
        let cell = place.and_then(|place| row.cells.get(place)).unwrap_or(&SourceCell::Empty);
        for target in &plan.targets {
            match target.reading.read(cell, &mapping.zone) {
                Ok(read) => {
                    let value = read.or_else(|| target.default.clone());
                    let value = value.or_else(|| mapping.defaults.get(&target.target).cloned());
                    if value.is_none() && plan.is_required {
                        errors.push(CellError::cell(row.line, &plan.name, CellCode::MissingRequired));
                        blamed.push(&target.target);
                    }
                    values.extend(value.map(|value| (target.target.clone(), value)));
                }
                Err(refusal) => {
                    errors.push(refused(row.line, plan, target, cell, refusal));
                    blamed.push(&target.target);
                }
            }
        }
    }
    for (target, value) in &mapping.defaults {
        values.entry(target.clone()).or_insert_with(|| value.clone());
    }
    for target in &mapping.required {
        if !values.contains_key(target) && !blamed.contains(&target) {
            let error = CellError::cell(row.line, mapping.column_of(target), CellCode::MissingRequired);
            errors.push(error.with("target", target));
        }
    }
    if errors.is_empty() { Ok(MappedRow { line: row.line, values }) } else { Err(errors) }
}

/// Makes the error of a cell that is not taken.
fn refused(
    line: u64,
    plan: &ColumnPlan,
    target: &TargetPlan,
    cell: &SourceCell,
    mut refusal: Refusal,
) -> CellError {
    if *cell == SourceCell::Bad(CellCode::TooLong) {
        refusal.params.insert("limit", Limits::default().cell_bytes.to_string());
    }
    CellError {
        line,
        column: plan.name.clone(),
        code: refusal.code,
        params: refusal.params,
        excerpt: target.target.excerpt(target.reading.shape, &flat(cell)),
    }
}
