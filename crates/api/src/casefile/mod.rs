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
use huiyin_domain::ids::CaseId;
use huiyin_i18n::word;
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_case_file))
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
    // built beside the database, in a file without a name, so that memory stays small
    let made = tokio::task::spawn_blocking(move || {
        let file = tempfile::tempfile()?;
        casefile::write(&app, &ctx, id, &word, file)
    });
    let file = match made.await {
        Ok(Ok(file)) => file,
        Ok(Err(BundleFailed::App(error))) => return Err(error.into()),
        Ok(Err(error)) => {
            tracing::error!(case = %id, %error, "a case file cannot be written");
            return Err(Problem::internal());
        }
        Err(_) => return Err(Problem::internal()),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"case-{id}.zip\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    let stream = ReaderStream::new(tokio::fs::File::from_std(file));
    Ok((headers, Body::from_stream(stream)).into_response())
}
