//! Conversations of two, three and those who listen in.

use super::hear::{AGENT, CUSTOMER, Phone, engine};
use super::{pass, tone, tone_in};
use crate::{Law, Notice, Prompt, Role};
use std::net::UdpSocket;
use std::sync::Arc;
use std::time::Duration;

const CLEAR: f64 = 0.7;
const MIXED: f64 = 0.2;
const GONE: f64 = 0.02;

/// Issue 7: two who talk hear each other and not themselves, whatever their laws.
#[test]
fn two_hear_each_other() {
    let (engine, _notices) = engine(20_000..=20_099);
    let customer = Phone::talking(&engine, 1, Law::Pcma, Some(440.0));
    let agent = Phone::talking(&engine, 2, Law::Pcmu, Some(1000.0));
    engine.join(9, 1, CUSTOMER);
    engine.join(9, 2, AGENT);
    let (told, heard) = (agent.hears(400), customer.hears(400));
    assert!(tone_in(&told, 440.0) > CLEAR && tone_in(&told, 1000.0) < GONE, "the agent");
    assert!(tone_in(&heard, 1000.0) > CLEAR && tone_in(&heard, 440.0) < GONE, "the customer");
    engine.mute(2, true);
    assert!(tone_in(&customer.hears(300), 1000.0) < GONE, "nobody hears who is mute");
    engine.mute(2, false);
    engine.hold(1, vec![Arc::new(Prompt(tone(700.0, 8_000)))]);
    let (held, alone) = (customer.hears(400), agent.hears(300));
    assert!(tone_in(&held, 700.0) > CLEAR, "music while on hold");
    assert!(tone_in(&alone, 440.0) < GONE, "who is held is not heard");
    engine.unhold(1);
    assert!(tone_in(&customer.hears(400), 1000.0) > CLEAR, "back again");
    let figures = engine.close(1).expect("it was open");
    assert!(figures.received > 50 && figures.sent > 50 && figures.lost == 0, "{figures:?}");
}

/// CALL-10, issue 7: who listens hears both unheard, who whispers is heard by the agent
/// alone, who barges in by both; nobody hears himself.
#[test]
fn a_supervisor_listens_whispers_and_barges_in() {
    let (engine, _notices) = engine(20_100..=20_199);
    let customer = Phone::talking(&engine, 1, Law::Pcma, Some(440.0));
    let agent = Phone::talking(&engine, 2, Law::Pcma, Some(1000.0));
    let supervisor = Phone::talking(&engine, 3, Law::Pcma, Some(1900.0));
    engine.join(9, 1, CUSTOMER);
    engine.join(9, 2, AGENT);
    for (role, customer_hears, agent_hears) in
        [(Role::Listener, false, false), (Role::Whisperer(2), false, true), (Role::Barger, true, true)]
    {
        engine.join(9, 3, role);
        let heard = supervisor.hears(400);
        assert!(
            tone_in(&heard, 440.0) > MIXED && tone_in(&heard, 1000.0) > MIXED,
            "{role:?}: both are heard"
        );
        assert!(tone_in(&heard, 1900.0) < GONE, "{role:?}: not himself");
        for (phone, other, hears) in [(&customer, 1000.0, customer_hears), (&agent, 440.0, agent_hears)] {
            let heard = phone.hears(400);
            assert!(tone_in(&heard, other) > MIXED, "{role:?}: they still hear each other");
            assert_eq!(tone_in(&heard, 1900.0) > MIXED, hears, "{role:?} at {other}");
        }
    }
    engine.leave(9, 3);
    assert!(tone_in(&customer.hears(400), 1900.0) < GONE, "gone");
}

/// Issue 7: a key counts once however often it is reported, a storm of keys is cut, and
/// keys go on to the other side.
#[test]
fn keys_are_told_once() {
    let (engine, mut notices) = engine(20_200..=20_299);
    let customer = Phone::talking(&engine, 1, Law::Pcma, Some(440.0));
    let agent = Phone::talking(&engine, 2, Law::Pcma, None);
    engine.join(9, 1, CUSTOMER);
    engine.join(9, 2, AGENT);
    pass(Duration::from_millis(100));
    customer.press('5', 8_000);
    customer.press('#', 9_600);
    pass(Duration::from_millis(200));
    let mut digits = String::new();
    while let Ok(notice) = notices.try_recv() {
        if let Notice::Digit { leg: 1, digit } = notice {
            digits.push(digit);
        }
    }
    assert_eq!(digits, "5#");
    let passed: String = agent.keys().iter().filter(|report| report.end).map(|report| report.key).collect();
    assert_eq!(passed, "555###");
    for storm in 0..500 {
        customer.press('1', 100_000 + storm * 1_600);
    }
    pass(Duration::from_millis(300));
    let stormed = std::iter::from_fn(|| notices.try_recv().ok())
        .filter(|notice| matches!(notice, Notice::Digit { .. }));
    assert!(stormed.count() <= 60, "twenty a second");
    engine.press(2, "7");
    pass(Duration::from_millis(400));
    assert!(agent.keys().iter().any(|report| report.key == '7' && report.end), "pressed for the agent");
}

/// Issue 7: strangers' packets are ignored, a leg that falls silent is told once, prompts
/// are played to their end.
#[test]
fn strangers_are_ignored_and_silence_is_told() {
    let (engine, mut notices) = engine(20_300..=20_399);
    let customer = Phone::talking(&engine, 1, Law::Pcma, Some(440.0));
    let agent = Phone::talking(&engine, 2, Law::Pcma, None);
    engine.join(9, 1, CUSTOMER);
    engine.join(9, 2, AGENT);
    let stranger = UdpSocket::bind("127.0.0.1:0").expect("socket");
    let noise: Vec<u8> = [0x80, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1].into_iter().chain([0x55; 160]).collect();
    for number in 0..200 {
        stranger.send_to(&noise, customer.to()).expect("sent");
        stranger.send_to(b"garbage", customer.to()).expect("sent");
        if number % 20 == 0 {
            pass(Duration::from_millis(5));
        }
    }
    assert!(tone_in(&agent.hears(400), 440.0) > CLEAR, "the customer alone");
    engine.play(2, vec![Arc::new(Prompt(tone(700.0, 1_600)))], (77, false));
    pass(Duration::from_millis(800));
    let told: Vec<Notice> = std::iter::from_fn(|| notices.try_recv().ok()).collect();
    assert!(told.contains(&Notice::Played { leg: 2, token: 77, all: true }), "{told:?}");
    assert_eq!(told.iter().filter(|notice| **notice == Notice::Silent(2)).count(), 1, "{told:?}");
    assert!(!told.contains(&Notice::Silent(1)), "{told:?}");
    assert!(engine.close(1).is_some_and(|figures| figures.ignored >= 200 && figures.lost == 0));
}
