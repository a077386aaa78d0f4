//! The duty table: who is on duty, can be visited with, or is away.

mod dispatch;
mod leaving;

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::duty::{self, DutyKind, DutyRow, NewDuty, RosterFilter};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_duty, add_duty))
        .routes(routes!(cancel_duty))
        .routes(routes!(list_duty_gaps))
        .routes(routes!(get_duty_now))
        .merge(leaving::routes())
        .merge(dispatch::routes())
}

/// One stretch of time of one person at one unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DutyStretch)]
struct DutyOut {
    id: Uuid,
    person: PersonId,
    unit: UnitId,
    /// `on_duty`, `available` or `absent`.
    kind: String,
    from: Timestamp,
    /// The first instant after it.
    to: Timestamp,
}

impl From<DutyRow> for DutyOut {
    fn from(row: DutyRow) -> Self {
        let DutyRow { id, person, unit, kind, starts_at, ends_at } = row;
        Self { id, person, unit, kind, from: starts_at, to: ends_at }
    }
}

/// Stretches that touch the period, by begin; at most 1,000.
#[derive(Debug, Serialize, ToSchema)]
struct DutyTable {
    items: Vec<DutyOut>,
}

/// A stretch to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDuty)]
struct NewDutyBody {
    person: PersonId,
    unit: UnitId,
    kind: DutyKind,
    from: Timestamp,
    /// The first instant after it; at most 400 days after `from`.
    to: Timestamp,
}

/// Which part of the table.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DutyQuery {
    /// Begin of the period.
    from: Timestamp,
    /// The first instant after the period.
    to: Timestamp,
    /// Of this unit alone.
    unit: Option<UnitId>,
    /// Of this person alone.
    person: Option<PersonId>,
    /// Of this kind alone.
    #[param(inline)]
    kind: Option<DutyKind>,
}

/// Which part of the table, by unit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GapQuery {
    /// Begin of the period.
    from: Timestamp,
    /// The first instant after the period.
    to: Timestamp,
    /// Of this unit alone.
    unit: Option<UnitId>,
}

/// Whose duty.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NowQuery {
    /// The unit; the whole house when not said.
    unit: Option<UnitId>,
}

/// A stretch of time.
#[derive(Debug, Serialize, ToSchema)]
struct Gap {
    from: Timestamp,
    /// The first instant after it.
    to: Timestamp,
}

/// The hours of a unit that nobody covers.
#[derive(Debug, Serialize, ToSchema)]
struct DutyGaps {
    unit: UnitId,
    gaps: Vec<Gap>,
}

/// The uncovered hours of each unit.
#[derive(Debug, Serialize, ToSchema)]
struct DutyGapReport {
    items: Vec<DutyGaps>,
}

/// Who is there for a unit.
#[derive(Debug, Serialize, ToSchema)]
struct DutyNowOut {
    unit: UnitId,
    /// Who is on duty, first come first.
    on_duty: Vec<PersonId>,
    /// Who answers, on duty or not.
    answers: Option<PersonId>,
}

/// See the duty table of a period
#[utoipa::path(get, path = "/duty", operation_id = "list_duty", tag = "duty", params(DutyQuery),
    responses((status = 200, description = "The table", body = DutyTable), Reading))]
async fn list_duty(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<DutyQuery>,
) -> Result<Json<DutyTable>, Problem> {
    let DutyQuery { from, to, unit, person, kind } = query;
    let filter = RosterFilter { from, to, unit, person, kind };
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| duty::list(tx, ctx, &filter)).await?;
    Ok(Json(DutyTable { items: rows.into_iter().map(DutyOut::from).collect() }))
}

/// Enter who is on duty, available or absent
///
/// Your own availability and absence you enter yourself.
#[utoipa::path(post, path = "/duty", operation_id = "add_duty", tag = "duty", request_body = NewDutyBody,
    responses((status = 201, description = "Entered", body = DutyOut), Writing))]
async fn add_duty(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewDutyBody>,
) -> Result<Response, Problem> {
    let NewDutyBody { person, unit, kind, from, to } = body;
    let new = NewDuty { person, unit, kind, from, to };
    let answer = edge.app.once(ctx, 201, move |tx, ctx| duty::add(tx, ctx, &new).map(DutyOut::from)).await?;
    Ok(done(answer))
}

/// Cancel a stretch; that it was planned stays known
#[utoipa::path(delete, path = "/duty/{id}", operation_id = "cancel_duty", tag = "duty",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "Cancelled"), Writing))]
async fn cancel_duty(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| duty::cancel(tx, ctx, id)).await?))
}

/// Report the hours that nobody covers
#[utoipa::path(get, path = "/duty/gaps", operation_id = "list_duty_gaps", tag = "duty", params(GapQuery),
    responses((status = 200, description = "The report", body = DutyGapReport), Reading))]
async fn list_duty_gaps(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<GapQuery>,
) -> Result<Json<DutyGapReport>, Problem> {
    let GapQuery { from, to, unit } = query;
    let found = edge.app.read(&authed.ctx, move |tx, ctx| duty::gaps(tx, ctx, unit, (from, to))).await?;
    let gaps =
        |gaps: Vec<(Timestamp, Timestamp)>| gaps.into_iter().map(|(from, to)| Gap { from, to }).collect();
    let items = found.into_iter().map(|unit| DutyGaps { unit: unit.unit, gaps: gaps(unit.gaps) }).collect();
    Ok(Json(DutyGapReport { items }))
}

/// See who is there now and who answers
#[utoipa::path(get, path = "/duty/now", operation_id = "get_duty_now", tag = "duty", params(NowQuery),
    responses((status = 200, description = "Who is there", body = DutyNowOut), Reading))]
async fn get_duty_now(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<NowQuery>,
) -> Result<Json<DutyNowOut>, Problem> {
    let found = edge.app.read(&authed.ctx, move |tx, ctx| duty::now(tx, ctx, query.unit)).await?;
    Ok(Json(DutyNowOut { unit: found.unit, on_duty: found.on_duty, answers: found.answers }))
}
