//! What a leg is and when it is over, whichever PBX holds it: no I/O, no
//! clock. Commands and news go in; steps and signals come out.

mod news;
mod orders;
mod step;

pub(crate) use step::{Arrival, News, Present, Seat, Step, Voice};

use crate::settings::{PbxSettings, Way};
use huiyin_telephony::{
    By, Cause, Dial, LegId, Prompt, Registration, RoomId, Signal, Standing, TrunkFault, TrunkStanding,
};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// How long legs outlive their connection.
const PATIENCE: Duration = Duration::from_secs(120);

/// Begin of all names that we give to channels and rooms.
pub(crate) const OURS: &str = "huiyin-";

/// All that is known of the calls in the PBX.
pub(crate) struct Core {
    settings: PbxSettings,
    /// Begin of the names of this run; another run's are left-overs.
    run: String,
    legs: BTreeMap<LegId, Leg>,
    by_channel: HashMap<String, LegId>,
    rooms: HashMap<RoomId, Room>,
    phones: BTreeMap<String, Registration>,
    lines: Vec<TrunkStanding>,
    lost_at: Option<Instant>,
    playbacks: u64,
    attempts: u64,
    pub(crate) legs_ever: u64,
    pub(crate) refused: u64,
    pub(crate) malformed: u64,
    signals: Vec<Signal>,
    steps: Vec<Step>,
}

struct Leg {
    channel: String,
    stage: Stage,
    outgoing: bool,
    line: Option<String>,
    ending: Option<(By, Cause)>,
    playing: Option<Playing>,
    seat: Option<(RoomId, Seat)>,
    held: bool,
    watch: Option<Watch>,
}

enum Stage {
    /// Offered to us; `up` where the dialplan answered already.
    Offered {
        up: bool,
    },
    /// We call; `rest` are the lines that were not tried yet.
    Dialling {
        until: Instant,
        rest: Vec<Way>,
        dial: Box<Dial>,
        heard: bool,
    },
    Up,
}

struct Playing {
    playback: String,
    /// None for the music of a hold.
    token: Option<u64>,
    prompts: Vec<Prompt>,
    repeat: bool,
}

enum Watch {
    Spying(RoomId),
    Joined(RoomId),
}

#[derive(Default)]
struct Room {
    members: Vec<Seat>,
    recording: Option<String>,
}

