//! Free room on the disk of a folder.

use std::path::Path;

/// Below this, in bytes, doctor asks for care: 1 GiB.
pub const LOW: u64 = 1 << 30;

/// Gives the bytes that may still be written; nothing where it cannot be told.
#[must_use]
pub fn free(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|part| part.exists())?;
    let state = rustix::fs::statvfs(there).ok()?;
    state.f_bavail.checked_mul(state.f_frsize)
}
