//! The archive: smaller, the same length, each voice on its side, under the same keys.

use super::sealed::{keys, sides, taped};
use super::{tone, tone_in};
use crate::seal::{Recording, SealFault, SealedTape, archive, part};
use crate::{Law, Tape};
use std::path::Path;

/// Writes a tape whose first half is the customer's alone.
fn in_turn(path: &Path, seconds: usize) {
    let mut tape = SealedTape::create(path, &keys(&['a'])).expect("tape");
    let half = seconds * 4_000;
    let sound = tone(600.0, half);
    let silence = vec![0; half];
    let left = sound.iter().chain(&silence);
    let right = silence.iter().chain(&sound);
    let frames = left.zip(right).flat_map(|(left, right)| [Law::Pcma.byte(*left), Law::Pcma.byte(*right)]);
    tape.append(&frames.collect::<Vec<u8>>()).expect("written");
    Box::new(tape).end().expect("closed");
}

fn heard(path: &Path) -> Vec<u8> {
    Recording::open(path, &keys(&['a'])).expect("opened").wav(0..u64::MAX).expect("heard")
}

/// Issue 7: the archive has the recording's length and tones, each on its side, in a
/// quarter of the bytes at most, and archiving it again changes nothing.
#[test]
fn the_archive_sounds_as_the_recording() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    taped(&path, &keys(&['a']), 5);
    let before = heard(&path);
    let archived = archive(&path, &keys(&['a'])).expect("archived");
    assert!(archived.after * 4 < archived.before, "{archived:?}");
    assert_eq!(archived.after, path.metadata().expect("file").len());
    let after = heard(&path);
    assert_eq!(after.len(), before.len(), "the same WAV length");
    let (left, right) = sides(&after);
    for second in 0..5 {
        let part = |side: &[i16]| side[second * 8_000..(second + 1) * 8_000].to_vec();
        assert!(tone_in(&part(&left), 440.0) > 0.7 && tone_in(&part(&left), 1000.0) < 0.01, "{second}");
        assert!(tone_in(&part(&right), 1000.0) > 0.7 && tone_in(&part(&right), 440.0) < 0.01, "{second}");
    }
    let again = archive(&path, &keys(&['a'])).expect("left alone");
    assert_eq!((again.before, again.after), (archived.after, archived.after));
    let names: Vec<_> = std::fs::read_dir(folder.path()).expect("folder").collect();
    assert_eq!(names.len(), 1, "nothing is left beside it");
}

/// Issue 7: sound stays where it was in time, and silence stays silent on the other side.
#[test]
fn the_archive_keeps_the_time() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    in_turn(&path, 4);
    let before = sides(&heard(&path));
    archive(&path, &keys(&['a'])).expect("archived");
    let (left, right) = sides(&heard(&path));
    let loud = |side: &[i16], from: usize, until: usize| {
        let power: f64 = side[from..until].iter().map(|sample| f64::from(*sample).powi(2)).sum();
        (power / (until - from) as f64).sqrt()
    };
    // 20 ms around the turn
    assert!(loud(&left, 8_000, 15_840) > 2_000.0 && loud(&right, 16_160, 24_000) > 2_000.0);
    assert!(loud(&left, 16_160, 32_000) < 300.0 && loud(&right, 0, 15_840) < 300.0);
    // shifted by some samples either way it fits worse
    let alike = |shift: usize| -> i64 {
        let pairs = before.0[4_000..12_000].iter().zip(&left[4_000 + shift - 3..]);
        pairs.map(|(one, other)| i64::from(*one) * i64::from(*other)).sum()
    };
    let best = (0..7).max_by_key(|shift| alike(*shift)).expect("one");
    assert!((2..=4).contains(&best), "the archive is {} samples late", best as i64 - 3);
}

/// Issue 7 §4: whatever a sudden death leaves of an archive half made, the recording is
/// heard, and the next try puts it into the archive and clears that away.
#[test]
fn a_death_in_the_middle_leaves_a_whole_recording() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    taped(&path, &keys(&['a']), 3);
    let before = heard(&path);
    let whole = std::fs::read(&path).expect("file");
    for left in [0, 10, 48, 200, whole.len() / 2] {
        std::fs::write(part(&path), &whole[..left]).expect("left behind");
        assert_eq!(heard(&path), before, "{left} bytes of an archive");
    }
    archive(&path, &keys(&['a'])).expect("archived");
    assert!(Recording::open(&path, &keys(&['a'])).expect("opened").is_archived());
    assert_eq!(heard(&path).len(), before.len());
    assert!(!part(&path).exists(), "nothing is left beside it");
}

