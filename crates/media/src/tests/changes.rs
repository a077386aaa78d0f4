//! What changes while a call stands: addresses, holds, a third person, lost packets.

use super::hear::{AGENT, CUSTOMER, Phone, engine};
use super::{pass, tone_in};
use crate::{Law, Packet, Said};
use std::net::UdpSocket;
use std::time::Duration;

const CLEAR: f64 = 0.7;
const MIXED: f64 = 0.2;
const GONE: f64 = 0.02;

fn said(port: u16, more: &str) -> String {
    format!(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 101\r\n\
         a=rtpmap:101 telephone-event/8000\r\n{more}"
    )
}

/// Issue 7: in a call of three each hears both others and not himself; when one goes, the
/// two who stay are relayed again.
#[test]
fn three_hear_each_other() {
    let (engine, _notices) = engine(20_850..=20_899);
    let tones = [440.0, 1000.0, 1900.0];
    let phones = [1, 2, 3].map(|leg| {
        Phone::talking(
            &engine,
            leg,
            if leg == 2 { Law::Pcmu } else { Law::Pcma },
            Some(tones[leg as usize - 1]),
        )
    });
    for (leg, role) in [(1, CUSTOMER), (2, AGENT), (3, AGENT)] {
        engine.join(9, leg, role);
    }
    for (place, phone) in phones.iter().enumerate() {
        let heard = phone.hears(400);
        for (other, hertz) in tones.into_iter().enumerate() {
            let part = tone_in(&heard, hertz);
            assert!(if other == place { part < GONE } else { part > MIXED }, "{place} hears {hertz}: {part}");
        }
    }
    engine.leave(9, 3);
    let heard = phones[0].hears(400);
    assert!(tone_in(&heard, 1000.0) > CLEAR && tone_in(&heard, 1900.0) < GONE, "two again");
    assert!(phones[2].hears(200).is_empty(), "nobody talks to who left");
}

/// Issue 7: after a re-INVITE sound goes to and comes from the new address alone; a hold by
/// the peer is seen and answered in kind.
#[test]
fn a_phone_moves_and_holds() {
    let (engine, _notices) = engine(20_900..=20_949);
    let customer = Phone::talking(&engine, 1, Law::Pcma, Some(440.0));
    let agent = Phone::talking(&engine, 2, Law::Pcma, Some(1000.0));
    engine.join(9, 1, CUSTOMER);
    engine.join(9, 2, AGENT);
    assert!(tone_in(&agent.hears(300), 440.0) > CLEAR);
    let moved = UdpSocket::bind("127.0.0.1:0").expect("socket");
    moved.set_read_timeout(Some(Duration::from_millis(500))).expect("timeout");
    let port = moved.local_addr().expect("address").port();
    let (answer, agreed) = engine.answer(1, &said(port, "")).expect("answered");
    assert!(!agreed.held);
    let to = Said::read(&answer).expect("our own").to;
    assert_eq!(to, Some(customer.to()), "our own address stays");
    let mut bytes = [0; 1500];
    let (length, _) = moved.recv_from(&mut bytes).expect("sound at the new address");
    assert!(Packet::read(&bytes[..length]).is_some_and(|packet| packet.payload_type == 8));
    // the new address talks: the old one is a stranger from now on
    for sequence in 0..40_u16 {
        let payload = [Law::Pcma.silence(); 160];
        let (timestamp, source) = (u32::from(sequence) * 160, 4711);
        let mut packet = Vec::new();
        Packet { payload_type: 8, marker: false, sequence, timestamp, source, payload: &payload }
            .write(&mut packet);
        moved.send_to(&packet, customer.to()).expect("sent");
        pass(Duration::from_millis(2));
    }
    assert!(tone_in(&agent.hears(300), 440.0) < GONE, "the old address is not heard");
    assert!(customer.hears(200).is_empty(), "nor told");
    let (answer, agreed) = engine.answer(1, &said(port, "a=sendonly\r\n")).expect("answered");
    assert!(agreed.held && answer.contains("a=recvonly\r\n"), "{answer}");
    let (answer, agreed) = engine.answer(1, &said(port, "a=inactive\r\n")).expect("answered");
    assert!(agreed.held && answer.contains("a=inactive\r\n"), "{answer}");
    let (answer, agreed) = engine.answer(1, &said(port, "")).expect("answered");
    assert!(!agreed.held && answer.contains("a=sendrecv\r\n"), "{answer}");
}

/// Issue 7: what is missing in the sequence is counted, and what comes late or twice is
/// counted out again.
#[test]
fn lost_packets_are_counted() {
    let (engine, _notices) = engine(20_950..=20_999);
    let phone = Phone::talking(&engine, 1, Law::Pcma, None);
    let numbers = (65_500..=65_535_u16).chain([3, 4, 1, 4, 7]);
    for sequence in numbers {
        let (timestamp, payload) = (u32::from(sequence) * 160, [Law::Pcma.silence(); 160]);
        let packet =
            Packet { payload_type: 8, marker: false, sequence, timestamp, source: 1, payload: &payload };
        let mut bytes = Vec::new();
        packet.write(&mut bytes);
        phone.send(&bytes);
    }
    pass(Duration::from_millis(200));
    let figures = engine.close(1).expect("it was open");
    // 0, 1, 2 were missing, 1 came late, 4 twice, 5 and 6 are missing
    assert_eq!((figures.received, figures.lost, figures.late), (41, 4, 1), "{figures:?}");
    // all of them came at once
    assert!(figures.jitter > 1_000, "{figures:?}");
}
