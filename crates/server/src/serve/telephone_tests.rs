//! A PBX of the house carries the calls: the protocol-true fake of the adapter's tests.

#[path = "../../../pbx/tests/it/ari_fake.rs"]
#[expect(
    dead_code,
    clippy::disallowed_methods,
    reason = "the fake of the adapter's tests, which runs beside"
)]
mod ari_fake;

#[path = "telephone_call_tests.rs"]
mod calls;

use super::*;
use crate::place::Place;
use ari_fake::FakeAri;
use axum::http::StatusCode;
use huiyin_app::call::port::Recordings as _;
use huiyin_app::work::{self, Runner};
use huiyin_domain::ids::{CallId, RecordingId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use huiyin_testkit::engines::both_engines_async;
use serde_json::{Value, json};
use std::path::PathBuf;

fn phone(pbx: &Path) -> Phone {
    let ports = "20000-20199".parse().unwrap();
    Phone {
        carrier: Some(Carrier::Pbx(pbx.to_owned())),
        ports,
        external_ip: None,
        keys: None,
        archive_after: Some(DAY),
        voice: None,
    }
}

/// When recordings go into the archive.
const DAY: Duration = Duration::from_secs(86_400);

fn settings(folder: &Path, text: &str) -> PathBuf {
    std::fs::write(folder.join("secret"), "secret").unwrap();
    std::fs::write(folder.join("pbx.toml"), text).unwrap();
    folder.join("pbx.toml")
}

async fn start(app: &TestApp, folder: &Path, pbx: &Path) -> anyhow::Result<Telephone> {
    let place = Place { data: Some(folder.join("data")), ..Place::default() };
    let (phone, settled) = (phone(pbx), place.settle()?);
    let start = Start { phone: &phone, settled: &settled, tls: None, demo: None };
    Telephone::start(&app.edge.app, start).await
}

/// A queue with its agent, at whom an extension of the PBX rings, and a line into it.
async fn set_up(admin: &Client, agent: &Client) {
    let queue = json!({"code": "desk", "name": "客服", "strategy": "longest_idle", "ring": 15, "wrap_up": 30,
        "step": 120, "relax": 60, "longest": 600, "most": 200, "overflow": "voicemail",
        "closed_when_empty": false, "agents": [{"person": agent.id}]});
    let queue = admin.put("/api/v1/queues", &queue).await.expect(StatusCode::OK).json();
    let line = json!({"number": "4001", "name": "热线", "queue": queue["id"], "active": true});
    let _ = admin.put("/api/v1/lines", &line).await.expect(StatusCode::OK);
    let phone = json!({"name": "1001", "person": agent.id, "active": true});
    let _ = admin.put("/api/v1/extensions", &phone).await.expect(StatusCode::OK);
    let _ = agent.post("/api/v1/agent", &json!({"do": "sign_in"})).await.expect(StatusCode::OK);
}

async fn only_call(admin: &Client) -> Value {
    let calls = admin.get("/api/v1/calls").await.expect(StatusCode::OK).json();
    calls["items"][0].clone()
}

/// Issue 7 §8: with an Asterisk of the house a caller on its line reaches an agent at its
/// telephone, both are recorded, and the record says so; nothing of ours takes a SIP port.
#[test]
fn a_call_of_a_pbx_reaches_an_agent() {
    both_engines_async(|store| async {
        let app = TestApp::new(store);
        let (admin, agent) =
            (app.with_person("boss", &[Post::Admin]), app.with_person("mei", &[Post::Agent]));
        set_up(&admin, &agent).await;
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeAri::start().await;
        let telephone = start(&app, folder.path(), &settings(folder.path(), &fake.settings())).await.unwrap();
        assert_eq!(telephone.listen(), None);
        fake.arrive("c1");
        let channel = fake.dialled("PJSIP/1001").await;
        fake.pick_up(&channel);
        let _ = fake.asked("/record").await;
        let call = only_call(&admin).await;
        assert_eq!((&call["state"], &call["caller"]), (&json!("talking"), &json!("138****8000")), "{call}");
        assert_eq!(call["agent"]["id"], json!(agent.id), "{call}");
        fake.gone("c1", 16);
        let _ = fake.asked(&format!("DELETE channels/{channel}")).await;
        let call = only_call(&admin).await;
        assert_eq!((&call["state"], &call["result"]), (&json!("ended"), &json!("answered")), "{call}");
        assert_eq!(fake.wrong(), Vec::<String>::new());
        telephone.stop().await;
    });
}

/// Issue 7 §8: settings that cannot be meant keep the server from starting, and name the
/// file and the field; a PBX that is away does not.
#[test]
fn bad_settings_of_a_pbx_are_told_and_an_absent_one_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let asterisk = "kind = \"asterisk\"\nurl = \"http://127.0.0.1:9\"\nsecret_file = \"secret\"\n";
    for (text, named) in [
        ("kind = \"avaya\"\n", "kind"),
        (asterisk, "user"),
        (&*format!("{asterisk}user = \"h\"\n").replace("secret\"\n", "nowhere\"\n"), "nowhere"),
    ] {
        let refused = pbx(&settings(folder.path(), text)).unwrap_err();
        let told = refused.to_string();
        assert!(refused.is::<Usage>() && told.contains("pbx.toml") && told.contains(named), "{told}");
    }
    both_engines_async(|store| async {
        let app = TestApp::new(store);
        let away = settings(folder.path(), &format!("{asterisk}user = \"h\"\n"));
        assert!(start(&app, folder.path(), &away).await.is_ok());
    });
}

