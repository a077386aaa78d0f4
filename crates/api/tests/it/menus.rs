//! Voice menus and prompts as settings over HTTP (CALL-4, CALL-8).

use crate::{with_admin, with_equipped};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use huiyin_app::call::port::{Speaking, Voice, VoiceFailure};
use huiyin_app::call::{answering, own_sounds};
use huiyin_domain::menu::prompt::shipped;
use huiyin_domain::menu::sound::Sound;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::{Answer, Client};
use serde_json::{Value, json};
use std::sync::Arc;

/// A menu that leads to one queue.
const NIGHT: &str = r#"menu = "night"
version = 1
title = { zh = "夜间", en = "Night" }
start = "hello"
person = "line"

[[node]]
name = "hello"
kind = "say"
prompts = ["welcome"]
to = "line"

[[node]]
name = "line"
kind = "queue"
queue = "desk"
full = "end"

[[node]]
name = "end"
kind = "hang_up"
prompts = ["goodbye"]
"#;

async fn with_queue(admin: &Client) {
    let queue = json!({"code": "desk", "name": "客服", "strategy": "longest_idle", "ring": 15, "wrap_up": 30,
        "step": 120, "relax": 60, "longest": 600, "most": 200, "overflow": "voicemail",
        "closed_when_empty": false, "agents": []});
    let _ = admin.put("/api/v1/queues", &queue).await.expect(StatusCode::OK);
    let line = json!({"number": "4001", "name": "夜间热线", "menu": "night", "active": true});
    let _ = admin.put("/api/v1/lines", &line).await.expect(StatusCode::OK);
}

async fn keep(admin: &Client, text: &str, version: Option<i64>) -> Answer {
    admin.put("/api/v1/menus/night", &json!({"text": text, "version": version})).await
}

async fn read(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(StatusCode::OK).json()
}

/// CALL-4, CALL-8: a menu is kept only when it is in order, each fault with its place; every
/// version stays with who and when, none is lost to somebody else's, an earlier one comes
/// back as a new one; the call that comes in next hears the newest.
#[test]
fn menus_are_checked_versioned_and_restored() {
    with_admin(|app, admin| async move {
        with_queue(&admin).await;
        let shipped = read(&admin, "/api/v1/menus/front-desk").await;
        assert_eq!((&shipped["origin"], &shipped["version"]), (&json!("shipped"), &json!(0)));
        let bad =
            NIGHT.replace("queue = \"desk\"", "queue = \"dusk\"").replace("full = \"end\"", "full = \"ent\"");
        let looked = admin.post("/api/v1/menus/night/check", &json!({"text": bad})).await;
        let looked = looked.expect(StatusCode::OK).json();
        assert_eq!(
            (&looked["good"], &looked["faults"][0]["near"]),
            (&json!(false), &json!(["desk"])),
            "{looked}"
        );
        let refused = keep(&admin, &bad, None).await.problem(422, "menu_faulty");
        let place = |at: usize| {
            (refused["fields"][at]["params"]["line"].clone(), refused["fields"][at]["code"].clone())
        };
        assert_eq!(place(0), (json!(16), json!("menu_queue_unknown")), "{refused}");
        assert_eq!(place(1), (json!(17), json!("menu_node_unknown")), "{refused}");
        let _ = admin.get("/api/v1/menus/night").await.problem(404, "not_found");
        let renamed = NIGHT.replace("menu = \"night\"", "menu = \"day\"");
        let refused = keep(&admin, &renamed, None).await.problem(422, "menu_faulty");
        assert_eq!(refused["fields"][0]["code"], json!("menu_name_differs"), "{refused}");

        let kept = keep(&admin, NIGHT, None).await.expect(StatusCode::OK).json();
        assert_eq!(
            (&kept["version"], &kept["origin"], &kept["lines"]),
            (&json!(1), &json!("own"), &json!(["4001"]))
        );
        assert_eq!(kept["by"], json!(admin.id));
        let explained = kept["explained"].as_str().unwrap_or_default();
        assert!(explained.contains("## line") && explained.contains("您好"), "{explained}");
        let _ = keep(&admin, NIGHT, None).await.problem(428, "version_required");
        let stale = keep(&admin, NIGHT, Some(0)).await.problem(409, "stale");
        assert_eq!(stale["params"]["current"], json!(1));
        let second = NIGHT.replace("夜间", "深夜");
        let _ = keep(&admin, &second, Some(1)).await.expect(StatusCode::OK);
        let now = answering(&app.edge.app, app.org, "night", None).await.unwrap().expect("it answers");
        assert_eq!((now.version, &*now.menu.title.zh), (2, "深夜"));

        let back = admin.post("/api/v1/menus/night/restore", &json!({"version": 1})).await;
        let back = back.expect(StatusCode::OK).json();
        assert_eq!((&back["version"], &back["text"]), (&json!(3), &json!(NIGHT)));
        let versions = read(&admin, "/api/v1/menus/night/versions").await;
        let numbers: Vec<_> =
            versions["items"].as_array().unwrap().iter().map(|one| &one["version"]).collect();
        assert_eq!(numbers, [&json!(3), &json!(2), &json!(1)]);
        let then = read(&admin, "/api/v1/menus/night/versions/2").await;
        assert_eq!(then["text"], json!(second));
        let held = now.menu.clone();
        let now = answering(&app.edge.app, app.org, "night", Some(now)).await.unwrap().expect("it answers");
        assert_eq!(
            (now.version, &*held.title.zh, &*now.menu.title.zh),
            (3, "深夜", "夜间"),
            "a call keeps its own"
        );
        let same =
            answering(&app.edge.app, app.org, "night", Some(now.clone())).await.unwrap().expect("answers");
        assert!(Arc::ptr_eq(&same.menu, &now.menu), "nothing is read twice");
        others_learn_nothing(&app).await;
    });
}

