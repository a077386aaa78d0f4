//! What a use case changed, carried out of its transaction to be told.

use crate::edge::Edge;
use huiyin_app::policy::CaseSight;
use huiyin_app::{Audience, Hint};
use huiyin_domain::ids::OrgId;
use std::sync::{Arc, Mutex, PoisonError};

/// What changed: topic, id, version and who may know of it.
type Changed = (&'static str, String, u64, CaseSight);

/// What a use case changed, told to listeners after the commit.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Option<Changed>>>);

impl Told {
    /// Keeps what changed; called inside the transaction.
    pub(crate) fn keep(&self, topic: &'static str, id: String, version: u64, sight: CaseSight) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((topic, id, version, sight));
    }

    /// Tells listeners, after the commit; gives the id of what changed.
    pub(crate) fn publish(&self, edge: &Edge, org: OrgId) -> Option<String> {
        let (topic, id, version, sight) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let path = sight.paths.into_iter().next().unwrap_or_default();
        edge.app.hints.publish(Hint {
            org,
            topic,
            id: id.clone(),
            version: i64::try_from(version).unwrap_or(i64::MAX),
            audience: Audience::Unit(path, sight.people),
        });
        Some(id)
    }
}