/// Works off what is due after so many days.
async fn days_later(app: &TestApp, wired: &App, days: i64) {
    app.clock.advance(days * 86_400);
    let (handlers, ticks) = work::everything(wired);
    Runner::new(wired.clone(), handlers, ticks).run_due(app.clock_now()).await.unwrap();
}

fn archived(app: &TestApp, id: RecordingId) -> (bool, i64) {
    let read = app.store().read_blocking(move |tx| {
        let row = tx.one(
            "SELECT archived_at, bytes FROM recordings WHERE id = $1",
            &[huiyin_store::sql::Value::from(id.to_string())],
        )?;
        let row = row.expect("a row");
        Ok::<_, huiyin_store::sql::StoreError>((row.get::<Option<i64>>(0)?.is_some(), row.get(1)?))
    });
    read.unwrap()
}

/// Issue 7 §4: a day after its end a recording is put into the archive by the machine, is
/// heard as before, and is erased with all that belongs to it when its time is over; one
/// whose call a crash cut off is put there too.
#[test]
fn recordings_go_into_the_archive_and_are_erased_from_there() {
    both_engines_async(|store| async {
        let app = TestApp::new(store);
        let folder = tempfile::tempdir().unwrap();
        let tapes = Tapes::at(folder.path(), &folder.path().join("keys")).unwrap().archived_after(Some(DAY));
        let tapes = Arc::new(tapes);
        let wired = app.edge.app.clone().with_recordings(tapes.clone());
        let now = app.clock_now();
        let ids = [RecordingId(wired.ids.uuid(now)), RecordingId(wired.ids.uuid(now))];
        let call = CallId(wired.ids.uuid(now));
        for (id, ended_at) in ids.into_iter().zip([Some(now), None]) {
            let mut tape = tapes.begin(id).unwrap();
            let wave = |at: u32| huiyin_domain::menu::sound::alaw(if at % 20 < 10 { 6_000 } else { -6_000 });
            let sound: Vec<u8> = (0..32_000).flat_map(|at| [wave(at), wave(at / 2)]).collect();
            tape.0.append(&sound).unwrap();
            tape.0.end().unwrap();
            let row = call::RecordingRow {
                id,
                call,
                began_at: now,
                ended_at,
                millis: 0,
                bytes: tapes.bytes(id),
                key_id: Some(tapes.key()),
                keep_until: Timestamp::from_micros(now.micros() + 3 * 365 * 86_400_000_000),
                erased_at: None,
            };
            call::kept(&wired, app.org, row).await.unwrap();
        }
        let before = tapes.open(ids[0]).unwrap().len();
        days_later(&app, &wired, 0).await;
        assert!(!archived(&app, ids[0]).0, "not on the same day");
        days_later(&app, &wired, 1).await;
        let (there, bytes) = archived(&app, ids[0]);
        assert!(there && bytes < 32_000, "{bytes}");
        assert_eq!((tapes.bytes(ids[0]), tapes.open(ids[0]).unwrap().len()), (bytes.unsigned_abs(), before));
        assert!(!archived(&app, ids[1]).0, "it may still be going on");
        days_later(&app, &wired, 1).await;
        assert!(archived(&app, ids[1]).0, "nobody noted its end");
        std::fs::write(huiyin_media::seal::part(&path_of(folder.path(), ids[0])), b"half").unwrap();
        days_later(&app, &wired, 3 * 365).await;
        assert!(ids.iter().all(|id| tapes.open(*id).is_err()));
        assert_eq!(files(folder.path()), ["keys"], "nothing of them is left");
    });
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

fn files(folder: &Path) -> Vec<String> {
    walk(folder).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn path_of(folder: &Path, id: RecordingId) -> PathBuf {
    walk(folder).into_iter().find(|path| path.to_string_lossy().contains(&id.to_string())).unwrap()
}

/// Issue 7 §1: the password of a carrier lies sealed in the database, what an earlier version
/// kept as it was is sealed at the start, the interface never gives it, and without the key
/// file nobody reads it.
#[test]
fn the_password_of_a_carrier_lies_sealed() {
    both_engines_async(|store| async {
        let folder = tempfile::tempdir().unwrap();
        let strongbox = || Arc::new(crate::serve::strongbox::KeyFile::at(folder.path()).unwrap());
        let app = TestApp::with(store, |app, _| app.with_strongbox(strongbox()));
        let admin = app.with_person("boss", &[Post::Admin]);
        let trunk = |name: &str| {
            json!({"name": name, "server": "sip.example.cn:5060", "transport": "udp",
            "user": "huiyin", "register": true, "most": 30, "order": 1, "active": true, "secret": "geheim"})
        };
        for name in ["one", "two"] {
            let kept = admin.put("/api/v1/trunks", &trunk(name)).await.expect(StatusCode::OK);
            assert!(!String::from_utf8_lossy(&kept.body).contains("geheim"));
        }
        let lying = || {
            let read = app.store().read_blocking(huiyin_store::call::settings::trunk_secrets);
            read.unwrap().into_iter().map(|(_, _, kept)| kept).collect::<Vec<_>>()
        };
        assert!(lying().iter().all(|kept| kept.starts_with("sealed1:")), "{:?}", lying());
        let plain = |tx: &mut huiyin_store::sql::Tx<'_>| {
            tx.execute("UPDATE trunks SET secret = 'offen' WHERE name = 'two'", &[])
        };
        let _ = app.store().write_blocking(plain).unwrap();
        let opened = call::trunk_secrets(&app.edge.app).await.unwrap();
        let secrets: Vec<_> = opened.iter().map(|(_, _, secret)| &**secret).collect();
        assert_eq!(secrets, ["geheim", "offen"]);
        assert!(lying().iter().all(|kept| kept.starts_with("sealed1:")), "sealed at the start");
        std::fs::remove_file(folder.path().join("keys/secrets.keys")).unwrap();
        let without = app.edge.app.clone().with_strongbox(strongbox());
        assert!(call::trunk_secrets(&without).await.unwrap().is_empty());
    });
}
