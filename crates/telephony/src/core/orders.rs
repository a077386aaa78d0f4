//! What is asked of one leg.

use crate::{Cause, LegId, Monitoring, Prompt, RoomId, Side, Target, TransferStep};

/// An order to one leg, carried out by its own task in the order of arrival.
#[derive(Debug)]
pub(crate) enum Order {
    Ring,
    OpenEarly,
    Answer,
    Refuse(Cause),
    Hangup(Cause),
    Refer(Target),
    TransferProgress(TransferStep),
    /// The media engine heard nothing for too long.
    Silent,
    Voice(Voice),
}

/// An order that concerns the voice alone.
#[derive(Debug)]
pub(crate) enum Voice {
    Play(Vec<Prompt>, u64, bool),
    Stop,
    Join(RoomId, Side),
    Leave(RoomId),
    Hold(Vec<Prompt>),
    Unhold,
    Mute(bool),
    Digits(String),
    Monitor(RoomId, Monitoring),
}

impl Voice {
    /// Hands it to the engine, for the voice of one leg.
    pub(crate) fn carry_out(self, media: &dyn crate::Media, voice: LegId) {
        match self {
            Self::Play(prompts, token, repeat) => media.play(voice, prompts, token, repeat),
            Self::Stop => media.stop(voice),
            Self::Join(room, side) => media.join(room, voice, side),
            Self::Leave(room) => media.leave(room, voice),
            Self::Hold(music) => media.hold(voice, music),
            Self::Unhold => media.unhold(voice),
            Self::Mute(muted) => media.mute(voice, muted),
            Self::Monitor(room, mode) => media.monitor(room, voice, mode),
            Self::Digits(digits) => {
                for digit in digits.chars().filter(|d| d.is_ascii_digit() || "*#ABCD".contains(*d)).take(64) {
                    media.send_digit(voice, digit);
                }
            }
        }
    }
}
