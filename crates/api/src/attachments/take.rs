//! Files on their way in: a raw body with its name, or one part of a form.

use super::AttachmentOut;
use crate::authed::Authed;
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::decode;
use crate::responses::Writing;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::attachment::{self, Arrived, Upload};
use huiyin_domain::ids::CaseId;
use std::time::Duration;
use tokio::time::timeout;
use tokio_stream::StreamExt;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Longest silence of a sender.
const SILENCE: Duration = Duration::from_secs(30);

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(attach_file))
}

/// Attach a file to a case
///
/// Either the file itself as body, with `?name=`, or one part `file` of a
/// `multipart/form-data` form. Programs are refused and the refusal is noted
/// on the case.
#[utoipa::path(post, path = "/cases/{id}/attachments", operation_id = "attach_file", tag = "attachments",
    params(("id" = CaseId, Path), ("name" = Option<String>, Query, description = "Name of a file sent as body")),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, description = "Attached", body = AttachmentOut), Writing))]
async fn attach_file(
    State(edge): State<Edge>,
    Id(id): Id<CaseId>,
    mut authed: Authed,
    request: Request,
) -> Result<Response, Problem> {
    authed.ctx.idempotency = idempotency::key(request.method(), request.uri(), request.headers(), b"")?;
    let arrived = if is_form(request.headers()) {
        from_form(&edge, &authed, id, request).await?
    } else {
        from_body(&edge, &authed, id, request).await?
    };
    let attached = attachment::attach(&edge.app, &authed.ctx, id, arrived).await?;
    let out = (StatusCode::CREATED, Json(AttachmentOut::from(attached.attachment)));
    let Some(hint) = attached.hint else {
        return Ok(([("idempotent-replayed", "true")], out).into_response());
    };
    edge.app.hints.publish(hint);
    Ok(out.into_response())
}

fn is_form(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("multipart/form-data")
}

async fn from_body(edge: &Edge, authed: &Authed, id: CaseId, request: Request) -> Result<Arrived, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let name = query.split('&').find_map(|pair| pair.strip_prefix("name="));
    let name = decode(name.unwrap_or_default())?;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced: Option<u64> = length.and_then(|digits| digits.parse().ok());
    if announced.is_some_and(|length| length > edge.app.files.limit()) {
        return Err(too_large(edge));
    }
    let mut upload = attachment::begin(&edge.app, &authed.ctx, id, &name).await?;
    copy(request.into_body(), &mut upload).await?;
    Ok(Arrived { upload, announced, name })
}

fn too_large(edge: &Edge) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large").with("limit", edge.app.files.limit())
}

async fn copy(body: Body, upload: &mut Upload) -> Result<(), Problem> {
    let mut stream = body.into_data_stream();
    loop {
        let Ok(next) = timeout(SILENCE, stream.next()).await else { return Err(too_slow()) };
        match next {
            None => return Ok(()),
            Some(Ok(chunk)) => upload.write(&chunk).await?,
            Some(Err(_)) => return Err(interrupted()),
        }
    }
}

fn too_slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow")
}

fn interrupted() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "body_interrupted")
}

async fn from_form(edge: &Edge, authed: &Authed, id: CaseId, request: Request) -> Result<Arrived, Problem> {
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, "malformed_request");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| wrong())?;
    let Ok(Some(mut part)) = form.next_field().await else { return Err(wrong()) };
    let name = part.file_name().unwrap_or_default().to_owned();
    let mut upload = attachment::begin(&edge.app, &authed.ctx, id, &name).await?;
    loop {
        let next: Result<Option<Bytes>, _> = match timeout(SILENCE, part.chunk()).await {
            Ok(next) => next,
            Err(_) => return Err(too_slow()),
        };
        match next {
            Ok(Some(chunk)) => upload.write(&chunk).await?,
            Ok(None) => return Ok(Arrived { upload, announced: None, name }),
            Err(_) => return Err(interrupted()),
        }
    }
}
