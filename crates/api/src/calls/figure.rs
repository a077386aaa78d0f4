//! Figures of calls and the wallboard.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use crate::table::{self, TableFormat};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::call::{self, Group, QueueNow};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::call::figures::{CALL_METRICS, CallMetricOut};
use huiyin_domain::call::split::{CallsBy, INTERVALS};
use huiyin_domain::call::wallboard::View;
use huiyin_domain::count::Figure;
use huiyin_domain::ids::QueueId;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_call_figures))
        .routes(routes!(export_call_figures))
        .routes(routes!(get_wallboard))
}

/// Which figures.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FigureQuery {
    /// Calls that arrived from this moment on.
    from: Timestamp,
    /// Calls that arrived before this moment.
    to: Timestamp,
    /// In which groups.
    #[param(inline)]
    by: CallsBy,
    /// Minutes of an interval: 15, 30, 60 or 120.
    minutes: Option<u32>,
}

/// Figures of one group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallFigureGroup)]
struct GroupOut {
    /// Beginning of the interval, id or number; empty for what belongs to none.
    group: String,
    /// By the metric's name.
    figures: BTreeMap<&'static str, Figure>,
}

impl From<Group> for GroupOut {
    fn from(group: Group) -> Self {
        let figures = group.figures.into_iter().map(|(metric, figure)| (metric.name, figure)).collect();
        Self { group: group.name, figures }
    }
}

/// Figures of calls.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallFigures)]
struct FiguresOut {
    /// What each metric is.
    metrics: Vec<CallMetricOut>,
    items: Vec<GroupOut>,
    /// All of them together.
    whole: GroupOut,
}

/// Figures of calls, by interval, queue, agent, service, line or channel
#[utoipa::path(get, path = "/call-figures", operation_id = "get_call_figures", tag = "calls",
    params(FigureQuery),
    responses((status = 200, description = "The figures", body = FiguresOut), Reading))]
async fn get_call_figures(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<FigureQuery>,
) -> Result<Json<FiguresOut>, Problem> {
    let minutes = interval(query.minutes)?;
    let (period, by) = ((query.from, query.to), query.by);
    let (groups, whole) =
        edge.app.read(&authed.ctx, move |tx, ctx| call::figures(tx, ctx, period, (by, minutes))).await?;
    Ok(Json(FiguresOut {
        metrics: CALL_METRICS.iter().map(|metric| metric.out()).collect(),
        items: groups.into_iter().map(GroupOut::from).collect(),
        whole: whole.into(),
    }))
}

fn interval(minutes: Option<u32>) -> Result<u32, Problem> {
    let minutes = minutes.unwrap_or(30);
    let known = INTERVALS.contains(&minutes);
    if known { Ok(minutes) } else { Err(Error::field("minutes", "not_acceptable").into()) }
}

/// Which figures, and in which format; headings are in the reader's language.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Calls that arrived from this moment on.
    from: Timestamp,
    /// Calls that arrived before this moment.
    to: Timestamp,
    /// In which groups.
    #[param(inline)]
    by: CallsBy,
    /// Minutes of an interval: 15, 30, 60 or 120.
    minutes: Option<u32>,
    /// Format of the table.
    #[param(inline)]
    format: Option<TableFormat>,
}

/// Take figures of calls out as a table, the whole in its last line
#[utoipa::path(get, path = "/call-figures/export", operation_id = "export_call_figures", tag = "calls",
    params(ExportQuery),
    responses((status = 200, description = "The table", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/csv"), (String = "application/x-ndjson"))), Reading))]
async fn export_call_figures(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let by = (query.by, interval(query.minutes)?);
    let (period, format) = ((query.from, query.to), query.format.unwrap_or_default());
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| call::figures_file(tx, ctx, period, by, format.into());
    let bytes = edge.app.read(&authed.ctx, write).await?;
    table::answer(format, "call-figures", bytes)
}

/// What waits in one queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallboardQueue)]
struct QueueOut {
    queue: QueueId,
    code: String,
    name: String,
    /// Calls that wait.
    waiting: u32,
    /// The longest of them, in milliseconds.
    longest_wait_ms: i64,
    /// Agents who serve it and are free.
    ready: u32,
}

impl From<QueueNow> for QueueOut {
    fn from(now: QueueNow) -> Self {
        let QueueNow { queue, code, name, waiting, longest_wait_ms, ready } = now;
        Self { queue, code, name, waiting, longest_wait_ms, ready }
    }
}

/// What is now on the floor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Wallboard)]
struct WallboardOut {
    now: View,
    /// Each queue, by its code.
    queues: Vec<QueueOut>,
    /// The day so far.
    today: GroupOut,
}

/// Read the wallboard: what waits, who is there, what alarms
#[utoipa::path(get, path = "/wallboard", operation_id = "get_wallboard", tag = "calls",
    responses((status = 200, description = "What is now", body = WallboardOut), Reading))]
async fn get_wallboard(State(edge): State<Edge>, authed: Authed) -> Result<Json<WallboardOut>, Problem> {
    let trunks = call::trunks_now(&edge.app, authed.ctx.org());
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| call::wallboard(tx, ctx, trunks);
    let (now, today, queues) = edge.app.read(&authed.ctx, read).await?;
    let queues = queues.into_iter().map(QueueOut::from).collect();
    Ok(Json(WallboardOut { now, queues, today: today.into() }))
}
