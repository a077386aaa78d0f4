//! What a packet of the generator carries in place of sound.

use crate::Packet;
use crate::law::Law;

/// Bytes of sound in a packet of 20 ms.
const SOUND: usize = 160;

/// How the payload begins, so that music and prompts are told from talkers.
const MAGIC: [u8; 4] = *b"HYLD";

/// Who sent a packet, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Which talker of the other end.
    pub(super) talker: u32,
    /// Counts up from 0.
    pub(super) number: u32,
    /// Microseconds since the load began.
    pub(super) micros: u64,
}

impl Stamp {
    /// Gives the source of a talker.
    pub(super) fn source(end: super::End, talker: u32) -> u32 {
        u32::try_from(end.place()).unwrap_or_default() << 31 | talker
    }

    /// Writes the whole RTP packet; sources of the two ends differ.
    pub(super) fn packet(self, end: super::End) -> Vec<u8> {
        let mut payload = [Law::Pcma.silence(); SOUND];
        let fields = MAGIC
            .into_iter()
            .chain(self.talker.to_be_bytes())
            .chain(self.number.to_be_bytes())
            .chain(self.micros.to_be_bytes());
        payload.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        let packet = Packet {
            payload_type: Law::Pcma.payload_type(),
            marker: self.number == 0,
            sequence: (self.number & 0xffff) as u16,
            timestamp: self.number.wrapping_mul(SOUND as u32),
            source: Self::source(end, self.talker),
            payload: &payload,
        };
        let mut bytes = Vec::with_capacity(12 + SOUND);
        packet.write(&mut bytes);
        bytes
    }

    /// Reads it from a datagram that was heard.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let rest = Packet::read(bytes)?.payload.strip_prefix(&MAGIC)?;
        let (talker, rest) = rest.split_first_chunk::<4>()?;
        let (number, rest) = rest.split_first_chunk::<4>()?;
        let (micros, _) = rest.split_first_chunk::<8>()?;
        Some(Self {
            talker: u32::from_be_bytes(*talker),
            number: u32::from_be_bytes(*number),
            micros: u64::from_be_bytes(*micros),
        })
    }
}
