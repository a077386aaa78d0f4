//! Cases: recorded, listed, read, acted on.

mod act;
mod document;
mod erase;
mod export;
mod form;
mod list;
mod read;
mod record;
mod taxonomy;

pub(crate) use act::version_in;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    record::routes()
        .merge(list::routes())
        .merge(export::routes())
        .merge(read::routes())
        .merge(act::routes())
        .merge(erase::routes())
        .merge(form::routes())
        .merge(taxonomy::routes())
}
