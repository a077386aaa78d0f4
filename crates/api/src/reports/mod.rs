//! The prescribed reports: drafted, written, frozen, given out as files.

mod file;

use crate::answer::{Page, PageQuery, done, invalid_cursor, versioned};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::{Field, Problem, ProblemBody};
use crate::query::{Both, Query};
use crate::responses::{Reading, Writing};
use crate::version::{IfMatch, required};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use huiyin_app::report::{self, FrozenLine, NewReport, ReportOut};
use huiyin_domain::count::ReportKind;
use huiyin_domain::ids::{ReportId, UnitId};
use huiyin_reports::Document;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_reports, draft_report))
        .routes(routes!(get_report))
        .routes(routes!(write_report))
        .routes(routes!(freeze_report))
        .routes(routes!(list_report_rows))
        .routes(routes!(check_report))
        .merge(file::routes())
}

/// What is asked of the list of reports.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportsQuery {
    /// Which reports.
    kind: Option<ReportKind>,
}

/// A page of reports.
#[derive(Debug, Serialize, ToSchema)]
struct ReportPage {
    /// Newest period first, then id.
    items: Vec<ReportOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List reports, newest period first, then id
#[utoipa::path(get, path = "/reports", operation_id = "list_reports", tag = "figures",
    params(ReportsQuery, PageQuery),
    responses((status = 200, description = "A page", body = ReportPage), Reading))]
async fn list_reports(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<ReportsQuery, PageQuery>,
) -> Result<Json<ReportPage>, Problem> {
    let limit = page.limit()?;
    let after = page.cursor()?.as_deref().map(place).transpose()?;
    let rules = edge.app.rules.clone();
    let found = edge
        .app
        .read(&authed.ctx, move |tx, ctx| {
            report::list(tx, ctx, &rules, (query.kind, after.as_ref()), limit + 1)
        })
        .await?;
    let page = Page::of(found, limit, |row: &ReportOut| format!("{}:{}", row.period.last, row.id));
    Ok(Json(ReportPage { items: page.items, next_cursor: page.next_cursor }))
}

fn place(text: &str) -> Result<(String, String), Problem> {
    let (last, id) = text.split_once(':').ok_or_else(invalid_cursor)?;
    Ok((last.to_owned(), id.to_owned()))
}

/// A report that is to be drafted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReportBody {
    /// Which report.
    kind: ReportKind,
    /// A month (`2026-10`), a quarter (`2026-q4`) or a day, as the report needs.
    #[schema(max_length = 20, example = "2026-10")]
    period: String,
    /// First day of a monthly report's period; 28 when not said.
    #[schema(minimum = 1, maximum = 28)]
    cut: Option<u8>,
    /// Of this unit and those below it; the whole organisation when not said.
    unit: Option<UnitId>,
}

/// Draft a report of a period
///
/// A draft shows the figures of the moment until it is frozen.
#[utoipa::path(post, path = "/reports", operation_id = "draft_report", tag = "figures",
    request_body = NewReportBody, responses((status = 201, description = "Drafted", body = ReportOut), Writing))]
async fn draft_report(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewReportBody>,
) -> Result<Response, Problem> {
    let period = body.kind.period(&body.period, body.cut).map_err(|_| {
        let expected = if body.kind.is_quarterly() {
            "2026-q4"
        } else if body.kind.is_monthly() {
            "2026-10"
        } else {
            "2026-10-28"
        };
        let params = [("expected".to_owned(), expected.into())].into_iter().collect();
        let field = Field { path: "period".into(), code: "invalid_period".into(), params };
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").field(field)
    })?;
    let new = NewReport { kind: body.kind, period, unit: body.unit };
    let rules = edge.app.rules.clone();
    Ok(done(edge.app.once(ctx, 201, move |tx, ctx| report::draft(tx, ctx, &rules, &new)).await?))
}

/// A report with what it says.
#[derive(Debug, Serialize, ToSchema)]
struct ReportWhole {
    /// Which report, and where it stands.
    #[serde(flatten)]
    report: ReportOut,
    /// What it says: frozen, or with the figures of this moment.
    document: Document,
}

/// Read a report: as it was frozen, or with the figures of this moment
#[utoipa::path(get, path = "/reports/{id}", operation_id = "get_report", tag = "figures",
    params(("id" = ReportId, Path)),
    responses((status = 200, description = "The report", body = ReportWhole), Reading))]
