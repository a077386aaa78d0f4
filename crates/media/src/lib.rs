//! The sound of calls: one thread that relays, plays, mixes and records G.711.
//!
//! *Invariants*: two who talk are relayed packet by packet, without a buffer in between;
//! everybody else is mixed along the clock; a recording is anchored to the clock, so that
//! silence lasts as long as it lasted; whoever is no party of a leg is not heard.
//!
//! *Where to start*: [`Engine`] is the handle, [`Notice`] what comes back, [`seal`] keeps
//! recordings under a key.

mod browser;
mod engine;
mod latch;
mod law;
mod leg;
pub mod load;
mod player;
mod ring;
mod room;
mod rtp;
mod sdp;
pub mod seal;
mod taping;
#[cfg(test)]
mod tests;
mod work;

pub use browser::BrowserFault;
pub use engine::{Agreed, Engine, Fault, Kind};
pub use law::Law;
pub use leg::Figures;
pub use player::Prompt;
pub use room::{Role, Side};
pub use rtp::{KeyReport, Packet};
pub use sdp::{Direction, Said, SdpFault};
pub use taping::{SECOND, STEREO, Tape, Taped};

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

/// How sound is reached.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to bind.
    pub bind: IpAddr,
    /// The address that phones outside see.
    pub external_ip: Option<IpAddr>,
    /// UDP ports; each leg takes an even one.
    pub ports: RangeInclusive<u16>,
    /// How long a leg may be silent before that is told.
    pub silence: Duration,
}

/// What the thread noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A key was pressed.
    Digit {
        /// On which leg.
        leg: u64,
        /// `0` to `9`, `*`, `#`, `A` to `D`.
        digit: char,
    },
    /// Playing ended.
    Played {
        /// On which leg.
        leg: u64,
        /// As it was given.
        token: u64,
        /// True when it came to its end.
        all: bool,
    },
    /// Nothing was heard for the time in the settings.
    Silent(u64),
    /// The first packet was heard.
    Heard(u64),
    /// A recording ended.
    Taped(Taped),
}
