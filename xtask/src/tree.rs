//! The files of the workspace that the checks read.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Folders that are built, fetched or written while running, never read.
const SKIPPED: &[&str] = &[
    "target",
    "node_modules",
    ".git",
    ".postgres",
    ".venv",
    ".hypothesis",
    ".schemathesis",
    "__pycache__",
    "dist",
    "test-results",
    "pictures",
];

/// Folders that are filled while trying the product or fuzzing it by hand.
const FILLED: &[&str] = &["data", "fuzz/corpus", "fuzz/artifacts"];

/// Files that the web's build makes and git does not hold.
const MADE: &[&str] = &["schema.d.ts", "components.d.ts", "actions.json"];

/// Holds the text files of the workspace, sorted by path.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Folder of the workspace.
    pub(crate) root: PathBuf,
    /// Every text file; binary files are left out.
    pub(crate) files: Vec<SourceFile>,
}

/// One text file of the workspace.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    /// Content.
    pub(crate) text: String,
}

impl SourceFile {
    /// Says whether the file's name ends with one of the endings.
    pub(crate) fn ends_with(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// Says whether the whole file holds tests: everything in it runs in tests only.
    pub(crate) fn is_test_file(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.starts_with("crates/testkit/")
            || self.path.ends_with("/tests.rs")
            || self.path.ends_with("_tests.rs")
    }

    /// Gives the lines with their numbers, starting at 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

impl Tree {
    /// Reads the workspace that this program belongs to.
    ///
    /// # Errors
    /// Fails when a folder or file cannot be read.
    pub(crate) fn of_workspace() -> Result<Tree> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
        let mut files = Vec::new();
        collect(root, root, &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Tree { root: root.to_owned(), files })
    }

    /// Gives one file by its path from the root.
    pub(crate) fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Gives the Rust files.
    pub(crate) fn rust(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("read folder {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let relative = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) && !FILLED.contains(&relative.as_str()) {
                collect(root, &path, files)?;
            }
            continue;
        }
        if MADE.contains(&name.as_str()) {
            continue;
        }
        if let Some(text) = text_of(&path)? {
            files.push(SourceFile { path: relative, text });
        }
    }
    Ok(())
}

fn text_of(path: &Path) -> Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) if bytes.contains(&0) => Ok(None),
        Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
        // A file that another program removed in between, or a dangling link.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("read {}", path.display())),
    }
}
