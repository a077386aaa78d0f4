//! The mark of a shared folder of files: that it belongs to this database.
//!
//! A folder that is not mounted, or that of another installation, looks like
//! any empty folder; attachments would go astray in it.

use super::files::create_private;
use crate::place::Settled;
use anyhow::{Context as _, bail};
use huiyin_app::attachment;
use huiyin_store::Store;
use std::io::{ErrorKind, Write as _};

/// Name of the mark in the folder.
const MARK: &str = "huiyin-files";

/// Insists that a shared folder holds the files that the database names, and
/// marks one that has none yet.
///
/// # Errors
/// When the folder bears another mark, or none and no files either.
pub fn require(settled: &Settled, store: &Store) -> anyhow::Result<()> {
    if !settled.is_shared() {
        return Ok(());
    }
    let Some(wanted) = store.read_blocking(attachment::mark)? else { return Ok(()) };
    let (folder, path) = (&settled.files, settled.files.join(MARK));
    match std::fs::read_to_string(&path) {
        Ok(found) if found.trim() == wanted.digest => Ok(()),
        Ok(_) => bail!(
            "{} holds the files of another installation; name the folder of this one: --files DIR",
            folder.display()
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if !folder.join(wanted.org.to_string()).is_dir() {
                bail!(
                    "{} does not hold the files that the database names; is it mounted, is it the right one?",
                    folder.display()
                );
            }
            marked(&path, &wanted.digest)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn marked(path: &std::path::Path, digest: &str) -> anyhow::Result<()> {
    let written = create_private(path).and_then(|mut file| {
        file.write_all(digest.as_bytes())?;
        file.sync_all()
    });
    match written {
        // another process was faster, with the same mark
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        written => written.with_context(|| format!("cannot mark the folder: {}", path.display())),
    }
}
