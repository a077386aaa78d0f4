//! Session descriptions of desk phones and trunks (RFC 4566, 3264), as little as a
//! call of one voice needs. Browsers' descriptions are the browser leg's own.

use crate::law::Law;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

/// The largest description that is read, in bytes.
const LARGEST: usize = 16 * 1024;

/// The most lines of one.
const MOST_LINES: usize = 400;

/// Why a description cannot be agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpFault {
    /// Longer or of more lines than any phone writes.
    #[error("the session description is too large")]
    TooLarge,
    /// Not what RFC 4566 calls a description.
    #[error("the session description cannot be read")]
    Unreadable,
    /// No sound, or none of our laws.
    #[error("no PCMA or PCMU in the session description")]
    NoLaw,
}

/// Which way sound goes, as the one who writes it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both ways.
    #[default]
    Both,
    /// From the writer only: it holds us.
    SendOnly,
    /// To the writer only.
    ReceiveOnly,
    /// No way: it holds us.
    Inactive,
}

impl Direction {
    /// Gives the attribute.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Both => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::ReceiveOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    /// Gives what the other side answers to it.
    #[must_use]
    pub const fn answer(self) -> Self {
        match self {
            Self::Both => Self::Both,
            Self::SendOnly => Self::ReceiveOnly,
            Self::ReceiveOnly => Self::SendOnly,
            Self::Inactive => Self::Inactive,
        }
    }

    /// Says whether the writer keeps us on hold.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::SendOnly | Self::Inactive)
    }
}

/// What a peer said of its sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where it wants to hear; nothing for `0.0.0.0` or port 0.
    pub to: Option<SocketAddr>,
    /// Laws that it knows, in its order.
    pub laws: Vec<Law>,
    /// Payload type of its keys (RFC 4733).
    pub keys: Option<u8>,
    /// Which way sound goes.
    pub direction: Direction,
    /// Its media lines, ours first refused in an answer: kinds as written.
    pub lines: Vec<String>,
    /// Which of them is the voice.
    pub voice: usize,
}

impl Said {
    /// Reads a description.
    ///
    /// # Errors
    /// [`SdpFault`]; nothing larger than 16 KiB or 400 lines is looked at.
    pub fn read(text: &str) -> Result<Self, SdpFault> {
        if text.len() > LARGEST {
            return Err(SdpFault::TooLarge);
        }
        if !text.starts_with("v=0") {
            return Err(SdpFault::Unreadable);
        }
        if text.lines().count() > MOST_LINES {
            return Err(SdpFault::TooLarge);
        }
        let mut reading = Reading::default();
        for line in text.lines() {
            let Some((kind, value)) = line.trim_end().split_once('=') else { continue };
            reading.line(kind, value);
        }
        reading.end()
    }
}

#[derive(Default)]
struct Reading {
    session_address: Option<IpAddr>,
    session_direction: Option<Direction>,
    address: Option<IpAddr>,
    direction: Option<Direction>,
    port: Option<u16>,
    formats: Vec<u8>,
    named: Vec<(u8, String)>,
    lines: Vec<String>,
    voice: Option<usize>,
    inside: bool,
}

impl Reading {
    fn line(&mut self, kind: &str, value: &str) {
        match kind {
            "m" => self.media(value),
            "c" => {
                let address = value.rsplit(' ').next().and_then(|text| text.split('/').next()?.parse().ok());
                if self.inside {
                    self.address = address;
                } else if self.lines.is_empty() {
                    self.session_address = address;
                }
            }
            "a" => self.attribute(value),
            _ => {}
        }
    }

    fn media(&mut self, value: &str) {
        self.inside = false;
        let mut words = value.split(' ').filter(|word| !word.is_empty());
        let (kind, port, protocol) = (words.next(), words.next(), words.next());
        let plain = kind == Some("audio") && protocol == Some("RTP/AVP");
        let port = port.and_then(|port| port.split('/').next()?.parse::<u16>().ok());
        if plain && self.voice.is_none() && port.is_some_and(|port| port > 0) {
            self.voice = Some(self.lines.len());
            self.port = port;
            self.formats = words.filter_map(|word| word.parse().ok()).collect();
            self.inside = true;
        }
        self.lines.push(value.to_owned());
    }

