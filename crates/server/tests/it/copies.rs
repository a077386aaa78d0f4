//! A backup brought back is the same data, on either engine.

use crate::site::Site;
use huiyin_store::portable::{self, SCHEMA_TABLE};
use huiyin_store::{Engine, Store, StoreConfig, StoreError};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Every row of every table, as text, sorted.
type Content = BTreeMap<String, Vec<String>>;

fn content(site: &Site) -> Content {
    let store = Store::open(&site.config()).unwrap();
    let content = store.read_blocking(|tx| {
        let mut content = Content::new();
        for table in portable::tables(tx)?.into_iter().filter(|table| table.name != SCHEMA_TABLE) {
            let mut rows = Vec::new();
            portable::each(tx, &table, |row| {
                rows.push(format!("{:?}", row.values()));
                Ok(())
            })?;
            rows.sort();
            content.insert(table.name, rows);
        }
        Ok::<_, StoreError>(content)
    });
    store.close();
    content.unwrap()
}

/// Every file beside the database that a backup has to hold, by its path.
fn files(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![site.home()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let name = entry.file_name().into_string().unwrap();
            let known = folder != site.home()
                || ["tls", "anchors", "erasures.jsonl", "files"].contains(&name.as_str())
                || name.bytes().all(|byte| byte.is_ascii_digit());
            match path.is_dir() {
                _ if !known || name.starts_with('.') => {}
                true => open.push(path),
                false => {
                    let part = path.strip_prefix(site.home()).unwrap();
                    // beside an embedded database attachments have a folder of their own
                    let part = part.strip_prefix("files").unwrap_or(part).to_owned();
                    found.insert(part, std::fs::read(&path).unwrap());
                }
            }
        }
    }
    found
}

fn filled(engine: Engine) -> Site {
    let site = Site::founded(engine);
    let running = site.serve();
    let client = running.client();
    for number in 0..5 {
        let id = client.record(&format!("matter {number} 电梯"));
        client.note(&id, "looked at it");
        client.attach(&id, "photo.txt", format!("a picture of {number}").as_bytes());
    }
    // beside the running server
    let backup = site.run(&["backup", "--output", site.backups().to_str().unwrap()]);
    assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
    running.end();
    // makes an authority and keys beside the data
    site.serve_with(&["--tls-self-signed"]).end();
    let backup = site.run(&["backup", "--output", site.backups().to_str().unwrap()]);
    assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
    site
}

/// PROP-68: what comes back is what was there, rows, attached files, keys and
/// anchors, from either engine into either; and it serves.
#[test]
fn a_restored_backup_has_the_same_content() {
    for from in [Engine::Sqlite, Engine::Postgres] {
        let site = filled(from);
        let before = content(&site);
        let beside = files(&site);
        assert_eq!((before["cases"].len(), before["attachments"].len()), (5, 5));
        assert_eq!(before["org_keys"].len(), before["organisations"].len(), "the key that names files");
        let lies = |part: &str| beside.keys().filter(|path| path.starts_with(part)).count();
        assert!((lies("1"), lies("anchors")) == (5, 1) && lies("tls") > 1, "{:?}", beside.keys());
        for to in [Engine::Sqlite, Engine::Postgres] {
            let target = Site::empty(to);
            let restored = target.run(&["restore", "--input", site.backups().to_str().unwrap()]);
            assert!(
                restored.status.success(),
                "{from:?} {to:?} {}",
                String::from_utf8_lossy(&restored.stderr)
            );
            assert_eq!(content(&target), before, "{from:?} {to:?}");
            assert_eq!(files(&target), beside, "{from:?} {to:?}");
            let report = target.clean();
            assert_eq!(report["anchors"], report["anchors_outside"]);
            let again = target.run(&["restore", "--input", site.backups().to_str().unwrap()]);
            assert_eq!(again.status.code(), Some(1));
            assert!(String::from_utf8_lossy(&again.stderr).contains("never mixes"));
        }
    }
}

/// PROP-68: a backup that was changed or is half there is refused.
#[test]
fn a_damaged_backup_is_refused_before_anything_is_written() {
    let site = filled(Engine::Sqlite);
    let newest = std::fs::read_dir(site.backups()).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
    let database = newest.join("database/huiyin.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    let target = Site::empty(Engine::Sqlite);
    let refused = target.run(&["restore", "--input", newest.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("is damaged"), "{said}");
    assert!(!target.home().join("huiyin.db").exists());
}

impl Site {
    fn backups(&self) -> std::path::PathBuf {
        self.folder().join("backups")
    }

    fn config(&self) -> StoreConfig {
        match self.engine {
            Engine::Sqlite => StoreConfig::sqlite_read_only(self.home().join("huiyin.db")),
            Engine::Postgres => self.store_config(),
        }
    }
}
