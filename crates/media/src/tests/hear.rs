//! A telephone for tests: a socket that sends a tone and keeps what it hears.

use super::{pass, tone};
use crate::{Engine, KeyReport, Kind, Law, Notice, Packet, Role, Settings, Side};
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

pub(super) fn engine(ports: std::ops::RangeInclusive<u16>) -> (Engine, Receiver<Notice>) {
    let bind = "127.0.0.1".parse().expect("address");
    Engine::start(Settings { bind, external_ip: None, ports, silence: Duration::from_millis(700) })
        .expect("engine")
}

/// A telephone.
pub(super) struct Phone {
    pub(super) leg: u64,
    socket: Arc<UdpSocket>,
    heard: Arc<Mutex<Vec<i16>>>,
    keys: Arc<Mutex<Vec<KeyReport>>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    to: SocketAddr,
}

impl Phone {
    /// Opens a leg and talks to it in a tone; nothing is sent for no tone.
    pub(super) fn talking(engine: &Engine, leg: u64, law: Law, hertz: Option<f64>) -> Self {
        engine.open(leg, Kind::Plain).expect("leg");
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").expect("socket"));
        socket.set_read_timeout(Some(Duration::from_millis(20))).expect("timeout");
        let at = socket.local_addr().expect("address");
        let number = law.payload_type();
        let offer = format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {} RTP/AVP {number} 101\r\n\
             a=rtpmap:101 telephone-event/8000\r\n",
            at.port()
        );
        let (answer, agreed) = engine.answer(leg, &offer).expect("answered");
        assert!(!agreed.held);
        let to = crate::Said::read(&answer).expect("our own").to.expect("address");
        let (heard, keys, stop) = (Arc::default(), Arc::default(), Arc::new(AtomicBool::new(false)));
        let mut phone = Self { leg, socket, heard, keys, stop, threads: Vec::new(), to };
        phone.listen(law);
        if let Some(hertz) = hertz {
            phone.speak(law, hertz);
        }
        phone
    }

    fn listen(&mut self, law: Law) {
        let (socket, heard, keys) = (self.socket.clone(), self.heard.clone(), self.keys.clone());
        let stop = self.stop.clone();
        self.threads.push(std::thread::spawn(move || {
            let mut bytes = [0; 1500];
            while !stop.load(Ordering::Relaxed) {
                let Ok((length, _)) = socket.recv_from(&mut bytes) else { continue };
                let packet = Packet::read(&bytes[..length]).expect("what we send is RTP");
                if packet.payload_type == 101 {
                    keys.lock().expect("lock").extend(KeyReport::read(packet.payload));
                } else {
                    assert_eq!(packet.payload_type, law.payload_type(), "the law that was agreed on");
                    heard.lock().expect("lock").extend(packet.payload.iter().map(|byte| law.sample(*byte)));
                }
            }
        }));
    }

    fn speak(&mut self, law: Law, hertz: f64) {
        let (socket, stop, to, source) = (self.socket.clone(), self.stop.clone(), self.to, self.leg as u32);
        self.threads.push(std::thread::spawn(move || {
            let sound = tone(hertz, 8_000);
            let (began, mut number) = (Instant::now(), 0_u32);
            while !stop.load(Ordering::Relaxed) {
                let from = (number as usize * 160) % 8_000;
                let payload: Vec<u8> =
                    sound[from..from + 160].iter().map(|sample| law.byte(*sample)).collect();
                let packet = Packet {
                    payload_type: law.payload_type(),
                    marker: number == 0,
                    sequence: number as u16,
                    timestamp: number * 160,
                    source,
                    payload: &payload,
                };
                let mut bytes = Vec::new();
                packet.write(&mut bytes);
                socket.send_to(&bytes, to).expect("sent");
                number += 1;
                pass((began + Duration::from_millis(20) * number).saturating_duration_since(Instant::now()));
            }
        }));
    }

    /// Presses a key as telephones do: several reports, three of them at the end.
    pub(super) fn press(&self, key: char, timestamp: u32) {
        for (place, end) in [(0, false), (1, false), (2, false), (3, true), (4, true), (5, true)] {
            let payload = KeyReport { key, end, duration: 160 * (place + 1) }.payload().expect("key");
            let packet = Packet {
                payload_type: 101,
                marker: place == 0,
                sequence: 40_000 + place,
                timestamp,
                source: self.leg as u32,
                payload: &payload,
            };
            let mut bytes = Vec::new();
            packet.write(&mut bytes);
            self.socket.send_to(&bytes, self.to).expect("sent");
        }
    }

    /// Sends what was made by hand.
    pub(super) fn send(&self, bytes: &[u8]) {
        self.socket.send_to(bytes, self.to).expect("sent");
    }

    pub(super) fn to(&self) -> SocketAddr {
        self.to
    }

    /// What was heard from now on, for a while.
    pub(super) fn hears(&self, millis: u64) -> Vec<i16> {
        // what is under way belongs to before
        pass(Duration::from_millis(250));
        self.heard.lock().expect("lock").clear();
        pass(Duration::from_millis(millis));
        self.heard.lock().expect("lock").clone()
    }

    pub(super) fn keys(&self) -> Vec<KeyReport> {
        self.keys.lock().expect("lock").clone()
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

pub(super) const CUSTOMER: Role = Role::Talker(Side::Customer);
pub(super) const AGENT: Role = Role::Talker(Side::Agent);
