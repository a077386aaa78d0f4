//! One action on many cases at once, done by the machine.

use crate::answer::{Page, PageQuery, done, invalid_cursor};
use crate::authed::{Act, Authed, Change};
use crate::cases::CasesQuery;
use crate::edge::Edge;
use crate::json::command;
use crate::path::Id;
use crate::problem::{Field, Problem};
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use huiyin_app::bulk::{self, BulkRun, Chosen, Refusal, RefusedLine};
use huiyin_app::search;
use huiyin_domain::case::CommandKind;
use huiyin_domain::ids::{BulkRunId, CaseId};
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
        .routes(routes!(list_bulk_runs, begin_bulk_run))
        .routes(routes!(get_bulk_run))
        .routes(routes!(stop_bulk_run))
        .routes(routes!(list_bulk_refusals))
}

/// What is to be done with which cases.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkBody {
    /// Name of an action of a case.
    #[schema(example = "note", max_length = 64)]
    action: String,
    /// Its body, as the action itself takes it, without a version.
    #[schema(value_type = Object)]
    body: Map<String, Value>,
    /// These cases, at most 10,000.
    #[serde(default)]
    #[schema(max_items = 10_000)]
    cases: Vec<CaseId>,
    /// Or all that a list with this question finds, at most 200,000.
    #[serde(default)]
    filter: Option<CasesQuery>,
}

/// How far it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkRun)]
struct RunOut {
    id: BulkRunId,
    /// The action.
    action: String,
    /// How many cases it is about.
    #[schema(minimum = 0)]
    total: i64,
    /// How many were done.
    #[schema(minimum = 0)]
    done: i64,
    /// How many were refused.
    #[schema(minimum = 0)]
    refused: i64,
    created_at: Timestamp,
    /// When the last case had its turn, or it was stopped.
    ended_at: Option<Timestamp>,
    /// When you stopped it; the cases that had no turn are left alone.
    stopped_at: Option<Timestamp>,
}

impl From<BulkRun> for RunOut {
    fn from(run: BulkRun) -> Self {
        let BulkRun { id, action, total, done, refused, created_at, ended_at, stopped_at, .. } = run;
        Self { id, action, total, done, refused, created_at, ended_at, stopped_at }
    }
}

/// Your last actions on many cases.
#[derive(Debug, Serialize, ToSchema)]
struct BulkRuns {
    /// Newest first, at most 20.
    items: Vec<RunOut>,
}

/// A case that was refused.
#[derive(Debug, Serialize, ToSchema)]
struct BulkRefusal {
    /// Position among the cases, from 1.
    #[schema(minimum = 1)]
    seq: i64,
    /// The case; null for one that is not there, or not for you to know.
    case: Option<CaseId>,
    /// Its number.
    number: Option<String>,
    /// Why, as a stable word.
    code: String,
    /// Why, in the reader's language.
    detail: String,
}

/// A page of refusals.
#[derive(Debug, Serialize, ToSchema)]
struct BulkRefusalPage {
    /// In the order of the cases.
    items: Vec<BulkRefusal>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List your last actions on many cases, newest first
#[utoipa::path(get, path = "/bulk-runs", operation_id = "list_bulk_runs", tag = "cases",
    responses((status = 200, description = "At most 20", body = BulkRuns), Reading))]
async fn list_bulk_runs(State(edge): State<Edge>, authed: Authed) -> Result<Json<BulkRuns>, Problem> {
    let runs = edge.app.read(&authed.ctx, bulk::list).await?;
    Ok(Json(BulkRuns { items: runs.into_iter().map(RunOut::from).collect() }))
}

/// Take one action on many cases
///
/// A job does it in your name with the posts that you hold: each case as the
/// action alone would, with the version that it had when this was asked. What a
/// rule refuses is listed with its reason, the others go on. The stream of events
/// says `bulk` with the id whenever some more have had their turn.
#[utoipa::path(post, path = "/bulk-runs", operation_id = "begin_bulk_run", tag = "cases", request_body = BulkBody,
    responses((status = 202, description = "Begun", body = RunOut), Writing))]
