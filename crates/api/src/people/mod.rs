//! People, their places and the organisation tree.

mod binding;
mod membership;
mod person;
mod profile;
mod unit;

pub use person::PostOut;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    person::routes()
        .merge(membership::routes())
        .merge(unit::routes())
        .merge(binding::routes())
        .merge(profile::routes())
}