impl Core {
    pub(crate) fn new(settings: PbxSettings, run: &str) -> Self {
        let lines = settings.lines.iter();
        let lines = lines.map(|line| TrunkStanding {
            name: line.name.clone(),
            house: None,
            up: None,
            fault: None,
            calls: 0,
        });
        Self {
            lines: lines.collect(),
            settings,
            run: format!("{OURS}{run}"),
            legs: BTreeMap::new(),
            by_channel: HashMap::new(),
            rooms: HashMap::new(),
            phones: BTreeMap::new(),
            lost_at: None,
            playbacks: 0,
            attempts: 0,
            legs_ever: 0,
            refused: 0,
            malformed: 0,
            signals: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// What is to be done since the last call.
    pub(crate) fn take(&mut self) -> (Vec<Step>, Vec<Signal>) {
        (std::mem::take(&mut self.steps), std::mem::take(&mut self.signals))
    }

    pub(crate) fn standing(&self) -> Standing {
        let mut trunks = self.lines.clone();
        for trunk in &mut trunks {
            trunk.calls = self.legs.values().filter(|leg| leg.line.as_deref() == Some(&*trunk.name)).count();
        }
        Standing {
            trunks,
            registered: self.phones.values().cloned().collect(),
            legs: self.legs.len(),
            legs_ever: self.legs_ever,
            refused: self.refused,
            malformed: self.malformed,
        }
    }

    /// The connection is gone: lines and phones are unknown, calls may live.
    pub(crate) fn lost(&mut self, now: Instant) {
        self.lost_at.get_or_insert(now);
        for line in &mut self.lines {
            line.fault = Some(TrunkFault::Unreachable);
            if line.up.replace(false) != Some(false) {
                self.signals.push(Signal::Trunk { name: line.name.clone(), up: false });
            }
        }
        for extension in std::mem::take(&mut self.phones).into_keys() {
            self.signals.push(Signal::Unregistered { extension });
        }
    }

    /// Time went on: who rings too long is given up, and so are all legs
    /// when the PBX stays away.
    pub(crate) fn tick(&mut self, now: Instant) {
        let overdue = |leg: &Leg| {
            leg.ending.is_none() && matches!(&leg.stage, Stage::Dialling { until, .. } if *until <= now)
        };
        let late: Vec<LegId> = self.legs.iter().filter(|(_, leg)| overdue(leg)).map(|(id, _)| *id).collect();
        for id in late {
            self.end(id, By::Network, Cause::NoAnswer);
        }
        if self.lost_at.is_some_and(|at| now.duration_since(at) >= PATIENCE) {
            let all: Vec<LegId> = self.legs.keys().copied().collect();
            for id in all {
                self.gone(id, By::Network, Cause::Failure);
            }
        }
    }

    /// Ends a leg in whatever state it is; the PBX confirms.
    fn end(&mut self, id: LegId, by: By, cause: Cause) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.ending.is_none() {
            leg.ending = Some((by, cause));
            self.steps.push(Step::Hangup { channel: leg.channel.clone(), cause });
        }
    }

    /// A leg is over; said once.
    fn gone(&mut self, id: LegId, by: By, cause: Cause) {
        self.stop_playing(id, false);
        self.leave(id, false);
        self.end_watch(id);
        if let Some(leg) = self.legs.remove(&id) {
            self.by_channel.remove(&leg.channel);
            let (by, cause) = leg.ending.unwrap_or((by, cause));
            self.signals.push(Signal::Ended { leg: id, by, cause });
        }
    }

    fn insert(&mut self, id: LegId, leg: Leg) {
        self.by_channel.insert(leg.channel.clone(), id);
        self.legs.insert(id, leg);
        self.legs_ever += 1;
    }

    fn room_name(&self, room: RoomId) -> String {
        format!("{}-room-{}", self.run, room.0)
    }

    /// Ends what plays; `tell` the PBX unless the leg is gone anyway.
    fn stop_playing(&mut self, id: LegId, tell: bool) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(playing) = leg.playing.take() else { return };
        if tell {
            self.steps.push(Step::Stop { channel: leg.channel.clone(), playback: playing.playback });
        }
        if let Some(token) = playing.token {
            self.signals.push(Signal::Played { leg: id, token, all: false });
        }
    }

    fn play(&mut self, id: LegId, prompts: Vec<Prompt>, token: Option<u64>, repeat: bool) {
        self.stop_playing(id, true);
        self.playbacks += 1;
        let playback = format!("{}-play-{}", self.run, self.playbacks);
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if prompts.is_empty() {
            let all = token.map(|token| Signal::Played { leg: id, token, all: true });
            self.signals.extend(all);
            return;
        }
        leg.playing = Some(Playing { playback: playback.clone(), token, prompts: prompts.clone(), repeat });
        self.steps.push(Step::Play { channel: leg.channel.clone(), playback, prompts });
    }

    /// Takes a leg out of its room; the last one closes it.
    fn leave(&mut self, id: LegId, tell: bool) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some((room, _)) = leg.seat.take() else { return };
        let (channel, held, name) = (leg.channel.clone(), leg.held, self.room_name(room));
        if tell && !held {
            self.steps.push(Step::Leave { room: name.clone(), channel });
        }
        let Some(there) = self.rooms.get_mut(&room) else { return };
        there.members.retain(|(member, _)| *member != id);
        if there.members.is_empty() {
            if let Some(recording) = there.recording.take() {
                self.steps.push(Step::EndRecording { name: recording });
            }
            self.rooms.remove(&room);
            self.steps.push(Step::Close { room: name });
        }
    }

    fn end_watch(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let channel = leg.channel.clone();
        match leg.watch.take() {
            Some(Watch::Spying(_)) => self.steps.push(Step::EndSpy { spy: channel }),
            Some(Watch::Joined(room)) if self.rooms.contains_key(&room) => {
                let room = self.room_name(room);
                self.steps.push(Step::Leave { room, channel });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