    fn attribute(&mut self, value: &str) {
        let direction = match value {
            "sendrecv" => Some(Direction::Both),
            "sendonly" => Some(Direction::SendOnly),
            "recvonly" => Some(Direction::ReceiveOnly),
            "inactive" => Some(Direction::Inactive),
            _ => None,
        };
        if direction.is_some() {
            if self.inside {
                self.direction = direction;
            } else if self.lines.is_empty() {
                self.session_direction = direction;
            }
        }
        let Some(map) = value.strip_prefix("rtpmap:").filter(|_| self.inside) else { return };
        if let Some((number, name)) = map.split_once(' ')
            && let Ok(number) = number.parse()
        {
            self.named.push((number, name.to_ascii_lowercase()));
        }
    }

    fn end(self) -> Result<Said, SdpFault> {
        let voice = self.voice.ok_or(SdpFault::NoLaw)?;
        let law = |number: &u8| match self.name(*number) {
            Some(name) if name.starts_with("pcma/8000") => Some(Law::Pcma),
            Some(name) if name.starts_with("pcmu/8000") => Some(Law::Pcmu),
            Some(_) => None,
            None => Law::of_payload_type(*number),
        };
        // our packets carry the static numbers, so a law under another number is not ours
        let laws: Vec<Law> = self
            .formats
            .iter()
            .filter_map(|number| law(number).filter(|law| law.payload_type() == *number))
            .collect();
        if laws.is_empty() {
            return Err(SdpFault::NoLaw);
        }
        let keys =
            self.formats.iter().copied().find(|number| {
                self.name(*number).is_some_and(|name| name.starts_with("telephone-event/8000"))
            });
        let address = self.address.or(self.session_address).filter(|address| !address.is_unspecified());
        let direction = self.direction.or(self.session_direction).unwrap_or_default();
        // 0.0.0.0 is how old phones say hold
        let silent = address.is_none() && direction == Direction::Both;
        Ok(Said {
            to: address.zip(self.port).map(SocketAddr::from),
            laws,
            keys,
            direction: if silent { Direction::Inactive } else { direction },
            lines: self.lines,
            voice,
        })
    }

    fn name(&self, number: u8) -> Option<&str> {
        self.named.iter().find(|(known, _)| *known == number).map(|(_, name)| name.as_str())
    }
}

/// What we say of our sound.
#[derive(Clone, Debug)]
pub struct Ours<'a> {
    /// Where we want to hear.
    pub at: SocketAddr,
    /// Laws, the dearest first.
    pub laws: &'a [Law],
    /// Payload type of keys.
    pub keys: Option<u8>,
    /// Which way sound goes.
    pub direction: Direction,
    /// Number of the session, and of its version.
    pub session: (u64, u64),
}

