//! Two voices as Ogg/Opus (RFC 7845), a page of Ogg for each second.
//!
//! Each voice is a stream of its own, so that none is heard on the other's side.

use crate::taping::SECOND;
use ogg::writing::{PacketWriteEndInfo, PacketWriter};
use opus_rs::multistream::{ChannelMappingTable, MultistreamDecoder};
use opus_rs::{Application, OpusEncoder};

/// One sample of each voice: customer, then what the customer hears.
pub(super) type Frame = [i16; 2];

/// Samples of a packet: 20 ms.
const PACKET: usize = 160;

/// Packets of a page.
const PACKETS: usize = SECOND / PACKET;

/// Samples by which Opus gives sound later than it got it.
pub(super) const DELAY: usize = 52;

/// Opus counts by 48 kHz, whatever went in.
const CLOCK: u64 = 6;

/// Bits a second of each voice.
const RATE: i32 = 12_000;

/// The number of the one stream in the file.
const SERIAL: u32 = 1;

/// The most bytes of a packet of one voice, so that a page holds a whole second.
const LARGEST: usize = 250;

/// What cannot be coded or read: said by the codec, in its words.
pub(super) type Broken = &'static str;

/// Makes pages of Ogg.
pub(super) struct Coder {
    voices: [OpusEncoder; 2],
    ogg: PacketWriter<'static, Vec<u8>>,
    packets: u64,
}

impl Coder {
    /// Begins; the second gives is the page of the headers.
    pub(super) fn begin() -> Result<(Self, Vec<u8>), Broken> {
        let voice = || {
            let mut voice = OpusEncoder::new(8_000, 1, Application::Voip)?;
            (voice.bitrate_bps, voice.complexity) = (RATE, 0);
            Ok::<_, Broken>(voice)
        };
        let mut coder = Self { voices: [voice()?, voice()?], ogg: PacketWriter::new(Vec::new()), packets: 0 };
        coder.write(head(), PacketWriteEndInfo::EndPage, 0)?;
        coder.write(tags(), PacketWriteEndInfo::EndPage, 0)?;
        let headers = coder.page();
        Ok((coder, headers))
    }

    /// Codes up to a second; `last` gives the length in frames when it ends.
    pub(super) fn second(&mut self, frames: &[Frame], last: Option<u64>) -> Result<Vec<u8>, Broken> {
        let count = frames.len().div_ceil(PACKET).clamp(1, PACKETS);
        for number in 0..count {
            let part = frames.get(number * PACKET..).unwrap_or_default();
            let packet = self.packet(part)?;
            self.packets += 1;
            let ends = number + 1 == count;
            let (end, place) = match last.filter(|_| ends) {
                Some(whole) => (PacketWriteEndInfo::EndStream, (whole + DELAY as u64) * CLOCK),
                None if ends => (PacketWriteEndInfo::EndPage, self.packets * PACKET as u64 * CLOCK),
                None => (PacketWriteEndInfo::NormalPacket, self.packets * PACKET as u64 * CLOCK),
            };
            self.write(packet, end, place)?;
        }
        Ok(self.page())
    }

    /// Codes 20 ms of both voices; what is missing is silence.
    fn packet(&mut self, frames: &[Frame]) -> Result<Vec<u8>, Broken> {
        let mut packet = Vec::new();
        for (side, voice) in self.voices.iter_mut().enumerate() {
            let mut samples = [0_i16; PACKET];
            for (to, from) in samples.iter_mut().zip(frames) {
                *to = from.get(side).copied().unwrap_or_default();
            }
            let mut coded = [0; LARGEST];
            let length = voice.encode_i16(&samples, PACKET, &mut coded)?;
            let (toc, sound) = coded.get(..length).and_then(<[u8]>::split_first).ok_or("an empty packet")?;
            if toc & 3 != 0 {
                return Err("a packet of several frames");
            }
            packet.push(*toc);
            if side == 0 {
                // all but the last stream say how long they are (RFC 6716, appendix B)
                packet.push(u8::try_from(sound.len()).map_err(|_| "a packet that is too large")?);
            }
            packet.extend_from_slice(sound);
        }
        Ok(packet)
    }

    fn write(&mut self, packet: Vec<u8>, end: PacketWriteEndInfo, place: u64) -> Result<(), Broken> {
        self.ogg.write_packet(packet, SERIAL, end, place).map_err(|_| "no room in memory")
    }

