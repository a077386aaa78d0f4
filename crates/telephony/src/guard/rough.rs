//! Answers to requests that the stack would drop without a word: what cannot
//! be read gets 400, an unknown method 501, a wrong version 505.

use rsipstack::sip::{HeadersExt, SipMessage, ToTypedHeader};

/// What is to be done with the bytes of one message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Let the stack have it.
    Pass,
    /// Send this back.
    Answer(String),
    /// Say nothing: it is no request, or there is nobody to answer.
    Drop,
}

/// Looks at the bytes of one message; `from` goes into the Via of an answer.
pub(crate) fn judge(bytes: &[u8], from: std::net::SocketAddr) -> Judged {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Judged::Pass;
    }
    let fault = match SipMessage::try_from(bytes) {
        Ok(SipMessage::Response(_)) => return Judged::Pass,
        Ok(SipMessage::Request(request)) => match complaint(&request, bytes) {
            Some(fault) => fault,
            None => return Judged::Pass,
        },
        Err(_) => unreadable(bytes),
    };
    let text = String::from_utf8_lossy(bytes);
    answer(&text, from, fault).map_or(Judged::Drop, Judged::Answer)
}

type Fault = (u16, &'static str);

/// What the stack accepts but RFC 3261 does not.
fn complaint(request: &rsipstack::sip::Request, bytes: &[u8]) -> Option<Fault> {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if !first.trim_ascii_end().ends_with(b"SIP/2.0") {
        return Some((505, "Version Not Supported"));
    }
    let seq = request.cseq_header().and_then(|cseq| Ok((cseq.seq()?, cseq.method()?)));
    let Ok((seq, method)) = seq else {
        return Some((400, "Bad CSeq"));
    };
    if method != request.method || seq > i32::MAX.unsigned_abs() {
        return Some((400, "Bad CSeq"));
    }
    let whole = [
        request.from_header().and_then(|from| from.tag()).is_ok_and(|tag| tag.is_some()),
        request.to_header().and_then(|to| to.uri()).is_ok(),
        request.from_header().and_then(|from| from.uri()).is_ok(),
        request.call_id_header().is_ok_and(|id| !id.value().trim().is_empty()),
        request.via_header().is_ok_and(|via| via.typed().is_ok()),
    ];
    if whole.contains(&false) {
        return Some((400, "Bad Header Field"));
    }
    if length_is_wrong(request, bytes) {
        return Some((400, "Bad Content-Length"));
    }
    let hops = request.headers.iter().filter(|header| header.name().eq_ignore_ascii_case("Max-Forwards"));
    if hops.into_iter().any(|hops| hops.value().trim().parse::<u32>().is_err()) {
        return Some((400, "Bad Max-Forwards"));
    }
    if first.split(|byte| *byte == b' ').nth(1).is_some_and(|uri| uri.starts_with(b"<")) {
        return Some((400, "Bad Request-URI"));
    }
    match &request.uri.scheme {
        Some(rsipstack::sip::Scheme::Other(scheme)) if !scheme.eq_ignore_ascii_case("tel") => {
            Some((416, "Unsupported URI Scheme"))
        }
        _ => None,
    }
}

fn length_is_wrong(request: &rsipstack::sip::Request, bytes: &[u8]) -> bool {
    let Some(said) = request.header_value("Content-Length").or_else(|| request.header_value("l")) else {
        return false;
    };
    let Ok(said) = said.trim().parse::<usize>() else {
        return true;
    };
    let body = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| bytes.len() - at - 4);
    said > body
}

fn unreadable(bytes: &[u8]) -> Fault {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let mut words = first.trim_end().split(' ');
    let method = words.next().unwrap_or_default();
    let is_token =
        !method.is_empty() && method.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b));
    let known = method.parse::<rsipstack::sip::Method>().is_ok();
    match first.trim_end().rsplit(' ').next() {
        Some("SIP/2.0") if is_token && !known => (501, "Not Implemented"),
        Some(version) if version.starts_with("SIP/") && version != "SIP/2.0" => {
            (505, "Version Not Supported")
        }
        _ => (400, "Bad Request"),
    }
}

/// An answer made from the lines that can be found; none to an ACK, a
/// response, or what names no Via and Call-ID.
fn answer(text: &str, from: std::net::SocketAddr, (status, reason): Fault) -> Option<String> {
    let head = text.split("\r\n\r\n").next()?;
    let mut lines = head.split("\r\n");
    let start = lines.next()?;
    if start.starts_with("SIP/") || start.starts_with("ACK ") || !start.contains("SIP/") {
        return None;
    }
    let mut found = Found::default();
    for line in lines.take(200) {
        found.take(line);
    }
    let via = found.via.first()?;
    let via = format!("{via};received={}{}", from.ip(), if via.contains(";rport") { "" } else { ";rport" });
    let via = via.replace(";rport", &format!(";rport={}", from.port()));
    let mut out = format!("SIP/2.0 {status} {reason}\r\nVia: {via}\r\n");
    for more in found.via.iter().skip(1) {
        out.push_str(&format!("Via: {more}\r\n"));
    }
    let to = found.to?;
    let tag = if to.contains("tag=") { "" } else { ";tag=unread" };
    let fields = [
        ("From", found.from?),
        ("To", format!("{to}{tag}")),
        ("Call-ID", found.call_id?),
        ("CSeq", found.cseq?),
    ];
    for (name, value) in fields {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("Content-Length: 0\r\n\r\n");
    Some(out)
}

#[derive(Default)]
struct Found {
    via: Vec<String>,
    from: Option<String>,
    to: Option<String>,
    call_id: Option<String>,
    cseq: Option<String>,
}

impl Found {
    fn take(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else {
            return;
        };
        let value: String = value.trim().chars().filter(|sign| !sign.is_control()).take(1_000).collect();
        match name.trim().to_ascii_lowercase().as_str() {
            "via" | "v" if self.via.len() < 20 => self.via.push(value),
            "from" | "f" => self.from = Some(value),
            "to" | "t" => self.to = Some(value),
            "call-id" | "i" => self.call_id = Some(value),
            "cseq" => self.cseq = Some(value),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
