//! One side of a call as sound: what comes in, what goes out.

use crate::browser::Browser;
use crate::latch::Latch;
use crate::law::Law;
use crate::player::{Player, coded};
use crate::ring::{Anchor, FRAME, Ring};
use crate::rtp::{KeyReport, Packet};
use mio::net::UdpSocket;
use std::collections::VecDeque;
use std::net::SocketAddr;

/// Keys of one leg that are believed within a second.
const KEYS_A_SECOND: u32 = 20;

/// Frames in which one key is reported, and in which its end is.
const KEY_FRAMES: (u16, u16) = (5, 3);

/// Counts of one leg, from its opening on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Packets heard.
    pub received: u64,
    /// Packets sent.
    pub sent: u64,
    /// Packets missing in the sequence of the source.
    pub lost: u64,
    /// Packets that came after a later one.
    pub late: u64,
    /// Packets of strangers and garbage, not heard.
    pub ignored: u64,
    /// How unevenly packets came lately (RFC 3550 §6.4.1), in microseconds.
    pub jitter: u64,
}

/// How a leg reaches its peer.
pub(crate) enum Way {
    /// RTP as it is: desk phones and trunks.
    Plain(UdpSocket),
    /// A browser: DTLS, SRTP, ICE.
    Browser(Box<Browser>),
}

/// What one agreed on with the peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) law: Law,
    pub(crate) keys: Option<u8>,
}

/// What a packet was, once heard.
pub(crate) enum Heard {
    /// Sound of one frame, as it came.
    Sound { law: Law, timestamp: u32, payload: Box<[u8]> },
    /// A key: its report to pass on, and the key when it is a new one.
    Key { report: KeyReport, timestamp: u32, marker: bool, new: bool },
}

/// One leg.
pub(crate) struct Leg {
    pub(crate) way: Way,
    pub(crate) latch: Latch,
    pub(crate) terms: Option<Terms>,
    pub(crate) muted: bool,
    pub(crate) held: bool,
    pub(crate) room: Option<u64>,
    pub(crate) player: Option<Player>,
    pub(crate) heard: Ring,
    pub(crate) told: Ring,
    pub(crate) figures: Figures,
    pub(crate) last_heard: u64,
    pub(crate) said_silent: bool,
    anchor: Anchor,
    told_anchor: Anchor,
    source: u32,
    last_in: Option<(u32, u16)>,
    /// How long the last packet was under way, by its stamp, and 16 times the jitter.
    transit: Option<(u32, u32)>,
    key_at: Option<u32>,
    keys_in: (u64, u32),
    sequence: u16,
    /// Our timestamp at the clock's zero, and where relayed stamps lie beside it.
    base: u32,
    relay: Option<(u32, u32)>,
    talking: bool,
    keys_out: VecDeque<char>,
    key_out: Option<(char, u32, u16)>,
}

impl Leg {
    /// Opens a leg; `chance` begins its numbers.
    pub(crate) fn new(way: Way, chance: u64, now: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = chance.to_be_bytes();
        Self {
            way,
            latch: Latch::default(),
            terms: None,
            muted: false,
            held: false,
            room: None,
            player: None,
            heard: Ring::new(),
            told: Ring::new(),
            figures: Figures::default(),
            last_heard: now,
            said_silent: false,
            anchor: Anchor::default(),
            told_anchor: Anchor::default(),
            source: u32::from_be_bytes([a, b, c, d]),
            last_in: None,
            transit: None,
            key_at: None,
            keys_in: (0, 0),
            sequence: u16::from_be_bytes([e, f]) & 0x7fff,
            base: u32::from_be_bytes([g, h, a, b]),
            relay: None,
            talking: false,
            keys_out: VecDeque::new(),
            key_out: None,
        }
    }

