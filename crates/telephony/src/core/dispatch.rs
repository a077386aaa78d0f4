//! Hands commands to their legs and the engine's notices to the call centre.

use super::Core;
use super::orders::{Order, Voice};
use crate::{Command, MediaNotice, Monitoring, Signal};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Carries out commands until the endpoint stops.
pub(crate) async fn commands(core: Arc<Core>, mut commands: mpsc::Receiver<Command>) {
    loop {
        tokio::select! {
            () = core.stop.cancelled() => return,
            command = commands.recv() => match command {
                Some(command) => carry_out(&core, command),
                None => return,
            },
        }
    }
}

fn carry_out(core: &Arc<Core>, command: Command) {
    let voice = |leg, voice| {
        core.legs.order(leg, Order::Voice(voice));
    };
    let media = &core.settings.media;
    match command {
        Command::Ring { leg } => drop(core.legs.order(leg, Order::Ring)),
        Command::OpenEarly { leg } => drop(core.legs.order(leg, Order::OpenEarly)),
        Command::Answer { leg } => drop(core.legs.order(leg, Order::Answer)),
        Command::Refuse { leg, cause } => drop(core.legs.order(leg, Order::Refuse(cause))),
        Command::Hangup { leg, cause } => drop(core.legs.order(leg, Order::Hangup(cause))),
        Command::Refer { leg, to } => drop(core.legs.order(leg, Order::Refer(to))),
        Command::TransferProgress { leg, step } => {
            core.legs.order(leg, Order::TransferProgress(step));
        }
        Command::Dial(dial) => crate::leg::outbound::start(core, dial),
        Command::Play { leg, prompts, token, repeat } => voice(leg, Voice::Play(prompts, token, repeat)),
        Command::StopPlaying { leg } => voice(leg, Voice::Stop),
        Command::Bridge { room, members } => {
            for member in members {
                voice(member.leg, Voice::Join(room, member.side));
            }
        }
        Command::Unbridge { room, leg } => voice(leg, Voice::Leave(room)),
        Command::Hold { leg, music } => voice(leg, Voice::Hold(music)),
        Command::Unhold { leg } => voice(leg, Voice::Unhold),
        Command::Mute { leg, muted } => voice(leg, Voice::Mute(muted)),
        Command::Digits { leg, digits } => voice(leg, Voice::Digits(digits)),
        Command::Monitor { room, leg, mode } => {
            let mode = match mode {
                Monitoring::Whisper(to) => Monitoring::Whisper(core.legs.voice(to)),
                other => other,
            };
            voice(leg, Voice::Monitor(room, mode));
        }
        Command::Record { room, token, tape } => media.record(room, token, tape),
        Command::PauseRecording { room } => media.pause_recording(room, true),
        Command::ResumeRecording { room } => media.pause_recording(room, false),
        Command::EndRecording { room } => media.end_recording(room),
    }
}

/// Passes on what the media engine notices.
pub(crate) async fn notices(core: Arc<Core>, mut notices: mpsc::Receiver<MediaNotice>) {
    while let Some(notice) = notices.recv().await {
        let leg_of = |voice| core.legs.of_voice(voice);
        let signal = match notice {
            MediaNotice::Digit(voice, digit) => leg_of(voice).map(|leg| Signal::Digit { leg, digit }),
            MediaNotice::Played(voice, token, all) => {
                leg_of(voice).map(|leg| Signal::Played { leg, token, all })
            }
            MediaNotice::Heard(voice) => leg_of(voice).map(|leg| {
                core.legs.heard(leg);
                Signal::Heard { leg }
            }),
            MediaNotice::Silent(voice) => leg_of(voice).map(|leg| {
                // One that never spoke may be a phone on mute.
                if core.legs.was_heard(leg) {
                    core.legs.order(leg, Order::Silent);
                }
                Signal::Silent { leg }
            }),
            MediaNotice::Taped { room, token, millis, whole } => {
                Some(Signal::Taped { room, token, millis, whole })
            }
        };
        if let Some(signal) = signal {
            core.tell(signal).await;
        }
    }
}
