//! Wakes the runner of this process when something was queued.

use std::sync::Arc;
use tokio::sync::Notify;

/// Wakes the runner; clones wake the same one.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Says that work may be there; to be called after a commit.
    pub fn now(&self) {
        self.0.notify_one();
    }

    /// Waits until somebody says so; a call from before counts once.
    pub async fn wait(&self) {
        self.0.notified().await;
    }
}
