//! Short secrets that must be given in clear later, sealed by such keys too.

use super::SealFault;
use super::keys::{Keys, fill};
use ring::aead::{Aad, Nonce};

/// What a sealed secret begins with.
const FORM: &str = "sealed1:";

/// Seals a secret for one place; it opens nowhere else.
///
/// # Errors
/// [`SealFault::NoKeys`], what the machine says.
pub fn seal_secret(keys: &Keys, place: &str, secret: &str) -> Result<String, SealFault> {
    let (id, mut salt) = (keys.newest()?, [0; 32]);
    fill(&mut salt)?;
    let key = keys.of_recording(id, &salt)?;
    let mut bytes = secret.as_bytes().to_vec();
    // each secret has a key of its own, so that one nonce serves
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key([0; 12]),
        Aad::from(place.as_bytes()),
        &mut bytes,
    )
    .map_err(|_| SealFault::Damaged)?;
    let whole = id.iter().chain(&salt).chain(&bytes);
    Ok(FORM.chars().chain(whole.flat_map(|byte| format!("{byte:02x}").chars().collect::<Vec<_>>())).collect())
}

/// Says whether a text is a sealed secret.
#[must_use]
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(FORM)
}

/// Opens a secret that was sealed for the same place.
///
/// # Errors
/// [`SealFault::KeyMissing`]; [`SealFault::Damaged`] when it is none, was changed, or is of
/// another place.
pub fn open_secret(keys: &Keys, place: &str, sealed: &str) -> Result<String, SealFault> {
    let hex = sealed.strip_prefix(FORM).ok_or(SealFault::Damaged)?;
    let bytes = unhex(hex).ok_or(SealFault::Damaged)?;
    let (id, rest) = bytes.split_first_chunk::<8>().ok_or(SealFault::Damaged)?;
    let (salt, rest) = rest.split_first_chunk::<32>().ok_or(SealFault::Damaged)?;
    let key = keys.of_recording(*id, salt)?;
    let mut rest = rest.to_vec();
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let opened = key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut rest);
    let opened = opened.map_err(|_| SealFault::Damaged)?;
    String::from_utf8(opened.to_vec()).map_err(|_| SealFault::Damaged)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
