//! News become signals.

use super::{Arrival, Core, Leg, News, OURS, Present, Stage, Step};
use huiyin_telephony::{By, Cause, LegId, Origin, Registration, Signal, Target};
use std::collections::HashMap;

impl Core {
    /// Takes one piece of news; what concerns nobody known is dropped.
    pub(crate) fn news(&mut self, news: News) {
        match news {
            News::Arrived(arrival) => self.arrived(arrival),
            News::Ringing { channel } => self.rings(&channel, |leg| Signal::Ringing { leg }),
            News::Early { channel } => self.rings(&channel, |leg| Signal::Early { leg }),
            News::Up { channel } => self.up(&channel),
            News::Digit { channel, digit } => {
                if let Some(leg) = self.leg(&channel) {
                    self.signals.push(Signal::Digit { leg, digit });
                }
            }
            News::Played { playback, whole } => self.played(&playback, whole),
            News::Held { channel, held } => {
                if let Some(leg) = self.leg(&channel) {
                    self.signals.push(if held {
                        Signal::HeldByPeer { leg }
                    } else {
                        Signal::ResumedByPeer { leg }
                    });
                }
            }
            News::Transfer { channel, to, replaces } => self.transfer(&channel, to, replaces.as_deref()),
            News::Gone { channel, cause } => self.channel_gone(&channel, cause),
            News::Phone { registration, there } => self.phone(registration, there),
            News::Line { name, up } => self.line(&name, up),
            News::Taped { name, millis, whole } => {
                let Some((room, token)) = self.tape_of(&name) else { return };
                if let Some(there) = self.rooms.get_mut(&room)
                    && there.recording.as_ref() == Some(&name)
                {
                    there.recording = None;
                }
                self.signals.push(Signal::Taped { room, token, millis, whole });
            }
            News::Resynced { present } => self.resynced(present),
            News::Malformed => self.malformed += 1,
        }
    }

    fn leg(&self, channel: &str) -> Option<LegId> {
        self.by_channel.get(channel).copied()
    }

    fn arrived(&mut self, arrival: Arrival) {
        if self.by_channel.contains_key(&arrival.channel) {
            return;
        }
        let Arrival { channel, up, origin, caller, called, name } = arrival;
        let line = match &origin {
            Origin::Trunk(line) => Some(line.clone()),
            Origin::Extension(_) => None,
        };
        let leg = LegId::fresh();
        let stage = Stage::Offered { up };
        let (ending, playing, seat, watch) = (None, None, None, None);
        let fresh = Leg { channel, stage, outgoing: false, line, ending, playing, seat, held: false, watch };
        self.insert(leg, fresh);
        self.signals.push(Signal::Offered { leg, origin, caller, called, name });
    }

    fn rings(&mut self, channel: &str, signal: impl FnOnce(LegId) -> Signal) {
        let Some(id) = self.leg(channel) else { return };
        if let Some(Leg { stage: Stage::Dialling { heard, .. }, .. }) = self.legs.get_mut(&id) {
            *heard = true;
            self.signals.push(signal(id));
        }
    }

    fn up(&mut self, channel: &str) {
        let Some(id) = self.leg(channel) else { return };
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if !matches!(leg.stage, Stage::Up) && leg.ending.is_none() {
            leg.stage = Stage::Up;
            self.signals.push(Signal::Answered { leg: id });
        }
    }

    fn played(&mut self, playback: &str, whole: bool) {
        let plays = |leg: &Leg| leg.playing.as_ref().is_some_and(|playing| playing.playback == playback);
        let Some(id) = self.legs.iter().find(|(_, leg)| plays(leg)).map(|(id, _)| *id) else { return };
        let Some(playing) = self.legs.get_mut(&id).and_then(|leg| leg.playing.take()) else { return };
        // a prompt that cannot be played is not tried for ever
        if playing.repeat && whole {
            self.play(id, playing.prompts, playing.token, true);
        } else if let Some(token) = playing.token {
            self.signals.push(Signal::Played { leg: id, token, all: whole });
        }
    }

