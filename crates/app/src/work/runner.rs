//! Takes what is due and gives each its turn, for as long as the server runs.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use huiyin_domain::time::Timestamp;
use huiyin_store::jobs::{self, BATCH, Claimed};
use huiyin_store::sql::Tx;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::handler::Handler;
use super::idle::drop_idle;
use super::turn::Turn;
use crate::App;
use crate::error::Error;

/// How long a taken job is ours, in microseconds; longer than any call lasts.
const LEASE: i64 = 300 * 1_000_000;

/// Jobs under way at once.
const SLOTS: usize = 64;

/// Longest rest: another process may have queued something.
const REST: Duration = Duration::from_secs(1);

/// How long what was just queued waits for more of its kind.
const GATHER: Duration = Duration::from_millis(10);

/// Something that comes due without a row in the queue, such as clocks.
pub trait Tick: Send + Sync {
    /// Names it in the log.
    fn name(&self) -> &'static str;

    /// Does what is due at an instant; gives how much that was.
    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>>;

    /// Gives when something is due next.
    ///
    /// # Errors
    /// What the store gives.
    fn next(&self, tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error>;
}

/// Does machine work; several may run on one PostgreSQL.
#[derive(Clone)]
pub struct Runner {
    app: App,
    name: Arc<str>,
    handlers: Arc<BTreeMap<&'static str, Handler>>,
    ticks: Arc<Vec<Arc<dyn Tick>>>,
}

/// A running [`Runner`]; it ends when this is dropped.
pub struct RunnerHandle {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Runner {
    /// Makes a runner with a name that no other process has.
    #[must_use]
    pub fn new(app: App, handlers: Vec<Handler>, ticks: Vec<Arc<dyn Tick>>) -> Self {
        let name = app.ids.uuid(app.clock.now()).to_string();
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        Self { app, name: name.into(), handlers: Arc::new(handlers), ticks: Arc::new(ticks) }
    }

    /// Does everything that is due at an instant, one after the other, and
    /// what follows from it; gives how much that was.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn run_due(&self, now: Timestamp) -> Result<usize, Error> {
        let mut count = 0;
        loop {
            let ticked = self.tick(now).await?;
            let looked = drop_idle(&self.app, &self.handlers, now).await?;
            let claimed = if looked.due { self.claim(now, BATCH).await? } else { Vec::new() };
            if ticked + looked.dropped == 0 && claimed.is_empty() {
                return Ok(count);
            }
            count += ticked + looked.dropped + claimed.len();
            for job in claimed {
                self.turn(now).take(self.handlers.get(job.kind.as_str()), job).await?;
            }
        }
    }

    /// Starts to work in the background.
    #[must_use]
    pub fn start(self) -> RunnerHandle {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(self.supervise(stopped));
        RunnerHandle { tasks, stop }
    }

    /// Keeps the loop alive until it is told to stop.
    async fn supervise(self, stopped: watch::Receiver<bool>) {
        loop {
            let mut inner = JoinSet::new();
            inner.spawn(self.clone().work(stopped.clone()));
            match inner.join_next().await {
                Some(Err(error)) => tracing::error!(%error, "the runner failed and starts again"),
                _ => return,
            }
            tokio::time::sleep(REST).await;
        }
    }

    async fn work(self, mut stopped: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        while !*stopped.borrow() {
            let begun = self.round(&mut running).await.unwrap_or_else(|error| {
                tracing::error!(%error, source = ?std::error::Error::source(&error), "machine work stands still");
                false
            });
            if begun {
                continue;
            }
            let rest = self.rest().await;
            tokio::select! {
                // what many requests queue at once is done at once
                () = self.app.wake.wait() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(rest) => {}
                _ = stopped.changed() => {}
                Some(_) = running.join_next() => {}
            }
        }
        // what is under way comes to its end, so that no lease is left behind
        while running.join_next().await.is_some() {}
    }

    /// Begins what is due; gives whether there was anything.
    async fn round(&self, running: &mut JoinSet<()>) -> Result<bool, Error> {
        while running.try_join_next().is_some() {}
        let now = self.app.clock.now();
        let ticked = self.tick(now).await?;
        let looked = drop_idle(&self.app, &self.handlers, now).await?;
        let done = ticked + looked.dropped > 0;
        let room = u32::try_from(SLOTS.saturating_sub(running.len())).unwrap_or(0);
        if room == 0 || !looked.due {
            return Ok(done);
        }
        let claimed = self.claim(now, room.min(BATCH)).await?;
        let begun = !claimed.is_empty();
        for job in claimed {
            let (turn, handler) = (self.turn(now), self.handlers.get(job.kind.as_str()).cloned());
            running.spawn(async move {
                let id = job.id;
                if let Err(error) = turn.take(handler.as_ref(), job).await {
                    tracing::error!(job = %id, %error, "a job's end could not be noted; it is taken again");
                }
            });
        }
        Ok(begun || done)
    }

    async fn tick(&self, now: Timestamp) -> Result<usize, Error> {
        let mut count = 0;
        for tick in self.ticks.iter() {
            count += tick.tick(&self.app, now).await?;
        }
        Ok(count)
    }

    async fn claim(&self, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, Error> {
        let name = Arc::clone(&self.name);
        let until = Timestamp::from_micros(now.micros().saturating_add(LEASE));
        Ok(self.app.store.write(move |tx| jobs::claim(tx, &name, now, until, limit)).await?)
    }

    fn turn(&self, now: Timestamp) -> Turn {
        Turn { app: self.app.clone(), runner: Arc::clone(&self.name), now }
    }

    /// Gives how long nothing is due here, at most [`REST`].
    async fn rest(&self) -> Duration {
        let ticks = Arc::clone(&self.ticks);
        let next = self.app.store.read(move |tx| {
            let mut next = jobs::next_due(tx)?;
            for tick in ticks.iter() {
                next = [next, tick.next(tx)?].into_iter().flatten().min();
            }
            Ok::<_, Error>(next)
        });
        let now = self.app.clock.now();
        match next.await {
            Ok(Some(at)) if at > now => {
                let micros = at.micros().saturating_sub(now.micros()).unsigned_abs();
                Duration::from_micros(micros).min(REST)
            }
            _ => REST,
        }
    }
}

impl RunnerHandle {
    /// Stops taking work and waits for what is under way.
    pub async fn stop(mut self) {
        // nobody listening means that it has ended already
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}
