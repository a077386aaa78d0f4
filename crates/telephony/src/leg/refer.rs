//! Transfers that a phone asks for (REFER), and those that we ask for.

use crate::core::Core;
use crate::core::headers::unescape;
use crate::{LegId, Signal, Target, TransferStep};
use rsipstack::sip::{Header, HeadersExt, Request};

/// Reads a REFER; `None` where it names nobody.
pub(crate) fn read(core: &Core, leg: LegId, request: &Request) -> Option<Signal> {
    let value = request.refer_to_header()?.value().to_owned();
    let (to, replaces) = target(&value)?;
    let replaces = match replaces {
        Some(wanted) => Some(core.legs.of_dialog(&wanted.call_id, [&wanted.tags[0], &wanted.tags[1]])?),
        None => None,
    };
    let to = match core.directory.extension(&to) {
        Some(extension) => Target::Extension(extension.name),
        None => Target::Number { number: to, trunk: None },
    };
    Some(Signal::TransferAsked { leg, to, replaces })
}

#[derive(Debug, PartialEq, Eq)]
struct Replaces {
    call_id: String,
    tags: [String; 2],
}

/// User and Replaces of `<sip:8002@a?Replaces=id%3Bto-tag%3Dx%3Bfrom-tag%3Dy>`.
fn target(value: &str) -> Option<(String, Option<Replaces>)> {
    let uri = value.split_once('<').map_or(value, |(_, rest)| rest).split('>').next()?.trim();
    let (address, headers) = uri.split_once('?').unwrap_or((uri, ""));
    let lower = address.to_ascii_lowercase();
    let rest = if lower.starts_with("sip:") {
        &address[4..]
    } else if lower.starts_with("sips:") {
        &address[5..]
    } else if lower.starts_with("tel:") {
        let number = unescape(address[4..].split(';').next()?);
        return (!number.is_empty()).then_some((number, None));
    } else {
        return None;
    };
    let user = unescape(rest.split_once('@')?.0.split([';', ':']).next()?);
    if user.is_empty() {
        return None;
    }
    let replaces = headers.split('&').find_map(|header| {
        let (name, value) = header.split_once('=')?;
        name.eq_ignore_ascii_case("Replaces").then(|| unescape(value))
    });
    match replaces {
        Some(text) => Some((user, Some(dialog(&text)?))),
        None => Some((user, None)),
    }
}

fn dialog(text: &str) -> Option<Replaces> {
    let mut parts = text.split(';');
    let call_id = parts.next()?.trim().to_owned();
    let (mut to, mut from) = (None, None);
    for part in parts {
        match part.split_once('=') {
            Some(("to-tag", tag)) => to = Some(tag.trim().to_owned()),
            Some(("from-tag", tag)) => from = Some(tag.trim().to_owned()),
            _ => {}
        }
    }
    Some(Replaces { call_id, tags: [to?, from?] })
}

/// Headers and body of a NOTIFY that tells how a transfer goes.
pub(crate) fn notify(step: TransferStep) -> (Vec<Header>, Vec<u8>) {
    let (status, state) = match step {
        TransferStep::Trying => ("100 Trying".to_owned(), "active;expires=60"),
        TransferStep::Ringing => ("180 Ringing".to_owned(), "active;expires=60"),
        TransferStep::Done => ("200 OK".to_owned(), "terminated;reason=noresource"),
        TransferStep::Failed(cause) => {
            (format!("{} {}", cause.status(), cause.name()), "terminated;reason=noresource")
        }
    };
    let headers = vec![
        Header::Event("refer".into()),
        Header::SubscriptionState(state.into()),
        Header::ContentType("message/sipfrag;version=2.0".into()),
    ];
    (headers, format!("SIP/2.0 {status}\r\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Replaces, target};

    /// Issue 7, transfer: blind and attended targets are read, nonsense not.
    #[test]
    fn reads_whom_to_call() {
        assert_eq!(target("<sip:8002@192.0.2.1;user=phone>"), Some(("8002".to_owned(), None)));
        assert_eq!(target("sip:%2B86@a"), Some(("+86".to_owned(), None)));
        assert_eq!(target("\"x\" <tel:10086;a=b>"), Some(("10086".to_owned(), None)));
        let replaces = Replaces { call_id: "c@d".to_owned(), tags: ["x".to_owned(), "y".to_owned()] };
        assert_eq!(
            target("<sip:8002@a?Replaces=c%40d%3Bto-tag%3Dx%3Bfrom-tag%3Dy>"),
            Some(("8002".to_owned(), Some(replaces)))
        );
        for nonsense in ["", "<sip:a>", "<http://8002@a>", "<sip:@a>", "<sip:8002@a?Replaces=c>"] {
            assert_eq!(target(nonsense), None, "{nonsense}");
        }
    }
}
