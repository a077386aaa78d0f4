//! Signing in and out, one's own access, tokens, sessions.

mod access;
mod desk;
mod link;
mod list;
mod sign_in;
mod token;

pub use sign_in::{SessionOut, session_out, with_cookie};

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    sign_in::routes()
        .merge(desk::routes())
        .merge(access::routes())
        .merge(list::routes())
        .merge(token::routes())
        .merge(link::routes())
}