/// Neither those without the post nor another organisation.
async fn others_learn_nothing(app: &TestApp) {
    let agent = app.with_person("mei", &[Post::Agent]);
    let _ = agent.get("/api/v1/menus").await.problem(403, "forbidden");
    let _ = agent.get("/api/v1/prompts").await.problem(403, "forbidden");
    let _ = agent.put("/api/v1/menus/night", &json!({"text": NIGHT})).await.problem(403, "forbidden");
    let theirs = app.of_twin();
    for odd in ["%00", "..%2f..", "%E5%A4%9C", "A"] {
        let _ = theirs.get(&format!("/api/v1/menus/{odd}")).await.problem(404, "not_found");
        let _ = theirs.get(&format!("/api/v1/menus/{odd}/versions")).await.problem(404, "not_found");
        let _ = theirs.get(&format!("/api/v1/prompts/{odd}/sound")).await.problem(404, "not_found");
    }
    let _ = theirs.get("/api/v1/menus/night").await.problem(404, "not_found");
    let list = read(&theirs, "/api/v1/menus").await;
    assert!(!list.to_string().contains("night"), "{list}");
}

/// A WAV file of 16-bit samples.
fn wav(rate: u32, channels: u16, seconds: u32) -> Vec<u8> {
    let frames = rate * seconds;
    let data: Vec<u8> = (0..frames)
        .flat_map(|at| {
            let wave = (f64::from(at) * 440.0 * std::f64::consts::TAU / f64::from(rate)).sin() * 8_000.0;
            (0..channels).flat_map(move |_| (wave as i16).to_le_bytes())
        })
        .collect();
    let bytes = u32::from(channels) * 2;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1_u16, channels].map(u16::to_le_bytes).concat());
    file.extend([rate, rate * bytes].map(u32::to_le_bytes).concat());
    file.extend([bytes as u16, 16].map(u16::to_le_bytes).concat());
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

async fn upload(admin: &Client, query: &str, body: Vec<u8>) -> Answer {
    let path = format!("/api/v1/prompts/our_welcome{query}");
    admin.send(Method::PUT, &path, Some("audio/wav"), Body::from(body)).await
}

/// Speaks every text but one.
struct Parrot;

impl Voice for Parrot {
    fn speak<'a>(&'a self, text: &'a str) -> Speaking<'a> {
        let heard =
            if text == "哑" { Err(VoiceFailure::Failed("silent".into())) } else { Ok(wav(16_000, 1, 1)) };
        Box::pin(async move { heard })
    }
}

