//! Reading one incident: state, members, operations, history, actions.

use crate::actions::Actions;
use crate::answer::{Page, PageQuery, invalid_cursor, versioned};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::case::EntryView;
use huiyin_app::incident::{self, MemberLine, OperationLine};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::Incident;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_incident))
        .routes(routes!(list_incident_members))
        .routes(routes!(list_incident_operations))
        .routes(routes!(list_incident_timeline))
        .routes(routes!(list_incident_actions))
}

/// An incident as people read it; its operations have a list of their own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
struct IncidentOut {
    #[serde(flatten)]
    incident: Incident,
    /// The lead case, where one was named that the reader may know of.
    lead: Option<CaseId>,
    /// Hash of the last entry of its history.
    head: String,
    /// Earliest open limit: the countdown of a hot one's next report.
    due_at: Option<Timestamp>,
    /// Since when it is hot; null while it is not.
    hot_at: Option<Timestamp>,
}

/// Read an incident
#[utoipa::path(get, path = "/incidents/{id}", operation_id = "get_incident", tag = "incidents",
    params(("id" = IncidentId, Path)),
    responses((status = 200, description = "The incident; its version is the ETag", body = IncidentOut), Reading))]
async fn get_incident(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
) -> Result<Response, Problem> {
    let view = edge.app.read(&authed.ctx, move |tx, ctx| incident::get(tx, ctx, id)).await?;
    Ok(versioned(i64::try_from(view.version).unwrap_or(i64::MAX), view.body))
}

/// As of when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MembersQuery {
    /// As they were known at this moment; now when not said.
    as_of: Option<Timestamp>,
}

/// The members of an incident.
#[derive(Debug, Serialize, ToSchema)]
struct MemberList {
    /// Members by time, then case and contact; only those the reader may know of.
    items: Vec<MemberLine>,
}

/// List the members of an incident, now or as of a moment
#[utoipa::path(get, path = "/incidents/{id}/members", operation_id = "list_incident_members",
    tag = "incidents", params(("id" = IncidentId, Path), MembersQuery),
    responses((status = 200, description = "All of them", body = MemberList), Reading))]
async fn list_incident_members(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
    Query(query): Query<MembersQuery>,
) -> Result<Json<MemberList>, Problem> {
    let items =
        edge.app.read(&authed.ctx, move |tx, ctx| incident::members(tx, ctx, id, query.as_of)).await?;
    Ok(Json(MemberList { items }))
}

/// The log of operations of an incident.
#[derive(Debug, Serialize, ToSchema)]
struct OperationList {
    /// Operations, oldest first, undone ones too.
    items: Vec<OperationLine>,
}

/// List the operations of an incident, oldest first
#[utoipa::path(get, path = "/incidents/{id}/operations", operation_id = "list_incident_operations",
    tag = "incidents", params(("id" = IncidentId, Path)),
    responses((status = 200, description = "All of them", body = OperationList), Reading))]
async fn list_incident_operations(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
) -> Result<Json<OperationList>, Problem> {
    let items = edge.app.read(&authed.ctx, move |tx, ctx| incident::operations(tx, ctx, id)).await?;
    Ok(Json(OperationList { items }))
}

/// A page of an incident's history.
#[derive(Debug, Serialize, ToSchema)]
struct IncidentTimeline {
    /// Entries, oldest first.
    items: Vec<EntryView>,
    /// Where it goes on; null at its end.
    next_cursor: Option<String>,
}

/// Read the history of an incident, oldest first
#[utoipa::path(get, path = "/incidents/{id}/timeline", operation_id = "list_incident_timeline",
    tag = "incidents", params(("id" = IncidentId, Path), PageQuery),
    responses((status = 200, description = "A page", body = IncidentTimeline), Reading))]
async fn list_incident_timeline(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<IncidentTimeline>, Problem> {
    let limit = page.limit()?;
    let after = match page.cursor()? {
        Some(place) => place.parse().map_err(|_| invalid_cursor())?,
        None => 0,
    };
    let rows =
        edge.app.read(&authed.ctx, move |tx, ctx| incident::timeline(tx, ctx, id, after, limit + 1)).await?;
    let page = Page::of(rows, limit, |row: &EntryView| row.seq.to_string());
    Ok(Json(IncidentTimeline { items: page.items, next_cursor: page.next_cursor }))
}

/// List what may be done with an incident now, and why the rest is closed
#[utoipa::path(get, path = "/incidents/{id}/actions", operation_id = "list_incident_actions",
    tag = "incidents", params(("id" = IncidentId, Path)),
    responses((status = 200, description = "All actions", body = Actions), Reading))]
async fn list_incident_actions(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<IncidentId>,
) -> Result<Json<Actions>, Problem> {
    let app = edge.app.clone();
    let locale = authed.ctx.locale;
    let (version, lines) =
        edge.app.read(&authed.ctx, move |tx, ctx| incident::actions(tx, ctx, &app.rules, id)).await?;
    Ok(Json(Actions::of(version, lines, locale, |action| super::act::schema_of(action).to_owned())))
}
