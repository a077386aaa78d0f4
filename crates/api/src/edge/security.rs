//! Headers that make browsers careful.

use super::tag::REQUEST_ID;
use super::{Outside, Tag};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Nothing may run or load; pages that need more say so themselves.
const STRICT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

/// Policy of our own small pages: their own style sheet, pictures and forms.
pub const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// Policy of pages for paper: each carries its style within itself, nothing else.
pub const PAPER: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
);

/// Adds what is not there yet to an answer.
pub fn dress(answer: &mut Response, outside: &Outside, tag: &Tag) {
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, STRICT),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        // `no-referrer` would blank the Origin of our own forms
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ] {
        headers.entry(name).or_insert(value);
    }
    if outside.demo {
        headers.insert(HeaderName::from_static("x-huiyin-demo"), HeaderValue::from_static("1"));
    }
    if let Ok(id) = HeaderValue::from_str(&tag.request_id) {
        headers.insert(REQUEST_ID, id);
    }
}
