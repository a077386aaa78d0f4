//! What is told of a row that is not acceptable.

use huiyin_tabular::{CellError, Field, MappedRow, MappedValue, Mapping, Shape, Target};
use serde_json::Value;

use crate::error::{Error, FieldError, Params};

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongRow {
    /// Line in the file, from one.
    pub line: u64,
    /// Name of the column; empty when the whole row is meant.
    pub column: String,
    /// Stable code, snake case.
    pub code: String,
    /// Values for the text of the code.
    pub params: Params,
    /// The beginning of the value; of personal values next to nothing.
    pub excerpt: String,
}

impl From<CellError> for WrongRow {
    fn from(error: CellError) -> Self {
        let params = error.params.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
        Self {
            line: error.line,
            column: error.column,
            code: error.code.code().to_owned(),
            params: params.collect(),
            excerpt: error.excerpt,
        }
    }
}

/// Turns the refusal of a use case into lines of the error file.
pub(super) fn rows(mapping: &Mapping, row: &MappedRow, error: &Error) -> Vec<WrongRow> {
    if error.fields().is_empty() {
        let whole = WrongRow {
            line: row.line,
            column: String::new(),
            code: error.code().to_owned(),
            params: error.params().clone(),
            excerpt: String::new(),
        };
        return vec![whole];
    }
    error.fields().iter().map(|field| cell(mapping, row, field)).collect()
}

fn cell(mapping: &Mapping, row: &MappedRow, field: &FieldError) -> WrongRow {
    let target = target_of(&field.path);
    let value = target.as_ref().and_then(|target| Some((target, row.values.get(target)?)));
    let excerpt = value.map(|(target, value)| target.excerpt(shape_of(value), &value.to_string()));
    let mut params = field.params.clone();
    let column = target.as_ref().map(|target| mapping.column_of(target)).unwrap_or_default();
    if column.is_empty() {
        params.entry("field").or_insert_with(|| field.path.clone().into());
    }
    let column = if column.is_empty() { field.path.clone() } else { column.to_owned() };
    WrongRow {
        line: row.line,
        column,
        code: field.code.clone(),
        params,
        excerpt: excerpt.unwrap_or_default(),
    }
}

/// Finds the target behind a field of a use case.
fn target_of(path: &str) -> Option<Target> {
    if let Some(name) = path.strip_prefix("reporter.") {
        return Target::parse(&format!("party_{name}"));
    }
    if let Some(name) = path.strip_prefix("fields.") {
        let known = [Field::Wish, Field::Feeling, Field::Demand];
        let known = known.into_iter().find(|field| field.as_str() == name).map(Target::Known);
        return known.or_else(|| Target::parse(&format!("extra.{name}")));
    }
    let name = path.split('[').next().unwrap_or(path);
    let name = match name {
        "external" => "external_id",
        "room" => "code",
        other => other,
    };
    Target::parse(name)
}

const fn shape_of(value: &MappedValue) -> Shape {
    match value {
        MappedValue::Phone(_) => Shape::Phone,
        _ => Shape::Text,
    }
}
