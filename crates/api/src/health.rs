//! What machines ask: alive, ready, figures, certificate, the document.

use crate::edge::Edge;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use huiyin_app::backup::Age;
use serde_json::{Value, json};
use std::time::Duration;

/// How long the database may take to answer until we say that we are not ready.
const LOOK: Duration = Duration::from_secs(5);

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

/// Answers 200 once migrations are done and while the database answers.
///
/// A backup that is too old is a warning among the checks and no reason to
/// send people elsewhere: the status stays 200.
async fn ready(State(edge): State<Edge>) -> Result<Response, Problem> {
    if !edge.is_ready() {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    }
    let looked = tokio::time::timeout(LOOK, edge.app.look()).await;
    looked.map_err(|_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable"))??;
    let mut checks = json!({"database": {"status": "ok"}});
    if let Some(copies) = &edge.app.copies {
        checks["backup"] = backup(Age::of(copies.last(), edge.app.clock.now()));
    }
    Ok(Json(json!({"status": "ready", "checks": checks})).into_response())
}

fn backup(age: Age) -> Value {
    let mut check = match age.warning() {
        None => json!({"status": "ok"}),
        Some(code) => json!({"status": "warning", "code": code}),
    };
    if let Some(at) = age.at() {
        check["at"] = at.to_string().into();
    }
    check
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
