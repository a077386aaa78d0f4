//! Which phones of which extension can be reached where.

use crate::Registration;
use rsipstack::sip::{HeadersExt, Request, Uri};
use rsipstack::transport::SipAddr;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Phones of one extension at most.
const MOST_CONTACTS: usize = 10;

/// One phone.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    /// Where a call is addressed to.
    pub(crate) uri: Uri,
    /// The address as the phone wrote it.
    written: String,
    /// Where its messages came from, and calls go to.
    pub(crate) source: SipAddr,
    call_id: String,
    cseq: u32,
    expires: Instant,
    /// A browser rather than a desk phone.
    pub(crate) browser: bool,
    agent: Option<String>,
    missed: u32,
}

/// All phones.
#[derive(Default)]
pub(crate) struct Registrar {
    phones: Mutex<HashMap<String, Vec<Contact>>>,
}

/// What a REGISTER asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Only tell what is known.
    Query,
    /// Forget all phones.
    Clear,
    /// Addresses, each with how long.
    Bind(Vec<(String, Duration)>),
}

/// Why a REGISTER is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    Malformed,
    TooMany,
    OutOfOrder,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Came,
    Nothing,
    Gone,
}

impl Registrar {
    /// Does what a REGISTER asks for.
    pub(crate) fn apply(
        &self,
        extension: &str,
        request: &Request,
        source: &SipAddr,
        (now, longest): (Instant, Duration),
    ) -> Result<Change, Unfit> {
        let wish = wish(request, longest)?;
        let call_id = request.call_id_header().map(|id| id.value().to_owned()).unwrap_or_default();
        let cseq = request.cseq_header().and_then(|cseq| cseq.seq()).unwrap_or(0);
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let known = phones.entry(extension.to_owned()).or_default();
        let before = known.len();
        known.retain(|contact| contact.expires > now);
        let done = match wish {
            Wish::Query => Ok(()),
            Wish::Clear => {
                known.clear();
                Ok(())
            }
            Wish::Bind(wanted) => wanted.into_iter().try_for_each(|(written, time)| {
                let contact = Contact {
                    uri: Uri::try_from(written.as_str()).map_err(|_| Unfit::Malformed)?,
                    browser: is_web(source) || written.contains(".invalid"),
                    agent: request.user_agent_header().map(|agent| agent.value().chars().take(100).collect()),
                    written,
                    source: source.clone(),
                    call_id: call_id.clone(),
                    cseq,
                    expires: now + time,
                    missed: 0,
                };
                bind(known, contact, time)
            }),
        };
        let after = known.len();
        if known.is_empty() {
            phones.remove(extension);
        }
        done?;
        Ok(match (before, after) {
            (0, 0) => Change::Nothing,
            (_, 0) => Change::Gone,
            _ => Change::Came,
        })
    }

    /// Values of `Contact` for the answer.
    pub(crate) fn lines(&self, extension: &str, now: Instant) -> Vec<String> {
        let line = |contact: &Contact| {
            let left = contact.expires.saturating_duration_since(now);
            format!("<{}>;expires={}", contact.written, left.as_secs_f64().round())
        };
        self.contacts(extension, now).iter().map(line).collect()
    }

    /// The phones of an extension.
    pub(crate) fn contacts(&self, extension: &str, now: Instant) -> Vec<Contact> {
        let phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let known = phones.get(extension).into_iter().flatten();
        known.filter(|contact| contact.expires > now).cloned().collect()
    }

    /// Phones behind a router that must be kept awake.
    pub(crate) fn sleepy(&self) -> Vec<Contact> {
        let phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let udp = |contact: &&Contact| {
            contact.source.r#type.is_none_or(|wire| wire == rsipstack::sip::Transport::Udp)
                && contact.uri.host_with_port != contact.source.addr
        };
        phones.values().flatten().filter(udp).cloned().collect()
    }

    /// A phone answered, or did not; the third miss in turn removes it.
    /// Returns extensions without any phone left.
    pub(crate) fn answered(&self, source: &SipAddr, answered: bool) -> Vec<String> {
        self.keep(|contact| {
            if contact.source == *source {
                contact.missed = if answered { 0 } else { contact.missed + 1 };
            }
            contact.missed < 3
        })
    }

    /// Removes what has run out. Returns extensions without any phone left.
    pub(crate) fn expire(&self, now: Instant) -> Vec<String> {
        self.keep(|contact| contact.expires > now)
    }

    /// Removes the phones of a closed connection.
    pub(crate) fn forget_source(&self, source: &SipAddr) -> Vec<String> {
        self.keep(|contact| contact.source != *source)
    }

