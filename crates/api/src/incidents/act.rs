//! Acting on an incident: operations on its members, and taking them back.

use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::responses::Writing;
use crate::version::{IfMatch, etag, seen};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use huiyin_app::Ctx;
use huiyin_app::idempotency::Answer;
use huiyin_app::incident::{self, MembersOperated, OperationUndone};
use huiyin_app::{Hint, Told};
use huiyin_domain::ids::{IncidentId, PersonId};
use huiyin_domain::incident::{Command, Incident, Stage};
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(operate_on_incident)).routes(routes!(undo_incident_operation))
}

/// Names the schema of an action's body.
pub(super) const fn schema_of(action: &str) -> &'static str {
    match action.as_bytes() {
        b"undo" => "OperationUndone",
        b"add_measure" => "NewMeasure",
        b"end_measure" => "MeasureResult",
        b"reply_members" => "MembersReply",
        b"close_members" => "MembersClosing",
        b"close" | b"reopen" | b"withdraw_hot" => "IncidentReason",
        b"file_report" => "SpecialFiled",
        _ => "MembersOperated",
    }
}

/// Where an incident stands after an action.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IncidentActed {
    /// Its id.
    id: IncidentId,
    /// Its number.
    number: String,
    /// Its version now, for the next `If-Match`.
    #[schema(minimum = 1)]
    version: u64,
    /// Where it stands.
    stage: Stage,
    /// Who answers for it.
    owner: PersonId,
    /// Number of the last operation in its log; 0 while there is none.
    #[schema(minimum = 0)]
    operation: u32,
    /// How many members it has now.
    #[schema(minimum = 0)]
    members: usize,
    /// Earliest open limit.
    due_at: Option<Timestamp>,
}

impl From<&Incident> for IncidentActed {
    fn from(incident: &Incident) -> Self {
        Self {
            id: incident.id,
            number: incident.number.clone(),
            version: incident.version,
            stage: incident.stage,
            owner: incident.owner,
            operation: incident.operations.last().map_or(0, |operation| operation.id),
            members: incident.membership().members.len(),
            due_at: incident.due_at(),
        }
    }
}

/// Join, split or mark members of an incident
///
/// Adds an operation to the log; the cases stay as they are (D3).
#[utoipa::path(post, path = "/incidents/{id}/operations", operation_id = "operate_on_incident",
    tag = "incidents", params(("id" = IncidentId, Path), IfMatch, idempotency::KeyHeader),
    request_body = MembersOperated,
    responses((status = 200, description = "Done", body = IncidentActed), Writing))]
async fn operate_on_incident(
    State(edge): State<Edge>,
    Id(id): Id<IncidentId>,
    Change { ctx, body, headers }: Change<MembersOperated>,
) -> Result<Response, Problem> {
    act(edge, ctx, &headers, id, Command::Operate(body)).await
}

/// Take an operation back, in any order
///
/// Refused where a later operation depends on it; the refusal names it.
#[utoipa::path(post, path = "/incidents/{id}/operations/{operation}/undo",
    operation_id = "undo_incident_operation", tag = "incidents",
    params(("id" = IncidentId, Path), ("operation" = u32, Path, minimum = 1), IfMatch, idempotency::KeyHeader),
    request_body = OperationUndone,
    responses((status = 200, description = "Done", body = IncidentActed), Writing))]
async fn undo_incident_operation(
    State(edge): State<Edge>,
    Id2(id, operation): Id2<IncidentId, u32>,
    Change { ctx, body, headers }: Change<OperationUndone>,
) -> Result<Response, Problem> {
    act(edge, ctx, &headers, id, Command::Undo(operation, body)).await
}

pub(super) async fn act(
    edge: Edge,
    ctx: Ctx,
    headers: &HeaderMap,
    id: IncidentId,
    command: Command,
) -> Result<Response, Problem> {
    let version = seen(headers, None)?.map(|version| u64::try_from(version).unwrap_or(0));
    let app = edge.app.clone();
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            let acted = incident::act(tx, ctx, &app.rules, (id, version), command)?;
            let hint = Hint::incident(ctx.org(), (id, acted.incident.version), acted.sight);
            telling.keep(tx, ctx, hint)?;
            Ok(IncidentActed::from(&acted.incident))
        })
        .await?;
    told.publish(&edge.app.hints);
    Ok(stamped(answer))
}

/// Puts the new version on an answer as its ETag.
pub(super) fn stamped(answer: Answer) -> Response {
    let version = serde_json::from_str::<serde_json::Value>(&answer.body).ok();
    let version = version.and_then(|body| body["version"].as_i64());
    let mut response = done(answer);
    if let Some(version) = version {
        response.headers_mut().insert(header::ETAG, etag(version));
    }
    response
}
