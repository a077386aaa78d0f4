//! Recordings: each voice on its side, under the key alone, whole up to a crash.

use super::hear::{AGENT, CUSTOMER, Phone, engine};
use super::{pass, tone, tone_in};
use crate::seal::{Keys, Recording, SealFault, SealedTape, is_sealed, open_secret, seal_secret};
use crate::{Law, Notice, Tape};
use std::path::Path;
use std::time::Duration;

pub(super) fn keys(letters: &[char]) -> Keys {
    let lines: Vec<String> = letters.iter().map(|letter| letter.to_string().repeat(64)).collect();
    Keys::read(&format!("# keys\n\n{}\n", lines.join("\n"))).expect("keys")
}

pub(super) fn sides(wav: &[u8]) -> (Vec<i16>, Vec<i16>) {
    let samples = wav[44..]
        .chunks_exact(4)
        .map(|frame| (i16::from_le_bytes([frame[0], frame[1]]), i16::from_le_bytes([frame[2], frame[3]])));
    samples.unzip()
}

/// Writes a tape of two tones and gives what is in the file.
pub(super) fn taped(path: &Path, keys: &Keys, seconds: usize) {
    let mut tape = SealedTape::create(path, keys).expect("tape");
    let (left, right) = (tone(440.0, seconds * 8_000), tone(1000.0, seconds * 8_000));
    let frames: Vec<u8> = left
        .iter()
        .zip(&right)
        .flat_map(|(left, right)| [Law::Pcma.byte(*left), Law::Pcma.byte(*right)])
        .collect();
    // pieces of odd sizes, as they come
    for piece in frames.chunks(11_111) {
        tape.append(piece).expect("written");
    }
    Box::new(tape).end().expect("closed");
}

/// CALL-7, issue 7: the customer is left, what the customer hears right, along the clock;
/// a pause for a card number is silence.
#[test]
fn each_voice_is_on_its_side() {
    let folder = tempfile::tempdir().expect("folder");
    let (path, keys) = (folder.path().join("a"), keys(&['a']));
    let (engine, mut notices) = engine(20_400..=20_499);
    let _customer = Phone::talking(&engine, 1, Law::Pcma, Some(440.0));
    let _agent = Phone::talking(&engine, 2, Law::Pcma, Some(1000.0));
    engine.join(9, 1, CUSTOMER);
    engine.join(9, 2, AGENT);
    pass(Duration::from_millis(200));
    engine.record(9, Box::new(SealedTape::create(&path, &keys).expect("tape")));
    pass(Duration::from_millis(1_500));
    engine.pause_recording(9, true);
    pass(Duration::from_millis(600));
    engine.pause_recording(9, false);
    pass(Duration::from_millis(600));
    engine.end_recording(9);
    pass(Duration::from_millis(200));
    let taped = std::iter::from_fn(|| notices.try_recv().ok()).find_map(|notice| match notice {
        Notice::Taped(taped) => Some(taped),
        _ => None,
    });
    let taped = taped.expect("told");
    assert!(taped.whole && (2_500..3_200).contains(&taped.millis), "{taped:?}");
    let mut recording = Recording::open(&path, &keys).expect("opened");
    assert_eq!(recording.millis() / 20, taped.millis / 20);
    let wav = recording.wav(0..u64::MAX).expect("heard");
    assert_eq!(wav.len() as u64, recording.wav_len());
    let (left, right) = sides(&wav);
    let part = |side: &[i16], from: usize, to: usize| side[from * 8..to * 8].to_vec();
    for (from, to) in [(300, 1_200), (2_300, 2_500)] {
        assert!(tone_in(&part(&left, from, to), 440.0) > 0.7, "customer left, {from}");
        assert!(tone_in(&part(&right, from, to), 1000.0) > 0.7, "agent right, {from}");
    }
    assert!(part(&left, 1_700, 2_000).iter().all(|sample| sample.abs() < 16), "paused");
    let wave = recording.waveform(10).expect("drawn");
    assert!(wave[2].0 > 0.15 && wave[2].1 > 0.15 && wave.len() == 10, "{wave:?}");
}

