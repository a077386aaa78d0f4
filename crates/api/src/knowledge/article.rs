//! Articles beside their papers: the list, versions, votes, reading.

use crate::answer::{Page, PageQuery, dated, done};
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::{Both, no_longer};
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::knowledge::{self, ArticleCard, ArticleFilter, Standing, VoteRow};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::knowledge::article::{ArticleState, Version};
use huiyin_domain::knowledge::{ArticleKind, Audience};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_knowledge))
        .routes(routes!(list_article_versions))
        .routes(routes!(list_article_votes, vote_article))
        .routes(routes!(get_article_standing))
        .routes(routes!(read_article))
}

/// Which articles.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KnowledgeQuery {
    /// Of this kind.
    #[param(inline)]
    kind: Option<ArticleKind>,
    /// For these readers.
    #[param(inline)]
    audience: Option<Audience>,
    /// In this state.
    #[param(inline)]
    state: Option<ArticleState>,
    /// On this topic.
    #[param(max_length = 40)]
    topic: Option<String>,
    /// For this unit alone.
    unit: Option<UnitId>,
    /// Answered for by this person.
    owner: Option<PersonId>,
    /// True: something of it is read. False: nothing is.
    live: Option<bool>,
    /// Read, and to be looked at by then.
    review_by: Option<Timestamp>,
    /// That everybody must have read, or need not.
    must_read: Option<bool>,
}

/// One line of the list of articles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeCard)]
pub(super) struct CardOut {
    /// The article.
    id: Uuid,
    /// For this unit and those below it.
    unit: UnitId,
    /// A name of its own that imports find it by.
    key: Option<String>,
    /// What it is for.
    #[schema(value_type = ArticleKind)]
    kind: String,
    /// Who may read it.
    #[schema(value_type = Audience)]
    audience: String,
    /// Its topic.
    topic: Option<String>,
    /// Its title in Chinese.
    title: String,
    /// Where it stands.
    #[schema(value_type = ArticleState)]
    state: String,
    /// Whether something of it is read.
    live: bool,
    /// How many versions were published.
    number: u32,
    /// Whether everybody must have read it.
    must_read: bool,
    /// Who answers for it.
    owner: Option<PersonId>,
    /// When somebody must look whether it still holds.
    review_at: Option<Timestamp>,
    /// When something last happened to it.
    changed_at: Timestamp,
    /// How many said that the version helped.
    helped: u32,
    /// How many said that it did not.
    unhelped: u32,
}

impl From<ArticleCard> for CardOut {
    fn from(card: ArticleCard) -> Self {
        let row = card.row;
        Self {
            id: row.paper,
            unit: row.unit,
            key: row.key,
            kind: row.kind,
            audience: row.audience,
            topic: row.topic,
            title: row.title,
            state: row.state,
            live: row.live,
            number: row.number,
            must_read: row.must_read,
            owner: row.owner,
            review_at: row.review_at,
            changed_at: row.changed_at,
            helped: card.helped,
            unhelped: card.unhelped,
        }
    }
}

/// A page of the list of articles.
#[derive(Debug, Serialize, ToSchema)]
struct KnowledgePage {
    /// The last changed first.
    items: Vec<CardOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List articles, the last changed first
#[utoipa::path(get, path = "/knowledge", operation_id = "list_knowledge", tag = "knowledge",
    params(KnowledgeQuery, PageQuery),
    responses((status = 200, description = "A page, the last changed first", body = KnowledgePage), Reading))]
async fn list_knowledge(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<KnowledgeQuery, PageQuery>,
) -> Result<Json<KnowledgePage>, Problem> {
    no_longer("topic", query.topic.as_deref(), 40)?;
    let (limit, after) = page.dated()?;
    let filter = ArticleFilter {
        kind: query.kind.map(|kind| kind.as_str().to_owned()),
        audience: query.audience.map(|audience| audience.as_str().to_owned()),
        state: query.state.map(|state| state.as_str().to_owned()),
        topic: query.topic,
        unit: query.unit,
        owner: query.owner,
        live: query.live,
        review_by: query.review_by,
        must_read: query.must_read,
        after,
        limit: limit + 1,
    };
    let cards = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::cards(tx, ctx, &filter)).await?;
    let page = Page::of(cards, limit, |card| dated(card.row.changed_at, card.row.paper));
    let (items, next_cursor) = page.told();
    Ok(Json(KnowledgePage { items, next_cursor }))
}

