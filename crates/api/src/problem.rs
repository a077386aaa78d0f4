//! The one shape of every refusal and failure (RFC 9457).

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_i18n::{Locale, text};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use utoipa::ToSchema;

/// Media type of every error answer.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What is wrong with one field of the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where: names joined by dots, indexes in brackets; empty for the whole.
    pub path: String,
    /// What: a stable word.
    pub code: Cow<'static, str>,
    /// What the text of the code needs.
    pub params: Map<String, Value>,
}

/// A refusal or failure on its way out, not yet in anybody's language.
///
/// Handlers return it; [`crate::edge`] adds language and request id and makes
/// the body, so that no handler has to know either.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable word for programs.
    pub code: Cow<'static, str>,
    /// What the text of the code needs, and what a program may want.
    pub params: Map<String, Value>,
    /// Faults of single fields.
    pub fields: Vec<Field>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// Makes a problem without parameters.
    #[must_use]
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code: code.into(), params: Map::new(), fields: Vec::new(), headers: Vec::new() }
    }

    /// Adds a parameter for the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Adds the fault of one field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Refuses a body whose JSON is readable and whose content is not.
    #[must_use]
    pub fn invalid_body(field: Field) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").field(field)
    }

    /// Says that there is nothing, or nothing that the reader may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    /// Says that the server failed; the cause belongs in the log alone.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// Renders the answer in a language, with the request's id.
    #[must_use]
    pub fn render(mut self, locale: Locale, request_id: &str) -> Response {
        let reasons = crate::reasons::tell(locale, &mut self.params);
        let mut words = self.params.clone();
        words.insert("request_id".to_owned(), Value::from(request_id));
        let body = ProblemBody {
            r#type: format!("urn:huiyin:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: reasons.unwrap_or_else(|| text(locale, &self.code, &words)),
            fields: self.fields.drain(..).map(|field| FieldBody::of(field, locale)).collect(),
            code: self.code.into_owned(),
            params: self.params,
            request_id: request_id.to_owned(),
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Every error answer: what happened, for programs and for the reader.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:huiyin:problem:` and the code.
    #[schema(example = "urn:huiyin:problem:not_found")]
    r#type: String,
    /// The HTTP status in words.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened, in the reader's language.
    detail: String,
    /// What happened, as a stable word.
    #[schema(example = "not_found")]
    code: String,
    /// Faults of single fields, the first ones found.
    fields: Vec<FieldBody>,
    /// What the text was made from; at `stale` also `current`.
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// Names this request in the log.
    request_id: String,
}

/// The fault of one field.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemField)]
pub struct FieldBody {
    /// Names joined by dots, indexes in brackets; empty for the whole body.
    path: String,
    /// The fault as a stable word.
    code: String,
    /// What the text was made from.
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// The fault in the reader's language.
    detail: String,
}

impl FieldBody {
    fn of(field: Field, locale: Locale) -> Self {
        let detail = text(locale, &field.code, &field.params);
        Self { path: field.path, code: field.code.into_owned(), params: field.params, detail }
    }
}

/// Refuses a value that has more characters than its field takes.
///
/// `whole` is the code of the problem.
///
/// # Errors
/// 422 with the field and its limit.
pub(crate) fn limited(
    whole: &'static str,
    (path, value): (&str, Option<&str>),
    limit: usize,
) -> Result<(), Problem> {
    if value.is_none_or(|value| value.chars().count() <= limit) {
        return Ok(());
    }
    let params = [("limit".to_owned(), limit.into())].into_iter().collect();
    let field = Field { path: path.into(), code: "too_long".into(), params };
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, whole).field(field))
}
