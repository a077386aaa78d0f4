//! The public page of an estate, and its upkeep by the desk.
//!
//! Plain HTML without script. *Where to start*: [`pages`] names the addresses.

mod file;
mod follow;
mod form;
mod help;
mod home;
mod publish;
mod receipt;
mod visitor;

use crate::edge::Edge;
use crate::page;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations by which the desk publishes.
pub fn routes() -> OpenApiRouter<Edge> {
    publish::routes().merge(receipt::routes())
}

/// Addresses that customers open.
pub fn pages() -> Router<Edge> {
    Router::new()
        .route(page::STYLE_PATH, get(page::style))
        .route("/p/{slug}", get(home::show))
        .route("/p/{slug}/qr.svg", get(home::qr))
        .route("/p/{slug}/file", get(file::show).post(file::take))
        .route("/p/{slug}/help", get(help::show))
        .route("/p/{slug}/follow", get(follow::show).post(follow::look))
        .route("/p/{slug}/say", axum::routing::post(follow::say))
        // files have their own limit, counted as they come
        .layer(DefaultBodyLimit::disable())
}
