//! Profiles of people in their trade and of projects.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::people::profile;
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::{Conditions, Education, PersonProfile, UnitProfile};
use huiyin_domain::time::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_person_profile, set_person_profile))
        .routes(routes!(get_unit_profile, set_unit_profile))
}

/// What somebody brings to the trade.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonProfile)]
struct PersonProfileBody {
    /// First day in the trade.
    #[schema(value_type = Option<String>, format = Date)]
    trade_since: Option<Date>,
    /// The highest schooling finished.
    education: Option<Education>,
    /// Areas of product and machine knowledge.
    #[serde(default)]
    #[schema(max_items = 50)]
    knowledge: Vec<String>,
}

/// What somebody brings to the trade, and which conditions that meets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonProfileView)]
struct PersonProfileOut {
    /// First day in the trade.
    #[schema(value_type = Option<String>, format = Date)]
    trade_since: Option<Date>,
    /// The highest schooling finished.
    education: Option<Education>,
    /// Areas of product and machine knowledge, sorted, each once.
    knowledge: Vec<String>,
    /// Which of the conditions for after-sales staff that meets today.
    conditions: Conditions,
}

impl From<(PersonProfile, Conditions)> for PersonProfileOut {
    fn from((profile, conditions): (PersonProfile, Conditions)) -> Self {
        let PersonProfile { trade_since, education, knowledge } = profile;
        Self { trade_since, education, knowledge, conditions }
    }
}

/// What a project is meant to be; what is not said holds from the unit above.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UnitProfile)]
struct UnitProfileBody {
    /// How the project is positioned.
    #[schema(max_length = 100)]
    positioning: Option<String>,
    /// For whom it is.
    #[schema(max_length = 100)]
    customer_group: Option<String>,
    /// What is promised there.
    #[schema(max_length = 100)]
    service_standard: Option<String>,
    /// What is spent on it, in words such as a range.
    #[schema(max_length = 100)]
    resource_cost: Option<String>,
}

impl From<UnitProfile> for UnitProfileBody {
    fn from(profile: UnitProfile) -> Self {
        let UnitProfile { positioning, customer_group, service_standard, resource_cost } = profile;
        Self { positioning, customer_group, service_standard, resource_cost }
    }
}

impl From<UnitProfileBody> for UnitProfile {
    fn from(body: UnitProfileBody) -> Self {
        let UnitProfileBody { positioning, customer_group, service_standard, resource_cost } = body;
        Self { positioning, customer_group, service_standard, resource_cost }
    }
}

/// Show what somebody brings to the trade
///
/// One's own, or anybody's for who manages people or duty.
#[utoipa::path(get, path = "/people/{id}/profile", operation_id = "get_person_profile", tag = "people",
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "The profile; empty where none was set", body = PersonProfileOut), Reading))]
async fn get_person_profile(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PersonId>,
) -> Result<Json<PersonProfileOut>, Problem> {
    let rules = edge.app.rules.clone();
    let found = edge.app.read(&authed.ctx, move |tx, ctx| profile::of_person(tx, ctx, &rules, id)).await?;
    Ok(Json(found.into()))
}

/// Set what somebody brings to the trade
#[utoipa::path(put, path = "/people/{id}/profile", operation_id = "set_person_profile", tag = "people",
    params(("id" = PersonId, Path)), request_body = PersonProfileBody,
    responses((status = 200, description = "Set", body = PersonProfileOut), Writing))]
async fn set_person_profile(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Change { ctx, body, .. }: Change<PersonProfileBody>,
) -> Result<Response, Problem> {
    let rules = edge.app.rules.clone();
    let PersonProfileBody { trade_since, education, knowledge } = body;
    let new = PersonProfile { trade_since, education, knowledge };
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            profile::set_person(tx, ctx, &rules, (id, new)).map(PersonProfileOut::from)
        })
        .await?;
    Ok(done(answer))
}

/// Show what a project is meant to be
#[utoipa::path(get, path = "/units/{id}/profile", operation_id = "get_unit_profile", tag = "units",
    params(("id" = UnitId, Path)),
    responses((status = 200, description = "The profile; empty where none was set", body = UnitProfileBody), Reading))]
async fn get_unit_profile(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<UnitId>,
) -> Result<Json<UnitProfileBody>, Problem> {
    let found = edge.app.read(&authed.ctx, move |tx, ctx| profile::of_unit(tx, ctx, id)).await?;
    Ok(Json(found.into()))
}

/// Set what a project is meant to be
///
/// Figures can be split by it.
#[utoipa::path(put, path = "/units/{id}/profile", operation_id = "set_unit_profile", tag = "units",
    params(("id" = UnitId, Path)), request_body = UnitProfileBody,
    responses((status = 200, description = "Set", body = UnitProfileBody), Writing))]
async fn set_unit_profile(
    State(edge): State<Edge>,
    Id(id): Id<UnitId>,
    Change { ctx, body, .. }: Change<UnitProfileBody>,
) -> Result<Response, Problem> {
    let new = UnitProfile::from(body);
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| profile::set_unit(tx, ctx, id, &new).map(UnitProfileBody::from))
        .await?;
    Ok(done(answer))
}
