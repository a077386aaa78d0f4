//! Cases: recorded, listed, read, acted on.

mod act;
mod document;
mod erase;
mod export;
mod form;
mod guide;
mod list;
mod read;
mod record;
mod taxonomy;

pub(crate) use act::version_in;
pub(crate) use list::{CaseCount, CasesQuery};

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
        .merge(guide::routes())
}
