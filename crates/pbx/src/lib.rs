//! Adapters for an existing PBX behind the trait of `huiyin-telephony`.
//!
//! Where a house has an Asterisk or a FreeSWITCH already, phones and lines
//! stay there; the call centre steers its calls through [`Pbx`] and hears the
//! same signals as from our own endpoint. What a leg is, when it is over, what
//! plays and who talks with whom is decided in one place (`core`); the two
//! adapters only translate steps into requests and events into news.
//!
//! A lost connection is tried again with growing pauses; afterwards the
//! channels of both sides are compared, and a leg that ended meanwhile ends
//! here too. Callers who wait in the PBX when this process starts anew are
//! offered again.

mod ari;
mod core;
mod esl;
mod settings;
mod tape;
mod telephone;

pub use settings::{Kind, Line, PbxSettings, SettingsFault};
pub use telephone::Pbx;
