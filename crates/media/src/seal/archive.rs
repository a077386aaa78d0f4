//! Recordings of the past: a tenth of the size, under the same keys.
//!
//! The file is as that of a tape, but its chunks have their length before them: the
//! headers of Ogg/Opus, then a page for each second. Put together they are an Opus file.

use super::envelope::{Envelope, Kind};
use super::keys::Keys;
use super::opus::{Coder, DELAY, Decoder, Frame, Page};
use super::{Recording, SealFault};
use crate::taping::SECOND;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The most bytes of a chunk; a longer one is not ours.
const LARGEST: u32 = 64 * 1024;

/// What an archived recording cost and costs, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Archived {
    /// As it was recorded.
    pub before: u64,
    /// As it is kept.
    pub after: u64,
}

/// Puts a recording into the archive, in its place, under the newest key.
///
/// Works in a thread of the lowest priority: calls come first. The recording is replaced
/// when the archive of it is safe on the disk and was heard from there to its end, about as
/// loud as the recording on either side; one that is archived already is left alone. Until then
/// the archive lies at [`part`], which a crash may leave behind.
///
/// # Errors
/// As [`Recording::open`]; [`SealFault::Codec`] when the codec fails. The recording is as
/// it was then.
pub fn archive(path: &Path, keys: &Keys) -> Result<Archived, SealFault> {
    std::thread::scope(|scope| {
        let work = std::thread::Builder::new().name("archive".into()).spawn_scoped(scope, || {
            // of this thread alone; where it is refused, the work is done all the same
            let _ = rustix::process::nice(19);
            rewrite(path, keys)
        })?;
        work.join().unwrap_or(Err(SealFault::Codec("the codec failed")))
    })
}

fn rewrite(path: &Path, keys: &Keys) -> Result<Archived, SealFault> {
    let before = std::fs::metadata(path)?.len();
    let mut recording = Recording::open(path, keys)?;
    if recording.is_archived() {
        return Ok(Archived { before, after: before });
    }
    let part = part(path);
    let written = write(&mut recording, &part, keys).and_then(|()| verify(&mut recording, &part, keys));
    if let Err(fault) = written {
        let _ = std::fs::remove_file(&part);
        return Err(fault);
    }
    let after = std::fs::metadata(&part)?.len();
    std::fs::rename(&part, path)?;
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(Archived { before, after })
}

/// Names the file beside a recording in which its archive is made.
#[must_use]
pub fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// How much louder or softer a side may be in the archive, and from how loud on.
///
/// Both of squares of samples, the second on average. The codec takes hum away and noise
/// down; a side that is silent, or another's, differs by far more.
const AS_LOUD: (f64, f64) = (8.0, 100.0 * 100.0);

/// Hears the archive from the disk and compares it with the recording.
fn verify(recording: &mut Recording, part: &Path, keys: &Keys) -> Result<(), SealFault> {
    let mut archive = Recording::open(part, keys)?;
    if archive.frames() != recording.frames() {
        return Err(SealFault::Damaged);
    }
    let frames = recording.frames();
    let (before, after) = (power(recording)?, power(&mut archive)?);
    #[expect(clippy::cast_precision_loss, reason = "a count of frames")]
    let least = AS_LOUD.1 * frames as f64;
    let alike = |(before, after): (&f64, &f64)| {
        *before <= least || (after / before < AS_LOUD.0 && before / after < AS_LOUD.0)
    };
    if before.iter().zip(&after).all(alike) { Ok(()) } else { Err(SealFault::Damaged) }
}

/// Adds up the squares of each side.
fn power(recording: &mut Recording) -> Result<[f64; 2], SealFault> {
    let mut power = [0.0; 2];
    for number in 0..recording.frames().div_ceil(SECOND as u64) {
        for frame in recording.second(number)? {
            for (side, sample) in power.iter_mut().zip(frame) {
                *side += f64::from(sample).powi(2);
            }
        }
    }
    Ok(power)
}

