//! The list of a stock-take: page by page, printed, as a table.

use super::print;
use crate::answer::{Page, PageQuery, dated};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use crate::table::{self, TableFormat};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::paper::stocktake::{self, LineRow};
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_stocktake_lines))
        .routes(routes!(print_stocktake))
        .routes(routes!(export_stocktake))
}

/// One case on a stock-take.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StocktakeMatter)]
struct LineOut {
    case: CaseId,
    number: String,
    kind: String,
    received_at: Timestamp,
    owner: PersonId,
    handler: Option<PersonId>,
    /// Where it stood.
    stage: String,
    /// When it was closed, if in the course of the day.
    closed_at: Option<Timestamp>,
    /// Earliest open limit.
    due_at: Option<Timestamp>,
    /// Open since an earlier day.
    carried: bool,
    /// Registered on a later day than collected.
    late: bool,
    /// The owner's word: where it stands.
    text: Option<String>,
    /// What is done next.
    next: Option<String>,
    /// By when.
    by: Option<String>,
    said_by: Option<PersonId>,
    said_at: Option<Timestamp>,
    /// Whether the word on it is yours to give (PROP-16).
    may_speak: bool,
}

impl From<(LineRow, bool)> for LineOut {
    fn from((row, may_speak): (LineRow, bool)) -> Self {
        Self {
            case: row.case,
            number: row.number,
            kind: row.kind,
            received_at: row.received_at,
            owner: row.owner,
            handler: row.handler,
            stage: row.stage,
            closed_at: row.closed_at,
            due_at: row.due_at,
            carried: row.carried,
            late: row.late,
            text: row.said,
            next: row.next,
            by: row.by,
            said_by: row.said_by,
            said_at: row.said_at,
            may_speak,
        }
    }
}

/// A page of a stock-take's list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StocktakeMatterPage)]
struct LinePage {
    /// Oldest receipt first.
    items: Vec<LineOut>,
    next_cursor: Option<String>,
}

/// See the cases on a stock-take
#[utoipa::path(get, path = "/stocktakes/{id}/lines", operation_id = "list_stocktake_lines", tag = "stocktake",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, description = "A page, oldest receipt first", body = LinePage), Reading))]
async fn list_stocktake_lines(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<LinePage>, Problem> {
    let (limit, after) = query.dated()?;
    let rows =
        edge.app.read(&authed.ctx, move |tx, ctx| stocktake::matters(tx, ctx, id, after, limit + 1)).await?;
    let page = Page::of(rows, limit, |(row, _): &(LineRow, bool)| dated(row.received_at, row.case));
    let (items, next_cursor) = page.told();
    Ok(Json(LinePage { items, next_cursor }))
}

/// In which format.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TableQuery {
    /// Format of the table.
    #[param(inline)]
    format: Option<TableFormat>,
}

/// Take the list of a stock-take out as a table
///
/// Needs a post that may take case lists out of the house; leaves a line in the
/// audit trail.
#[utoipa::path(get, path = "/stocktakes/{id}/table", operation_id = "export_stocktake", tag = "stocktake",
    params(("id" = Uuid, Path), TableQuery),
    responses((status = 200, description = "The table", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"),
        (String = "application/x-ndjson")
    )), Reading))]
async fn export_stocktake(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
    Query(query): Query<TableQuery>,
) -> Result<Response, Problem> {
    let (rules, format) = (edge.app.rules.clone(), query.format.unwrap_or_default());
    let export = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        stocktake::export(tx, ctx, &rules, (id, format.into()))
    };
    let bytes = edge.app.write(&authed.ctx, export).await?;
    table::answer(format, "stocktake", bytes)
}

/// Which of the three papers that come from one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PrintForm {
    /// 投诉日盘点表: everything open (PROP-52).
    Stocktake,
    /// 住户投诉处理意见表: the day's complaints (DESK-16).
    Opinions,
    /// 工作信息记录本: everything received that day (PROP-13).
    Register,
}

/// How the list is to be printed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PrintQuery {
    /// Which form.
    #[param(inline)]
    form: PrintForm,
}

/// Print a stock-take, the day's opinions form or the day's register
///
/// One self-contained HTML page for A4, in the reader's language.
#[utoipa::path(get, path = "/stocktakes/{id}/print", operation_id = "print_stocktake", tag = "stocktake",
    params(("id" = Uuid, Path), PrintQuery),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"), Reading))]
async fn print_stocktake(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
    Query(query): Query<PrintQuery>,
) -> Result<Response, Problem> {
    let (rules, locale) = (edge.app.rules.clone(), authed.ctx.locale);
    let sheet = edge.app.read(&authed.ctx, move |tx, ctx| stocktake::sheet(tx, ctx, &rules, id)).await?;
    let page = match query.form {
        PrintForm::Stocktake => print::stocktake(&sheet, locale),
        PrintForm::Opinions => print::opinions(&sheet, locale),
        PrintForm::Register => print::register(&sheet, locale),
    };
    Ok(print::answer(page))
}
