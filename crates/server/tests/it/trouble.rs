//! A file that is damaged while it is served: said, not a panic.

use crate::site::Site;
use huiyin_store::Engine;
use serde_json::json;
use std::io::{Seek as _, SeekFrom, Write as _};

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
