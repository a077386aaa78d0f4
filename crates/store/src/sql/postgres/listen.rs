//! Hearing what other processes on the same database tell.

use super::super::{PostgresConfig, StoreError};
use super::connect::Connector;
use super::session::Session;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::thread::JoinHandle;
use std::time::Duration;

/// First pause after a lost connection; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long one look for something new may wait; bounds how long an end takes.
const LOOK: Duration = Duration::from_millis(500);
/// Looks without news after which it is asked whether the server is there.
const QUIET: u32 = 30;
/// How long the server may take to answer that.
const ANSWER: Duration = Duration::from_secs(5);

/// The channel of this schema: schemas of one database do not hear each other.
const LISTEN: &str = "DO $$ BEGIN EXECUTE format('LISTEN %I', 'huiyin_' || md5(current_schema())); END $$";

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It listens from now on; what was told before is lost.
    Begun,
    /// Somebody told this in a transaction that is committed.
    Told(String),
}

/// A listener at work; it ends when this is dropped.
#[derive(Debug)]
pub struct Listening {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        drop(self.stop.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the listener ended in a panic");
        }
    }
}

/// Starts to listen on a thread and a connection of its own.
pub(crate) fn start(
    config: &PostgresConfig,
    mut hear: impl FnMut(Heard) + Send + 'static,
) -> Result<Listening, StoreError> {
    let connector = Connector::new(&config.url)?;
    let (stop, stopped) = bounded(0);
    let body = move || run(&connector, &stopped, &mut hear);
    let thread = std::thread::Builder::new().name("store-listen".into()).spawn(body);
    let thread = thread.map_err(|error| StoreError::other(format!("cannot start a thread: {error}")))?;
    Ok(Listening { stop: Some(stop), thread: Some(thread) })
}

fn run(connector: &Connector, stopped: &Receiver<()>, hear: &mut dyn FnMut(Heard)) {
    let mut pause = FIRST_PAUSE;
    loop {
        let began = connector.connect().and_then(|mut session| session.batch(LISTEN).map(|()| session));
        match began {
            Ok(mut session) => {
                pause = FIRST_PAUSE;
                hear(Heard::Begun);
                if listen(&mut session, stopped, hear) {
                    return;
                }
                tracing::warn!("the connection for hints is lost, connecting again");
            }
            Err(error) => tracing::warn!(%error, "cannot listen for hints of other processes"),
        }
        match stopped.recv_timeout(pause) {
            Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(LONGEST_PAUSE),
            _ => return,
        }
    }
}

/// Listens until told to stop (true) or until the connection is lost (false).
fn listen(session: &mut Session, stopped: &Receiver<()>, hear: &mut dyn FnMut(Heard)) -> bool {
    let mut quiet = 0;
    loop {
        match stopped.try_recv() {
            Err(crossbeam_channel::TryRecvError::Empty) => {}
            _ => return true,
        }
        match session.heard(LOOK) {
            Ok(Some(told)) => {
                quiet = 0;
                hear(Heard::Told(told));
            }
            Ok(None) if quiet < QUIET => quiet += 1,
            Ok(None) if session.answers(ANSWER) => quiet = 0,
            Ok(None) | Err(_) => return false,
        }
    }
}
