//! What machines ask: alive, ready, figures, certificate, the document.

use crate::edge::Edge;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

/// Addresses outside the API's version.
pub fn routes() -> Router<Edge> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .route("/ca.pem", get(authority))
}

/// Answers as long as the process can answer at all.
async fn alive() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// Answers 200 once migrations are done and the database can be read.
async fn ready(State(edge): State<Edge>) -> Result<Response, Problem> {
    if !edge.is_ready() {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    }
    Ok(Json(json!({"status": "ready"})).into_response())
}

/// Gives the figures in Prometheus' text format.
async fn figures(State(edge): State<Edge>) -> Result<Response, Problem> {
    let handle = edge.metrics.as_ref().ok_or_else(Problem::not_found)?;
    let media = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((media, handle.render()).into_response())
}

/// Gives the certificate of our own authority, to install on a machine.
async fn authority(State(edge): State<Edge>) -> Result<Response, Problem> {
    let pem = edge.outside.authority.as_deref().ok_or_else(Problem::not_found)?;
    let media = [(header::CONTENT_TYPE, "application/x-pem-file")];
    Ok((media, pem.to_owned()).into_response())
}
