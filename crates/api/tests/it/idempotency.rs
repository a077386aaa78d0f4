use crate::with_admin;
use axum::http::StatusCode;
use huiyin_app::idempotency::purge;
use huiyin_domain::people::Post;
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
