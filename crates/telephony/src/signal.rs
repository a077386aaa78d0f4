//! What a telephone tells the call centre.

use crate::{Cause, LegId, RoomId, Target};
use std::net::SocketAddr;

/// Something happened on the line. Signals of one leg come in order;
/// `Ended` is the last of each leg, and comes exactly once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Somebody calls us and waits for `Ring`, `Answer` or `Refuse`.
    Offered {
        /// The new leg.
        leg: LegId,
        /// Where it comes from.
        origin: Origin,
        /// The caller's number.
        caller: String,
        /// The dialled number.
        called: String,
        /// The caller's name where told.
        name: Option<String>,
    },
    /// The phone that we call rings (180).
    Ringing {
        /// The leg.
        leg: LegId,
    },
    /// The other side sends sound before it answers (183 with SDP).
    Early {
        /// The leg.
        leg: LegId,
    },
    /// The leg talks: it answered, or took our answer.
    Answered {
        /// The leg.
        leg: LegId,
    },
    /// A key was pressed.
    Digit {
        /// By whom.
        leg: LegId,
        /// `0-9`, `*`, `#`, `A-D`.
        digit: char,
    },
    /// Playing ended.
    Played {
        /// Who heard it.
        leg: LegId,
        /// Of the command.
        token: u64,
        /// To the end, rather than stopped or replaced.
        all: bool,
    },
    /// The other side put us on hold.
    HeldByPeer {
        /// The leg.
        leg: LegId,
    },
    /// The other side took us off hold.
    ResumedByPeer {
        /// The leg.
        leg: LegId,
    },
    /// A phone asks for its call to go elsewhere (REFER); answer with
    /// `Command::TransferProgress`.
    TransferAsked {
        /// The phone's leg.
        leg: LegId,
        /// Where to.
        to: Target,
        /// The phone's other leg whose party shall be joined (attended).
        replaces: Option<LegId>,
    },
    /// The leg is over.
    Ended {
        /// The leg.
        leg: LegId,
        /// Who ended it.
        by: By,
        /// Why.
        cause: Cause,
    },
    /// A phone of an extension came or stayed.
    Registered(Registration),
    /// The last phone of an extension went.
    Unregistered {
        /// The extension.
        extension: String,
    },
    /// A trunk came up or went down (CALL-5).
    Trunk {
        /// Its name.
        name: String,
        /// Usable or not.
        up: bool,
    },
    /// No voice came for the time that the settings name.
    Silent {
        /// The leg.
        leg: LegId,
    },
    /// The first voice packet came.
    Heard {
        /// The leg.
        leg: LegId,
    },
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

/// Who ended a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The other side.
    Peer,
    /// A command of ours.
    Us,
    /// Neither: a time-out, a lost connection, a stop.
    Network,
}

/// Where a call comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A carrier's line.
    Trunk(String),
    /// One of our phones, its password checked.
    Extension(String),
}

/// A phone that is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The extension.
    pub extension: String,
    /// Where its messages come from.
    pub from: SocketAddr,
    /// A browser rather than a desk phone.
    pub browser: bool,
    /// What the phone calls itself.
    pub agent: Option<String>,
}

/// How things stand now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The trunks in their order.
    pub trunks: Vec<TrunkStanding>,
    /// The phones that are registered.
    pub registered: Vec<Registration>,
    /// Legs that ring or talk.
    pub legs: usize,
    /// Legs since the start.
    pub legs_ever: u64,
    /// Requests that a limit refused since the start.
    pub refused: u64,
    /// Messages that no parser could read since the start.
    pub malformed: u64,
}

/// One trunk now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkStanding {
    /// Its name.
    pub name: String,
    /// Whose it is; everybody's where it is nobody's.
    pub house: Option<String>,
    /// Usable; `None` until the first try has ended.
    pub up: Option<bool>,
    /// Why it is not, where that is known.
    pub fault: Option<TrunkFault>,
    /// Calls on it now.
    pub calls: usize,
}

/// Why a trunk is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrunkFault {
    /// Its address cannot be read, or no such host is known.
    Address,
    /// Nothing can be sent there.
    Unreachable,
    /// Nothing comes back.
    NoAnswer,
    /// The carrier refuses, with a status of SIP.
    Refused(u16),
}
