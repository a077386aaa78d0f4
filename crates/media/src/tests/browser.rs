//! A browser on the other side: ICE, DTLS-SRTP and keys under its own number.

use super::hear::{AGENT, CUSTOMER, Phone, engine};
use super::{pass, tone, tone_in};
use crate::{Engine, KeyReport, Kind, Law, Notice};
use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use str0m::change::{SdpAnswer, SdpOffer};
use str0m::format::Codec;
use str0m::media::{Direction, Frequency, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};

/// The number that this browser gives to keys when it calls.
const KEYS: u8 = 110;

/// The number that we give them; who is called takes that of the offer.
const OURS: u8 = 101;

/// What a page did, and what it is to do.
#[derive(Default)]
struct Seen {
    heard: Vec<i16>,
    keys: Vec<KeyReport>,
    press: Option<char>,
    number: u8,
}

/// A page with a telephone in it.
struct Page {
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Page {
    /// Opens a page that talks in a tone; it calls, or is called.
    fn talking(engine: &Engine, leg: u64, hertz: f64, calls: bool) -> Self {
        engine.open(leg, Kind::Browser).expect("leg");
        let socket = UdpSocket::bind("127.0.0.1:0").expect("socket");
        socket.set_read_timeout(Some(Duration::from_millis(2))).expect("timeout");
        let mut rtc = rtc(&socket);
        let mid = if calls {
            let mut change = rtc.sdp_api();
            let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
            let (offer, pending) = change.apply().expect("an offer");
            let (answer, agreed) = engine.answer(leg, &offer.to_sdp_string()).expect("answered");
            assert!(!agreed.held);
            let answer = SdpAnswer::from_sdp_string(&answer).expect("an answer");
            rtc.sdp_api().accept_answer(pending, answer).expect("taken");
            Some(mid)
        } else {
            let offer = SdpOffer::from_sdp_string(&engine.offer(leg).expect("offered")).expect("an offer");
            let answer = rtc.sdp_api().accept_offer(offer).expect("taken");
            engine.take_answer(leg, &answer.to_sdp_string()).expect("agreed");
            None
        };
        let seen = Seen { number: if calls { KEYS } else { OURS }, ..Seen::default() };
        let (seen, stop) = (Arc::new(Mutex::new(seen)), Arc::new(AtomicBool::new(false)));
        let (to, ends) = (Arc::clone(&seen), Arc::clone(&stop));
        let sound = tone(hertz, 8_000);
        let thread = std::thread::spawn(move || run(rtc, &socket, (mid, &sound), &to, &ends));
        Self { seen, stop, thread: Some(thread) }
    }

    /// What was heard from now on, for a while.
    fn hears(&self, millis: u64) -> Vec<i16> {
        pass(Duration::from_millis(250));
        self.seen.lock().expect("lock").heard.clear();
        pass(Duration::from_millis(millis));
        self.seen.lock().expect("lock").heard.clone()
    }

    /// Waits until it hears something.
    fn connected(&self) {
        let until = Instant::now() + Duration::from_secs(10);
        while self.seen.lock().expect("lock").heard.is_empty() {
            assert!(Instant::now() < until, "the browser is not connected");
            pass(Duration::from_millis(20));
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn rtc(socket: &UdpSocket) -> Rtc {
    let mut config = Rtc::builder().clear_codecs().enable_pcmu(true, false).enable_pcma(true, false);
    config = config.set_rtp_mode(true);
    let keys = config.codec_config();
    keys.add_config(KEYS.into(), None, Codec::Tele, Frequency::EIGHT_KHZ, None, Default::default());
    let mut rtc = config.build(Instant::now());
    let candidate = Candidate::host(socket.local_addr().expect("address"), "udp").expect("candidate");
    rtc.add_local_candidate(candidate);
    rtc
}

fn run(
    mut rtc: Rtc,
    socket: &UdpSocket,
    (mut mid, sound): (Option<Mid>, &[i16]),
    seen: &Mutex<Seen>,
    stop: &AtomicBool,
) {
    let at = socket.local_addr().expect("address");
    let (began, mut frames, mut sequence) = (Instant::now(), 0_u32, 1_u64);
    while !stop.load(Ordering::Relaxed) {
        let mut bytes = [0; 2000];
        if let Ok((length, source)) = socket.recv_from(&mut bytes) {
            let contents = bytes[..length].try_into().expect("STUN, DTLS or SRTP");
            let received = Receive { proto: Protocol::Udp, source, destination: at, contents };
            rtc.handle_input(Input::Receive(Instant::now(), received)).expect("taken");
        }
        drain(&mut rtc, socket, &mut mid, seen);
        rtc.handle_input(Input::Timeout(Instant::now())).expect("time");
        drain(&mut rtc, socket, &mut mid, seen);
        while began.elapsed() >= Duration::from_millis(20) * (frames + 1) {
            frames += 1;
            let Some(mid) = mid.filter(|_| rtc.is_connected()) else { continue };
            let (key, keys) = {
                let mut seen = seen.lock().expect("lock");
                (seen.press.take(), seen.number)
            };
            let from = (frames as usize * 160) % 8_000;
            let voice: Vec<u8> =
                sound[from..from + 160].iter().map(|sample| Law::Pcma.byte(*sample)).collect();
            let mut packets = vec![(Law::Pcma.payload_type(), voice)];
            let key = key.and_then(|key| KeyReport { key, end: true, duration: 800 }.payload());
            packets.extend(key.map(|key| (keys, key.to_vec())));
            for (number, payload) in packets {
                let mut direct = rtc.direct_api();
                let stream = direct.stream_tx_by_mid(mid, None).expect("stream");
                let time = frames * 160;
                stream.write_rtp(RtpWrite::new(
                    number.into(),
                    sequence.into(),
                    time,
                    Instant::now(),
                    payload,
                ));
                sequence += 1;
            }
            drain(&mut rtc, socket, &mut Some(mid), seen);
        }
    }
}

fn drain(rtc: &mut Rtc, socket: &UdpSocket, mid: &mut Option<Mid>, seen: &Mutex<Seen>) {
    loop {
        match rtc.poll_output().expect("alive") {
            Output::Transmit(out) => {
                socket.send_to(&out.contents, out.destination).expect("sent");
            }
            Output::Event(Event::MediaAdded(added)) => *mid = Some(added.mid),
            Output::Event(Event::RtpPacket(packet)) => {
                let number = *packet.header.payload_type;
                let mut seen = seen.lock().expect("lock");
                if number == seen.number {
                    seen.keys.extend(KeyReport::read(&packet.payload));
                } else {
                    let law = Law::of_payload_type(number).expect("one of the laws");
                    seen.heard.extend(packet.payload.iter().map(|byte| law.sample(*byte)));
                }
            }
            Output::Event(_) => {}
            Output::Timeout(_) => return,
        }
    }
}

/// Issue 7: a browser that calls or is called talks with a desk phone over DTLS-SRTP, and
/// keys go both ways under the number of the offer.
#[test]
fn a_browser_talks_with_a_desk_phone() {
    for (calls, ports) in [(true, 20_700..=20_749), (false, 20_750..=20_799)] {
        let (engine, mut notices) = engine(ports);
        let page = Page::talking(&engine, 1, 440.0, calls);
        let phone = Phone::talking(&engine, 2, Law::Pcmu, Some(1000.0));
        engine.join(9, 1, AGENT);
        engine.join(9, 2, CUSTOMER);
        page.connected();
        let heard = page.hears(400);
        assert!(tone_in(&heard, 1000.0) > 0.7 && tone_in(&heard, 440.0) < 0.02, "the browser, calls {calls}");
        let told = phone.hears(400);
        assert!(tone_in(&told, 440.0) > 0.7 && tone_in(&told, 1000.0) < 0.02, "the phone, calls {calls}");
        page.seen.lock().expect("lock").press = Some('4');
        engine.press(1, "9");
        pass(Duration::from_millis(500));
        let digits: Vec<Notice> = std::iter::from_fn(|| notices.try_recv().ok())
            .filter(|notice| matches!(notice, Notice::Digit { .. }))
            .collect();
        assert_eq!(digits, [Notice::Digit { leg: 1, digit: '4' }], "calls {calls}");
        let keys = page.seen.lock().expect("lock").keys.clone();
        assert!(keys.iter().any(|report| report.key == '9' && report.end), "calls {calls}: {keys:?}");
        let figures = engine.close(1).expect("it was open");
        assert!(figures.received > 30 && figures.lost == 0, "{figures:?}");
    }
}

/// Issue 7: what is no description of a browser is refused, and the leg still works after.
#[test]
fn a_browser_without_our_laws_is_refused() {
    let (engine, _notices) = engine(20_800..=20_849);
    engine.open(1, Kind::Browser).expect("leg");
    for text in ["", "hello", "v=0\r\n", &"a=x\r\n".repeat(50_000)] {
        assert!(engine.answer(1, text).is_err());
    }
    assert!(engine.take_answer(1, "v=0\r\n").is_err(), "nothing was offered");
    assert!(engine.close(1).is_some());
    let _page = Page::talking(&engine, 2, 440.0, true);
}
