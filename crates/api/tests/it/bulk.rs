//! One action on many cases at once.

use crate::incident::complaint;
use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_app::work::{Runner, everything};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

async fn work(app: &TestApp) {
    let (handlers, ticks) = everything(&app.edge.app);
    let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
    for _ in 0..4 {
        runner.run_due(app.clock_now()).await.expect("machine work");
    }
}

async fn begun(by: &Client, body: &Value) -> String {
    let run = by.post("/api/v1/bulk-runs", body).await.expect(StatusCode::ACCEPTED).json();
    word(&run["id"]).to_owned()
}

async fn run(by: &Client, id: &str) -> Value {
    by.get(&format!("/api/v1/bulk-runs/{id}")).await.expect(StatusCode::OK).json()
}

/// Issue 5: an action on everything that a list finds is done by the machine in
/// the person's name, shows how far it is, and lists each refusal with its reason.
#[test]
fn many_cases_have_their_turn_and_refusals_are_listed() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        for number in 0..30 {
            complaint(&mei, "电梯停了", &format!("1990000{number:04}")).await;
        }
        let last = complaint(&mei, "电梯又停了", "19900009999").await;
        let void = json!({"reason": "重复登记", "version": 1});
        let path = format!("/api/v1/cases/{last}/actions/void");
        drop(lan.post(&path, &void).await);
        let all = json!({"action": "accept", "body": {}, "filter": {"kind": "complaint"}});
        let id = begun(&mei, &all).await;
        let before = run(&mei, &id).await;
        assert_eq!(
            (&before["total"], &before["done"], &before["ended_at"]),
            (&json!(31), &json!(0), &Value::Null)
        );
        work(&app).await;
        let after = run(&mei, &id).await;
        assert_eq!(after["refused"], json!(31), "no promise was given to any of them (PROP-50): {after}");
        assert_eq!(after["ended_at"], json!(app.clock_now()));
        let page = format!("/api/v1/bulk-runs/{id}/refusals?limit=30");
        let refusals = mei.get(&page).await.expect(StatusCode::OK).json();
        assert_eq!(refusals["items"].as_array().map(Vec::len), Some(30));
        assert!(!word(&refusals["next_cursor"]).is_empty());
        let one = &refusals["items"][0];
        assert_eq!(one["code"], "action_closed");
        assert!(word(&one["number"]).starts_with("TS-") && !word(&one["detail"]).is_empty(), "{one}");

        let note = json!({"action": "note", "body": {"text": "统一说明"}, "filter": {"kind": "complaint"}});
        let id = begun(&mei, &note).await;
        work(&app).await;
        let after = run(&mei, &id).await;
        assert_eq!((&after["done"], &after["refused"]), (&json!(31), &json!(0)), "{after}");
        let line = mei.get(&format!("/api/v1/cases/{last}/timeline")).await.json();
        let entry = line["items"].as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
        assert_eq!((&entry["data"]["text"], &entry["by"]), (&json!("统一说明"), &json!(mei.id)), "{entry}");
        let listed = mei.get("/api/v1/bulk-runs").await.expect(StatusCode::OK).json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    });
}

/// Issue 5, X-37: a run is its person's alone, does what they may do and no more,
/// and never reaches another organisation.
#[test]
fn a_run_does_what_its_person_may_do() {
    with_admin(|app, stranger| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let case = complaint(&mei, "电梯停了", "19900000001").await;
        let theirs = app.twin.row("cases").to_owned();
        let body = json!({"action": "note", "body": {"text": "说明"}, "cases": [case, theirs, case]});
        let id = begun(&stranger, &body).await;
        lan.get(&format!("/api/v1/bulk-runs/{id}")).await.problem(404, "not_found");
        lan.get(&format!("/api/v1/bulk-runs/{id}/refusals")).await.problem(404, "not_found");
        work(&app).await;
        let after = run(&stranger, &id).await;
        assert_eq!((&after["total"], &after["refused"]), (&json!(2), &json!(2)), "{after}");
        let page = stranger.get(&format!("/api/v1/bulk-runs/{id}/refusals")).await.json();
        let codes: Vec<&str> =
            page["items"].as_array().into_iter().flatten().map(|one| word(&one["code"])).collect();
        assert_eq!(codes, ["forbidden", "not_found"], "{page}");
        for (body, path) in [
            (json!({"action": "dance", "body": {}, "cases": [case]}), "action"),
            (json!({"action": "note", "body": {}, "cases": [case]}), "text"),
            (json!({"action": "note", "body": {"text": "x"}}), "cases"),
            (json!({"action": "note", "body": {"text": "x"}, "cases": [case], "filter": {}}), "filter"),
            (json!({"action": "note", "body": {"text": "x"}, "filter": {"status": ["odd"]}}), "status"),
        ] {
            let answer = mei.post("/api/v1/bulk-runs", &body).await;
            let code = if path == "status" { "invalid_query" } else { "invalid_body" };
            let problem = answer.problem(422, code);
            assert_eq!(problem["fields"][0]["path"], path, "{problem}");
        }
        let note = json!({"action": "note", "body": {"text": "说明"}, "cases": [case]});
        for _ in 0..3 {
            begun(&mei, &note).await;
        }
        mei.post("/api/v1/bulk-runs", &note).await.problem(409, "bulk_busy");
    });
}
