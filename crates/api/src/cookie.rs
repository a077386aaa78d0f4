//! The session cookie.

use crate::edge::Outside;
use axum::http::{HeaderMap, HeaderValue, header};

/// Its name over TLS: bound to this host, sent by TLS alone.
const OVER_TLS: &str = "__Host-huiyin";

/// Its name on plain HTTP, where browsers refuse the prefix.
const PLAIN: &str = "huiyin";

fn name(outside: &Outside) -> &'static str {
    if outside.secure() { OVER_TLS } else { PLAIN }
}

/// Finds the session's secret among the cookies of a request.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, outside: &Outside) -> Option<&'a str> {
    let name = name(outside);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// Makes the header that gives a browser its session.
///
/// The cookie lives as long as the browser; the server ends it by its own
/// limits, idle and absolute.
///
/// # Errors
/// None in practice: secrets are plain ASCII; gives `None` otherwise.
#[must_use]
pub fn set(secret: &str, outside: &Outside) -> Option<HeaderValue> {
    let secure = if outside.secure() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}", name(outside))).ok()
}

/// Makes the header that takes the session away from a browser.
#[must_use]
pub fn clear(outside: &Outside) -> HeaderValue {
    HeaderValue::from_static(if outside.secure() {
        "__Host-huiyin=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    } else {
        "huiyin=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// contracts §1: over TLS the cookie is bound to the host, on plain HTTP
    /// it works all the same.
    #[test]
    fn the_cookie_fits_the_transport() {
        let plain = Outside::default();
        let tls = Outside { public_url: Some("https://desk.example.cn".into()), ..Outside::default() };
        assert_eq!(set("s", &plain).expect("ascii"), "huiyin=s; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(set("s", &tls).expect("ascii"), "__Host-huiyin=s; Path=/; HttpOnly; SameSite=Lax; Secure");
        let sent = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("a=b; huiyin=s; c"))]);
        assert_eq!(read(&sent, &plain), Some("s"));
        assert_eq!(read(&sent, &tls), None, "a plain cookie does not count over TLS");
        assert_eq!(set("a\nb", &plain), None);
    }
}
