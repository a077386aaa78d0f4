//! The HTTP side as a whole, in one process, on both databases.

mod access;
mod approvals;
mod casefile;
mod document;
mod idempotency;
mod incident;
mod input;
mod metrics;
mod pairs;
mod papers;
mod people;
mod reports;
mod rules;
mod story;
mod trouble;
mod twin;

use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use huiyin_testkit::engines::both_engines_async;
use std::sync::Arc;

/// Runs a test with an administrator who asks by token.
fn with_admin<F: Future<Output = ()>>(test: impl Fn(Arc<TestApp>, Client) -> F) {
    both_engines_async(|store| {
        let app = Arc::new(TestApp::new(store));
        let admin = app.with_person("boss", &[Post::Admin]);
        let tested = test(app.clone(), admin);
        async move {
            tested.await;
            // the store lives as long as the test, whatever that takes along
            drop(app);
        }
    });
}
