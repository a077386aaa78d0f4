//! Quizzes: who knows the knowledge by heart.

use crate::answer::{Page, PageQuery, dated, done, versioned};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::{Both, Query};
use crate::responses::{Reading, Writing};
use crate::version::{IfMatch, required};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::knowledge::{self, AttemptRow, QuizView, Taken};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::knowledge::quiz::{Answer, Question, Quiz, Score};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_quizzes, write_quiz))
        .routes(routes!(get_quiz, rewrite_quiz))
        .routes(routes!(close_quiz))
        .routes(routes!(list_attempts, take_quiz))
}

/// Which quizzes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct QuizzesQuery {
    /// True: it can be taken. False: it was closed.
    open: Option<bool>,
}

/// How one attempt came out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuizAttempt)]
pub(super) struct AttemptOut {
    /// Identity.
    id: Uuid,
    /// The quiz.
    quiz: Uuid,
    /// Whose.
    person: PersonId,
    /// When.
    at: Timestamp,
    /// Version of the quiz.
    version: i64,
    /// How many answers were right.
    right: u32,
    /// Of how many.
    of: u32,
    /// Points of a hundred.
    percent: u32,
    /// Whether that was enough.
    passed: bool,
}

impl From<AttemptRow> for AttemptOut {
    fn from(row: AttemptRow) -> Self {
        let AttemptRow { quiz, at, id, person, version, correct, asked, percent, passed } = row;
        Self { id, quiz, person, at, version, right: correct, of: asked, percent, passed }
    }
}

/// A quiz.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuizView)]
struct QuizOut {
    /// Identity.
    id: Uuid,
    /// For who works at this unit or below it.
    unit: UnitId,
    /// What it is called.
    title: Text,
    /// From how many points of a hundred it is passed.
    pass_percent: u8,
    /// What is asked; what is right only for who may write it.
    questions: Vec<Question>,
    /// How often it was written.
    version: i64,
    /// When it was written first.
    created_at: Timestamp,
    /// By whom; null is the command line.
    created_by: Option<PersonId>,
    /// When it was written last.
    changed_at: Timestamp,
    /// When it was closed.
    closed_at: Option<Timestamp>,
    /// Whether you may write it.
    mine: bool,
    /// Your last attempt.
    last: Option<AttemptOut>,
}

impl From<QuizView> for QuizOut {
    fn from(view: QuizView) -> Self {
        let QuizView { row, quiz, mine, last } = view;
        Self {
            id: row.id,
            unit: quiz.unit,
            title: quiz.title,
            pass_percent: quiz.pass_percent,
            questions: quiz.questions,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            changed_at: row.changed_at,
            closed_at: row.closed_at,
            mine,
            last: last.map(AttemptOut::from),
        }
    }
}

/// A page of quizzes.
#[derive(Debug, Serialize, ToSchema)]
struct QuizPage {
    /// The last written first.
    items: Vec<QuizOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List quizzes, the last written first
#[utoipa::path(get, path = "/quizzes", operation_id = "list_quizzes", tag = "knowledge", params(QuizzesQuery, PageQuery),
    responses((status = 200, description = "The last written first", body = QuizPage), Reading))]
async fn list_quizzes(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<QuizzesQuery, PageQuery>,
) -> Result<Json<QuizPage>, Problem> {
    let (limit, after) = page.dated()?;
    let views = edge
        .app
        .read(&authed.ctx, move |tx, ctx| knowledge::quizzes(tx, ctx, query.open, (after, limit + 1)))
        .await?;
    let page = Page::of(views, limit, |view| dated(view.row.changed_at, view.row.id));
    let (items, next_cursor) = page.told();
    Ok(Json(QuizPage { items, next_cursor }))
}

/// Write a quiz
///
/// A question is bound to an article, or asks for a fact of an estate, whose right
/// answer is what stands on the sheet when it is answered.
#[utoipa::path(post, path = "/quizzes", operation_id = "write_quiz", tag = "knowledge", request_body = Quiz,
    responses((status = 201, description = "Written", body = QuizOut), Writing))]
async fn write_quiz(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<Quiz>,
) -> Result<Response, Problem> {
    let write = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        knowledge::write_quiz(tx, ctx, None, &body).map(QuizOut::from)
    };
    Ok(done(edge.app.once(ctx, 201, write).await?))
}

