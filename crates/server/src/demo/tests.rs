//! The demo is whole, the same for the same day, and mixes with nothing.

use super::{is_demo, logins, prepare};
use huiyin_app::{App, Clock, SystemIds};
use huiyin_domain::case::{ClosureKind, Phase, Stage};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::migrate::{self, Upgrade};
use huiyin_store::people::organisation;
use huiyin_store::sql::{Store, StoreConfig};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// A Wednesday afternoon.
const NOW: &str = "2026-09-16T15:20:00+08:00";

struct Fixed(Timestamp);

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn open(folder: &Path) -> App {
    let store = Store::open(&StoreConfig::sqlite(folder.join("huiyin.db"))).expect("opened");
    let now = Timestamp::parse(NOW).expect("time");
    migrate::migrate(&store, Upgrade { now, backup_done: false }).expect("migrated");
    App::new(store, Arc::new(Fixed(now)), Arc::new(SystemIds)).expect("app")
}

/// What people see of every case: number, stage, closure, due, title.
fn seen(app: &App) -> Vec<(String, String, Option<String>, bool, String)> {
    let now = app.clock.now();
    app.store
        .read_blocking(move |tx| {
            let rows = tx.all(
                "SELECT c.number, c.stage, c.closure, c.due_at, s.value FROM cases c
                 JOIN sealed s ON s.org = c.org AND s.case_id = c.id AND s.digest = c.title ORDER BY c.number",
                &[],
            )?;
            rows.iter()
                .map(|row| {
                    let due: Option<Timestamp> = row.get(3)?;
                    let late = due.is_some_and(|due| due < now);
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, late, row.get(4)?))
                })
                .collect::<Result<Vec<_>, huiyin_store::sql::StoreError>>()
        })
        .expect("read")
}

/// contracts §3: every post has a person, every stage and closing a case; a
/// restart keeps people and passwords.
#[test]
fn the_demo_shows_every_post_stage_and_closing() {
    let folder = tempfile::tempdir().expect("folder");
    let app = open(folder.path());
    let first = prepare(&app, folder.path()).expect("made");
    let posts: BTreeSet<&str> =
        first.people.iter().flat_map(|one| &one.posts).map(String::as_str).collect();
    assert_eq!(posts, Post::ALL.iter().map(|post| post.name()).collect());
    let cases = seen(&app);
    assert!((350..600).contains(&cases.len()), "{} cases", cases.len());
    let stages: BTreeSet<&str> = cases.iter().map(|case| case.1.as_str()).collect();
    let used = Stage::ALL.iter().filter(|stage| **stage != Stage::Assessing);
    assert_eq!(stages, used.map(|stage| stage.as_str()).collect(), "assessing is no stage of this pack");
    let closings: BTreeSet<&str> = cases.iter().filter_map(|case| case.2.as_deref()).collect();
    let possible = ClosureKind::ALL.iter().filter(|kind| **kind != ClosureKind::NotEstablished);
    assert_eq!(closings, possible.map(|kind| kind.as_str()).collect());
    let open = |late: bool| cases.iter().filter(|case| case.1 != "closed" && case.3 == late).count();
    assert!(open(true) > 0 && open(false) > 0, "some late, some not");
    assert!(is_demo(&app).expect("read"));
    let again = prepare(&app, folder.path()).expect("there");
    let known = |logins: &logins::Logins| {
        logins.people.iter().map(|one| (one.login.clone(), one.password.clone())).collect::<Vec<_>>()
    };
    assert_eq!(known(&first), known(&again));
}

/// D4: a history that was made up stands up to the rules and its own hashes.
#[test]
fn every_history_folds_into_its_state() {
    let folder = tempfile::tempdir().expect("folder");
    let app = open(folder.path());
    prepare(&app, folder.path()).expect("made");
    let now = app.clock.now();
    let checked = app
        .store
        .read_blocking(move |tx| {
            let org = organisation::all(tx)?[0].org;
            let rows = tx.all("SELECT id FROM cases", &[])?;
            for row in &rows {
                let id = row.get(0)?;
                let loaded = huiyin_store::case::read::case(tx, org, id)?.expect("case");
                let history = huiyin_store::case::read::history(tx, org, id, 0, 10_000)?;
                let recorded: Vec<_> = history.into_iter().map(|entry| entry.recorded).collect();
                assert!(recorded.is_sorted_by_key(|entry| entry.occurred_at), "{}", loaded.case.number);
                assert!(recorded.iter().all(|entry| entry.occurred_at <= now));
                assert_eq!(huiyin_domain::case::replay(id, &recorded).as_ref(), Some(&loaded.case));
                let waiting = loaded.case.phase() == Phase::WaitsForThirdParty;
                assert!(!waiting || loaded.case.stage != Stage::Closed);
            }
            Ok::<_, huiyin_store::sql::StoreError>(rows.len())
        })
        .expect("read");
    assert!(checked > 0);
}

/// contracts §3: the same day gives the same company; nobody shares a password.
#[test]
fn the_same_day_tells_the_same_stories() {
    let (one, other) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    let (here, there) = (open(one.path()), open(other.path()));
    let (a, b) = (prepare(&here, one.path()).expect("made"), prepare(&there, other.path()).expect("made"));
    assert_eq!(seen(&here), seen(&there));
    assert!(a.people.iter().zip(&b.people).all(|(a, b)| a.login == b.login && a.password != b.password));
}

/// contracts §3: own data are never mixed with fictional ones.
#[test]
fn other_data_are_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let app = open(folder.path());
    let new = huiyin_app::session::NewAdministrator {
        organisation: None,
        login: "boss".into(),
        name: None,
        password: "correct-horse-9".into(),
    };
    huiyin_app::session::create_admin(&app, new).expect("administrator");
    let refused = prepare(&app, folder.path()).err().expect("refused").to_string();
    assert!(refused.contains("own data"), "{refused}");
    assert!(!logins::file(folder.path()).exists());
    assert!(!is_demo(&app).expect("read"));
}

/// contracts §3: when the file of the logins is lost, everybody gets a new password.
#[test]
fn a_lost_file_means_new_passwords() {
    let folder = tempfile::tempdir().expect("folder");
    let app = open(folder.path());
    let first = prepare(&app, folder.path()).expect("made");
    std::fs::remove_file(logins::file(folder.path())).expect("removed");
    let second = prepare(&app, folder.path()).expect("made anew");
    assert_eq!(first.people.len(), second.people.len());
    let old: BTreeSet<_> = first.people.iter().map(|one| &one.password).collect();
    assert!(second.people.iter().all(|one| !old.contains(&one.password)));
    let (login, password) = (second.people[0].login.clone(), second.people[0].password.clone());
    let hash = app
        .store
        .read_blocking(move |tx| {
            let person = huiyin_store::people::person::by_login(tx, &login)?.expect("person");
            huiyin_store::people::person::secrets(tx, person.id)
        })
        .expect("read");
    let hash = hash.and_then(|secrets| secrets.password_hash);
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    assert!(runtime.block_on(app.hasher.verify(&password, hash)).expect("verified"));
}
