//! A pack as a folder of texts, read by whoever may touch a disk.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The largest file of a pack, in bytes.
pub const MOST_BYTES: usize = 512 * 1024;
/// The most files of a pack.
pub const MOST_FILES: usize = 200;

/// The files of one pack: name within the folder to text.
///
/// `pack.toml` is the main one; what it includes lies beside it under its own
/// name, such as `common.toml`; texts for customers are
/// `texts/<language>/<name>.txt`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackFiles {
    files: BTreeMap<String, String>,
}

impl PackFiles {
    /// Name of the main file.
    pub const MAIN: &'static str = "pack.toml";

    /// Takes one file that includes nothing.
    #[must_use]
    pub fn of(main: &str) -> Self {
        Self::default().with(Self::MAIN, main)
    }

    /// Adds a file, in place of one of the same name.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.files.insert(name.to_owned(), text.to_owned());
        self
    }

    /// Gives the text of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// Lists names and texts in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
}
