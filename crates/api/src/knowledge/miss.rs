//! What was looked for and not found.

use crate::answer::{Page, PageQuery, dated, done};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Both;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::knowledge::{self, MissRow};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_misses, note_miss)).routes(routes!(settle_miss))
}

/// Which of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MissesQuery {
    /// True: nobody is done with it. False: somebody is.
    open: Option<bool>,
}

/// One way of asking that found nothing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeMiss)]
pub(super) struct MissOut {
    /// Identity.
    id: Uuid,
    /// What was asked, without what tells who somebody is.
    text: String,
    /// For which estate it was asked last.
    unit: Option<UnitId>,
    /// How often.
    times: u32,
    /// When for the first time.
    first_at: Timestamp,
    /// When for the last time.
    last_at: Timestamp,
    /// When somebody was done with it.
    settled_at: Option<Timestamp>,
    /// Who.
    settled_by: Option<PersonId>,
    /// What answers it now.
    article: Option<Uuid>,
    /// Why nothing shall.
    reason: Option<String>,
}

impl From<MissRow> for MissOut {
    fn from(row: MissRow) -> Self {
        let MissRow { id, text, unit, times, first_at, last_at, settled_at, settled_by, article, reason } =
            row;
        Self { id, text, unit, times, first_at, last_at, settled_at, settled_by, article, reason }
    }
}

/// A page of what was not found.
#[derive(Debug, Serialize, ToSchema)]
struct KnowledgeMisses {
    /// The last asked first.
    items: Vec<MissOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List what was looked for and not found, the last asked first
#[utoipa::path(get, path = "/misses", operation_id = "list_misses", tag = "knowledge", params(MissesQuery, PageQuery),
    responses((status = 200, description = "The last asked first", body = KnowledgeMisses), Reading))]
async fn list_misses(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<MissesQuery, PageQuery>,
) -> Result<Json<KnowledgeMisses>, Problem> {
    let (limit, after) = page.dated()?;
    let rows = edge
        .app
        .read(&authed.ctx, move |tx, ctx| knowledge::misses(tx, ctx, query.open, (after, limit + 1)))
        .await?;
    let page = Page::of(rows, limit, |row| dated(row.last_at, row.id));
    let (items, next_cursor) = page.told();
    Ok(Json(KnowledgeMisses { items, next_cursor }))
}

/// What was not found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMiss {
    /// What was asked.
    #[schema(min_length = 1, max_length = 400, pattern = r"\S")]
    text: String,
    /// For which unit.
    unit: Option<UnitId>,
}

/// Say that you looked for something and did not find it
///
/// For answers that did not help: a question that found nothing at all is noted by
/// itself. What looks like a name's number, a home or a plate is taken out before it is kept.
#[utoipa::path(post, path = "/misses", operation_id = "note_miss", tag = "knowledge", request_body = NewMiss,
    responses((status = 204, description = "Noted"), Writing))]
async fn note_miss(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewMiss>,
) -> Result<Response, Problem> {
    let note = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        knowledge::note_miss(tx, ctx, &body.text, body.unit)
    };
    Ok(done(edge.app.once(ctx, 204, note).await?))
}

/// What answers it now, or why nothing shall.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettledMiss {
    /// The article that answers it.
    article: Option<Uuid>,
    /// Why nothing shall; required without an article.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Be done with something that was not found
#[utoipa::path(post, path = "/misses/{id}/settle", operation_id = "settle_miss", tag = "knowledge",
    params(("id" = Uuid, Path)), request_body = SettledMiss,
    responses((status = 200, description = "Settled", body = MissOut), Writing))]
async fn settle_miss(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Change { ctx, body, .. }: Change<SettledMiss>,
) -> Result<Response, Problem> {
    let settle = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        knowledge::settle_miss(tx, ctx, id, (body.article, body.reason.as_deref())).map(MissOut::from)
    };
    Ok(done(edge.app.once(ctx, 200, settle).await?))
}
