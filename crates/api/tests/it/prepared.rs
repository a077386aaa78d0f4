//! Mentions, and what is written now and said at a later time.

use crate::story::{Story, later};
use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_app::work::{Runner, everything};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

/// Does the machine work that is due, as a process that has just started.
async fn work(app: &TestApp) {
    let (handlers, ticks) = everything(&app.edge.app);
    let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
    for _ in 0..3 {
        runner.run_due(app.clock_now()).await.expect("machine work");
    }
}

async fn notices(of: &Client, why: &str) -> Vec<Value> {
    let page = of.get("/api/v1/notifications").await.expect(StatusCode::OK).json();
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items.into_iter().filter(|notice| notice["why"] == why).collect()
}

async fn texts(by: &Client, story: &Story) -> Vec<String> {
    let line = by.get(&format!("/api/v1/cases/{}/timeline", story.id)).await.json();
    let items = line["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|entry| word(&entry["data"]["text"]).to_owned()).collect()
}

async fn prepare(by: &Client, story: &Story, text: &str, at: &str) -> Value {
    let body = json!({"action": "reply", "at": at, "version": story.version,
        "body": {"kind": "progress", "text": text, "carrier": "spoken", "next": later_than(at)}});
    let path = format!("/api/v1/cases/{}/prepared", story.id);
    by.post(&path, &body).await.expect(StatusCode::CREATED).json()
}

fn later_than(at: &str) -> String {
    let at = huiyin_domain::time::Timestamp::parse(at).expect("a time");
    huiyin_domain::time::Timestamp::from_micros(at.micros() + 24 * 3_600_000_000).to_string()
}

/// Issue 5: who is mentioned in a note is told once, with the reason, in words of
/// their language; who may not see the case cannot be named.
#[test]
fn a_mention_tells_a_colleague_who_may_see_the_case() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let emma = app.with_person("emma", &[Post::Employee]);
        let story = Story::begin(&mei, "停车场灯不亮").await;
        let path = format!("/api/v1/cases/{}/actions/note", story.id);
        let note = |mentions: Value| json!({"text": "@lan 请看一下", "mentions": mentions});
        let refused = mei.post(&path, &note(json!([lan.id, emma.id]))).await.problem(422, "invalid_body");
        let field = &refused["fields"][0];
        assert_eq!((&field["path"], &field["code"]), (&json!("mentions[1]"), &json!("cannot_see_case")));
        assert_eq!(field["detail"], "this person may not see the case");
        let stranger = mei.post(&path, &note(json!([app.twin.person]))).await.problem(422, "invalid_body");
        assert_eq!(stranger["fields"][0]["code"], "unknown_person");
        let crowd = vec![lan.id; 21];
        let many = mei.post(&path, &note(json!(crowd))).await.problem(422, "invalid_body");
        assert_eq!(many["fields"][0]["code"], "list_length");
        assert!(!texts(&mei, &story).await.iter().any(|text| text.contains("请看")), "nothing half done");
        let _ = mei.post(&path, &note(json!([lan.id, lan.id, mei.id]))).await.expect(StatusCode::OK);
        work(&app).await;
        work(&app).await;
        let told = notices(&lan, "mentioned").await;
        assert_eq!(told.len(), 1, "once: {told:?}");
        assert_eq!(
            (&told[0]["case"], word(&told[0]["text"])),
            (&json!(story.id), "you were mentioned in a note")
        );
        assert!(!told[0].to_string().contains("灯"), "no text of a customer");
        assert_eq!(notices(&mei, "mentioned").await.len(), 0, "nobody is told of themselves");
    });
}

/// Issue 5: what was prepared is said at its time, in the writer's name, once,
/// and not before.
#[test]
fn what_was_prepared_is_said_at_its_time() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let mut story = Story::begin(&mei, "停车场灯不亮").await;
        let due = later(&app, 4);
        let promise = json!({"kind": "feedback", "text": "回电", "due": later(&app, 30)});
        story.act(&mei, "promise", promise).await;
        story.act(&mei, "accept", json!({})).await;
        let made = prepare(&mei, &story, "灯已报修，明天换好", &due).await;
        let list = mei.get("/api/v1/prepared").await.expect(StatusCode::OK).json();
        assert_eq!((&list["items"][0]["id"], &list["items"][0]["at"]), (&made["id"], &json!(due)));
        assert_eq!(lan.get("/api/v1/prepared").await.json()["items"], json!([]), "nobody else's business");
        let own = format!("/api/v1/prepared/{}", word(&made["id"]));
        lan.delete(&own).await.problem(404, "not_found");
        lan.put(&own, &json!({"at": due, "version": 1})).await.problem(404, "not_found");
        work(&app).await;
        assert!(!texts(&mei, &story).await.contains(&"灯已报修，明天换好".to_owned()), "not yet");
        app.clock.advance(2 * 3600);
        let put_off = json!({"at": later(&app, 4), "version": story.version});
        let moved = mei.put(&own, &put_off).await.expect(StatusCode::OK).json();
        assert_eq!(moved["at"], put_off["at"]);
        app.clock.advance(3 * 3600);
        work(&app).await;
        assert!(!texts(&mei, &story).await.contains(&"灯已报修，明天换好".to_owned()), "it was put off");
        app.clock.advance(2 * 3600);
        work(&app).await;
        work(&app).await;
        let said = texts(&mei, &story).await;
        assert_eq!(said.iter().filter(|text| *text == "灯已报修，明天换好").count(), 1, "{said:?}");
        let line = mei.get(&format!("/api/v1/cases/{}/timeline", story.id)).await.json();
        let reply = line["items"].as_array().into_iter().flatten().find(|one| one["event"] == "replied");
        assert_eq!(reply.map(|one| &one["by"]), Some(&json!(mei.id)), "in the writer's name");
        assert_eq!(mei.get("/api/v1/prepared").await.json()["items"], json!([]), "it is said");
    });
}

