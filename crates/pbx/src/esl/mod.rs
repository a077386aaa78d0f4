//! FreeSWITCH by its event socket. Beta: tried against a fake of the protocol
//! alone, since no suite of Debian carries FreeSWITCH.

mod events;
mod orders;

use crate::core::News;
use crate::settings::PbxSettings;
use crate::telephone::{Link, NoLink, STEPS, beside};
use freeswitch_esl_tokio::{AuthMethod, EslClient, EslConnectOptions, EslError, EslEventStream, EventFormat};
use huiyin_telephony::Tape;
use orders::Worker;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// News that may wait.
const QUEUE: usize = 10_000;

/// FreeSWITCH says something (HEARTBEAT) each 20 s; twice missed is lost.
const SILENCE: Duration = Duration::from_secs(45);

/// Longest time of one command.
const LIMIT: Duration = Duration::from_secs(5);

/// What we listen to; `CUSTOM` and its classes come last.
const EVENTS: &str = "CHANNEL_PARK CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER \
    CHANNEL_HANGUP_COMPLETE CHANNEL_HOLD CHANNEL_UNHOLD DTMF PLAYBACK_STOP RECORD_STOP BACKGROUND_JOB \
    HEARTBEAT CUSTOM sofia::register sofia::unregister sofia::expire sofia::gateway_state";

/// A FreeSWITCH.
pub(crate) struct Esl {
    settings: Arc<PbxSettings>,
    secret: String,
    kept: Arc<Kept>,
}

/// What outlives a lost connection.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Keeping>);

#[derive(Default)]
pub(crate) struct Keeping {
    /// By the name of the recording.
    pub(crate) tapes: HashMap<String, Taping>,
    /// What plays at a channel, in its order: file and name.
    pub(crate) playing: HashMap<String, VecDeque<(String, String)>>,
    /// Who is in which room.
    pub(crate) rooms: HashMap<String, Vec<String>>,
    /// Rooms that became conferences.
    pub(crate) conferences: std::collections::HashSet<String>,
    /// Channels by the job that dials them.
    pub(crate) jobs: HashMap<String, String>,
}

pub(crate) struct Taping {
    pub(crate) tape: Tape,
    pub(crate) channel: String,
}

impl Kept {
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Keeping) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Esl {
    pub(crate) fn new(settings: &PbxSettings, secret: &str) -> Self {
        Self { settings: Arc::new(settings.clone()), secret: secret.to_owned(), kept: Arc::default() }
    }

    /// Connects, listens, and looks at what lives already.
    pub(crate) async fn connect(&self) -> Result<Link, NoLink> {
        let Some((host, port)) = self.settings.host_and_port() else {
            return Err(NoLink::Odd("the address has no port".into()));
        };
        let method = if self.settings.user.is_empty() {
            AuthMethod::password(self.secret.as_str())
        } else {
            AuthMethod::user(self.settings.user.as_str(), self.secret.as_str())
        };
        let options = EslConnectOptions::new().with_connect_timeout(LIMIT).with_event_queue_size(QUEUE);
        let (client, events) = EslClient::connect_with_auth(host, port, method, options)
            .await
            .map_err(|error| no_link(&error))?;
        client.set_command_timeout(LIMIT);
        client.set_liveness_timeout(SILENCE);
        let subscribed = client.subscribe_events_raw(EventFormat::Plain, EVENTS).await;
        subscribed.map_err(|error| no_link(&error))?;
        let (steps, queue) = mpsc::channel(STEPS);
        let (news, heard) = mpsc::channel(QUEUE);
        let worker = Worker {
            client,
            settings: Arc::clone(&self.settings),
            kept: Arc::clone(&self.kept),
            news: news.downgrade(),
        };
        for item in worker.look_round().await.map_err(|error| no_link(&error))? {
            let _ = news.send(item).await;
        }
        beside(listen(events, worker.clone(), news));
        beside(worker.run(queue));
        Ok(Link { steps, news: heard })
    }
}

fn no_link(error: &EslError) -> NoLink {
    match error {
        EslError::AuthenticationFailed { .. } | EslError::AccessDenied { .. } => {
            NoLink::Refused(error.to_string())
        }
        EslError::Io(_) | EslError::Timeout { .. } | EslError::ConnectionClosed | EslError::NotConnected => {
            NoLink::Unreachable(error.to_string())
        }
        other => NoLink::Odd(other.to_string()),
    }
}

/// Reads events until the connection is lost or nobody listens.
async fn listen(mut events: EslEventStream, worker: Worker, news: mpsc::Sender<News>) {
    loop {
        let event = tokio::select! {
            event = events.recv() => event,
            () = news.closed() => return,
        };
        match event {
            None => return,
            Some(Err(EslError::QueueFull)) => {
                // something was missed: begin anew and compare
                tracing::warn!("more events from FreeSWITCH than can be taken");
                return;
            }
            Some(Err(error)) => {
                tracing::warn!(%error, "an event from FreeSWITCH cannot be read");
                if news.send(News::Malformed).await.is_err() || error.is_connection_error() {
                    return;
                }
            }
            Some(Ok(event)) => {
                for item in events::read(&event, &worker).await {
                    if news.send(item).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// The channels of `show channels as json`.
pub(crate) fn uuids(list: &serde_json::Value) -> Vec<(String, bool)> {
    let rows = list["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |row: &serde_json::Value| {
        let up = row["callstate"].as_str().is_some_and(|state| matches!(state, "ACTIVE" | "HELD" | "UNHELD"));
        Some((row["uuid"].as_str()?.to_owned(), up))
    };
    rows.iter().filter_map(one).collect()
}
