//! The same browser for another organisation or another person.

use super::sign_in::OrganisationOut;
use super::{SessionOut, session_out, with_cookie};
use crate::authed::{Authed, Change};
use crate::edge::{Client, Edge, Tag};
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::session::{self, SwitchPerson};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(switch_organisation))
        .routes(routes!(switch_person))
        .routes(routes!(list_own_organisations))
}

/// Where to work from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrganisationBody {
    /// Code of the organisation.
    organisation: String,
}

/// Who takes over the desk.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonBody {
    login: String,
    /// Password; or the PIN of who signed in on this device before.
    #[schema(format = Password)]
    secret: String,
    /// One-time code, where one is asked for; not with a PIN.
    code: Option<String>,
}

/// The organisations in which one may work.
#[derive(Serialize, ToSchema)]
struct Organisations {
    items: Vec<OrganisationOut>,
}

/// List the organisations in which one may work
#[utoipa::path(get, path = "/session/organisations", operation_id = "list_own_organisations", tag = "session",
    responses((status = 200, description = "All of them", body = Organisations), Reading))]
async fn list_own_organisations(
    State(edge): State<Edge>,
    authed: Authed,
) -> Result<Json<Organisations>, Problem> {
    let all = edge.app.read(&authed.ctx, session::organisations).await?;
    let shown = |code, name| OrganisationOut { code, name };
    Ok(Json(Organisations { items: all.into_iter().map(|one| shown(one.code, one.name)).collect() }))
}

/// Work in another organisation
#[utoipa::path(post, path = "/session/organisation", operation_id = "switch_organisation", tag = "session",
    request_body = OrganisationBody,
    responses((status = 200, description = "There now", body = SessionOut), Writing))]
async fn switch_organisation(
    State(edge): State<Edge>,
    tag: Tag,
    Change { ctx, body, .. }: Change<OrganisationBody>,
) -> Result<Json<SessionOut>, Problem> {
    let there = edge
        .app
        .write(&ctx, move |tx, ctx| session::switch_organisation(tx, ctx, &body.organisation))
        .await?;
    session_out(&edge, edge.app.ctx(there.actor, &*tag.request_id, ctx.locale)).await.map(Json)
}

/// Hand a shared desk to another person
///
/// The session gets a new cookie, and the old one is dead at once.
#[utoipa::path(post, path = "/session/person", operation_id = "switch_person", tag = "session",
    request_body = PersonBody,
    responses((status = 200, description = "Handed over", body = SessionOut), Writing))]
async fn switch_person(
    State(edge): State<Edge>,
    tag: Tag,
    Client(address): Client,
    Change { ctx, body, .. }: Change<PersonBody>,
) -> Result<Response, Problem> {
    let PersonBody { login, secret, code } = body;
    let request = SwitchPerson { login, secret, code, source: Some(address.to_string()) };
    let ctx = edge.app.confirm(ctx).await?;
    let signed_in = session::switch_person(&edge.app, &ctx, request).await?;
    let out = session_out(&edge, edge.app.ctx(signed_in.actor, &*tag.request_id, signed_in.locale)).await?;
    with_cookie(&signed_in.secret, &edge.outside, Json(out))
}
