//! What is to be done about knowledge, and who knows it.

use super::article::CardOut;
use super::fact::LineOut;
use super::miss::MissOut;
use super::quiz::AttemptOut;
use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::knowledge::{self, ArticleCard, PersonMastery, Unread, UnreadItem};
use huiyin_domain::ids::{PersonId, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_knowledge_work))
        .routes(routes!(list_unread))
        .routes(routes!(get_mastery))
}

/// What the keepers of knowledge have to do; at most 50 of each.
#[derive(Debug, Serialize, ToSchema)]
struct KnowledgeWork {
    /// Wait for approval.
    waiting: Vec<CardOut>,
    /// To be looked at within two weeks, or late, the latest first.
    reviews: Vec<CardOut>,
    /// Helped fewer than they did not.
    unhelpful: Vec<CardOut>,
    /// Were looked for and not found.
    misses: Vec<MissOut>,
    /// Sheets that lack something.
    incomplete: Vec<LineOut>,
}

/// See what is to be done about knowledge
///
/// Needs a post that keeps knowledge.
#[utoipa::path(get, path = "/knowledge/work", operation_id = "list_knowledge_work", tag = "knowledge",
    responses((status = 200, description = "What is to be done", body = KnowledgeWork), Reading))]
async fn list_knowledge_work(
    State(edge): State<Edge>,
    authed: Authed,
) -> Result<Json<KnowledgeWork>, Problem> {
    let work = edge.app.read(&authed.ctx, knowledge::work_list).await?;
    let card = |row| CardOut::from(ArticleCard { row, helped: 0, unhelped: 0 });
    Ok(Json(KnowledgeWork {
        waiting: work.waiting.into_iter().map(card).collect(),
        reviews: work.reviews.into_iter().map(card).collect(),
        unhelpful: work.unhelpful.into_iter().map(CardOut::from).collect(),
        misses: work.misses.into_iter().map(MissOut::from).collect(),
        incomplete: work.incomplete.into_iter().map(LineOut::from).collect(),
    }))
}

/// Something that you have to read: one of article and sheet.
#[derive(Debug, Serialize, ToSchema)]
struct UnreadLine {
    /// The article.
    article: Option<CardOut>,
    /// The sheet of an estate.
    sheet: Option<LineOut>,
    /// The version that you know; 0 for none.
    #[schema(minimum = 0)]
    read: i64,
}

impl From<Unread> for UnreadLine {
    fn from(unread: Unread) -> Self {
        let (article, sheet) = match unread.item {
            UnreadItem::Article(row) => (Some(ArticleCard { row, helped: 0, unhelped: 0 }.into()), None),
            UnreadItem::Sheet(line) => (None, Some(line.into())),
        };
        Self { article, sheet, read: unread.read }
    }
}

/// What you have to read.
#[derive(Debug, Serialize, ToSchema)]
struct UnreadLines {
    /// Articles first.
    items: Vec<UnreadLine>,
}

/// List what you have to read: what changed since you read it
#[utoipa::path(get, path = "/knowledge/unread", operation_id = "list_unread", tag = "knowledge",
    responses((status = 200, description = "Articles first", body = UnreadLines), Reading))]
async fn list_unread(State(edge): State<Edge>, authed: Authed) -> Result<Json<UnreadLines>, Problem> {
    let items = edge.app.read(&authed.ctx, knowledge::unread).await?;
    Ok(Json(UnreadLines { items: items.into_iter().map(UnreadLine::from).collect() }))
}

/// Whose mastery.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MasteryQuery {
    /// Of who works at this unit or below it.
    unit: UnitId,
}

/// How one person knows what is to be known.
#[derive(Debug, Serialize, ToSchema)]
struct MasteryLine {
    /// Who.
    person: PersonId,
    /// How many articles and sheets changed since they read them.
    unread: u32,
    /// Their last attempt at each quiz that is open, the last first.
    attempts: Vec<AttemptOut>,
}

impl From<PersonMastery> for MasteryLine {
    fn from(one: PersonMastery) -> Self {
        let attempts = one.attempts.into_iter().map(AttemptOut::from).collect();
        Self { person: one.person, unread: one.unread, attempts }
    }
}

/// Who knows what is to be known.
#[derive(Debug, Serialize, ToSchema)]
struct MasteryLines {
    /// By person, at most 300.
    items: Vec<MasteryLine>,
}

/// See who knows what is to be known at a unit and below it
///
/// Needs a post there that may see it (PROP-8).
#[utoipa::path(get, path = "/knowledge/mastery", operation_id = "get_mastery", tag = "knowledge", params(MasteryQuery),
    responses((status = 200, description = "By person", body = MasteryLines), Reading))]
async fn get_mastery(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<MasteryQuery>,
) -> Result<Json<MasteryLines>, Problem> {
    let found = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::mastery(tx, ctx, query.unit)).await?;
    Ok(Json(MasteryLines { items: found.people.into_iter().map(MasteryLine::from).collect() }))
}