/// Versions of an article.
#[derive(Debug, Serialize, ToSchema)]
struct ArticleVersions {
    /// The newest first.
    items: Vec<Version>,
}

/// List every version of an article that was published
#[utoipa::path(get, path = "/articles/{id}/versions", operation_id = "list_article_versions", tag = "knowledge",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The newest first", body = ArticleVersions), Reading))]
async fn list_article_versions(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
) -> Result<Json<ArticleVersions>, Problem> {
    let app = edge.app.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::versions(tx, ctx, &app, id)).await?;
    Ok(Json(ArticleVersions { items }))
}

/// How a version stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ArticleStanding)]
struct StandingOut {
    /// How many said that it helped.
    helped: u32,
    /// How many said that it did not.
    unhelped: u32,
    /// What you said.
    mine: Option<bool>,
    /// The newest version that you have read; 0 for none.
    #[schema(minimum = 0)]
    read: i64,
}

impl From<Standing> for StandingOut {
    fn from(standing: Standing) -> Self {
        let Standing { helped, unhelped, mine, read } = standing;
        Self { helped, unhelped, mine, read }
    }
}

/// See whether the version that is read helped, and what you said and read
#[utoipa::path(get, path = "/articles/{id}/standing", operation_id = "get_article_standing", tag = "knowledge",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "How it stands", body = StandingOut), Reading))]
async fn get_article_standing(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
) -> Result<Json<StandingOut>, Problem> {
    let standing = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::standing(tx, ctx, id)).await?;
    Ok(Json(standing.into()))
}

/// What somebody says of a version.
#[derive(Debug, Serialize, ToSchema)]
struct ArticleVoteLine {
    /// Who.
    person: PersonId,
    /// Whether it helped.
    helped: bool,
    /// The case beside which it was read.
    case: Option<CaseId>,
    /// In words.
    note: Option<String>,
    /// When.
    at: Timestamp,
}

impl From<VoteRow> for ArticleVoteLine {
    fn from(row: VoteRow) -> Self {
        let VoteRow { person, helped, case, note, at } = row;
        Self { person, helped, case, note, at }
    }
}

/// What people say of a version.
#[derive(Debug, Serialize, ToSchema)]
struct ArticleVotes {
    /// The last first, at most 200.
    items: Vec<ArticleVoteLine>,
}

/// See what people say of the version that is read
#[utoipa::path(get, path = "/articles/{id}/votes", operation_id = "list_article_votes", tag = "knowledge",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The last first", body = ArticleVotes), Reading))]
async fn list_article_votes(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
) -> Result<Json<ArticleVotes>, Problem> {
    let votes = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::voters(tx, ctx, id)).await?;
    Ok(Json(ArticleVotes { items: votes.into_iter().map(ArticleVoteLine::from).collect() }))
}

/// Whether a version helped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ArticleVote {
    /// Whether it did.
    helped: bool,
    /// The case beside which it was read.
    case: Option<CaseId>,
    /// In words.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Say whether the version that is read helped; your last word counts
#[utoipa::path(post, path = "/articles/{id}/votes", operation_id = "vote_article", tag = "knowledge",
    params(("id" = Uuid, Path)), request_body = ArticleVote,
    responses((status = 200, description = "How it stands now", body = StandingOut), Writing))]
async fn vote_article(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Change { ctx, body, .. }: Change<ArticleVote>,
) -> Result<Response, Problem> {
    let vote = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        let ArticleVote { helped, case, note } = body;
        knowledge::vote(tx, ctx, id, (helped, case, note.as_deref())).map(StandingOut::from)
    };
    Ok(done(edge.app.once(ctx, 200, vote).await?))
}

/// Note that you have read the version that is read
#[utoipa::path(post, path = "/articles/{id}/read", operation_id = "read_article", tag = "knowledge",
    params(("id" = Uuid, Path), idempotency::KeyHeader),
    responses((status = 204, description = "Noted"), Writing))]
async fn read_article(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| knowledge::note_read(tx, ctx, id)).await?))
}
