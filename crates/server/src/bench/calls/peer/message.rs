//! Just enough SIP to play callers and desk phones: text in, text out (RFC 3261).

use anyhow::{Context as _, bail};
use md5::{Digest as _, Md5};
use std::fmt::Write as _;
use std::net::SocketAddr;

/// A request or an answer, header by header.
#[derive(Clone, Debug)]
pub struct Message {
    /// First line.
    pub first: String,
    headers: Vec<(String, String)>,
    /// What follows the headers.
    pub body: String,
}

impl Message {
    /// Reads one datagram.
    ///
    /// # Errors
    /// When it is no SIP message.
    pub fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let text = std::str::from_utf8(bytes)?;
        let (head, body) = text.split_once("\r\n\r\n").context("no end of headers")?;
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        if !first.contains("SIP/2.0") {
            bail!("no SIP: {first}");
        }
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((long_name(name.trim()).to_owned(), value.trim().to_owned()))
        };
        Ok(Self { first, headers: lines.filter_map(header).collect(), body: body.to_owned() })
    }

    /// Gives the status of an answer; nothing for a request.
    pub fn status(&self) -> Option<u16> {
        self.first.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()
    }

    /// Gives the method of a request.
    pub fn method(&self) -> &str {
        self.first.split(' ').next().unwrap_or_default()
    }

    /// Gives the first header of a name, as written out.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Gives every header of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Gives which call it belongs to.
    pub fn call(&self) -> &str {
        self.header("Call-ID").unwrap_or_default()
    }

    /// Gives the method of the transaction.
    pub fn transaction(&self) -> &str {
        self.header("CSeq").and_then(|value| value.split_whitespace().nth(1)).unwrap_or_default()
    }

    /// Gives the address inside the angle brackets of the contact.
    pub fn contact(&self) -> Option<&str> {
        self.header("Contact").map(inside_brackets)
    }

    /// Gives where the other side wants its sound.
    pub fn sound(&self) -> Option<SocketAddr> {
        let line = |start: &str| self.body.lines().find_map(|line| line.strip_prefix(start));
        let address = line("c=IN IP4 ")?.trim().parse().ok()?;
        let port = line("m=audio ")?.split(' ').next()?.parse().ok()?;
        Some(SocketAddr::new(address, port))
    }

    /// Answers a request; `tag` is ours in this dialog.
    pub fn answer(&self, status: &str, tag: &str, rest: &[(&str, &str)], body: &str) -> String {
        let mut text = format!("SIP/2.0 {status}\r\n");
        for name in ["Via", "Record-Route", "From", "Call-ID", "CSeq"] {
            for value in self.all(name) {
                line(&mut text, name, value);
            }
        }
        let to = self.header("To").unwrap_or_default();
        let tagged = if to.contains(";tag=") { to.to_owned() } else { format!("{to};tag={tag}") };
        line(&mut text, "To", &tagged);
        finish(text, rest, body)
    }
}

/// A request before it is sent.
pub struct Request<'a> {
    /// INVITE, REGISTER, …
    pub method: &'a str,
    /// Whom it is for.
    pub uri: &'a str,
    /// From, with tag.
    pub from: &'a str,
    /// To, with a tag inside a dialog.
    pub to: &'a str,
    /// Which call.
    pub call: &'a str,
    /// Number of the request in its call.
    pub number: u32,
    /// Our address.
    pub ours: SocketAddr,
}

impl Request<'_> {
    /// Writes it out.
    pub fn write(&self, branch: &str, rest: &[(&str, &str)], body: &str) -> String {
        let mut text = format!("{} {} SIP/2.0\r\n", self.method, self.uri);
        line(&mut text, "Via", &format!("SIP/2.0/UDP {};branch=z9hG4bK{branch};rport", self.ours));
        line(&mut text, "Max-Forwards", "70");
        line(&mut text, "From", self.from);
        line(&mut text, "To", self.to);
        line(&mut text, "Call-ID", self.call);
        line(&mut text, "CSeq", &format!("{} {}", self.number, self.method));
        finish(text, rest, body)
    }
}

/// Offers or accepts PCMA and DTMF at an address.
pub fn sound_at(address: SocketAddr) -> String {
    let (ip, port) = (address.ip(), address.port());
    format!(
        "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 101\r\n\
         a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\n\
         a=sendrecv\r\n"
    )
}

/// Proves a password without saying it (RFC 2617, MD5).
///
/// # Errors
/// When the challenge lacks its parts.
pub fn proof(
    challenge: &str,
    (user, password): (&str, &str),
    method: &str,
    uri: &str,
) -> anyhow::Result<String> {
    let part = |name: &str| {
        let from = challenge.find(&format!("{name}=\""))? + name.len() + 2;
        challenge.get(from..)?.split('"').next()
    };
    let (realm, nonce) = (part("realm").context("no realm")?, part("nonce").context("no nonce")?);
    let secret = hashed(&format!("{user}:{realm}:{password}"));
    let asked = hashed(&format!("{method}:{uri}"));
    let (count, ours) = ("00000001", "6875697969");
    let response = hashed(&format!("{secret}:{nonce}:{count}:{ours}:auth:{asked}"));
    Ok(format!(
        "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
         response=\"{response}\", algorithm=MD5, qop=auth, nc={count}, cnonce=\"{ours}\""
    ))
}

fn hashed(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn inside_brackets(value: &str) -> &str {
    value.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(value, |(inside, _)| inside)
}

fn long_name(name: &str) -> &str {
    match name {
        "v" => "Via",
        "f" => "From",
        "t" => "To",
        "i" => "Call-ID",
        "m" => "Contact",
        other => other,
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    let _ = write!(text, "{name}: {value}\r\n");
}

fn finish(mut text: String, rest: &[(&str, &str)], body: &str) -> String {
    rest.iter().for_each(|(name, value)| line(&mut text, name, value));
    if !body.is_empty() {
        line(&mut text, "Content-Type", "application/sdp");
    }
    line(&mut text, "Content-Length", &body.len().to_string());
    text + "\r\n" + body
}
