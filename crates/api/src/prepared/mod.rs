//! What is written now and said at a later time.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::json::command;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::behalf::Refusal;
use huiyin_app::prepared::{self, Prepared};
use huiyin_domain::case::CommandKind;
use huiyin_domain::ids::{CaseId, PreparedId};
use huiyin_domain::locale::Locale;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_prepared))
        .routes(routes!(prepare_action))
        .routes(routes!(put_off_prepared, remove_prepared))
}

/// Something that you wrote and that is to be said later.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Prepared)]
struct PreparedOut {
    id: PreparedId,
    case: CaseId,
    /// Number of the case; null when it is gone.
    number: Option<String>,
    /// The action.
    action: String,
    /// Its body.
    #[schema(value_type = Object)]
    body: Map<String, Value>,
    /// When it is to be said.
    at: Timestamp,
    created_at: Timestamp,
    /// When it could not be said; then it waits for you.
    refused_at: Option<Timestamp>,
    /// Why not, as a stable word.
    code: Option<String>,
    /// Why not, in the reader's language.
    detail: Option<String>,
}

/// What you prepared.
#[derive(Debug, Serialize, ToSchema)]
struct PreparedList {
    /// The next one first, at most 100.
    items: Vec<PreparedOut>,
}

/// What is to be said, and when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PrepareBody {
    /// `reply`, `contact`, `note` or `write_message`.
    #[schema(example = "reply", max_length = 64)]
    action: String,
    /// Its body, as the action itself takes it, without a version.
    #[schema(value_type = Object)]
    body: Map<String, Value>,
    /// The version of the case that you saw.
    #[schema(minimum = 1)]
    version: u64,
    /// When; at most 90 days from now.
    at: Timestamp,
}

/// Another time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutOffBody {
    /// The version of the case that you have seen now.
    #[schema(minimum = 1)]
    version: u64,
    /// When; at most 90 days from now.
    at: Timestamp,
}

fn told((row, refusal): (Prepared, Option<Refusal>), locale: Locale) -> PreparedOut {
    let code = refusal.as_ref().map(|refusal| refusal.code.clone());
    let detail = refusal.map(|Refusal { code, mut params }| {
        let reasons = crate::reasons::tell(locale, &mut params);
        reasons.unwrap_or_else(|| huiyin_i18n::text(locale, &code, &params))
    });
    PreparedOut {
        id: row.id,
        case: row.case,
        number: row.number,
        action: row.action,
        body: serde_json::from_str(&row.body).unwrap_or_default(),
        at: row.due_at,
        created_at: row.created_at,
        refused_at: row.refused.map(|(at, _)| at),
        code,
        detail,
    }
}

/// List what you prepared for later, the next one first
#[utoipa::path(get, path = "/prepared", operation_id = "list_prepared", tag = "cases",
    responses((status = 200, description = "At most 100", body = PreparedList), Reading))]
async fn list_prepared(State(edge): State<Edge>, authed: Authed) -> Result<Json<PreparedList>, Problem> {
    let locale = authed.ctx.locale;
    let rows = edge.app.read(&authed.ctx, prepared::list).await?;
    Ok(Json(PreparedList { items: rows.into_iter().map(|row| told(row, locale)).collect() }))
}

/// Write something now that is to be said at a later time
///
/// At its time it is said in your name, with the posts that you still hold, unless
/// the case has changed since the version that you saw or a rule refuses it; then
/// it is kept, and a notice says why. The stream of events says `prepared`.
#[utoipa::path(post, path = "/cases/{id}/prepared", operation_id = "prepare_action", tag = "cases",
    params(("id" = CaseId, Path)), request_body = PrepareBody,
    responses((status = 201, description = "Kept until then", body = PreparedOut), Writing))]
async fn prepare_action(
    State(edge): State<Edge>,
    Id(id): Id<CaseId>,
    Change { ctx, body, .. }: Change<PrepareBody>,
) -> Result<Response, Problem> {
    let PrepareBody { action, body, version, at } = body;
    let kind = CommandKind::parse(&action).ok_or_else(|| crate::bulk::wrong("action", "unknown_action"))?;
    let body = Value::Object(body);
    command(kind, body.clone())?;
    let (locale, app) = (ctx.locale, edge.app.clone());
    let prepare = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        let made = prepared::prepare(tx, ctx, (id, version), (kind, &body), (&app.rules, at))?;
        Ok(told((made, None), locale))
    };
    Ok(done(edge.app.once(ctx, 201, prepare).await?))
}

/// Give something that you prepared another time
#[utoipa::path(put, path = "/prepared/{id}", operation_id = "put_off_prepared", tag = "cases",
    params(("id" = PreparedId, Path)), request_body = PutOffBody,
    responses((status = 200, description = "Kept until then", body = PreparedOut), Writing))]
async fn put_off_prepared(
    State(edge): State<Edge>,
    Id(id): Id<PreparedId>,
    Change { ctx, body, .. }: Change<PutOffBody>,
) -> Result<Response, Problem> {
    let (PutOffBody { version, at }, locale) = (body, ctx.locale);
    let put_off = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        prepared::put_off(tx, ctx, id, (version, at)).map(|row| told((row, None), locale))
    };
    Ok(done(edge.app.once(ctx, 200, put_off).await?))
}

/// Take something away that you prepared
#[utoipa::path(delete, path = "/prepared/{id}", operation_id = "remove_prepared", tag = "cases",
    params(("id" = PreparedId, Path)),
    responses((status = 204, description = "Gone"), Writing))]
async fn remove_prepared(
    State(edge): State<Edge>,
    Id(id): Id<PreparedId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| prepared::remove(tx, ctx, id)).await?))
}
