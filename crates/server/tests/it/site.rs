//! A place with data, the binary on it, and a client.

use huiyin_store::{Engine, Store, StoreConfig};
use huiyin_testkit::engines::TestStore;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

/// Password of the only person.
pub const PASSWORD: &str = "four small windy boats";

/// Makes a command that nothing but its words decides.
pub fn huiyin(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
    for name in ["HUIYIN_DATA", "HUIYIN_DATABASE_URL", "HUIYIN_FILES", "HUIYIN_CONFIG"] {
        command.env_remove(name);
    }
    command.args(words);
    command
}

/// A place with data, empty at first.
pub struct Site {
    /// What runs the database.
    pub engine: Engine,
    /// Where it is, as arguments.
    place: Vec<String>,
    // takes folder or schema away when dropped
    store: TestStore,
}

impl Site {
    /// Makes an empty place.
    pub fn empty(engine: Engine) -> Self {
        let store = TestStore::empty(engine);
        store.close();
        let folder = store.folder().to_str().unwrap().to_owned();
        let place = match store.config() {
            StoreConfig::Sqlite(_) => vec!["--data".to_owned(), format!("{folder}/data")],
            StoreConfig::Postgres(server) => {
                vec![
                    "--database-url".to_owned(),
                    server.url.clone(),
                    "--files".to_owned(),
                    format!("{folder}/data"),
                ]
            }
        };
        Self { engine, place, store }
    }

