//! Acting on a case.

use super::document;
use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::json::command;
use crate::path::Id2;
use crate::problem::{Field, Problem};
use crate::version::{etag, seen};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use huiyin_app::{Hint, Told, case};
use huiyin_domain::case::{Case, ClosureKind, CommandKind, Phase, Stage};
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::with_openapi(document::actions()).route("/cases/{id}/actions/{action}", post(act_on_case))
}

/// Where a case stands after an action.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ActedOut {
    /// Its id.
    id: CaseId,
    /// Its number.
    number: String,
    /// Its version now, for the next `If-Match`.
    version: u64,
    /// Where it stands.
    stage: Stage,
    /// Its phase.
    phase: Phase,
    /// How it was closed, while it is.
    closure: Option<ClosureKind>,
    /// Who owns it.
    owner: PersonId,
    /// Who handles it.
    handler: Option<PersonId>,
    /// Earliest open limit.
    due_at: Option<Timestamp>,
}

impl From<&Case> for ActedOut {
    fn from(case: &Case) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            version: case.version,
            stage: case.stage,
            phase: case.phase(),
            closure: case.closure,
            owner: case.owner,
            handler: case.handler,
            due_at: case.clocks.iter().filter(|clock| clock.is_open()).map(|clock| clock.due_at).min(),
        }
    }
}

/// Takes one action; what it is and what it needs stands in the address.
async fn act_on_case(
    State(edge): State<Edge>,
    Id2(id, name): Id2<CaseId, String>,
    Change { ctx, body, headers }: Change<Map<String, Value>>,
) -> Result<Response, Problem> {
    let kind = CommandKind::parse(&name).filter(|kind| !kind.is_apart()).ok_or_else(Problem::not_found)?;
    let mut body = body;
    let version = seen(&headers, version_in(&mut body)?)?;
    let version = version.map(|version| u64::try_from(version).unwrap_or(0));
    let command = command(kind, Value::Object(body))?;
    let app = edge.app.clone();
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            let acted = case::act(tx, ctx, &app.rules, (id, version), command)?;
            let hint = Hint::case(ctx.org(), (acted.case.id, acted.case.version), acted.sight);
            telling.keep(tx, ctx, hint)?;
            Ok(ActedOut::from(&acted.case))
        })
        .await?;
    told.publish(&edge.app.hints);
    let version = serde_json::from_str::<Value>(&answer.body).ok().and_then(|body| body["version"].as_i64());
    let mut response = done(answer);
    if let Some(version) = version {
        response.headers_mut().insert(header::ETAG, etag(version));
    }
    Ok(response)
}

/// Takes the version out of a body that carries one.
pub(crate) fn version_in(body: &mut Map<String, Value>) -> Result<Option<i64>, Problem> {
    match body.remove("version") {
        None => Ok(None),
        Some(value) => match value.as_i64().filter(|version| *version >= 0) {
            Some(version) => Ok(Some(version)),
            None => {
                let params = [("expected".to_owned(), "integer".into())].into_iter().collect();
                let field = Field { path: "version".into(), code: "wrong_type".into(), params };
                Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").field(field))
            }
        },
    }
}
