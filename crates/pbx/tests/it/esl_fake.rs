//! A FreeSWITCH of the tests: the event socket with its greeting, replies,
//! events in halves, and disconnects.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

#[derive(Clone)]
pub struct FakeEsl {
    pub address: std::net::SocketAddr,
    state: Arc<Mutex<State>>,
    out: broadcast::Sender<Vec<u8>>,
}

#[derive(Default)]
struct State {
    log: Vec<String>,
    /// Channels with the headers of their dump.
    channels: BTreeMap<String, String>,
    errors: Vec<(String, String)>,
    jobs: u32,
    down: bool,
}

impl FakeEsl {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fake = Self { address, state: Arc::default(), out: broadcast::channel(1_000).0 };
        let serving = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let fake = serving.clone();
                tokio::spawn(async move { fake.serve(stream).await });
            }
        });
        fake
    }

    pub fn settings(&self, folder: &std::path::Path) -> String {
        format!(
            "kind = \"freeswitch\"\nurl = \"tcp://{}\"\nsecret_file = \"secret\"\nsounds = \"/sounds\"\n\
             recordings = \"/rec\"\nrecordings_here = \"{}\"\n[[line]]\nname = \"carrier\"\n[[line]]\nname = \"spare\"\n",
            self.address,
            folder.display()
        )
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap())
    }

    pub fn raw(&self, bytes: &[u8]) {
        let _ = self.out.send(bytes.to_vec());
    }

    /// Sends an event in three pieces, as networks do.
    pub fn event(&self, name: &str, headers: &[(&str, &str)], body: &str) {
        let mut text = format!("Event-Name: {name}\n");
        for (header, value) in headers {
            text +=
                &format!("{header}: {}\n", value.replace('%', "%25").replace(':', "%3A").replace(' ', "%20"));
        }
        if body.is_empty() {
            text += "\n";
        } else {
            text += &format!("Content-Length: {}\n\n{body}", body.len());
        }
        let whole = format!("Content-Length: {}\nContent-Type: text/event-plain\n\n{text}", text.len());
        let bytes = whole.as_bytes();
        for piece in bytes.chunks(bytes.len() / 3 + 1) {
            self.raw(piece);
        }
    }

    pub fn arrive(&self, uuid: &str) {
        self.put(uuid);
        self.event(
            "CHANNEL_PARK",
            &[
                ("Unique-ID", uuid),
                ("Answer-State", "ringing"),
                ("Caller-Caller-ID-Number", "13800138000"),
                ("Caller-Caller-ID-Name", "Wang Li"),
                ("Caller-Destination-Number", "4001"),
                ("variable_huiyin_context", "huiyin"),
                ("variable_huiyin_origin", "line:carrier"),
            ],
            "",
        );
    }

    pub fn put(&self, uuid: &str) {
        let dump = format!(
            "{{\"Unique-ID\":\"{uuid}\",\"variable_huiyin_context\":\"huiyin\",\"variable_huiyin_origin\":\"phone:1003\",\
             \"Caller-Caller-ID-Number\":\"1003\",\"Caller-Destination-Number\":\"4001\"}}"
        );
        self.with(|state| state.channels.insert(uuid.into(), dump));
    }

    pub fn of(&self, name: &str, uuid: &str, more: &[(&str, &str)]) {
        let mut headers = vec![("Unique-ID", uuid)];
        headers.extend_from_slice(more);
        self.event(name, &headers, "");
    }

    pub fn gone(&self, uuid: &str, cause: &str) {
        self.forget(uuid);
        self.of("CHANNEL_HANGUP_COMPLETE", uuid, &[("Hangup-Cause", cause)]);
    }

    pub fn forget(&self, uuid: &str) {
        self.with(|state| state.channels.remove(uuid));
    }

    /// Commands that begin so are answered so.
    pub fn refuse(&self, begin: &str, answer: &str) {
        self.with(|state| state.errors.push((begin.into(), answer.into())));
    }

    pub fn cut(&self, down: bool) {
        self.with(|state| state.down = down);
        self.raw(b"");
    }

    pub async fn asked(&self, part: &str) -> String {
        for _ in 0..1_000 {
            if let Some(line) = self.with(|state| state.log.iter().find(|line| line.contains(part)).cloned())
            {
                return line;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nobody asked {part}: {:#?}", self.with(|state| state.log.clone()));
    }

    /// The channel that was dialled.
    pub async fn dialled(&self, to: &str) -> String {
        let line = self.asked(&format!("}}{to} &park()")).await;
        line.split("origination_uuid=").nth(1).unwrap().split(',').next().unwrap().to_owned()
    }

    async fn serve(&self, stream: TcpStream) {
        if self.with(|state| state.down) {
            return;
        }
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"Content-Type: auth/request\n\n").await.unwrap();
        let mut out = self.out.subscribe();
        let mut command = String::new();
        loop {
            tokio::select! {
                line = lines.next_line() => match line {
                    Ok(Some(line)) if line.is_empty() => {
                        let told = std::mem::take(&mut command);
                        let answer = self.answer(told.trim());
                        if write.write_all(answer.as_bytes()).await.is_err() || answer.contains("-ERR invalid") {
                            return;
                        }
                    }
                    Ok(Some(line)) => command += &format!("{line}\n"),
                    _ => return,
                },
                bytes = out.recv() => match bytes {
                    Ok(bytes) if !bytes.is_empty() => {
                        write.write_all(&bytes).await.unwrap();
                        write.flush().await.unwrap();
                        tokio::task::yield_now().await;
                    }
                    _ => return,
                },
            }
        }
    }

    fn answer(&self, command: &str) -> String {
        let reply = |text: &str| format!("Content-Type: command/reply\nReply-Text: {text}\n\n");
        if let Some(secret) = command.strip_prefix("auth ") {
            return reply(if secret == "secret" { "+OK accepted" } else { "-ERR invalid" });
        }
        self.with(|state| state.log.push(command.to_owned()));
        if let Some(command) = command.strip_prefix("bgapi ") {
            let job = self.with(|state| {
                state.jobs += 1;
                format!("job-{}", state.jobs)
            });
            if let Some(error) = self.error(command) {
                self.event("BACKGROUND_JOB", &[("Job-UUID", &job)], &format!("{error}\n"));
            } else if let Some(rest) = command.split("origination_uuid=").nth(1) {
                self.put(rest.split(',').next().unwrap());
            }
            return reply(&format!("+OK Job-UUID: {job}")).replace("\n\n", &format!("\nJob-UUID: {job}\n\n"));
        }
        let Some(command) = command.strip_prefix("api ") else { return reply("+OK") };
        let body = self.error(command).unwrap_or_else(|| self.api(command));
        format!("Content-Type: api/response\nContent-Length: {}\n\n{body}", body.len())
    }

    fn error(&self, command: &str) -> Option<String> {
        self.with(|state| {
            let found = state.errors.iter().find(|(begin, _)| command.contains(begin.as_str()));
            found.map(|(_, answer)| answer.clone())
        })
    }

    fn api(&self, command: &str) -> String {
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["show", "channels", ..] => {
                let uuids: Vec<String> = self.with(|state| state.channels.keys().cloned().collect());
                let rows: Vec<String> =
                    uuids.iter().map(|uuid| format!("{{\"uuid\":\"{uuid}\",\"callstate\":\"RINGING\"}}")).collect();
                format!("{{\"row_count\":{},\"rows\":[{}]}}", rows.len(), rows.join(","))
            }
            ["show", "registrations", ..] => "{\"row_count\":1,\"rows\":[{\"reg_user\":\"1001\",\"realm\":\"x\",\
                \"url\":\"sofia/internal/sip:1001@192.0.2.7:5062\",\"network_ip\":\"192.0.2.7\",\"network_port\":\"5062\"}]}"
                .into(),
            ["sofia", "status", "gateway", name] => format!("=====\nName    \t{name}\nState   \tREGED\nStatus  \tUP\n====="),
            ["uuid_dump", uuid, ..] => {
                self.with(|state| state.channels.get(*uuid).cloned()).unwrap_or("-ERR No such channel!\n".into())
            }
            ["uuid_kill", uuid, cause] if self.with(|state| state.channels.contains_key(*uuid)) => {
                self.gone(uuid, cause);
                "+OK\n".into()
            }
            [verb, uuid, ..] if verb.starts_with("uuid_") && self.with(|state| !state.channels.contains_key(*uuid)) => {
                "-ERR No such channel!\n".into()
            }
            ["uuid_answer", uuid] => {
                self.of("CHANNEL_ANSWER", uuid, &[]);
                "+OK\n".into()
            }
            _ => "+OK\n".into(),
        }
    }
}
