//! What the call centre asks of the process that holds the lines and the sound.

use huiyin_domain::call::floor::{Effect, Target};
use huiyin_domain::call::trunk::TrunkNow;
use huiyin_domain::ids::{CallId, OrgId, PersonId, RecordingId};
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a supervisor is in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monitoring {
    /// 监听: hears both, is heard by nobody.
    Listen,
    /// 密语: is heard by the agent alone.
    Whisper,
    /// 强插: is heard by both.
    Barge,
}

/// What a person wants done with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Take the call that rings.
    Answer,
    /// Let the customer wait with music.
    Hold,
    /// Take the customer up again.
    Resume,
    /// Put through, at once or after a consultation.
    Transfer(Target, bool),
    /// Ask somebody, as dialled, while the customer waits.
    Consult(String),
    /// The same with a colleague, at whichever telephone of theirs is there.
    ConsultAgent(PersonId),
    /// Bring all three together.
    Conference,
    /// Hand over to whom was asked, and leave.
    Complete,
    /// End the consultation, back to the customer.
    CancelConsult,
    /// Send digits.
    Keypad(String),
    /// End it.
    HangUp,
    /// Be heard no longer, or again.
    Mute(bool),
    /// Record silence from now on (card numbers).
    PauseRecording,
    /// Record again.
    ResumeRecording,
    /// Be in the call as a supervisor.
    Monitor(Monitoring),
    /// Take it from the agent who has it.
    TakeOver,
}

/// One wish with who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// In which organisation.
    pub org: OrgId,
    /// Who wants it.
    pub by: PersonId,
    /// Which call.
    pub call: CallId,
    /// What.
    pub what: What,
}

/// Why a wish is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneRefusal {
    /// No process at hand holds the call.
    #[error("the call is not held here")]
    NotHere,
    /// Nothing of the kind can be done with the call as it is.
    #[error("not possible with the call as it is")]
    NotPossible,
    /// The lines cannot be reached.
    #[error("the lines cannot be reached")]
    Unavailable,
}

/// Holds the lines; what really happens comes back as a happening.
pub trait Phone: Send + Sync {
    /// Names this process among all that hold calls.
    fn node(&self) -> String;

    /// Passes a wish on.
    ///
    /// # Errors
    /// [`PhoneRefusal`] when it is not even begun.
    fn order(&self, order: Order) -> Result<(), PhoneRefusal>;

    /// Does what follows from a committed change; safe to lose, a lease stands behind.
    fn carry(&self, org: OrgId, effects: Vec<Effect>);

    /// Forgets what it remembers of a telephone, whose password is a new one.
    fn renewed(&self, _extension: &str) {}

    /// Tells how the trunks of an organisation stand, as far as this process knows.
    fn trunks(&self, org: OrgId) -> Vec<TrunkNow> {
        let _ = org;
        Vec::new()
    }

    /// Takes up the trunks as they are set now; calls go on.
    fn trunks_kept(&self) {}
}

/// Why a recording cannot be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordingFault {
    /// Its file is not there.
    #[error("the file is not there")]
    Missing,
    /// No key at hand opens it.
    #[error("no key opens it")]
    NoKey,
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable,
}

/// A recording as a WAV file: 16-bit PCM, 8 kHz, stereo, customer left.
pub trait Sound: Send {
    /// Gives its length in bytes.
    fn len(&self) -> u64;

    /// Says whether it has no byte at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads a part; at most what was asked for.
    ///
    /// # Errors
    /// [`RecordingFault`] when its bytes are not what was written.
    fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, RecordingFault>;

    /// Gives lowest and highest sample of each of so many parts, per side: customer,
    /// agent.
    ///
    /// # Errors
    /// As [`Sound::read`].
    fn waveform(&mut self, points: usize) -> Result<[Vec<(i16, i16)>; 2], RecordingFault>;
}

/// Keeps recordings, sealed. Its calls may take time: not inside a transaction.
pub trait Recordings: Send + Sync {
    /// Opens one.
    ///
    /// # Errors
    /// [`RecordingFault`].
    fn open(&self, id: RecordingId) -> Result<Box<dyn Sound>, RecordingFault>;

    /// Erases one; nothing to do when it is gone already.
    ///
    /// # Errors
    /// [`RecordingFault::Unreadable`] when it is still there.
    fn erase(&self, id: RecordingId) -> Result<(), RecordingFault>;

    /// Says how long after its end a recording goes into the archive; nothing where it
    /// stays as it is.
    fn archives_after(&self) -> Option<Duration> {
        None
    }

    /// Puts one into the archive, in its place.
    ///
    /// One that is there already is left alone.
    ///
    /// What a crash leaves at any moment is the recording or its archive, whole.
    ///
    /// # Errors
    /// [`RecordingFault`]; the recording is as it was then.
    fn archive(&self, id: RecordingId) -> Result<Archived, RecordingFault> {
        let _ = id;
        Err(RecordingFault::Unreadable)
    }
}

/// A recording in the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// How large its file is, in bytes.
    pub bytes: u64,
    /// How long it is, in milliseconds.
    pub millis: u64,
    /// Which key sealed it.
    pub key: String,
}

/// Why a voice says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoiceFailure {
    /// The program is not there, ends badly or takes too long.
    #[error("the voice failed: {0}")]
    Failed(String),
    /// Too many texts wait to be spoken.
    #[error("too many texts wait to be spoken")]
    Busy,
}

/// What a voice gives: a WAV file.
pub type Speaking<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, VoiceFailure>> + Send + 'a>>;

/// Speaks texts, by whatever program the house has for it.
pub trait Voice: Send + Sync {
    /// Makes speech of a text of one line.
    fn speak<'a>(&'a self, text: &'a str) -> Speaking<'a>;
}
