//! An Asterisk of the tests: the documented requests, errors and events of
//! ARI over HTTP and one WebSocket.

use futures_util::SinkExt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Message, handshake::derive_accept_key};

#[derive(Clone)]
pub struct FakeAri {
    pub address: std::net::SocketAddr,
    state: Arc<Mutex<State>>,
    events: broadcast::Sender<Send>,
}

#[derive(Clone)]
enum Send {
    Text(String),
    Close,
}

#[derive(Default)]
struct State {
    channels: HashMap<String, Channel>,
    playing: HashMap<String, String>,
    recordings: HashMap<String, bool>,
    log: Vec<String>,
    wrong: Vec<String>,
    refuse_dials: HashMap<String, u16>,
    down: bool,
}

#[derive(Clone)]
struct Channel {
    up: bool,
    stasis: bool,
    endpoint: String,
    arrived: bool,
}

impl FakeAri {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fake = Self { address, state: Arc::default(), events: broadcast::channel(1_000).0 };
        let serving = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let fake = serving.clone();
                tokio::spawn(async move { fake.serve(stream).await });
            }
        });
        fake
    }

    pub fn settings(&self) -> String {
        format!(
            "kind = \"asterisk\"\nurl = \"http://{}\"\nuser = \"huiyin\"\nsecret_file = \"secret\"\n\
             [[line]]\nname = \"carrier\"\n[[line]]\nname = \"spare\"\ncaller_id = \"4009\"\n",
            self.address
        )
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap())
    }

    pub fn raw(&self, text: &str) {
        let _ = self.events.send(Send::Text(text.to_owned()));
    }

    fn event(&self, kind: &str, rest: &str) {
        self.raw(&format!("{{\"type\":\"{kind}\",\"application\":\"huiyin\",\"asterisk_id\":\"x\",{rest}}}"));
    }

    fn channel_event(&self, kind: &str, id: &str, rest: &str) {
        let json = self.json(id);
        self.event(kind, &format!("{rest}\"channel\":{json}"));
    }

    fn json(&self, id: &str) -> String {
        self.with(|state| {
            let channel = state.channels.get(id);
            let up = if channel.is_some_and(|channel| channel.up) { "Up" } else { "Ring" };
            let app = if channel.is_some_and(|channel| channel.stasis) { "Stasis" } else { "" };
            let args = if channel.is_some_and(|channel| channel.arrived) { "huiyin,line,carrier" } else { "huiyin,dialled" };
            format!(
                "{{\"id\":\"{id}\",\"name\":\"PJSIP/carrier-00000001\",\"state\":\"{up}\",\
                 \"caller\":{{\"name\":\"\",\"number\":\"13800138000\"}},\"connected\":{{\"name\":\"\",\"number\":\"\"}},\
                 \"dialplan\":{{\"context\":\"c\",\"exten\":\"4001\",\"priority\":1,\"app_name\":\"{app}\",\"app_data\":\"{args}\"}}}}"
            )
        })
    }

    /// A call arrives in the application.
    pub fn arrive(&self, id: &str) {
        self.put(id, true);
        self.channel_event("StasisStart", id, "\"args\":[\"line\",\"carrier\"],");
    }

    /// The same, while nobody listens.
    pub fn put(&self, id: &str, arrived: bool) {
        let channel = Channel { up: false, stasis: true, endpoint: String::new(), arrived };
        self.with(|state| state.channels.insert(id.into(), channel));
    }

    pub fn ring(&self, id: &str) {
        let json = self.json(id).replace("\"Ring\"", "\"Ringing\"");
        self.event("ChannelStateChange", &format!("\"channel\":{json}"));
    }

    /// Somebody whom we called answers.
    pub fn pick_up(&self, id: &str) {
        self.with(|state| {
            let channel = state.channels.get_mut(id).unwrap();
            (channel.up, channel.stasis) = (true, true);
        });
        self.channel_event("ChannelStateChange", id, "");
        self.channel_event("StasisStart", id, "\"args\":[\"dialled\"],");
    }

    pub fn digit(&self, id: &str, digit: char) {
        self.channel_event("ChannelDtmfReceived", id, &format!("\"digit\":\"{digit}\",\"duration_ms\":100,"));
    }

    /// The other side hangs up.
    pub fn gone(&self, id: &str, cause: u16) {
        let stasis = self.with(|state| state.channels.get(id).is_some_and(|channel| channel.stasis));
        let ears: Vec<String> = self.with(|state| {
            let ears = state
                .recordings
                .keys()
                .filter(|name| state.channels.get(*name).is_some_and(|c| c.endpoint == id));
            ears.cloned().collect()
        });
        for ear in ears {
            self.end_recording(&ear);
        }
        if stasis {
            self.channel_event("StasisEnd", id, "");
        }
        self.channel_event("ChannelDestroyed", id, &format!("\"cause\":{cause},\"cause_txt\":\"x\","));
        self.forget(id);
    }

    pub fn forget(&self, id: &str) {
        self.with(|state| state.channels.remove(id));
    }

    pub fn played(&self, playback: &str, state: &str) {
        self.with(|there| there.playing.retain(|_, name| name != playback));
        self.event(
            "PlaybackFinished",
            &format!("\"playback\":{{\"id\":\"{playback}\",\"state\":\"{state}\"}}"),
        );
    }

    fn end_recording(&self, name: &str) {
        if self.with(|state| state.recordings.insert(name.into(), false)) == Some(true) {
            self.event(
                "RecordingFinished",
                &format!("\"recording\":{{\"name\":\"{name}\",\"state\":\"done\"}}"),
            );
        }
    }

    pub fn refuse_dials(&self, endpoint: &str, status: u16) {
        self.with(|state| state.refuse_dials.insert(endpoint.into(), status));
    }

    /// Closes the WebSocket; while down nobody gets in.
    pub fn cut(&self, down: bool) {
        self.with(|state| state.down = down);
        let _ = self.events.send(Send::Close);
    }

    /// What was asked first that contains `part`, waited for.
    pub async fn asked(&self, part: &str) -> String {
        for _ in 0..1_000 {
            if let Some(line) = self.with(|state| state.log.iter().find(|line| line.contains(part)).cloned())
            {
                return line;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nobody asked {part}: {:#?}", self.log());
    }

    pub fn log(&self) -> Vec<String> {
        self.with(|state| state.log.clone())
    }

    /// The channel of the n-th call that we were asked to make.
    pub async fn dialled(&self, endpoint: &str) -> String {
        let line = self.asked(&format!("endpoint={endpoint}")).await;
        line.split(['/', '?']).nth(1).unwrap().to_owned()
    }

    /// Requests that a real Asterisk would have hung on or refused.
    pub fn wrong(&self) -> Vec<String> {
        self.with(|state| state.wrong.clone())
    }

    async fn serve(&self, mut stream: TcpStream) {
        let mut buffer = Vec::new();
        loop {
            let end = loop {
                if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                    break at + 4;
                }
                let mut more = [0; 4_096];
                match stream.read(&mut more).await {
                    Ok(0) | Err(_) => return,
                    Ok(count) => buffer.extend_from_slice(&more[..count]),
                }
            };
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let field = |name: &str| {
                let mut lines = head.lines().filter_map(|line| line.split_once(": "));
                lines.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
            };
            let length: usize = field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            while buffer.len() < end + length {
                let mut more = [0; 4_096];
                match stream.read(&mut more).await {
                    Ok(0) | Err(_) => return,
                    Ok(count) => buffer.extend_from_slice(&more[..count]),
                }
            }
            let body = String::from_utf8_lossy(&buffer[end..end + length]).into_owned();
            buffer.drain(..end + length);
            let line = head.lines().next().unwrap().to_owned();
            let allowed = field("authorization").is_some_and(|value| value == "Basic aHVpeWluOnNlY3JldA==");
            let key = field("sec-websocket-key");
            if self.with(|state| state.down) {
                return;
            }
            if let (Some(key), true) = (key, allowed) {
                let accept = derive_accept_key(key.as_bytes());
                let answer = format!(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
                return self.push(stream).await;
            }
            let (status, answer) = if allowed { self.answer(&line, &body) } else { (401, "{}".into()) };
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{answer}", answer.len());
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    async fn push(&self, stream: TcpStream) {
        let mut events = self.events.subscribe();
        let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
        while let Ok(Send::Text(text)) = events.recv().await {
            if socket.send(Message::text(text)).await.is_err() {
                return;
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "one line for each request that ARI documents")]
    fn answer(&self, line: &str, body: &str) -> (u16, String) {
        let mut words = line.split(' ');
        let (verb, target) = (words.next().unwrap(), words.next().unwrap());
        let target = target.strip_prefix("/ari/").unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        self.with(|state| {
            state.log.push(
                format!("{verb} {path}?{query} {body}")
                    .replace("%2F", "/")
                    .replace("%40", "@")
                    .replace("%3A", ":")
                    .replace("%2C", ","),
            )
        });
        let parts: Vec<&str> = path.split('/').collect();
        let value = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .clone()
                .find(|(field, _)| *field == name)
                .map(|(_, value)| value.replace("%2F", "/").replace("%40", "@"))
        };
        let known = |id: &str| self.with(|state| state.channels.contains_key(id));
        match (verb, parts.as_slice()) {
            ("GET", ["channels"]) => {
                let ids: Vec<String> = self.with(|state| state.channels.keys().cloned().collect());
                let all: Vec<String> = ids.iter().map(|id| self.json(id)).collect();
                (200, format!("[{}]", all.join(",")))
            }
            ("GET", ["endpoints"]) => (
                200,
                "[{\"technology\":\"PJSIP\",\"resource\":\"1001\",\"state\":\"online\",\"channel_ids\":[]},\
                {\"technology\":\"PJSIP\",\"resource\":\"carrier\",\"state\":\"online\",\"channel_ids\":[]}]"
                    .into(),
            ),
            ("POST", ["applications", ..]) => (200, "{}".into()),
            ("POST", ["channels", id]) => {
                let endpoint = value("endpoint").unwrap();
                if let Some(status) = self.with(|state| state.refuse_dials.get(&endpoint).copied()) {
                    return (status, "{\"message\":\"Allocation failed\"}".into());
                }
                let channel = Channel { up: false, stasis: false, endpoint, arrived: false };
                self.with(|state| state.channels.insert((*id).into(), channel));
                (200, self.json(id))
            }
            ("POST", ["channels", id, ..]) if !known(id) => {
                (404, "{\"message\":\"Channel not found\"}".into())
            }
            ("DELETE", ["channels", id]) if known(id) => {
                let cause = value("reason_code").and_then(|code| code.parse().ok()).unwrap_or(16);
                self.gone(id, cause);
                (204, String::new())
            }
            ("POST", ["channels", id, "answer"]) => {
                self.with(|state| state.channels.get_mut(*id).unwrap().up = true);
                self.channel_event("ChannelStateChange", id, "");
                (204, String::new())
            }
            ("POST", ["channels", id, "play", playback]) => {
                self.with(|state| state.playing.insert((*id).into(), (*playback).into()));
                (201, format!("{{\"id\":\"{playback}\",\"state\":\"queued\"}}"))
            }
            ("DELETE", ["playbacks", playback]) => {
                self.played(playback, "done");
                (204, String::new())
            }
            ("POST", ["channels", id, "snoop", ear]) => {
                let channel = Channel { up: true, stasis: true, endpoint: (*id).into(), arrived: false };
                self.with(|state| state.channels.insert((*ear).into(), channel));
                self.channel_event("StasisStart", ear, "\"args\":[\"ear\"],");
                (200, self.json(ear))
            }
            ("POST", ["channels", _, "record"]) => {
                self.with(|state| state.recordings.insert(value("name").unwrap(), true));
                (201, "{}".into())
            }
            ("POST", ["recordings", "live", name, "stop"]) => {
                self.end_recording(name);
                (204, String::new())
            }
            ("GET", ["recordings", "live", name]) => {
                let live = self.with(|state| state.recordings.get(*name) == Some(&true));
                if live { (200, "{}".into()) } else { (404, "{}".into()) }
            }
            ("GET", ["recordings", "stored", name, "file"]) => {
                (200, if name.ends_with(".said") { "aaaaaaaa" } else { "bbbb" }.into())
            }
            ("POST", ["bridges", _, "addChannel"]) => self.add(&value("channel").unwrap()),
            ("DELETE", ["channels", _]) => (404, "{}".into()),
            _ => (204, String::new()),
        }
    }

    fn add(&self, id: &str) -> (u16, String) {
        self.with(|state| {
            if state.playing.contains_key(id) {
                // a real one hangs until the prompt is over
                state.wrong.push(format!("addChannel of {id} while it plays"));
            }
            match state.channels.get(id) {
                None => (400, "{\"message\":\"Channel not found\"}".into()),
                Some(channel) if !channel.stasis => (409, "{\"message\":\"not in Stasis\"}".into()),
                Some(_) => (204, String::new()),
            }
        })
    }
}
