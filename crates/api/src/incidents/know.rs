//! What is told about incidents beside themselves: which one a new message may
//! be about, what they add up to, and drafts of their reports.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::incident::{self, HeatDay, IncidentFigures, KnownIncident, Sought};
use huiyin_app::special::{self, SpecialDraft};
use huiyin_domain::ids::{IncidentId, UnitId};
use huiyin_domain::special::SpecialKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_known_incidents))
        .routes(routes!(get_incident_figures))
        .routes(routes!(list_incident_heat))
        .routes(routes!(draft_incident_report))
}

/// What is known of a message while it is written down; at least one of the
/// first three.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KnownQuery {
    /// The building, however it is written: `5`, `5号楼`, `五栋`.
    building: Option<String>,
    /// Code of the category of the service concerned.
    service: Option<String>,
    /// The customer's words so far.
    text: Option<String>,
    /// Of this unit and those below it; everything visible when not said.
    unit: Option<UnitId>,
}

/// Incidents that a message may be about.
#[derive(Debug, Serialize, ToSchema)]
struct KnownList {
    /// At most ten, the one for which most speaks first; empty when nothing fits.
    items: Vec<KnownIncident>,
}

/// Find the known incident that a message may be about, at intake
///
/// A hint, never more: open incidents and those closed in the last 30 days, with
/// what their complainants were last told. Those to whose cases the message is
/// like, by place, number and matter apart, come first.
#[utoipa::path(get, path = "/incidents/known", operation_id = "list_known_incidents", tag = "incidents",
    params(KnownQuery),
    responses((status = 200, description = "Those that fit, best first", body = KnownList), Reading))]
async fn list_known_incidents(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<KnownQuery>,
) -> Result<Json<KnownList>, Problem> {
    let sought =
        Sought { building: query.building, service: query.service, text: query.text, unit: query.unit };
    let app = edge.app.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| incident::known(tx, ctx, &app, &sought)).await?;
    Ok(Json(KnownList { items }))
}

/// Add up an incident: one item, so many cases, times and people (PROP-90)
#[utoipa::path(get, path = "/incidents/{id}/figures", operation_id = "get_incident_figures", tag = "incidents",
    params(("id" = IncidentId, Path)),
    responses((status = 200, description = "Its figures", body = IncidentFigures), Reading))]
async fn get_incident_figures(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
) -> Result<Json<IncidentFigures>, Problem> {
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| incident::figures(tx, ctx, id)).await?))
}

/// The heat of an incident through time.
#[derive(Debug, Serialize, ToSchema)]
struct HeatList {
    /// One line for each day since the first contact, at most the last 400.
    items: Vec<HeatDay>,
}

/// Tell how an incident heats up: contacts and complainants, day by day (PROP-83)
///
/// `in_window` counts the different complainants within the month that ends with
/// the day, by which an incident becomes hot. Days without a contact are there.
#[utoipa::path(get, path = "/incidents/{id}/heat", operation_id = "list_incident_heat", tag = "incidents",
    params(("id" = IncidentId, Path)),
    responses((status = 200, description = "Day by day, the oldest first", body = HeatList), Reading))]
async fn list_incident_heat(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
) -> Result<Json<HeatList>, Problem> {
    let app = edge.app.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| incident::heat(tx, ctx, &app.rules, id)).await?;
    Ok(Json(HeatList { items }))
}

/// Draft a report about a hot incident, its sections filled from the file
///
/// The prescribed sections of PROP-84 (`first`) and PROP-85 (`closing`). 404 for
/// an incident that was never hot.
#[utoipa::path(get, path = "/incidents/{id}/special_reports/{kind}", operation_id = "draft_incident_report",
    tag = "incidents", params(("id" = IncidentId, Path), ("kind" = SpecialKind, Path)),
    responses((status = 200, description = "The draft", body = SpecialDraft), Reading))]
async fn draft_incident_report(
    State(edge): State<Edge>,
    authed: Authed,
    Id2(id, kind): Id2<IncidentId, SpecialKind>,
) -> Result<Json<SpecialDraft>, Problem> {
    let app = edge.app.clone();
    let draft = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        special::of_incident(tx, ctx, &app.rules, (id, kind))
    };
    Ok(Json(edge.app.read(&authed.ctx, draft).await?))
}
