//! Sound between the files of a PBX and a tape: A-law, two sides.

use huiyin_telephony::{Prompt, Tape};
use std::io;
use std::path::Path;

/// Silence by the A-law.
const SILENCE: u8 = 0xD5;

/// Bytes of one stereo second.
const SECOND: usize = 16_000;

/// Appends two sides to a tape, the shorter one filled up with silence; says
/// how many milliseconds that is.
pub(crate) fn append(tape: &mut Tape, customer: &[u8], agent: &[u8]) -> io::Result<u64> {
    let samples = customer.len().max(agent.len());
    let mut frames = Vec::with_capacity(samples * 2);
    for at in 0..samples {
        frames.push(customer.get(at).copied().unwrap_or(SILENCE));
        frames.push(agent.get(at).copied().unwrap_or(SILENCE));
    }
    for second in frames.chunks(SECOND) {
        tape.0.append(second)?;
    }
    Ok(samples as u64 / 8)
}

/// One sample by the A-law (ITU-T G.711).
pub(crate) fn to_alaw(sample: i16) -> u8 {
    let (sign, magnitude) = if sample >= 0 { (0x80_u8, sample >> 3) } else { (0, !(sample >> 3)) };
    let magnitude = magnitude.clamp(0, 0x0FFF) as u16;
    let segment = (16 - magnitude.leading_zeros()).saturating_sub(5).min(7) as u16;
    let step = if segment < 2 { magnitude >> 1 } else { magnitude >> segment } & 0x0F;
    ((segment as u8) << 4 | step as u8 | sign) ^ 0x55
}

/// The two sides of a stereo recording of FreeSWITCH (16-bit WAV, 8 kHz).
pub(crate) fn sides_of_wav(wav: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    if wav.get(..4)? != b"RIFF" || wav.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut at, mut channels) = (12, 0);
    loop {
        let size = u32::from_le_bytes(wav.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let body = at + 8;
        match wav.get(at..at + 4)? {
            b"fmt " => {
                let format = wav.get(body..body + 16)?;
                let rate = u32::from_le_bytes(format[4..8].try_into().ok()?);
                if format[..2] != [1, 0] || format[14..16] != [16, 0] || rate != 8_000 {
                    return None;
                }
                channels = usize::from(u16::from_le_bytes([format[2], format[3]]));
            }
            b"data" if channels == 1 || channels == 2 => {
                // a writer that died leaves a size of 0 or too large a one
                let end = if size == 0 { wav.len() } else { body.saturating_add(size).min(wav.len()) };
                let sample = |pair: &[u8]| to_alaw(i16::from_le_bytes([pair[0], pair[1]]));
                let frames = wav.get(body..end)?.chunks_exact(2 * channels);
                let both = frames.map(|frame| (sample(frame), sample(&frame[2 * (channels - 1)..])));
                return Some(both.unzip());
            }
            _ => {}
        }
        at = body.checked_add(size)?.checked_add(size % 2)?;
    }
}

/// Writes a prompt into the folder of the PBX, unless it is there as it is.
pub(crate) fn place(folder: &Path, prompt: &Prompt) -> io::Result<()> {
    let mut wav = Vec::with_capacity(44 + prompt.samples.len() * 2);
    let size = u32::try_from(prompt.samples.len() * 2).map_err(|_| io::ErrorKind::InvalidInput)?;
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&size.saturating_add(36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&8_000_u32.to_le_bytes());
    wav.extend_from_slice(&16_000_u32.to_le_bytes());
    wav.extend_from_slice(b"\x02\0\x10\0data");
    wav.extend_from_slice(&size.to_le_bytes());
    prompt.samples.iter().for_each(|sample| wav.extend_from_slice(&sample.to_le_bytes()));
    let path = folder.join(format!("{}.wav", file_name(&prompt.name)));
    if std::fs::read(&path).is_ok_and(|there| there == wav) {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    let half = path.with_extension("half");
    std::fs::write(&half, &wav)?;
    std::fs::rename(&half, &path)
}

/// The name of a prompt as a file: what is not a plain sign becomes its
/// number, so that no prompt lies outside its folder or on another one.
pub(crate) fn file_name(name: &str) -> String {
    let name = name.strip_suffix(".wav").unwrap_or(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    name.chars().map(|c| if plain(c) { c.to_string() } else { format!("_{:x}", u32::from(c)) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CALL-7: what FreeSWITCH wrote comes back as two sides by the A-law.
    #[test]
    fn a_stereo_file_has_two_sides() {
        let mut wav =
            b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0\x10\0".to_vec();
        wav.extend_from_slice(b"LIST\x03\0\0\0abc\0data\0\0\0\0");
        for (left, right) in [(0_i16, -1_i16), (32_767, -32_768), (8, -8)] {
            wav.extend_from_slice(&left.to_le_bytes());
            wav.extend_from_slice(&right.to_le_bytes());
        }
        let (left, right) = sides_of_wav(&wav).unwrap();
        assert_eq!(left, [0xD5, 0xAA, 0xD5]);
        assert_eq!(right, [0x55, 0x2A, 0x55]);
        for cut in 0..wav.len() - 12 {
            assert!(sides_of_wav(&wav[..cut]).is_none_or(|(left, _)| left.is_empty()), "{cut}");
        }
    }

    /// CALL-7: the law of the tape is that of ITU-T G.711.
    #[test]
    fn samples_become_alaw() {
        for (sample, law) in [(0, 0xD5), (1_000, 0xFA), (-1_000, 0x7A), (30_000, 0xA8), (255, 0xDA)] {
            assert_eq!(to_alaw(sample), law, "{sample}");
        }
    }

    /// CALL-4: a prompt is placed once, and never outside its folder.
    #[test]
    fn prompts_are_placed_in_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let prompt = Prompt { name: "../欢迎/welcome.wav".into(), samples: vec![1, -1].into() };
        place(folder.path(), &prompt).unwrap();
        place(folder.path(), &prompt).unwrap();
        let path = folder.path().join(format!("{}.wav", file_name(&prompt.name)));
        assert_eq!(std::fs::read(path).unwrap().len(), 48);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
