//! One file on its way in: counted, hashed and written as it comes.

use hmac::{Hmac, KeyInit, Mac};
use huiyin_domain::ids::OrgId;
use sha2::Sha256;
use std::path::PathBuf;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::files::{Files, failed};
use super::kind::{HEAD, media_type};
use crate::error::{Class, Error};
use crate::secret::hex;

/// A file on its way in; what is not finished is removed.
pub struct Upload {
    files: Files,
    org: OrgId,
    part: PathBuf,
    file: File,
    mac: Hmac<Sha256>,
    bytes: u64,
    head: Vec<u8>,
    finished: bool,
}

/// A file that lies in the store, synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Digest keyed per organisation, hex.
    pub digest: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Media type by its content.
    pub media_type: &'static str,
}

impl Upload {
    /// Begins to take a file; `key` is the organisation's, `part` a fresh name.
    ///
    /// # Errors
    /// `unavailable` or `disk_full` when it cannot be written.
    pub(super) async fn begin(files: &Files, org: OrgId, key: &[u8], part: &str) -> Result<Self, Error> {
        let folder = files.folder(org)?;
        fs::create_dir_all(&folder).await.map_err(failed)?;
        let part = folder.join(format!("{part}.part"));
        let file = OpenOptions::new().write(true).create_new(true).open(&part).await.map_err(failed)?;
        let mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::internal)?;
        let files = files.clone();
        Ok(Self { files, org, part, file, mac, bytes: 0, head: Vec::new(), finished: false })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `payload_too_large` beyond the limit; `disk_full`.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.bytes += chunk.len() as u64;
        if self.bytes > self.files.limit() {
            return Err(Error::new(Class::TooLarge, "payload_too_large").with("limit", self.files.limit()));
        }
        let room = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..room]);
        self.mac.update(chunk);
        self.file.write_all(chunk).await.map_err(failed)
    }

    /// Gives the first bytes, to see what the file is.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Gives how many bytes came so far.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Syncs the file and moves it to its place.
    ///
    /// `announced` is the length that the sender said, where it did.
    ///
    /// # Errors
    /// `file_empty`, `file_truncated`, `disk_full`.
    pub async fn finish(mut self, announced: Option<u64>) -> Result<Stored, Error> {
        if announced.is_some_and(|length| length != self.bytes) {
            return Err(Error::invalid("file_truncated").with("bytes", self.bytes));
        }
        if self.bytes == 0 {
            return Err(Error::invalid("file_empty"));
        }
        self.file.flush().await.map_err(failed)?;
        self.file.sync_all().await.map_err(failed)?;
        let digest = hex(&self.mac.clone().finalize().into_bytes());
        let place = self.files.place(self.org, &digest)?;
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).await.map_err(failed)?;
            fs::rename(&self.part, &place).await.map_err(failed)?;
            // the name itself is durable only with its folder
            File::open(folder).await.map_err(failed)?.sync_all().await.map_err(failed)?;
        }
        self.finished = true;
        Ok(Stored { digest, bytes: self.bytes, media_type: media_type(&self.head) })
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.finished {
            // what stays behind is removed by the cleaning job
            let _ = std::fs::remove_file(&self.part);
        }
    }
}
