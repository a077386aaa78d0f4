//! Following what happens: the feed is taken up, and an index that cannot be
//! trusted is made anew beside the one that serves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use huiyin_domain::ids::OrgId;
use huiyin_domain::search::{Changes, Finder, Key, Mark, Subject};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::organisation;
use huiyin_store::search::feed::{self, FeedPlace, FeedRow, FeedState};
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::source::Source;
use crate::App;
use crate::error::Error;

/// Changes taken up in one transaction.
const TAKEN: u32 = 2_000;

/// Things read in one transaction when the index is made anew.
const LAID: u32 = 500;

/// Rows of the feed forgotten in one transaction.
const FORGOTTEN: u32 = 5_000;

/// Rounds between two looks whether the feed holds more than it keeps.
const LOOK: u32 = 256;

/// How far the making of a new index is.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> bool;

/// Keeps the index of this process at the state of the database.
pub struct Follower {
    app: App,
    finder: Arc<dyn Finder>,
    /// Changes from the horizon on that were taken up already.
    seen: BTreeSet<i64>,
    rounds: u32,
}

impl Follower {
    /// Begins to follow.
    ///
    /// # Errors
    /// `search_unavailable` where this process has no index.
    pub fn new(app: &App) -> Result<Self, Error> {
        let finder = app.search.finder()?.clone();
        Ok(Self { app: app.clone(), finder, seen: BTreeSet::new(), rounds: 0 })
    }

    /// Does one round: takes up what changed, or makes the index anew where it is
    /// missing, of another database, or too far behind.
    ///
    /// `progress` is told how many things are in a new index, and says whether to
    /// go on with it.
    ///
    /// # Errors
    /// What store and index give; the next round tries again.
    pub fn round(&mut self, progress: Progress<'_>) -> Result<(), Error> {
        let state = self.state()?;
        match self.finder.mark() {
            Some(mark) if self.fits(&mark, &state)? => self.follow(&mark)?,
            _ => return self.rebuild(progress),
        }
        self.rounds = self.rounds.wrapping_add(1);
        if self.rounds.is_multiple_of(LOOK) {
            self.app.store.write_blocking(|tx| feed::prune(tx, feed::KEPT, FORGOTTEN))?;
        }
        Ok(())
    }

    fn state(&self) -> Result<FeedState, Error> {
        if let Some(state) = self.app.store.read_blocking(feed::state)? {
            return Ok(state);
        }
        let epoch = self.app.ids.uuid(self.app.clock.now()).to_string();
        let named = self.app.store.write_blocking(move |tx| {
            feed::name(tx, &epoch)?;
            feed::state(tx)
        });
        named?.ok_or_else(|| Error::internal("the search feed has no name"))
    }

    fn fits(&self, mark: &Mark, state: &FeedState) -> Result<bool, Error> {
        let horizon = self.app.store.read_blocking(feed::horizon)?;
        Ok(mark.epoch == state.epoch && mark.horizon > state.pruned && mark.horizon <= horizon)
    }

    /// Takes up everything from the mark on.
    fn follow(&mut self, mark: &Mark) -> Result<(), Error> {
        let mut place = FeedPlace::before(mark.horizon);
        let mut next = None;
        loop {
            let sources: Vec<_> = self.app.search.sources().to_vec();
            let seen = self.seen.clone();
            let taken = self.app.store.read_blocking(move |tx| {
                // before the rows: what is not visible yet has a later horizon
                let horizon = feed::horizon(tx)?;
                let rows = feed::after(tx, place, TAKEN)?;
                let fresh: Vec<&FeedRow> = rows.iter().filter(|row| !seen.contains(&row.place.seq)).collect();
                let changes = changes(tx, &sources, &fresh)?;
                Ok::<_, Error>((horizon, rows, changes))
            });
            let (horizon, rows, changes) = taken?;
            let next = *next.get_or_insert(horizon);
            let end = rows.len() < TAKEN as usize;
            let reached = if end { next } else { mark.horizon };
            let something = !changes.put.is_empty() || !changes.gone.is_empty();
            if something || reached != mark.horizon {
                self.finder
                    .apply(changes, &Mark { epoch: mark.epoch.clone(), horizon: reached })
                    .map_err(Error::internal)?;
            }
            self.seen.extend(rows.iter().map(|row| row.place.seq));
            let Some(last) = rows.last().filter(|_| !end) else {
                self.forget_seen(&rows, next);
                return Ok(());
            };
            place = last.place;
        }
    }

