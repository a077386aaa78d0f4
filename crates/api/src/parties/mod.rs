//! Customers (客户) and households (户).

mod household;
mod party;
mod shape;

pub(crate) use shape::ResidenceOut;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    party::routes().merge(household::routes())
}