/// Issue 7: without the key file no tone can be recovered; a wrong key says so.
#[test]
fn without_the_key_no_tone_is_left() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    taped(&path, &keys(&['a']), 3);
    let bytes = std::fs::read(&path).expect("file");
    for offset in 0..2 {
        let as_law: Vec<i16> =
            bytes[offset..].iter().step_by(2).map(|byte| Law::Pcma.sample(*byte)).collect();
        assert!(tone_in(&as_law, 440.0) < 0.01 && tone_in(&as_law, 1000.0) < 0.01);
    }
    assert!(matches!(Recording::open(&path, &keys(&['b'])), Err(SealFault::KeyMissing)));
    assert!(Recording::open(&path, &keys(&['a', 'b'])).is_ok(), "an older key still opens");
    assert_ne!(keys(&['a', 'b']).current(), keys(&['a']).current(), "the newest seals");
}

/// Issue 7: a crash costs the last chunk, never the file; what was changed is damaged.
#[test]
fn a_torn_file_is_heard_up_to_the_tear() {
    let folder = tempfile::tempdir().expect("folder");
    let (path, keys) = (folder.path().join("a"), keys(&['a']));
    taped(&path, &keys, 3);
    let whole = std::fs::read(&path).expect("file");
    for (kept, millis) in [(whole.len() - 1, 2_000), (whole.len() - 9_000, 2_000), (100, 0), (48, 0)] {
        std::fs::write(&path, &whole[..kept]).expect("written");
        let mut torn = Recording::open(&path, &keys).expect("opened");
        assert_eq!(torn.millis(), millis, "{kept}");
        let (left, _) = sides(&torn.wav(0..u64::MAX).expect("heard"));
        assert!(left.is_empty() || tone_in(&left, 440.0) > 0.9);
    }
    let mut changed = whole.clone();
    changed[5_000] ^= 1;
    std::fs::write(&path, &changed).expect("written");
    let heard = Recording::open(&path, &keys).expect("opened").wav(0..u64::MAX);
    assert!(matches!(heard, Err(SealFault::Damaged)));
    std::fs::write(&path, b"RIFF").expect("written");
    assert!(matches!(Recording::open(&path, &keys), Err(SealFault::Damaged)));
}

/// contracts §6: byte ranges are parts of the whole file.
#[test]
fn byte_ranges_are_parts_of_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    let (path, keys) = (folder.path().join("a"), keys(&['a']));
    taped(&path, &keys, 2);
    let mut recording = Recording::open(&path, &keys).expect("opened");
    let whole = recording.wav(0..u64::MAX).expect("heard");
    assert_eq!(whole.len(), 44 + 2 * 32_000);
    for range in [0..1, 40..50, 43..45, 31_999..32_100, 64_000..70_000, 64_044..64_050] {
        let end = usize::try_from(range.end).expect("small").min(whole.len());
        let start = usize::try_from(range.start).expect("small").min(end);
        assert_eq!(recording.wav(range.clone()).expect("heard"), whole[start..end], "{range:?}");
    }
}

/// Issue 7: a bad key file says which line is wrong; a missing one is made.
#[test]
fn key_files_are_read_and_made() {
    assert!(matches!(Keys::read("# nothing\n"), Err(SealFault::NoKeys)));
    assert!(matches!(Keys::read("# a\nabc\n"), Err(SealFault::BadKey(2))));
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("keys/recording.keys");
    let made = Keys::at(&path).expect("made").current();
    assert_eq!(Keys::at(&path).expect("read").current(), made);
}

/// Issue 7 §1: a secret opens with its key at its place alone, and two of the same differ.
#[test]
fn a_secret_opens_at_its_place_alone() {
    let (one, both, other) = (keys(&['a']), keys(&['a', 'b']), keys(&['b']));
    let sealed = seal_secret(&one, "trunk:1:carrier", "geheim 密码").expect("sealed");
    assert!(is_sealed(&sealed) && !sealed.contains("geheim") && !is_sealed("geheim"));
    assert_eq!(open_secret(&both, "trunk:1:carrier", &sealed).expect("opened"), "geheim 密码");
    assert_ne!(seal_secret(&one, "trunk:1:carrier", "geheim 密码").expect("sealed"), sealed);
    assert!(matches!(open_secret(&one, "trunk:2:carrier", &sealed), Err(SealFault::Damaged)));
    assert!(matches!(open_secret(&other, "trunk:1:carrier", &sealed), Err(SealFault::KeyMissing)));
    for broken in ["", "sealed1:", "sealed1:00", "sealed1:zz", &sealed[..sealed.len() - 2]] {
        assert!(open_secret(&one, "trunk:1:carrier", broken).is_err(), "{broken}");
    }
}
