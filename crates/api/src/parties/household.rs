//! Households (户).

use crate::answer::{done, invalid_cursor, seal_cursor};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use crate::version;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::party::{self, HouseholdChange, HouseholdFilter, HouseholdRow, NewHousehold};
use huiyin_domain::ids::{HouseholdId, UnitId};
use huiyin_domain::time::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_households, create_household)).routes(routes!(change_household))
}

/// A household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Household)]
struct HouseholdOut {
    id: HouseholdId,
    /// The estate.
    unit: UnitId,
    building: String,
    /// Room code, as on the door.
    room: String,
    /// Hundredths of a square metre.
    area: Option<i64>,
    #[schema(value_type = Option<String>, format = Date)]
    moved_in_on: Option<Date>,
    version: i64,
}

impl From<HouseholdRow> for HouseholdOut {
    fn from(row: HouseholdRow) -> Self {
        let HouseholdRow { id, unit, building, room, area, moved_in_on, version } = row;
        Self { id, unit, building, room, area, moved_in_on, version }
    }
}

/// A page of households.
#[derive(Debug, Serialize, ToSchema)]
struct HouseholdPageOut {
    /// In the order of entry.
    items: Vec<HouseholdOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// A household to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewHousehold)]
struct NewHouseholdBody {
    unit: UnitId,
    #[schema(min_length = 1, max_length = 50, pattern = r"\S")]
    building: String,
    #[schema(min_length = 1, max_length = 50, pattern = r"\S")]
    room: String,
    /// Hundredths of a square metre.
    #[schema(minimum = 1, maximum = 10_000_000)]
    area: Option<i64>,
    #[schema(value_type = Option<String>, format = Date)]
    moved_in_on: Option<Date>,
}

/// What to change; what is not said stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdChange)]
struct HouseholdChangeBody {
    /// Hundredths of a square metre.
    #[schema(minimum = 1, maximum = 10_000_000)]
    area: Option<i64>,
    #[schema(value_type = Option<String>, format = Date)]
    moved_in_on: Option<Date>,
    /// The version seen, unless `If-Match` says it.
    version: Option<i64>,
}

/// Which households.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HouseholdQuery {
    /// Of this estate.
    unit: Option<UnitId>,
    /// In this building.
    building: Option<String>,
    /// With this room code.
    room: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// List households, in the order of entry
#[utoipa::path(get, path = "/households", operation_id = "list_households", tag = "parties",
    params(HouseholdQuery),
    responses((status = 200, description = "A page", body = HouseholdPageOut), Reading))]
async fn list_households(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<HouseholdQuery>,
) -> Result<Json<HouseholdPageOut>, Problem> {
    let limit = crate::answer::limit(query.limit)?;
    let after = query.cursor.as_deref().map(place).transpose()?;
    let HouseholdQuery { unit, building, room, .. } = query;
    let filter = HouseholdFilter { unit, building, room, after, limit };
    let page = edge.app.read(&authed.ctx, move |tx, ctx| party::households(tx, ctx, &filter)).await?;
    let next_cursor = page.next.map(|id| seal_cursor(&id.to_string()));
    Ok(Json(HouseholdPageOut {
        items: page.items.into_iter().map(HouseholdOut::from).collect(),
        next_cursor,
    }))
}

fn place(cursor: &str) -> Result<HouseholdId, Problem> {
    crate::answer::open_cursor(cursor)?.parse().map_err(|_| invalid_cursor())
}

/// Enter a household
#[utoipa::path(post, path = "/households", operation_id = "create_household", tag = "parties",
    request_body = NewHouseholdBody,
    responses((status = 201, description = "Entered", body = HouseholdOut), Writing))]
async fn create_household(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewHouseholdBody>,
) -> Result<Response, Problem> {
    let NewHouseholdBody { unit, building, room, area, moved_in_on } = body;
    let new = NewHousehold { unit, building, room, area, moved_in_on };
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| party::create_household(tx, ctx, &new).map(HouseholdOut::from))
        .await?;
    Ok(done(answer))
}

/// Change a household
#[utoipa::path(patch, path = "/households/{id}", operation_id = "change_household", tag = "parties",
    params(("id" = HouseholdId, Path), version::IfMatch), request_body = HouseholdChangeBody,
    responses((status = 200, description = "Changed", body = HouseholdOut), Writing))]
async fn change_household(
    State(edge): State<Edge>,
    Id(id): Id<HouseholdId>,
    Change { ctx, body, headers }: Change<HouseholdChangeBody>,
) -> Result<Response, Problem> {
    let version = version::required(&headers, body.version)?;
    let change = HouseholdChange { version, area: body.area, moved_in_on: body.moved_in_on };
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| party::change_household(tx, ctx, id, &change).map(HouseholdOut::from))
        .await?;
    Ok(done(answer))
}