fn write(recording: &mut Recording, part: &Path, keys: &Keys) -> Result<(), SealFault> {
    let _ = std::fs::remove_file(part);
    let (mut file, mut envelope) = Envelope::create(part, keys, Kind::Archive)?;
    let (mut coder, headers) = Coder::begin().map_err(SealFault::Codec)?;
    chunk(&mut file, &mut envelope, headers)?;
    let frames = recording.frames();
    // the codec's delay is filled behind the end
    let seconds = (frames + DELAY as u64).div_ceil(SECOND as u64);
    for number in 0..seconds {
        let mut second =
            if number * (SECOND as u64) < frames { recording.second(number)? } else { Vec::new() };
        let last = number + 1 == seconds;
        if last {
            let rest = frames + DELAY as u64 - number * SECOND as u64;
            second.resize(usize::try_from(rest).unwrap_or(SECOND).min(SECOND), [0, 0]);
        } else {
            second.resize(SECOND, [0, 0]);
        }
        let page = coder.second(&second, last.then_some(frames)).map_err(SealFault::Codec)?;
        chunk(&mut file, &mut envelope, page)?;
    }
    file.sync_all()?;
    Ok(())
}

fn chunk(file: &mut File, envelope: &mut Envelope, plain: Vec<u8>) -> Result<(), SealFault> {
    let sealed = envelope.seal(plain)?;
    let length = u32::try_from(sealed.len()).ok().filter(|length| *length <= LARGEST);
    file.write_all(&length.ok_or(SealFault::Codec("a page that is too large"))?.to_be_bytes())?;
    file.write_all(&sealed)?;
    Ok(())
}

/// An archived file that can be heard.
pub(super) struct Archive {
    file: File,
    envelope: Envelope,
    /// Where each page lies, and its length.
    pages: Vec<(u64, u32)>,
    pub(super) frames: u64,
    decoder: Option<Decoder>,
    /// The page that comes next, and what the last ones gave.
    next: usize,
    from: u64,
    given: Vec<Frame>,
}

impl Archive {
    /// Opens it; a chunk that is not whole ends it.
    pub(super) fn open(mut file: File, envelope: Envelope) -> Result<Self, SealFault> {
        let end = file.metadata()?.len();
        let mut at = Envelope::HEADER;
        let mut pages = Vec::new();
        while at + 4 <= end {
            let mut length = [0; 4];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut length)?;
            let length = u32::from_be_bytes(length);
            if length > LARGEST {
                return Err(SealFault::Damaged);
            }
            at += 4;
            if at + u64::from(length) > end {
                break;
            }
            pages.push((at, length));
            at += u64::from(length);
        }
        let (decoder, given) = (None, Vec::new());
        let mut archive = Self { file, envelope, pages, frames: 0, decoder, next: 1, from: 0, given };
        if archive.pages.len() > 1 {
            let last = archive.plain(archive.pages.len() - 1)?;
            archive.frames = Page::read(&last).ok_or(SealFault::Damaged)?.until;
        }
        Ok(archive)
    }

    fn plain(&mut self, number: usize) -> Result<Vec<u8>, SealFault> {
        let (at, length) = *self.pages.get(number).ok_or(SealFault::Damaged)?;
        let mut sealed = vec![0; length as usize];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut sealed)?;
        self.envelope.open_chunk(number as u64, sealed)
    }

    /// Gives a second of sound.
    pub(super) fn second(&mut self, number: u64) -> Result<Vec<Frame>, SealFault> {
        let from = number * SECOND as u64;
        let until = (from + SECOND as u64).min(self.frames);
        // the codec's frame 0 lies its delay before the recording's
        let (first, behind) = (from + DELAY as u64, until + DELAY as u64);
        let continues =
            self.decoder.is_some() && (self.from..=self.from + self.given.len() as u64).contains(&first);
        if !continues {
            // a page before, so that the codec has found its way
            self.next = usize::try_from(number).unwrap_or(usize::MAX - 1).max(1);
            self.from = (self.next as u64 - 1) * SECOND as u64;
            self.given.clear();
            self.decoder = Some(Decoder::begin().map_err(SealFault::Codec)?);
        }
        while self.from + (self.given.len() as u64) < behind {
            self.decode()?;
        }
        let place = |at: u64| usize::try_from(at - self.from).unwrap_or(usize::MAX);
        let sound = self.given.get(place(first)..place(behind)).ok_or(SealFault::Damaged)?.to_vec();
        // what was heard is let go
        let gone = place(first);
        self.given.drain(..gone);
        self.from = first;
        Ok(sound)
    }

    fn decode(&mut self) -> Result<(), SealFault> {
        let plain = self.plain(self.next)?;
        let page = Page::read(&plain).ok_or(SealFault::Damaged)?;
        let decoder = self.decoder.as_mut().ok_or(SealFault::Damaged)?;
        for packet in page.packets {
            self.given.extend(decoder.packet(packet).map_err(SealFault::Codec)?);
        }
        self.next += 1;
        Ok(())
    }
}
