//! The organisation tree.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::Ctx;
use huiyin_app::people::unit::{self, NewUnit};
use huiyin_domain::ids::UnitId;
use huiyin_domain::people::{Placement, Post, Tree, Unit, UnitLevel};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_units, create_unit))
        .routes(routes!(change_unit))
        .routes(routes!(move_unit))
        .routes(routes!(end_unit))
}

/// A unit, where it stands and where it stood.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unit)]
struct UnitOut {
    id: UnitId,
    /// Short code, unique in the organisation.
    code: String,
    name: String,
    level: UnitLevel,
    /// Every place in the tree, oldest first.
    placements: Vec<PlacementOut>,
    /// Your posts that count there now, sorted, each once.
    posts: Vec<Post>,
}

/// One place of a unit in the tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Placement)]
struct PlacementOut {
    /// The unit above; null for a root.
    parent: Option<UnitId>,
    valid_from: Timestamp,
    /// The first instant after it; null while it is open.
    valid_to: Option<Timestamp>,
}

impl From<&Placement> for PlacementOut {
    fn from(placement: &Placement) -> Self {
        let Placement { parent, valid, .. } = placement;
        Self { parent: *parent, valid_from: valid.from, valid_to: valid.to }
    }
}

impl UnitOut {
    fn of(unit: &Unit, tree: &Tree, ctx: &Ctx) -> Self {
        Self {
            id: unit.id,
            code: unit.code.clone(),
            name: unit.name.clone(),
            level: unit.level,
            placements: tree.placements(unit.id).iter().map(PlacementOut::from).collect(),
            posts: ctx.actor.posts_at(&tree.path(unit.id, ctx.now)),
        }
    }
}

/// The whole tree.
#[derive(Debug, Serialize, ToSchema)]
struct Units {
    items: Vec<UnitOut>,
}

/// A unit to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUnit)]
struct NewUnitBody {
    /// 1 to 64 letters, digits, dot, dash or underscore.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[\p{L}\p{N}._-]+$")]
    code: String,
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    level: UnitLevel,
    /// The unit above; a further root without one.
    parent: Option<UnitId>,
    /// From when; now when not said.
    valid_from: Option<Timestamp>,
}

/// Another name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitChange {
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
}

/// Another place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitMove {
    /// The new unit above; a root without one.
    parent: Option<UnitId>,
    /// From when; now when not said.
    valid_from: Option<Timestamp>,
}

/// List the organisation tree
///
/// All units by identity, those that ended too.
#[utoipa::path(get, path = "/units", operation_id = "list_units", tag = "units",
    responses((status = 200, description = "The whole tree", body = Units), Reading))]
async fn list_units(State(edge): State<Edge>, authed: Authed) -> Result<Json<Units>, Problem> {
    let tree = edge.app.read(&authed.ctx, unit::tree).await?;
    Ok(Json(Units { items: tree.units().map(|unit| UnitOut::of(unit, &tree, &authed.ctx)).collect() }))
}

/// Add a unit
#[utoipa::path(post, path = "/units", operation_id = "create_unit", tag = "units", request_body = NewUnitBody,
    responses((status = 201, description = "Added", body = UnitOut), Writing))]
async fn create_unit(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewUnitBody>,
) -> Result<Response, Problem> {
    let NewUnitBody { code, name, level, parent, valid_from } = body;
    let new = NewUnit { code, name, level, parent, valid_from };
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let added = unit::add(tx, ctx, &new)?;
            Ok(UnitOut::of(&added, &unit::tree(tx, ctx)?, ctx))
        })
        .await?;
    Ok(done(answer))
}

/// Give a unit another name
#[utoipa::path(patch, path = "/units/{id}", operation_id = "change_unit", tag = "units",
    params(("id" = UnitId, Path)), request_body = UnitChange,
    responses((status = 204, description = "Renamed"), Writing))]
async fn change_unit(
    State(edge): State<Edge>,
    Id(id): Id<UnitId>,
    Change { ctx, body, .. }: Change<UnitChange>,
) -> Result<Response, Problem> {
    let answer = edge.app.once(ctx, 204, move |tx, ctx| unit::rename(tx, ctx, id, &body.name)).await?;
    Ok(done(answer))
}

/// Move a unit below another
///
/// From a moment on; the past stays as it was.
#[utoipa::path(post, path = "/units/{id}/move", operation_id = "move_unit", tag = "units",
    params(("id" = UnitId, Path)), request_body = UnitMove,
    responses((status = 204, description = "Moved"), Writing))]
async fn move_unit(
    State(edge): State<Edge>,
    Id(id): Id<UnitId>,
    Change { ctx, body, .. }: Change<UnitMove>,
) -> Result<Response, Problem> {
    let UnitMove { parent, valid_from } = body;
    let answer =
        edge.app.once(ctx, 204, move |tx, ctx| unit::move_to(tx, ctx, id, parent, valid_from)).await?;
    Ok(done(answer))
}

/// End a unit now; it keeps its past
#[utoipa::path(post, path = "/units/{id}/end", operation_id = "end_unit", tag = "units",
    params(("id" = UnitId, Path)),
    responses((status = 204, description = "Ended"), Writing))]
async fn end_unit(
    State(edge): State<Edge>,
    Id(id): Id<UnitId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let answer = edge.app.once(ctx, 204, move |tx, ctx| unit::end(tx, ctx, id)).await?;
    Ok(done(answer))
}
