//! The file around the sound: its header, and chunks sealed in their order.

use super::SealFault;
use super::keys::{Keys, fill};
use ring::aead::{Aad, LessSafeKey, Nonce};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// What every file begins with; the kind follows.
const NAME: &[u8; 7] = b"HYREC\x00\x00";

/// Bytes of the header: name and kind, key id, salt.
const HEADER: usize = 8 + 8 + 32;

/// What the chunks hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A second of stereo A-law each, the last one shorter.
    Tape,
    /// A page of Ogg/Opus each, with its length before it.
    Archive,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Tape => 1,
            Self::Archive => 2,
        }
    }
}

/// Seals and opens the chunks of one file.
pub(super) struct Envelope {
    key: LessSafeKey,
    header: [u8; HEADER],
    number: u64,
}

impl Envelope {
    /// Where the first chunk begins, in bytes.
    pub(super) const HEADER: u64 = HEADER as u64;

    /// Bytes by which a chunk grows when it is sealed.
    pub(super) const TAG: usize = 16;

    /// Begins a file that must not be there yet, readable by this account only.
    pub(super) fn create(path: &Path, keys: &Keys, kind: Kind) -> Result<(File, Self), SealFault> {
        let mut header = [0; HEADER];
        let mut salt = [0; 32];
        fill(&mut salt)?;
        let id = keys.newest()?;
        let parts = NAME.iter().copied().chain([kind.byte()]).chain(id).chain(salt);
        header.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        let key = keys.of_recording(id, &salt)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(&header)?;
        Ok((file, Self { key, header, number: 0 }))
    }

    /// Opens a file up to its first chunk.
    pub(super) fn open(path: &Path, keys: &Keys) -> Result<(File, Self, Kind), SealFault> {
        let mut file = File::open(path)?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header).map_err(|_| SealFault::Damaged)?;
        let rest = header.strip_prefix(NAME).ok_or(SealFault::Damaged)?;
        let (kind, rest) = rest.split_first().ok_or(SealFault::Damaged)?;
        let known = [Kind::Tape, Kind::Archive].into_iter().find(|known| known.byte() == *kind);
        let kind = known.ok_or(SealFault::Damaged)?;
        let (id, salt) = rest.split_first_chunk::<8>().ok_or(SealFault::Damaged)?;
        let key = keys.of_recording(*id, salt)?;
        Ok((file, Self { key, header, number: 0 }, kind))
    }

    /// Seals the next chunk.
    pub(super) fn seal(&mut self, mut plain: Vec<u8>) -> io::Result<Vec<u8>> {
        let broken = |_| io::Error::other("the recording cannot be sealed");
        self.key
            .seal_in_place_append_tag(nonce(self.number), Aad::from(&self.header), &mut plain)
            .map_err(broken)?;
        self.number += 1;
        Ok(plain)
    }

    /// Opens the chunk of a number.
    pub(super) fn open_chunk(&self, number: u64, mut sealed: Vec<u8>) -> Result<Vec<u8>, SealFault> {
        let opened = self.key.open_in_place(nonce(number), Aad::from(&self.header), &mut sealed);
        let length = opened.map_err(|_| SealFault::Damaged)?.len();
        sealed.truncate(length);
        Ok(sealed)
    }
}

fn nonce(number: u64) -> Nonce {
    let mut bytes = [0; 12];
    if let Some(place) = bytes.last_chunk_mut::<8>() {
        *place = number.to_be_bytes();
    }
    Nonce::assume_unique_for_key(bytes)
}
