//! Text that people wrote, and how it stays out of the history.

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// The longest text accepted, in bytes; longer belongs in an attachment.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// A text that is not blank, not too long and free of control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 65536, pattern = r"\S")]
pub struct Text(String);

/// Why a text is refused; the message starts with the stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("blank: text must not be empty")]
    Blank,
    /// Above [`MAX_TEXT_BYTES`].
    #[error("too_long: text may hold 65536 bytes, longer belongs in an attachment")]
    TooLong,
    /// A control character other than tab and line breaks.
    #[error("control_character: text must not contain control characters")]
    ControlCharacter,
}

impl Text {
    /// Takes a text; surrounding white space is cut off.
    ///
    /// # Errors
    /// [`TextError`] when blank, too long or with control characters.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Blank);
        }
        if text.len() > MAX_TEXT_BYTES {
            return Err(TextError::TooLong);
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(TextError::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }

    /// Gives the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The commitment that stands for a personal text in events and state (D4).
///
/// Base64url of SHA-256 over salt and text; the text and its salt lie in a
/// row of their own that can be erased without breaking the chain. What people
/// read has the text in its place, or null once it was erased. It is written out
/// by its name, so that whoever looks for commitments knows them from other words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[schema(value_type = Option<String>)]
pub struct Sealed(pub String);

/// A text together with what its commitment was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedText {
    /// The commitment that events carry.
    pub sealed: Sealed,
    /// Sixteen random bytes that make guessing useless.
    pub salt: [u8; 16],
    /// The text itself.
    pub text: String,
}

/// Makes commitments for one command from one random seed.
#[derive(Debug)]
pub struct Sealer {
    seed: [u8; 32],
    made: Vec<SealedText>,
}

impl Sealer {
    /// Takes 32 random bytes, fresh for each command.
    #[must_use]
    pub const fn new(seed: [u8; 32]) -> Self {
        Self { seed, made: Vec::new() }
    }

    /// Seals one text and remembers it for storing.
    pub fn seal(&mut self, text: &str) -> Sealed {
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update((self.made.len() as u64).to_be_bytes());
        let mut salt = [0; 16];
        salt.copy_from_slice(&hash.finalize()[..16]);
        let sealed = commitment(&salt, text);
        self.made.push(SealedText { sealed: sealed.clone(), salt, text: text.to_owned() });
        sealed
    }

    /// Gives what was sealed, in order, to be stored beside the events.
    #[must_use]
    pub fn into_sealed(self) -> Vec<SealedText> {
        self.made
    }
}

/// Computes the commitment of a text under a salt.
#[must_use]
pub fn commitment(salt: &[u8], text: &str) -> Sealed {
    use base64::Engine as _;
    let mut hash = Sha256::new();
    hash.update(b"huiyin-seal-1");
    hash.update((salt.len() as u64).to_be_bytes());
    hash.update(salt);
    hash.update(text.as_bytes());
    Sealed(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash.finalize()))
}
