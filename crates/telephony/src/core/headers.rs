//! Reading and making header fields.

use rsipstack::sip::{Header, HeadersExt, Method, Request, StatusCode};
use rsipstack::transaction::Transaction;

/// What we can be asked.
const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY, PRACK, REGISTER";
/// Extensions that we know.
pub(crate) const EXTENSIONS: [&str; 4] = ["100rel", "timer", "replaces", "norefersub"];

/// `Allow` with our methods.
pub(crate) fn allow() -> Header {
    Header::Allow(ALLOW.into())
}

/// `Supported` with our extensions.
pub(crate) fn supported() -> Header {
    Header::Supported("100rel, timer, replaces".into())
}

/// `Content-Type: application/sdp`.
pub(crate) fn sdp_type() -> Header {
    Header::ContentType("application/sdp".into())
}

/// User part of the From address.
pub(crate) fn from_user(request: &Request) -> Option<String> {
    let uri = request.from_header().ok()?.uri().ok()?;
    uri.user().map(unescape)
}

/// Name in the From address.
pub(crate) fn from_name(request: &Request) -> Option<String> {
    use rsipstack::sip::ToTypedHeader;
    let from = request.from_header().ok()?.typed().ok()?;
    from.display_name.map(|name| name.trim().trim_matches('"').to_owned()).filter(|name| !name.is_empty())
}

/// User part of the To address.
pub(crate) fn to_user(request: &Request) -> Option<String> {
    let uri = request.to_header().ok()?.uri().ok()?;
    uri.user().map(unescape)
}

/// The dialled number: user part of the Request-URI, without parameters.
pub(crate) fn called(request: &Request) -> String {
    let user = match &request.uri.scheme {
        Some(rsipstack::sip::Scheme::Other(scheme)) if scheme.eq_ignore_ascii_case("tel") => {
            request.uri.host_with_port.to_string()
        }
        _ => request.uri.user().map(unescape).unwrap_or_default(),
    };
    user.split(';').next().unwrap_or_default().to_owned()
}

/// Number that a carrier vouches for, else the one in From.
pub(crate) fn caller(request: &Request) -> String {
    let asserted = request.header_value("P-Asserted-Identity").and_then(|value| user_of(&value));
    let from = || request.from_header().ok().and_then(|from| user_of(from.value()));
    asserted.or_else(|| from_user(request)).or_else(from).unwrap_or_default()
}

/// User part of the first address in a header value.
fn user_of(value: &str) -> Option<String> {
    let uri = value.split_once('<').map_or(value, |(_, rest)| rest);
    let uri = uri.split(['>', ',']).next()?.trim();
    let rest = uri.strip_prefix("sips:").or_else(|| uri.strip_prefix("sip:"));
    let user = match rest {
        Some(rest) => rest.split_once('@')?.0,
        None => uri.strip_prefix("tel:")?,
    };
    user.split([';', ':']).next().map(unescape).filter(|user| !user.is_empty())
}

/// Replaces `%41` by what it stands for.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &tail[2..];
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Extensions that a request insists on and we do not know.
pub(crate) fn unknown_extensions(request: &Request) -> Vec<String> {
    let wanted = request.header_value("Require").unwrap_or_default();
    let wanted = wanted.split(',').map(str::trim).filter(|token| !token.is_empty());
    wanted
        .filter(|token| !EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(token)))
        .map(str::to_owned)
        .collect()
}

/// A body that is SDP, or nothing; `Err` where it is something else.
pub(crate) fn sdp(request: &Request) -> Result<Option<String>, ()> {
    if request.body.is_empty() {
        return Ok(None);
    }
    let kind = request.header_value("Content-Type").or_else(|| request.header_value("c")).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/sdp") {
        return Err(());
    }
    String::from_utf8(request.body.clone()).map(Some).map_err(|_| ())
}

/// The key of an INFO with `application/dtmf-relay` or `application/dtmf`.
pub(crate) fn info_digit(request: &Request) -> Option<char> {
    let kind = request.header_value("Content-Type").or_else(|| request.header_value("c"))?;
    let body = String::from_utf8_lossy(&request.body);
    let sign = if kind.to_ascii_lowercase().contains("dtmf-relay") {
        let line = body.lines().find(|line| line.trim_start().to_ascii_lowercase().starts_with("signal"))?;
        line.split_once('=')?.1.trim().chars().next()
    } else if kind.to_ascii_lowercase().contains("application/dtmf") {
        body.trim().chars().next()
    } else {
        None
    }?;
    let sign = sign.to_ascii_uppercase();
    (sign.is_ascii_digit() || "*#ABCD".contains(sign)).then_some(sign)
}

/// A name that is safe between quotes.
pub(crate) fn safe_name(name: &str) -> String {
    name.chars().filter(|sign| !sign.is_control() && !matches!(sign, '"' | '\\')).take(100).collect()
}

/// Answers a request in a transaction of its own.
pub(crate) async fn reply(tx: &mut Transaction, status: u16, headers: Vec<Header>) {
    if tx.original.method == Method::Ack {
        return;
    }
    if let Err(fault) = tx.reply_with(StatusCode::from(status), headers, None).await {
        tracing::debug!(%fault, status, "could not answer");
        return;
    }
    if tx.original.method == Method::Invite {
        // the caller's ACK ends it
        while tx.receive().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::{unescape, user_of};

    /// Numbers are found in the address forms that carriers use.
    #[test]
    fn finds_the_user_of_an_address() {
        assert_eq!(user_of("\"A, B\" <sip:+8610;phone-context=x@c.example>"), Some("+8610".to_owned()));
        assert_eq!(user_of("<tel:+861012345>"), Some("+861012345".to_owned()));
        assert_eq!(user_of("sip:c.example"), None);
        assert_eq!(unescape("%2B86%zz%4"), "+86%zz%4");
    }
}
