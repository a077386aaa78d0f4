//! `Idempotency-Key`: a POST sent twice happens once.

use crate::problem::Problem;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use huiyin_app::IdempotencyKey;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use utoipa::IntoParams;

/// The header.
pub const HEADER: &str = "Idempotency-Key";

/// Longest key, in bytes.
pub const LONGEST: usize = 255;

/// What a key looks like, for the document.
pub const PATTERN: &str = "^[!-~]{1,255}$";

/// The header that names a request.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct KeyHeader {
    /// Names this request; a repeat gets the same answer for 24 hours.
    #[param(rename = "Idempotency-Key", required = false, pattern = "^[!-~]{1,255}$")]
    #[expect(dead_code, reason = "describes the header; the value is read by `key`")]
    idempotency_key: String,
}

/// Takes the key of a request, if it has one; a key for POST alone.
///
/// The body counts byte by byte, with method and address, so that a key used
/// for something else is noticed.
///
/// # Errors
/// 400 when the key is empty, too long or not visible ASCII.
pub fn key(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = headers.get("idempotency-key").filter(|_| method == Method::POST) else {
        return Ok(None);
    };
    let bytes = value.as_bytes();
    if !(1..=LONGEST).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_graphic) {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_invalid");
        return Err(problem.with("limit", LONGEST));
    }
    let place = format!("\n{method} {}\n", uri.path());
    // the key, known to its maker alone, keeps anybody from guessing the body by its digest
    Ok(Some(IdempotencyKey { key: digest(&[bytes]), body: digest(&[bytes, place.as_bytes(), body]) }))
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // writing to a string cannot fail
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(
        method: &Method,
        path: &'static str,
        value: &[u8],
        body: &str,
    ) -> Result<Option<IdempotencyKey>, Problem> {
        let value = HeaderValue::from_bytes(value).expect("header value");
        let headers = HeaderMap::from_iter([("idempotency-key".parse().expect("name"), value)]);
        key(method, &Uri::from_static(path), &headers, body.as_bytes())
    }

    /// contracts §2: same key and same body are the same request.
    #[test]
    fn a_key_names_one_request_with_one_body() {
        let first = of(&Method::POST, "/a", b"k1", "{}").expect("key").expect("key");
        assert_eq!(of(&Method::POST, "/a", b"k1", "{}").expect("key").as_ref(), Some(&first));
        for (path, body) in [("/a", "{ }"), ("/b", "{}")] {
            let other = of(&Method::POST, path, b"k1", body).expect("key").expect("key");
            assert_eq!(other.key, first.key);
            assert_ne!(other.body, first.body);
        }
        assert_eq!(of(&Method::DELETE, "/a", b"k1", "").expect("ignored"), None);
        assert_eq!(key(&Method::POST, &Uri::from_static("/a"), &HeaderMap::new(), b"").expect("none"), None);
    }

    /// Bad input (issue 3): a broken key is refused, however long.
    #[test]
    fn a_broken_key_is_refused() {
        for broken in [&b""[..], b"a b", b"\xe5\x9b\x9e", &[b'k'; LONGEST + 1]] {
            assert_eq!(
                of(&Method::POST, "/a", broken, "{}").expect_err("broken").code,
                "idempotency_key_invalid"
            );
        }
    }
}