/// See a quiz
#[utoipa::path(get, path = "/quizzes/{id}", operation_id = "get_quiz", tag = "knowledge", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The quiz", body = QuizOut), Reading))]
async fn get_quiz(State(edge): State<Edge>, authed: Authed, Id(id): Id<Uuid>) -> Result<Response, Problem> {
    let view = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::quiz(tx, ctx, id)).await?;
    Ok(versioned(view.row.version, QuizOut::from(view)))
}

/// Write the next version of a quiz; attempts stay with theirs
#[utoipa::path(put, path = "/quizzes/{id}", operation_id = "rewrite_quiz", tag = "knowledge",
    params(("id" = Uuid, Path), IfMatch), request_body = Quiz,
    responses((status = 200, description = "Written", body = QuizOut), Writing))]
async fn rewrite_quiz(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Change { ctx, body, headers }: Change<Quiz>,
) -> Result<Response, Problem> {
    let seen = required(&headers, None)?;
    let write = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        knowledge::write_quiz(tx, ctx, Some((id, seen)), &body).map(QuizOut::from)
    };
    Ok(done(edge.app.once(ctx, 200, write).await?))
}

/// Close a quiz: nobody takes it any more, attempts stay
#[utoipa::path(post, path = "/quizzes/{id}/close", operation_id = "close_quiz", tag = "knowledge",
    params(("id" = Uuid, Path), IfMatch), request_body = QuizVersion,
    responses((status = 200, description = "Closed", body = QuizOut), Writing))]
async fn close_quiz(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Change { ctx, body, headers }: Change<QuizVersion>,
) -> Result<Response, Problem> {
    let seen = required(&headers, body.version)?;
    let close = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        knowledge::close_quiz(tx, ctx, id, seen).map(QuizOut::from)
    };
    Ok(done(edge.app.once(ctx, 200, close).await?))
}

/// The version seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuizVersion {
    /// Unless `If-Match` says it.
    version: Option<i64>,
}

/// Attempts at a quiz.
#[derive(Debug, Serialize, ToSchema)]
struct QuizAttempts {
    /// The last first.
    items: Vec<AttemptOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List attempts at a quiz: all for who may see mastery there, else your own
#[utoipa::path(get, path = "/quizzes/{id}/attempts", operation_id = "list_attempts", tag = "knowledge",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, description = "The last first", body = QuizAttempts), Reading))]
async fn list_attempts(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
    Query(page): Query<PageQuery>,
) -> Result<Json<QuizAttempts>, Problem> {
    let (limit, after) = page.dated()?;
    let rows = edge
        .app
        .read(&authed.ctx, move |tx, ctx| knowledge::attempts(tx, ctx, id, (after, limit + 1)))
        .await?;
    let page = Page::of(rows, limit, |row| dated(row.at, row.id));
    let (items, next_cursor) = page.told();
    Ok(Json(QuizAttempts { items, next_cursor }))
}

/// What somebody answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuizAnswers {
    /// One to each question, in their order.
    #[schema(min_items = 1, max_items = 100)]
    answers: Vec<Answer>,
}

/// An attempt and how it came out.
#[derive(Debug, Serialize, ToSchema)]
struct QuizTaken {
    /// The attempt as it is kept.
    attempt: AttemptOut,
    /// How it came out, with the places of what was wrong.
    score: Score,
}

impl From<Taken> for QuizTaken {
    fn from(taken: Taken) -> Self {
        Self { attempt: taken.attempt.into(), score: taken.score }
    }
}

/// Take a quiz
///
/// Score and day are kept, the answers are not.
#[utoipa::path(post, path = "/quizzes/{id}/attempts", operation_id = "take_quiz", tag = "knowledge",
    params(("id" = Uuid, Path)), request_body = QuizAnswers,
    responses((status = 201, description = "How it came out", body = QuizTaken), Writing))]
async fn take_quiz(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Change { ctx, body, .. }: Change<QuizAnswers>,
) -> Result<Response, Problem> {
    let take = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        knowledge::take_quiz(tx, ctx, id, &body.answers).map(QuizTaken::from)
    };
    Ok(done(edge.app.once(ctx, 201, take).await?))
}
