//! The WAV format, as far as people record in it.

use super::law::{from_alaw, from_ulaw};
use super::{RATE, SoundFault};

/// Samples as whole numbers.
pub(super) const PCM: u16 = 1;
/// Samples as floating numbers.
const FLOAT: u16 = 3;
/// Samples by the A-law.
pub(super) const ALAW: u16 = 6;
/// Samples by the µ-law.
const ULAW: u16 = 7;
/// The coding stands in the extension.
const EXTENSIBLE: u16 = 0xfffe;

/// One channel of a file, from -1 to 1.
#[derive(Debug)]
pub(super) struct Wave {
    pub(super) rate: u32,
    pub(super) samples: Vec<f32>,
}

/// What the file says of its samples.
#[derive(Clone, Copy)]
struct Form {
    coding: u16,
    channels: usize,
    rate: u32,
    bits: u16,
}

pub(super) fn read(bytes: &[u8]) -> Result<Wave, SoundFault> {
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err(SoundFault::NotWav);
    }
    let mut rest = bytes.get(12..).unwrap_or_default();
    let mut form = None;
    while let (Some(name), Some(size)) = (rest.get(..4), rest.get(4..8)) {
        let size = usize::try_from(u32_of(size)).map_err(|_| SoundFault::NotWav)?;
        let body = rest.get(8..).unwrap_or_default();
        match name {
            b"fmt " => form = Some(form_of(body.get(..size).ok_or(SoundFault::NotWav)?)?),
            // what records into a pipe does not know the size of its data
            b"data" => {
                let form = form.ok_or(SoundFault::NotWav)?;
                return Ok(Wave { rate: form.rate, samples: samples(form, &body[..size.min(body.len())]) });
            }
            _ => {}
        }
        let next = size.checked_add(size % 2).ok_or(SoundFault::NotWav)?;
        rest = body.get(next..).ok_or(SoundFault::NotWav)?;
    }
    Err(SoundFault::NotWav)
}

fn u16_of(bytes: &[u8]) -> u16 {
    bytes.iter().take(2).rev().fold(0, |number, byte| number << 8 | u16::from(*byte))
}

fn u32_of(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn form_of(body: &[u8]) -> Result<Form, SoundFault> {
    if body.len() < 16 {
        return Err(SoundFault::NotWav);
    }
    let mut coding = u16_of(&body[..2]);
    if coding == EXTENSIBLE {
        coding = body.get(24..26).map(u16_of).ok_or(SoundFault::NotWav)?;
    }
    let form = Form {
        coding,
        channels: usize::from(u16_of(&body[2..4])),
        rate: u32_of(&body[4..8]),
        bits: u16_of(&body[14..16]),
    };
    let coded = match form.coding {
        PCM => matches!(form.bits, 8 | 16 | 24 | 32),
        FLOAT => matches!(form.bits, 32 | 64),
        ALAW | ULAW => form.bits == 8,
        _ => false,
    };
    if !coded {
        return Err(SoundFault::Coding);
    }
    let shaped = (1..=2).contains(&form.channels) && (RATE..=192_000).contains(&form.rate);
    if shaped { Ok(form) } else { Err(SoundFault::Shape) }
}

/// Reads the frames; two channels become their mean, a torn frame is dropped.
fn samples(form: Form, data: &[u8]) -> Vec<f32> {
    let width = usize::from(form.bits / 8);
    data.chunks_exact(width * form.channels)
        .map(|frame| {
            let sum: f32 = frame.chunks_exact(width).map(|bytes| sample(form, bytes)).sum();
            sum / if form.channels == 2 { 2.0 } else { 1.0 }
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a sample needs no more than the 24 bits of a float")]
#[expect(clippy::cast_possible_truncation, reason = "a sample needs no more than the 24 bits of a float")]
fn sample(form: Form, bytes: &[u8]) -> f32 {
    let value = match (form.coding, bytes) {
        (ALAW, [byte]) => f32::from(from_alaw(*byte)) / 32_768.0,
        (ULAW, [byte]) => f32::from(from_ulaw(*byte)) / 32_768.0,
        (PCM, [byte]) => (f32::from(*byte) - 128.0) / 128.0,
        (PCM, [a, b]) => f32::from(i16::from_le_bytes([*a, *b])) / 32_768.0,
        (PCM, [a, b, c]) => i32::from_le_bytes([0, *a, *b, *c]) as f32 / 2_147_483_648.0,
        (PCM, [a, b, c, d]) => i32::from_le_bytes([*a, *b, *c, *d]) as f32 / 2_147_483_648.0,
        (_, [a, b, c, d]) => f32::from_le_bytes([*a, *b, *c, *d]),
        (_, bytes) => <[u8; 8]>::try_from(bytes).map_or(0.0, |bytes| f64::from_le_bytes(bytes) as f32),
    };
    // a file may hold what no sound is
    if value.is_finite() { value.clamp(-1.0, 1.0) } else { 0.0 }
}

/// Writes a file at the telephone's rate with one channel.
pub(super) fn write(data: Vec<u8>, coding: u16) -> Vec<u8> {
    let width: u16 = if coding == PCM { 2 } else { 1 };
    let size = u32::try_from(data.len()).unwrap_or(u32::MAX - 64);
    let mut file = Vec::with_capacity(data.len() + 44);
    file.extend(b"RIFF");
    file.extend((size + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(coding.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * u32::from(width)).to_le_bytes());
    file.extend(width.to_le_bytes());
    file.extend((width * 8).to_le_bytes());
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    file.extend(data);
    file
}
