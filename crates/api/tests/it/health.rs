//! What machines ask before they send people here.

use axum::http::StatusCode;
use huiyin_app::Copies;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::app::BEGIN;
use serde_json::json;
use std::sync::Arc;

use crate::with_equipped;

/// A place whose last backup shows the instant at which tests begin.
struct OfToday;

impl Copies for OfToday {
    fn last(&self) -> Option<Timestamp> {
        Some(BEGIN)
    }
}

/// A place that was never backed up.
struct Never;

impl Copies for Never {
    fn last(&self) -> Option<Timestamp> {
        None
    }
}

/// Issue 3 §1, §5: ready names its checks; a backup that is too old is a
/// warning there, and no reason to send people elsewhere.
#[test]
fn ready_names_its_checks_and_warns_of_an_old_backup() {
    with_equipped(
        |app, _| app.with_copies(Arc::new(OfToday)),
        |app, _| async move {
            let machine = app.anonymous();
            let at = BEGIN.to_string();
            let seen = machine.get("/readyz").await.expect(StatusCode::OK).json();
            assert_eq!(seen["status"], "ready");
            assert_eq!(seen["checks"]["database"], json!({"status": "ok"}));
            assert_eq!(seen["checks"]["backup"], json!({"status": "ok", "at": at}));
            app.clock.advance(24 * 3_600 + 1);
            let seen = machine.get("/readyz").await.expect(StatusCode::OK).json();
            let old = json!({"status": "warning", "code": "backup_old", "at": at});
            assert_eq!((&seen["status"], &seen["checks"]["backup"]), (&json!("ready"), &old));
        },
    );
    with_equipped(
        |app, _| app.with_copies(Arc::new(Never)),
        |app, _| async move {
            let seen = app.anonymous().get("/readyz").await.expect(StatusCode::OK).json();
            let missing = json!({"status": "warning", "code": "backup_missing"});
            assert_eq!(seen["checks"]["backup"], missing);
        },
    );
}

/// Issue 3 §5: without its database nobody is ready, and alive all the same.
#[test]
fn nobody_is_ready_without_a_database() {
    with_equipped(
        |app, _| app,
        |app, _| async move {
            app.store().close();
            app.anonymous().get("/readyz").await.problem(503, "unavailable");
            let _ = app.anonymous().get("/healthz").await.expect(StatusCode::OK);
        },
    );
}
