//! The adapter as the call centre sees it, and the loop behind it.

use crate::core::{Core, News, Step};
use crate::settings::{Kind, PbxSettings, SettingsFault};
use crate::{ari, esl};
use huiyin_telephony::{CallControl, Command, Signal, Standing, Unavailable};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;

/// Commands that may wait.
const QUEUE: usize = 10_000;

/// Steps that may wait; beyond that the connection is made anew.
pub(crate) const STEPS: usize = 10_000;

/// Pauses between attempts to connect.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(200);

/// An existing PBX, steered by the call centre.
#[derive(Clone)]
pub struct Pbx {
    commands: mpsc::Sender<Command>,
    shared: Arc<Shared>,
}

impl fmt::Debug for Pbx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pbx").field("connected", &self.connected()).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Shared {
    connected: AtomicBool,
    standing: Mutex<Standing>,
}

/// A connection: steps go in, news come out until it is lost.
pub(crate) struct Link {
    pub(crate) steps: mpsc::Sender<Step>,
    pub(crate) news: mpsc::Receiver<News>,
}

/// Why no connection came to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoLink {
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    #[error("refuses the account: {0}")]
    Refused(String),
    #[error("says something unexpected: {0}")]
    Odd(String),
}

/// Runs a part of the adapter; the keeper lives as long as its handles, the
/// rest as long as one connection, which the keeper makes anew.
#[expect(clippy::disallowed_methods, reason = "the keeper is the supervisor of these tasks")]
pub(crate) fn beside(part: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(part);
}

enum Adapter {
    Asterisk(ari::Ari),
    Freeswitch(esl::Esl),
}

impl Pbx {
    /// Starts the adapter on the current runtime. It connects by itself, and
    /// again whenever the connection is lost; it ends when all its handles
    /// are dropped.
    ///
    /// # Errors
    /// The password cannot be read.
    pub fn start(settings: PbxSettings, signals: mpsc::Sender<Signal>) -> Result<Self, SettingsFault> {
        let secret = settings.secret()?;
        let adapter = match settings.kind {
            Kind::Asterisk => Adapter::Asterisk(ari::Ari::new(&settings, &secret)),
            Kind::Freeswitch => Adapter::Freeswitch(esl::Esl::new(&settings, &secret)),
        };
        let (commands, queue) = mpsc::channel(QUEUE);
        let shared = Arc::new(Shared::default());
        #[expect(clippy::disallowed_methods, reason = "names this run in the PBX; decides nothing")]
        let run = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let core = Core::new(settings, &format!("{run:x}"));
        let mut keeper = Keeper { core, adapter, queue, signals, shared: Arc::clone(&shared) };
        beside(async move { keeper.run().await });
        Ok(Self { commands, shared })
    }

    /// Whether the PBX is connected now.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.shared.connected.load(Ordering::Acquire)
    }
}

impl CallControl for Pbx {
    fn send(&self, command: Command) -> Result<(), Unavailable> {
        // who is to be hung up is remembered; everything else would come late
        if !self.connected() && !matches!(command, Command::Hangup { .. } | Command::Refuse { .. }) {
            return Err(Unavailable::Busy);
        }
        self.commands.try_send(command).map_err(|fault| match fault {
            mpsc::error::TrySendError::Full(_) => Unavailable::Busy,
            mpsc::error::TrySendError::Closed(_) => Unavailable::Stopped,
        })
    }

    fn standing(&self) -> Standing {
        self.shared.standing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How telling went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Heard,
    /// The PBX does not keep up.
    Behind,
    /// No call centre listens any more.
    Nobody,
}

struct Keeper {
    core: Core,
    adapter: Adapter,
    queue: mpsc::Receiver<Command>,
    signals: mpsc::Sender<Signal>,
    shared: Arc<Shared>,
}

impl Keeper {
    async fn run(&mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let connecting = async {
                match &self.adapter {
                    Adapter::Asterisk(ari) => ari.connect().await,
                    Adapter::Freeswitch(esl) => esl.connect().await,
                }
            };
            match connecting.await {
                Ok(mut link) => {
                    tracing::info!("connected to the PBX");
                    let since = Instant::now();
                    if !self.serve(&mut link).await {
                        return;
                    }
                    tracing::warn!("the connection to the PBX is lost");
                    if since.elapsed() > LONGEST_PAUSE {
                        pause = FIRST_PAUSE;
                    }
                }
                Err(error) => tracing::warn!(%error, "the PBX"),
            }
            self.shared.connected.store(false, Ordering::Release);
            self.core.lost(Instant::now());
            if !self.wait(pause).await {
                return;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Serves one connection; false when nobody holds the adapter any more.
    async fn serve(&mut self, link: &mut Link) -> bool {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                biased;
                news = link.news.recv() => match news {
                    None => return true,
                    Some(news) => {
                        let there = matches!(news, News::Resynced { .. });
                        self.core.news(news);
                        if there {
                            self.shared.connected.store(true, Ordering::Release);
                        }
                    }
                },
                command = self.queue.recv() => match command {
                    None => return false,
                    Some(command) => self.core.command(command, Instant::now()),
                },
                _ = tick.tick() => self.core.tick(Instant::now()),
            }
            match self.tell(Some(link)).await {
                Told::Heard => {}
                Told::Behind => {
                    tracing::error!("the PBX is too far behind");
                    return true;
                }
                Told::Nobody => return false,
            }
        }
    }

    /// Waits before the next attempt; commands are taken meanwhile.
    async fn wait(&mut self, pause: Duration) -> bool {
        let until = tokio::time::Instant::now() + pause;
        loop {
            if self.tell(None).await == Told::Nobody {
                return false;
            }
            tokio::select! {
                () = tokio::time::sleep_until(until) => {
                    self.core.tick(Instant::now());
                    return self.tell(None).await != Told::Nobody;
                }
                command = self.queue.recv() => match command {
                    None => return false,
                    Some(command) => self.core.command(command, Instant::now()),
                },
            }
        }
    }

    /// Hands on what the core wants.
    async fn tell(&mut self, link: Option<&Link>) -> Told {
        let (steps, signals) = self.core.take();
        let mut told = Told::Heard;
        for step in steps {
            if let Some(link) = link
                && let Err(mpsc::error::TrySendError::Full(_)) = link.steps.try_send(step)
            {
                told = Told::Behind;
            }
        }
        if !signals.is_empty() || link.is_none() {
            *self.shared.standing.lock().unwrap_or_else(PoisonError::into_inner) = self.core.standing();
        }
        for signal in signals {
            if self.signals.send(signal).await.is_err() {
                return Told::Nobody;
            }
        }
        told
    }
}
