//! The organisation in which one works.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::people::organisation::{self, Organisation, OrganisationChange};
use huiyin_domain::ids::UnitId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_organisation, change_organisation))
}

/// The organisation in which one works.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organisation)]
struct OrganisationOut {
    /// Its code.
    code: String,
    /// The name that people see.
    name: String,
    /// IANA zone of its dates.
    zone: String,
    /// Name of its working calendar.
    calendar: String,
    /// Name of the pack of its cases.
    pack: String,
    /// The unit in which everything lies that names no other.
    root_unit: UnitId,
}

impl From<Organisation> for OrganisationOut {
    fn from(own: Organisation) -> Self {
        let Organisation { code, name, zone, calendar, pack, root_unit, .. } = own;
        Self { code, name, zone, calendar, pack, root_unit }
    }
}

/// What changes; what is not said stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrganisationSettings)]
struct OrganisationBody {
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: Option<String>,
    zone: Option<String>,
    /// Name of the shipped calendar or of an imported one.
    calendar: Option<String>,
    /// Name of a shipped pack or of an activated one.
    pack: Option<String>,
}

/// Show the organisation in which one works
#[utoipa::path(get, path = "/organisation", operation_id = "get_organisation", tag = "rules",
    responses((status = 200, description = "The organisation", body = OrganisationOut), Reading))]
async fn get_organisation(
    State(edge): State<Edge>,
    authed: Authed,
) -> Result<Json<OrganisationOut>, Problem> {
    Ok(Json(edge.app.read(&authed.ctx, organisation::get).await?.into()))
}

/// Change name, zone, calendar or pack of the organisation
///
/// Another calendar counts open limits again. Another pack binds the cases
/// that are received from now on. Organisations are founded on the machine,
/// by `huiyin org create`.
#[utoipa::path(patch, path = "/organisation", operation_id = "change_organisation", tag = "rules",
    request_body = OrganisationBody,
    responses((status = 200, description = "The organisation as it is now", body = OrganisationOut), Writing))]
async fn change_organisation(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<OrganisationBody>,
) -> Result<Response, Problem> {
    let org = ctx.org();
    let OrganisationBody { name, zone, calendar, pack } = body;
    let change = OrganisationChange { name, zone, calendar, pack };
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| organisation::change(tx, ctx, &change).map(OrganisationOut::from))
        .await;
    Ok(done(edge.app.rules_changed(org, "organisation", answer)?))
}
