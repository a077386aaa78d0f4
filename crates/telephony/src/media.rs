//! The voice as the endpoint needs it: a port, filled by the media engine.

use crate::{LegId, Monitoring, RoomId};
use async_trait::async_trait;
use std::fmt;
use std::sync::Arc;

/// What carries the voice. Every call is quick: it hands work to the media
/// thread; what needs its answer awaits it.
#[async_trait]
pub trait Media: Send + Sync {
    /// Opens a leg.
    ///
    /// # Errors
    /// No port is free.
    async fn open(&self, leg: LegId, kind: LegKind) -> Result<(), MediaFault>;
    /// The SDP with which we call somebody.
    ///
    /// # Errors
    /// The leg is not open.
    async fn offer(&self, leg: LegId) -> Result<String, MediaFault>;
    /// Takes the answer to our offer.
    ///
    /// # Errors
    /// It is not SDP, or shares nothing with us.
    async fn take_answer(&self, leg: LegId, sdp: &str) -> Result<Agreed, MediaFault>;
    /// Answers an offer, the first one or a later one.
    ///
    /// # Errors
    /// It is not SDP, or shares nothing with us.
    async fn answer(&self, leg: LegId, offer: &str) -> Result<(String, Agreed), MediaFault>;
    /// Plays to a leg.
    fn play(&self, leg: LegId, prompts: Vec<Prompt>, token: u64, repeat: bool);
    /// Stops playing.
    fn stop(&self, leg: LegId);
    /// Lets a leg talk in a room.
    fn join(&self, room: RoomId, leg: LegId, side: Side);
    /// Lets a supervisor into a room.
    fn monitor(&self, room: RoomId, leg: LegId, mode: Monitoring);
    /// Takes a leg out of a room.
    fn leave(&self, room: RoomId, leg: LegId);
    /// Silences a leg towards the others.
    fn mute(&self, leg: LegId, muted: bool);
    /// Holds a leg.
    fn hold(&self, leg: LegId, music: Vec<Prompt>);
    /// Ends the hold.
    fn unhold(&self, leg: LegId);
    /// Sends a key.
    fn send_digit(&self, leg: LegId, digit: char);
    /// Records a room.
    fn record(&self, room: RoomId, token: u64, tape: Tape);
    /// Writes silence, or the sound again.
    fn pause_recording(&self, room: RoomId, paused: bool);
    /// Ends the recording.
    fn end_recording(&self, room: RoomId);
    /// Closes a leg.
    fn close(&self, leg: LegId);
}

/// What kind of voice path a phone has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegKind {
    /// RTP, as trunks and desk phones speak it.
    Plain,
    /// ICE, DTLS and SRTP, as browsers speak it.
    Browser,
}

/// Left or right in the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left.
    Customer,
    /// Right.
    Agent,
}

/// What an offer and its answer agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The other side put us on hold.
    pub held: bool,
}

/// Why the voice could not be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaFault {
    /// No port is free, or the engine has stopped.
    #[error("no voice path is free")]
    Exhausted,
    /// The SDP cannot be used.
    #[error("the session description cannot be used: {0}")]
    Unusable(String),
}

/// Something that the media engine noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaNotice {
    /// A key was pressed.
    Digit(LegId, char),
    /// Playing ended: token, and whether to the end.
    Played(LegId, u64, bool),
    /// No packet for the time that the engine was told.
    Silent(LegId),
    /// The first packet.
    Heard(LegId),
    /// A recording ended.
    Taped {
        /// The room.
        room: RoomId,
        /// Of the command.
        token: u64,
        /// How long it is.
        millis: u64,
        /// False where the tape could not be written.
        whole: bool,
    },
}

/// Sound that can be played: 8 kHz, mono.
#[derive(Clone)]
pub struct Prompt {
    /// Its name, by which an existing PBX finds its own copy.
    pub name: Arc<str>,
    /// The sound.
    pub samples: Arc<[i16]>,
}

impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prompt({}, {} samples)", self.name, self.samples.len())
    }
}

impl PartialEq for Prompt {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Where recorded sound goes: stereo G.711 frames once a second.
pub struct Tape(pub Box<dyn TapeWriter>);

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tape(..)")
    }
}

/// Takes recorded sound on a writer thread.
pub trait TapeWriter: Send {
    /// Appends frames: one byte of the customer, one of the agent, and so on.
    ///
    /// # Errors
    /// The disk is full or gone; the recording ends there.
    fn append(&mut self, frames: &[u8]) -> std::io::Result<()>;

    /// Closes what was appended.
    ///
    /// # Errors
    /// It cannot be closed; what was appended stays.
    fn end(self: Box<Self>) -> std::io::Result<()> {
        Ok(())
    }
}
