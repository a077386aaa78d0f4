//! Calls from SIPp as a carrier or phone.

use super::kit::Kit;
use super::peers::sipp;
use huiyin_telephony::{By, Cause, Origin, Signal};

async fn run(kit: &Kit, scenario: &str, called: &str) {
    sipp(scenario, &kit.address(), called, &[]).passes().await;
}

async fn runs(scenario: &str, called: &str) -> Kit {
    let kit = Kit::start().await;
    run(&kit, scenario, called).await;
    kit.empty().await;
    kit
}

fn ended(by: By, cause: Cause) -> impl Fn(&Signal) -> bool {
    move |signal| matches!(signal, Signal::Ended { by: b, cause: c, .. } if *b == by && *c == cause)
}

/// Issue 7 item 1: a call from the carrier is offered with its numbers,
/// answered, and ended by the caller.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_answered_and_the_caller_hangs_up() {
    let kit = runs("answered", "12345").await;
    kit.wait("the offer", |signal| {
        matches!(signal, Signal::Offered { origin: Origin::Trunk(name), caller, called, name: Some(shown), .. }
            if name == "demo" && caller == "10086" && called == "12345" && shown == "Test")
    })
    .await;
    kit.wait("the answer", |signal| matches!(signal, Signal::Answered { .. })).await;
    kit.wait("the end", ended(By::Peer, Cause::Normal)).await;
    assert_eq!(kit.count(|signal| matches!(signal, Signal::Ended { .. })), 1);
}

/// Issue 7 item 1: over TCP like over UDP.
#[tokio::test(flavor = "multi_thread")]
async fn calls_come_over_tcp_too() {
    let kit = Kit::start().await;
    for scenario in ["answered", "hung_up", "hold"] {
        sipp(scenario, &kit.address(), scenario, &["-t", "t1"]).passes().await;
    }
    kit.empty().await;
}

/// Issue 7 item 1: BYE from our side.
#[tokio::test(flavor = "multi_thread")]
async fn we_hang_up() {
    let kit = runs("hung_up", "hung_up").await;
    kit.wait("the end", ended(By::Us, Cause::Normal)).await;
}

/// Issue 7 item 1: the caller cancels while it rings.
#[tokio::test(flavor = "multi_thread")]
async fn the_caller_gives_up() {
    let kit = runs("cancelled", "cancelled").await;
    kit.wait("the end", ended(By::Peer, Cause::Cancelled)).await;
}

/// Issue 7 item 1: each cause has its status.
#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_why() {
    let kit = Kit::start().await;
    for (name, cause) in
        [("busy", Cause::Busy), ("no_answer", Cause::NoAnswer), ("declined", Cause::Declined)]
    {
        run(&kit, name, name).await;
        kit.wait(name, ended(By::Us, cause)).await;
    }
    kit.empty().await;
}

/// Issue 7 item 1: early media, and provisional answers confirmed by PRACK.
#[tokio::test(flavor = "multi_thread")]
async fn early_media_and_prack() {
    let kit = Kit::start().await;
    run(&kit, "early", "early").await;
    run(&kit, "reliable", "12345").await;
    run(&kit, "unknown_extension", "12345").await;
    kit.empty().await;
}

/// Issue 7 item 1: hold and resume by re-INVITE and by UPDATE are heard.
#[tokio::test(flavor = "multi_thread")]
async fn hold_is_seen() {
    let kit = runs("hold", "12345").await;
    assert_eq!(kit.count(|signal| matches!(signal, Signal::HeldByPeer { .. })), 2);
    assert_eq!(kit.count(|signal| matches!(signal, Signal::ResumedByPeer { .. })), 2);
}

/// Issue 7 item 1: sessions that begin without an offer, and offers that
/// cannot be taken.
#[tokio::test(flavor = "multi_thread")]
async fn odd_offers() {
    let kit = Kit::start().await;
    run(&kit, "late_offer", "12345").await;
    run(&kit, "bad_offer", "12345").await;
    run(&kit, "not_sdp", "12345").await;
    kit.empty().await;
    kit.wait("the end", ended(By::Us, Cause::Incompatible)).await;
}

