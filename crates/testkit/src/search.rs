//! A search index for tests, which say themselves when it takes up what changed.

use huiyin_app::App;
use huiyin_app::search::Follower;
use huiyin_search::Index;
pub use huiyin_search::folded;
use std::path::Path;
use std::sync::Arc;

/// Gives the product an index in a folder.
#[must_use]
pub fn indexed(app: App, folder: &Path) -> App {
    let index = Index::at(folder.join("index"));
    index.open();
    app.with_index(Arc::new(index))
}

/// Takes up everything that changed until now.
///
/// # Panics
/// When the index cannot be written.
pub fn follow(app: &App) {
    let followed = Follower::new(app).and_then(|mut follower| follower.round(&mut |_| true));
    assert!(followed.is_ok(), "the index does not follow: {followed:?}");
}

/// Makes the index anew.
///
/// # Panics
/// When the index cannot be written.
pub fn rebuild(app: &App) {
    let made = Follower::new(app).and_then(|mut follower| follower.rebuild(&mut |_| true));
    assert!(made.is_ok(), "the index is not made: {made:?}");
}