async fn get_report(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<ReportId>,
) -> Result<Response, Problem> {
    let rules = edge.app.rules.clone();
    let (report, document) =
        edge.app.read(&authed.ctx, move |tx, ctx| report::get(tx, ctx, &rules, id)).await?;
    Ok(versioned(report.version, ReportWhole { report, document }))
}

/// What people write into a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportTexts {
    /// Section to its text; what is not named stays, a blank one is emptied.
    texts: BTreeMap<String, String>,
    /// The version seen, where no `If-Match` says it.
    version: Option<i64>,
}

/// Write texts into sections of a draft
#[utoipa::path(patch, path = "/reports/{id}/texts", operation_id = "write_report", tag = "figures",
    params(("id" = ReportId, Path), IfMatch), request_body = ReportTexts,
    responses((status = 200, description = "Written", body = ReportOut), Writing))]
async fn write_report(
    State(edge): State<Edge>,
    Id(id): Id<ReportId>,
    Change { ctx, body, headers }: Change<ReportTexts>,
) -> Result<Response, Problem> {
    let seen = required(&headers, body.version)?;
    let rules = edge.app.rules.clone();
    let texts = body.texts;
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| report::write_texts(tx, ctx, &rules, (id, seen), &texts))
        .await?;
    Ok(done(answer))
}

/// Which version is frozen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FreezeBody {
    /// The version seen, where no `If-Match` says it.
    version: Option<i64>,
}

/// Freeze a report with figures, texts and the list of what it counted
///
/// A frozen report is never changed again; what changes later is told in the
/// report of the next period.
#[utoipa::path(post, path = "/reports/{id}/freeze", operation_id = "freeze_report", tag = "figures",
    params(("id" = ReportId, Path), IfMatch), request_body = FreezeBody,
    responses((status = 200, description = "Frozen", body = ReportOut), Writing))]
async fn freeze_report(
    State(edge): State<Edge>,
    Id(id): Id<ReportId>,
    Change { ctx, body, headers }: Change<FreezeBody>,
) -> Result<Response, Problem> {
    let seen = required(&headers, body.version)?;
    let rules = edge.app.rules.clone();
    Ok(done(edge.app.once(ctx, 200, move |tx, ctx| report::freeze(tx, ctx, &rules, (id, seen))).await?))
}

/// A page of what a frozen report counted.
#[derive(Debug, Serialize, ToSchema)]
struct FrozenPage {
    /// By case.
    items: Vec<FrozenLine>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List what a frozen report counted, by case, each with its version
#[utoipa::path(get, path = "/reports/{id}/rows", operation_id = "list_report_rows", tag = "figures",
    params(("id" = ReportId, Path), PageQuery),
    responses((status = 200, description = "A page", body = FrozenPage), Reading))]
async fn list_report_rows(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<ReportId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<FrozenPage>, Problem> {
    let limit = query.limit()?;
    let after = query.cursor()?.unwrap_or_default();
    let rows =
        edge.app.read(&authed.ctx, move |tx, ctx| report::rows(tx, ctx, id, (&after, limit + 1))).await?;
    let page = Page::of(rows, limit, |row: &FrozenLine| row.case.to_string());
    Ok(Json(FrozenPage { items: page.items, next_cursor: page.next_cursor }))
}

/// Whether a frozen report still adds up.
#[derive(Debug, Serialize, ToSchema)]
struct ReportCheck {
    /// True when figures and digest are those of the frozen rows.
    clean: bool,
    /// Metrics that do not agree, `digest` for the whole.
    wrong: Vec<String>,
}

/// Make a frozen report again from its rows and compare
#[utoipa::path(get, path = "/reports/{id}/check", operation_id = "check_report", tag = "figures",
    params(("id" = ReportId, Path)),
    responses((status = 200, description = "What came out", body = ReportCheck), Reading,
        (status = 409, description = "It is not frozen.", body = ProblemBody,
            content_type = "application/problem+json")))]
async fn check_report(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<ReportId>,
) -> Result<Json<ReportCheck>, Problem> {
    let rules = edge.app.rules.clone();
    let wrong = edge.app.read(&authed.ctx, move |tx, ctx| report::check(tx, ctx, &rules, id)).await?;
    Ok(Json(ReportCheck { clean: wrong.is_empty(), wrong }))
}
