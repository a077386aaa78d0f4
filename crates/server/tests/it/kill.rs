//! An acknowledged write survives `kill -9` under load.

use crate::site::{Client, Site};
use huiyin_store::Engine;
use serde_json::json;
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// How often the server is killed.
const ROUNDS: u32 = 4;
/// Clients at once.
const CLIENTS: u32 = 8;

/// What the server acknowledged: case and version by key; nothing for a
/// request that was never answered.
type Promised = BTreeMap<String, Option<(String, u64)>>;

/// PROP-67, PROP-68
#[test]
fn acknowledged_writes_survive_sudden_death_sqlite() {
    sudden_death(Engine::Sqlite);
}

/// PROP-67, PROP-68
#[test]
fn acknowledged_writes_survive_sudden_death_postgres() {
    sudden_death(Engine::Postgres);
}

fn sudden_death(engine: Engine) {
    let site = Site::founded(engine);
    let mut client: Option<Client> = None;
    let promised = Mutex::new(Promised::new());
    for round in 0..ROUNDS {
        let running = site.serve();
        let known = client.take();
        let here = known.map_or_else(|| running.client(), |known| known.at(&running));
        keep_promises(&here, &promised);
        // a different moment each round, somewhere in the middle of the work
        let target = 12 + 7 * (round * 5 % 9);
        load(&here, (round, target, running.id()), &promised);
        running.kill();
        client = Some(here);
    }
    let running = site.serve();
    let here = client.unwrap().at(&running);
    keep_promises(&here, &promised);
    running.end();
    let report = site.clean();
    let promised = promised.into_inner().unwrap();
    assert_eq!(report["cases"].as_u64().unwrap(), promised.len() as u64, "one case for each key");
    assert!(promised.len() > 50, "{}", promised.len());
}

/// Creates cases and notes on them until the process is killed.
fn load(client: &Client, (round, target, process): (u32, u32, u32), promised: &Mutex<Promised>) {
    let acknowledged = AtomicU32::new(0);
    let worker = |worker: u32| {
        for number in 0.. {
            let key = format!("{round}-{worker}-{number}");
            promised.lock().unwrap().insert(key.clone(), None);
            let Some(created) = client.try_post("cases", &key, &matter(&key)) else { return };
            let Some((id, mut version)) = made(&created) else { return };
            promised.lock().unwrap().insert(key.clone(), Some((id.clone(), version)));
            if acknowledged.fetch_add(1, Ordering::SeqCst) + 1 == target {
                assert!(Command::new("kill").args(["-9", &process.to_string()]).status().unwrap().success());
            }
            let path = format!("cases/{id}/actions/note");
            let Some(noted) = client.try_post(&path, &format!("{key}-note"), &json!({"text": key})) else {
                return;
            };
            let Some((_, after)) = made(&noted) else { return };
            version = version.max(after);
            promised.lock().unwrap().insert(key, Some((id, version)));
        }
    };
    std::thread::scope(|scope| {
        (0..CLIENTS).for_each(|number| {
            drop(scope.spawn({
                let worker = &worker;
                move || worker(number)
            }))
        });
    });
}

/// Looks for every acknowledged case, and repeats what was not answered.
fn keep_promises(client: &Client, promised: &Mutex<Promised>) {
    for (key, promise) in promised.lock().unwrap().iter_mut() {
        match promise {
            Some((id, version)) => {
                let found = client.get(&format!("cases/{id}"));
                assert!(found["version"].as_u64().unwrap() >= *version, "{key} {found}");
            }
            None => {
                let first = client.post("cases", key, &matter(key));
                let second = client.post("cases", key, &matter(key));
                assert_eq!(first["id"], second["id"], "a repeat makes no second case");
                *promise = made(&(201, first));
                assert!(promise.is_some());
            }
        }
    }
}

fn matter(key: &str) -> serde_json::Value {
    json!({"kind": "complaint", "channel": "phone", "text": format!("matter {key}")})
}

/// Id and version of a success; nothing when the server refused while dying.
fn made((status, answer): &(u16, serde_json::Value)) -> Option<(String, u64)> {
    if !(200..300).contains(status) {
        return None;
    }
    Some((answer["id"].as_str()?.to_owned(), answer["version"].as_u64()?))
}
