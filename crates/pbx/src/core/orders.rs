//! Commands become steps.

use super::{Core, Leg, Room, Stage, Step, Voice, Watch};
use huiyin_telephony::{
    By, Cause, Command, Dial, LegId, Member, Monitoring, RoomId, Side, Signal, Tape, TransferStep,
};
use std::time::Instant;

impl Core {
    /// Does one command; a command for a leg that is gone does nothing.
    pub(crate) fn command(&mut self, command: Command, now: Instant) {
        match command {
            Command::Dial(dial) => self.dial(dial, now),
            Command::Ring { leg } => self.with_channel(leg, |channel| Step::Ring { channel }),
            Command::OpenEarly { leg } => self.with_channel(leg, |channel| Step::Early { channel }),
            Command::Answer { leg } => self.answer(leg),
            Command::Refuse { leg, cause } | Command::Hangup { leg, cause } => self.end(leg, By::Us, cause),
            Command::Play { leg, prompts, token, repeat } => self.play(leg, prompts, Some(token), repeat),
            Command::StopPlaying { leg } => self.stop_playing(leg, true),
            Command::Bridge { room, members } => self.bridge(room, &members),
            Command::Unbridge { room, leg } => self.unbridge(room, leg),
            Command::Hold { leg, music } => self.hold(leg, music),
            Command::Unhold { leg } => self.unhold(leg),
            Command::Mute { leg, muted } => self.with_channel(leg, |channel| Step::Mute { channel, muted }),
            Command::Digits { leg, digits } => self.digits(leg, &digits),
            Command::Refer { leg, to } => {
                let way = self.settings.ways(&to).ok().and_then(|ways| ways.into_iter().next());
                match way {
                    Some(way) => self.with_channel(leg, |channel| Step::Refer { channel, to: way.dial }),
                    None => tracing::warn!(%to, "nobody can be referred there"),
                }
            }
            Command::TransferProgress { leg, step } => self.progress(leg, step),
            Command::Record { room, token, tape } => self.record(room, token, tape),
            Command::PauseRecording { room } => self.pause(room, true),
            Command::ResumeRecording { room } => self.pause(room, false),
            Command::EndRecording { room } => {
                if let Some(name) = self.rooms.get_mut(&room).and_then(|room| room.recording.take()) {
                    self.steps.push(Step::EndRecording { name });
                }
            }
            Command::Monitor { room, leg, mode } => self.monitor(room, leg, mode),
        }
    }

    fn with_channel(&mut self, leg: LegId, step: impl FnOnce(String) -> Step) {
        if let Some(leg) = self.legs.get(&leg) {
            self.steps.push(step(leg.channel.clone()));
        }
    }

    fn dial(&mut self, dial: Dial, now: Instant) {
        if self.legs.contains_key(&dial.leg) {
            return;
        }
        let mut ways = match self.settings.ways(&dial.to) {
            Ok(ways) => ways,
            Err(cause) => {
                self.refused += 1;
                self.signals.push(Signal::Ended { leg: dial.leg, by: By::Network, cause });
                return;
            }
        };
        ways.reverse();
        let id = dial.leg;
        let stage =
            Stage::Dialling { until: now + dial.ring_for, rest: ways, dial: Box::new(dial), heard: false };
        let leg = Leg {
            channel: String::new(),
            stage,
            outgoing: true,
            line: None,
            ending: None,
            playing: None,
            seat: None,
            held: false,
            watch: None,
        };
        self.insert(id, leg);
        self.try_next_way(id);
    }

    /// Dials the next line; false where none is left.
    pub(super) fn try_next_way(&mut self, id: LegId) -> bool {
        self.attempts += 1;
        let channel = format!("{}-leg-{}-{}", self.run, id.0, self.attempts);
        let Some(leg) = self.legs.get_mut(&id) else { return false };
        let Stage::Dialling { rest, dial, .. } = &mut leg.stage else { return false };
        let Some(way) = rest.pop() else { return false };
        let step = Step::Dial { channel: channel.clone(), way: way.clone(), dial: (**dial).clone() };
        self.by_channel.remove(&leg.channel);
        leg.line = way.line;
        leg.channel.clone_from(&channel);
        self.by_channel.insert(channel, id);
        self.steps.push(step);
        true
    }

    fn answer(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match leg.stage {
            Stage::Offered { up: true } => {
                leg.stage = Stage::Up;
                self.signals.push(Signal::Answered { leg: id });
            }
            Stage::Offered { up: false } => self.steps.push(Step::Answer { channel: leg.channel.clone() }),
            _ => {}
        }
    }

