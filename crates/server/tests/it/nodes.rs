//! Several server processes on one PostgreSQL.

use crate::site::{Client, Site, huiyin, soon};
use huiyin_domain::time::Timestamp;
use huiyin_store::{Engine, StoreConfig};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// Waits for an event of a case; gives its id and every line before.
fn event_of(lines: &Receiver<String>, case: &str) -> (String, Vec<String>) {
    let mut seen: Vec<String> = Vec::new();
    loop {
        let line = lines.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| panic!("{case}: {seen:?}"));
        seen.push(line);
        let end = seen.len();
        let block = seen.iter().rev().take_while(|line| !line.is_empty()).collect::<Vec<_>>();
        let id = block.iter().find_map(|line| line.strip_prefix("id: ").or(line.strip_prefix("id:")));
        if block.iter().any(|line| line.starts_with("data") && line.contains(case))
            && let Some(id) = id
        {
            return (id.trim().to_owned(), seen[..end].to_vec());
        }
    }
}

fn hello(lines: &Receiver<String>) {
    loop {
        let line = lines.recv_timeout(Duration::from_secs(20)).unwrap();
        if line.contains("hello") {
            return;
        }
    }
}

/// Issue 3 §5, §6: who listens at one process hears what happens at another,
/// goes on there after the last event seen, and is told when hints are lost.
#[test]
fn hints_reach_the_listeners_of_every_process() {
    let site = Site::founded(Engine::Postgres);
    let (one, two) = (site.serve(), site.serve());
    let here: Client = one.client();
    let there = here.at(&two);
    let lines = there.events(None);
    hello(&lines);
    let first = here.record("first");
    let (mark, _) = event_of(&lines, &first);
    let second = here.record("second");
    event_of(&lines, &second);
    // the process is gone; its listener goes on at the other one
    drop(lines);
    two.kill();
    let lines = here.events(Some(&mark));
    let (_, seen) = event_of(&lines, &second);
    assert!(!seen.iter().any(|line| line.contains(&first)), "after what was seen: {seen:?}");
    assert!(!seen.iter().any(|line| line.contains("reset")), "{seen:?}");
    // the database throws everybody out: hints may be lost, and that is said
    hello(&lines);
    site.shell(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND query LIKE '%LISTEN%' AND datname = current_database()",
    );
    let reset = || lines.try_iter().any(|line| line.contains("reset"));
    assert!(soon(reset), "told that hints may be lost");
    let third = here.record("third");
    event_of(&lines, &third);
    one.end();
}

/// Issue 3 §5: two processes share the work and do none of it twice; numbers
/// differ, scheduled work is queued once, and what a killed one held is taken over.
#[test]
fn two_processes_do_no_work_twice() {
    let site = Site::founded(Engine::Postgres);
    let (one, two) = (site.serve(), site.serve());
    let here = one.client();
    let there = here.at(&two);
    let numbers = std::thread::scope(|scope| {
        let load = |client: &Client, name: &'static str| {
            let client = client.clone();
            scope.spawn(move || {
                let record = |number: u32| {
                    let text = format!("{name} {number}");
                    let body = json!({"kind": "complaint", "channel": "phone", "text": text});
                    let made = client.post("cases", &text, &body);
                    let id = made["id"].as_str().unwrap().to_owned();
                    client.post(
                        &format!("cases/{id}/actions/mark"),
                        &format!("{text} mark"),
                        &json!({"flag": "emergency"}),
                    );
                    made["number"].as_str().unwrap().to_owned()
                };
                (0..25).map(record).collect::<Vec<_>>()
            })
        };
        let both = [load(&here, "here"), load(&there, "there")];
        both.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 50, "each case has a number of its own");
    let queued = || site.count("SELECT COUNT(*) FROM jobs WHERE kind <> 'notice_escalate'") == 0;
    assert!(soon(queued), "everything is done");
    // each emergency was told once to the only lead
    assert_eq!(site.count("SELECT COUNT(*) FROM notifications WHERE why = 'emergency'"), 50);
    // work that a dead process held: its lease ends, the other one takes it
    let held = "UPDATE jobs SET lease_by = 'a process that is gone', attempts = 1";
    site.shell(&format!("{held}, run_at = {}", i64::MAX / 4));
    site.shell("UPDATE jobs SET run_at = 0");
    two.kill();
    let taken = || site.count("SELECT COUNT(*) FROM jobs WHERE lease_by = 'a process that is gone'") == 0;
    assert!(soon(taken), "taken over");
    one.end();
    site.clean();
}

/// Issue 3 §5: of two processes that both take backups, one takes each; both
/// see it, and when one process dies the other goes on.
#[test]
fn two_processes_take_one_backup_together() {
    let site = Site::founded(Engine::Postgres);
    let folder = site.folder().join("backups");
    let words = ["--backup-dir", folder.to_str().unwrap(), "--backup-every", "2s", "--backup-keep", "3"];
    let (one, two) = (site.serve_with(&words), site.serve_with(&words));
    let here = one.client();
    let there = here.at(&two);
    let mut shown = BTreeSet::new();
    let mut seen = |wanted: usize| {
        shown.extend(moments(&folder));
        shown.len() >= wanted
    };
    assert!(soon(|| seen(3)), "a first one and two more");
    let fresh = |client: &Client| client.outside("readyz")["checks"]["backup"]["status"] == "ok";
    assert!(fresh(&here) && fresh(&there), "both know of it");
    two.kill();
    assert!(soon(|| seen(5)), "the other one goes on");
    one.end();
    shown.extend(moments(&folder));
    let moments: Vec<i64> = shown.into_iter().collect();
    assert!(moments.windows(2).all(|pair| pair[1] - pair[0] >= 2_000_000), "one each time: {moments:?}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3, "so many are kept, and nothing torn");
}

/// The moments that the backups of a folder show.
fn moments(folder: &Path) -> Vec<i64> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    // one may be under way, or be removed while we look
    let texts =
        entries.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("manifest.json")).ok());
    let moment = |text: String| {
        let manifest: Value = serde_json::from_str(&text).unwrap();
        Timestamp::parse(manifest["began_at"].as_str().unwrap()).unwrap().micros()
    };
    texts.map(moment).collect()
}

/// contracts §1: the folder of files is marked; one that is not mounted, or that
/// of another installation, is refused by servers and backups.
#[test]
fn a_folder_of_files_belongs_to_its_database() {
    let (site, other) = (Site::founded(Engine::Postgres), Site::founded(Engine::Postgres));
    for one in [&site, &other] {
        let running = one.serve();
        let client = running.client();
        client.attach(&client.record("with a file"), "a.txt", b"a file");
        running.end();
        // marked by the next start, since there are files now
        one.serve().end();
        assert!(one.home().join("huiyin-files").is_file());
    }
    let StoreConfig::Postgres(server) = site.store_config() else { panic!("not a server") };
    let empty = site.folder().join("not-mounted");
    let backups = site.folder().join("copies").to_str().unwrap().to_owned();
    for (folder, why) in [(empty, "is it mounted"), (other.home(), "files of another installation")] {
        let place = ["--database-url", &server.url, "--files", folder.to_str().unwrap()];
        for command in [&["serve", "--listen", "127.0.0.1:0"] as &[&str], &["backup", "--output", &backups]] {
            let output = huiyin(&[command, &place].concat()).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.code() == Some(1) && said.contains(why), "{command:?} {said}");
        }
    }
    let taken = site.run(&["backup", "--output", &backups]);
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    site.serve().end();
}
