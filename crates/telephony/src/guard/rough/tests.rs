use super::{Judged, judge};
use proptest::prelude::*;
use rsipstack::sip::{HeadersExt, Response};
use std::net::SocketAddr;

fn from() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 9], 5_062))
}

/// What every message of the set has unless it says otherwise.
const HEAD: &str = "Via: SIP/2.0/UDP c.example;branch=z9hG4bK1\r\nFrom: <sip:a@c.example>;tag=1\r\n\
                    To: <sip:b@d.example>\r\nCall-ID: torture@c.example\r\nMax-Forwards: 70\r\n";

/// Messages after the descriptions in RFC 4475, in our words: name, start
/// line, further lines, and the status that must come back (0: the stack
/// takes it, 1: silence).
const TORTURE: &[(&str, u16, &str, &str)] = &[
    (
        "folded lines, odd case",
        0,
        "OPTIONS sip:b@d.example SIP/2.0",
        "cSEQ: 1\r\n  OPTIONS\r\nNewHeader: x\r\n\ty\r\n",
    ),
    (
        "escaped signs in the address",
        0,
        "INVITE sip:sips%3Auser%40e.example@d.example SIP/2.0",
        "CSeq: 9 INVITE\r\nContact: <sip:a@c.example>\r\n",
    ),
    (
        "escaped zero bytes",
        0,
        "REGISTER sip:d.example SIP/2.0",
        "CSeq: 1 REGISTER\r\nContact: <sip:%00@h.example>\r\n",
    ),
    ("percent signs that escape nothing", 0, "OPTIONS sip:a%zz@d.example SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
    (
        "a long value in a header",
        0,
        "OPTIONS sip:b@d.example SIP/2.0",
        "CSeq: 1 OPTIONS\r\nSubject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
    ),
    (
        "a body longer than said",
        0,
        "MESSAGE sip:b@d.example SIP/2.0",
        "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n",
    ),
    ("semicolons in the user part", 0, "OPTIONS sip:user;par=u%40e@d.example SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
    (
        "an unknown transport in Via",
        400,
        "OPTIONS sip:b@d.example SIP/2.0",
        "Via: nonsense\r\nCSeq: x OPTIONS\r\n",
    ),
    ("an unknown method", 501, "NEWMETHOD sip:b@d.example SIP/2.0", "CSeq: 1 NEWMETHOD\r\n"),
    (
        "a method with all allowed signs",
        501,
        "!interesting-Method0123456789_*+`.%indeed'~ sip:b@d.example SIP/2.0",
        "CSeq: 1 !interesting-Method0123456789_*+`.%indeed'~\r\n",
    ),
    ("another method in CSeq", 400, "OPTIONS sip:b@d.example SIP/2.0", "CSeq: 1 INVITE\r\n"),
    (
        "an unknown method with another in CSeq",
        501,
        "NEWMETHOD sip:b@d.example SIP/2.0",
        "CSeq: 1 INVITE\r\n",
    ),
    (
        "a count beyond 32 bits",
        400,
        "OPTIONS sip:b@d.example SIP/2.0",
        "CSeq: 36893488147419103232 OPTIONS\r\n",
    ),
    ("a count beyond 31 bits", 400, "OPTIONS sip:b@d.example SIP/2.0", "CSeq: 3000000000 OPTIONS\r\n"),
    (
        "a negative length",
        400,
        "INVITE sip:b@d.example SIP/2.0",
        "CSeq: 1 INVITE\r\nContent-Length: -999\r\n",
    ),
    (
        "a length beyond the message",
        400,
        "INVITE sip:b@d.example SIP/2.0",
        "CSeq: 1 INVITE\r\nContent-Length: 9999\r\n",
    ),
    ("another version", 505, "OPTIONS sip:b@d.example SIP/7.0", "CSeq: 1 OPTIONS\r\n"),
    ("an address in brackets", 400, "OPTIONS <sip:b@d.example> SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
    ("spaces in the address", 400, "OPTIONS sip:b@d.example; lr SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
    ("too many spaces in the start line", 400, "OPTIONS  sip:b@d.example  SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
    ("a scheme that nobody knows", 416, "OPTIONS nobodyKnowsThis:x SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
    (
        "hops that are no number",
        400,
        "OPTIONS sip:b@d.example SIP/2.0",
        "CSeq: 1 OPTIONS\r\nMax-Forwards: many\r\n",
    ),
    ("no CSeq", 1, "OPTIONS sip:b@d.example SIP/2.0", ""),
    ("a response out of nothing", 0, "SIP/2.0 200 OK", "CSeq: 1 OPTIONS\r\n"),
    ("a status beyond all", 1, "SIP/2.0 4294967301 better", "CSeq: 1 OPTIONS\r\n"),
    ("an ACK of another version", 1, "ACK sip:b@d.example SIP/7.0", "CSeq: 1 ACK\r\n"),
    ("no SIP at all", 1, "GET / HTTP/1.1", "Host: d.example\r\n"),
];

/// Issue 7, show: the torture messages are taken, answered or left alone as
/// RFC 4475 says.
#[test]
fn torture() {
    let mut wrong = Vec::new();
    for (name, status, start, lines) in TORTURE {
        let text = format!("{start}\r\n{HEAD}{lines}\r\n");
        let said = match judge(text.as_bytes(), from()) {
            Judged::Pass => 0,
            Judged::Drop => 1,
            Judged::Answer(answer) => answer[8..11].parse().unwrap(),
        };
        if said != *status {
            wrong.push(format!("{name}: {said}, not {status}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Issue 7, bad input: an answer goes back to whom it came from, with the
/// caller's own lines, and no line more.
#[test]
fn answers_carry_the_callers_lines() {
    let text = format!("NEWMETHOD sip:b@d.example SIP/2.0\r\n{HEAD}CSeq: 7 NEWMETHOD\r\n\r\n");
    let Judged::Answer(answer) = judge(text.as_bytes(), from()) else { panic!("no answer") };
    let response = Response::try_from(answer.as_str()).unwrap();
    assert_eq!(
        response.via_header().unwrap().value(),
        "SIP/2.0/UDP c.example;branch=z9hG4bK1;received=192.0.2.9;rport=5062"
    );
    assert_eq!(response.call_id_header().unwrap().value(), "torture@c.example");
    assert!(response.to_header().unwrap().tag().unwrap().is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Issue 7, bad input: no mutation of a message makes us fall over, and
    /// what we answer is no request and can be read.
    #[test]
    fn mutations_never_panic(
        which in 0..TORTURE.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..12),
    ) {
        let (_, _, start, lines) = TORTURE[which];
        let mut bytes = format!("{start}\r\n{HEAD}{lines}\r\n").into_bytes();
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        if let Judged::Answer(answer) = judge(&bytes, from()) {
            prop_assert!(answer.starts_with("SIP/2.0 "));
            prop_assert!(answer.ends_with("\r\n\r\n"));
        }
    }

    /// Issue 7, bad input: noise neither.
    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = judge(&bytes, from());
    }
}
