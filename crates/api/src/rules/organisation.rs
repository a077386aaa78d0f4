//! The organisation in which one works.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::people::organisation::{self, NewOrganisation, Organisation, OrganisationChange};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::ids::UnitId;
use huiyin_domain::people::UnitLevel;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_organisation, change_organisation))
        .routes(routes!(found_organisation))
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
    /// Whether you may found another organisation here.
    founds: bool,
}

fn out(own: Organisation, founds: bool) -> OrganisationOut {
    let Organisation { code, name, zone, calendar, pack, root_unit, .. } = own;
    OrganisationOut { code, name, zone, calendar, pack, root_unit, founds }
}

fn shown(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<OrganisationOut, Error> {
    Ok(out(organisation::get(tx, ctx)?, organisation::founds(tx, ctx)?))
}

/// An organisation to found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOrganisation)]
struct FoundBody {
    /// Its code, by which the outside names it.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[A-Za-z0-9._-]+$")]
    code: String,
    /// The name that people see; its first unit bears it too.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    /// IANA zone of its dates; Asia/Shanghai when not said.
    zone: Option<String>,
    /// Name of the pack of its cases; the property one when not said.
    pack: Option<String>,
    /// The rung of its first unit; a company when not said.
    level: Option<UnitLevel>,
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
    Ok(Json(edge.app.read(&authed.ctx, shown).await?))
}

/// Change name, zone, calendar or pack of the organisation
///
/// Another calendar counts open limits again. Another pack binds the cases
/// that are received from now on.
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
        .once(ctx, 200, move |tx, ctx| {
            organisation::change(tx, ctx, &change)?;
            shown(tx, ctx)
        })
        .await;
    Ok(done(edge.app.rules_changed(org, "organisation", answer)?))
}

/// Found another organisation, as its first person
///
/// For an administrator of the organisation that the installation began with,
/// signed in by a browser; change to it with `POST /session/organisation`. On the
/// machine `huiyin org create` does the same.
#[utoipa::path(post, path = "/organisations", operation_id = "found_organisation", tag = "rules",
    request_body = FoundBody,
    responses((status = 201, description = "Founded", body = OrganisationOut), Writing))]
async fn found_organisation(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<FoundBody>,
) -> Result<Response, Problem> {
    let usual = NewOrganisation::default_one();
    let FoundBody { code, name, zone, pack, level } = body;
    let new = NewOrganisation {
        code,
        name,
        zone: zone.unwrap_or(usual.zone),
        calendar: usual.calendar,
        pack: pack.unwrap_or(usual.pack),
        level: level.unwrap_or(usual.level),
    };
    let app = edge.app.clone();
    let found = move |tx: &mut Tx<'_>, ctx: &Ctx| Ok(out(organisation::found(&app, tx, ctx, &new)?, false));
    Ok(done(edge.app.once(ctx, 201, found).await?))
}
