//! One zip, written in pieces, with a sum of every piece.

use crate::error::Error;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Why a case file was not made.
#[derive(Debug, thiserror::Error)]
pub enum BundleFailed {
    /// It is not allowed, not there, or the database failed.
    #[error(transparent)]
    App(#[from] Error),
    /// A file cannot be read or written.
    #[error("the case file cannot be written: {0}")]
    File(#[from] std::io::Error),
    /// The zip cannot be written.
    #[error("the case file cannot be packed: {0}")]
    Zip(#[from] zip::result::ZipError),
}

impl From<huiyin_store::StoreError> for BundleFailed {
    fn from(error: huiyin_store::StoreError) -> Self {
        Self::App(error.into())
    }
}

/// A zip that is being written.
pub struct Bundle {
    zip: ZipWriter<File>,
    sums: String,
    hash: Sha256,
    name: String,
    /// The folder in which pieces lie; empty for the top.
    folder: String,
}

impl Bundle {
    /// Begins a zip in an empty file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn begin(file: File) -> Result<Self, BundleFailed> {
        Ok(Self {
            zip: ZipWriter::new(file),
            sums: String::new(),
            hash: Sha256::new(),
            name: String::new(),
            folder: String::new(),
        })
    }

    /// Lets what follows lie in a folder; the top is the empty one.
    pub(super) fn enter(&mut self, folder: &str) {
        folder.clone_into(&mut self.folder);
    }

    /// Gives the way from the present folder to the top.
    pub(super) fn up(&self) -> String {
        self.folder.split_inclusive('/').map(|_| "../").collect()
    }

    /// Begins a piece; what is written next belongs to it.
    pub(super) fn piece(&mut self, name: &str) -> Result<(), BundleFailed> {
        self.sum();
        self.name = format!("{}{name}", self.folder);
        self.zip.start_file(self.name.as_str(), SimpleFileOptions::default())?;
        Ok(())
    }

    /// Adds to the piece begun last.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), BundleFailed> {
        self.hash.update(bytes);
        self.zip.write_all(bytes)?;
        Ok(())
    }

    /// Adds a whole piece.
    pub(super) fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), BundleFailed> {
        self.piece(name)?;
        self.add(bytes)
    }

    /// Copies a file as a piece, in blocks.
    pub(super) fn copy(&mut self, name: &str, source: &Path) -> Result<(), BundleFailed> {
        self.piece(name)?;
        let mut file = File::open(source)?;
        let mut block = vec![0; 64 * 1024];
        loop {
            match file.read(&mut block)? {
                0 => return Ok(()),
                read => self.add(&block[..read])?,
            }
        }
    }

    /// Ends the piece begun last and notes its sum.
    fn sum(&mut self) {
        let hash = std::mem::take(&mut self.hash).finalize();
        if !self.name.is_empty() {
            self.sums.push_str(&crate::secret::hex(&hash));
            self.sums.push_str("  ");
            self.sums.push_str(&self.name);
            self.sums.push('\n');
        }
        self.name.clear();
    }

    /// Adds the sums and gives the file back, from its beginning.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self) -> Result<File, BundleFailed> {
        self.sum();
        self.zip.start_file("SHA256SUMS", SimpleFileOptions::default())?;
        self.zip.write_all(self.sums.as_bytes())?;
        let mut file = self.zip.finish()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}
