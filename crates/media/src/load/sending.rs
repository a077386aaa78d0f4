//! One thread talks for all: 50 packets a second each, spread over the 20 ms.

use super::stamp::Stamp;
use super::{End, lock, pass};
use crate::{KeyReport, Packet};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Parts of the 20 ms; each talker has its own.
const PARTS: u64 = 10;

/// From one part to the next.
const STEP: Duration = Duration::from_millis(2);

/// Payload type of keys, as our offers name it.
const KEYS: u8 = 101;

/// One who talks.
#[derive(Clone, Copy, Default)]
struct Talker {
    to: Option<SocketAddr>,
    next: u32,
}

/// Everybody who talks.
pub(super) struct Sending {
    talkers: [Vec<Talker>; 2],
    began: Instant,
    /// The longest that the generator was late itself.
    behind: Duration,
}

impl Sending {
    pub(super) fn of(talkers: usize, began: Instant) -> Self {
        let silent = || vec![Talker::default(); talkers];
        Self { talkers: [silent(), silent()], began, behind: Duration::ZERO }
    }

    pub(super) fn talk(&mut self, end: End, talker: usize, to: Option<SocketAddr>) {
        if let Some(talker) = self.talkers[end.place()].get_mut(talker) {
            talker.to = to;
        }
    }

    /// Begins to measure; gives the next number of each talker.
    pub(super) fn begin(&mut self) -> [Vec<u32>; 2] {
        self.behind = Duration::ZERO;
        self.numbers()
    }

    /// Ends it; gives the next numbers, and how late the generator was itself.
    pub(super) fn end(&self) -> ([Vec<u32>; 2], Duration) {
        (self.numbers(), self.behind)
    }

    fn numbers(&self) -> [Vec<u32>; 2] {
        self.talkers.each_ref().map(|all| all.iter().map(|talker| talker.next).collect())
    }

    /// Makes what is due in one part of the 20 ms.
    fn due(&mut self, end: End, part: u64) -> Vec<(Vec<u8>, SocketAddr)> {
        let micros = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let mut due = Vec::new();
        for (place, talker) in (0_u32..).zip(&mut self.talkers[end.place()]) {
            if u64::from(place) % PARTS == part
                && let Some(to) = talker.to
            {
                due.push((Stamp { talker: place, number: talker.next, micros }.packet(end), to));
                talker.next = talker.next.wrapping_add(1);
            }
        }
        due
    }
}

/// Presses a key before the talker begins; its numbers lie before the voice's.
pub(super) fn press(socket: &UdpSocket, (end, talker): (End, u32), key: char, to: SocketAddr) {
    let reports = [(160, false), (320, false), (480, true), (480, true), (480, true)];
    for (step, (duration, end_of_key)) in (0_u16..).zip(reports) {
        let Some(payload) = (KeyReport { key, end: end_of_key, duration }).payload() else { return };
        let packet = Packet {
            payload_type: KEYS,
            marker: step == 0,
            sequence: u16::MAX - 4 + step,
            timestamp: 0_u32.wrapping_sub(800),
            source: Stamp::source(end, talker),
            payload: &payload,
        };
        let mut bytes = Vec::new();
        packet.write(&mut bytes);
        let _ = socket.send_to(&bytes, to);
    }
}

/// Talks until it is told to stop.
pub(super) fn talk(sockets: &[UdpSocket; 2], sending: &Mutex<Sending>, stop: &AtomicBool) {
    let began = lock(sending).began;
    let mut step = 0_u32;
    while !stop.load(Ordering::Relaxed) {
        let at = STEP * step;
        pass(at.saturating_sub(began.elapsed()));
        for end in End::BOTH {
            let due = {
                let mut sending = lock(sending);
                sending.behind = sending.behind.max(began.elapsed().saturating_sub(at));
                sending.due(end, u64::from(step) % PARTS)
            };
            send(&sockets[end.place()], &due);
        }
        step += 1;
    }
}

/// Sends many with few calls to the machine.
#[cfg(target_os = "linux")]
fn send(socket: &UdpSocket, due: &[(Vec<u8>, SocketAddr)]) {
    use rustix::net::addr::SocketAddrArg as _;
    use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, sendmmsg};
    use std::io::IoSlice;
    let to: Vec<_> = due.iter().map(|(_, to)| to.as_any()).collect();
    let bytes: Vec<_> = due.iter().map(|(bytes, _)| [IoSlice::new(bytes)]).collect();
    let mut nothing: Vec<_> = due.iter().map(|_| SendAncillaryBuffer::default()).collect();
    let mut all: Vec<_> = to
        .iter()
        .zip(&bytes)
        .zip(&mut nothing)
        .map(|((to, bytes), nothing)| MMsgHdr::new_with_addr(to, bytes, nothing))
        .collect();
    let mut rest = all.as_mut_slice();
    while !rest.is_empty() {
        // one that cannot be sent is lost, and is counted so
        let sent = sendmmsg(socket, rest, SendFlags::empty()).unwrap_or(1).max(1).min(rest.len());
        rest = rest.get_mut(sent..).unwrap_or_default();
    }
}

/// Sends one after the other.
#[cfg(not(target_os = "linux"))]
fn send(socket: &UdpSocket, due: &[(Vec<u8>, SocketAddr)]) {
    for (bytes, to) in due {
        let _ = socket.send_to(bytes, to);
    }
}
