//! One backup of a place at a time, whichever process takes it.

use super::files::private_folder;
use anyhow::Context as _;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The file that is locked while a backup of its place is taken.
const LOCK: &str = "backup.lock";

/// The turn to take a backup, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    // locked while it is open
    _file: File,
}

impl Turn {
    /// Takes the turn; gives nothing when another backup is under way.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn take(home: &Path) -> anyhow::Result<Option<Self>> {
        let file = open(home)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {LOCK} in {}", home.display()))
            }
        }
    }

    /// Waits for the turn.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn wait(home: &Path) -> anyhow::Result<Self> {
        let file = open(home)?;
        file.lock().with_context(|| format!("cannot lock {LOCK} in {}", home.display()))?;
        Ok(Self { _file: file })
    }
}

fn open(home: &Path) -> anyhow::Result<File> {
    private_folder(home)?;
    let path = home.join(LOCK);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).with_context(|| format!("cannot open {}", path.display()))
}