impl Ours<'_> {
    /// Writes an offer.
    #[must_use]
    pub fn offer(&self) -> String {
        let mut text = self.head();
        self.voice(&mut text);
        text
    }

    /// Writes the answer to an offer: media lines that are not the voice are refused.
    #[must_use]
    pub fn answer(&self, offer: &Said) -> String {
        let mut text = self.head();
        for (place, line) in offer.lines.iter().enumerate() {
            if place == offer.voice {
                self.voice(&mut text);
                continue;
            }
            let mut words = line.split(' ');
            let (kind, _, protocol) = (words.next().unwrap_or("audio"), words.next(), words.next());
            let (protocol, format) = (protocol.unwrap_or("RTP/AVP"), words.next().unwrap_or("0"));
            let _ = write!(text, "m={kind} 0 {protocol} {format}\r\n");
        }
        text
    }

    fn head(&self) -> String {
        let (kind, address) = (if self.at.is_ipv4() { "IP4" } else { "IP6" }, self.at.ip());
        let (number, version) = self.session;
        format!(
            "v=0\r\no=huiyin {number} {version} IN {kind} {address}\r\ns=-\r\nc=IN {kind} {address}\r\nt=0 0\r\n"
        )
    }

    fn voice(&self, text: &mut String) {
        let _ = write!(text, "m=audio {} RTP/AVP", self.at.port());
        for law in self.laws {
            let _ = write!(text, " {}", law.payload_type());
        }
        if let Some(keys) = self.keys {
            let _ = write!(text, " {keys}");
        }
        text.push_str("\r\n");
        for law in self.laws {
            let name = if *law == Law::Pcma { "PCMA" } else { "PCMU" };
            let _ = write!(text, "a=rtpmap:{} {name}/8000\r\n", law.payload_type());
        }
        if let Some(keys) = self.keys {
            let _ = write!(text, "a=rtpmap:{keys} telephone-event/8000\r\na=fmtp:{keys} 0-15\r\n");
        }
        let _ = write!(text, "a=ptime:20\r\na={}\r\n", self.direction.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PHONE: &str = "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\n\
        m=audio 4000 RTP/AVP 9 8 0 96\r\na=rtpmap:9 G722/8000\r\na=rtpmap:96 telephone-event/8000\r\n\
        m=video 4002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n";

    /// RFC 3264: laws in the phone's order, keys by their name, the video refused.
    #[test]
    fn a_desk_phone_is_understood() {
        let said = Said::read(PHONE).expect("read");
        assert_eq!(said.to, Some("10.0.0.9:4000".parse().expect("address")));
        assert_eq!((said.laws.as_slice(), said.keys), ([Law::Pcma, Law::Pcmu].as_slice(), Some(96)));
        let ours = Ours {
            at: "10.0.0.1:20000".parse().expect("address"),
            laws: &[Law::Pcma],
            keys: said.keys,
            direction: Direction::Both,
            session: (1, 1),
        };
        let answer = ours.answer(&said);
        assert!(answer.contains("m=audio 20000 RTP/AVP 8 96\r\n"), "{answer}");
        assert!(answer.ends_with("m=video 0 RTP/AVP 97\r\n"), "{answer}");
        assert_eq!(Said::read(&answer).expect("our own").laws, [Law::Pcma]);
    }

    /// RFC 3264 §8.4: hold by direction, and by 0.0.0.0 as old phones do.
    #[test]
    fn hold_is_seen() {
        let held = Said::read(&PHONE.replace("m=video", "a=sendonly\r\nm=video")).expect("read");
        assert!(held.direction.holds());
        let old = Said::read(&PHONE.replace("c=IN IP4 10.0.0.9", "c=IN IP4 0.0.0.0")).expect("read");
        assert!(old.direction.holds() && old.to.is_none());
    }

    /// Issue 7: bombs and other languages are refused.
    #[test]
    fn bombs_are_refused() {
        let bomb = format!("v=0\r\n{}", "m=audio 1 RTP/AVP 8\r\n".repeat(100_000));
        assert_eq!(Said::read(&bomb), Err(SdpFault::TooLarge));
        let lines = format!("v=0\r\n{}", "a=\r\n".repeat(401));
        assert_eq!(Said::read(&lines), Err(SdpFault::TooLarge));
        assert_eq!(Said::read("hello"), Err(SdpFault::Unreadable));
        assert_eq!(Said::read(&PHONE.replace("9 8 0 96", "9 96")), Err(SdpFault::NoLaw));
    }

    proptest! {
        /// Issue 7: nothing that a peer writes makes it panic.
        #[test]
        fn nothing_makes_it_panic(lines in proptest::collection::vec("[mcav]=[ -~]{0,40}", 0..30)) {
            let _ = Said::read(&format!("v=0\r\n{}\r\n", lines.join("\r\n")));
        }
    }
}
