//! What a house sets for its telephones, and what a customer is to it.
//!
//! Also the codes of what calls came to, and whether a time suits a call.

use super::brief::{RestrictedOut, restricted};
use crate::answer::{done, versioned};
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
use huiyin_app::call::{self, StandingSeen};
use huiyin_app::{Ctx, Tx};
use huiyin_domain::call::rules::PhoneRules;
use huiyin_domain::call::standing::{Restriction, Standing};
use huiyin_domain::call::window::Verdict;
use huiyin_domain::call::wrap_up::WrapUpCode;
use huiyin_domain::ids::PartyId;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_telephone_settings, set_telephone_settings))
        .routes(routes!(list_wrap_up_codes, set_wrap_up_codes))
        .routes(routes!(get_calling_window))
        .routes(routes!(get_standing, set_standing))
}

/// Read calling windows, recording, limits and levels
#[utoipa::path(get, path = "/telephone-settings", operation_id = "get_telephone_settings", tag = "calls",
    responses((status = 200, description = "What the house set, else what is shipped", body = PhoneRules), Reading))]
async fn get_telephone_settings(
    State(edge): State<Edge>,
    authed: Authed,
) -> Result<Json<PhoneRules>, Problem> {
    Ok(Json(edge.app.read(&authed.ctx, call::telephone_settings).await?))
}

/// Set calling windows, recording, limits and levels
///
/// Recordings that are there keep their time.
#[utoipa::path(put, path = "/telephone-settings", operation_id = "set_telephone_settings", tag = "calls",
    request_body = PhoneRules,
    responses((status = 200, description = "Set", body = PhoneRules), Writing))]
async fn set_telephone_settings(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<PhoneRules>,
) -> Result<Response, Problem> {
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        call::set_telephone_settings(tx, ctx, &body)?;
        Ok(body)
    };
    Ok(done(edge.app.once(ctx, 200, write).await?))
}

/// The codes of what calls came to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WrapUpCodes {
    /// In the order in which they are offered.
    #[schema(min_items = 1, max_items = 60)]
    items: Vec<WrapUpCode>,
}

/// List the codes of what calls came to
#[utoipa::path(get, path = "/wrap-up-codes", operation_id = "list_wrap_up_codes", tag = "calls",
    responses((status = 200, description = "All of them", body = WrapUpCodes), Reading))]
async fn list_wrap_up_codes(State(edge): State<Edge>, authed: Authed) -> Result<Json<WrapUpCodes>, Problem> {
    Ok(Json(WrapUpCodes { items: edge.app.read(&authed.ctx, call::wrap_up_codes).await? }))
}

/// Set the codes of what calls came to
#[utoipa::path(put, path = "/wrap-up-codes", operation_id = "set_wrap_up_codes", tag = "calls",
    request_body = WrapUpCodes,
    responses((status = 200, description = "Set", body = WrapUpCodes), Writing))]
async fn set_wrap_up_codes(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<WrapUpCodes>,
) -> Result<Response, Problem> {
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        call::set_wrap_up_codes(tx, ctx, &body.items)?;
        Ok(body)
    };
    Ok(done(edge.app.once(ctx, 200, write).await?))
}

/// Which call is meant.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WindowQuery {
    /// When; now if not said.
    at: Option<Timestamp>,
    /// The customer, who may have agreed to calls on days off.
    party: Option<PartyId>,
}

/// Tell whether a time suits a call to a customer (TEL-3…6, X-23)
#[utoipa::path(get, path = "/calling-window", operation_id = "get_calling_window", tag = "calls",
    params(WindowQuery),
    responses((status = 200, description = "What speaks against it, and the next time", body = Verdict), Reading))]
async fn get_calling_window(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<WindowQuery>,
) -> Result<Json<Verdict>, Problem> {
    let rules = edge.app.rules.clone();
    let asked = (query.at, query.party);
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| call::window(tx, ctx, &rules, asked)).await?))
}

/// What a customer is to the house.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartyStandingSeen)]
struct StandingOut {
    level: Option<String>,
    skills: Vec<String>,
    /// Their own time zone, where they live elsewhere (TEL-6).
    time_zone: Option<String>,
    restricted: Option<RestrictedOut>,
    version: i64,
}

fn out((seen, version): (StandingSeen, i64)) -> StandingOut {
    let StandingSeen { level, skills, time_zone, restricted: held } = seen;
    StandingOut { level, skills, time_zone, restricted: restricted(held), version }
}

/// Read what a customer is to the house: level, skills, restriction
#[utoipa::path(get, path = "/parties/{id}/standing", operation_id = "get_party_standing", tag = "parties",
    params(("id" = PartyId, Path)),
    responses((status = 200, description = "The version is the ETag", body = StandingOut), Reading))]
async fn get_standing(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PartyId>,
) -> Result<Response, Problem> {
    let standing = edge.app.read(&authed.ctx, move |tx, ctx| call::standing(tx, ctx, id)).await?;
    Ok(versioned(standing.1, out(standing)))
}

/// A skill that an agent can have.
#[derive(ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 40)]
#[expect(dead_code, reason = "describes the text; the value is checked by the rules")]
struct SkillName(String);

/// What a customer is to be to the house.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPartyStanding)]
struct StandingBody {
    /// One of the house's levels.
    #[schema(max_length = 40)]
    level: Option<String>,
    /// Skills that an agent must have, such as a dialect (TEL-32).
    #[serde(default)]
    #[schema(value_type = Vec<SkillName>, max_items = 10)]
    skills: Vec<String>,
    /// Where they live, by the name of the IANA tables such as `Europe/London` (TEL-6).
    #[schema(max_length = 40)]
    time_zone: Option<String>,
    /// Restricts business, never complaints; for leads and heads.
    restricted: Option<Restriction>,
    /// The version seen; 0 where nothing was said yet.
    version: Option<i64>,
}

/// Say what a customer is to the house
#[utoipa::path(put, path = "/parties/{id}/standing", operation_id = "set_party_standing", tag = "parties",
    params(("id" = PartyId, Path), version::IfMatch), request_body = StandingBody,
    responses((status = 200, description = "Set", body = StandingOut), Writing))]
async fn set_standing(
    State(edge): State<Edge>,
    Id(id): Id<PartyId>,
    Change { ctx, body, headers }: Change<StandingBody>,
) -> Result<Response, Problem> {
    let seen = version::required(&headers, body.version)?;
    let StandingBody { level, skills, time_zone, restricted, .. } = body;
    let new = Standing { level, skills, time_zone, restricted };
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| call::set_standing(tx, ctx, (id, seen), &new);
    let standing = edge.app.write(&ctx, write).await?;
    Ok(versioned(standing.1, out(standing)))
}
