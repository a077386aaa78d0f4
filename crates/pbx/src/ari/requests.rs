//! Steps become requests, one after the other.

use super::events::{self, DIALLED, EAR};
use super::tapes::{SIDES, Tapes};
use super::wire::{Fault, Verb, Wire};
use crate::core::{News, Step, Voice};
use crate::settings::{PbxSettings, Way};
use crate::tape;
use huiyin_telephony::{Cause, Dial, Prompt, Tape, TransferStep};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How often, and how long apart, a channel that is on its way is asked again.
const TRIES: u32 = 100;
const APART: Duration = Duration::from_millis(10);

/// Does the steps of one connection; ends with the one who listens.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) wire: Arc<Wire>,
    pub(crate) settings: Arc<PbxSettings>,
    pub(crate) tapes: Arc<Tapes>,
    pub(crate) news: mpsc::WeakSender<News>,
}

impl Worker {
    /// What lives in Asterisk now.
    pub(crate) fn look_round(&self) -> Result<Vec<News>, Fault> {
        // phones and lines tell when they come and go
        let app = &self.settings.context;
        let phones = ["applications", app.as_str(), "subscription"];
        match self.wire.ask(Verb::Post, &phones, &[("eventSource", "endpoint:PJSIP")], None) {
            // an Asterisk without any phone of its own has nothing to tell
            Err(Fault::Status(400 | 404 | 422)) => tracing::warn!("Asterisk has no PJSIP endpoints"),
            other => drop(other?),
        }
        let channels = self.wire.list(&["channels"])?;
        let present = super::present(&channels, &self.settings);
        for there in &present {
            if there.arrival.is_some() || there.channel.starts_with(crate::core::OURS) {
                let source = format!("channel:{}", there.channel);
                let _ = self.wire.ask(Verb::Post, &phones, &[("eventSource", &source)], None);
            }
        }
        let mut news = vec![News::Resynced { present }];
        let endpoints = self.wire.list(&["endpoints"])?;
        let endpoints = endpoints.as_array().map(Vec::as_slice).unwrap_or_default();
        news.extend(endpoints.iter().filter_map(|one| events::endpoint(one, &self.settings)));
        news.extend(self.tapes_that_ended());
        Ok(news)
    }

    /// Recordings that ended while nobody listened.
    fn tapes_that_ended(&self) -> Vec<News> {
        let mut news = Vec::new();
        for name in self.tapes.waiting() {
            for (end, _) in SIDES {
                let side = format!("{name}{end}");
                let gone = self.wire.list(&["recordings", "live", &side]);
                if matches!(gone, Err(Fault::Status(404))) {
                    self.tapes.half_ended(&side, true);
                }
            }
            news.extend(self.collect(&name));
        }
        news
    }

    pub(crate) fn run(self, mut steps: mpsc::Receiver<Step>) {
        while let Some(step) = steps.blocking_recv() {
            let told = format!("{step:?}");
            if let Err(fault) = self.perform(step) {
                // 404: it is gone already, which its end tells; anything else is worth a line
                if matches!(fault, Fault::Status(404)) {
                    tracing::debug!(step = told, "too late");
                } else {
                    tracing::warn!(step = told, %fault, "Asterisk did not do it");
                }
            }
            if self.news.upgrade().is_none() {
                return;
            }
        }
    }

    fn tell(&self, news: News) {
        if let Some(sender) = self.news.upgrade() {
            let _ = sender.blocking_send(news);
        }
    }

    fn post(&self, path: &[&str], query: &[(&str, &str)]) -> Result<(), Fault> {
        self.wire.ask(Verb::Post, path, query, None).map(drop)
    }

    fn delete(&self, path: &[&str], query: &[(&str, &str)]) -> Result<(), Fault> {
        self.wire.ask(Verb::Delete, path, query, None).map(drop)
    }

