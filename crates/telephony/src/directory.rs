//! Who may register and call: asked by the endpoint, kept by the product.

use std::fmt;

/// The product's list of extensions. Asked for every registration and call,
/// so it answers from memory.
pub trait Directory: Send + Sync {
    /// The extension of that name, if there is one and it may be used.
    fn extension(&self, name: &str) -> Option<Extension>;
}

/// A phone's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// User part of its address.
    pub name: String,
    /// Shown to whom it calls.
    pub display_name: Option<String>,
    /// What its password is checked with.
    pub secrets: Secrets,
    /// What it may use up.
    pub limits: Limits,
}

/// Digests of `user:realm:password`, in lower-case hexadecimal; the password
/// itself is kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// By MD5, which every phone can.
    pub md5: String,
    /// By SHA-256 (RFC 8760), for phones that can.
    pub sha256: Option<String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// Limits of one trunk, extension or source; zero means none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Calls at once.
    pub calls: u32,
    /// New calls in a second.
    pub calls_per_second: u32,
}
