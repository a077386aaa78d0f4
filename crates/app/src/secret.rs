//! Secrets that leave the house once and stay only as digests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::ports::Ids;

/// Makes a secret of 256 bits as 43 characters that fit into URLs and headers.
#[must_use]
pub fn new(ids: &dyn Ids) -> String {
    let mut bytes = [0; 32];
    ids.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Gives the digest under which a secret is kept: SHA-256, hex.
#[must_use]
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Writes bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// stack §1 sessions
    #[test]
    fn digests_are_sha_256_in_hex() {
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /// stack §1 sessions
    #[test]
    fn secrets_are_long_and_differ() {
        let (one, two) = (new(&crate::SystemIds), new(&crate::SystemIds));
        assert_eq!(one.len(), 43);
        assert_ne!(one, two);
    }
}
