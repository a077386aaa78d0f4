use crate::with_admin;
use axum::http::StatusCode;
use huiyin_app::idempotency::purge;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use serde_json::json;

/// contracts §2: same key and same body give the same answer for 24 h.
#[test]
fn a_repeat_happens_once_and_answers_the_same() {
    with_admin(|app, admin| async move {
        let unit = json!({"code": "north", "name": "北苑", "level": "estate", "parent": app.unit});
        let keyed = admin.clone().with("idempotency-key", "k-1");
        let first = keyed.post("/api/v1/units", &unit).await.expect(StatusCode::CREATED);
        let second = keyed.post("/api/v1/units", &unit).await.expect(StatusCode::CREATED);
        assert_eq!(first.body, second.body);
        assert_eq!(second.header("idempotent-replayed"), "true");
        let other = json!({"code": "south", "name": "南苑", "level": "estate", "parent": app.unit});
        keyed.post("/api/v1/units", &other).await.problem(422, "idempotency_key_reused");
        let zhou = app.with_person("zhou", &[Post::Admin]).with("idempotency-key", "k-1");
        let _ = zhou.post("/api/v1/units", &other).await.expect(StatusCode::CREATED);
        admin.post("/api/v1/units", &unit).await.problem(409, "code_taken");
    });
}

/// contracts §2: expired keys are purged, and are free again.
#[test]
fn a_key_is_free_again_after_a_day() {
    with_admin(|app, admin| async move {
        let keyed = admin.with("idempotency-key", "k-1");
        let unit = json!({"code": "north", "name": "北苑", "level": "estate", "parent": app.unit});
        let _ = keyed.post("/api/v1/units", &unit).await.expect(StatusCode::CREATED);
        app.clock.advance(24 * 3600 - 1);
        assert_eq!(purge(&app.edge.app).await.ok(), Some(0));
        app.clock.advance(1);
        keyed.post("/api/v1/units", &unit).await.problem(409, "code_taken");
        assert_eq!(purge(&app.edge.app).await.ok(), Some(1));
        assert_eq!(purge(&app.edge.app).await.ok(), Some(0));
    });
}

/// contracts §2: what was refused may be tried again with the same key.
#[test]
fn a_refusal_uses_no_key_up() {
    with_admin(|app, admin| async move {
        let keyed = admin.with("idempotency-key", "k-1");
        let wrong = json!({"code": "", "name": "北苑", "level": "estate", "parent": app.unit});
        keyed.post("/api/v1/units", &wrong).await.problem(422, "invalid_body");
        let right = json!({"code": "north", "name": "北苑", "level": "estate", "parent": app.unit});
        let _ = keyed.post("/api/v1/units", &right).await.expect(StatusCode::CREATED);
        let long = keyed.with("idempotency-key", &"k".repeat(256));
        long.post("/api/v1/units", &right).await.problem(400, "idempotency_key_invalid");
    });
}

/// contracts §2: a token's secret is shown once, a repeat makes no second one.
#[test]
fn a_repeated_token_is_made_once_and_shown_once() {
    with_admin(|_, admin| async move {
        let keyed = admin.with("idempotency-key", "k-1");
        let first = keyed.post("/api/v1/tokens", &json!({"name": "desk"})).await.json();
        let second = keyed.post("/api/v1/tokens", &json!({"name": "desk"})).await.json();
        assert_eq!(first["id"], second["id"]);
        assert!(first["token"].is_string() && second["token"].is_null());
    });
}

/// Gives everything that the table of kept answers holds, as one text.
fn kept(app: &TestApp) -> String {
    let rows = app.store().read_blocking(|tx| tx.all("SELECT key, body, answer FROM idempotency", &[]));
    format!("{:?}", rows.expect("kept answers"))
}