    fn keep(&self, mut keep: impl FnMut(&mut Contact) -> bool) -> Vec<String> {
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        phones.values_mut().for_each(|known| known.retain_mut(&mut keep));
        let gone: Vec<String> =
            phones.iter().filter(|(_, known)| known.is_empty()).map(|(name, _)| name.clone()).collect();
        phones.retain(|_, known| !known.is_empty());
        gone
    }

    /// All phones.
    pub(crate) fn list(&self) -> Vec<Registration> {
        let phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list: Vec<Registration> = phones
            .iter()
            .flat_map(|(extension, known)| known.iter().filter_map(|contact| contact.told(extension)))
            .collect();
        list.sort_by(|a, b| (&a.extension, a.from).cmp(&(&b.extension, b.from)));
        list
    }

    /// The phone that registered last.
    pub(crate) fn newest(&self, extension: &str) -> Option<Registration> {
        let phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        phones.get(extension)?.last()?.told(extension)
    }
}

impl Contact {
    fn told(&self, extension: &str) -> Option<Registration> {
        Some(Registration {
            extension: extension.to_owned(),
            from: self.source.get_socketaddr().ok()?,
            browser: self.browser,
            agent: self.agent.clone(),
        })
    }
}

fn is_web(source: &SipAddr) -> bool {
    use rsipstack::sip::Transport::{Ws, Wss};
    matches!(source.r#type, Some(Ws | Wss))
}

fn bind(known: &mut Vec<Contact>, contact: Contact, time: Duration) -> Result<(), Unfit> {
    let same = |other: &Contact| other.written == contact.written;
    if let Some(old) = known.iter().find(|other| same(other))
        && old.call_id == contact.call_id
        && contact.cseq <= old.cseq
    {
        return Err(Unfit::OutOfOrder);
    }
    // A phone that restarted behind its connection leaves no twin.
    known.retain(|other| !(same(other) || other.browser && other.source == contact.source));
    if time.is_zero() {
        return Ok(());
    }
    if known.len() >= MOST_CONTACTS {
        return Err(Unfit::TooMany);
    }
    known.push(contact);
    Ok(())
}

/// Reads what a REGISTER asks for.
pub(crate) fn wish(request: &Request, longest: Duration) -> Result<Wish, Unfit> {
    let overall = match request.expires_header() {
        Some(expires) => Some(expires.value().trim().parse::<u64>().map_err(|_| Unfit::Malformed)?),
        None => None,
    };
    let lines = request.contact_headers();
    if lines.is_empty() {
        return Ok(Wish::Query);
    }
    if lines.iter().any(|line| line.value().trim() == "*") {
        return if lines.len() == 1 && overall == Some(0) { Ok(Wish::Clear) } else { Err(Unfit::Malformed) };
    }
    let mut wanted = Vec::new();
    for line in lines {
        for one in split(line.value()) {
            let (written, params) = address(&one).ok_or(Unfit::Malformed)?;
            let own = params.split(';').find_map(|param| {
                let (name, value) = param.split_once('=')?;
                name.trim()
                    .eq_ignore_ascii_case("expires")
                    .then(|| value.trim().trim_matches('"').parse().ok())
            });
            let time = own.flatten().or(overall).unwrap_or(longest.as_secs());
            wanted.push((written, Duration::from_secs(time).min(longest)));
        }
    }
    if wanted.len() > MOST_CONTACTS { Err(Unfit::TooMany) } else { Ok(Wish::Bind(wanted)) }
}

/// Splits at commas outside of quotes and brackets.
fn split(line: &str) -> Vec<String> {
    let (mut parts, mut part, mut quoted, mut bracket) = (Vec::new(), String::new(), false, false);
    for sign in line.chars() {
        match sign {
            '"' => quoted = !quoted,
            '<' if !quoted => bracket = true,
            '>' if !quoted => bracket = false,
            ',' if !quoted && !bracket => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(sign);
    }
    parts.push(part);
    parts
}

/// The address of a Contact, and what follows it.
fn address(one: &str) -> Option<(String, &str)> {
    let (uri, params) = match one.find('<') {
        Some(start) => {
            let end = one[start..].find('>')? + start;
            (&one[start + 1..end], &one[end + 1..])
        }
        None => match one.find(';') {
            Some(at) => (&one[..at], &one[at..]),
            None => (one, ""),
        },
    };
    let uri = uri.trim();
    let fits = uri.len() <= 500 && (uri.starts_with("sip:") || uri.starts_with("sips:"));
    fits.then(|| (uri.to_owned(), params))
}

#[cfg(test)]
mod tests {
    use super::{Change, Registrar, Unfit};
    use rsipstack::sip::{Request, Transport};
    use rsipstack::transport::SipAddr;
    use std::net::SocketAddr;
    use std::time::{Duration, Instant};

    const HOUR: Duration = Duration::from_secs(3_600);

    fn register(cseq: u32, lines: &str) -> Request {
        let text = format!(
            "REGISTER sip:huiyin SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nFrom: <sip:8001@huiyin>;tag=a\r\n\
             To: <sip:8001@huiyin>\r\nCall-ID: c\r\nCSeq: {cseq} REGISTER\r\n{lines}\r\n"
        );
        Request::try_from(text.as_str()).unwrap()
    }

    fn source() -> SipAddr {
        SipAddr {
            r#type: Some(Transport::Udp),
            addr: "198.51.100.7:1024".parse::<SocketAddr>().unwrap().into(),
        }
    }

    fn apply(registrar: &Registrar, cseq: u32, lines: &str, now: Instant) -> Result<Change, Unfit> {
        registrar.apply("8001", &register(cseq, lines), &source(), (now, HOUR))
    }

    /// Issue 7: several phones of one extension, each with its time; they run
    /// out, can be forgotten one by one or all.
    #[test]
    fn keeps_several_phones() {
        let (registrar, now) = (Registrar::default(), Instant::now());
        let two = "Contact: \"a, b\" <sip:8001@192.0.2.1:5060;transport=udp>;expires=60, <sip:8001@192.0.2.2>\r\nExpires: 90\r\n";
        assert_eq!(apply(&registrar, 1, two, now), Ok(Change::Came));
        assert_eq!(
            registrar.lines("8001", now),
            ["<sip:8001@192.0.2.1:5060;transport=udp>;expires=60", "<sip:8001@192.0.2.2>;expires=90"]
        );
        assert_eq!(registrar.contacts("8001", now)[0].source, source());
        assert_eq!(registrar.contacts("8001", now + Duration::from_secs(61)).len(), 1);
        assert_eq!(registrar.expire(now + Duration::from_secs(61)), Vec::<String>::new());
        assert_eq!(
            apply(&registrar, 2, "Contact: <sip:8001@192.0.2.2>;expires=0\r\n", now),
            Ok(Change::Gone)
        );
        assert_eq!(apply(&registrar, 3, two, now), Ok(Change::Came));
        assert_eq!(apply(&registrar, 4, "Contact: *\r\nExpires: 0\r\n", now), Ok(Change::Gone));
        assert_eq!(apply(&registrar, 5, "", now), Ok(Change::Nothing));
        assert_eq!(apply(&registrar, 6, two, now), Ok(Change::Came));
        assert_eq!(registrar.expire(now + HOUR), ["8001"]);
    }

    /// Issue 7: what is out of order, too much or unreadable changes nothing.
    #[test]
    fn refuses_what_is_unfit() {
        let (registrar, now) = (Registrar::default(), Instant::now());
        let one = "Contact: <sip:8001@192.0.2.1>\r\n";
        assert_eq!(apply(&registrar, 2, one, now), Ok(Change::Came));
        assert_eq!(apply(&registrar, 1, one, now), Err(Unfit::OutOfOrder));
        assert_eq!(apply(&registrar, 3, "Contact: *\r\n", now), Err(Unfit::Malformed));
        assert_eq!(apply(&registrar, 3, "Contact: http://a\r\n", now), Err(Unfit::Malformed));
        assert_eq!(apply(&registrar, 3, "Contact: <sip:a@b\r\n", now), Err(Unfit::Malformed));
        let many: String = (0..11).map(|n| format!("Contact: <sip:8001@192.0.2.{n}>\r\n")).collect();
        assert_eq!(apply(&registrar, 3, &many, now), Err(Unfit::TooMany));
        assert_eq!(registrar.contacts("8001", now).len(), 1);
    }

    /// Issue 7: a phone that misses three keep-alives in turn is gone; one
    /// that answers stays.
    #[test]
    fn silent_phones_go() {
        let (registrar, now) = (Registrar::default(), Instant::now());
        apply(&registrar, 1, "Contact: <sip:8001@192.0.2.1>\r\n", now).unwrap();
        assert_eq!(registrar.sleepy().len(), 1);
        for answered in [false, false, true, false, false] {
            assert_eq!(registrar.answered(&source(), answered), Vec::<String>::new());
        }
        assert_eq!(registrar.answered(&source(), false), ["8001"]);
    }
}
