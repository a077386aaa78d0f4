//! The workbench as the binary carries it: files, their headers, their policy.
//!
//! *Invariants*: nothing is read from disk; a file under `assets` never changes
//! under its name; the policy lets nothing run that is not a file of ours.
//!
//! *Where to start*: [`page`] answers one request; the folder holds what
//! `npm run build` made.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Files;

/// What the workbench may do in a browser (stack.md §6: strict).
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; media-src 'self' blob:; worker-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// What stands at `/` in a binary that was built without the workbench.
const WITHOUT: &str = "这个程序编译时没有带上网页工作台：在 web 目录运行 npm ci && npm run build，再重新编译。接口照常可用。\n\
    This binary was built without the workbench: run npm ci && npm run build in web, then build again. The API works.\n";

/// Answers with a file of the workbench; nothing for what is not its own.
///
/// An address without a file is a place inside the workbench and gets its page.
#[must_use]
pub fn page(request: &Request<Body>) -> Option<Response<Body>> {
    let path = request.uri().path().trim_start_matches('/');
    let asked = matches!(*request.method(), Method::GET | Method::HEAD);
    if !asked || path.starts_with("api/") {
        return None;
    }
    if let Some((name, file)) = Files::get(path).map(|file| (path, file)) {
        return Some(answer(name, &file, request.headers()));
    }
    if path.starts_with("assets/") {
        return None;
    }
    match Files::get("index.html") {
        Some(file) => Some(answer("index.html", &file, request.headers())),
        None if path.is_empty() => Some(text(StatusCode::NOT_FOUND, WITHOUT)),
        None => None,
    }
}

fn answer(name: &str, file: &EmbeddedFile, asked: &HeaderMap) -> Response<Body> {
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16]));
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes());
    let packed = packed(name, asked);
    let mut answer = Response::new(if known {
        Body::empty()
    } else {
        Body::from(packed.as_ref().map_or_else(|| file.data.clone(), |(_, packed)| packed.data.clone()))
    });
    if known {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let lasting =
        if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some((encoding, _)) = packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    answer
}

/// Finds the file compressed beforehand in a way that the browser takes.
fn packed(name: &str, asked: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let takes = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| {
        takes.split(',').any(|one| one.split(';').next() == Some(coding) || one.trim() == coding)
    };
    let found = |coding: &'static str, ending: &str| {
        if takes(coding) { Files::get(&format!("{name}.{ending}")).map(|file| (coding, file)) } else { None }
    };
    found("br", "br").or_else(|| found("gzip", "gz"))
}

fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut answer = Response::new(Body::from(text));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, method: Method) -> Option<Response<Body>> {
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        request.ok().as_ref().and_then(page)
    }

    /// contracts §2: the API's own addresses never answer with a page.
    #[test]
    fn the_api_keeps_its_addresses() {
        assert!(get("/api/v1/nothing", Method::GET).is_none());
        assert!(get("/assets/gone.js", Method::GET).is_none());
        assert!(get("/queue", Method::POST).is_none());
    }

    /// Issue 5: served from the binary, or the binary says what is missing.
    #[test]
    fn the_first_page_is_the_workbench_or_says_why_not() {
        let answer = get("/", Method::GET);
        let expected =
            if Files::get("index.html").is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.map(|answer| answer.status()), Some(expected));
    }
}
