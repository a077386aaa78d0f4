//! Registration, and calls to desk phones.

use super::kit::{Kit, PASSWORD};
use super::peers::{Baresip, sipp};
use super::raw::{Raw, digest};
use huiyin_telephony::{By, CallControl, Cause, Command, Signal, Target};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(8);

fn extension(name: &str) -> Target {
    Target::Extension(name.to_owned())
}

/// Issue 7 item 1: right and wrong passwords, refresh and leaving.
#[tokio::test(flavor = "multi_thread")]
async fn phones_register() {
    let kit = Kit::start().await;
    sipp("register", &kit.address(), "8001", &[]).passes().await;
    kit.wait("the phone", |signal| matches!(signal, Signal::Registered(phone) if phone.extension == "8001"))
        .await;
    kit.wait("its end", |signal| matches!(signal, Signal::Unregistered { extension } if extension == "8001"))
        .await;
    sipp("register_wrong", &kit.address(), "8002", &["-ap", "guess"]).passes().await;
    assert!(kit.phone.standing().registered.is_empty());
}

/// Issue 7 item 1: one nonce serves for many registrations; the nonce counter
/// of the library is wrong from 10 on.
#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_serves_many_times() {
    let kit = Kit::start().await;
    let mut phone = Raw::new(kit.phone.listen()).await;
    let nonce = phone.nonce("8001").await;
    for count in 1..=40 {
        let text = phone.register("8001", "<sip:8001@127.0.0.1>", &digest("8001", PASSWORD, &nonce, count));
        phone.send(text.as_bytes()).await;
        let answer = phone.answer().await;
        assert!(answer.starts_with("SIP/2.0 200"), "count {count}: {answer}");
    }
}

/// Issue 7, bad input: wrong passwords are throttled per address and user.
#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() {
    let kit = Kit::start().await;
    let mut phone = Raw::new(kit.phone.listen()).await;
    let mut statuses = Vec::new();
    let nonce = phone.nonce("8001").await;
    for count in 1..=8 {
        let text = phone.register("8001", "<sip:8001@127.0.0.1>", &digest("8001", "guess", &nonce, count));
        phone.send(text.as_bytes()).await;
        statuses.push(phone.answer().await[8..11].to_owned());
    }
    assert_eq!(statuses, ["401", "401", "401", "401", "401", "401", "403", "403"]);
    assert!(phone.enter("8002", "<sip:8002@127.0.0.1>", PASSWORD).await.starts_with("SIP/2.0 200"));
}

/// Issue 7 item 1: all phones of an extension ring; the others are cancelled
/// when one answers.
#[tokio::test(flavor = "multi_thread")]
async fn all_phones_ring_and_one_takes_the_call() {
    let kit = Kit::start().await;
    let first = kit.place("phone", "8001").await;
    let second = kit.place("phone_rings", "8001").await;
    let leg = kit.dial(extension("8001"), LONG);
    kit.wait("ringing", |signal| *signal == Signal::Ringing { leg }).await;
    kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
    kit.send(Command::Hangup { leg, cause: Cause::Normal });
    first.passes().await;
    second.passes().await;
    kit.wait("the end", |signal| *signal == Signal::Ended { leg, by: By::Us, cause: Cause::Normal }).await;
    kit.empty().await;
}

