//! Texts erased on lawful request stay erased, also after a restore.

use crate::site::Site;
use huiyin_store::Engine;
use serde_json::json;

/// the texts go, the history stays sound, a backup cannot bring them back.
#[test]
fn erased_texts_stay_erased_after_a_restore() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::founded(engine);
        let running = site.serve();
        let client = running.client();
        let id = client.record("my secret matter");
        client.note(&id, "a secret note");
        let file = client.attach(&id, "secret.txt", b"a secret file");
        let backups = site.folder().join("backups");
        let backup = site.run(&["backup", "--output", backups.to_str().unwrap()]);
        assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
        let path = format!("cases/{id}/erasures");
        let wrong = json!({"basis": "request", "texts": ["x".repeat(43)]});
        let (status, problem) = client.try_post(&path, "wrong", &wrong).unwrap();
        assert_eq!((status, problem["fields"][0]["code"].as_str()), (422, Some("unknown_text")));
        let erased = client.post(&path, "erase", &json!({"basis": "request of 2026-11-20"}));
        assert_eq!((&erased["texts"], &erased["files"]), (&json!(3), &json!(1)));
        let (status, problem) = client.try_post(&path, "again", &json!({"basis": "request"})).unwrap();
        assert_eq!((status, problem["code"].as_str()), (409, Some("erased_already")));
        assert!(!client.get(&format!("cases/{id}")).to_string().contains("secret"));
        assert!(!client.get(&format!("cases/{id}/timeline")).to_string().contains("secret"));
        let download = format!("cases/{id}/attachments/{file}");
        let (status, problem) = client.try_get(&download).unwrap();
        assert_eq!((status, problem["code"].as_str()), (404, Some("file_erased")));
        running.end();
        let seen = site.clean();
        assert_eq!((&seen["erased_texts"], &seen["erased_files"]), (&json!(3), &json!(1)));

        // the old backup and the log that the lost machine left
        let target = Site::empty(engine);
        let log = site.home().join("erasures.jsonl");
        let words = ["restore", "--input", backups.to_str().unwrap(), "--erasures", log.to_str().unwrap()];
        let restored = target.run(&words);
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        assert!(String::from_utf8_lossy(&restored.stdout).contains("1 carried out again"));
        let seen = target.clean();
        assert_eq!((&seen["erased_texts"], &seen["erased_files"]), (&json!(3), &json!(1)));
        assert!(!seen.to_string().contains("file_waits"), "no file of the backup lies there: {seen}");
        let running = target.serve();
        let again = client.at(&running);
        assert!(!again.get(&format!("cases/{id}")).to_string().contains("secret"));
        assert_eq!(again.try_get(&download).unwrap().0, 404);
        running.end();
    }
}
