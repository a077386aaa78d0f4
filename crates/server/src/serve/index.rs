//! The search index of this process: where it lies, and the thread that follows.

use crate::place::Settled;
use anyhow::{Context as _, bail};
use huiyin_app::App;
use huiyin_app::search::Follower;
use huiyin_domain::search::{Finder as _, Standing};
use huiyin_search::Index;
use huiyin_store::search::documents;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Folder of the indexes beside the data.
pub const FOLDER: &str = "index";

/// Held by the process whose index it is.
const LOCK: &str = "lock";

/// Asks the process to make its index anew; holds the name of the request.
const REQUEST: &str = "rebuild";

/// Says where the index stands.
const STATUS: &str = "status.json";

/// Processes on one folder at most.
const SEATS: u32 = 64;

/// From one look at what changed to the next: what is written is found well
/// within a second.
const EVERY: Duration = Duration::from_millis(250);

/// After a failure, so that the log does not fill.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// From one word on where it stands to the next.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// Where an index stands, as it is written beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The index.
    #[serde(flatten)]
    pub standing: Standing,
    /// Things that a new one will hold, about, while one is made.
    pub of: Option<u64>,
    /// The process.
    pub process: u32,
}

/// The index folder of one process.
#[derive(Debug)]
pub struct Seat {
    /// The folder.
    pub folder: PathBuf,
    _lock: File,
}

impl Seat {
    /// Takes the first folder that no other process has.
    ///
    /// # Errors
    /// When none can be had.
    pub fn take(settled: &Settled) -> anyhow::Result<Self> {
        let home = home(settled);
        for number in 0..SEATS {
            let folder = home.join(number.to_string());
            crate::vault::files::private_folder(&folder)?;
            let path = folder.join(LOCK);
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true);
            let lock = options.open(&path).with_context(|| format!("cannot open {}", path.display()))?;
            match lock.try_lock() {
                Ok(()) => return Ok(Self { folder, _lock: lock }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("cannot lock {}", path.display()));
                }
            }
        }
        bail!("{} holds the indexes of {SEATS} processes already", home.display())
    }
}

/// Gives the folder of the indexes.
#[must_use]
pub fn home(settled: &Settled) -> PathBuf {
    settled.folder.as_deref().unwrap_or(&settled.files).join(FOLDER)
}

/// Lists the indexes there are, and whether a process has each.
///
/// # Errors
/// When the folder cannot be read.
pub fn seats(settled: &Settled) -> anyhow::Result<Vec<(PathBuf, bool)>> {
    let home = home(settled);
    let mut found = Vec::new();
    for number in 0..SEATS {
        let folder = home.join(number.to_string());
        if folder.is_dir() {
            let held = is_held(&folder)?;
            found.push((folder, held));
        }
    }
    Ok(found)
}

/// Says whether a process has an index.
///
/// # Errors
/// When the lock cannot be looked at.
pub fn is_held(folder: &Path) -> anyhow::Result<bool> {
    let Ok(lock) = File::open(folder.join(LOCK)) else { return Ok(false) };
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error).context("cannot look at the lock"),
        Ok(()) => Ok(false),
    }
}

/// Reads where an index stands; nothing before anybody said.
#[must_use]
pub fn status(folder: &Path) -> Option<Status> {
    serde_json::from_str(&fs::read_to_string(folder.join(STATUS)).ok()?).ok()
}

/// Writes where an index stands.
///
/// # Errors
/// When the folder cannot be written.
pub fn tell(folder: &Path, status: &Status) -> anyhow::Result<()> {
    let aside = folder.join(format!("{STATUS}.new"));
    fs::write(&aside, serde_json::to_vec(status)?)?;
    fs::rename(&aside, folder.join(STATUS)).context("cannot say where the index stands")
}

/// Asks the process that has an index to make it anew.
///
/// # Errors
/// When the folder cannot be written.
pub fn request(folder: &Path) -> anyhow::Result<()> {
    fs::write(folder.join(REQUEST), b"").context("cannot ask for a new index")
}

/// Says whether a request is still waiting.
#[must_use]
pub fn is_requested(folder: &Path) -> bool {
    folder.join(REQUEST).exists()
}

/// Forgets a request.
///
/// # Errors
/// When the folder cannot be written.
pub fn answered(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_file(folder.join(REQUEST)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("cannot forget the request")
        }
        _ => Ok(()),
    }
}

/// The thread that keeps the index at the state of the database.
#[derive(Debug)]
pub struct Indexing {
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Indexing {
    /// Starts to follow; opening the index does not hold up the start.
    ///
    /// # Errors
    /// When the application has no index, or the machine gives no thread.
    pub fn start(app: &App, index: Arc<Index>, seat: Seat) -> anyhow::Result<Self> {
        let (stop, stopped) = sync_channel::<()>(1);
        let follower = Follower::new(app)?;
        let app = app.clone();
        let body = move || Work { app, index, follower, seat, stopped, told: None, of: None }.run();
        let thread = std::thread::Builder::new().name("search-index".into()).spawn(body)?;
        Ok(Self { stop, thread })
    }

    /// Lets it end; what it has not taken up yet it takes up at the next start.
    pub fn end(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the search index ended in a panic");
        }
    }
}

struct Work {
    app: App,
    index: Arc<Index>,
    follower: Follower,
    seat: Seat,
    stopped: Receiver<()>,
    told: Option<Instant>,
    of: Option<u64>,
}

impl Work {
    fn run(mut self) {
        self.index.open();
        loop {
            let wait = match self.round() {
                Ok(()) => EVERY,
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "the search index does not follow");
                    AFTER_FAILURE
                }
            };
            if !matches!(self.stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout)) {
                return;
            }
        }
    }

    fn round(&mut self) -> anyhow::Result<()> {
        let asked = is_requested(&self.seat.folder);
        let anew = asked || self.index.mark().is_none();
        self.of = if anew { Some(self.app.store.read_blocking(documents::total)?) } else { None };
        let (index, folder, of) = (Arc::clone(&self.index), self.seat.folder.clone(), self.of);
        let (stopped, mut told) = (&self.stopped, self.told);
        let mut progress = |_: u64| {
            said(&index, &folder, of, &mut told);
            matches!(stopped.try_recv(), Err(TryRecvError::Empty))
        };
        if asked {
            self.follower.rebuild(&mut progress)?;
            if self.index.standing().building.is_none() {
                answered(&folder)?;
            }
        } else {
            self.follower.round(&mut progress)?;
        }
        self.of = None;
        said(&self.index, &folder, None, &mut told);
        self.told = told;
        Ok(())
    }
}

/// Says where it stands, now and then.
fn said(index: &Index, folder: &Path, of: Option<u64>, told: &mut Option<Instant>) {
    if told.is_some_and(|told| told.elapsed() < TOLD_EVERY) {
        return;
    }
    *told = Some(Instant::now());
    let standing = index.standing();
    #[expect(clippy::cast_precision_loss, reason = "a figure for a chart")]
    metrics::gauge!("huiyin_search_documents").set(standing.documents as f64);
    let status = Status { standing, of, process: std::process::id() };
    if let Err(error) = tell(folder, &status) {
        tracing::warn!(error = format!("{error:#}"), "cannot say where the search index stands");
    }
}
