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

/// Issue 5: a run can be stopped; what had its turn stays, the rest is left alone.
#[test]
fn a_run_is_stopped_by_its_person() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        for number in 0..30 {
            complaint(&mei, "电梯停了", &format!("1990000{number:04}")).await;
        }
        let note = json!({"action": "note", "body": {"text": "统一说明"}, "filter": {"kind": "complaint"}});
        let id = begun(&mei, &note).await;
        let (handlers, _) = everything(&app.edge.app);
        let runner = Runner::new(app.edge.app.clone(), handlers, Vec::new());
        let stop = format!("/api/v1/bulk-runs/{id}/stop");
        lan.post(&stop, &json!({})).await.problem(404, "not_found");
        while run(&mei, &id).await["done"] == json!(0) {
            runner.run_due(app.clock_now()).await.expect("machine work");
        }
        let part = run(&mei, &id).await;
        if part["ended_at"].is_null() {
            let stopped = mei.post(&stop, &json!({})).await.expect(StatusCode::OK).json();
            assert_eq!(stopped["stopped_at"], json!(app.clock_now()));
            work(&app).await;
            let after = run(&mei, &id).await;
            assert_eq!((&after["done"], &after["ended_at"]), (&part["done"], &stopped["stopped_at"]));
        }
        mei.post(&stop, &json!({})).await.problem(409, "bulk_ended");
        let id = begun(&mei, &note).await;
        let stop = format!("/api/v1/bulk-runs/{id}/stop");
        let _ = mei.post(&stop, &json!({})).await.expect(StatusCode::OK);
        work(&app).await;
        let after = run(&mei, &id).await;
        assert_eq!(
            (&after["total"], &after["done"]),
            (&json!(30), &json!(0)),
            "stopped before its first case"
        );
        app.clock.advance(40 * 86_400);
        work(&app).await;
        mei.get(&format!("/api/v1/bulk-runs/{id}")).await.problem(404, "not_found");
    });
}

/// Issue 5: the queue comes by due time, receipt or last change, page by page.
#[test]
fn the_queue_comes_in_the_order_asked_for() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let mut cases = Vec::new();
        for number in 0..4 {
            app.clock.advance(3600);
            let kind = if number == 1 { "praise" } else { "complaint" };
            let new = json!({"kind": kind, "channel": "phone", "text": "电梯停了"});
            let made = mei.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
            cases.push(word(&made["id"]).to_owned());
        }
        app.clock.advance(3600);
        let note = json!({"text": "说明"});
        let _ =
            mei.post(&format!("/api/v1/cases/{}/actions/note", cases[2]), &note).await.expect(StatusCode::OK);
        let all = async |query: &str| {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let path = format!("/api/v1/cases?limit=1&{query}{cursor}");
                let page = mei.get(&path).await.expect(StatusCode::OK).json();
                found.extend(page["items"].as_array().cloned().unwrap_or_default());
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break found,
                }
            }
        };
        let ids = |rows: &[Value]| rows.iter().map(|row| word(&row["id"]).to_owned()).collect::<Vec<_>>();
        let of = |places: [usize; 4]| places.map(|place| cases[place].clone()).to_vec();
        assert_eq!(ids(&all("sort=received").await), of([3, 2, 1, 0]));
        assert_eq!(ids(&all("sort=changed").await), of([2, 3, 1, 0]));
        let due = all("sort=due").await;
        assert_eq!(due.len(), 4, "what is not due is there as well");
        let times: Vec<Option<&str>> = due.iter().map(|row| row["due_at"].as_str()).collect();
        let mut sorted = times.clone();
        sorted.sort_by_key(|at| (at.is_none(), *at));
        assert_eq!(times, sorted);
        let first = times.first().copied().flatten().expect("a limit");
        let from = format!("due_from={}", first.replace('+', "%2B"));
        let later = format!("due_before={}", first.replace('+', "%2B"));
        assert_eq!(all(&format!("{from}&sort=due")).await.len(), times.iter().flatten().count());
        assert_eq!(all(&format!("{later}&sort=due")).await.len(), 0, "none before the first");
        mei.get("/api/v1/cases?sort=odd").await.problem(422, "invalid_query");
    });
}

/// Issue 5: the queue asks for my team's and for what nobody handles, until
/// somebody takes it.
#[test]
fn the_queue_is_narrowed_to_the_team_and_to_what_nobody_handles() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let case = complaint(&mei, "电梯停了", "19900000001").await;
        complaint(&mei, "灯不亮", "19900000002").await;
        assert_eq!(
            mei.count("/api/v1/cases/count?unassigned=true", "/api/v1/cases?unassigned=true").await,
            2
        );
        assert_eq!(mei.count("/api/v1/cases/count?team=true", "/api/v1/cases?team=true").await, 2);
        let promise = json!({"kind": "feedback", "text": "回电", "due": crate::story::later(&app, 6)});
        for (action, body) in
            [("promise", promise), ("accept", json!({})), ("transfer", json!({"to": lan.id}))]
        {
            let version = mei.get(&format!("/api/v1/cases/{}", case)).await.json()["version"].clone();
            let mut body = body;
            body["version"] = version;
            let path = format!("/api/v1/cases/{}/actions/{action}", case);
            let _ = mei.post(&path, &body).await.expect(StatusCode::OK);
        }
        let version = lan.get(&format!("/api/v1/cases/{}", case)).await.json()["version"].clone();
        let path = format!("/api/v1/cases/{}/actions/accept_transfer", case);
        let _ = lan.post(&path, &json!({"version": version})).await.expect(StatusCode::OK);
        assert_eq!(
            mei.count("/api/v1/cases/count?unassigned=true", "/api/v1/cases?unassigned=true").await,
            1
        );
    });
}
