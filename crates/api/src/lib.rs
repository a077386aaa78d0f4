//! The HTTP edge: routes, shapes on the wire, problems, sessions, events.
//!
//! *Invariants*: no rule of the house is here; every answer that is not a
//! success is a [`problem::Problem`]; every body is read by [`json`], every
//! query by [`query`]; a write by cookie passes [`edge::check_origin`].
//!
//! *Where to start*: [`router`] puts everything together; [`edge`] is what
//! every request passes; each module of operations has its own `routes()`.

pub mod answer;
pub mod attachments;
pub mod audit;
pub mod authed;
pub mod cases;
pub mod cookie;
pub mod duty;
pub mod edge;
pub mod events;
pub mod health;
pub mod idempotency;
pub mod jobs;
pub mod json;
pub mod notifications;
pub mod openapi;
pub mod parties;
pub mod path;
pub mod people;
pub mod problem;
pub mod query;
pub mod reasons;
pub mod responses;
pub mod session;
pub mod setup;
pub mod version;
pub mod webhooks;

pub use edge::{Client, Edge, Networks, Outside};

use axum::Router;
use axum::extract::Extension;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

/// All operations of the API, each module's own merged in.
fn operations() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(people::routes())
        .merge(audit::routes())
        .merge(cases::routes())
        .merge(attachments::routes())
        .merge(parties::routes())
        .merge(notifications::routes())
        .merge(webhooks::routes())
        .merge(duty::routes())
        .merge(jobs::routes())
        .merge(events::routes())
}

/// Puts the whole HTTP side together.
pub fn router(edge: Edge) -> Router {
    let (routes, document) = openapi::api().split_for_parts();
    routes
        .route(&format!("{}/openapi.json", openapi::BASE), get(openapi::serve))
        .merge(health::routes())
        .merge(setup::routes())
        .fallback(nothing)
        .layer(Extension(Arc::new(document)))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(from_fn_with_state(edge.clone(), edge::wrap))
        .with_state(edge)
}

/// Answers for addresses that do not exist.
async fn nothing() -> problem::Problem {
    problem::Problem::not_found()
}
