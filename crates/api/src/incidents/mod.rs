//! Incidents: the real happening that several cases are about.

mod act;
mod erase;
mod know;
mod list;
mod many;
mod open;
mod read;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    open::routes()
        .merge(know::routes())
        .merge(list::routes())
        .merge(read::routes())
        .merge(act::routes())
        .merge(many::routes())
        .merge(erase::routes())
}
