//! Files of articles, as a house writes or takes them over.

use super::content::Content;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The articles that the binary carries, file by file.
const STARTER: [(&str, &str); 7] = [
    ("skills.toml", include_str!("../../../../packs/knowledge/skills.toml")),
    ("processes.toml", include_str!("../../../../packs/knowledge/processes.toml")),
    ("desk.toml", include_str!("../../../../packs/knowledge/desk.toml")),
    ("service.toml", include_str!("../../../../packs/knowledge/service.toml")),
    ("telephone.toml", include_str!("../../../../packs/knowledge/telephone.toml")),
    ("answers.toml", include_str!("../../../../packs/knowledge/answers.toml")),
    ("sentences.toml", include_str!("../../../../packs/knowledge/sentences.toml")),
];

/// One article of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleFile {
    /// The name that finds it again.
    pub key: String,
    /// What it says.
    pub content: Content,
}

/// Why a file is not one of articles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It cannot be read as one.
    #[error("{0}")]
    Unreadable(String),
    /// Two articles have one name.
    #[error("the key {0} is given twice")]
    Twice(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    article: Vec<toml::Table>,
}

impl ArticleFile {
    /// Reads the articles of a TOML file.
    ///
    /// # Errors
    /// [`FileError`] with what is wrong; nothing is taken then.
    pub fn read(text: &str) -> Result<Vec<Self>, FileError> {
        let whole: Whole = toml::from_str(text).map_err(|error| FileError::Unreadable(error.to_string()))?;
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for (place, mut table) in whole.article.into_iter().enumerate() {
            let at = |error: &dyn std::fmt::Display| {
                FileError::Unreadable(format!("article {}: {error}", place + 1))
            };
            let key = match table.remove("key") {
                Some(toml::Value::String(key)) => key,
                _ => return Err(at(&"it has no key")),
            };
            let content: Content =
                table.try_into().map_err(|error: toml::de::Error| at(&format!("{key}: {error}")))?;
            if !seen.insert(key.clone()) {
                return Err(FileError::Twice(key));
            }
            found.push(Self { key, content });
        }
        Ok(found)
    }
}

/// Gives the articles that the binary carries.
///
/// # Errors
/// The file and what is wrong; a test holds that nothing is.
pub fn starter() -> Result<Vec<ArticleFile>, FileError> {
    let mut all = Vec::new();
    for (name, text) in STARTER {
        let read = ArticleFile::read(text)
            .map_err(|error| FileError::Unreadable(format!("packs/knowledge/{name}: {error}")))?;
        all.extend(read);
    }
    let mut seen = BTreeSet::new();
    match all.iter().find(|article| !seen.insert(&article.key)) {
        Some(twice) => Err(FileError::Twice(twice.key.clone())),
        None => Ok(all),
    }
}
