//! What an organisation works by: its own settings, packs, calendars.

mod calendar;
mod organisation;
mod pack;
mod shown;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .merge(organisation::routes())
        .merge(pack::routes())
        .merge(calendar::routes())
        .merge(shown::routes())
}
