//! Lists as downloads: workbook, CSV or JSON lines.

use crate::problem::Problem;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use huiyin_app::table;
use serde::Deserialize;
use utoipa::ToSchema;

/// The formats of a table.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TableFormat {
    /// A workbook.
    #[default]
    Xlsx,
    /// Text with commas, UTF-8.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl From<TableFormat> for table::TableFormat {
    fn from(format: TableFormat) -> Self {
        match format {
            TableFormat::Xlsx => Self::Xlsx,
            TableFormat::Csv => Self::Csv,
            TableFormat::Jsonl => Self::Jsonl,
        }
    }
}

/// Answers with a table as a download; `name` is the file's, without ending.
///
/// # Errors
/// Never; a result so that handlers end with it.
pub fn answer(format: TableFormat, name: &str, bytes: Vec<u8>) -> Result<Response, Problem> {
    let (kind, ending) = match format {
        TableFormat::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        TableFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        TableFormat::Jsonl => ("application/x-ndjson", "jsonl"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
