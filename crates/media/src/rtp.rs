//! RTP packets (RFC 3550) and keys within them (RFC 4733).

/// Bytes of the header that we write.
pub const HEADER: usize = 12;

/// The largest packet that is looked at, in bytes.
pub const LARGEST: usize = 1500;

/// One packet that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// What the payload is.
    pub payload_type: u8,
    /// True at the beginning of a burst or an event.
    pub marker: bool,
    /// Counts up by one.
    pub sequence: u16,
    /// In samples of 8 kHz.
    pub timestamp: u32,
    /// Who sends.
    pub source: u32,
    /// The sound, or the key.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads a datagram; nothing when it is no RTP.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (first, second) = (*bytes.first()?, *bytes.get(1)?);
        if first >> 6 != 2 {
            return None;
        }
        let mut start = HEADER + usize::from(first & 0x0f) * 4;
        if first & 0x10 != 0 {
            let words = bytes.get(start + 2..start + 4)?;
            start += 4 + usize::from(u16::from_be_bytes([words[0], words[1]])) * 4;
        }
        let mut end = bytes.len();
        if first & 0x20 != 0 {
            end = end.checked_sub(usize::from(*bytes.last()?))?;
        }
        let number = |from: usize| {
            bytes.get(from..from + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes)
        };
        Some(Self {
            payload_type: second & 0x7f,
            marker: second & 0x80 != 0,
            sequence: bytes.get(2..4).and_then(|two| two.try_into().ok()).map(u16::from_be_bytes)?,
            timestamp: number(4)?,
            source: number(8)?,
            payload: bytes.get(start..end)?,
        })
    }

    /// Writes the packet behind what is in the buffer.
    pub fn write(&self, into: &mut Vec<u8>) {
        into.push(0x80);
        into.push(self.payload_type & 0x7f | if self.marker { 0x80 } else { 0 });
        into.extend_from_slice(&self.sequence.to_be_bytes());
        into.extend_from_slice(&self.timestamp.to_be_bytes());
        into.extend_from_slice(&self.source.to_be_bytes());
        into.extend_from_slice(self.payload);
    }
}

/// Keys in the order of their event numbers.
const KEYS: &[u8; 16] = b"0123456789*#ABCD";

/// One report of a key that is pressed (RFC 4733 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyReport {
    /// `0` to `9`, `*`, `#`, `A` to `D`.
    pub key: char,
    /// True in the last reports.
    pub end: bool,
    /// Samples since it was pressed.
    pub duration: u16,
}

impl KeyReport {
    /// Reads a payload; nothing when it is no key.
    #[must_use]
    pub fn read(payload: &[u8]) -> Option<Self> {
        let [event, flags, high, low] = *payload.first_chunk::<4>()?;
        let key = char::from(*KEYS.get(usize::from(event))?);
        Some(Self { key, end: flags & 0x80 != 0, duration: u16::from_be_bytes([high, low]) })
    }

    /// Writes the payload; nothing for what is no key.
    #[must_use]
    pub fn payload(self) -> Option<[u8; 4]> {
        let event = KEYS.iter().position(|key| char::from(*key) == self.key.to_ascii_uppercase())?;
        let [high, low] = self.duration.to_be_bytes();
        Some([u8::try_from(event).ok()?, if self.end { 0x8a } else { 0x0a }, high, low])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Issue 7: garbage on a sound port is no packet, never a panic.
        #[test]
        fn garbage_is_no_packet(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(packet) = Packet::read(&bytes) {
                prop_assert!(packet.payload.len() <= bytes.len());
                let _ = KeyReport::read(packet.payload);
            }
        }

        /// RFC 3550: what is written is read.
        #[test]
        fn what_is_written_is_read(sequence: u16, timestamp: u32, source: u32, marker: bool,
                                   payload in proptest::collection::vec(any::<u8>(), 0..200)) {
            let packet = Packet { payload_type: 8, marker, sequence, timestamp, source, payload: &payload };
            let mut bytes = Vec::new();
            packet.write(&mut bytes);
            prop_assert_eq!(Packet::read(&bytes), Some(packet));
        }
    }

    /// RFC 4733: each key has its number.
    #[test]
    fn keys_are_written_and_read() {
        for key in "0123456789*#ABCD".chars() {
            let report = KeyReport { key, end: true, duration: 800 };
            assert_eq!(KeyReport::read(&report.payload().expect("a key")), Some(report));
        }
        assert_eq!(KeyReport { key: 'x', end: false, duration: 0 }.payload(), None);
    }
}
