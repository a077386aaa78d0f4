//! Session timers (RFC 4028): `rsipstack` has none.

use rsipstack::sip::{Header, HeadersExt, Request, Response};
use std::time::Duration;

/// Shortest session that we accept.
pub(crate) const SHORTEST: u64 = 90;

/// An agreed timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timer {
    /// The session ends without a refresh in this time.
    pub(crate) interval: Duration,
    /// We refresh, rather than the other side.
    pub(crate) ours: bool,
}

impl Timer {
    /// When to act next: refresh at half of it, or give up a little before
    /// its end.
    pub(crate) fn wait(self) -> Duration {
        if self.ours {
            self.interval / 2
        } else {
            self.interval - (self.interval / 3).min(Duration::from_secs(32))
        }
    }
}

fn read(value: &str) -> Option<(u64, Option<String>)> {
    let mut parts = value.split(';');
    let seconds = parts.next()?.trim().parse().ok()?;
    let refresher = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("refresher").then(|| value.trim().to_ascii_lowercase())
    });
    Some((seconds, refresher))
}

fn asked(message: &impl HeadersExt) -> Option<(u64, Option<String>)> {
    let value = message.header_value("Session-Expires").or_else(|| message.header_value("x"))?;
    read(&value)
}

/// What a request of the other side asks for: the timer and the headers of
/// our answer, or the interval that is too short.
pub(crate) fn answer(request: &Request, ours: Duration) -> Result<(Option<Timer>, Vec<Header>), ()> {
    let knows = ["Supported", "k"].iter().any(|name| request.header_contains_token(name, "timer"));
    let (seconds, refresher) = match asked(request) {
        Some((seconds, refresher)) => (seconds, refresher),
        None if knows && !ours.is_zero() => (ours.as_secs(), None),
        None => return Ok((None, Vec::new())),
    };
    if seconds < SHORTEST {
        return Err(());
    }
    let seconds = if ours.is_zero() { seconds } else { seconds.min(ours.as_secs().max(SHORTEST)) };
    let theirs = knows && refresher.as_deref() != Some("uas");
    let who = if theirs { "uac" } else { "uas" };
    let mut headers = vec![Header::SessionExpires(format!("{seconds};refresher={who}").into())];
    if knows {
        headers.push(Header::Require("timer".into()));
    }
    Ok((Some(Timer { interval: Duration::from_secs(seconds), ours: !theirs }), headers))
}

/// The header of a 422.
pub(crate) fn shortest() -> Header {
    Header::MinSE(SHORTEST.to_string().into())
}

/// What we ask for when we call.
pub(crate) fn ask(ours: Duration) -> Vec<Header> {
    if ours.is_zero() {
        return Vec::new();
    }
    let seconds = ours.as_secs().max(SHORTEST);
    vec![Header::SessionExpires(seconds.to_string().into()), shortest()]
}

/// What the other side agreed to.
pub(crate) fn agreed(response: &Response) -> Option<Timer> {
    let (seconds, refresher) = asked(response)?;
    let interval = Duration::from_secs(seconds.max(SHORTEST));
    Some(Timer { interval, ours: refresher.as_deref() != Some("uas") })
}

#[cfg(test)]
mod tests {
    use super::{Timer, answer};
    use rsipstack::sip::Request;
    use std::time::Duration;

    fn invite(lines: &str) -> Request {
        let text = format!(
            "INVITE sip:1@a SIP/2.0\r\nVia: SIP/2.0/UDP b;branch=z9hG4bKa\r\nFrom: <sip:2@b>;tag=a\r\nTo: <sip:1@a>\r\n\
             Call-ID: c\r\nCSeq: 1 INVITE\r\n{lines}\r\n"
        );
        Request::try_from(text.as_str()).unwrap()
    }

    const HALF_HOUR: Duration = Duration::from_secs(1_800);

    /// Issue 7, session timers: the other side's wish is kept where it can
    /// be, too short ones are refused, and who refreshes is always said.
    #[test]
    fn agrees_on_a_timer() {
        let timer = |lines| answer(&invite(lines), HALF_HOUR).map(|(timer, _)| timer);
        let of = |seconds, ours| Ok(Some(Timer { interval: Duration::from_secs(seconds), ours }));
        assert_eq!(timer(""), Ok(None));
        assert_eq!(timer("Supported: timer\r\n"), of(1_800, false));
        assert_eq!(timer("Supported: timer\r\nSession-Expires: 600;refresher=uas\r\n"), of(600, true));
        assert_eq!(timer("Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"), of(600, false));
        assert_eq!(timer("Session-Expires: 9000\r\n"), of(1_800, true));
        assert_eq!(timer("Supported: timer\r\nx: 89\r\n"), Err(()));
        assert_eq!(Timer { interval: HALF_HOUR, ours: true }.wait(), Duration::from_secs(900));
        assert_eq!(Timer { interval: HALF_HOUR, ours: false }.wait(), Duration::from_secs(1_768));
    }
}
