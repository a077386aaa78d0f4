//! A damaged file, a database that is away: said, not a panic, and mended by a retry.

use crate::site::{Running, Site, agent, huiyin, soon};
use huiyin_store::{Engine, StoreConfig};
use serde_json::json;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// PROP-68: what cannot be read is a problem with a code, the server stays up,
/// and `doctor` names the damage.
#[test]
fn a_file_damaged_while_serving_is_said_and_not_a_panic() {
    let site = Site::founded(Engine::Sqlite);
    let running = site.serve();
    let client = running.client();
    let ids: Vec<String> =
        (0..20).map(|number| client.record(&format!("{number} {}", "长".repeat(15_000)))).collect();
    site.shell("PRAGMA wal_checkpoint(TRUNCATE)");
    let path = site.home().join("huiyin.db");
    let pages = std::fs::metadata(&path).unwrap().len() / 4_096;
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    for page in (pages / 2)..pages {
        file.seek(SeekFrom::Start(page * 4_096)).unwrap();
        file.write_all(&[0x5a; 4_096]).unwrap();
    }
    drop(file);
    let answers: Vec<_> = ids.iter().map(|id| client.try_get(&format!("cases/{id}")).unwrap()).collect();
    assert!(answers.iter().any(|(status, _)| *status == 503), "{answers:?}");
    for (status, answer) in &answers {
        assert!(
            *status == 200 || (*status == 503 && answer["code"] == "database_damaged"),
            "{status} {answer}"
        );
    }
    running.kill();
    let found = site.run(&["doctor"]);
    assert_eq!(found.status.code(), Some(1));
    let said = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(said.contains("broken database_damaged"), "{said} {}", String::from_utf8_lossy(&found.stderr));
}

/// Bad input (issue 3): whoever sends ten megabytes gets to read why not, also
/// a program that reads no answer before it has sent everything.
#[test]
fn a_text_of_ten_megabytes_is_answered_and_not_cut_off() {
    let site = Site::founded(Engine::Sqlite);
    let running = site.serve();
    let client = running.client();
    let before = client.get("cases/count");
    let body = json!({"kind": "complaint", "channel": "phone", "text": "x".repeat(10_000_000)});
    let (status, answer) = client.try_post("cases", "ten-megabytes", &body).unwrap();
    assert_eq!((status, &answer["code"]), (413, &json!("payload_too_large")), "{answer}");
    assert_eq!(client.get("cases/count"), before, "nothing is stored");
}

/// Issue 3 §5: while the database server is away the product says so and is not
/// ready; when it is back the same request works, without a restart.
#[test]
fn a_database_that_goes_away_is_said_and_comes_back() {
    let site = Site::founded(Engine::Postgres);
    let StoreConfig::Postgres(server) = site.store_config() else { panic!("not a server") };
    let gate = Gate::before(&server.url);
    let files = site.home();
    let running = Running::start(huiyin(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database-url",
        &gate.url,
        "--files",
        files.to_str().unwrap(),
        "--log",
        "error",
    ]));
    let client = running.client();
    let body = json!({"kind": "complaint", "channel": "phone", "text": "said while nobody could write"});
    let status = |path: &str| agent().get(format!("{}/{path}", running.address)).call().unwrap().status();
    client.record("before");
    for round in 0..2 {
        let key = format!("round-{round}");
        gate.shut();
        let (code, problem) = client.try_post("cases", &key, &body).unwrap();
        assert_eq!((code, &problem["code"]), (503, &json!("unavailable")), "{problem}");
        let (code, problem) = client.try_get("cases").unwrap();
        assert_eq!((code, &problem["code"]), (503, &json!("unavailable")), "{problem}");
        assert_eq!((status("readyz").as_u16(), status("healthz").as_u16()), (503, 200));
        gate.open();
        assert!(soon(|| status("readyz") == 200), "ready again");
        let made = client.post("cases", &key, &body);
        assert_eq!(client.post("cases", &key, &body)["id"], made["id"], "once");
        assert_eq!(client.get("cases/count")["count"], json!(round + 2));
    }
    running.end();
    site.clean();
}

/// A gate in front of a database server, for one process.
struct Gate {
    url: String,
    state: Arc<Mutex<Open>>,
}

/// Whether the gate is open, and which connections go through it.
struct Open {
    open: bool,
    through: Vec<TcpStream>,
}

impl Gate {
    fn before(url: &str) -> Self {
        let (begin, rest) = url.split_once('@').unwrap();
        let (server, end) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(Open { open: true, through: Vec::new() }));
        let (server, held) = (server.to_owned(), Arc::clone(&state));
        std::thread::spawn(move || {
            for come in listener.incoming() {
                let Ok(come) = come else { return };
                let mut gate = held.lock().unwrap();
                if !gate.open {
                    continue;
                }
                let go = TcpStream::connect(&server).unwrap();
                for (from, to) in [(&come, &go), (&go, &come)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || {
                        // whichever side ends first ends both
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                gate.through.extend([come, go]);
            }
        });
        Self { url: format!("{begin}@{address}/{end}"), state }
    }

    fn shut(&self) {
        let mut gate = self.state.lock().unwrap();
        gate.open = false;
        for stream in gate.through.drain(..) {
            // it may have ended by itself
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn open(&self) {
        self.state.lock().unwrap().open = true;
    }
}
