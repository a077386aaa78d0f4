//! Search: over everything that was written, within what the asker may see.
//!
//! The index belongs to the process and is derived. Whoever writes something that
//! can be found notes it in the feed, in the same transaction; the [`Follower`]
//! takes the feed up. A search asks the database what the person may see, then the
//! index, then loads what was found as that person: what is stale or forbidden
//! never shows, and what may not be seen is not even counted.
//!
//! *Invariants*: no file is read inside a transaction; the reach of the asker is
//! part of the question; telephone numbers are not in the index.
//!
//! *Where to start*: [`search`] for everything at once, [`page`] for the list of
//! cases; a new kind of thing is a [`Source`], see `docs/how-to/make-it-found.md`.

mod article;
mod case;
mod customer;
mod fact;
mod find;
mod follow;
mod list;
mod reach;
mod source;

use std::sync::Arc;

use huiyin_domain::search::{Failure, Finder, Found, Question};
use tokio::sync::Semaphore;

pub use article::Articles;
pub use case::Cases;
pub use customer::Customers;
pub use fact::Facts;
pub use find::{Count, Group, Hit, Piece, Wanted, search};
pub use follow::Follower;
pub use list::{Narrowed, all, count, page};
pub use reach::{clear, reach_of};
pub use source::{Answer, Line, Shown, Source};

use crate::error::{Class, Error};

/// Counted exactly up to here (contracts §2).
pub const BOUND: usize = 10_000;

/// Searches that one process does at a time; others wait for their turn.
///
/// One a processor: with more of them, each would be put aside in its middle for others,
/// and a short one would take as long as the turns of all.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// What can be found, and the index where this process has one.
#[derive(Clone)]
pub struct Search {
    finder: Option<Arc<dyn Finder>>,
    sources: Vec<Arc<dyn Source>>,
    turns: Arc<Semaphore>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            finder: None,
            sources: vec![Arc::new(Cases), Arc::new(Customers), Arc::new(Articles), Arc::new(Facts)],
            turns: Arc::new(Semaphore::new(at_once())),
        }
    }
}

impl Search {
    /// Takes the index of this process.
    #[must_use]
    pub fn with(mut self, finder: Arc<dyn Finder>) -> Self {
        self.finder = Some(finder);
        self
    }

    /// Registers a kind of thing that can be found.
    #[must_use]
    pub fn with_source(mut self, source: Arc<dyn Source>) -> Self {
        self.sources.push(source);
        self
    }

    /// Gives the index.
    ///
    /// # Errors
    /// `search_unavailable` where this process has none.
    pub fn finder(&self) -> Result<&Arc<dyn Finder>, Error> {
        self.finder.as_ref().ok_or_else(|| Error::new(Class::Unavailable, "search_unavailable"))
    }

    /// Gives everything that can be found.
    #[must_use]
    pub fn sources(&self) -> &[Arc<dyn Source>] {
        &self.sources
    }

    /// Asks the index beside everything else, a few at a time.
    async fn ask<T: Send + 'static>(
        &self,
        asked: impl FnOnce(&dyn Finder) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Error> {
        let finder = Arc::clone(self.finder()?);
        let turn = self.turns.clone().acquire_owned().await.map_err(Error::internal)?;
        let answer = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            asked(finder.as_ref())
        });
        answer.await.map_err(Error::internal)?.map_err(Error::internal)
    }

    /// Finds what a question asks, within its reach, when its turn comes.
    ///
    /// # Errors
    /// `search_unavailable` where this process has no index; internal when it fails.
    pub async fn find(&self, question: Question) -> Result<Found, Error> {
        self.ask(move |finder| finder.find(&question)).await
    }
}

/// Says that the query holds nothing that can be found.
fn nothing_asked() -> Error {
    Error::invalid("invalid_query").with_field("q", "required")
}
