//! The index of one process: the generation that serves, and the one that is made
//! beside it.

use crate::ask::read;
use crate::find;
use crate::fold::folded;
use crate::fragment;
use crate::generation::Generation;
use crate::sound::{is_sound, sounds};
use huiyin_domain::search::{Changes, Document, Failure, Finder, Found, Fragment, Mark, Question, Standing};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Names the generation that serves.
const CURRENT: &str = "current";

/// What the folder of a generation begins with.
const PREFIX: &str = "generation-";

/// The search index of one process.
pub struct Index {
    folder: PathBuf,
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    serving: Option<Arc<Generation>>,
    making: Option<Arc<Generation>>,
    number: u64,
}

impl Index {
    /// Takes a folder; nothing can be found before it is [opened](Index::open) or made.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), held: RwLock::new(Held::default()) }
    }

    /// Opens what lies in the folder, as far as it can be trusted.
    pub fn open(&self) {
        let name = fs::read_to_string(self.folder.join(CURRENT)).unwrap_or_default();
        let name = name.trim();
        let number = name.strip_prefix(PREFIX).and_then(|number| number.parse().ok()).unwrap_or(0);
        let opened = if number == 0 { Ok(None) } else { Generation::open(&self.folder.join(name)) };
        let serving = opened.unwrap_or_else(|error| {
            tracing::warn!(%error, "the search index cannot be used and is made anew");
            None
        });
        let mut held = self.write();
        held.serving = serving.map(Arc::new);
        held.number = number;
        drop(held);
        self.sweep();
    }

    /// Gives the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until nothing is merged any more.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn settle(&self) -> Result<(), Failure> {
        let serving = self.read().serving.clone();
        serving.map_or(Ok(()), |serving| serving.settle())
    }

    /// Says how many documents are removed but still in the files.
    #[must_use]
    pub fn removed(&self) -> u64 {
        self.read().serving.as_ref().map_or(0, |serving| serving.removed())
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives what is searched, and whether it has everything.
    fn searched(&self) -> Option<(Arc<Generation>, bool)> {
        let held = self.read();
        let serving = held.serving.clone().map(|serving| (serving, true));
        serving.or_else(|| held.making.clone().map(|making| (making, false)))
    }

    /// Removes generations that neither serve nor are made.
    fn sweep(&self) {
        let held = self.read();
        let kept: Vec<PathBuf> =
            held.serving.iter().chain(&held.making).map(|one| one.folder.clone()).collect();
        drop(held);
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            if is_ours
                && !kept.contains(&path)
                && let Err(error) = fs::remove_dir_all(&path)
            {
                tracing::warn!(%error, path = %path.display(), "an old search index stays");
            }
        }
    }

    /// Lets go of an index that failed, so that it is made anew.
    fn distrust(&self, failed: &Arc<Generation>, error: Failure) -> Failure {
        let mut held = self.write();
        if held.serving.as_ref().is_some_and(|serving| Arc::ptr_eq(serving, failed)) {
            tracing::error!(%error, "the search index failed and is made anew");
            held.serving = None;
        }
        error
    }
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure(error.to_string())
}

impl Finder for Index {
    fn parts(&self, words: &str) -> Vec<String> {
        read(words).into_iter().map(|part| part.text).collect()
    }

    fn is_called(&self, part: &str, name: &str) -> bool {
        let long_enough = part.chars().nth(1).is_some();
        long_enough && (folded(name).contains(part) || is_sound(part) && sounds(name).contains(part))
    }

    fn find(&self, question: &Question) -> Result<Found, Failure> {
        let Some((searched, complete)) = self.searched() else { return Ok(Found::default()) };
        let found = find::find(&searched, question).map_err(|error| self.distrust(&searched, error))?;
        Ok(Found { complete, ..found })
    }

    fn count(&self, question: &Question, bound: usize) -> Result<usize, Failure> {
        let Some((searched, _)) = self.searched() else { return Ok(0) };
        find::count(&searched, question, bound).map_err(|error| self.distrust(&searched, error))
    }

    fn fragment(&self, words: &str, text: &str) -> Option<Fragment> {
        fragment::fragment(&read(words), text)
    }

    fn mark(&self) -> Option<Mark> {
        self.read().serving.as_ref().and_then(|serving| serving.mark())
    }

    fn apply(&self, changes: Changes, mark: &Mark) -> Result<(), Failure> {
        let serving = self.read().serving.clone();
        let serving = serving.ok_or_else(|| Failure("no index serves".to_owned()))?;
        serving.apply(&changes, mark).map_err(|error| self.distrust(&serving, error))
    }

    fn begin(&self) -> Result<(), Failure> {
        let number = {
            let mut held = self.write();
            held.making = None;
            held.number += 1;
            held.number
        };
        self.sweep();
        let making = Generation::make(&self.folder.join(format!("{PREFIX}{number}")))?;
        self.write().making = Some(Arc::new(making));
        Ok(())
    }

    fn lay(&self, documents: Vec<Document>) -> Result<(), Failure> {
        let making = self.read().making.clone();
        making.ok_or_else(|| Failure("no index is being made".to_owned()))?.lay(&documents)
    }

    fn finish(&self, mark: &Mark) -> Result<(), Failure> {
        let making = self.read().making.clone();
        let making = making.ok_or_else(|| Failure("no index is being made".to_owned()))?;
        making.commit(mark)?;
        making.settle()?;
        let name = making.folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let aside = self.folder.join(format!("{CURRENT}.new"));
        fs::write(&aside, name.unwrap_or_default()).map_err(broken)?;
        fs::rename(&aside, self.folder.join(CURRENT)).map_err(broken)?;
        let mut held = self.write();
        held.serving = Some(making);
        held.making = None;
        drop(held);
        self.sweep();
        Ok(())
    }

    fn standing(&self) -> Standing {
        let held = self.read();
        let seen = held.serving.as_ref().map(|serving| serving.seen());
        Standing {
            mark: held.serving.as_ref().and_then(|serving| serving.mark()),
            documents: seen.as_ref().map_or(0, |seen| seen.searcher.num_docs()),
            segments: seen.as_ref().map_or(0, |seen| seen.segments.len()),
            bytes: held.serving.as_ref().map_or(0, |serving| size(&serving.folder)),
            building: held.making.as_ref().map(|making| making.laid()),
        }
    }
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum()
}
