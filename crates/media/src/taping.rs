//! Recording along the clock: customer left, what the customer hears right.

use crate::law::Law;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// Bytes of one stereo frame: one sample of each side by the A-law.
pub const STEREO: usize = 2;

/// Stereo frames of a second.
pub const SECOND: usize = 8_000;

/// Pieces that may wait for the disk: some seconds of a thousand calls.
const JOBS: usize = 16_384;

/// Where recorded sound goes: a file, sealed.
pub trait Tape: Send {
    /// Appends stereo frames by the A-law, customer first; about one second at a time.
    ///
    /// # Errors
    /// When they cannot be kept; the recording ends there.
    fn append(&mut self, frames: &[u8]) -> io::Result<()>;

    /// Closes what was appended.
    ///
    /// # Errors
    /// When it cannot be closed; what was appended stays.
    fn end(self: Box<Self>) -> io::Result<()>;
}

/// The recording of one room.
pub(crate) struct Taping {
    number: u64,
    writer: SyncSender<Job>,
    frames: Vec<u8>,
    /// Recorded up to this place of the clock.
    pub(crate) at: u64,
    /// Silence is written instead: a card number is said.
    pub(crate) paused: bool,
    seconds: u64,
}

impl Taping {
    /// Begins at a place of the clock.
    pub(crate) fn new(number: u64, tape: Box<dyn Tape>, writer: SyncSender<Job>, at: u64) -> Self {
        let _ = writer.try_send(Job::Begin(number, tape));
        Self { number, writer, frames: Vec::with_capacity(SECOND * STEREO), at, paused: false, seconds: 0 }
    }

    /// Records up to a place of the clock.
    pub(crate) fn record(&mut self, until: u64, sample: impl Fn(u64) -> (i16, i16)) {
        for place in self.at..until {
            let (left, right) = if self.paused { (0, 0) } else { sample(place) };
            self.frames.push(Law::Pcma.byte(left));
            self.frames.push(Law::Pcma.byte(right));
        }
        self.at = self.at.max(until);
        if self.frames.len() >= SECOND * STEREO {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        let frames = std::mem::replace(&mut self.frames, Vec::with_capacity(SECOND * STEREO));
        self.seconds += 1;
        if self.writer.try_send(Job::Append(self.number, frames)).is_err() {
            tracing::error!(room = self.number, "a second of a recording is lost: the disk is too slow");
        }
    }
}

impl Drop for Taping {
    fn drop(&mut self) {
        if !self.frames.is_empty() {
            self.hand_over();
        }
        let _ = self.writer.try_send(Job::End(self.number));
    }
}

/// What the writer thread is told.
pub(crate) enum Job {
    Begin(u64, Box<dyn Tape>),
    Append(u64, Vec<u8>),
    End(u64),
}

/// What became of a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taped {
    /// The room.
    pub room: u64,
    /// Length in milliseconds.
    pub millis: u64,
    /// False when it could not be kept to its end.
    pub whole: bool,
}

/// Starts the thread that writes tapes.
///
/// # Errors
/// When the machine gives no thread.
pub(crate) fn writer(told: mpsc::Sender<crate::Notice>) -> io::Result<(SyncSender<Job>, JoinHandle<()>)> {
    let (sender, jobs) = sync_channel(JOBS);
    let thread = std::thread::Builder::new().name("tapes".into()).spawn(move || write(&jobs, &told))?;
    Ok((sender, thread))
}

fn write(jobs: &Receiver<Job>, told: &mpsc::Sender<crate::Notice>) {
    let mut open = std::collections::HashMap::<u64, (Box<dyn Tape>, u64, bool)>::new();
    for job in jobs {
        match job {
            Job::Begin(room, tape) => {
                open.insert(room, (tape, 0, true));
            }
            Job::Append(room, frames) => {
                let Some((tape, written, whole)) = open.get_mut(&room).filter(|(_, _, whole)| *whole) else {
                    continue;
                };
                match tape.append(&frames) {
                    Ok(()) => *written += (frames.len() / STEREO) as u64,
                    Err(error) => {
                        tracing::error!(room, %error, "recording cannot be written");
                        *whole = false;
                    }
                }
            }
            Job::End(room) => {
                let Some((tape, written, whole)) = open.remove(&room) else { continue };
                let ended = tape
                    .end()
                    .inspect_err(|error| tracing::error!(room, %error, "recording cannot be closed"));
                let millis = written * 1000 / SECOND as u64;
                let taped = Taped { room, millis, whole: whole && ended.is_ok() };
                let _ = told.try_send(crate::Notice::Taped(taped));
            }
        }
    }
}
