//! Which pack binds the cases of which unit.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id2;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::case::{self, Binding};
use huiyin_domain::case::Kind;
use huiyin_domain::ids::UnitId;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Stands for every kind in an address.
const ANY: &str = "any";

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_pack_bindings)).routes(routes!(bind_pack, unbind_pack))
}

/// A unit bound to a pack.
#[derive(Debug, Serialize, ToSchema)]
struct PackBinding {
    /// The unit; those below it are bound too, unless bound themselves.
    unit: UnitId,
    /// The kind of case; null for every kind.
    kind: Option<Kind>,
    /// Name of the pack.
    pack: String,
    /// Since when newly received cases are bound so.
    bound_at: Timestamp,
}

/// All bindings.
#[derive(Debug, Serialize, ToSchema)]
struct PackBindings {
    /// By unit and kind.
    items: Vec<PackBinding>,
}

/// The pack that shall bind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PackChoice {
    /// Name of the pack; its version follows from the day of receipt.
    pack: String,
}

fn out(binding: Binding) -> PackBinding {
    let Binding { unit, kind, pack, bound_at } = binding;
    PackBinding { unit, kind, pack, bound_at }
}

fn kind(name: &str) -> Result<Option<Kind>, Problem> {
    if name == ANY { Ok(None) } else { name.parse().map(Some).map_err(|_| Problem::not_found()) }
}

/// List which units are bound to which packs
#[utoipa::path(get, path = "/pack-bindings", operation_id = "list_pack_bindings", tag = "units",
    responses((status = 200, description = "All bindings; other units follow the one above, else the organisation",
        body = PackBindings), Reading))]
async fn list_pack_bindings(State(edge): State<Edge>, authed: Authed) -> Result<Json<PackBindings>, Problem> {
    let all = edge.app.read(&authed.ctx, case::bindings).await?;
    Ok(Json(PackBindings { items: all.into_iter().map(out).collect() }))
}

/// Bind the cases of a unit to a pack
///
/// Newly received cases only: the others keep theirs for life.
#[utoipa::path(put, path = "/pack-bindings/{unit}/{kind}", operation_id = "bind_pack", tag = "units",
    params(("unit" = UnitId, Path), ("kind" = String, Path, description = "A kind of case, or `any`")),
    request_body = PackChoice,
    responses((status = 200, description = "Bound", body = PackBinding), Writing))]
async fn bind_pack(
    State(edge): State<Edge>,
    Id2(unit, name): Id2<UnitId, String>,
    Change { ctx, body, .. }: Change<PackChoice>,
) -> Result<Response, Problem> {
    let kind = kind(&name)?;
    let app = edge.app.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| case::bind(tx, ctx, &app.rules, (unit, kind), &body.pack).map(out))
        .await?;
    Ok(done(answer))
}

/// End a binding
#[utoipa::path(delete, path = "/pack-bindings/{unit}/{kind}", operation_id = "unbind_pack", tag = "units",
    params(("unit" = UnitId, Path), ("kind" = String, Path, description = "A kind of case, or `any`")),
    responses((status = 204, description = "Ended"), Writing))]
async fn unbind_pack(
    State(edge): State<Edge>,
    Id2(unit, name): Id2<UnitId, String>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let kind = kind(&name)?;
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| case::unbind(tx, ctx, unit, kind)).await?))
}
