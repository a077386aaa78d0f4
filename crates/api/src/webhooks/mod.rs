//! Webhooks: subscriptions, and what became of each message.

mod delivery;
mod subscription;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    subscription::routes().merge(delivery::routes())
}
