//! Machine work that was given up.

use crate::answer::{PageQuery, done, invalid_cursor};
use crate::authed::{Act, Authed};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::work::{self, DeadJob};
use huiyin_domain::ids::JobId;
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_dead_jobs)).routes(routes!(requeue_job))
}

/// Work that was given up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadJob)]
struct DeadJobOut {
    id: JobId,
    /// What kind of work it is.
    kind: String,
    #[schema(minimum = 0)]
    attempts: u32,
    last_error: String,
    created_at: Timestamp,
    dead_at: Timestamp,
}

impl From<DeadJob> for DeadJobOut {
    fn from(job: DeadJob) -> Self {
        let DeadJob { id, kind, attempts, last_error, created_at, dead_at } = job;
        Self { id, kind, attempts, last_error, created_at, dead_at }
    }
}

/// A page of work that was given up.
#[derive(Debug, Serialize, ToSchema)]
struct DeadJobPage {
    /// Newest first.
    items: Vec<DeadJobOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List machine work that was given up, newest first
#[utoipa::path(get, path = "/jobs/dead", operation_id = "list_dead_jobs", tag = "jobs", params(PageQuery),
    responses((status = 200, description = "A page", body = DeadJobPage), Reading))]
async fn list_dead_jobs(
    State(edge): State<Edge>,
    authed: Authed,
    Query(page): Query<PageQuery>,
) -> Result<Json<DeadJobPage>, Problem> {
    let limit = page.limit()?;
    let before = page.cursor()?.as_deref().map(place).transpose()?;
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| work::dead_jobs(tx, ctx, before, limit + 1)).await?;
    let page = crate::answer::Page::of(rows, limit, |job| format!("{}:{}", job.dead_at.micros(), job.id));
    let items = page.items.into_iter().map(DeadJobOut::from).collect();
    Ok(Json(DeadJobPage { items, next_cursor: page.next_cursor }))
}

fn place(text: &str) -> Result<(Timestamp, JobId), Problem> {
    let (at, id) = text.split_once(':').ok_or_else(invalid_cursor)?;
    let at: i64 = at.parse().map_err(|_| invalid_cursor())?;
    Ok((Timestamp::from_micros(at), id.parse().map_err(|_| invalid_cursor())?))
}

/// Put given-up work back in the queue
#[utoipa::path(post, path = "/jobs/{id}/requeue", operation_id = "requeue_job", tag = "jobs",
    params(("id" = JobId, Path)),
    responses((status = 204, description = "Queued"), Writing))]
async fn requeue_job(
    State(edge): State<Edge>,
    Id(id): Id<JobId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| work::requeue(tx, ctx, id)).await?))
}