/// Issue 7 item 1: a phone that was not needed is told why, so that it shows no
/// missed call when another one answered (RFC 3326); also one that registered an
/// address at which nobody is, as phones behind a router do.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_call_says_why() {
    let kit = Kit::start().await;
    let mut phone = Raw::new(kit.phone.listen()).await;
    assert!(phone.enter("8001", "<sip:8001@127.0.0.1>", PASSWORD).await.starts_with("SIP/2.0 200"));
    for elsewhere in [false, true] {
        let other = if elsewhere { Some(kit.place("phone", "8001").await) } else { None };
        let leg = kit.dial(extension("8001"), LONG);
        let invite = phone.asked("INVITE").await;
        phone.reply(&invite, "180 Ringing").await;
        let reason = if elsewhere {
            "Reason: SIP;cause=200;text=\"Call completed elsewhere\""
        } else {
            kit.wait("ringing", |signal| *signal == Signal::Ringing { leg }).await;
            kit.send(Command::Hangup { leg, cause: Cause::Cancelled });
            "Reason: Q.850;cause=16;text=\"cancelled\""
        };
        let cancel = phone.asked("CANCEL").await;
        assert!(cancel.lines().any(|line| line == reason), "{reason}: {cancel}");
        phone.reply(&cancel, "200 OK").await;
        phone.reply(&invite, "487 Request Terminated").await;
        if let Some(other) = other {
            kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
            kit.send(Command::Hangup { leg, cause: Cause::Normal });
            other.passes().await;
        }
        kit.empty().await;
    }
}

/// Issue 7 item 1: a call from the carrier is put through to a phone.
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_reaches_a_phone() {
    let kit = Kit::start().await;
    let phone = kit.place("phone", "8001").await;
    sipp("answered", &kit.address(), "8001", &[]).passes().await;
    phone.passes().await;
    kit.empty().await;
    let asked = kit.voice.asked.lock().unwrap();
    assert_eq!(asked.iter().filter(|what| what.starts_with("join")).count(), 2);
}

/// Issue 7 item 1: busy, time-out, and nobody there.
#[tokio::test(flavor = "multi_thread")]
async fn phones_that_do_not_answer() {
    let kit = Kit::start().await;
    let nobody = kit.dial(extension("8009"), LONG);
    kit.wait("nobody", |signal| {
        *signal == Signal::Ended { leg: nobody, by: By::Network, cause: Cause::Unreachable }
    })
    .await;
    let busy = kit.place("phone_busy", "8001").await;
    let leg = kit.dial(extension("8001"), LONG);
    kit.wait("busy", |signal| *signal == Signal::Ended { leg, by: By::Peer, cause: Cause::Busy }).await;
    busy.passes().await;
    let rings = kit.place("phone_rings", "8002").await;
    let leg = kit.dial(extension("8002"), Duration::from_millis(400));
    kit.wait("the time-out", |signal| *signal == Signal::Ended { leg, by: By::Us, cause: Cause::NoAnswer })
        .await;
    rings.passes().await;
    kit.empty().await;
}

/// Issue 7 item 1: the customer hangs up while the agent's phone rings.
#[tokio::test(flavor = "multi_thread")]
async fn a_dial_is_withdrawn() {
    let kit = Kit::start().await;
    let rings = kit.place("phone_rings", "8001").await;
    let leg = kit.dial(extension("8001"), LONG);
    kit.wait("ringing", |signal| *signal == Signal::Ringing { leg }).await;
    kit.send(Command::Hangup { leg, cause: Cause::Cancelled });
    kit.wait("the end", |signal| *signal == Signal::Ended { leg, by: By::Us, cause: Cause::Cancelled }).await;
    rings.passes().await;
    kit.empty().await;
}

/// Issue 7, show: baresip as a desk phone registers and answers by itself,
/// over UDP and TCP.
#[tokio::test(flavor = "multi_thread")]
async fn baresip_registers_and_answers() {
    let kit = Kit::start().await;
    for (name, transport) in [("8001", "udp"), ("8002", "tcp")] {
        let phone = Baresip::start(name, &kit.address(), transport);
        kit.wait("baresip", |signal| matches!(signal, Signal::Registered(phone) if phone.extension == name))
            .await;
        let leg = kit.dial(extension(name), LONG);
        kit.wait("its answer", |signal| *signal == Signal::Answered { leg }).await;
        kit.send(Command::Hangup { leg, cause: Cause::Normal });
        kit.empty().await;
        drop(phone);
    }
}
