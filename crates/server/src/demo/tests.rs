//! The demo is whole, the same for the same day, and mixes with nothing.

use super::logins::{self, Logins};
use super::{is_demo, prepare};
use huiyin_app::{App, Clock, SystemIds};
use huiyin_domain::case::{ClosureKind, Stage};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::migrate::{self, Upgrade};
use huiyin_store::people::{organisation, person};
use huiyin_store::sql::{Store, StoreConfig, StoreError};
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
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .expect("read")
}

/// contracts §3, SLM-1, D4
#[test]
fn the_demo_is_whole_legal_and_the_same_for_the_same_day() {
    let (one, other) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    let (here, there) = (open(one.path()), open(other.path()));
    let first = prepare(&here, one.path()).expect("made");
    let second = prepare(&there, other.path()).expect("made");
    shows_everything(&here, &first);
    histories_fold_into_states(&here);
    assert_eq!(seen(&here), seen(&there), "the same day tells the same stories");
    let both = first.people.iter().zip(&second.people);
    assert!(both.clone().all(|(a, b)| a.login == b.login && a.password != b.password));
    let again = prepare(&here, one.path()).expect("there");
    assert_eq!(known(&first), known(&again), "a restart keeps people and passwords");
    a_lost_file_means_new_passwords(&here, one.path(), &first);
}

fn known(logins: &Logins) -> Vec<(String, String)> {
    logins.people.iter().map(|one| (one.login.clone(), one.password.clone())).collect()
}

/// Every post has a person; every stage and way of closing has a case.
fn shows_everything(app: &App, logins: &Logins) {
    let posts: BTreeSet<&str> = logins.people.iter().flat_map(|one| &one.posts).map(String::as_str).collect();
    assert_eq!(posts, Post::ALL.iter().map(|post| post.name()).collect());
    let cases = seen(app);
    assert!((350..600).contains(&cases.len()), "{} cases", cases.len());
    let stages: BTreeSet<&str> = cases.iter().map(|case| case.1.as_str()).collect();
    assert_eq!(stages, Stage::ALL.iter().map(|stage| stage.as_str()).collect());
    let closings: BTreeSet<&str> = cases.iter().filter_map(|case| case.2.as_deref()).collect();
    assert_eq!(closings, ClosureKind::ALL.iter().map(|kind| kind.as_str()).collect());
    let open = |late: bool| cases.iter().filter(|case| case.1 != "closed" && case.3 == late).count();
    assert!(open(true) > 0 && open(false) > 0, "some late, some not");
    assert!(is_demo(app).expect("read"));
    gathered(app);
    lives_by_every_pack(app);
}

/// MOB-1, CP8-1, ASC-1: each shipped process has its cases, in several stages.
fn lives_by_every_pack(app: &App) {
    let found = app.store.read_blocking(|tx| {
        let rows = tx.all(
            "SELECT f.pack, COUNT(DISTINCT c.stage) FROM case_facts f JOIN cases c ON c.org = f.org
               AND c.id = f.case_id WHERE f.kind = 'complaint' GROUP BY f.pack ORDER BY f.pack",
            &[],
        )?;
        rows.iter()
            .map(|row| Ok((row.get(0)?, row.get(1)?)))
            .collect::<Result<Vec<(String, i64)>, StoreError>>()
    });
    let found = found.expect("read");
    assert_eq!(found.len(), huiyin_domain::pack::shipped().len(), "{found:?}");
    assert!(found.iter().all(|(_, stages)| *stages >= 4), "{found:?}");
}

/// PROP-81, PROP-83, PROP-90: a hot incident, one with a measure that was told
/// to its members, and a provisionally major complaint.
fn gathered(app: &App) {
    let number = |sql: &'static str| {
        let found = app.store.read_blocking(move |tx| tx.one(sql, &[])?.expect("a count").get::<i64>(0));
        found.expect("read")
    };
    assert!(number("SELECT COUNT(*) FROM incidents WHERE hot_at IS NOT NULL") > 0);
    assert!(number("SELECT COUNT(*) FROM incidents WHERE stage = 'measures'") > 0);
    assert!(number("SELECT COUNT(*) FROM events WHERE kind = 'members_replied'") > 0);
    assert_eq!(
        number("SELECT COUNT(*) FROM majors WHERE standing = 'provisional' AND due_at IS NOT NULL"),
        1
    );
}

/// A history that was made up stands up to the rules.
fn histories_fold_into_states(app: &App) {
    let now = app.clock.now();
    let checked = app.store.read_blocking(move |tx| {
        let org = organisation::all(tx)?[0].org;
        let rows = tx.all("SELECT id FROM cases", &[])?;
        for row in &rows {
            let id = row.get(0)?;
            let loaded = read::case(tx, org, id)?.expect("case");
            let history = read::history(tx, org, id, 0, 10_000)?;
            let recorded: Vec<_> = history.into_iter().map(|entry| entry.recorded).collect();
            assert!(recorded.is_sorted_by_key(|entry| entry.occurred_at), "{}", loaded.case.number);
            assert!(recorded.iter().all(|entry| entry.occurred_at <= now));
            assert_eq!(huiyin_domain::case::replay(id, &recorded).as_ref(), Some(&loaded.case));
        }
        Ok::<_, StoreError>(rows.len())
    });
    assert!(checked.expect("read") > 0);
}

/// When the file of the logins is lost, everybody gets a new password.
fn a_lost_file_means_new_passwords(app: &App, folder: &Path, first: &Logins) {
    std::fs::remove_file(logins::file(folder)).expect("removed");
    let second = prepare(app, folder).expect("made anew");
    let old: BTreeSet<_> = first.people.iter().map(|one| &one.password).collect();
    assert_eq!(first.people.len(), second.people.len());
    assert!(second.people.iter().all(|one| !old.contains(&one.password)));
    let (login, password) = (second.people[0].login.clone(), second.people[0].password.clone());
    let secrets = app.store.read_blocking(move |tx| {
        let found = person::by_login(tx, &login)?.expect("person");
        person::secrets(tx, found.id)
    });
    let hash = secrets.expect("read").and_then(|secrets| secrets.password_hash);
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    assert!(runtime.block_on(app.hasher.verify(&password, hash)).expect("verified"));
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

/// Issue 4 (3): a customer is never offered the same words twice in one negotiation.
#[test]
fn two_options_of_one_matter_are_different() {
    let words = super::words::Words::shipped().expect("the words");
    let more = &words.sentences["option_more"];
    for matter in &words.matters {
        let mut offered: Vec<&String> = matter.option.iter().take(2).collect();
        offered.extend(more.iter().filter(|_| matter.option.len() < 2));
        let different: BTreeSet<&String> = offered.iter().copied().collect();
        assert_eq!(different.len(), offered.len(), "{}", matter.title);
    }
}
