//! How browsers reach the server: TLS of its own, or a proxy in front.

use crate::site::{PASSWORD, Running, Site, agent, free_address};
use huiyin_store::Engine;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Asks with curl, which trusts nothing but the authority given.
fn curl(authority: &Path, words: &[&str]) -> (bool, String) {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--include", "--max-time", "30", "--noproxy", "*", "--cacert"]);
    let output = command.arg(authority).args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout) + &text(&output.stderr))
}

/// Signs in over TLS; the cookie must be one that browsers send over TLS only.
fn signs_in_securely(running: &Running, authority: &Path) {
    let (ready, seen) = curl(authority, &[&format!("{}/readyz", running.address)]);
    assert!(ready && seen.contains("\"ready\""), "{seen}");
    let body = json!({"login": "admin", "password": PASSWORD}).to_string();
    let url = format!("{}/api/v1/session", running.address);
    let words = ["--header", "content-type: application/json", "--data", &body, &url];
    let (signed, seen) = curl(authority, &words);
    let cookie = seen.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).unwrap_or_default();
    assert!(signed && cookie.contains("__Host-huiyin="), "{seen}");
    for word in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
}

/// contracts §1: TLS with a certificate from elsewhere; nothing goes in the clear.
#[test]
fn a_certificate_of_ones_own_is_shown() {
    let site = Site::founded(Engine::Sqlite);
    let path = |name: &str| site.folder().join(name);
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    let words = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let running = site.serve_with(&words);
    assert!(running.address.starts_with("https://127.0.0.1:"), "{}", running.address);
    signs_in_securely(&running, &cert);
    let plain = running.address.replace("https://", "http://");
    assert!(agent().get(format!("{plain}/readyz")).call().is_err(), "nothing in the clear");
    let stranger = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(path("stranger.pem"), stranger.cert.pem()).unwrap();
    assert!(!curl(&path("stranger.pem"), &[&format!("{}/readyz", running.address)]).0, "not theirs");
    running.end();
    let refused = ["serve", "--listen", "127.0.0.1:0", words[0], words[1], words[2], "/nowhere/key.pem"];
    let (code, _, why) = site.said(&refused);
    assert!(code == 1 && why.contains("/nowhere/key.pem"), "{code} {why}");
}

/// contracts §1: an own authority, for a network without one, can be downloaded
/// and stays over restarts.
#[test]
fn an_authority_of_our_own_can_be_downloaded() {
    let site = Site::founded(Engine::Sqlite);
    let authority = site.home().join("tls/ca.pem");
    let running = site.serve_with(&["--tls-self-signed"]);
    signs_in_securely(&running, &authority);
    let first = fs::read_to_string(&authority).unwrap();
    let (good, seen) = curl(&authority, &[&format!("{}/ca.pem", running.address)]);
    assert!(good && seen.replace("\r\n", "\n").ends_with(&first), "{seen}");
    running.end();
    let running = site.serve_with(&["--tls-self-signed"]);
    signs_in_securely(&running, &authority);
    assert_eq!(fs::read_to_string(&authority).unwrap(), first, "people installed this one");
    running.end();
}

/// contracts §1: behind a proxy with TLS the cookie is secure, the Origin is
/// that of the public address, and who asks is whom the trusted proxy names.
#[test]
fn behind_a_proxy_the_public_address_counts() {
    let site = Site::founded(Engine::Sqlite);
    let listen = free_address();
    let public = "https://desk.example.cn";
    let words = ["--listen", &listen, "--public-url", public, "--trusted-proxy", "127.0.0.1"];
    let running = site.serve_with(&words);
    assert_eq!(running.address, public, "what people type");
    let agent = agent();
    let sign_in = |login: &str, password: &str, asker: &str| {
        let sent = agent.post(format!("http://{listen}/api/v1/session")).header("x-forwarded-for", asker);
        sent.send_json(json!({"login": login, "password": password})).unwrap()
    };
    let signed = sign_in("admin", PASSWORD, "198.51.100.1");
    let cookie = signed.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-huiyin=") && cookie.ends_with("; Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let token = |origin: &str| {
        let sent = agent.post(format!("http://{listen}/api/v1/tokens"));
        let sent = sent.header("host", "desk.example.cn").header("origin", origin).header("cookie", cookie);
        let mut answer = sent.send_json(json!({"name": "test"})).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json::<Value>().unwrap())
    };
    assert_eq!(token(public).0, 201);
    let (status, problem) = token("https://evil.example.cn");
    assert_eq!((status, &problem["code"]), (403, &json!("origin_mismatch")));
    // who guesses is stopped by address, and the proxy's other customers are not
    let guess = |number: usize| sign_in(&format!("nobody{number}"), "wrong", "198.51.100.7, 127.0.0.1");
    let stopped = (0..40).map(guess).position(|answer| answer.status() == 429);
    assert!(stopped.is_some_and(|guesses| guesses > 5), "{stopped:?}");
    assert_eq!(sign_in("admin", PASSWORD, "198.51.100.1").status(), 200);
    assert_eq!(sign_in("admin", PASSWORD, "198.51.100.7").status(), 429);
    running.end();
    // nobody is believed who was not named
    let running = site.serve_with(&["--public-url", public, "--listen", &listen]);
    let guess = |number: usize| sign_in(&format!("nobody{number}"), "wrong", &format!("198.51.100.{number}"));
    assert!((0..40).map(guess).any(|answer| answer.status() == 429), "all from the one address that asks");
    running.end();
}