/// D4, contracts §2: a customer entered twice with one key is one customer; no
/// kept answer tells who it is, so that an erasing reaches the repeat too.
#[test]
fn a_kept_answer_never_outlives_an_erasing() {
    with_admin(|app, _| async move {
        let head = app.with_person("hua", &[Post::Head]);
        let agent = app.with_person("mei", &[Post::Agent]).with("idempotency-key", "party-1");
        let new = json!({"name": "欧阳某某", "phones": ["19900001234"], "note": "晚上在家"});
        let first = agent.post("/api/v1/parties", &new).await.expect(StatusCode::CREATED).json();
        let again = agent.post("/api/v1/parties", &new).await.expect(StatusCode::CREATED);
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!((&again.json()["id"], &again.json()["name"]), (&first["id"], &first["name"]));
        let other = json!({"name": "另一位"});
        agent.post("/api/v1/parties", &other).await.problem(422, "idempotency_key_reused");
        let matter = json!({"kind": "complaint", "channel": "phone", "text": "欧阳某某家漏水",
            "reporter": {"name": "欧阳某某", "phone": "19900001234"}});
        let by_case = agent.clone().with("idempotency-key", "case-1");
        let _ = by_case.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED);
        for secret in ["欧阳", "19900001234", "漏水", "晚上"] {
            assert!(!kept(&app).contains(secret), "{secret} is kept");
        }
        let path = format!("/api/v1/parties/{}/erase", first["id"].as_str().unwrap_or_default());
        let basis = json!({"basis": "request of 2026-11-20"});
        let _ = head.post(&path, &basis).await.expect(StatusCode::NO_CONTENT);
        let erased = agent.post("/api/v1/parties", &new).await.expect(StatusCode::CREATED).json();
        assert_eq!(
            (&erased["id"], &erased["name"], &erased["phones"]),
            (&first["id"], &json!(null), &json!([]))
        );
    });
}

/// contracts §2: what makes a secret happens once too; the secret is shown once
/// and kept nowhere.
#[test]
fn a_secret_is_shown_once_and_made_once() {
    with_admin(|app, admin| async move {
        let keyed = |key: &str| admin.clone().with("idempotency-key", key);
        let hook = json!({"name": "desk", "url": "https://hooks.example.cn/in", "events": ["case.closed"]});
        let made = keyed("h1").post("/api/v1/webhooks", &hook).await.expect(StatusCode::CREATED).json();
        let again = keyed("h1").post("/api/v1/webhooks", &hook).await.expect(StatusCode::CREATED);
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!((&again.json()["id"], &again.json()["secret"]), (&made["id"], &json!(null)));
        let list = admin.get("/api/v1/webhooks").await.expect(StatusCode::OK).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let li = app.with_person("li", &[Post::Agent]).id.expect("a person");
        let renew = format!("/api/v1/webhooks/{}/secret", made["id"].as_str().unwrap_or_default());
        let link = format!("/api/v1/people/{li}/reset_link");
        for (path, field, status) in [
            (renew.as_str(), "secret", StatusCode::CREATED),
            (link.as_str(), "path", StatusCode::CREATED),
            ("/api/v1/totp", "secret", StatusCode::OK),
            ("/api/v1/tokens", "token", StatusCode::CREATED),
        ] {
            let body = if path.ends_with("tokens") { json!({"name": "t"}) } else { json!({}) };
            let first = keyed(path).post(path, &body).await.expect(status).json();
            let shown = first[field].as_str().unwrap_or_default().to_owned();
            assert!(shown.len() > 20, "{path}: {first}");
            let second = keyed(path).post(path, &body).await.expect(status);
            assert_eq!(second.header("idempotent-replayed"), "true", "{path}");
            assert!(second.json()[field].is_null(), "{path}");
            let kept = kept(&app);
            assert!(!kept.contains(shown.trim_start_matches("/reset/")), "{path} keeps its secret");
        }
        let bytes = made["secret"].as_str().unwrap_or_default().to_owned();
        assert!(!bytes.is_empty() && !kept(&app).contains(&bytes));
    });
}

/// contracts §2: expired keys are purged by the product itself.
#[test]
fn expired_keys_are_purged_by_the_daily_work() {
    use huiyin_app::work::{Runner, everything};
    with_admin(|app, admin| async move {
        let unit = json!({"code": "north", "name": "北苑", "level": "estate", "parent": app.unit});
        let _ = admin.clone().with("idempotency-key", "k").post("/api/v1/units", &unit).await;
        let (handlers, ticks) = everything(&app.edge.app);
        let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
        for (seconds, left) in [(0, 1), (25 * 3600, 0)] {
            app.clock.advance(seconds);
            runner.run_due(app.clock_now()).await.expect("work");
            let count = app.store().read_blocking(|tx| tx.all("SELECT key FROM idempotency", &[]));
            assert_eq!(count.map(|rows| rows.len()), Ok(left), "after {seconds} s");
        }
    });
}
