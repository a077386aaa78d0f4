//! What names a request in answers and in the log.

use super::Edge;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use huiyin_i18n::{Locale, negotiate};
use std::sync::Arc;

/// Header that carries a request's id both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest request id taken from outside, in bytes.
const LONGEST: usize = 64;

/// The id of a request and the language of its answer.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Names the request in answer, audit and log.
    pub request_id: Arc<str>,
    /// The language that the reader prefers.
    pub locale: Locale,
}

impl Tag {
    /// Takes the caller's request id if it is sane, else makes one.
    pub(super) fn of(request: &Request, edge: &Edge) -> Self {
        let headers = request.headers();
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let request_id = text(REQUEST_ID)
            .filter(|id| sane(id))
            .map_or_else(|| edge.app.ids.uuid(edge.app.clock.now()).to_string().into(), Arc::from);
        Self { request_id, locale: negotiate(text(header::ACCEPT_LANGUAGE)) }
    }
}

fn sane(id: &str) -> bool {
    let ok = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(ok)
}

impl<S: Send + Sync> FromRequestParts<S> for Tag {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::internal)
    }
}