/// CALL-8: prompts are uploaded in what studios give or spoken by the house's voice, kept
/// with their text and every version, heard again, and said by menus and calls from then on.
#[test]
fn prompts_are_uploaded_spoken_heard_and_restored() {
    with_equipped(
        |app, _| app.with_voice(Arc::new(Parrot)),
        |app, admin| async move {
            with_queue(&admin).await;
            let ours = NIGHT.replace("\"welcome\"", "\"our_welcome\"");
            let refused = keep(&admin, &ours, None).await.problem(422, "menu_faulty");
            assert_eq!(refused["fields"][0]["code"], json!("menu_prompt_unknown"), "{refused}");
            let kept = upload(&admin, "?text=%E6%82%A8%E5%A5%BD", wav(44_100, 2, 2)).await;
            let kept = kept.expect(StatusCode::OK).json();
            assert_eq!(
                (&kept["text"], &kept["origin"], &kept["version"]),
                (&json!("您好"), &json!("uploaded"), &json!(1))
            );
            assert_eq!((&kept["millis"], &kept["by"]), (&json!(2000), &json!(admin.id)), "{kept}");
            let _ = keep(&admin, &ours, None).await.expect(StatusCode::OK);
            let heard = admin.get("/api/v1/prompts/our_welcome/sound").await.expect(StatusCode::OK);
            assert_eq!(heard.header("content-type"), "audio/wav");
            assert_eq!(Sound::read(&heard.body).unwrap().samples.len(), 16_000, "8 kHz, one channel");
            let spoken = admin.put("/api/v1/prompts/our_welcome/spoken", &json!({"text": "再见"})).await;
            let spoken = spoken.expect(StatusCode::OK).json();
            assert_eq!((&spoken["origin"], &spoken["menus"]), (&json!("spoken"), &json!(["night"])));
            let sounds = own_sounds(&app.edge.app, app.org, Arc::default()).await.unwrap();
            assert_eq!((sounds["our_welcome"].0, sounds["our_welcome"].1.len()), (2, 8_000));
            let again = own_sounds(&app.edge.app, app.org, sounds.clone()).await.unwrap();
            assert!(Arc::ptr_eq(&sounds, &again), "nothing is read twice");

            let back = admin.post("/api/v1/prompts/our_welcome/restore", &json!({"version": 1})).await;
            assert_eq!(back.expect(StatusCode::OK).json()["text"], json!("您好"));
            let versions = read(&admin, "/api/v1/prompts/our_welcome/versions").await;
            assert_eq!(versions["items"].as_array().map(Vec::len), Some(3));
            let one = admin.get("/api/v1/prompts/our_welcome/sound?version=1").await.expect(StatusCode::OK);
            assert_eq!(one.body, heard.body);
            let shipped_one = admin.get("/api/v1/prompts/welcome/sound").await.expect(StatusCode::OK);
            assert_eq!(&*shipped_one.body, shipped("welcome").unwrap());
            let list = read(&admin, "/api/v1/prompts").await;
            let welcome =
                list["items"].as_array().unwrap().iter().find(|one| one["name"] == json!("welcome"));
            assert_eq!(welcome.map(|one| &one["origin"]), Some(&json!("shipped")), "{list}");
            assert_eq!(list["voice"], json!(true));
            let theirs = read(&app.of_twin(), "/api/v1/prompts").await;
            assert!(!theirs.to_string().contains("our_welcome"), "{theirs}");
            bad_prompts_are_refused(&admin).await;
        },
    );
}

async fn bad_prompts_are_refused(admin: &Client) {
    let field = |answer: Answer| {
        let problem = answer.problem(422, "invalid_body");
        (problem["fields"][0]["path"].clone(), problem["fields"][0]["code"].clone())
    };
    let wrong = field(upload(admin, "?text=a", b"not a sound".to_vec()).await);
    assert_eq!(wrong, (json!("body"), json!("sound_not_wav")));
    assert_eq!(field(upload(admin, "?text=a", wav(8_000, 1, 0)).await).1, json!("sound_short"));
    assert_eq!(field(upload(admin, "?text=%20", wav(8_000, 1, 1)).await).1, json!("prompt_text"));
    let named = admin.put("/api/v1/prompts/Our-One/spoken", &json!({"text": "好"})).await;
    assert_eq!(field(named), (json!("name"), json!("prompt_name")));
    let _ = upload(admin, "?text=a", vec![0; 33 * 1024 * 1024]).await.problem(413, "payload_too_large");
    let silent = admin.put("/api/v1/prompts/our_welcome/spoken", &json!({"text": "哑"})).await;
    let _ = silent.problem(409, "voice_failed");
    let path = "/api/v1/prompts/our_welcome?text=a";
    let text = admin.send(Method::PUT, path, Some("text/plain"), Body::from("x")).await;
    let _ = text.problem(415, "unsupported_media_type");
    let versions = read(admin, "/api/v1/prompts/our_welcome/versions").await;
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(3), "nothing was kept");
}

/// CALL-8: a house without a voice says so, and keeps nothing.
#[test]
fn without_a_voice_prompts_are_uploaded() {
    with_admin(|_, admin| async move {
        assert_eq!(read(&admin, "/api/v1/prompts").await["voice"], json!(false));
        let asked = admin.put("/api/v1/prompts/our_welcome/spoken", &json!({"text": "好"})).await;
        let _ = asked.problem(409, "no_voice");
    });
}