    /// Takes a datagram of the plain way.
    pub(crate) fn datagram(&mut self, bytes: &[u8], from: SocketAddr, now: u64) -> Option<Heard> {
        let packet = Packet::read(bytes);
        // RTCP shares no port with us; what looks like it is not for here
        let packet = packet.filter(|packet| !(72..=76).contains(&packet.payload_type));
        let Some(packet) = packet.filter(|packet| self.latch.hears(from, packet.source)) else {
            self.figures.ignored += 1;
            return None;
        };
        self.packet(&packet, now)
    }

    /// Listens as if something had just been heard: after a hold, with new terms.
    pub(crate) fn listens_anew(&mut self, now: u64) {
        self.last_heard = now;
        self.said_silent = false;
    }

    /// Takes a packet of whom we listen to.
    pub(crate) fn packet(&mut self, packet: &Packet<'_>, now: u64) -> Option<Heard> {
        let terms = self.terms?;
        self.count(packet);
        self.last_heard = now;
        self.said_silent = false;
        if Some(packet.payload_type) == terms.keys {
            return self.key(packet, now);
        }
        let law = Law::of_payload_type(packet.payload_type)?;
        if packet.payload.is_empty() || packet.payload.len() > 480 {
            self.figures.ignored += 1;
            return None;
        }
        self.measure(packet.timestamp, now);
        let at = self.anchor.place(packet.timestamp, now);
        if !self.muted {
            self.heard.write(at, packet.payload.iter().map(|byte| law.sample(*byte)));
        }
        Some(Heard::Sound { law, timestamp: packet.timestamp, payload: packet.payload.into() })
    }

    fn count(&mut self, packet: &Packet<'_>) {
        self.figures.received += 1;
        if let Some((source, sequence)) = self.last_in
            && source == packet.source
        {
            let step = packet.sequence.wrapping_sub(sequence).cast_signed();
            if step <= 0 {
                // late or doubled: it was counted as lost before
                self.figures.lost = self.figures.lost.saturating_sub(u64::from(step < 0));
                self.figures.late += u64::from(step < 0);
                return;
            }
            self.figures.lost += u64::from(step.unsigned_abs() - 1);
        } else if self.last_in.is_some() {
            self.anchor.lift();
            self.transit = None;
        }
        self.last_in = Some((packet.source, packet.sequence));
    }

    /// Measures the jitter as RFC 3550, A.8 does.
    fn measure(&mut self, timestamp: u32, now: u64) {
        let transit = (now as u32).wrapping_sub(timestamp);
        let (before, jitter) = self.transit.unwrap_or((transit, 0));
        let apart = transit.wrapping_sub(before).cast_signed().unsigned_abs();
        // a stamp that jumps is another stream, not a packet that was hours under way
        let jitter = if apart < 8_000 { jitter + apart - ((jitter + 8) >> 4) } else { 0 };
        self.transit = Some((transit, jitter));
        self.figures.jitter = u64::from(jitter >> 4) * 125;
    }

    fn key(&mut self, packet: &Packet<'_>, now: u64) -> Option<Heard> {
        let report = KeyReport::read(packet.payload)?;
        let mut new = self.key_at != Some(packet.timestamp);
        if new {
            self.key_at = Some(packet.timestamp);
            let second = now / 8_000;
            let before = if self.keys_in.0 == second { self.keys_in.1 } else { 0 };
            self.keys_in = (second, before + 1);
            new = before < KEYS_A_SECOND;
        }
        Some(Heard::Key { report, timestamp: packet.timestamp, marker: packet.marker, new })
    }

    /// Presses keys towards the peer, one after the other.
    pub(crate) fn press(&mut self, keys: &str) {
        let room = 64_usize.saturating_sub(self.keys_out.len());
        self.keys_out.extend(keys.chars().take(room));
    }

