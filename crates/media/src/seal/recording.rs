//! A recording to be heard, from a tape or from the archive.

use super::SealFault;
use super::archive::Archive;
use super::envelope::{Envelope, Kind};
use super::keys::Keys;
use super::opus::Frame;
use super::tape::Taped;
use crate::law::Law;
use crate::taping::SECOND;
use std::ops::Range;
use std::path::Path;

/// Bytes of the WAV header.
const WAV_HEADER: u64 = 44;

/// Bytes of WAV that one stereo frame becomes: two samples of 16 bit.
const WAV_FRAME: u64 = 4;

/// Bytes of WAV of a second.
const WAV_SECOND: u64 = SECOND as u64 * WAV_FRAME;

enum Source {
    Tape(Box<Taped>),
    Archive(Box<Archive>),
}

/// A recording that can be heard.
pub struct Recording {
    source: Source,
    held: Option<(u64, Vec<Frame>)>,
}

impl Recording {
    /// Opens a recording; a chunk that a crash left half is passed over.
    ///
    /// # Errors
    /// [`SealFault::KeyMissing`], [`SealFault::Damaged`], what the machine says.
    pub fn open(path: &Path, keys: &Keys) -> Result<Self, SealFault> {
        let (file, envelope, kind) = Envelope::open(path, keys)?;
        let source = match kind {
            Kind::Tape => Source::Tape(Box::new(Taped::open(file, envelope)?)),
            Kind::Archive => Source::Archive(Box::new(Archive::open(file, envelope)?)),
        };
        Ok(Self { source, held: None })
    }

    /// Says whether it was put into the archive.
    #[must_use]
    pub const fn is_archived(&self) -> bool {
        matches!(self.source, Source::Archive(_))
    }

    /// Gives its length in stereo frames, 8,000 a second.
    pub(super) fn frames(&self) -> u64 {
        match &self.source {
            Source::Tape(taped) => taped.frames,
            Source::Archive(archive) => archive.frames,
        }
    }

    /// Gives its length in milliseconds.
    #[must_use]
    pub fn millis(&self) -> u64 {
        self.frames() * 1000 / SECOND as u64
    }

    /// Gives the bytes of the whole WAV file: 16-bit PCM, 8 kHz, stereo, customer left.
    #[must_use]
    pub fn wav_len(&self) -> u64 {
        WAV_HEADER + self.frames() * WAV_FRAME
    }

    /// Gives a part of the WAV file; what lies beyond its end is left out.
    ///
    /// # Errors
    /// [`SealFault::Damaged`] where a chunk was changed.
    pub fn wav(&mut self, range: Range<u64>) -> Result<Vec<u8>, SealFault> {
        let end = range.end.min(self.wav_len());
        let mut out = Vec::with_capacity(usize::try_from(end.saturating_sub(range.start)).unwrap_or(0));
        let head = self.wav_header();
        let mut at = range.start;
        while at < end && at < WAV_HEADER {
            out.extend(usize::try_from(at).ok().and_then(|place| head.get(place)));
            at += 1;
        }
        while at < end {
            let byte = at - WAV_HEADER;
            let (number, inside) = (byte / WAV_SECOND, byte % WAV_SECOND);
            let sound = self.second(number)?;
            let pcm: Vec<u8> = sound.iter().flatten().flat_map(|sample| sample.to_le_bytes()).collect();
            let from = usize::try_from(inside).unwrap_or(usize::MAX);
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
            let part = pcm.get(from..).unwrap_or_default();
            let part = part.get(..wanted.min(part.len())).unwrap_or_default();
            if part.is_empty() {
                return Err(SealFault::Damaged);
            }
            out.extend_from_slice(part);
            at += part.len() as u64;
        }
        Ok(out)
    }

    /// Gives the loudest sample of each side in so many equal parts, 0 to 1, to draw.
    ///
    /// # Errors
    /// [`SealFault::Damaged`] where a chunk was changed.
    pub fn waveform(&mut self, points: u32) -> Result<Vec<(f32, f32)>, SealFault> {
        let points = u64::from(points.clamp(1, 4_000));
        let mut wave = vec![(0_i32, 0_i32); usize::try_from(points).unwrap_or(1)];
        let frames = self.frames();
        let mut place = 0;
        for number in 0..frames.div_ceil(SECOND as u64) {
            for [left, right] in self.second(number)? {
                let at = usize::try_from(place * points / frames.max(1)).unwrap_or(0);
                if let Some(loudest) = wave.get_mut(at) {
                    loudest.0 = loudest.0.max(i32::from(left).abs());
                    loudest.1 = loudest.1.max(i32::from(right).abs());
                }
                place += 1;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "an amount of 16 bits fits a float exactly")]
        let part = |amount: i32| amount as f32 / 32_768.0;
        Ok(wave.into_iter().map(|(left, right)| (part(left), part(right))).collect())
    }

    /// Gives a second of sound, the last one as long as it is.
    pub(super) fn second(&mut self, number: u64) -> Result<Vec<Frame>, SealFault> {
        if let Some((held, sound)) = &self.held
            && *held == number
        {
            return Ok(sound.clone());
        }
        let sound: Vec<Frame> = match &mut self.source {
            Source::Tape(taped) => {
                let bytes = taped.chunk(number)?;
                let (frames, _) = bytes.as_chunks::<2>();
                frames.iter().map(|frame| frame.map(|byte| Law::Pcma.sample(byte))).collect()
            }
            Source::Archive(archive) => archive.second(number)?,
        };
        self.held = Some((number, sound.clone()));
        Ok(sound)
    }

    fn wav_header(&self) -> Vec<u8> {
        let data = u32::try_from(self.frames() * WAV_FRAME).unwrap_or(u32::MAX);
        let mut head = Vec::with_capacity(44);
        head.extend_from_slice(b"RIFF");
        head.extend_from_slice(&data.saturating_add(36).to_le_bytes());
        head.extend_from_slice(b"WAVEfmt ");
        head.extend_from_slice(&16_u32.to_le_bytes());
        // PCM, two channels, 8,000 frames and 32,000 bytes a second, 4 bytes a frame, 16 bits
        for half in [1_u16, 2] {
            head.extend_from_slice(&half.to_le_bytes());
        }
        for whole in [8_000_u32, 32_000] {
            head.extend_from_slice(&whole.to_le_bytes());
        }
        for half in [4_u16, 16] {
            head.extend_from_slice(&half.to_le_bytes());
        }
        head.extend_from_slice(b"data");
        head.extend_from_slice(&data.to_le_bytes());
        head
    }
}