    fn page(&mut self) -> Vec<u8> {
        std::mem::take(self.ogg.inner_mut())
    }
}

fn head() -> Vec<u8> {
    let mut head = b"OpusHead".to_vec();
    // version, channels
    head.extend_from_slice(&[1, 2]);
    head.extend_from_slice(&((DELAY as u64 * CLOCK) as u16).to_le_bytes());
    head.extend_from_slice(&8_000_u32.to_le_bytes());
    // no gain; mapping family 1: two streams, none coupled, in their order
    head.extend_from_slice(&[0, 0, 1, 2, 0, 0, 1]);
    head
}

fn tags() -> Vec<u8> {
    let mut tags = b"OpusTags".to_vec();
    let vendor = b"huiyin";
    tags.extend_from_slice(&(vendor.len() as u32).to_le_bytes());
    tags.extend_from_slice(vendor);
    tags.extend_from_slice(&0_u32.to_le_bytes());
    tags
}

/// A page as it was written: packets, and where it ends.
pub(super) struct Page<'a> {
    /// Its packets.
    pub(super) packets: Vec<&'a [u8]>,
    /// Frames of the recording up to its end.
    pub(super) until: u64,
}

impl<'a> Page<'a> {
    /// Reads a page that [`Coder::second`] made.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"OggS")?;
        let place = u64::from_le_bytes(*rest.get(2..)?.first_chunk::<8>()?);
        let (count, rest) = rest.get(22..)?.split_first()?;
        let (lengths, mut sound) = rest.split_at_checked(usize::from(*count))?;
        let mut packets = Vec::with_capacity(PACKETS);
        let mut length = 0;
        for part in lengths {
            length += usize::from(*part);
            if *part < 255 {
                let (packet, after) = sound.split_at_checked(length)?;
                packets.push(packet);
                (sound, length) = (after, 0);
            }
        }
        Some(Self { packets, until: (place / CLOCK).saturating_sub(DELAY as u64) })
    }
}

/// Gives sound back, packet by packet in their order.
pub(super) struct Decoder(MultistreamDecoder);

impl Decoder {
    /// Begins at any page; the first 80 ms of it are not yet right.
    pub(super) fn begin() -> Result<Self, Broken> {
        let table =
            ChannelMappingTable { channels: 2, stream_count: 2, coupled_count: 0, mapping: vec![0, 1] };
        MultistreamDecoder::new(8_000, table).map(Self)
    }

    /// Gives the 20 ms of a packet.
    pub(super) fn packet(&mut self, packet: &[u8]) -> Result<Vec<Frame>, Broken> {
        let mut sound = [0.0; PACKET * 2];
        if self.0.decode(packet, PACKET, &mut sound)? != PACKET {
            return Err("a packet of another length");
        }
        #[expect(clippy::cast_possible_truncation, reason = "the conversion saturates, as sound should")]
        let sample = |part: f32| (part * 32_768.0).round() as i16;
        Ok(sound.chunks_exact(2).map(|pair| [sample(pair[0]), sample(pair[1])]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ogg::reading::PacketReader;
    use std::io::Cursor;

    /// RFC 7845: put together the pages are an Opus file as others read it: headers, checked
    /// pages, two streams in a packet, and an end that cuts what was filled up.
    #[test]
    fn the_pages_are_an_opus_file() {
        let (mut coder, mut file) = Coder::begin().expect("begun");
        let frames = vec![[1_000, -1_000]; SECOND];
        file.extend(coder.second(&frames, None).expect("coded"));
        file.extend(coder.second(&frames[..500], Some(8_400)).expect("coded"));
        let mut reader = PacketReader::new(Cursor::new(file));
        let head = reader.read_packet_expected().expect("head").data;
        assert_eq!(head.len(), 8 + 11 + 4);
        assert_eq!(
            ChannelMappingTable::parse(head[18], head[9], &head[19..]).map(|table| table.stream_count),
            Some(2)
        );
        assert!(reader.read_packet_expected().expect("tags").data.starts_with(b"OpusTags"));
        let mut decoder = Decoder::begin().expect("decoder");
        let (mut packets, mut end) = (0, 0);
        while let Some(packet) = reader.read_packet().expect("whole pages") {
            packets += 1;
            assert_eq!(decoder.packet(&packet.data).expect("decoded").len(), PACKET);
            if packet.last_in_stream() {
                end = packet.absgp_page();
            }
        }
        assert_eq!((packets, end), (54, (8_400 + 52) * 6));
    }
}
