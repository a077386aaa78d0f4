//! Sounds that people upload, as samples of a telephone: 8 kHz, mono, 16 bit.

mod law;
mod resample;
#[cfg(test)]
mod tests;
mod wav;

pub use law::{alaw, from_alaw, from_ulaw};

/// Samples of a second.
pub const RATE: u32 = 8_000;

/// The longest sound, in seconds.
pub const LONGEST: u32 = 300;

/// The largest file that is read, in bytes.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Why a file is no sound that can be said; the text begins with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SoundFault {
    /// Not a WAV file, or a torn one.
    #[error("sound_not_wav: must be a whole WAV file")]
    NotWav,
    /// Another coding than PCM of 8 to 32 bits, float, A-law or µ-law.
    #[error("sound_coding: the WAV file must hold PCM, float, A-law or mu-law samples")]
    Coding,
    /// More than two channels, or an odd rate.
    #[error("sound_shape: the WAV file must have one or two channels and 8 to 192 kHz")]
    Shape,
    /// Shorter than a twentieth of a second.
    #[error("sound_short: the sound is empty")]
    Short,
    /// Longer than [`LONGEST`].
    #[error("sound_long: a sound may last five minutes and its file 32 MiB")]
    Long,
}

/// A sound as telephones carry it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sound {
    /// Samples at [`RATE`], one channel.
    pub samples: Vec<i16>,
}

impl Sound {
    /// Reads a WAV file and brings it to the telephone's rate and one channel.
    ///
    /// # Errors
    /// [`SoundFault`] when it is none that can be said.
    pub fn read(bytes: &[u8]) -> Result<Self, SoundFault> {
        if bytes.len() > MOST_BYTES {
            return Err(SoundFault::Long);
        }
        let wave = wav::read(bytes)?;
        let frames = wave.samples.len();
        if u64::from(wave.rate) * u64::from(LONGEST) < frames as u64 {
            return Err(SoundFault::Long);
        }
        if frames < (wave.rate / 20) as usize {
            return Err(SoundFault::Short);
        }
        Ok(Self { samples: resample::to_telephone(&wave.samples, wave.rate) })
    }

    /// Gives its length in milliseconds.
    #[must_use]
    pub fn millis(&self) -> u64 {
        self.samples.len() as u64 * 1000 / u64::from(RATE)
    }

    /// Writes it as a WAV file of 16-bit samples.
    #[must_use]
    pub fn wav(&self) -> Vec<u8> {
        let data = self.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        wav::write(data, wav::PCM)
    }

    /// Writes it as a WAV file of A-law samples: half as large, as on the line.
    #[must_use]
    pub fn alaw_wav(&self) -> Vec<u8> {
        wav::write(self.samples.iter().map(|sample| alaw(*sample)).collect(), wav::ALAW)
    }
}
