//! A recording while it is made.

use super::SealFault;
use super::envelope::{Envelope, Kind};
use super::keys::Keys;
use crate::taping::{SECOND, STEREO, Tape};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Bytes of sound in a chunk: one second.
const CHUNK: usize = SECOND * STEREO;

/// Bytes of a whole sealed chunk.
const SEALED: u64 = (CHUNK + Envelope::TAG) as u64;

/// A recording that is being written.
pub struct SealedTape {
    file: File,
    envelope: Envelope,
    rest: Vec<u8>,
}

impl SealedTape {
    /// Begins a file that must not be there yet.
    ///
    /// # Errors
    /// What the machine says.
    pub fn create(path: &Path, keys: &Keys) -> Result<Self, SealFault> {
        let (file, envelope) = Envelope::create(path, keys, Kind::Tape)?;
        Ok(Self { file, envelope, rest: Vec::new() })
    }

    fn seal(&mut self, sound: Vec<u8>) -> io::Result<()> {
        let sealed = self.envelope.seal(sound)?;
        self.file.write_all(&sealed)
    }
}

impl Tape for SealedTape {
    fn append(&mut self, frames: &[u8]) -> io::Result<()> {
        self.rest.extend_from_slice(frames);
        while self.rest.len() >= CHUNK {
            let after = self.rest.split_off(CHUNK);
            let sound = std::mem::replace(&mut self.rest, after);
            self.seal(sound)?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        let rest = std::mem::take(&mut self.rest);
        if !rest.is_empty() {
            self.seal(rest)?;
        }
        self.file.sync_all()
    }
}

/// A taped file that can be heard.
pub(super) struct Taped {
    file: File,
    envelope: Envelope,
    /// Stereo frames in whole chunks and the rest.
    pub(super) frames: u64,
}

impl Taped {
    /// Opens it; a chunk that a crash left half is passed over.
    pub(super) fn open(file: File, envelope: Envelope) -> Result<Self, SealFault> {
        let sealed = file.metadata()?.len().saturating_sub(Envelope::HEADER);
        let (whole, rest) = (sealed / SEALED, sealed % SEALED);
        let mut taped = Self { file, envelope, frames: whole * SECOND as u64 };
        // the last chunk is short when it was closed, and cannot be opened when it was torn
        let tag = Envelope::TAG as u64;
        if rest > tag && taped.chunk(whole).is_ok() {
            taped.frames += (rest - tag) / STEREO as u64;
        }
        Ok(taped)
    }

    /// Gives the bytes of a second.
    pub(super) fn chunk(&mut self, number: u64) -> Result<Vec<u8>, SealFault> {
        self.file.seek(SeekFrom::Start(Envelope::HEADER + number * SEALED))?;
        let mut sealed = Vec::with_capacity(CHUNK + Envelope::TAG);
        (&self.file).take(SEALED).read_to_end(&mut sealed)?;
        self.envelope.open_chunk(number, sealed)
    }
}
