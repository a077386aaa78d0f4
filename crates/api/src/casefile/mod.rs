//! The case file (案卷) as one zip.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Reading;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use huiyin_app::casefile::{self, BundleFailed};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_i18n::word;
use std::fs::File;
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_case_file)).routes(routes!(get_incident_file))
}

/// Download the whole file of a case as a zip
///
/// Index, history in words, filled forms, attachments, the hash chain with
/// what it covers, and a script that verifies all of it without this product.
/// Identity is masked as for the reader; that the file left is logged.
#[utoipa::path(get, path = "/cases/{id}/file", operation_id = "get_case_file", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "The zip", content_type = "application/zip", body = String), Reading))]
async fn get_case_file(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Response, Problem> {
    let (app, ctx) = (edge.app.clone(), authed.ctx.clone());
    packed(format!("case-{id}"), move |file| casefile::write(&app, &ctx, id, &word, file)).await
}

/// Download the whole file of an incident as a zip
///
/// Index with its figures and members, history in words, the hash chain with
/// what it covers, the whole files of the member cases in folders of their own,
/// and a script that verifies it all. Only for who may know of every case that
/// ever belonged.
#[utoipa::path(get, path = "/incidents/{id}/file", operation_id = "get_incident_file", tag = "incidents",
    params(("id" = IncidentId, Path)),
    responses((status = 200, description = "The zip", content_type = "application/zip", body = String), Reading))]
async fn get_incident_file(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
) -> Result<Response, Problem> {
    let (app, ctx) = (edge.app.clone(), authed.ctx.clone());
    packed(format!("incident-{id}"), move |file| casefile::write_incident(&app, &ctx, id, &word, file)).await
}

/// Packs a zip beside the database, in a file without a name, so that memory
/// stays small.
async fn packed(
    name: String,
    write: impl FnOnce(File) -> Result<File, BundleFailed> + Send + 'static,
) -> Result<Response, Problem> {
    let made = tokio::task::spawn_blocking(move || write(tempfile::tempfile()?));
    let file = match made.await {
        Ok(Ok(file)) => file,
        Ok(Err(BundleFailed::App(error))) => return Err(error.into()),
        Ok(Err(error)) => {
            tracing::error!(name, %error, "a case file cannot be written");
            return Err(Problem::internal());
        }
        Err(_) => return Err(Problem::internal()),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.zip\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    let stream = ReaderStream::new(tokio::fs::File::from_std(file));
    Ok((headers, Body::from_stream(stream)).into_response())
}