async fn begin_bulk_run(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<BulkBody>,
) -> Result<Response, Problem> {
    let BulkBody { action, body, cases, filter } = body;
    let kind = CommandKind::parse(&action)
        .filter(|kind| !kind.is_apart())
        .ok_or_else(|| wrong("action", "unknown_action"))?;
    let body = Value::Object(body);
    command(kind, body.clone())?;
    let chosen = match (cases.is_empty(), filter) {
        (true, Some(filter)) => {
            let asked = filter.asked()?;
            let narrowed = search::all(&edge.app, &ctx, asked).await?;
            Chosen::Found(Box::new(narrowed))
        }
        (false, Some(_)) => return Err(wrong("filter", "either_cases_or_filter")),
        (_, None) => Chosen::Cases(cases),
    };
    let app = edge.app.clone();
    let begin = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        bulk::begin(tx, ctx, (kind, &body), (&app.rules, chosen)).map(RunOut::from)
    };
    Ok(done(edge.app.once(ctx, 202, begin).await?))
}

pub(crate) fn wrong(path: &'static str, code: &'static str) -> Problem {
    let field = Field { path: path.into(), code: code.into(), params: Map::new() };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").field(field)
}

/// See how far an action on many cases is
#[utoipa::path(get, path = "/bulk-runs/{id}", operation_id = "get_bulk_run", tag = "cases",
    params(("id" = BulkRunId, Path)),
    responses((status = 200, description = "How far it is", body = RunOut), Reading))]
async fn get_bulk_run(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<BulkRunId>,
) -> Result<Json<RunOut>, Problem> {
    Ok(Json(RunOut::from(edge.app.read(&authed.ctx, move |tx, ctx| bulk::get(tx, ctx, id)).await?)))
}

/// Stop an action on many cases
///
/// What had its turn stays done; the others are left alone.
#[utoipa::path(post, path = "/bulk-runs/{id}/stop", operation_id = "stop_bulk_run", tag = "cases",
    params(("id" = BulkRunId, Path)),
    responses((status = 200, description = "Stopped", body = RunOut), Writing))]
async fn stop_bulk_run(
    State(edge): State<Edge>,
    Id(id): Id<BulkRunId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 200, move |tx, ctx| bulk::stop(tx, ctx, id).map(RunOut::from)).await?))
}

/// List what an action on many cases was refused, and why
#[utoipa::path(get, path = "/bulk-runs/{id}/refusals", operation_id = "list_bulk_refusals", tag = "cases",
    params(("id" = BulkRunId, Path), PageQuery),
    responses((status = 200, description = "A page", body = BulkRefusalPage), Reading))]
async fn list_bulk_refusals(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<BulkRunId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<BulkRefusalPage>, Problem> {
    let limit = page.limit()?;
    let after = match page.cursor()? {
        Some(place) => place.parse().map_err(|_| invalid_cursor())?,
        None => 0,
    };
    let locale = authed.ctx.locale;
    let part = (after, limit + 1);
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| bulk::refusals(tx, ctx, id, part)).await?;
    let rows = rows.into_iter().map(|(line, refusal)| told(line, refusal, locale)).collect();
    let page = Page::of(rows, limit, |row: &BulkRefusal| row.seq.to_string());
    Ok(Json(BulkRefusalPage { items: page.items, next_cursor: page.next_cursor }))
}

fn told(line: RefusedLine, refusal: Refusal, locale: Locale) -> BulkRefusal {
    let Refusal { code, mut params } = refusal;
    let detail = crate::reasons::tell(locale, &mut params);
    let detail = detail.unwrap_or_else(|| huiyin_i18n::text(locale, &code, &params));
    let known = (code != "not_found").then_some(line.case);
    let number = known.and(line.number);
    BulkRefusal { seq: line.seq, case: known, number, code, detail }
}
