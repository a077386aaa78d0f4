//! What the call centre asks of a telephone.

use crate::{Cause, LegId, Prompt, RoomId, Side, Standing, Tape, Trunk};
use std::fmt;
use std::time::Duration;

/// A telephone that the call centre steers: ours, or an existing PBX.
pub trait CallControl: Send + Sync {
    /// Hands over one command; what comes of it is told by signals. A command
    /// for a leg that is gone does nothing.
    ///
    /// # Errors
    /// The telephone has stopped, or is too far behind to take more.
    fn send(&self, command: Command) -> Result<(), Unavailable>;

    /// How things stand now: lines, registered phones, calls.
    fn standing(&self) -> Standing;

    /// Takes other trunks from now on; calls go on. Nothing where a PBX has its own.
    fn set_trunks(&self, trunks: Vec<Trunk>) {
        drop(trunks);
    }
}

/// The telephone takes no command now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Too many commands wait already.
    #[error("the telephone is too far behind")]
    Busy,
    /// It has been stopped.
    #[error("the telephone has stopped")]
    Stopped,
    /// This telephone cannot do that (an adapter says so).
    #[error("this telephone cannot do that")]
    Unsupported,
}

/// One thing to do.
#[derive(Debug)]
pub enum Command {
    /// Let the caller hear it ring (180).
    Ring {
        /// An offered leg.
        leg: LegId,
    },
    /// Open the voice path before the answer (183), for announcements that
    /// cost the caller nothing.
    OpenEarly {
        /// An offered leg.
        leg: LegId,
    },
    /// Take the call.
    Answer {
        /// An offered leg.
        leg: LegId,
    },
    /// Do not take the call.
    Refuse {
        /// An offered leg.
        leg: LegId,
        /// What the caller is told.
        cause: Cause,
    },
    /// Call somebody.
    Dial(Dial),
    /// End a leg in whatever state it is: cancel, refuse or hang up.
    Hangup {
        /// The leg.
        leg: LegId,
        /// What the other side is told.
        cause: Cause,
    },
    /// Play prompts one after the other; replaces what was playing.
    Play {
        /// Who hears them.
        leg: LegId,
        /// The prompts in turn.
        prompts: Vec<Prompt>,
        /// Comes back in `Signal::Played`.
        token: u64,
        /// Over and over until stopped.
        repeat: bool,
    },
    /// Stop playing.
    StopPlaying {
        /// Who heard it.
        leg: LegId,
    },
    /// Let legs talk with one another. More than two make a conference; legs
    /// that are in the room already stay.
    Bridge {
        /// Where.
        room: RoomId,
        /// Who.
        members: Vec<Member>,
    },
    /// Take a leg out of its room.
    Unbridge {
        /// The room.
        room: RoomId,
        /// Who leaves.
        leg: LegId,
    },
    /// Hold a leg: it hears the music and nobody hears it.
    Hold {
        /// Who is held.
        leg: LegId,
        /// Over and over; silence where empty.
        music: Vec<Prompt>,
    },
    /// End the hold.
    Unhold {
        /// Who was held.
        leg: LegId,
    },
    /// Nobody hears this leg, or everybody again.
    Mute {
        /// Who.
        leg: LegId,
        /// Silent or not.
        muted: bool,
    },
    /// Press keys towards a leg.
    Digits {
        /// Who hears them.
        leg: LegId,
        /// `0-9`, `*`, `#`, `A-D`.
        digits: String,
    },
    /// Ask a phone to call somebody else itself (REFER).
    Refer {
        /// The phone.
        leg: LegId,
        /// Whom it shall call.
        to: Target,
    },
    /// Tell the phone that asked for a transfer how it goes.
    TransferProgress {
        /// The leg of `Signal::TransferAsked`.
        leg: LegId,
        /// How far it is.
        step: TransferStep,
    },
    /// Record a room; the customer is on the left.
    Record {
        /// The room.
        room: RoomId,
        /// Comes back in `Signal::Taped`.
        token: u64,
        /// Where the sound goes.
        tape: Tape,
    },
    /// Write silence from now on (card numbers).
    PauseRecording {
        /// The room.
        room: RoomId,
    },
    /// Write the sound again.
    ResumeRecording {
        /// The room.
        room: RoomId,
    },
    /// End the recording of a room.
    EndRecording {
        /// The room.
        room: RoomId,
    },
    /// Let a supervisor into a room, or change how.
    Monitor {
        /// The room.
        room: RoomId,
        /// The supervisor.
        leg: LegId,
        /// What the supervisor may.
        mode: Monitoring,
    },
}

/// A call that we make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// From `LegId::fresh`.
    pub leg: LegId,
    /// Whom we call.
    pub to: Target,
    /// Who calls: a call out takes their trunks; any where nobody is said.
    pub house: Option<String>,
    /// Number that is shown; a trunk puts its own in place where it must.
    pub from: String,
    /// Name that is shown.
    pub name: Option<String>,
    /// How long it may ring.
    pub ring_for: Duration,
    /// Ask the phone to answer by itself (intercom headers).
    pub auto_answer: bool,
    /// Shown by phones that can (`Subject`): customer and line.
    pub note: Option<String>,
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// All phones of one extension at once.
    Extension(String),
    /// A number outside.
    Number {
        /// As dialled.
        number: String,
        /// This trunk only; else all in their order.
        trunk: Option<String>,
    },
    /// A SIP address.
    Uri(String),
}

/// A leg that takes part in a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub leg: LegId,
    /// Left or right in the recording.
    pub side: Side,
}

/// What a supervisor in a room may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monitoring {
    /// Hear both.
    Listen,
    /// Be heard by this leg alone.
    Whisper(LegId),
    /// Be heard by everybody.
    Barge,
}

/// How far a transfer is that a phone asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferStep {
    /// It is tried.
    Trying,
    /// The new party's phone rings.
    Ringing,
    /// The new party answered.
    Done,
    /// It came to nothing.
    Failed(Cause),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extension(name) => write!(f, "extension {name}"),
            Self::Number { number, trunk: Some(trunk) } => write!(f, "{number} over {trunk}"),
            Self::Number { number, trunk: None } => f.write_str(number),
            Self::Uri(uri) => f.write_str(uri),
        }
    }
}