/// Issue 7 item 1: session timers (RFC 4028).
#[tokio::test(flavor = "multi_thread")]
async fn session_timers_are_agreed() {
    runs("session_timer", "12345").await;
}

/// Issue 7 item 1: keys by INFO.
#[tokio::test(flavor = "multi_thread")]
async fn keys_by_info() {
    let kit = runs("keys", "12345").await;
    let signals = kit.signals.lock().unwrap();
    let keys: String = signals
        .iter()
        .filter_map(|signal| match signal {
            Signal::Digit { digit, .. } => Some(*digit),
            _ => None,
        })
        .collect();
    assert_eq!(keys, "5#");
}

/// Issue 7 item 1: a phone's REFER asks the call centre, and hears how it
/// goes.
#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_is_asked_for() {
    let kit = runs("transfer", "12345").await;
    kit.wait("the wish", |signal| {
        matches!(signal, Signal::TransferAsked { to: huiyin_telephony::Target::Extension(name), replaces: None, .. }
            if name == "8002")
    })
    .await;
}

/// Issue 7 item 1: stray requests are answered, not dropped.
#[tokio::test(flavor = "multi_thread")]
async fn stray_requests_are_answered() {
    runs("stray", "12345").await;
}

/// Contracts §6: an extension is challenged before it may call.
#[tokio::test(flavor = "multi_thread")]
async fn extensions_prove_themselves() {
    let kit = Kit::start().await;
    sipp("extension_calls", &kit.address(), "12345", &["-au", "8001"]).passes().await;
    kit.empty().await;
    kit.wait("the offer", |signal| {
        matches!(signal, Signal::Offered { origin: Origin::Extension(name), name: Some(shown), .. }
            if name == "8001" && shown == "Agent 8001")
    })
    .await;
}

/// Issue 7, bad input: outside of a demo nobody unknown may call, and the
/// call centre never hears of it.
#[tokio::test(flavor = "multi_thread")]
async fn unknown_callers_are_refused() {
    let kit = Kit::with(|settings| settings.demo = false).await;
    let mut phone = super::raw::Raw::new(kit.phone.listen()).await;
    let text = phone.register("12345", "<sip:x@127.0.0.1>", "").replace("REGISTER", "INVITE");
    phone.send(text.as_bytes()).await;
    assert!(phone.answer().await.starts_with("SIP/2.0 403"));
    assert!(kit.signals.lock().unwrap().is_empty());
}

/// Issue 7: what the voice engine notices reaches the call centre; a party
/// that was heard and then falls silent is hung up, one that never spoke is
/// not.
#[tokio::test(flavor = "multi_thread")]
async fn the_voice_is_listened_to() {
    use huiyin_telephony::MediaNotice;
    let kit = Kit::start().await;
    let call = sipp("hung_up", &kit.address(), "12345", &[]);
    let answered = kit.wait("the answer", |signal| matches!(signal, Signal::Answered { .. })).await;
    let Signal::Answered { leg } = answered else { unreachable!() };
    for notice in [
        MediaNotice::Silent(leg),
        MediaNotice::Digit(leg, '7'),
        MediaNotice::Played(leg, 3, true),
        MediaNotice::Heard(leg),
    ] {
        kit.notices.send(notice).await.unwrap();
    }
    kit.wait("the key", |signal| *signal == Signal::Digit { leg, digit: '7' }).await;
    kit.wait("the prompt's end", |signal| *signal == Signal::Played { leg, token: 3, all: true }).await;
    kit.wait("the first packet", |signal| *signal == Signal::Heard { leg }).await;
    assert_eq!(kit.count(|signal| matches!(signal, Signal::Ended { .. })), 0);
    kit.notices.send(MediaNotice::Silent(leg)).await.unwrap();
    kit.wait("the end", ended(By::Network, Cause::MediaLost)).await;
    call.passes().await;
    kit.empty().await;
}
