//! Whom a sound port listens to.

use std::net::SocketAddr;

/// Packets of one stranger in a row before he is believed.
const CONVINCING: u8 = 5;

/// The source that is heard; strangers are ignored.
///
/// A phone behind a router sends from another address than it wrote down, so the first
/// steady source is taken; whoever was written down always wins.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Latch {
    said: Option<SocketAddr>,
    held: Option<(SocketAddr, u32)>,
    stranger: Option<(SocketAddr, u32, u8)>,
}

impl Latch {
    /// Takes the address that the peer wrote down.
    pub(crate) fn told(&mut self, said: Option<SocketAddr>) {
        if self.said != said {
            self.said = said;
            self.held = None;
            self.stranger = None;
        }
    }

    /// Says whether a packet is heard.
    pub(crate) fn hears(&mut self, from: SocketAddr, source: u32) -> bool {
        if let Some((held, known)) = self.held
            && held == from
        {
            // the phone began a new stream, as after a transfer
            if known != source {
                self.held = Some((from, source));
            }
            return true;
        }
        if self.said == Some(from) {
            self.held = Some((from, source));
            self.stranger = None;
            return true;
        }
        let count = match self.stranger {
            Some((known, stream, count)) if (known, stream) == (from, source) => count.saturating_add(1),
            _ => 1,
        };
        self.stranger = Some((from, source, count));
        let moved = self.held.is_some_and(|(_, stream)| stream == source);
        let fits = self.held.is_none() || moved && self.said != self.held.map(|(address, _)| address);
        if count >= CONVINCING && fits {
            self.held = Some((from, source));
            self.stranger = None;
            return true;
        }
        false
    }

    /// Gives where our sound goes.
    pub(crate) fn to(&self) -> Option<SocketAddr> {
        self.held.map(|(address, _)| address).or(self.said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("address")
    }

    /// Issue 7: RTP from strangers is ignored while the phone talks.
    #[test]
    fn strangers_are_ignored() {
        let (phone, stranger) = (address("10.0.0.9:4000"), address("10.0.0.66:4000"));
        let mut latch = Latch::default();
        latch.told(Some(phone));
        assert!(latch.hears(phone, 1));
        assert!((0..100).all(|_| !latch.hears(stranger, 1)), "with the phone's own number too");
        assert_eq!(latch.to(), Some(phone));
    }

    /// A phone behind a router is heard after some packets, then follows its stream.
    #[test]
    fn a_phone_behind_a_router_is_found() {
        let (written, real, moved) =
            (address("192.168.0.9:4000"), address("10.0.0.1:4711"), address("10.0.0.1:4800"));
        let mut latch = Latch::default();
        latch.told(Some(written));
        let heard: Vec<bool> = (0..6).map(|_| latch.hears(real, 7)).collect();
        assert_eq!(heard, [false, false, false, false, true, true]);
        assert!(!(0..20).any(|_| latch.hears(moved, 8)), "another stream is a stranger");
        assert!((0..6).any(|_| latch.hears(moved, 7)), "the same stream from a new port is the phone");
        assert_eq!(latch.to(), Some(moved));
        assert!(latch.hears(written, 9), "who was written down wins");
    }
}