    fn perform(&self, step: Step) -> Result<(), Fault> {
        match step {
            Step::Ring { channel } => self.post(&["channels", &channel, "ring"], &[]),
            Step::Early { channel } => self.post(&["channels", &channel, "progress"], &[]),
            Step::Answer { channel } => self.post(&["channels", &channel, "answer"], &[]),
            Step::Hangup { channel, cause } => self.hang_up(channel, cause),
            Step::Dial { channel, way, dial } => self.dial(channel, &way, &dial),
            Step::Play { channel, playback, prompts } => self.play(&channel, playback, &prompts),
            Step::Stop { playback, .. } => self.delete(&["playbacks", &playback], &[]),
            Step::Open { room } => self.post(&["bridges", &room], &[("type", "mixing")]),
            Step::Join { room, channel } => self.join(&room, &channel),
            Step::Leave { room, channel } => {
                self.post(&["bridges", &room, "removeChannel"], &[("channel", &channel)])
            }
            Step::Close { room } => self.delete(&["bridges", &room], &[]),
            Step::Mute { channel, muted } => {
                let path = ["channels", channel.as_str(), "mute"];
                let query = [("direction", "in")];
                if muted { self.post(&path, &query) } else { self.delete(&path, &query) }
            }
            Step::Digits { channel, digits } => {
                self.post(&["channels", &channel, "dtmf"], &[("dtmf", &digits)])
            }
            Step::Refer { channel, to } => {
                self.post(&["channels", &channel, "redirect"], &[("endpoint", &to)])
            }
            Step::Progress { channel, step } => {
                let state = match step {
                    TransferStep::Trying | TransferStep::Ringing => "channel_progress",
                    TransferStep::Done => "channel_answered",
                    TransferStep::Failed(Cause::Declined | Cause::Busy) => "channel_declined",
                    TransferStep::Failed(_) => "channel_unavailable",
                };
                self.post(&["channels", &channel, "transfer_progress"], &[("states", state)])
            }
            Step::Record { name, channel, tape } => self.record(&name, &channel, tape),
            Step::Pause { name, paused } => self.pause(&name, paused),
            Step::EndRecording { name } => self.end_recording(&name),
            Step::Spy { spy, target, voice } => self.spy(&spy, &target, voice),
            Step::EndSpy { spy } => {
                let ear = format!("{spy}.ear");
                let closed = self.delete(&["bridges", &ear], &[]);
                self.delete(&["channels", &ear], &[]).or(closed)
            }
        }
    }

    fn hang_up(&self, channel: String, why: Cause) -> Result<(), Fault> {
        let code = why.q850().to_string();
        let done = self.delete(&["channels", &channel], &[("reason_code", &code)]);
        if matches!(done, Err(Fault::Status(404))) {
            // its end may have come before we knew of it
            self.tell(News::Gone { channel, cause: Cause::Normal });
        }
        done
    }

    fn dial(&self, channel: String, way: &Way, dial: &Dial) -> Result<(), Fault> {
        let number = way.caller_id.as_deref().unwrap_or(&dial.from);
        let number: String =
            number.chars().filter(|c| c.is_ascii_alphanumeric() || "+*#".contains(*c)).collect();
        let shown: String =
            dial.name.iter().flat_map(|name| name.chars()).filter(|c| plain_sign(*c)).collect();
        let caller = format!("\"{shown}\" <{number}>");
        // the core hangs up in time; this is for the case that we die
        let seconds = (dial.ring_for.as_secs() + 5).to_string();
        let mut variables = Map::new();
        if dial.auto_answer {
            variables.insert("PJSIP_HEADER(add,Call-Info)".into(), json!("<sip:huiyin>;answer-after=0"));
            variables.insert("PJSIP_HEADER(add,Alert-Info)".into(), json!("info=alert-autoanswer"));
        }
        if let Some(note) = &dial.note {
            let note: String = note.chars().filter(|c| !c.is_control()).take(200).collect();
            variables.insert("PJSIP_HEADER(add,Subject)".into(), json!(note));
        }
        let query = [
            ("endpoint", way.dial.as_str()),
            ("app", &self.settings.context),
            ("appArgs", DIALLED),
            ("callerId", &caller),
            ("timeout", &seconds),
        ];
        let body: Value = json!({ "variables": variables });
        let done = self.wire.ask(Verb::Post, &["channels", &channel], &query, Some(&body)).map(drop);
        if let Err(fault) = &done {
            let cause = match fault {
                Fault::Status(409) => Cause::Failure,
                Fault::Status(_) => Cause::Unreachable,
                Fault::Lost(_) => Cause::Failure,
            };
            self.tell(News::Gone { channel, cause });
        }
        done
    }

    fn play(&self, channel: &str, playback: String, prompts: &[Prompt]) -> Result<(), Fault> {
        let mut media = Vec::new();
        for prompt in prompts {
            if let Some(folder) = &self.settings.sounds_here
                && let Err(error) = tape::place(folder, prompt)
            {
                tracing::warn!(prompt = %prompt.name, %error, "a prompt cannot be given to Asterisk");
            }
            media.push(format!("sound:{}/{}", self.settings.sounds, tape::file_name(&prompt.name)));
        }
        let done = self.post(&["channels", channel, "play", &playback], &[("media", &media.join(","))]);
        if done.is_err() {
            self.tell(News::Played { playback, whole: false });
        }
        done
    }

