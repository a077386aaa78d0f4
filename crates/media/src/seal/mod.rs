//! Recordings in sealed files: nobody hears them without the key file.
//!
//! A file is a header and chunks of about a second. Each chunk is encrypted and
//! authenticated by AES-256-GCM under a key of this recording alone, made from a key of
//! the key file by HKDF; its number is part of the nonce, and the header is part of what
//! is authenticated. So a crash costs at most the chunk that was being written, and
//! nothing can be cut out, moved or taken from another recording unseen, except the end.
//!
//! While a call lives its sound is written as it is, by the A-law; [`archive()`] makes
//! Ogg/Opus of it later, a tenth of the size, in the same kind of file.
//!
//! *Where to start*: [`Keys`] reads the key file, [`SealedTape`] writes, [`Recording`]
//! gives WAV by byte range from either kind.

mod archive;
mod envelope;
mod keys;
mod opus;
mod recording;
mod secret;
mod tape;

pub use archive::{Archived, archive, part};
pub use keys::Keys;
pub use recording::Recording;
pub use secret::{is_sealed, open_secret, seal_secret};
pub use tape::SealedTape;

use std::io;

/// Why a recording cannot be kept or heard.
#[derive(Debug, thiserror::Error)]
pub enum SealFault {
    /// The file or the machine.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The key file holds a line that is no key.
    #[error("line {0} of the key file is no key: 64 hexadecimal digits")]
    BadKey(usize),
    /// The key file holds no key.
    #[error("the key file holds no key")]
    NoKeys,
    /// The key by which it was sealed is not in the key file.
    #[error("the key file does not hold the key by which this recording was sealed")]
    KeyMissing,
    /// Not one of our recordings, or one that was changed.
    #[error("the recording is damaged or was changed")]
    Damaged,
    /// The codec of the archive, in its words.
    #[error("the recording cannot be put into the archive or read from it: {0}")]
    Codec(&'static str),
}
