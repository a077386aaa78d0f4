//! Asterisk by its REST interface: requests of a worker thread, events of one
//! WebSocket.

mod events;
mod requests;
mod tapes;
mod wire;

use crate::core::{News, Present, Step};
use crate::settings::PbxSettings;
use crate::telephone::{Link, NoLink, STEPS, beside};
use base64::Engine;
use events::Heard;
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tapes::Tapes;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::{Error, Message, client::IntoClientRequest, http};
use wire::{Fault, Wire};

/// News that may wait.
const QUEUE: usize = 10_000;

/// How often we ask whether Asterisk is there, and how long without any word.
const PING: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);

/// How long a channel that left the application may stay before it is over.
const GRACE: Duration = Duration::from_secs(2);

/// An Asterisk.
pub(crate) struct Ari {
    settings: Arc<PbxSettings>,
    authorization: String,
    wire: Arc<Wire>,
    tapes: Arc<Tapes>,
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

impl Ari {
    pub(crate) fn new(settings: &PbxSettings, secret: &str) -> Self {
        let account = format!("{}:{secret}", settings.user);
        let authorization = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(account));
        // https needs a provider; a second installation finds the first one
        let _ = rustls::crypto::ring::default_provider().install_default();
        let wire = Wire::new(settings.url.trim_end_matches('/'), &authorization);
        Self {
            settings: Arc::new(settings.clone()),
            authorization,
            wire: Arc::new(wire),
            tapes: Arc::default(),
        }
    }

    /// Connects: the WebSocket first, which makes the application known, then
    /// what lives already.
    pub(crate) async fn connect(&self) -> Result<Link, NoLink> {
        let socket = tokio::time::timeout(Duration::from_secs(10), self.open())
            .await
            .map_err(|_| NoLink::Unreachable("no answer in 10 s".into()))??;
        let (steps, queue) = mpsc::channel(STEPS);
        let (news, heard) = mpsc::channel(QUEUE);
        let worker = requests::Worker {
            wire: Arc::clone(&self.wire),
            settings: Arc::clone(&self.settings),
            tapes: Arc::clone(&self.tapes),
            news: news.downgrade(),
        };
        let first = {
            let worker = worker.clone();
            tokio::task::spawn_blocking(move || worker.look_round())
        };
        let first = first.await.map_err(|error| NoLink::Odd(error.to_string()))?;
        let first = first.map_err(|fault| match fault {
            Fault::Status(status @ (401 | 403)) => NoLink::Refused(status.to_string()),
            other => NoLink::Unreachable(other.to_string()),
        })?;
        for item in first {
            let _ = news.send(item).await;
        }
        std::thread::Builder::new()
            .name("ari".into())
            .spawn(move || worker.run(queue))
            .map_err(|error| NoLink::Odd(error.to_string()))?;
        beside(listen(socket, Arc::clone(&self.settings), Arc::clone(&self.tapes), steps.downgrade(), news));
        Ok(Link { steps, news: heard })
    }

    async fn open(&self) -> Result<Socket, NoLink> {
        let base = self.settings.url.trim_end_matches('/').replacen("http", "ws", 1);
        let address = format!("{base}/ari/events?app={}", self.settings.context);
        let odd = |error: &dyn std::fmt::Display| NoLink::Odd(error.to_string());
        let mut request = address.into_client_request().map_err(|error| odd(&error))?;
        let value = http::HeaderValue::from_str(&self.authorization).map_err(|error| odd(&error))?;
        request.headers_mut().insert(http::header::AUTHORIZATION, value);
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(response)) if matches!(response.status().as_u16(), 401 | 403) => {
                Err(NoLink::Refused(response.status().to_string()))
            }
            Err(Error::Http(response)) => Err(NoLink::Odd(response.status().to_string())),
            Err(error) => Err(NoLink::Unreachable(error.to_string())),
        }
    }
}

/// Reads events until the socket closes, falls silent, or nobody listens.
async fn listen(
    socket: Socket,
    settings: Arc<PbxSettings>,
    tapes: Arc<Tapes>,
    steps: mpsc::WeakSender<Step>,
    news: mpsc::Sender<News>,
) {
    let (mut out, mut events) = socket.split();
    let mut ping = tokio::time::interval(PING);
    let mut heard = tokio::time::Instant::now();
    loop {
        let message = tokio::select! {
            message = events.next() => message,
            _ = ping.tick() => {
                let silent = heard.elapsed() > SILENCE;
                if silent || news.is_closed() || out.send(Message::Ping(Default::default())).await.is_err() {
                    return;
                }
                continue;
            }
        };
        heard = tokio::time::Instant::now();
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            Some(Ok(_)) => continue,
        };
        match events::read(&text, &settings) {
            None => {}
            Some(Heard::News(item)) => {
                let told = news.send(item).await;
                if told.is_err() {
                    return;
                }
            }
            Some(Heard::Left { channel, cause }) => {
                let news = news.downgrade();
                beside(async move {
                    tokio::time::sleep(GRACE).await;
                    if let Some(news) = news.upgrade() {
                        let _ = news.send(News::Gone { channel, cause }).await;
                    }
                });
            }
            Some(Heard::TapeEnded { name, whole }) => {
                if let Some(name) = tapes.half_ended(&name, whole)
                    && let Some(steps) = steps.upgrade()
                {
                    let _ = steps.send(Step::EndRecording { name }).await;
                }
            }
            Some(Heard::Replaced) => {
                tracing::warn!("another program took over the Stasis application");
                return;
            }
        }
    }
}

/// The channels of a list of Asterisk.
pub(crate) fn present(list: &serde_json::Value, settings: &PbxSettings) -> Vec<Present> {
    let channels = list.as_array().map(Vec::as_slice).unwrap_or_default();
    channels.iter().filter_map(|channel| events::present(channel, settings)).collect()
}