    /// Sends what another leg said, as it came, when it came.
    pub(crate) fn pass_on(&mut self, (law, timestamp): (Law, u32), payload: &[u8], now: u64) {
        let Some(terms) = self.terms else { return };
        if self.key_out.is_some() {
            return;
        }
        let stamp = self.stamp_of(timestamp, now);
        // packets come in bunches; what they hold is heard in its own time
        let at = self.told_anchor.place(timestamp, now);
        self.told.write(at, payload.iter().map(|byte| law.sample(*byte)));
        let marker = !std::mem::replace(&mut self.talking, true);
        if law == terms.law {
            self.send((law.payload_type(), marker, stamp), payload);
        } else {
            let mut other = [0; 480];
            for (to, from) in other.iter_mut().zip(payload) {
                *to = terms.law.byte(law.sample(*from));
            }
            let other = other.get(..payload.len()).unwrap_or_default();
            self.send((terms.law.payload_type(), marker, stamp), other);
        }
    }

    /// Passes on a key of another leg.
    pub(crate) fn pass_key(&mut self, report: KeyReport, timestamp: u32, marker: bool, now: u64) {
        let Some(keys) = self.terms.and_then(|terms| terms.keys) else { return };
        let stamp = self.stamp_of(timestamp, now);
        if let Some(payload) = report.payload() {
            self.send((keys, marker, stamp), &payload);
        }
    }

    /// Sends one frame made here, at its time.
    pub(crate) fn tell(&mut self, samples: &[i16; FRAME], now: u64) {
        let Some(terms) = self.terms else { return };
        self.relay = None;
        self.told_anchor.lift();
        self.told.write(now, samples.iter().copied());
        let marker = !std::mem::replace(&mut self.talking, true);
        let stamp = self.base.wrapping_add(now as u32);
        self.send((terms.law.payload_type(), marker, stamp), &coded(samples, terms.law));
    }

    /// Reports the key that is pressed towards the peer; false when there is none.
    pub(crate) fn tell_key(&mut self, now: u64) -> bool {
        if self.key_out.is_none() {
            self.key_out = self.keys_out.pop_front().map(|key| (key, self.base.wrapping_add(now as u32), 0));
        }
        let Some((key, stamp, frames)) = self.key_out else { return false };
        let Some(keys) = self.terms.and_then(|terms| terms.keys) else {
            self.key_out = None;
            return false;
        };
        let (pressed, ending) = KEY_FRAMES;
        let duration = (frames.min(pressed - 1) + 1) * FRAME as u16;
        let report = KeyReport { key, end: frames >= pressed, duration };
        if let Some(payload) = report.payload() {
            self.send((keys, frames == 0, stamp), &payload);
        }
        self.key_out = (frames + 1 < pressed + ending).then_some((key, stamp, frames + 1));
        true
    }

    /// Marks a pause, so that the next packet begins a burst.
    pub(crate) fn pauses(&mut self) {
        self.talking = false;
        self.relay = None;
        self.told_anchor.lift();
    }

    /// Lays the stamps of another source along ours without a step back.
    fn stamp_of(&mut self, timestamp: u32, now: u64) -> u32 {
        let ours = self.base.wrapping_add(now as u32);
        let beside = match self.relay {
            Some((last, beside)) if timestamp.wrapping_sub(last).cast_signed().unsigned_abs() < 8_000 => {
                beside
            }
            _ => ours.wrapping_sub(timestamp),
        };
        self.relay = Some((timestamp, beside));
        timestamp.wrapping_add(beside)
    }

    fn send(&mut self, (payload_type, marker, timestamp): (u8, bool, u32), payload: &[u8]) {
        self.sequence = self.sequence.wrapping_add(1);
        let packet =
            Packet { payload_type, marker, sequence: self.sequence, timestamp, source: self.source, payload };
        let sent = match &mut self.way {
            Way::Plain(socket) => self.latch.to().is_some_and(|to| {
                let mut bytes = Vec::with_capacity(172);
                packet.write(&mut bytes);
                socket.send_to(&bytes, to).is_ok()
            }),
            Way::Browser(browser) => browser.send(&packet),
        };
        self.figures.sent += u64::from(sent);
    }
}