    /// Makes a place with an administrator who does case work too.
    pub fn founded(engine: Engine) -> Self {
        let site = Self::empty(engine);
        let mut command = site.command(&["admin", "create", "--login", "admin", "--password-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{PASSWORD}\n").as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
        site
    }

    /// A folder of this test for anything else.
    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// The folder of anchors and files.
    pub fn home(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// How the store is opened.
    pub fn store_config(&self) -> StoreConfig {
        self.store.config().clone()
    }

    /// Makes a command on this place.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = huiyin(words);
        command.args(&self.place).args(["--log", "warn"]);
        command
    }

    /// Makes an administrator of an organisation, with the usual password.
    pub fn administrator(&self, login: &str, org: &str) {
        let words = ["admin", "create", "--login", login, "--password-stdin", "--org", org];
        let mut command = self.command(&words);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{PASSWORD}\n").as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Runs a command; gives exit code, standard output and standard error.
    pub fn said(&self, words: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.run(words);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// Runs a command on the place to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs `doctor` in full; gives its JSON and whether it was clean.
    pub fn doctor(&self) -> (Value, bool) {
        let output = self.run(&["doctor", "--json"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let report: Value = serde_json::from_str(&text)
            .unwrap_or_else(|_| panic!("{text} {}", String::from_utf8_lossy(&output.stderr)));
        (report, output.status.code() == Some(0))
    }

    /// Insists that `doctor` finds nothing; gives its report.
    pub fn clean(&self) -> Value {
        let (report, clean) = self.doctor();
        assert!(clean, "{report:#}");
        report
    }

    /// Runs a script past the product, as who has the database's own shell.
    pub fn shell(&self, script: &str) {
        match self.engine {
            Engine::Sqlite => {
                rusqlite::Connection::open(self.home().join("huiyin.db"))
                    .unwrap()
                    .execute_batch(script)
                    .unwrap();
            }
            Engine::Postgres => self.store.as_server_admin(script),
        }
    }

    /// Gives the one number of a query, past the product.
    pub fn count(&self, query: &'static str) -> i64 {
        let store = Store::open(&self.store_config()).unwrap();
        let row = store.read_blocking(move |tx| tx.one(query, &[]));
        store.close();
        row.unwrap().unwrap().get(0).unwrap()
    }

    /// Starts the server.
    pub fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    /// Starts the server with more words on its command line.
    pub fn serve_with(&self, words: &[&str]) -> Running {
        let mut command = self.command(&["serve", "--anchor-every", "1s"]);
        if !words.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(words);
        Running::start(command)
    }
}

/// Gives an address on which nothing listens at this moment.
pub fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// A server that runs; killed when dropped.
pub struct Running {
    child: Child,
    // kept open, or what the server says would have nowhere to go
    said: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: String,
}

impl Running {
    /// Starts a server and waits until it says where it is.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self { child, said, address: String::new() };
        running.address = running.line().strip_prefix("huiyin is at ").unwrap().to_owned();
        running
    }

    /// Gives the next line that the server says; empty when it ended.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Tells it to end, as systemd does, and does not wait.
    pub fn tell_to_end(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// Waits for its end; gives whether it was a good one and what it still said.
    pub fn ended(mut self) -> (bool, String) {
        assert!(soon(|| self.child.try_wait().unwrap().is_some()), "it does not end");
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.said, &mut rest).unwrap();
        (self.child.wait().unwrap().success(), rest)
    }

    /// Kills it at once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Gives the number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as systemd does and waits.
    pub fn end(self) {
        self.tell_to_end();
        assert!(self.ended().0);
    }

    /// Signs the administrator in and makes a token.
    pub fn client(&self) -> Client {
        let agent = agent();
        let url = |path: &str| format!("{}/api/v1/{path}", self.address);
        let body = json!({"login": "admin", "password": PASSWORD});
        let signed = agent.post(url("session")).header("origin", &self.address).send_json(&body).unwrap();
        let cookie = signed.headers().get("set-cookie").unwrap().to_str().unwrap().split(';').next().unwrap();
        let mut made = agent
            .post(url("tokens"))
            .header("origin", &self.address)
            .header("cookie", cookie)
            .send_json(json!({"name": "test"}))
            .unwrap();
        let made: Value = made.body_mut().read_json().unwrap();
        Client { agent, address: self.address.clone(), token: made["token"].as_str().unwrap().to_owned() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // already gone where a test ended or killed it
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes a client that shows every answer and gives up after a minute.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
}

/// Somebody who asks the server by token.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    address: String,
    token: String,
}

impl Client {
    /// Gives the header that names who asks.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// Asks the same person's questions at another address.
    pub fn at(&self, running: &Running) -> Self {
        Self { agent: agent(), address: running.address.clone(), token: self.token.clone() }
    }

    /// Opens the event stream, after an event where one is named, and hands its
    /// lines to a channel.
    pub fn events(&self, after: Option<&str>) -> std::sync::mpsc::Receiver<String> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1_000);
        let mut asked = self
            .agent
            .get(format!("{}/api/v1/events", self.address))
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(after) = after {
            asked = asked.header("last-event-id", after);
        }
        let answer = asked.call().unwrap();
        assert_eq!(answer.status(), 200);
        std::thread::spawn(move || {
            let body = answer.into_body().into_reader();
            for line in BufReader::new(body).lines() {
                let Ok(line) = line else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        receiver
    }

    /// Posts; gives status and answer, or nothing when the server died meanwhile.
    pub fn try_post(&self, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let sent = self
            .agent
            .post(format!("{}/api/v1/{path}", self.address))
            .header("authorization", format!("Bearer {}", self.token))
            .header("idempotency-key", visible(key))
            .send_json(body);
        let mut answer = sent.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.body_mut().read_json().ok()?))
    }

    /// Posts and insists on success.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Value {
        let (status, answer) = self.try_post(path, key, body).unwrap();
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// Attaches a file to a case and gives the attachment's id.
    pub fn attach(&self, case: &str, name: &str, bytes: &[u8]) -> String {
        let mut answer = self
            .agent
            .post(format!("{}/api/v1/cases/{case}/attachments?name={name}", self.address))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/octet-stream")
            .send(bytes)
            .unwrap();
        assert_eq!(answer.status().as_u16(), 201);
        let attached: Value = answer.body_mut().read_json().unwrap();
        attached["id"].as_str().unwrap().to_owned()
    }

    /// Gets; gives status and answer, or nothing when the server died meanwhile.
    pub fn try_get(&self, path: &str) -> Option<(u16, Value)> {
        let mut answer = self
            .agent
            .get(format!("{}/api/v1/{path}", self.address))
            .header("authorization", format!("Bearer {}", self.token))
            .call()
            .ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.body_mut().read_json().ok()?))
    }

    /// Gets what lies beside the API, such as `readyz`.
    pub fn outside(&self, path: &str) -> Value {
        let mut answer = self.agent.get(format!("{}/{path}", self.address)).call().unwrap();
        answer.body_mut().read_json().unwrap()
    }

    /// Gets and insists on success.
    pub fn get(&self, path: &str) -> Value {
        let (status, answer) = self.try_get(path).unwrap();
        assert_eq!(status, 200, "{path} {answer}");
        answer
    }

    /// Records a matter and gives its id.
    pub fn record(&self, text: &str) -> String {
        // a kind whose limits end on no evening: near midnight clocks add events of their own
        let body = json!({"kind": "suggestion", "channel": "phone", "text": text});
        self.post("cases", text, &body)["id"].as_str().unwrap().to_owned()
    }

    /// Adds a note to a case.
    pub fn note(&self, case: &str, text: &str) {
        self.post(&format!("cases/{case}/actions/note"), &format!("{case}{text}"), &json!({"text": text}));
    }
}

/// A key is visible ASCII: everything else becomes its number.
fn visible(key: &str) -> String {
    let sign =
        |sign: char| if sign.is_ascii_graphic() { sign.to_string() } else { format!("u{:x}", sign as u32) };
    key.chars().take(40).map(sign).collect()
}

/// Looks again and again for a while until something holds.
///
/// Another process does it: there is no clock to drive and nothing to wait on.
pub fn soon(mut holds: impl FnMut() -> bool) -> bool {
    let end = std::time::Instant::now() + Duration::from_secs(30);
    let (_sender, never) = std::sync::mpsc::sync_channel::<()>(0);
    loop {
        if holds() {
            return true;
        }
        if std::time::Instant::now() > end {
            return false;
        }
        let _ = never.recv_timeout(Duration::from_millis(50));
    }
}
