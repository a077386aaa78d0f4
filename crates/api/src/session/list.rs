//! Running sessions: one's own, and other people's for whoever may end them.

use crate::answer::done;
use crate::authed::{Act, Authed};
use crate::edge::Edge;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::session::{self, SessionRow};
use huiyin_app::{Ctx, Via};
use huiyin_domain::ids::{PersonId, SessionId};
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
        .routes(routes!(list_person_sessions))
        .routes(routes!(revoke_person_session))
}

/// A running session of a browser.
#[derive(Serialize, ToSchema)]
struct RunningSession {
    id: SessionId,
    /// What the browser says it is.
    device: String,
    created_at: Timestamp,
    /// When it was last used, to the minute.
    seen_at: Timestamp,
    /// When it ends at the latest.
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// Running sessions.
#[derive(Serialize, ToSchema)]
struct RunningSessions {
    items: Vec<RunningSession>,
}

fn shown(ctx: &Ctx, rows: Vec<SessionRow>) -> Json<RunningSessions> {
    let one = |row: SessionRow| RunningSession {
        current: ctx.actor.via == Via::Session(row.id),
        id: row.id,
        device: row.device,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
    };
    Json(RunningSessions { items: rows.into_iter().map(one).collect() })
}

/// List one's own running sessions
///
/// Newest first.
#[utoipa::path(get, path = "/sessions", operation_id = "list_sessions", tag = "session",
    responses((status = 200, description = "All of them", body = RunningSessions), Reading))]
async fn list_sessions(State(edge): State<Edge>, authed: Authed) -> Result<Json<RunningSessions>, Problem> {
    let app = edge.app.clone();
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| session::list(&app, tx, ctx)).await?;
    Ok(shown(&authed.ctx, rows))
}

/// End one of one's own sessions
#[utoipa::path(delete, path = "/sessions/{id}", operation_id = "revoke_session", tag = "session",
    params(("id" = SessionId, Path)),
    responses((status = 204, description = "Ended"), Writing))]
async fn revoke_session(
    State(edge): State<Edge>,
    Id(id): Id<SessionId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| session::revoke(tx, ctx, id)).await?))
}

/// List a person's running sessions
#[utoipa::path(get, path = "/people/{id}/sessions", operation_id = "list_person_sessions", tag = "access",
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "All of them", body = RunningSessions), Reading))]
async fn list_person_sessions(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PersonId>,
) -> Result<Json<RunningSessions>, Problem> {
    let app = edge.app.clone();
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| session::list_of(&app, tx, ctx, id)).await?;
    Ok(shown(&authed.ctx, rows))
}

/// End a session of a person
#[utoipa::path(delete, path = "/people/{id}/sessions/{session}", operation_id = "revoke_person_session",
    tag = "access", params(("id" = PersonId, Path), ("session" = SessionId, Path)),
    responses((status = 204, description = "Ended"), Writing))]
async fn revoke_person_session(
    State(edge): State<Edge>,
    Id2(id, session): Id2<PersonId, SessionId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| session::revoke_of(tx, ctx, id, session)).await?))
}
