//! What may be chosen for a case, shown with its meaning where it is chosen.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::case::{self, Taxonomy};
use huiyin_domain::case::Kind;
use huiyin_domain::ids::{CaseId, UnitId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_taxonomy)).routes(routes!(get_case_taxonomy))
}

/// For which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TaxonomyQuery {
    /// Kind of case; a complaint when not said.
    kind: Option<Kind>,
    /// Where it comes in; your own unit when not said.
    unit: Option<UnitId>,
}

/// Read what may be chosen for a message that comes in now
///
/// Categories with definition and boundaries, causes, fields and emotional
/// needs of the pack in force there, in your language.
#[utoipa::path(get, path = "/taxonomy", operation_id = "get_taxonomy", tag = "cases", params(TaxonomyQuery),
    responses((status = 200, description = "What may be chosen", body = Taxonomy), Reading))]
async fn get_taxonomy(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<TaxonomyQuery>,
) -> Result<Json<Taxonomy>, Problem> {
    let rules = edge.app.rules.clone();
    let place = (query.unit, query.kind.unwrap_or(Kind::Complaint));
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| case::taxonomy(tx, ctx, &rules, place)).await?))
}

/// Read what may be chosen for a case, by the pack that binds it
#[utoipa::path(get, path = "/cases/{id}/taxonomy", operation_id = "get_case_taxonomy", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "What may be chosen", body = Taxonomy), Reading))]
async fn get_case_taxonomy(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Taxonomy>, Problem> {
    let rules = edge.app.rules.clone();
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| case::taxonomy_of(tx, ctx, &rules, id)).await?))
}
