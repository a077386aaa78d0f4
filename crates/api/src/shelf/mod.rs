//! What a person keeps for themselves: drafts, how lists look.

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
use huiyin_app::Error;
use huiyin_app::shelf::{self, Kept, Name};
use huiyin_domain::time::Timestamp;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Characters of a name at most.
const LONGEST: usize = 80;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_kept)).routes(routes!(get_kept, put_kept, remove_kept))
}

/// Something that you keep for yourself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Kept)]
struct KeptOut {
    /// Its name, such as `draft.intake` or `queue`.
    name: String,
    /// What you put there.
    #[schema(value_type = Object)]
    content: Map<String, Value>,
    changed_at: Timestamp,
    /// When it is forgotten: two weeks after the last change of a draft.
    until: Option<Timestamp>,
}

impl From<Kept> for KeptOut {
    fn from(kept: Kept) -> Self {
        let content = serde_json::from_str(&kept.content).unwrap_or_default();
        Self { name: kept.name, content, changed_at: kept.changed_at, until: kept.until }
    }
}

/// What to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeptBody {
    /// Any object of at most 64 KiB.
    #[schema(value_type = Object)]
    #[serde(deserialize_with = "object")]
    content: Map<String, Value>,
}

/// Takes an object alone: a map of itself takes null for an empty one.
fn object<'de, D: Deserializer<'de>>(input: D) -> Result<Map<String, Value>, D::Error> {
    match Value::deserialize(input)? {
        Value::Object(map) => Ok(map),
        _ => Err(D::Error::invalid_type(Unexpected::Other("another value"), &"an object")),
    }
}

/// All that you keep.
#[derive(Debug, Serialize, ToSchema)]
struct KeptList {
    /// By name.
    items: Vec<KeptOut>,
}

/// Which of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KeptQuery {
    /// Names that begin so.
    #[param(max_length = 80)]
    from: String,
}

/// List what you keep for yourself
#[utoipa::path(get, path = "/shelf", operation_id = "list_kept", tag = "shelf", params(KeptQuery),
    responses((status = 200, description = "By name, at most 200", body = KeptList), Reading))]
async fn list_kept(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<KeptQuery>,
) -> Result<Json<KeptList>, Problem> {
    if query.from.chars().count() > LONGEST {
        return Err(Error::field("from", "text_length").into());
    }
    let kept = edge.app.read(&authed.ctx, move |tx, ctx| shelf::list(tx, ctx, &query.from)).await?;
    Ok(Json(KeptList { items: kept.into_iter().map(KeptOut::from).collect() }))
}

/// Read one thing that you keep
#[utoipa::path(get, path = "/shelf/{name}", operation_id = "get_kept", tag = "shelf",
    params(("name" = String, Path)),
    responses((status = 200, description = "What you put there", body = KeptOut), Reading))]
async fn get_kept(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<Name>,
) -> Result<Json<KeptOut>, Problem> {
    let kept = edge.app.read(&authed.ctx, move |tx, ctx| shelf::get(tx, ctx, &name)).await?;
    Ok(Json(KeptOut::from(kept)))
}

/// Keep something for yourself, in place of what had its name
///
/// Names are small letters, digits, `-` and dots. What begins with `draft.` is
/// forgotten two weeks after its last change; the rest stays. At most 200.
#[utoipa::path(put, path = "/shelf/{name}", operation_id = "put_kept", tag = "shelf",
    params(("name" = String, Path)), request_body = KeptBody,
    responses((status = 204, description = "Kept"), Writing))]
async fn put_kept(
    State(edge): State<Edge>,
    Id(name): Id<Name>,
    Change { ctx, body, .. }: Change<KeptBody>,
) -> Result<Response, Problem> {
    let content = Value::Object(body.content).to_string();
    let keep = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        shelf::put(tx, ctx, &name, content).map(|_| ())
    };
    Ok(done(edge.app.once(ctx, 204, keep).await?))
}

/// Take something away that you keep
#[utoipa::path(delete, path = "/shelf/{name}", operation_id = "remove_kept", tag = "shelf",
    params(("name" = String, Path)),
    responses((status = 204, description = "Gone"), Writing))]
async fn remove_kept(
    State(edge): State<Edge>,
    Id(name): Id<Name>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| shelf::remove(tx, ctx, &name)).await?))
}
