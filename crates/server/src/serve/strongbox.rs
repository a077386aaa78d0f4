//! The key by which secrets in the database are sealed (`keys/secrets.keys`).

use anyhow::Context as _;
use huiyin_app::Strongbox;
use huiyin_media::seal::{self, Keys};
use std::path::Path;

/// Seals by the keys of a file, as recordings are sealed by theirs.
pub struct KeyFile(Keys);

impl KeyFile {
    /// Reads the file, or makes one beside the data.
    ///
    /// # Errors
    /// When it cannot be read or made, or holds a line that is no key.
    pub fn at(home: &Path) -> anyhow::Result<Self> {
        let path = home.join("keys/secrets.keys");
        let keys = Keys::named(&path, "secrets");
        Ok(Self(keys.with_context(|| format!("cannot use the keys of secrets in {}", path.display()))?))
    }
}

impl Strongbox for KeyFile {
    fn seal(&self, place: &str, secret: &str) -> Option<String> {
        let sealed = seal::seal_secret(&self.0, place, secret);
        sealed.inspect_err(|fault| tracing::error!(%fault, place, "a secret cannot be sealed")).ok()
    }

    fn open(&self, place: &str, sealed: &str) -> Option<String> {
        let opened = seal::open_secret(&self.0, place, sealed);
        opened.inspect_err(|fault| tracing::error!(%fault, place, "a secret cannot be opened")).ok()
    }

    fn is_sealed(&self, text: &str) -> bool {
        seal::is_sealed(text)
    }
}
