//! Garbage, floods and torture.

use super::kit::Kit;
use super::peers::sipp;
use super::raw::Raw;
use huiyin_telephony::CallControl;
use std::time::Duration;

/// Waits for OPTIONS to be answered: the endpoint lives.
async fn lives(kit: &Kit) {
    let mut raw = Raw::new(kit.phone.listen()).await;
    let text = raw.register("x", "<sip:x@127.0.0.1>", "").replace("REGISTER", "OPTIONS");
    raw.send(text.as_bytes()).await;
    assert!(raw.answer().await.starts_with("SIP/2.0 200"));
}

fn message(start: &str, lines: &str) -> String {
    format!(
        "{start}\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{:x};rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n\
         Call-ID: {:x}\r\nMax-Forwards: 70\r\n{lines}\r\n",
        hash(start, lines),
        hash(lines, start)
    )
}

fn hash(a: &str, b: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (a, b).hash(&mut hasher);
    hasher.finish()
}

/// Issue 7, bad input: what cannot be read is answered as RFC 3261 and 4475
/// say, where there is somebody to answer.
#[tokio::test(flavor = "multi_thread")]
async fn malformed_requests_are_answered() {
    let kit = Kit::start().await;
    let raw = Raw::new(kit.phone.listen()).await;
    let options = "OPTIONS sip:c@d SIP/2.0";
    for (status, start, lines) in [
        ("200", options, "CSeq: 1 OPTIONS\r\n"),
        ("200", options, "cseq\t:\r\n  1\r\n OPTIONS\r\n"),
        ("400", options, "CSeq: 1 INVITE\r\n"),
        ("400", options, "CSeq: 36893488147419103232 OPTIONS\r\n"),
        ("400", options, "CSeq: OPTIONS\r\n"),
        ("400", options, "CSeq: 1 OPTIONS\r\nContent-Length: -999\r\n"),
        ("400", options, "CSeq: 1 OPTIONS\r\nContent-Length: 9999\r\n"),
        ("505", "OPTIONS sip:c@d SIP/7.0", "CSeq: 1 OPTIONS\r\n"),
        ("501", "NEWMETHOD sip:c@d SIP/2.0", "CSeq: 1 NEWMETHOD\r\n"),
        ("416", "OPTIONS nobodyKnows:this SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
        ("400", "OPTIONS  sip:c@d; lr SIP/2.0", "CSeq: 1 OPTIONS\r\n"),
    ] {
        raw.send(message(start, lines).as_bytes()).await;
        let answer = raw.answer().await;
        assert_eq!(&answer[8..11], status, "{start} {lines}: {answer}");
    }
    lives(&kit).await;
}

/// Issue 7, bad input: a taken port is said, and port 0 takes a free one.
#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_said() {
    use huiyin_telephony::{Embedded, Settings, StartFault};
    let kit = Kit::start().await;
    let taken = kit.phone.listen();
    let settings = Settings::new(taken, "a", [0; 32], kit.voice.clone());
    let (signals, _heard) = tokio::sync::mpsc::channel(1);
    let (_notices, noticed) = tokio::sync::mpsc::channel(1);
    struct Nobody;
    impl huiyin_telephony::Directory for Nobody {
        fn extension(&self, _: &str) -> Option<huiyin_telephony::Extension> {
            None
        }
    }
    let fault = Embedded::start(settings, std::sync::Arc::new(Nobody), signals, noticed).await.err();
    assert!(matches!(fault, Some(StartFault::PortTaken(at)) if at == taken), "{fault:?}");
}

/// Issue 7, bad input: garbage on the ports harms no call.
#[tokio::test(flavor = "multi_thread")]
async fn garbage_harms_nobody() {
    let kit = Kit::start().await;
    let raw = Raw::new(kit.phone.listen()).await;
    let base = message("INVITE sip:12345@d SIP/2.0", "CSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:9>\r\n")
        .into_bytes();
    let call = sipp("answered", &kit.address(), "12345", &[]);
    for round in 0..3_000_usize {
        let mut bytes = base.clone();
        for step in 0..=round % 7 {
            let at = hash(&round.to_string(), &step.to_string()) as usize;
            let length = bytes.len().max(1);
            match at % 4 {
                0 => bytes[at % length] = (at / 7) as u8,
                1 => bytes.truncate(at % length),
                2 => bytes.extend_from_within(..at % length),
                _ => drop(bytes.drain(at % length..)),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        raw.send(&bytes).await;
    }
    call.passes().await;
    lives(&kit).await;
    assert!(kit.phone.standing().malformed > 0);
}

/// Issue 7, bad input: half-open connections and endless headers over TCP are
/// cut, and the endpoint goes on.
#[tokio::test(flavor = "multi_thread")]
async fn slow_and_endless_connections() {
    use tokio::io::AsyncWriteExt;
    let kit = Kit::start().await;
    let mut open = Vec::new();
    for _ in 0..150 {
        let mut stream = tokio::net::TcpStream::connect(kit.phone.listen()).await.unwrap();
        let _ = stream.write_all(b"INVITE sip:a@b SIP/2.0\r\nX: ").await;
        open.push(stream);
    }
    let junk = [b'x'; 8_192];
    let endless = async {
        let stream = &mut open[0];
        for _ in 0..64 {
            if stream.write_all(&junk).await.is_err() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        false
    };
    assert!(endless.await, "an endless header was not cut");
    sipp("answered", &kit.address(), "12345", &["-t", "t1"]).passes().await;
    lives(&kit).await;
}
