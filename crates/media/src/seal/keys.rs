//! The key file: the newest key seals, all of them open.

use super::SealFault;
use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

/// The keys of the house; the last one seals, all of them open.
pub struct Keys(Vec<([u8; 8], Salt, Vec<u8>)>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

impl Keys {
    /// Reads a key file: one key of 64 hexadecimal digits a line, the newest last;
    /// blank lines and lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// [`SealFault::BadKey`] with its line, [`SealFault::NoKeys`].
    pub fn read(text: &str) -> Result<Self, SealFault> {
        let mut keys = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bytes = unhex(line).ok_or(SealFault::BadKey(number + 1))?;
            let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
            let id = digest.as_ref().first_chunk::<8>().copied().unwrap_or_default();
            keys.push((id, Salt::new(HKDF_SHA256, b"huiyin recording"), bytes));
        }
        if keys.is_empty() { Err(SealFault::NoKeys) } else { Ok(Self(keys)) }
    }

    /// Reads a key file, or makes one with a new key, readable by this account only.
    ///
    /// # Errors
    /// As [`Keys::read`], and what the machine says.
    pub fn at(path: &Path) -> Result<Self, SealFault> {
        Self::named(path, "recordings")
    }

    /// As [`Keys::at`], for something else than recordings, which a new file says.
    ///
    /// # Errors
    /// As [`Keys::at`].
    pub fn named(path: &Path, what: &str) -> Result<Self, SealFault> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                let mut key = [0; 32];
                fill(&mut key)?;
                let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
                let text = format!(
                    "# Keys of {what}, the newest last. Whoever loses them loses the {what}:\n\
                     # keep a copy apart from the data and from its backups.\n{hex}\n"
                );
                let mut options = OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path)?;
                file.write_all(text.as_bytes())?;
                file.sync_all()?;
                Self::read(&text)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Names the key that seals, for the row of a recording.
    #[must_use]
    pub fn current(&self) -> String {
        self.0
            .last()
            .map(|(id, _, _)| id.iter().map(|byte| format!("{byte:02x}")).collect())
            .unwrap_or_default()
    }

    /// Gives the id of the key that seals.
    pub(super) fn newest(&self) -> Result<[u8; 8], SealFault> {
        self.0.last().map(|(id, _, _)| *id).ok_or(SealFault::NoKeys)
    }

    /// Makes the key of one recording.
    pub(super) fn of_recording(&self, id: [u8; 8], salt: &[u8]) -> Result<LessSafeKey, SealFault> {
        let (_, extract, secret) =
            self.0.iter().find(|(known, _, _)| *known == id).ok_or(SealFault::KeyMissing)?;
        let info = [salt];
        let made = extract.extract(secret).expand(&info, Length).map(|okm| {
            let mut key = [0; 32];
            okm.fill(&mut key).map(|()| key)
        });
        let key = made.and_then(|key| key).map_err(|_| SealFault::Damaged)?;
        let unbound = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| SealFault::Damaged)?;
        Ok(LessSafeKey::new(unbound))
    }
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if bytes.len() != 64 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    bytes.chunks_exact(2).map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// Fills bytes by chance.
pub(super) fn fill(bytes: &mut [u8]) -> io::Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| io::Error::other("the machine gives no chance"))
}