    fn bridge(&mut self, room: RoomId, members: &[Member]) {
        let name = self.room_name(room);
        for Member { leg: id, side } in members.iter().copied() {
            let seat = self.legs.get(&id).map(|leg| leg.seat);
            match seat {
                None => continue,
                Some(Some((old, _))) if old == room => continue,
                Some(_) => {}
            }
            self.stop_playing(id, true);
            self.leave(id, true);
            self.end_watch(id);
            let Some(leg) = self.legs.get_mut(&id) else { continue };
            leg.seat = Some((room, (id, side)));
            leg.held = false;
            let channel = leg.channel.clone();
            let there = self.rooms.entry(room).or_insert_with(|| {
                self.steps.push(Step::Open { room: name.clone() });
                Room::default()
            });
            there.members.push((id, side));
            self.steps.push(Step::Join { room: name.clone(), channel });
        }
    }

    fn unbridge(&mut self, room: RoomId, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        if leg.seat.is_some_and(|(seat, _)| seat == room) {
            self.leave(id, true);
        } else if matches!(leg.watch, Some(Watch::Spying(watched) | Watch::Joined(watched)) if watched == room)
        {
            self.end_watch(id);
        }
    }

    fn hold(&mut self, id: LegId, music: Vec<huiyin_telephony::Prompt>) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.held {
            return;
        }
        leg.held = true;
        let (channel, seat) = (leg.channel.clone(), leg.seat);
        if let Some((room, _)) = seat {
            let room = self.room_name(room);
            self.steps.push(Step::Leave { room, channel });
        }
        self.play(id, music, None, true);
    }

    fn unhold(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if !std::mem::take(&mut leg.held) {
            return;
        }
        let (channel, seat) = (leg.channel.clone(), leg.seat);
        self.stop_playing(id, true);
        if let Some((room, _)) = seat {
            let room = self.room_name(room);
            self.steps.push(Step::Join { room, channel });
        }
    }

    fn digits(&mut self, leg: LegId, digits: &str) {
        let digits: String = digits.chars().filter(|c| "0123456789*#ABCD".contains(*c)).collect();
        if !digits.is_empty() {
            self.with_channel(leg, |channel| Step::Digits { channel, digits });
        }
    }

    fn progress(&mut self, leg: LegId, step: TransferStep) {
        self.with_channel(leg, |channel| Step::Progress { channel, step });
    }

    /// Records what the customer says and hears; that survives every
    /// transfer, since the customer stays.
    fn record(&mut self, room: RoomId, token: u64, tape: Tape) {
        let name = format!("{}-tape-{}-{token}", self.run, room.0);
        let Some(there) = self.rooms.get_mut(&room).filter(|there| there.recording.is_none()) else {
            self.signals.push(Signal::Taped { room, token, millis: 0, whole: false });
            return;
        };
        let customer = there.members.iter().find(|(_, side)| *side == Side::Customer);
        let Some((id, _)) = customer.or(there.members.first()).copied() else { return };
        there.recording = Some(name.clone());
        self.with_channel(id, |channel| Step::Record { name, channel, tape });
    }

    fn pause(&mut self, room: RoomId, paused: bool) {
        if let Some(name) = self.rooms.get(&room).and_then(|room| room.recording.clone()) {
            self.steps.push(Step::Pause { name, paused });
        }
    }

    fn monitor(&mut self, room: RoomId, id: LegId, mode: Monitoring) {
        self.end_watch(id);
        let Some(there) = self.rooms.get(&room) else { return };
        let customer = there.members.iter().find(|(_, side)| *side == Side::Customer);
        let customer = customer.or(there.members.first()).map(|(leg, _)| *leg);
        let target = match mode {
            Monitoring::Whisper(target) => Some(target),
            Monitoring::Listen | Monitoring::Barge => customer,
        };
        let target = target.and_then(|target| self.legs.get(&target)).map(|leg| leg.channel.clone());
        let name = self.room_name(room);
        let (Some(target), Some(leg)) = (target, self.legs.get_mut(&id)) else { return };
        let spy = leg.channel.clone();
        let voice = if matches!(mode, Monitoring::Whisper(_)) { Voice::Target } else { Voice::Nobody };
        if mode == Monitoring::Barge {
            leg.watch = Some(Watch::Joined(room));
            self.steps.push(Step::Join { room: name, channel: spy });
        } else {
            leg.watch = Some(Watch::Spying(room));
            self.steps.push(Step::Spy { spy, target, voice });
        }
    }

    /// Room and token of a recording, from its name.
    pub(super) fn tape_of(&self, name: &str) -> Option<(RoomId, u64)> {
        let (room, token) = name.strip_prefix(&format!("{}-tape-", self.run))?.split_once('-')?;
        Some((RoomId(room.parse().ok()?), token.parse().ok()?))
    }

    /// How a dialled leg that never talked is to be told about.
    pub(super) fn who_ended(cause: Cause) -> By {
        match cause {
            Cause::Unreachable | Cause::NotFound | Cause::Congestion | Cause::Failure => By::Network,
            _ => By::Peer,
        }
    }
}
