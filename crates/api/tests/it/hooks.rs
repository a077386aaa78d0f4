//! Webhooks and machine work over HTTP, up to a receiver that checks what comes.

use crate::receiver::{OnTheWire, Receiver};
use crate::{with_admin, with_equipped, word};
use axum::http::StatusCode;
use huiyin_app::work::{ATTEMPTS, Runner, everything};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};
use std::sync::Arc;

fn hook(url: &str, events: &[&str]) -> Value {
    json!({"name": "总台", "url": url, "events": events})
}

async fn made(by: &Client, hook: &Value) -> Value {
    by.post("/api/v1/webhooks", hook).await.expect(StatusCode::CREATED).json()
}

fn runner(app: &TestApp) -> Runner {
    let (handlers, ticks) = everything(&app.edge.app);
    Runner::new(app.edge.app.clone(), handlers, ticks)
}

/// Lets time pass and does what is due.
async fn after(app: &TestApp, runner: &Runner, seconds: i64) {
    app.clock.advance(seconds);
    runner.run_due(app.clock_now()).await.expect("machine work");
}

/// Issue 3 §2, §3: connections and machine work belong to the administrator alone.
#[test]
fn only_administrators_connect_other_systems() {
    with_admin(|app, admin| async move {
        let hook = made(&admin, &hook("https://hooks.example.cn/in", &["*"])).await;
        let one = format!("/api/v1/webhooks/{}", word(&hook["id"]));
        for post in Post::ALL {
            let who = app.with_person(&format!("p-{}", post.name().replace('_', "-")), &[post]);
            for path in ["/api/v1/webhooks", "/api/v1/webhook-deliveries/dead", "/api/v1/jobs/dead", &one] {
                let answer = who.get(path).await;
                if post == Post::Admin {
                    let _ = answer.expect(StatusCode::OK);
                } else {
                    answer.problem(403, "forbidden");
                }
            }
            if post == Post::Admin {
                continue;
            }
            who.get(&format!("{one}/deliveries")).await.problem(403, "forbidden");
            for path in [format!("{one}/test"), format!("{one}/secret")] {
                who.post(&path, &json!({})).await.problem(403, "forbidden");
            }
            who.post("/api/v1/webhooks", &self::hook("https://a.example.cn", &["*"]))
                .await
                .problem(403, "forbidden");
            who.patch(&one, &json!({"active": false, "version": 1})).await.problem(403, "forbidden");
            who.delete(&one).await.problem(403, "forbidden");
        }
        let list = admin.get("/api/v1/webhooks").await.expect(StatusCode::OK).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "nothing was made or removed");
        assert_eq!(list["items"][0]["version"], hook["version"], "nothing was changed");
    });
}

/// Issue 3 §6: a receiver that knows the secret alone can tell who sent a message
/// and when; with a new secret the old one signs no more.
#[test]
fn a_receiver_can_check_who_sent_a_message() {
    with_equipped(
        |app, _| app.with_ways(Arc::new(OnTheWire::new())),
        |app, admin| async move {
            let (receiver, runner) = (Receiver::start(), runner(&app));
            let hook = made(&admin, &hook(&receiver.url(), &["case.*"])).await;
            let (id, secret) = (word(&hook["id"]), word(&hook["secret"]));
            let agent = app.with_person("mei", &[Post::Agent]);
            let matter = json!({"kind": "complaint", "channel": "phone", "text": "欧阳家漏水",
                "reporter": {"name": "欧阳某某", "phone": "19900001234"}});
            let case = agent.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED).json();
            after(&app, &runner, 0).await;
            let first = receiver.arrived().remove(0);
            assert!(first.signed_with(secret), "{first:?}");
            assert!(!first.signed_with("another secret"));
            let body: Value = serde_json::from_str(&first.body).expect("JSON");
            assert!(body.to_string().contains(word(&case["number"])), "{body}");
            for personal in ["欧阳", "19900001234", "漏水"] {
                assert!(!first.body.contains(personal), "{personal} left the house: {}", first.body);
            }
            let seconds = app.clock_now().micros() / 1_000_000;
            assert_eq!(first.header("huiyin-timestamp"), seconds.to_string());
            assert!(first.header("huiyin-topic").starts_with("case."), "{first:?}");
            let renewed = admin.post(&format!("/api/v1/webhooks/{id}/secret"), &json!({})).await;
            let renewed = renewed.expect(StatusCode::CREATED).json();
            app.clock.advance(1);
            let test = admin.post(&format!("/api/v1/webhooks/{id}/test"), &json!({})).await;
            let test = test.expect(StatusCode::ACCEPTED).json();
            after(&app, &runner, 0).await;
            let trial = word(&test["delivery"]);
            let arrived = receiver.arrived();
            let last = arrived.iter().find(|one| one.header("huiyin-delivery") == trial);
            let last = last.expect("the trial message");
            assert!(last.signed_with(word(&renewed["secret"])) && !last.signed_with(secret), "{last:?}");
            let first = admin.get(&format!("/api/v1/webhooks/{id}/deliveries?limit=1")).await;
            assert!(first.expect(StatusCode::OK).json()["next_cursor"].is_string(), "there is more");
            let list = admin.get(&format!("/api/v1/webhooks/{id}/deliveries")).await;
            let list = list.expect(StatusCode::OK).json();
            let mut items = list["items"].as_array().into_iter().flatten();
            let told = items.find(|one| word(&one["id"]) == trial).expect("the trial message is listed");
            assert_eq!(told["outcome"], "status 200", "{list}");
        },
    );
}

