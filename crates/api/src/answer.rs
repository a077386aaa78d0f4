//! Answers that are not problems.

use crate::version::etag;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::Error;
use huiyin_app::idempotency::Answer;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::str::FromStr;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::query::Beside;

/// Most rows of one page.
pub const MOST: u32 = 200;

/// Answers with what a write gave, or with the answer that was kept for it.
pub fn done(answer: Answer) -> Response {
    let Ok(status) = StatusCode::from_u16(answer.status) else { return Problem::internal().into_response() };
    let mut response = if answer.body.is_empty() {
        status.into_response()
    } else {
        (status, [(header::CONTENT_TYPE, "application/json")], answer.body).into_response()
    };
    if answer.repeated {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// Answers with something that has a version, as `ETag` too.
pub fn versioned<T: Serialize>(version: i64, value: T) -> Response {
    ([(header::ETAG, etag(version))], Json(value)).into_response()
}

/// Refuses a write on an old version, with the newer state in `params.current`.
pub fn stale<T: Serialize>(error: Error, version: i64, current: T) -> Problem {
    let problem = Problem::from(error).header(header::ETAG, etag(version));
    match serde_json::to_value(current) {
        Ok(current) => problem.with("current", current),
        Err(_) => problem,
    }
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
}

impl Beside for PageQuery {
    const NAMES: &'static [&'static str] = &["cursor", "limit"];
}

impl PageQuery {
    /// Gives the number of rows: 50 if nobody said.
    ///
    /// # Errors
    /// 422 below 1 and above 200.
    pub fn limit(&self) -> Result<u32, Problem> {
        limit(self.limit)
    }

    /// Gives the cursor as it was made, if there is one.
    ///
    /// # Errors
    /// 422 `invalid_cursor`.
    pub fn cursor(&self) -> Result<Option<String>, Problem> {
        self.cursor.as_deref().map(open_cursor).transpose()
    }

    /// Gives the number of rows and the place of a list ordered by a moment, then id.
    ///
    /// # Errors
    /// 422 below 1 and above 200, or `invalid_cursor`.
    pub fn dated<T: FromStr>(&self) -> Result<(u32, Option<(Timestamp, T)>), Problem> {
        Ok((self.limit()?, self.cursor()?.as_deref().map(dated_place).transpose()?))
    }
}

/// Checks the number of rows that is asked for.
///
/// # Errors
/// 422 below 1 and above 200.
pub fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(50),
        Some(limit @ 1..=MOST) => Ok(limit),
        Some(_) => Err(Error::invalid("invalid_query")
            .with_field_error(huiyin_app::FieldError {
                path: "limit".into(),
                code: "out_of_range".into(),
                params: [("expected".to_owned(), format!("1–{MOST}").into())].into_iter().collect(),
            })
            .into()),
    }
}

/// Hides the place where a list goes on, so that nobody builds one.
#[must_use]
pub fn seal_cursor(place: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(place)
}

/// Reads a cursor.
///
/// # Errors
/// 422 `invalid_cursor` when it is none of ours.
pub fn open_cursor(cursor: &str) -> Result<String, Problem> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(cursor).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(invalid_cursor)
}

/// Refuses a cursor that is none of ours.
#[must_use]
pub fn invalid_cursor() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_cursor")
}

/// Names a place in a list that is ordered by a moment, then id.
#[must_use]
pub fn dated(at: Timestamp, id: impl Display) -> String {
    format!("{}:{id}", at.micros())
}

/// Reads a place in a list that is ordered by a moment, then id.
///
/// # Errors
/// 422 `invalid_cursor`.
pub fn dated_place<T: FromStr>(place: &str) -> Result<(Timestamp, T), Problem> {
    let parts = place.split_once(':').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    parts.map(|(at, id)| (Timestamp::from_micros(at), id)).ok_or_else(invalid_cursor)
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in the list's documented order.
    pub items: Vec<T>,
    /// Where the list goes on; null at its end.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with one more than the limit.
    pub fn of(mut rows: Vec<T>, limit: u32, place: impl Fn(&T) -> String) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| seal_cursor(&place(row)));
        Self { items: rows, next_cursor }
    }

    /// Gives the rows as the document names them, and where the list goes on.
    pub fn told<O: From<T>>(self) -> (Vec<O>, Option<String>) {
        (self.items.into_iter().map(O::from).collect(), self.next_cursor)
    }
}
