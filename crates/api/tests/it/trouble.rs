//! Full disk and lost database: said clearly, and the retry works.

use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::engines::{TestStore, runtime};
use huiyin_testkit::store::{Engine, StoreError};
use serde_json::json;
use std::sync::Arc;

fn matter(text: &str) -> serde_json::Value {
    json!({"kind": "complaint", "channel": "phone", "text": text})
}

fn limit_pages(app: &TestApp, sql: &'static str) {
    let set = app.store().write_blocking(move |tx| tx.all(sql, &[]).map(drop));
    assert_eq!(set, Ok::<_, StoreError>(()));
}

/// PROP-68: a full disk is a problem with a code, reading goes on, the retry works.
#[test]
fn a_full_disk_is_said_and_the_same_request_works_later() {
    runtime().block_on(async {
        let app = Arc::new(TestApp::new(TestStore::migrated(Engine::Sqlite)));
        let agent = app.with_person("wang", &[Post::Agent]);
        let _ = agent.post("/api/v1/cases", &matter("before")).await.expect(StatusCode::CREATED);
        // the engine's own limit stands for the end of the disk; 1 means as large as now
        limit_pages(&app, "PRAGMA max_page_count = 1");
        let large = matter(&"满".repeat(20_000));
        let keyed = agent.clone().with("idempotency-key", "large");
        keyed.post("/api/v1/cases", &large).await.problem(503, "disk_full");
        let listed = agent.get("/api/v1/cases").await.expect(StatusCode::OK).json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        limit_pages(&app, "PRAGMA max_page_count = 1073741823");
        let made = keyed.post("/api/v1/cases", &large).await.expect(StatusCode::CREATED).json();
        let again = keyed.post("/api/v1/cases", &large).await.expect(StatusCode::CREATED).json();
        assert_eq!(made["id"], again["id"]);
        let listed = agent.get("/api/v1/cases").await.expect(StatusCode::OK).json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    });
}

/// PROP-68: connections that the database server cut are made again unnoticed.
#[test]
fn lost_connections_to_the_database_are_made_again() {
    runtime().block_on(async {
        let app = Arc::new(TestApp::new(TestStore::migrated(Engine::Postgres)));
        let agent = app.with_person("wang", &[Post::Agent]);
        for round in 0..3 {
            app.store().as_server_admin(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                 WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
            );
            let body = matter(&format!("round {round}"));
            let keyed = agent.clone().with("idempotency-key", &format!("round-{round}"));
            let made = keyed.post("/api/v1/cases", &body).await.expect(StatusCode::CREATED).json();
            let again = keyed.post("/api/v1/cases", &body).await.expect(StatusCode::CREATED).json();
            assert_eq!(made["id"], again["id"]);
        }
        let listed = agent.get("/api/v1/cases").await.expect(StatusCode::OK).json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(3));
    });
}
