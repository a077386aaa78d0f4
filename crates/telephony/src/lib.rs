//! The telephone: what the call centre may ask of it, and the embedded SIP
//! endpoint that does it.
//!
//! The call centre speaks to a [`CallControl`] in [`Command`]s and hears
//! [`Signal`]s; it never sees a SIP message. [`Embedded`] is our own endpoint
//! on `rsipstack`; the adapters for an existing PBX implement the same trait.
//!
//! # Logging
//!
//! `rsipstack` writes whole messages, digests included, at INFO. Whoever sets
//! up logging must add the directive [`LOG_DIRECTIVE`] to its filter.

mod cause;
mod command;
mod core;
mod directory;
mod embedded;
mod engine;
mod guard;
mod ids;
mod leg;
mod media;
mod settings;
mod signal;

pub use cause::Cause;
pub use command::{CallControl, Command, Dial, Member, Monitoring, Target, TransferStep, Unavailable};
pub use directory::{Directory, Extension, Limits, Secrets};
pub use embedded::{Embedded, StartFault};
pub use engine::OwnVoice;
pub use ids::{LegId, RoomId};
pub use media::{Agreed, LegKind, Media, MediaFault, MediaNotice, Prompt, Side, Tape, TapeWriter};
pub use settings::{Network, NumberRule, Settings, TlsIdentity, Trunk, TrunkMode, Wire};
pub use signal::{By, Origin, Registration, Signal, Standing, TrunkFault, TrunkStanding};

/// Filter directive that keeps digests out of the log.
pub const LOG_DIRECTIVE: &str = "rsipstack=warn";
