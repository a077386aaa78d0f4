//! Sounds in the forms in which people record them, and in no form at all.

use super::*;
use proptest::prelude::*;
use std::f64::consts::PI;

/// A tone as a WAV file of 16-bit samples.
fn tone(hertz: f64, rate: u32, channels: u16, seconds: f64) -> Vec<u8> {
    let count = (f64::from(rate) * seconds) as u32;
    let value = |at: u32| ((2.0 * PI * hertz * f64::from(at) / f64::from(rate)).sin() * 16_000.0) as i16;
    let frames = (0..count).flat_map(|at| std::iter::repeat_n(value(at), usize::from(channels)));
    file(1, channels, rate, 16, &frames.flat_map(i16::to_le_bytes).collect::<Vec<u8>>())
}

fn file(coding: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let width = channels * bits / 8;
    let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0".to_vec();
    file.extend(coding.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(width)).to_le_bytes());
    file.extend(width.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"data");
    file.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    file.extend(data);
    file
}

/// How strong a tone is in a sound, by Goertzel; 1 for the tone alone.
fn strength(samples: &[i16], hertz: f64) -> f64 {
    let (mut real, mut other, mut power) = (0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let (turn, value) = (2.0 * PI * hertz * at as f64 / f64::from(RATE), f64::from(*sample));
        real += value * turn.cos();
        other += value * turn.sin();
        power += value * value;
    }
    let found = (real * real + other * other) * 2.0 / (samples.len() as f64 * power.max(1.0));
    (found * 1e6).round() / 1e6
}

/// CALL-8: an uploaded sound comes to the telephone's rate with its tone kept.
#[test]
fn a_sound_keeps_its_tone_at_every_rate() {
    for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000] {
        for channels in [1, 2] {
            let sound = Sound::read(&tone(1_000.0, rate, channels, 0.5)).unwrap();
            assert!(sound.millis().abs_diff(500) <= 1, "{rate} {channels}: {} ms", sound.millis());
            let found = strength(&sound.samples, 1_000.0);
            assert!(found > 0.99, "{rate} {channels}: {found}");
            let loudest = sound.samples[800..3_200].iter().map(|sample| sample.abs()).max().unwrap();
            assert!((15_500..16_500).contains(&loudest), "{rate} {channels}: {loudest}");
        }
    }
}

/// CALL-8: what a telephone cannot carry does not fold back into what it can.
#[test]
fn what_lies_above_the_band_is_gone() {
    for hertz in [4_500.0, 5_000.0, 7_000.0, 12_000.0] {
        let sound = Sound::read(&tone(hertz, 44_100, 1, 0.5)).unwrap();
        let loudest = sound.samples[400..3_600].iter().map(|sample| sample.abs()).max().unwrap();
        assert!(loudest < 60, "{hertz}: {loudest} of 16000");
    }
}

/// CALL-8: each coding that recorders write is read.
#[test]
fn every_coding_is_read() {
    let value = |at: u32| (2.0 * PI * 440.0 * f64::from(at) / 8_000.0).sin() * 0.5;
    let data = |code: &dyn Fn(f64) -> Vec<u8>| (0..4_000).flat_map(|at| code(value(at))).collect::<Vec<u8>>();
    let files = [
        file(1, 1, 8_000, 8, &data(&|v| vec![(v * 128.0 + 128.0) as u8])),
        file(1, 1, 8_000, 24, &data(&|v| ((v * 8_388_608.0) as i32).to_le_bytes()[..3].to_vec())),
        file(1, 1, 8_000, 32, &data(&|v| ((v * 2_147_483_648.0) as i32).to_le_bytes().to_vec())),
        file(3, 1, 8_000, 32, &data(&|v| (v as f32).to_le_bytes().to_vec())),
        file(3, 1, 8_000, 64, &data(&|v| v.to_le_bytes().to_vec())),
        file(6, 1, 8_000, 8, &data(&|v| vec![alaw((v * 32_768.0) as i16)])),
    ];
    for file in files {
        let sound = Sound::read(&file).unwrap();
        assert!(strength(&sound.samples, 440.0) > 0.998, "{:?}", &file[20..50]);
        assert_eq!(Sound::read(&sound.wav()).unwrap(), sound);
    }
    // the first bytes of the tables of G.711
    assert_eq!([from_ulaw(0xff), from_ulaw(0x80), from_ulaw(0x00), from_ulaw(0x7f)], [0, 32_124, -32_124, 0]);
    assert_eq!(
        [from_alaw(0xd5), from_alaw(0x55), from_alaw(0xaa), from_alaw(0x2a)],
        [8, -8, 32_256, -32_256]
    );
}

/// CALL-8: a wrong file is refused with words.
#[test]
fn a_wrong_file_says_what_is_wrong() {
    let wrong = |bytes: &[u8]| Sound::read(bytes).unwrap_err();
    assert_eq!(wrong(b"ID3 an MP3"), SoundFault::NotWav);
    assert_eq!(wrong(&tone(440.0, 8_000, 1, 0.01)), SoundFault::Short);
    assert_eq!(wrong(&tone(440.0, 8_000, 1, 301.0)), SoundFault::Long);
    assert_eq!(wrong(&file(0x55, 1, 8_000, 16, &[0; 9_000])), SoundFault::Coding);
    assert_eq!(wrong(&file(1, 6, 48_000, 16, &[0; 90_000])), SoundFault::Shape);
    assert_eq!(wrong(&file(1, 1, 4_000, 16, &[0; 9_000])), SoundFault::Shape);
    let whole = tone(440.0, 8_000, 1, 0.2);
    assert_eq!(wrong(&whole[..40]), SoundFault::NotWav, "torn in its head");
    assert!(Sound::read(&whole[..whole.len() - 101]).is_ok(), "torn at its end");
    assert!(wrong(b"").to_string().starts_with("sound_not_wav: "), "it has a code");
}

proptest! {
    /// CALL-8: no file brings it down.
    #[test]
    fn no_file_is_too_strange(head in prop::collection::vec(any::<u8>(), 0..80), cut in 0_usize..200, form in any::<[u8; 16]>()) {
        drop(Sound::read(&head));
        let mut file = tone(440.0, 8_000, 1, 0.1);
        file[32..48].copy_from_slice(&form);
        file.truncate(file.len() - cut);
        drop(Sound::read(&file));
    }

    /// G.711: the law is within one step of the sample, and keeps its own values.
    #[test]
    fn the_law_keeps_a_sample(sample in any::<i16>(), byte in any::<u8>()) {
        let back = from_alaw(alaw(sample));
        let step = (i32::from(sample).abs() / 16).max(16);
        prop_assert!((i32::from(back) - i32::from(sample)).abs() <= step, "{} {}", sample, back);
        prop_assert_eq!(alaw(from_alaw(byte)), byte);
    }
}
