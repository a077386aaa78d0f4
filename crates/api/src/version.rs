//! Versions that keep two people from overwriting each other.

use crate::problem::Problem;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use utoipa::IntoParams;

/// The largest whole number that every JSON reader keeps exact.
pub(crate) const LARGEST: i64 = (1 << 53) - 1;

/// What `If-Match` looks like, for the document.
pub const PATTERN: &str = r#"^"[0-9]{1,18}"$"#;

/// The header that names the version seen.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatch {
    /// The version seen, in quotes as `ETag` gave it.
    #[param(rename = "If-Match", required = false, pattern = r#"^"[0-9]{1,18}"$"#)]
    #[expect(dead_code, reason = "describes the header; the value is read by `seen`")]
    if_match: String,
}

/// Gives the entity tag of a version.
#[must_use]
pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// Takes the version that the caller has seen, from `If-Match` or the body.
///
/// # Errors
/// 400 when the header is not one version in quotes, 422 when header and body
/// name different ones.
pub fn seen(headers: &HeaderMap, in_body: Option<i64>) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(in_body) };
    let invalid = || Problem::new(StatusCode::BAD_REQUEST, "invalid_header").with("name", "If-Match");
    let digits = value.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
    let version = digits.and_then(|digits| digits.parse::<i64>().ok()).ok_or_else(invalid)?;
    if in_body.is_some_and(|other| other != version) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "version_contradictory"));
    }
    Ok(Some(version))
}

/// Takes the version that the caller has seen, and insists on one.
///
/// # Errors
/// 428 when there is none; else those of [`seen`].
pub fn required(headers: &HeaderMap, in_body: Option<i64>) -> Result<i64, Problem> {
    seen(headers, in_body)?.ok_or_else(|| Problem::new(StatusCode::PRECONDITION_REQUIRED, "version_required"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_static(value))])
    }

    /// contracts §2: actions take If-Match or a version in the body.
    #[test]
    fn the_version_comes_from_header_or_body_and_they_agree() {
        assert_eq!(required(&sent("\"7\""), None).expect("header"), 7);
        assert_eq!(required(&HeaderMap::new(), Some(7)).expect("body"), 7);
        assert_eq!(required(&sent("\"7\""), Some(7)).expect("both"), 7);
        assert_eq!(required(&HeaderMap::new(), None).expect_err("none").status.as_u16(), 428);
        assert_eq!(required(&sent("\"7\""), Some(8)).expect_err("differ").code, "version_contradictory");
        for broken in ["7", "*", "\"x\"", "\"1\", \"2\"", "W/\"7\"", "\""] {
            assert_eq!(required(&sent(broken), None).expect_err(broken).code, "invalid_header");
        }
        assert_eq!(etag(7), "\"7\"");
    }
}
