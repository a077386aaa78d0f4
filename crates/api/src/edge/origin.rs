//! Whether a write by cookie comes from our own pages.

use super::Outside;
use crate::problem::Problem;
use axum::http::{HeaderMap, StatusCode, Uri, header};

/// Refuses a write by cookie that another site could have caused.
///
/// The browser's `Sec-Fetch-Site` or `Origin` has to name our own origin; a
/// request with neither is refused as well.
///
/// # Errors
/// 403 `origin_mismatch`.
pub fn check(headers: &HeaderMap, uri: &Uri, outside: &Outside) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let refusal = || Problem::new(StatusCode::FORBIDDEN, "origin_mismatch");
    let site = text("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin") {
        return Err(refusal());
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return if site.is_some() { Ok(()) } else { Err(refusal()) };
    };
    let ours = match &outside.public_url {
        Some(url) if origin == origin_of(url) => true,
        // whoever reaches us by the address that he typed is at home as well
        _ => text(header::HOST.as_str())
            .or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
            .is_some_and(|host| host_of(origin) == Some(host)),
    };
    if ours { Ok(()) } else { Err(refusal()) }
}

/// Takes scheme and authority out of an address.
fn origin_of(url: &str) -> &str {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let end = url[begin..].find('/').map_or(url.len(), |at| begin + at);
    &url[..end]
}

fn host_of(origin: &str) -> Option<&str> {
    origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn allowed(sent: &[(&'static str, &'static str)], public_url: Option<&str>) -> bool {
        let headers: HeaderMap = sent
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let outside = Outside { public_url: public_url.map(str::to_owned), ..Outside::default() };
        check(&headers, &Uri::from_static("/api/v1/cases"), &outside).is_ok()
    }

    /// contracts §2: writes by cookie need a matching Origin.
    #[test]
    fn only_our_own_origin_may_write_by_cookie() {
        let host = ("host", "127.0.0.1:8080");
        assert!(allowed(&[host, ("origin", "http://127.0.0.1:8080")], None));
        assert!(allowed(&[host, ("sec-fetch-site", "same-origin")], None));
        let public = Some("https://desk.example.cn/huiyin");
        assert!(allowed(&[host, ("origin", "https://desk.example.cn")], public));
        for refused in [
            &[host] as &[_],
            &[host, ("origin", "null")],
            &[host, ("origin", "http://evil.example")],
            &[host, ("origin", "http://127.0.0.1:8081")],
            &[host, ("origin", "127.0.0.1:8080")],
            &[host, ("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")],
            &[host, ("sec-fetch-site", "same-site")],
        ] {
            assert!(!allowed(refused, None), "{refused:?}");
        }
        assert!(!allowed(&[host, ("origin", "https://desk.example.cn.evil.example")], public));
    }
}
