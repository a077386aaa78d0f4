//! The HTTP side as a whole, in one process, on both databases.

mod access;
mod agreement;
mod approvals;
mod bad_input;
mod binding;
mod bulk;
mod call_reach;
mod call_work;
mod calls;
mod casefile;
mod coverage;
mod customers;
mod desk;
mod dispatch;
mod document;
mod duty;
mod export;
mod files;
mod health;
mod hooks;
mod hot_figures;
mod idempotency;
mod incident;
mod incident_work;
mod input;
mod knowledge;
mod leak_story;
mod leaving;
mod lives;
mod menus;
mod metrics;
mod notices;
mod overview;
mod own_access;
mod pairs;
mod paper;
mod papers;
mod people;
mod phrases;
mod places;
mod prepared;
mod profiles;
mod public;
mod publications;
mod receiver;
mod remedies;
mod reports;
mod rules;
mod search;
mod story;
mod suggest;
mod thousand;
mod trouble;
mod twin;
mod typical;
mod workbench;

use axum::http::StatusCode;
use huiyin_app::App;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::{Client, PASSWORD};
use huiyin_testkit::engines::both_engines_async;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Gives the text of a JSON value.
fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Makes a person who chose the password of everybody, by the administrator's link.
async fn with_password(app: &TestApp, admin: &Client, login: &str, posts: &[Post]) -> Client {
    let person = app.with_person(login, posts);
    let link = format!("/api/v1/people/{}/reset_link", person.id.expect("a person"));
    let made = admin.post(&link, &json!({})).await.expect(StatusCode::CREATED).json();
    let secret = word(&made["path"]).trim_start_matches("/reset/");
    let chosen = json!({"link": secret, "password": PASSWORD});
    let _ = app.anonymous().post("/api/v1/reset", &chosen).await.expect(StatusCode::NO_CONTENT);
    person
}

/// Runs a test with an administrator who asks by token.
fn with_admin<F: Future<Output = ()>>(test: impl Fn(Arc<TestApp>, Client) -> F) {
    with_equipped(|app, _| app, test);
}

/// Runs a test with an administrator, on a product with other ways out or files.
fn with_equipped<F: Future<Output = ()>>(
    equip: impl Fn(App, &Path) -> App,
    test: impl Fn(Arc<TestApp>, Client) -> F,
) {
    both_engines_async(|store| {
        let app = Arc::new(TestApp::with(store, &equip));
        let admin = app.with_person("boss", &[Post::Admin]);
        let tested = test(app.clone(), admin);
        async move {
            tested.await;
            // the store lives as long as the test, whatever that takes along
            drop(app);
        }
    });
}
