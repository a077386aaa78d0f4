//! The folder of attached files, by organisation and digest.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use huiyin_domain::ids::OrgId;
use huiyin_store::attachment as rows;
use huiyin_store::sql::{StoreError, Tx};

use crate::error::{Class, Error};
use crate::secret;

/// Largest file taken while nobody set another limit, in bytes: 50 MiB.
const LIMIT: u64 = 50 * 1024 * 1024;

/// Where attached files lie and how large they may be.
#[derive(Clone, Debug)]
pub struct Files {
    root: Option<Arc<Path>>,
    limit: u64,
}

impl Default for Files {
    /// No folder: for commands that keep no files.
    fn default() -> Self {
        Self { root: None, limit: LIMIT }
    }
}

impl Files {
    /// Takes the folder that all processes share.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: Some(Arc::from(root.into())), limit: LIMIT }
    }

    /// Sets the size of the largest file taken, in bytes.
    #[must_use]
    pub const fn with_limit(mut self, limit: u64) -> Self {
        self.limit = limit;
        self
    }

    /// Gives the size of the largest file taken, in bytes.
    #[must_use]
    pub const fn limit(&self) -> u64 {
        self.limit
    }

    /// Gives the folder of an organisation.
    ///
    /// # Errors
    /// `unavailable` when this process keeps no files.
    pub(super) fn folder(&self, org: OrgId) -> Result<PathBuf, Error> {
        let root = self.root.as_ref().ok_or_else(|| Error::new(Class::Unavailable, "unavailable"))?;
        Ok(root.join(org.to_string()))
    }

    /// Gives the place of a file.
    ///
    /// # Errors
    /// `internal` for what is no digest, so that no other path can be made.
    pub fn place(&self, org: OrgId, digest: &str) -> Result<PathBuf, Error> {
        if digest.len() != 64 || !digest.bytes().all(|c| c.is_ascii_hexdigit()) {
            return Err(Error::internal("a file's digest is not readable"));
        }
        Ok(self.folder(org)?.join(&digest[..2]).join(digest))
    }
}

/// What tells the files of one installation from those of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesMark {
    /// An organisation that has files.
    pub org: OrgId,
    /// A digest that only this installation gives, hex.
    pub digest: String,
}

/// Gives the mark of the files of this database; none while there are none.
///
/// # Errors
/// What the store gives.
pub fn mark(tx: &mut Tx<'_>) -> Result<Option<FilesMark>, StoreError> {
    let first = rows::first_key(tx, super::KEY)?;
    Ok(first
        .map(|(org, key)| FilesMark { org, digest: secret::digest(&format!("files {}", secret::hex(&key))) }))
}

/// Names what the machine refused: a full disk is said to be full.
pub(super) fn failed(error: std::io::Error) -> Error {
    let code = if error.kind() == std::io::ErrorKind::StorageFull { "disk_full" } else { "unavailable" };
    Error::new(Class::Unavailable, code).caused_by(error)
}
