//! The search index of real processes: followed, killed, made anew beside its service.

use crate::site::{Client, Site, soon};
use huiyin_store::Engine;
use serde_json::Value;

fn finds(client: &Client, q: &str) -> Vec<String> {
    let coded: String = q.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let answer = client.get(&format!("search?subjects=case&q={coded}"));
    let hits = answer["groups"][0]["items"].as_array().cloned().unwrap_or_default();
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

fn status(site: &Site) -> Value {
    let (code, out, err) = site.said(&["index", "status", "--json"]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

fn lives(engine: Engine) {
    let site = Site::founded(engine);
    let running = site.serve();
    let here = running.client();
    let first = here.record("水獭进了水泵房");
    assert!(soon(|| finds(&here, "水獭") == [first.clone()]), "found after the write");
    // while it serves, the index is made anew beside the one that serves
    let (code, out, err) = site.said(&["index", "rebuild"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("made anew"), "{out}");
    assert_eq!(finds(&here, "水獭"), std::slice::from_ref(&first));
    assert!(soon(|| status(&site)["indexes"][0]["status"]["documents"].as_u64() >= Some(1)));
    let second = here.record("水獭又来了");
    running.kill();
    // what the killed process did not take up any more, the next one does
    let running = site.serve();
    let there = here.at(&running);
    assert!(soon(|| finds(&there, "水獭").len() == 2), "{second}");
    running.end();
    let (code, out, err) = site.said(&["index", "rebuild"]);
    assert_eq!((code, out.contains("2 documents")), (0, true), "{out} {err}");
    assert_eq!(status(&site)["indexes"][0]["in_use"], false);
    // damage is found at the start and mended by itself
    let generation = std::fs::read_dir(site.home().join("index/0")).unwrap().flatten();
    let generation = generation.map(|entry| entry.path()).find(|path| path.is_dir()).unwrap();
    for entry in std::fs::read_dir(generation).unwrap().flatten() {
        std::fs::write(entry.path(), b"torn").unwrap();
    }
    let running = site.serve();
    assert!(soon(|| finds(&here.at(&running), "水獭").len() == 2), "made anew after damage");
    running.end();
    site.clean();
}

/// Issue 6 §1: fresh within a second, rebuilt while serving, caught up after a kill.
#[test]
fn the_index_lives_on_sqlite() {
    lives(Engine::Sqlite);
}

/// Issue 6 §1: fresh within a second, rebuilt while serving, caught up after a kill.
#[test]
fn the_index_lives_on_postgres() {
    lives(Engine::Postgres);
}

/// Issue 6 §1: with several processes each serves complete results from its own index.
#[test]
fn each_process_has_an_index_of_its_own() {
    let site = Site::founded(Engine::Postgres);
    let (one, two) = (site.serve(), site.serve());
    let here = one.client();
    let there = here.at(&two);
    let made = here.record("两处都找得到的豪猪");
    for client in [&here, &there] {
        assert!(soon(|| finds(client, "豪猪") == [made.clone()]));
    }
    assert_eq!(status(&site)["indexes"].as_array().map(Vec::len), Some(2));
    let (code, out, _) = site.said(&["index", "rebuild"]);
    assert_eq!((code, out.contains("of 2 running")), (0, true), "{out}");
    for client in [&here, &there] {
        assert!(soon(|| finds(client, "豪猪") == [made.clone()]));
    }
    one.end();
    two.end();
}
