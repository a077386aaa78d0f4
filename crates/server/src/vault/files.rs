//! Copying files so that they survive a power loss, for their owner only.

use super::manifest::{FileSum, pour};
use anyhow::Context as _;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

/// Creates a file that only this account may read.
///
/// # Errors
/// What the machine gives.
pub fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder that only this account may enter, with all above it.
///
/// # Errors
/// What the machine gives.
pub fn private_folder(path: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("cannot make the folder {}", path.display()))
}

/// Copies one file and gives its digest; `name` is its path in the backup.
///
/// # Errors
/// When one cannot be read or the other not be written.
pub fn copy(from: &Path, to: &Path, name: &str) -> anyhow::Result<FileSum> {
    if let Some(folder) = to.parent() {
        private_folder(folder)?;
    }
    let mut source = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let mut target = create_private(to).with_context(|| format!("cannot write {}", to.display()))?;
    let (bytes, sha256) =
        pour(&mut source, &mut target).with_context(|| format!("cannot copy {}", from.display()))?;
    target.sync_all()?;
    Ok(FileSum { path: name.to_owned(), bytes, sha256 })
}

/// Lists the files below a folder, sorted, as paths relative to it.
///
/// # Errors
/// When a folder cannot be read.
pub fn below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(part) = open.pop() {
        let path = folder.join(&part);
        if !path.exists() {
            continue;
        }
        for entry in fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))? {
            let entry = entry?;
            let part = part.join(entry.file_name());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(part);
            } else if kind.is_file() {
                found.push(part);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a relative path with `/`, as manifests do.
#[must_use]
pub fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Lists attachments below their folder: organisation, two digits, digest.
///
/// # Errors
/// When a folder cannot be read.
pub fn attachments(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let word = name.to_string_lossy();
        if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        // uploads under way have an ending, finished files have none
        let parts = below(&folder.join(&name))?;
        found.extend(
            parts
                .into_iter()
                .filter(|part| part.extension().is_none())
                .map(|part| Path::new(&name).join(part)),
        );
    }
    Ok(found)
}