/// Issue 3 §3, §6: tried again with back-off, then given up, listed, and sent
/// again by hand as the same message.
#[test]
fn a_message_that_was_given_up_is_sent_again_by_hand() {
    with_equipped(
        |app, _| app.with_ways(Arc::new(OnTheWire::new())),
        |app, admin| async move {
            let (receiver, runner) = (Receiver::start(), runner(&app));
            receiver.answers(&vec![503; usize::try_from(ATTEMPTS).expect("few") * 2]);
            let hook = made(&admin, &hook(&receiver.url(), &["webhook.test"])).await;
            let trial = format!("/api/v1/webhooks/{}/test", word(&hook["id"]));
            let first = admin.post(&trial, &json!({})).await.expect(StatusCode::ACCEPTED).json();
            after(&app, &runner, 0).await;
            assert_eq!(receiver.arrived().len(), 1);
            after(&app, &runner, 1).await;
            assert_eq!(receiver.arrived().len(), 1, "it waits");
            let _ = admin.post(&trial, &json!({})).await.expect(StatusCode::ACCEPTED);
            for _ in 0..ATTEMPTS {
                after(&app, &runner, 6 * 3600).await;
            }
            let dead = "/api/v1/webhook-deliveries/dead";
            let list = admin.get(dead).await.expect(StatusCode::OK).json();
            assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
            let listed = list["items"].as_array().into_iter().flatten();
            let given_up =
                listed.into_iter().find(|item| item["id"] == first["delivery"]).expect("the first");
            assert_eq!((&given_up["tries"], &given_up["outcome"]), (&json!(ATTEMPTS), &json!("status 503")));
            let again = format!("/api/v1/webhook-deliveries/{}/requeue", word(&first["delivery"]));
            let _ = admin.post(&again, &json!({})).await.expect(StatusCode::NO_CONTENT);
            after(&app, &runner, 0).await;
            let last = receiver.arrived().pop().expect("a message");
            assert_eq!(last.header("huiyin-delivery"), word(&first["delivery"]), "the same message");
            admin.post(&again, &json!({})).await.problem(404, "not_found");
            // the other one by its job
            let jobs = admin.get("/api/v1/jobs/dead").await.expect(StatusCode::OK).json();
            assert_eq!(jobs["items"].as_array().map(Vec::len), Some(1), "{jobs}");
            assert_eq!(jobs["items"][0]["attempts"], json!(ATTEMPTS));
            let job = format!("/api/v1/jobs/{}/requeue", word(&jobs["items"][0]["id"]));
            let _ = admin.post(&job, &json!({})).await.expect(StatusCode::NO_CONTENT);
            after(&app, &runner, 0).await;
            for path in [dead, "/api/v1/jobs/dead"] {
                let list = admin.get(path).await.expect(StatusCode::OK).json();
                assert_eq!(list["items"], json!([]), "{path}");
            }
            admin.post(&job, &json!({})).await.problem(404, "not_found");
        },
    );
}

/// Issue 3 §3, bad input: a webhook is changed by who saw its version, sends
/// nothing while off, and is refused where it cannot work.
#[test]
fn a_webhook_is_changed_switched_off_and_removed() {
    with_equipped(
        |app, _| app.with_ways(Arc::new(OnTheWire::new())),
        |app, admin| async move {
            let (receiver, runner) = (Receiver::start(), runner(&app));
            for (wrong, path, code) in [
                (hook("ftp://hooks.example.cn/in", &["*"]), "url", "address_scheme"),
                (hook("file:///etc/passwd", &["*"]), "url", "address_malformed"),
                (hook("no address", &["*"]), "url", "address_malformed"),
                (hook(&receiver.url(), &["Case"]), "events[0]", "topic_shape"),
                (hook(&receiver.url(), &[]), "events", "list_length"),
                (json!({"name": " ", "url": receiver.url(), "events": ["*"]}), "name", "text_length"),
            ] {
                let problem = admin.post("/api/v1/webhooks", &wrong).await.problem(422, "invalid_body");
                assert_eq!(
                    (&problem["fields"][0]["path"], &problem["fields"][0]["code"]),
                    (&json!(path), &json!(code))
                );
            }
            let made = made(&admin, &hook(&receiver.url(), &["*"])).await;
            let one = format!("/api/v1/webhooks/{}", word(&made["id"]));
            let seen = admin.get(&one).await.expect(StatusCode::OK);
            assert!(seen.json()["secret"].is_null(), "a secret is shown once");
            let off = json!({"active": false});
            admin.patch(&one, &off).await.problem(428, "version_required");
            let careful = admin.clone().with("if-match", &seen.header("etag"));
            let changed = careful.patch(&one, &off).await.expect(StatusCode::OK).json();
            assert_eq!(changed["active"], false);
            careful.patch(&one, &json!({"active": true})).await.problem(409, "stale");
            let agent = app.with_person("mei", &[Post::Agent]);
            let matter = json!({"kind": "complaint", "channel": "phone", "text": "灯不亮"});
            let _ = agent.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED);
            after(&app, &runner, 0).await;
            assert!(receiver.arrived().is_empty(), "nothing goes to a webhook that is off");
            let _ = admin.delete(&one).await.expect(StatusCode::NO_CONTENT);
            admin.get(&one).await.problem(404, "not_found");
            let list = admin.get("/api/v1/webhooks").await.expect(StatusCode::OK).json();
            assert_eq!(list["items"], json!([]));
        },
    );
}
