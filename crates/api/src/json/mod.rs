//! Strict JSON: what is not exactly right is refused with its place.

mod read;
mod shape;

pub use read::MAX_DEPTH;
pub(crate) use shape::Misfit;

use crate::problem::{Field, Problem, limited};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use huiyin_domain::case::{Command, CommandKind};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::time::timeout;

/// Largest JSON body, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// Longest time until a JSON body is there.
pub const SLOWEST: Duration = Duration::from_secs(20);

/// Longest text inside a JSON body, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;

/// Refuses a text of a body that has more characters than its field takes.
///
/// # Errors
/// 422 `invalid_body` with the field and its limit.
pub fn within(path: &str, value: Option<&str>, limit: usize) -> Result<(), Problem> {
    limited("invalid_body", (path, value), limit)
}

/// A JSON body of a known shape; unknown fields are refused.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = body(request).await?;
        parse(&bytes).map(Self)
    }
}

/// Takes the whole body of a JSON request.
///
/// # Errors
/// 413 when too large, 415 when it is not JSON, 400 when it did not arrive.
pub async fn body(request: Request) -> Result<Bytes, Problem> {
    check_headers(request.headers())?;
    collect(request.into_body(), MAX_BODY).await
}

fn check_headers(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    let encoding = text(header::CONTENT_ENCODING).trim();
    let plain = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
    if !media.eq_ignore_ascii_case("application/json") || !plain {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            .with("expected", "application/json"));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|digits| digits.parse::<u64>().ok()).is_some_and(|length| length > MAX_BODY as u64) {
        return Err(too_large(MAX_BODY));
    }
    Ok(())
}

/// Collects a body up to a limit in bytes.
///
/// # Errors
/// 413 when it is longer, 408 when it comes too slowly, 400 when it is cut.
pub async fn collect(body: Body, limit: usize) -> Result<Bytes, Problem> {
    collect_within(body, limit, SLOWEST).await
}

/// Collects a body as [`collect`] does, that may take longer.
///
/// # Errors
/// As [`collect`].
pub async fn collect_within(body: Body, limit: usize, slowest: Duration) -> Result<Bytes, Problem> {
    let Ok(collected) = timeout(slowest, to_bytes(body, limit)).await else {
        return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow"));
    };
    collected.map_err(|error| {
        let cut = std::error::Error::source(&error).is_some_and(|cause| cause.to_string().contains("limit"));
        if cut { too_large(limit) } else { Problem::new(StatusCode::BAD_REQUEST, "body_interrupted") }
    })
}

fn too_large(limit: usize) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large").with("limit", limit)
}

/// Reads a body of a known shape.
///
/// # Errors
/// 400 for what is not JSON, 422 with the field's path for everything else.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value = read::read(bytes)?;
    shape(value, "invalid_body")
}

/// Gives a JSON value its shape; `code` names the whole fault.
///
/// # Errors
/// 422 with the path of the first field that does not fit.
pub fn shape<T: DeserializeOwned>(value: Value, code: &'static str) -> Result<T, Problem> {
    serde_path_to_error::deserialize(shape::Node(value)).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        let field = error.into_inner().into_field(path);
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code).field(field)
    })
}

/// Gives the body of an action its shape.
///
/// # Errors
/// 422 with the path of the first field that does not fit.
pub fn command(kind: CommandKind, value: Value) -> Result<Command, Problem> {
    let mut track = serde_path_to_error::Track::new();
    let source = serde_path_to_error::Deserializer::new(shape::Node(value), &mut track);
    Command::read(kind, source).map_err(|misfit| {
        let path = track.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").field(misfit.into_field(path))
    })
}

/// Gives the body of a paper's step its shape.
///
/// # Errors
/// 404 when there is no such step, 422 with the path of the first field that
/// does not fit.
pub fn step<S: huiyin_domain::paper::Step>(name: &str, value: Value) -> Result<S, Problem> {
    let mut track = serde_path_to_error::Track::new();
    let source = serde_path_to_error::Deserializer::new(shape::Node(value), &mut track);
    let read = S::read(name, source).map_err(|misfit| {
        let path = track.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").field(misfit.into_field(path))
    })?;
    read.ok_or_else(Problem::not_found)
}

fn fault(path: String, code: &'static str, params: &[(&str, Value)]) -> Field {
    let params: Map<_, _> = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Field { path, code: code.into(), params }
}

#[cfg(test)]
mod tests;