    fn transfer(&mut self, channel: &str, to: String, replaces: Option<&str>) {
        let Some(leg) = self.leg(channel) else { return };
        let replaces = replaces.and_then(|other| self.leg(other));
        let to = if self.phones.contains_key(&to) {
            Target::Extension(to)
        } else if to.contains(['@', ':']) {
            Target::Uri(to)
        } else if to.len() <= 6 {
            Target::Extension(to)
        } else {
            Target::Number { number: to, trunk: None }
        };
        self.signals.push(Signal::TransferAsked { leg, to, replaces });
    }

    fn channel_gone(&mut self, channel: &str, cause: Cause) {
        let Some(id) = self.leg(channel) else { return };
        let Some(leg) = self.legs.get(&id) else { return };
        let (by, cause) = match &leg.stage {
            Stage::Dialling { heard, rest, .. } => {
                // CALL-5: a line that takes no call makes room for the next
                let over = matches!(cause, Cause::Unreachable | Cause::Congestion | Cause::Failure);
                if over && !heard && leg.ending.is_none() && !rest.is_empty() && self.try_next_way(id) {
                    return;
                }
                // nobody declined, but nobody talked either
                let cause = if cause == Cause::Normal { Cause::NoAnswer } else { cause };
                (Self::who_ended(cause), cause)
            }
            Stage::Offered { up: false } => (By::Peer, Cause::Cancelled),
            Stage::Offered { up: true } | Stage::Up => match cause {
                Cause::Failure | Cause::Congestion | Cause::MediaLost => (By::Network, cause),
                _ => (By::Peer, Cause::Normal),
            },
        };
        self.gone(id, by, cause);
    }

    fn phone(&mut self, registration: Registration, there: bool) {
        let extension = registration.extension.clone();
        if there {
            let known = self.phones.insert(extension, registration.clone());
            if known.as_ref() != Some(&registration) {
                self.signals.push(Signal::Registered(registration));
            }
        } else if self.phones.remove(&extension).is_some() {
            self.signals.push(Signal::Unregistered { extension });
        }
    }

    fn line(&mut self, name: &str, up: bool) {
        let Some(line) = self.lines.iter_mut().find(|line| line.name == name) else { return };
        // why a line of its own is down, a PBX does not say
        line.fault = None;
        if line.up.replace(up) != Some(up) {
            self.signals.push(Signal::Trunk { name: name.to_owned(), up });
        }
    }

    /// The PBX is there (again): what ended meanwhile is over, what somebody
    /// wanted to end ends now, callers whom nobody knows are offered, and what
    /// an earlier run of ours left behind is cleared away.
    fn resynced(&mut self, present: Vec<Present>) {
        self.lost_at = None;
        let mut present: HashMap<String, Present> =
            present.into_iter().map(|there| (there.channel.clone(), there)).collect();
        let legs: Vec<(LegId, String)> =
            self.legs.iter().map(|(id, leg)| (*id, leg.channel.clone())).collect();
        for (id, channel) in legs {
            let there = present.remove(&channel);
            let Some(leg) = self.legs.get(&id) else { continue };
            match (there, leg.ending) {
                (None, _) => self.gone(id, By::Network, Cause::Failure),
                (Some(_), Some((_, cause))) => self.steps.push(Step::Hangup { channel, cause }),
                (Some(there), None) if there.up && leg.outgoing => self.up(&channel),
                (Some(_), None) => self.replay(id),
            }
        }
        for (channel, there) in present {
            // `.` marks the ears of spies and tapes of this run: they live on
            let ear = channel.starts_with(&self.run) && channel.contains('.');
            if ear {
                continue;
            }
            if channel.starts_with(OURS) {
                self.steps.push(Step::Hangup { channel, cause: Cause::Failure });
            } else if let Some(arrival) = there.arrival {
                self.arrived(arrival);
            }
        }
    }

    /// Starts what repeats anew: nobody can tell whether it still plays.
    fn replay(&mut self, id: LegId) {
        let Some(playing) = self.legs.get_mut(&id).and_then(|leg| leg.playing.as_ref()) else { return };
        if playing.repeat {
            let (prompts, token) = (playing.prompts.clone(), playing.token);
            if let Some(leg) = self.legs.get_mut(&id)
                && let Some(old) = leg.playing.take()
            {
                self.steps.push(Step::Stop { channel: leg.channel.clone(), playback: old.playback });
            }
            self.play(id, prompts, token, true);
        } else {
            self.stop_playing(id, true);
        }
    }
}
