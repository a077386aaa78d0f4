//! Steps become commands, one after the other.

use super::events::{self, cause, name};
use super::{Kept, Taping};
use crate::core::{News, OURS, Present, Step, Voice};
use crate::settings::{PbxSettings, Way};
use crate::tape;
use freeswitch_esl_tokio::{EslClient, EslError};
use huiyin_telephony::{Cause, Dial, Prompt, Registration, Tape};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Variables of every channel that is ours: it stays when its talk ends.
const STAY: &str = "park_after_bridge=true,hangup_after_bridge=false";

/// Does the steps of one connection; ends with the one who listens.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) client: EslClient,
    pub(crate) settings: Arc<PbxSettings>,
    pub(crate) kept: Arc<Kept>,
    pub(crate) news: mpsc::WeakSender<News>,
}

type Done = Result<(), EslError>;

impl Worker {
    async fn api(&self, command: &str) -> Result<String, EslError> {
        let answer = self.client.api(command).await?;
        Ok(answer.api_result()?.to_owned())
    }

    /// Does what says `+OK` or nothing.
    async fn act(&self, command: String) -> Done {
        match self.api(&command).await {
            Ok(_) => Ok(()),
            // an empty answer is a yes without words
            Err(EslError::ProtocolError { message }) if message.contains("empty") => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn list(&self, what: &str) -> Result<Value, EslError> {
        let text = self.api(&format!("show {what} as json")).await?;
        serde_json::from_str(&text).map_err(|error| EslError::JsonError(error.to_string()))
    }

    /// What lives in FreeSWITCH now.
    pub(crate) async fn look_round(&self) -> Result<Vec<News>, EslError> {
        let mut present = Vec::new();
        for (channel, up) in super::uuids(&self.list("channels").await?) {
            let mut arrival = None;
            if !channel.starts_with(OURS)
                && let Ok(dump) = self.api(&format!("uuid_dump {channel} json")).await
                && let Ok(dump) = serde_json::from_str::<Value>(&dump)
            {
                arrival = events::arrival(|name| dump[name].as_str(), &self.settings);
            }
            present.push(Present { channel, up, arrival });
        }
        let mut news = self.phones().await?;
        for line in &self.settings.lines {
            let status = self.api(&format!("sofia status gateway {}", line.name)).await.unwrap_or_default();
            let word = |field: &str| {
                let mut lines = status.lines().filter_map(|line| line.split_once(char::is_whitespace));
                lines.find(|(name, _)| *name == field).map(|(_, value)| value.trim().to_owned())
            };
            let state = word("State").unwrap_or_default();
            let pinged = word("Status").is_none_or(|status| !status.starts_with("DOWN"));
            let up = state == "REGED" || (state == "NOREG" && pinged);
            news.push(News::Line { name: line.name.clone(), up });
        }
        let alive: Vec<String> = present.iter().map(|there| there.channel.clone()).collect();
        news.insert(0, News::Resynced { present });
        // recordings whose channel ended while nobody listened
        let ended: Vec<String> = self.kept.with(|kept| {
            let tapings = kept.tapes.values().map(|taping| taping.channel.clone());
            tapings.filter(|channel| !alive.contains(channel)).collect()
        });
        for channel in ended {
            news.extend(self.taped(&channel).await);
        }
        Ok(news)
    }

    async fn phones(&self) -> Result<Vec<News>, EslError> {
        let list = self.list("registrations").await?;
        let rows = list["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
        let one = |row: &Value| {
            let text = |name: &str| row[name].as_str();
            let ip = text("network_ip").and_then(|ip| ip.parse().ok());
            let port = text("network_port").and_then(|port| port.parse().ok()).unwrap_or(0);
            let registration = Registration {
                extension: text("reg_user")?.to_owned(),
                from: SocketAddr::new(ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), port),
                browser: text("url").is_some_and(|url| url.contains("transport=ws")),
                agent: None,
            };
            Some(News::Phone { registration, there: true })
        };
        Ok(rows.iter().filter_map(one).collect())
    }

    pub(crate) async fn run(self, mut steps: mpsc::Receiver<Step>) {
        while let Some(step) = steps.recv().await {
            let told = format!("{step:?}");
            if let Err(error) = self.perform(step).await {
                if error.is_connection_error() {
                    return;
                }
                tracing::warn!(step = told, %error, "FreeSWITCH did not do it");
            }
        }
        let _ = self.client.disconnect().await;
    }

    async fn tell(&self, news: News) {
        if let Some(sender) = self.news.upgrade() {
            let _ = sender.send(news).await;
        }
    }

    async fn perform(&self, step: Step) -> Done {
        match step {
            Step::Ring { channel } => self.act(format!("uuid_ring_ready {channel}")).await,
            Step::Early { channel } => self.act(format!("uuid_pre_answer {channel}")).await,
            Step::Answer { channel } => {
                for variable in STAY.split(',') {
                    let (variable, value) = variable.split_once('=').unwrap_or((variable, ""));
                    self.act(format!("uuid_setvar {channel} {variable} {value}")).await?;
                }
                self.act(format!("uuid_answer {channel}")).await
            }
            Step::Hangup { channel, cause } => self.hang_up(channel, cause).await,
            Step::Dial { channel, way, dial } => self.dial(channel, &way, &dial).await,
            Step::Play { channel, playback, prompts } => self.play(channel, playback, &prompts).await,
            Step::Stop { channel, .. } => self.act(format!("uuid_break {channel} all")).await,
            Step::Open { room } => {
                self.kept.with(|kept| {
                    kept.rooms.entry(room).or_default();
                });
                Ok(())
            }
            Step::Join { room, channel } => self.join(room, channel).await,
            Step::Leave { room, channel } => {
                self.kept.with(|kept| {
                    let members = kept.rooms.get_mut(&room);
                    members.into_iter().for_each(|members| members.retain(|member| *member != channel));
                });
                self.act(format!("uuid_transfer {channel} park inline")).await
            }
            Step::Close { room } => {
                self.kept.with(|kept| {
                    kept.rooms.remove(&room);
                    kept.conferences.remove(&room);
                });
                Ok(())
            }
            Step::Mute { channel, muted } => {
                let how = if muted { "start read mute 1" } else { "stop" };
                self.act(format!("uuid_audio {channel} {how}")).await
            }
            Step::Digits { channel, digits } => self.act(format!("uuid_send_dtmf {channel} {digits}")).await,
            Step::Refer { channel, to } => self.act(format!("uuid_deflect {channel} {to}")).await,
            // FreeSWITCH tells its phones itself how a transfer goes
            Step::Progress { .. } => Ok(()),
            Step::Record { name, channel, tape } => self.record(name, channel, tape).await,
            Step::Pause { name, paused } => {
                let verb = if paused { "mask" } else { "unmask" };
                self.recording(&name, verb).await
            }
            Step::EndRecording { name } => self.recording(&name, "stop").await,
            Step::Spy { spy, target, voice } => {
                let whisper = voice == Voice::Target;
                self.act(format!("uuid_setvar {spy} eavesdrop_whisper_aleg {whisper}")).await?;
                self.act(format!("uuid_transfer {spy} eavesdrop:{target} inline")).await
            }
            Step::EndSpy { spy } => self.act(format!("uuid_transfer {spy} park inline")).await,
        }
    }

    async fn hang_up(&self, channel: String, why: Cause) -> Done {
        let done = self.act(format!("uuid_kill {channel} {}", name(why))).await;
        if let Err(EslError::CommandFailed { .. }) = &done {
            // no such channel: its end may have come before we knew of it
            self.tell(News::Gone { channel, cause: Cause::Normal }).await;
            return Ok(());
        }
        done
    }

    async fn dial(&self, channel: String, way: &Way, dial: &Dial) -> Done {
        let number = way.caller_id.as_deref().unwrap_or(&dial.from);
        let number: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '+').collect();
        let shown: String =
            dial.name.iter().flat_map(|name| name.chars()).filter(|c| plain_sign(*c)).collect();
        let seconds = dial.ring_for.as_secs() + 5;
        let mut variables = format!(
            "origination_uuid={channel},origination_caller_id_number={number},\
             origination_caller_id_name='{shown}',originate_timeout={seconds},ignore_early_media=true,{STAY}"
        );
        if dial.auto_answer {
            variables += ",sip_auto_answer=true,sip_h_Alert-Info='info=alert-autoanswer'";
        }
        if let Some(note) = &dial.note {
            let note: String = note.chars().filter(|c| plain_sign(*c)).take(200).collect();
            variables += &format!(",sip_h_Subject='{note}'");
        }
        let asked = self.client.bgapi(&format!("originate {{{variables}}}{} &park()", way.dial)).await;
        let failed = match asked {
            Ok(answer) => match answer.job_uuid() {
                Some(job) => {
                    let job = job.to_owned();
                    self.kept.with(|kept| kept.jobs.insert(job, channel.clone()));
                    return Ok(());
                }
                None => EslError::protocol_error("no Job-UUID"),
            },
            Err(error) => error,
        };
        let why = if failed.is_connection_error() { Cause::Failure } else { cause("INVALID_GATEWAY") };
        self.tell(News::Gone { channel, cause: why }).await;
        Err(failed)
    }

    async fn play(&self, channel: String, playback: String, prompts: &[Prompt]) -> Done {
        let mut files = Vec::new();
        for prompt in prompts {
            if let Some(folder) = &self.settings.sounds_here
                && let Err(error) = tape::place(folder, prompt)
            {
                tracing::warn!(prompt = %prompt.name, %error, "a prompt cannot be given to FreeSWITCH");
            }
            files.push(format!("{}/{}.wav", self.settings.sounds, tape::file_name(&prompt.name)));
        }
        let file = match files.as_slice() {
            [one] => one.clone(),
            many => format!("file_string://{}", many.join("!")),
        };
        let entry = (file.clone(), playback.clone());
        self.kept.with(|kept| kept.playing.entry(channel.clone()).or_default().push_back(entry));
        let done = self.act(format!("uuid_broadcast {channel} {file} aleg")).await;
        if done.is_err() {
            self.kept.with(|kept| {
                let queue = kept.playing.get_mut(&channel);
                queue.into_iter().for_each(|queue| queue.retain(|(_, name)| *name != playback));
            });
            self.tell(News::Played { playback, whole: false }).await;
        }
        done
    }

    /// Two are bridged; a third one makes a conference of it.
    async fn join(&self, room: String, channel: String) -> Done {
        let (members, conference) = self.kept.with(|kept| {
            let members = kept.rooms.entry(room.clone()).or_default();
            if !members.contains(&channel) {
                members.push(channel.clone());
            }
            let many = members.len() > 2 && kept.conferences.insert(room.clone());
            (
                members.clone(),
                if many { Some(true) } else { kept.conferences.contains(&room).then_some(false) },
            )
        });
        let enter = |channel: &str| format!("uuid_transfer {channel} conference:{room}@default inline");
        match (conference, members.as_slice()) {
            (Some(true), all) => {
                let mut done = Ok(());
                for member in all {
                    done = done.and(self.act(enter(member)).await);
                }
                done
            }
            (Some(false), _) => self.act(enter(&channel)).await,
            (None, [first, second]) => self.act(format!("uuid_bridge {first} {second}")).await,
            (None, _) => Ok(()),
        }
    }

    async fn record(&self, name: String, channel: String, tape: Tape) -> Done {
        let (Some(folder), Some(_)) = (&self.settings.recordings, &self.settings.recordings_here) else {
            tracing::warn!("recordings of FreeSWITCH need the settings recordings and recordings_here");
            self.tell(News::Taped { name, millis: 0, whole: false }).await;
            return Ok(());
        };
        self.act(format!("uuid_setvar {channel} RECORD_STEREO true")).await.ok();
        let path = format!("{folder}/{name}.wav");
        let taping = Taping { tape, channel: channel.clone() };
        self.kept.with(|kept| kept.tapes.insert(name.clone(), taping));
        let done = self.act(format!("uuid_record {channel} start {path}")).await;
        if done.is_err() {
            self.kept.with(|kept| kept.tapes.remove(&name));
            self.tell(News::Taped { name, millis: 0, whole: false }).await;
        }
        done
    }

    async fn recording(&self, name: &str, verb: &str) -> Done {
        let channel = self.kept.with(|kept| kept.tapes.get(name).map(|taping| taping.channel.clone()));
        match (channel, &self.settings.recordings) {
            (Some(channel), Some(folder)) => {
                self.act(format!("uuid_record {channel} {verb} {folder}/{name}.wav")).await
            }
            _ => Ok(()),
        }
    }

    /// The recording of a channel that ended: its sound goes to the tape.
    pub(crate) async fn taped(&self, channel: &str) -> Option<News> {
        let (name, mut taping) = self.kept.with(|kept| {
            let name = kept.tapes.iter().find(|(_, taping)| taping.channel == channel)?.0.clone();
            kept.tapes.remove(&name).map(|taping| (name, taping))
        })?;
        let path = self.settings.recordings_here.as_ref()?.join(format!("{name}.wav"));
        let moved = tokio::task::spawn_blocking(move || {
            let wav = std::fs::read(&path)?;
            let odd = || std::io::Error::other("no WAV of 16 bits and 8 kHz");
            let (customer, agent) = tape::sides_of_wav(&wav).ok_or_else(odd)?;
            let millis = tape::append(&mut taping.tape, &customer, &agent)?;
            std::fs::remove_file(&path)?;
            std::io::Result::Ok(millis)
        });
        let moved = moved.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        let (millis, whole) = match moved {
            Ok(millis) => (millis, true),
            Err(error) => {
                tracing::error!(name, %error, "a recording of FreeSWITCH cannot be kept");
                (0, false)
            }
        };
        Some(News::Taped { name, millis, whole })
    }
}

/// A sign that means nothing in a dial string or a variable.
fn plain_sign(c: char) -> bool {
    c.is_alphanumeric() || " -_.+".contains(c)
}