/// contracts §6: byte ranges work after archiving, in any order.
#[test]
fn byte_ranges_work_after_archiving() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    taped(&path, &keys(&['a']), 6);
    archive(&path, &keys(&['a'])).expect("archived");
    let whole = heard(&path);
    let mut recording = Recording::open(&path, &keys(&['a'])).expect("opened");
    for start in [160_044_u64, 44, 96_044, 0, 191_000] {
        let part = recording.wav(start..start + 20_000).expect("heard");
        let same = &whole[start as usize..whole.len().min(start as usize + 20_000)];
        assert_eq!(part.len(), same.len());
        // the codec found its way a second before: what differs is below hearing
        let pairs = part.chunks_exact(2).zip(same.chunks_exact(2));
        let far = pairs
            .map(|(one, other)| {
                i16::from_le_bytes([one[0], one[1]]).abs_diff(i16::from_le_bytes([other[0], other[1]]))
            })
            .max();
        assert!(start < 44 || far.is_some_and(|far| far < 400), "{start}: {far:?}");
    }
    let wave = recording.waveform(12).expect("drawn");
    assert!(wave.iter().all(|(left, right)| *left > 0.15 && *right > 0.15), "{wave:?}");
}

/// Issue 7: the archive needs the key too, and a torn one is heard up to the tear.
#[test]
fn the_archive_is_sealed() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    taped(&path, &keys(&['a']), 4);
    assert!(matches!(archive(&path, &keys(&['b'])), Err(SealFault::KeyMissing)));
    archive(&path, &keys(&['a', 'b'])).expect("archived");
    assert!(matches!(Recording::open(&path, &keys(&['a'])), Err(SealFault::KeyMissing)), "the newest seals");
    let whole = std::fs::read(&path).expect("file");
    assert!(!whole.windows(4).any(|four| four == b"OggS" || four == b"Opus"));
    std::fs::write(&path, &whole[..whole.len() - 10]).expect("written");
    let mut torn = Recording::open(&path, &keys(&['b'])).expect("opened");
    assert!((3_900..4_000).contains(&torn.millis()), "{}", torn.millis());
    let (left, _) = sides(&torn.wav(0..u64::MAX).expect("heard"));
    assert!(tone_in(&left, 440.0) > 0.7);
    let mut changed = whole;
    let place = changed.len() / 2;
    changed[place] ^= 1;
    std::fs::write(&path, &changed).expect("written");
    let heard = Recording::open(&path, &keys(&['b'])).and_then(|mut recording| recording.wav(0..u64::MAX));
    assert!(matches!(heard, Err(SealFault::Damaged)));
}

/// Issue 7: the shortest recordings are archived too, and what is damaged stays as it is.
#[test]
fn short_and_damaged_recordings() {
    let folder = tempfile::tempdir().expect("folder");
    for frames in [0, 1, 159, 7_948, 7_949, 8_000, 8_001] {
        let path = folder.path().join(frames.to_string());
        let mut tape = SealedTape::create(&path, &keys(&['a'])).expect("tape");
        tape.append(&vec![Law::Pcma.silence(); frames * 2]).expect("written");
        Box::new(tape).end().expect("closed");
        archive(&path, &keys(&['a'])).expect("archived");
        assert_eq!(heard(&path).len(), 44 + frames * 4, "{frames}");
    }
    let path = folder.path().join("damaged");
    taped(&path, &keys(&['a']), 2);
    let mut bytes = std::fs::read(&path).expect("file");
    bytes[9_000] ^= 1;
    std::fs::write(&path, &bytes).expect("written");
    assert!(matches!(archive(&path, &keys(&['a'])), Err(SealFault::Damaged)));
    assert_eq!(std::fs::read(&path).expect("still there"), bytes);
    assert!(!folder.path().join("damaged.part").exists());
}
