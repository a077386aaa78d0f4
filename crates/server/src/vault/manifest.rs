//! What a backup says of itself: versions, counts, digests, the last anchor.

use anyhow::{Context as _, bail};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Name of the manifest in a backup.
pub const MANIFEST: &str = "manifest.json";

/// The form of backups that this version writes and reads.
const FORM: u32 = 1;

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of the backup.
    pub form: u32,
    /// Version of the product that made it.
    pub version: String,
    /// Engine that it came from: `sqlite` or `postgres`.
    pub engine: String,
    /// Version of the schema.
    pub schema: u32,
    /// The moment that it shows.
    pub began_at: Timestamp,
    /// When it was complete and read back.
    pub finished_at: Timestamp,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
    /// The last anchor in it.
    pub anchor: Option<AnchorNamed>,
    /// How many erasures its log holds.
    pub erasures: u64,
    /// Every file with its digest.
    pub files: Vec<FileSum>,
}

/// The last anchor of a backup, to be compared with one noted elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorNamed {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Its digest.
    pub digest: String,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Path within the backup, with `/`.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

impl Manifest {
    /// The form of this version.
    #[must_use]
    pub const fn form() -> u32 {
        FORM
    }

    /// Reads the manifest of a backup; of a folder of backups, the newest one's.
    ///
    /// # Errors
    /// When there is none, or it is of a newer form.
    pub fn find(folder: &Path) -> anyhow::Result<(PathBuf, Self)> {
        let folder = if folder.join(MANIFEST).exists() {
            folder.to_owned()
        } else {
            super::backup::newest(folder)?
                .with_context(|| format!("{} is no backup and holds none", folder.display()))?
        };
        let text = std::fs::read(folder.join(MANIFEST)).context("cannot read the manifest")?;
        let manifest: Self = serde_json::from_slice(&text).context("the manifest is not readable")?;
        if manifest.form > FORM {
            bail!(
                "the backup has form {}, this binary reads up to {FORM}; use the newer binary",
                manifest.form
            );
        }
        Ok((folder, manifest))
    }

    /// Reads every file back and compares it with its digest.
    ///
    /// # Errors
    /// Names the first file that is missing or differs.
    pub fn verify(&self, folder: &Path, report: &mut dyn FnMut(u64)) -> anyhow::Result<()> {
        for file in &self.files {
            if file.path.split('/').any(|part| part.is_empty() || part == "..") {
                bail!("the manifest names a file outside the backup: {}", file.path);
            }
            let path = folder.join(&file.path);
            let found = sum(&path, &file.path)?;
            if found != *file {
                bail!("{} is damaged: it is not what the manifest says", path.display());
            }
            report(found.bytes);
        }
        Ok(())
    }

    /// Adds up the bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Digests a file.
///
/// # Errors
/// When it cannot be read.
pub fn sum(path: &Path, name: &str) -> anyhow::Result<FileSum> {
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (bytes, sha256) = pour(&mut file, &mut std::io::sink())?;
    Ok(FileSum { path: name.to_owned(), bytes, sha256 })
}

/// Copies and digests at once.
///
/// # Errors
/// What reading or writing gives.
pub fn pour(from: &mut dyn Read, to: &mut dyn Write) -> std::io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut block = vec![0; 262_144];
    let mut bytes = 0;
    loop {
        let read = from.read(&mut block)?;
        if read == 0 {
            return Ok((bytes, huiyin_app::secret::hex(&hash.finalize())));
        }
        hash.update(&block[..read]);
        to.write_all(&block[..read])?;
        bytes += read as u64;
    }
}