    /// Numbers of what lies before the horizon are never met again.
    fn forget_seen(&mut self, rows: &[FeedRow], horizon: i64) {
        let ahead: BTreeSet<i64> =
            rows.iter().filter(|row| row.place.stamp >= horizon).map(|row| row.place.seq).collect();
        self.seen.retain(|seq| ahead.contains(seq));
    }

    /// Makes the index anew beside the one that serves, then lets it serve.
    ///
    /// # Errors
    /// What store and index give; the old one serves on.
    pub fn rebuild(&mut self, progress: Progress<'_>) -> Result<(), Error> {
        let epoch = self.state()?.epoch;
        let horizon = self.app.store.read_blocking(feed::horizon)?;
        self.finder.begin().map_err(Error::internal)?;
        let (mut laid, mut serving) = (0_u64, self.finder.mark().filter(|mark| mark.epoch == epoch));
        let organisations = self.app.store.read_blocking(organisation::all)?;
        for org in organisations.into_iter().map(|organisation| organisation.org) {
            for source in self.app.search.sources().to_vec() {
                let mut after = None;
                loop {
                    let (source, from) = (Arc::clone(&source), after);
                    let page = self.app.store.read_blocking(move |tx| read(tx, &source, org, from))?;
                    let (ids, documents) = page;
                    let Some(last) = ids.last() else { break };
                    after = Some(*last);
                    laid += documents.len() as u64;
                    self.finder.lay(documents).map_err(Error::internal)?;
                    if !progress(laid) {
                        return Ok(());
                    }
                    // whoever searches meanwhile sees what is new all the same
                    if let Some(mark) = serving.take() {
                        self.follow(&mark)?;
                        serving = self.finder.mark();
                    }
                }
            }
        }
        let mark = Mark { epoch, horizon };
        self.finder.finish(&mark).map_err(Error::internal)?;
        self.seen.clear();
        self.follow(&mark)
    }
}

type Page = (Vec<(Timestamp, Uuid)>, Vec<huiyin_domain::search::Document>);

fn read(
    tx: &mut Tx<'_>,
    source: &Arc<dyn Source>,
    org: OrgId,
    after: Option<(Timestamp, Uuid)>,
) -> Result<Page, Error> {
    let ids = source.page(tx, org, after, LAID)?;
    let bare: Vec<Uuid> = ids.iter().map(|(_, id)| *id).collect();
    let documents = source.documents(tx, org, &bare)?;
    Ok((ids, documents))
}

/// Reads what changed as it is now, with whatever holds its words.
fn changes(tx: &mut Tx<'_>, sources: &[Arc<dyn Source>], rows: &[&FeedRow]) -> Result<Changes, Error> {
    let mut touched: BTreeMap<(Subject, OrgId), BTreeSet<Uuid>> = BTreeMap::new();
    let mut changes = Changes::default();
    for row in rows {
        changes.erased |= row.erased;
        let Key { org, subject, id } = row.key;
        if !touched.entry((subject, org)).or_default().insert(id) {
            continue;
        }
        let Some(source) = sources.iter().find(|source| source.subject() == subject) else { continue };
        let mut after = None;
        while let Some((other, ids)) = source.holding(tx, org, id, (after, LAID))? {
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            touched.entry((other, org)).or_default().extend(ids);
        }
    }
    for ((subject, org), ids) in touched {
        let Some(source) = sources.iter().find(|source| source.subject() == subject) else { continue };
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let documents = source.documents(tx, org, &ids)?;
        let there: BTreeSet<Uuid> = documents.iter().map(|document| document.key.id).collect();
        let gone = ids.into_iter().filter(|id| !there.contains(id));
        changes.gone.extend(gone.map(|id| Key { org, subject, id }));
        changes.put.extend(documents);
    }
    Ok(changes)
}
