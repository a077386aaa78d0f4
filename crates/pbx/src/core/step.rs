//! What an adapter is told to do, and what it tells.

use crate::settings::Way;
use huiyin_telephony::{Cause, Dial, Origin, Prompt, Registration, Side, Tape, TransferStep};

/// One thing that the PBX is asked for. Channels and rooms go by the names
/// that the PBX knows them by.
#[derive(Debug)]
pub(crate) enum Step {
    Ring { channel: String },
    Early { channel: String },
    Answer { channel: String },
    Hangup { channel: String, cause: Cause },
    Dial { channel: String, way: Way, dial: Dial },
    Play { channel: String, playback: String, prompts: Vec<Prompt> },
    Stop { channel: String, playback: String },
    Open { room: String },
    Join { room: String, channel: String },
    Leave { room: String, channel: String },
    Close { room: String },
    Mute { channel: String, muted: bool },
    Digits { channel: String, digits: String },
    Refer { channel: String, to: String },
    Progress { channel: String, step: TransferStep },
    Record { name: String, channel: String, tape: Tape },
    Pause { name: String, paused: bool },
    EndRecording { name: String },
    Spy { spy: String, target: String, voice: Voice },
    EndSpy { spy: String },
}

/// Who hears somebody who listens to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    Nobody,
    Target,
}

/// What an adapter saw.
#[derive(Debug)]
pub(crate) enum News {
    /// The dialplan handed a call over.
    Arrived(Arrival),
    Ringing {
        channel: String,
    },
    Early {
        channel: String,
    },
    /// It talks, and can be bridged.
    Up {
        channel: String,
    },
    Digit {
        channel: String,
        digit: char,
    },
    Played {
        playback: String,
        whole: bool,
    },
    Held {
        channel: String,
        held: bool,
    },
    Transfer {
        channel: String,
        to: String,
        replaces: Option<String>,
    },
    /// It is over, or never came to be.
    Gone {
        channel: String,
        cause: Cause,
    },
    Phone {
        registration: Registration,
        there: bool,
    },
    Line {
        name: String,
        up: bool,
    },
    Taped {
        name: String,
        millis: u64,
        whole: bool,
    },
    /// All that lives in the PBX after a (new) connection.
    Resynced {
        present: Vec<Present>,
    },
    /// Words that no adapter could read.
    Malformed,
}

/// A call that waits for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) channel: String,
    pub(crate) up: bool,
    pub(crate) origin: Origin,
    pub(crate) caller: String,
    pub(crate) called: String,
    pub(crate) name: Option<String>,
}

/// A channel that lives in the PBX.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    pub(crate) channel: String,
    pub(crate) up: bool,
    /// A call that the dialplan handed over to us.
    pub(crate) arrival: Option<Arrival>,
}

/// A leg of a room with its side.
pub(crate) type Seat = (huiyin_telephony::LegId, Side);
