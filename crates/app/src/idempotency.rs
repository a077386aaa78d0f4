//! A write asked for twice with one key happens once and answers the same.

/// What names a request of one person, so that its repeat is known.
///
/// Both parts are SHA-256 in hexadecimal, so that a key takes the same room
/// however long it is, and the body's text is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Digest of the key that the caller chose.
    pub key: String,
    /// Digest of method, address and body.
    pub body: String,
}
