//! Recordings of this installation: sealed files in one folder.

use huiyin_app::call::port::{Archived, RecordingFault, Recordings, Sound};
use huiyin_domain::ids::RecordingId;
use huiyin_media::Tape as _;
use huiyin_media::seal::{self, Keys, Recording, SealFault, SealedTape};
use huiyin_telephony::{Tape, TapeWriter};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The folder and its keys.
#[derive(Debug)]
pub struct Tapes {
    folder: PathBuf,
    keys: Keys,
    archives_after: Option<Duration>,
    /// Held while a file is put into the archive or erased: what is erased stays so.
    changing: Mutex<()>,
}

impl Tapes {
    /// Opens the folder with the keys of a file; both are made where they are missing.
    ///
    /// # Errors
    /// [`SealFault`] for a key file that cannot be read.
    pub fn at(folder: &Path, key_file: &Path) -> Result<Self, SealFault> {
        std::fs::create_dir_all(folder)?;
        let keys = Keys::at(key_file)?;
        Ok(Self { folder: folder.to_owned(), keys, archives_after: None, changing: Mutex::default() })
    }

    /// Says how long after their end recordings go into the archive, if ever.
    #[must_use]
    pub fn archived_after(mut self, after: Option<Duration>) -> Self {
        self.archives_after = after;
        self
    }

    /// Names the key that seals.
    #[must_use]
    pub fn key(&self) -> String {
        self.keys.current()
    }

    /// Begins a recording.
    ///
    /// # Errors
    /// What the machine says.
    pub fn begin(&self, id: RecordingId) -> Result<Tape, SealFault> {
        let path = self.path(id);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(Tape(Box::new(Writer(Box::new(SealedTape::create(&path, &self.keys)?)))))
    }

    /// Gives the size of a recording's file in bytes; 0 where there is none.
    #[must_use]
    pub fn bytes(&self, id: RecordingId) -> u64 {
        std::fs::metadata(self.path(id)).map_or(0, |file| file.len())
    }

    /// Gives how long a recording is, in milliseconds, by its file.
    #[must_use]
    pub fn millis(&self, id: RecordingId) -> Option<u64> {
        Recording::open(&self.path(id), &self.keys).ok().map(|recording| recording.millis())
    }

    fn path(&self, id: RecordingId) -> PathBuf {
        let name = id.to_string();
        // ids begin with their time, so that neighbours of a folder are of one time
        let month = name.get(..4).unwrap_or("none").to_owned();
        self.folder.join(month).join(format!("{name}.hyrec"))
    }
}

struct Writer(Box<SealedTape>);

impl TapeWriter for Writer {
    fn append(&mut self, frames: &[u8]) -> io::Result<()> {
        self.0.append(frames)
    }

    fn end(self: Box<Self>) -> io::Result<()> {
        self.0.end()
    }
}

struct Heard(Recording);

impl Sound for Heard {
    fn len(&self) -> u64 {
        self.0.wav_len()
    }

    fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, RecordingFault> {
        self.0.wav(range).map_err(|fault| unread(&fault))
    }

    fn waveform(&mut self, points: usize) -> Result<[Vec<(i16, i16)>; 2], RecordingFault> {
        let points = u32::try_from(points).unwrap_or(u32::MAX);
        let wave = self.0.waveform(points).map_err(|fault| unread(&fault))?;
        #[expect(clippy::cast_possible_truncation, reason = "an amount between 0 and 1 of 16 bits")]
        let sample = |amount: f32| (amount * 32_767.0) as i16;
        let side = |loudest: f32| (-sample(loudest), sample(loudest));
        Ok([
            wave.iter().map(|(left, _)| side(*left)).collect(),
            wave.iter().map(|(_, right)| side(*right)).collect(),
        ])
    }
}

fn unread(fault: &SealFault) -> RecordingFault {
    match fault {
        SealFault::KeyMissing | SealFault::NoKeys | SealFault::BadKey(_) => RecordingFault::NoKey,
        SealFault::Io(error) if error.kind() == io::ErrorKind::NotFound => RecordingFault::Missing,
        SealFault::Io(_) | SealFault::Damaged | SealFault::Codec(_) => RecordingFault::Unreadable,
    }
}

impl Recordings for Tapes {
    fn open(&self, id: RecordingId) -> Result<Box<dyn Sound>, RecordingFault> {
        let opened = Recording::open(&self.path(id), &self.keys).map_err(|fault| unread(&fault))?;
        Ok(Box::new(Heard(opened)))
    }

    fn erase(&self, id: RecordingId) -> Result<(), RecordingFault> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path(id);
        // what a crash left of an archive half made is sound too
        for path in [seal::part(&path), path] {
            match std::fs::remove_file(path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => return Err(RecordingFault::Unreadable),
            }
        }
        Ok(())
    }

    fn archives_after(&self) -> Option<Duration> {
        self.archives_after
    }

    fn archive(&self, id: RecordingId) -> Result<Archived, RecordingFault> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path(id);
        let archived = seal::archive(&path, &self.keys).map_err(|fault| unread(&fault))?;
        let millis = self.millis(id).ok_or(RecordingFault::Unreadable)?;
        Ok(Archived { bytes: archived.after, millis, key: self.key() })
    }
}
