//! The HTTP edge: routes, shapes on the wire, problems, sessions, events.
//!
//! *Invariants*: no rule of the house is here; every answer that is not a
//! success is a [`problem::Problem`]; every body is read by [`json`], every
//! query by [`query`]; a write by cookie passes [`edge::check_origin`].
//!
//! *Where to start*: [`router`] puts everything together; [`edge`] is what
//! every request passes; each module of operations has its own `routes()`.

mod actions;
pub mod agreements;
pub mod answer;
pub mod approvals;
pub mod attachments;
pub mod audit;
pub mod authed;
pub mod bulk;
pub mod calls;
mod casefile;
pub mod cases;
pub mod confirm;
pub mod cookie;
pub mod duty;
pub mod edge;
pub mod events;
pub mod health;
pub mod idempotency;
pub mod incidents;
pub mod jobs;
pub mod json;
mod knowledge;
pub mod majors;
pub mod media;
pub mod metrics;
pub mod notifications;
mod numbered;
pub mod openapi;
pub mod overview;
pub mod page;
pub mod papers;
pub mod parties;
pub mod path;
pub mod people;
pub mod phrases;
mod prepared;
pub mod problem;
pub mod public;
pub mod query;
pub mod reasons;
pub mod remedies;
pub mod reports;
pub mod responses;
pub mod rules;
pub mod search;
pub mod session;
pub mod setup;
pub mod shelf;
pub mod suggest;
pub mod table;
pub mod version;
pub mod webhooks;

pub use edge::{Client, Edge, Networks, Outside};

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

/// All operations of the API, each module's own merged in.
fn operations() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(people::routes())
        .merge(audit::routes())
        .merge(cases::routes())
        .merge(casefile::routes())
        .merge(bulk::routes())
        .merge(prepared::routes())
        .merge(incidents::routes())
        .merge(majors::routes())
        .merge(attachments::routes())
        .merge(approvals::routes())
        .merge(agreements::routes())
        .merge(calls::routes())
        .merge(remedies::routes())
        .merge(parties::routes())
        .merge(notifications::routes())
        .merge(webhooks::routes())
        .merge(duty::routes())
        .merge(papers::routes())
        .merge(knowledge::routes())
        .merge(media::routes())
        .merge(rules::routes())
        .merge(phrases::routes())
        .merge(suggest::routes())
        .merge(jobs::routes())
        .merge(metrics::routes())
        .merge(overview::routes())
        .merge(public::routes())
        .merge(reports::routes())
        .merge(search::routes())
        .merge(shelf::routes())
        .merge(events::routes())
}

/// Answers for what is not an operation, such as pages; nothing for the rest.
pub type Pages = fn(&Request) -> Option<Response>;

/// Puts the HTTP side together without pages.
pub fn router(edge: Edge) -> Router {
    router_with(edge, |_| None)
}

/// Puts the whole HTTP side together; `pages` is asked before it says 404.
pub fn router_with(edge: Edge, pages: Pages) -> Router {
    let (routes, document) = openapi::api().split_for_parts();
    routes
        .route(&format!("{}/openapi.json", openapi::BASE), openapi::route(&document))
        .merge(health::routes())
        .merge(setup::routes())
        .merge(confirm::routes())
        .merge(papers::publications::public())
        .merge(public::pages())
        .fallback(async move |request: Request| {
            pages(&request).unwrap_or_else(|| problem::Problem::not_found().into_response())
        })
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(from_fn_with_state(edge.clone(), edge::wrap))
        .with_state(edge)
}
