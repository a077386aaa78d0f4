//! Files on their way out: always to be saved, never run in a page.

use super::AttachmentOut;
use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::responses::Reading;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use huiyin_app::attachment;
use huiyin_domain::ids::{AttachmentId, CaseId};
use serde::Serialize;
use std::fmt::Write as _;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_attachments)).routes(routes!(get_attachment))
}

/// The files of a case.
#[derive(Debug, Serialize, ToSchema)]
struct Attachments {
    /// Oldest first.
    items: Vec<AttachmentOut>,
}

/// List the files of a case, oldest first
#[utoipa::path(get, path = "/cases/{id}/attachments", operation_id = "list_attachments", tag = "attachments",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "All of them", body = Attachments), Reading))]
async fn list_attachments(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Attachments>, Problem> {
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| attachment::list(tx, ctx, id)).await?;
    Ok(Json(Attachments { items: rows.into_iter().map(AttachmentOut::from).collect() }))
}

/// Download a file of a case
#[utoipa::path(get, path = "/cases/{id}/attachments/{attachment}", operation_id = "get_attachment",
    tag = "attachments", params(("id" = CaseId, Path), ("attachment" = AttachmentId, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = String), Reading))]
async fn get_attachment(
    State(edge): State<Edge>,
    authed: Authed,
    Id2(case, id): Id2<CaseId, AttachmentId>,
) -> Result<Response, Problem> {
    let found = attachment::give(&edge.app, &authed.ctx, case, id).await?;
    let file = tokio::fs::File::open(&found.place).await.map_err(|error| {
        tracing::error!(attachment = %id, %error, "an attached file cannot be read");
        Problem::internal()
    })?;
    let headers = [
        (header::CONTENT_TYPE, shown_type(&found.attachment.media_type).to_owned()),
        (header::CONTENT_LENGTH, found.attachment.bytes.to_string()),
        (header::CONTENT_DISPOSITION, disposition(&found.attachment.name)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// Gives the type that is sent: only those that cannot run in a page.
fn shown_type(media_type: &str) -> &str {
    const PLAIN: [&str; 9] = [
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "audio/mpeg",
        "audio/x-wav",
        "video/mp4",
        "application/zip",
    ];
    if PLAIN.contains(&media_type) { media_type } else { "application/octet-stream" }
}

/// Gives the header that makes a browser save the file under its name.
fn disposition(name: &str) -> String {
    let mut text = "attachment; filename*=UTF-8''".to_owned();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // writing to a string cannot fail
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bad input (issue 3): a name cannot break out of its header.
    #[test]
    fn a_name_stays_within_its_header() {
        assert_eq!(disposition("a\"b\r\nx:1;.png"), "attachment; filename*=UTF-8''a%22b%0D%0Ax%3A1%3B.png");
        assert_eq!(disposition("图.png"), "attachment; filename*=UTF-8''%E5%9B%BE.png");
    }

    /// Issue 3 §3: what could run in a page is sent as plain bytes.
    #[test]
    fn nothing_that_runs_keeps_its_type() {
        assert_eq!(shown_type("image/png"), "image/png");
        for runs in ["text/html", "image/svg+xml", "text/xml", "application/javascript"] {
            assert_eq!(shown_type(runs), "application/octet-stream");
        }
    }
}