/// Issue 5: what cannot be said any more is kept with its text, and the writer is
/// told why; a decision is never taken by the clock.
#[test]
fn what_cannot_be_said_any_more_is_kept_and_its_writer_told() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let mut story = Story::begin(&mei, "停车场灯不亮").await;
        let promise = json!({"kind": "feedback", "text": "回电", "due": later(&app, 30)});
        story.act(&mei, "promise", promise).await;
        let made = prepare(&mei, &story, "灯已报修", &later(&app, 4)).await;
        story.act(&lan, "accept", json!({})).await;
        app.clock.advance(5 * 3600);
        work(&app).await;
        let told = notices(&mei, "prepared_refused").await;
        assert_eq!((told.len(), &told[0]["urgent"]), (1, &json!(true)));
        assert_eq!(told[0]["params"]["reason"], "stale");
        let kept = mei.get("/api/v1/prepared").await.json()["items"][0].clone();
        assert_eq!((&kept["id"], &kept["code"]), (&made["id"], &json!("stale")));
        assert_eq!(kept["body"]["text"], "灯已报修", "nothing written is lost");
        assert!(!word(&kept["detail"]).is_empty());
        assert!(!texts(&mei, &story).await.contains(&"灯已报修".to_owned()));
        // the writer looks at the new state and gives it another time
        let own = format!("/api/v1/prepared/{}", word(&made["id"]));
        let again = json!({"at": later(&app, 1), "version": story.version});
        let _ = mei.put(&own, &again).await.expect(StatusCode::OK);
        app.clock.advance(2 * 3600);
        work(&app).await;
        assert!(texts(&mei, &story).await.contains(&"灯已报修".to_owned()));

        let path = format!("/api/v1/cases/{}/prepared", story.id);
        let version = story.read(&mei).await["version"].clone();
        let ask = |action: &str, at: String, body: Value| json!({"action": action, "at": at, "version": version, "body": body});
        let note = json!({"text": "说明"});
        for (body, path_of, code) in [
            (ask("accept", later(&app, 1), json!({})), "action", "cannot_wait"),
            (ask("dance", later(&app, 1), json!({})), "action", "unknown_action"),
            (ask("note", later(&app, -1), note.clone()), "at", "in_the_past"),
            (ask("note", later(&app, 91 * 24), note.clone()), "at", "too_far_ahead"),
            (ask("note", later(&app, 1), json!({})), "text", "missing_field"),
        ] {
            let problem = mei.post(&path, &body).await.problem(422, "invalid_body");
            let field = &problem["fields"][0];
            assert_eq!((&field["path"], &field["code"]), (&json!(path_of), &json!(code)), "{problem}");
        }
        let old = json!({"action": "note", "at": later(&app, 1), "version": 1, "body": note});
        mei.post(&path, &old).await.problem(409, "stale");
        let emma = app.with_person("emma", &[Post::Employee]);
        emma.post(&path, &ask("note", later(&app, 1), json!({"text": "说明"})))
            .await
            .problem(404, "not_found");
    });
}

/// what was written and not sent goes with the case's texts, and with the
/// customer whom it names.
#[test]
fn what_was_not_sent_is_reached_by_erasing() {
    with_admin(|app, _| async move {
        let (mei, hua) = (app.with_person("mei", &[Post::Agent]), app.with_person("hua", &[Post::Head]));
        let story = Story::begin(&mei, "停车场灯不亮").await;
        let other = Story::begin(&mei, "电梯停了").await;
        let draft = format!("/api/v1/shelf/draft.note.{}", story.id);
        let spared = format!("/api/v1/shelf/draft.note.{}", other.id);
        let say = json!({"content": {"text": "何先生很急"}});
        for path in [&draft, &spared, &"/api/v1/shelf/queue".to_owned()] {
            let _ = mei.put(path, &say).await.expect(StatusCode::NO_CONTENT);
        }
        prepare(&mei, &story, "何先生您好", &later(&app, 4)).await;
        prepare(&mei, &other, "何先生您好", &later(&app, 4)).await;
        let erase = json!({"basis": "个人信息删除申请"});
        let path = format!("/api/v1/cases/{}/erasures", story.id);
        let _ = hua.post(&path, &erase).await.expect(StatusCode::CREATED);
        mei.get(&draft).await.problem(404, "not_found");
        let _ = mei.get(&spared).await.expect(StatusCode::OK);
        let left = mei.get("/api/v1/prepared").await.json();
        assert_eq!(left["items"].as_array().map(Vec::len), Some(1), "{left}");

        let intake = "/api/v1/shelf/draft.intake";
        let typed = json!({"content": {"reporter": {"name": "何先生", "phone": "199 0000 1234"}}});
        let _ = mei.put(intake, &typed).await.expect(StatusCode::NO_CONTENT);
        let party = other.read(&mei).await["parties"][0]["party"].clone();
        let path = format!("/api/v1/parties/{}/erase", word(&party));
        let erased = hua.post(&path, &erase).await;
        assert!(erased.status.is_success(), "{erased:?}");
        mei.get(intake).await.problem(404, "not_found");
        mei.get(&spared).await.problem(404, "not_found");
        assert_eq!(mei.get("/api/v1/prepared").await.json()["items"], json!([]));
        let _ = mei.get("/api/v1/shelf/queue").await.expect(StatusCode::OK);
    });
}
