//! Starting and ending: settings, the first administrator, a good end.

use crate::site::{PASSWORD, Running, Site, agent, free_address, huiyin, soon};
use huiyin_store::Engine;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

fn said(words: &[&str]) -> (i32, String, String) {
    let output = huiyin(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// contracts §1: a settings file says where and how; the command line wins.
#[test]
fn the_server_takes_its_settings_from_a_file() {
    let site = Site::founded(Engine::Sqlite);
    let (data, backups) = (site.home(), site.folder().join("copies"));
    let file = site.folder().join("huiyin.toml");
    let text = format!(
        "data = {:?}\nlisten = \"192.0.2.1:1\"\nbackup_dir = {:?}\nbackup_every = \"1h\"\nbackup_keep = 2\n",
        data.to_str().unwrap(),
        backups.to_str().unwrap()
    );
    fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let (code, out, why) = said(&["check-config", "--config", file, "--listen", "127.0.0.1:0"]);
    assert_eq!(code, 0, "{why}");
    assert!(out.contains("database: schema version") && out.contains("2 are kept"), "{out}");
    let (code, _, why) = said(&["check-config", "--config", file]);
    assert!(code == 1 && why.contains("cannot listen on 192.0.2.1:1"), "{code} {why}");
    let command = huiyin(&["serve", "--config", file, "--listen", "127.0.0.1:0", "--log", "warn"]);
    let running = Running::start(command);
    running.client().record("by the settings of a file");
    let taken = || fs::read_dir(&backups).into_iter().flatten().count() == 1;
    assert!(soon(taken), "the first backup, where the file says");
    running.end();
    let site_file = site.folder().join("wrong.toml");
    fs::write(&site_file, "lisetn = \"127.0.0.1:0\"\n").unwrap();
    let (code, _, why) = said(&["serve", "--config", site_file.to_str().unwrap()]);
    assert!(
        code == 2 && why.contains("unknown field `lisetn`") && why.contains("wrong.toml"),
        "{code} {why}"
    );
}

/// contracts §1: everything that would keep a server from starting is named, at once.
#[test]
fn check_config_names_everything_that_is_wrong() {
    let site = Site::founded(Engine::Sqlite);
    let path = |name: &str| site.folder().join(name).to_str().unwrap().to_owned();
    let data = site.home().to_str().unwrap().to_owned();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    fs::write(path("other.pem"), other.signing_key.serialize_pem()).unwrap();
    fs::write(path("a-file"), "no folder").unwrap();
    let tls = |key: &str| {
        let (cert, key) = (path("cert.pem"), path(key));
        let words = ["check-config", "--data", &data, "--listen", "127.0.0.1:0", "--tls-cert", &cert];
        said(&[&words[..], &["--tls-key", &key]].concat())
    };
    let (code, out, why) = tls("key.pem");
    assert!(code == 0 && out.contains("certificate and key fit"), "{code} {out} {why}");
    let (code, _, why) = tls("other.pem");
    assert!(code == 1 && why.contains("wrong: cannot use"), "{code} {why}");
    assert!(tls("nowhere.pem").0 == 1);
    let backups = path("a-file");
    let words = ["check-config", "--data", &data, "--listen", "192.0.2.1:443", "--backup-dir", &backups];
    let (code, out, why) = said(&words);
    assert!(code == 1 && why.contains("a-file is no folder") && why.contains("192.0.2.1:443"), "{why}");
    assert!(out.contains("warning: plain HTTP on a network") && out.contains("to mend it"), "{out}");
    // beside a running server: said, and not wrong
    let running = site.serve();
    let address = running.address.trim_start_matches("http://").to_owned();
    let (code, out, why) = said(&["check-config", "--data", &data, "--listen", &address]);
    assert!(code == 0 && out.contains("is in use by process") && !out.contains("warning"), "{out} {why}");
    running.end();
    // a schema from the future
    site.shell("INSERT INTO schema_version SELECT MAX(version) + 1, 'later', 'x', 0 FROM schema_version");
    let words = ["--data", &data, "--listen", "127.0.0.1:0"];
    for command in ["check-config", "serve"] {
        let (code, _, why) = said(&[&[command], &words[..]].concat());
        assert!(code == 1 && why.contains("use the newer binary"), "{command} {code} {why}");
    }
    let nowhere = ["--database-url", "postgres://u:hidden-word@127.0.0.1:1/x", "--files", &data];
    for command in ["check-config", "serve"] {
        let (code, out, why) = said(&[&[command], &nowhere[..], &["--listen", "127.0.0.1:0"]].concat());
        assert!(code == 1 && why.contains("cannot open the database"), "{command} {code} {why}");
        assert!(!format!("{out}{why}").contains("hidden-word"), "{why}");
    }
}

/// contracts §1: a folder belongs to one process, and so does an address.
#[test]
fn a_second_server_is_refused_with_the_address_of_the_first() {
    let site = Site::founded(Engine::Sqlite);
    let running = site.serve();
    let held = format!("is in use by process {} at {}", running.id(), running.address);
    let files = site.folder().join("rows.csv");
    fs::write(&files, "code\n").unwrap();
    for words in [
        &["serve", "--listen", "127.0.0.1:0"] as &[&str],
        &["migrate"],
        &["admin", "create", "--login", "x", "--password-stdin"],
        &["org", "create", "second"],
        &["report", "freeze", "--kind", "monthly_analysis", "--period", "2026-10"],
        &["casefile", "TS-1", "--output", files.to_str().unwrap()],
    ] {
        let (code, _, why) = site.said(words);
        assert!(code == 1 && why.contains(&held), "{words:?} {code} {why}");
    }
    let second = Site::founded(Engine::Sqlite);
    let taken = running.address.trim_start_matches("http://");
    let (code, _, why) = second.said(&["serve", "--listen", taken]);
    assert!(code == 1 && why.contains(&format!("cannot listen on {taken}")), "{code} {why}");
    running.end();
}

/// contracts §1: there is no default password; the first start prints a link
/// that makes the first administrator once, and none after that.
#[test]
fn the_first_start_prints_a_link_that_works_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::empty(engine);
        let mut running = site.serve();
        let line = running.line();
        let link = line.rsplit(' ').next().unwrap().to_owned();
        assert!(line.starts_with("make the first administrator here, once, within a day: "), "{line}");
        assert!(link.starts_with(&format!("{}/setup/", running.address)), "{link}");
        let agent = agent();
        let opened = agent.get(&link).call().unwrap();
        assert_eq!(opened.status(), 200);
        assert!(opened.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        // who is refused sees the form again
        let made = |link: &str, password: &str| {
            let form = [("login", "admin"), ("name", "陈主任"), ("password", password)];
            let sent = agent.post(link).header("origin", &running.address).send_form(form);
            !sent.unwrap().body_mut().read_to_string().unwrap().contains("<form")
        };
        assert!(!made(&link, "short"), "a password too weak costs nothing");
        assert!(!made(&format!("{link}x"), PASSWORD), "not the link");
        assert!(made(&link, PASSWORD));
        assert!(!made(&link, PASSWORD), "once");
        let client = running.client();
        client.record("the first matter");
        running.tell_to_end();
        let (good, rest) = running.ended();
        assert!(good && rest.is_empty(), "{rest}");
        let again = site.serve();
        assert_eq!(client.at(&again).get("cases/count")["count"], 1);
        again.tell_to_end();
        assert_eq!(again.ended(), (true, String::new()), "no second link");
    }
}

/// Issue 3 §1: told to end, the server takes nothing new, answers what it has,
/// ends the streams and closes the database; an answered write is there.
#[test]
fn a_good_end_answers_what_is_under_way() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::founded(engine);
        let running = site.serve();
        let client = running.client();
        let stream = client.events(None);
        let address = running.address.trim_start_matches("http://").to_owned();
        let body = json!({"kind": "complaint", "channel": "phone", "text": "said slowly"}).to_string();
        let mut slow = TcpStream::connect(&address).unwrap();
        slow.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = format!(
            "POST /api/v1/cases HTTP/1.1\r\nhost: {address}\r\nauthorization: {}\r\n\
             content-type: application/json\r\nidempotency-key: slow\r\ncontent-length: {}\r\n\r\n",
            client.bearer(),
            body.len()
        );
        slow.write_all(head.as_bytes()).unwrap();
        slow.write_all(&body.as_bytes()[..20]).unwrap();
        // the server has this one in its hands before it is told
        assert!(client.get("cases/count").is_object());
        running.tell_to_end();
        assert!(soon(|| TcpStream::connect(&address).is_err()), "nothing new is taken");
        slow.write_all(&body.as_bytes()[20..]).unwrap();
        let mut answer = BufReader::new(slow);
        let mut status = String::new();
        answer.read_line(&mut status).unwrap();
        assert!(status.starts_with("HTTP/1.1 201"), "{status}");
        let mut rest = String::new();
        answer.read_to_string(&mut rest).unwrap();
        let made: Value = serde_json::from_str(rest.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert!(running.ended().0, "a good end");
        // the stream has ended: what is left of it can be read to its end
        while stream.recv_timeout(Duration::from_secs(30)).is_ok() {}
        let again = site.serve();
        let found = client.at(&again).get(&format!("cases/{}", made["id"].as_str().unwrap()));
        assert_eq!(found["number"], made["number"]);
        again.end();
        site.clean();
    }
}

/// contracts §1: what a file, a flag or the environment says wrongly is wrong
/// usage, exit code 2, before anything is touched.
#[test]
fn wrong_usage_is_exit_code_two() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let listen = free_address();
    for words in [
        &["serve"] as &[&str],
        &["serve", "--data", &data, "--listen", "nowhere"],
        &["serve", "--data", &data, "--tls-cert", "cert.pem"],
        &["serve", "--data", &data, "--backup-every", "1w"],
        &["serve", "--data", &data, "--backup-keep", "0"],
        &["serve", "--data", &data, "--backup-dir", &data, "--listen", &listen],
        &["serve", "--data", &data, "--trusted-proxy", "my-proxy"],
        &["serve", "--data", &data, "--public-url", "desk.example.cn"],
        &["check-config", "--database-url", "postgres://127.0.0.1:1/x"],
        &["no-such-command"],
    ] {
        let (code, out, why) = said(words);
        assert!(code == 2 && out.is_empty() && !why.is_empty(), "{words:?} {code} {out} {why}");
    }
    assert!(!folder.path().join("data").join("huiyin.db").exists(), "nothing was made");
}
