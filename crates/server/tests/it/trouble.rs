//! A file that is damaged while it is served: said, not a panic.

use crate::site::Site;
use huiyin_store::Engine;
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