    /// A channel that was called just now, or whose prompt is ending, needs a
    /// moment until it can be bridged.
    fn join(&self, room: &str, channel: &str) -> Result<(), Fault> {
        self.patiently(|| self.post(&["bridges", room, "addChannel"], &[("channel", channel)]))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "Asterisk says only by refusing that a channel is not ready"
    )]
    fn patiently(&self, mut ask: impl FnMut() -> Result<(), Fault>) -> Result<(), Fault> {
        for _ in 1..TRIES {
            match ask() {
                Err(Fault::Status(409 | 422)) => std::thread::sleep(APART),
                other => return other,
            }
        }
        ask()
    }

    fn record(&self, name: &str, channel: &str, tape: Tape) -> Result<(), Fault> {
        self.tapes.begin(name, tape);
        let mut done = Ok(());
        for (end, spy) in SIDES {
            let ear = format!("{name}{end}");
            done = done.and(self.ear(&ear, channel, spy, "none"));
        }
        for (end, _) in SIDES {
            let ear = format!("{name}{end}");
            let query = [("name", ear.as_str()), ("format", "alaw"), ("ifExists", "overwrite")];
            let begun =
                done.is_ok().then(|| self.patiently(|| self.post(&["channels", &ear, "record"], &query)));
            done = begun.unwrap_or(done);
        }
        if done.is_err() {
            for (end, _) in SIDES {
                self.tapes.half_ended(&format!("{name}{end}"), false);
            }
            self.end_recording(name)?;
        }
        done
    }

    fn ear(&self, ear: &str, channel: &str, spy: &str, whisper: &str) -> Result<(), Fault> {
        let app = self.settings.context.as_str();
        let query = [("spy", spy), ("whisper", whisper), ("app", app), ("appArgs", EAR)];
        self.post(&["channels", channel, "snoop", ear], &query)
    }

    fn pause(&self, name: &str, paused: bool) -> Result<(), Fault> {
        let mut done = Ok(());
        for (end, _) in SIDES {
            let side = format!("{name}{end}");
            let path = ["recordings", "live", side.as_str(), "mute"];
            done = done.and(if paused { self.post(&path, &[]) } else { self.delete(&path, &[]) });
        }
        done
    }

    /// Stops both sides; once both have ended, fetches them.
    fn end_recording(&self, name: &str) -> Result<(), Fault> {
        if let Some(taped) = self.collect(name) {
            self.tell(taped);
            return Ok(());
        }
        let mut done = Ok(());
        for (end, _) in SIDES {
            let side = format!("{name}{end}");
            done = done.and(self.post(&["recordings", "live", &side, "stop"], &[]));
        }
        done
    }

    /// The sound of a recording whose sides both ended.
    fn collect(&self, name: &str) -> Option<News> {
        let (mut tape, mut whole) = self.tapes.take_ended(name)?;
        let mut sides = [Vec::new(), Vec::new()];
        for ((end, _), side) in SIDES.iter().zip(&mut sides) {
            let file = format!("{name}{end}");
            let _ = self.delete(&["channels", &file], &[]);
            match self.wire.ask(Verb::Get, &["recordings", "stored", &file, "file"], &[], None) {
                Ok(sound) => *side = sound,
                Err(fault) => {
                    tracing::warn!(file, %fault, "a recording cannot be fetched from Asterisk");
                    whole = false;
                }
            }
        }
        let millis = tape::append(&mut tape, &sides[0], &sides[1]).unwrap_or_else(|error| {
            tracing::error!(name, %error, "a recording cannot be kept");
            whole = false;
            0
        });
        if whole {
            for (end, _) in SIDES {
                let _ = self.delete(&["recordings", "stored", &format!("{name}{end}")], &[]);
            }
        }
        Some(News::Taped { name: name.to_owned(), millis, whole })
    }

    fn spy(&self, spy: &str, target: &str, voice: Voice) -> Result<(), Fault> {
        let ear = format!("{spy}.ear");
        let whisper = if voice == Voice::Target { "out" } else { "none" };
        self.ear(&ear, target, "both", whisper)?;
        self.post(&["bridges", &ear], &[("type", "mixing")])?;
        self.join(&ear, &ear)?;
        self.join(&ear, spy)
    }
}

fn plain_sign(c: char) -> bool {
    !c.is_control() && !"\"<>\\,;".contains(c)
}

#[cfg(test)]
mod tests {
    use super::events::cause;
    use super::*;

    /// CALL-5: every cause that we give comes back as itself, or as what a
    /// carrier makes of it.
    #[test]
    fn causes_survive_the_way_through_asterisk() {
        for (ours, back) in [
            (Cause::Normal, Cause::Normal),
            (Cause::Busy, Cause::Busy),
            (Cause::NoAnswer, Cause::NoAnswer),
            (Cause::Declined, Cause::Declined),
            (Cause::Unreachable, Cause::Unreachable),
            (Cause::NotFound, Cause::NotFound),
            (Cause::Congestion, Cause::Congestion),
            (Cause::AnsweredElsewhere, Cause::AnsweredElsewhere),
            (Cause::Incompatible, Cause::Incompatible),
            (Cause::Failure, Cause::Failure),
        ] {
            assert_eq!(cause(Some(u64::from(ours.q850()))), back);
        }
    }
}
