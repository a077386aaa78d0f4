//! Figures of the metric dictionary and the lists behind them.

use crate::answer::{Page, PageQuery, dated, dated_place};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::{Field, Problem};
use crate::query::{Both, Query};
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use huiyin_app::count::{self, Asked, FigureLine, ListRow, Part, RowsAsked, Spread, VisitRate};
use huiyin_domain::count::{By, METRICS, MetricOut, Month, Period};
use huiyin_domain::ids::UnitId;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_metrics))
        .routes(routes!(get_metric))
        .routes(routes!(list_metric_rows))
        .routes(routes!(get_spread))
        .routes(routes!(list_visit_rates))
}

/// Every figure that there is.
#[derive(Debug, Serialize, ToSchema)]
struct Dictionary {
    /// In the order of the reports.
    items: Vec<MetricOut>,
}

/// List every figure that there is, with unit, period rule and source
#[utoipa::path(get, path = "/metrics", operation_id = "list_metrics", tag = "figures",
    responses((status = 200, description = "The dictionary", body = Dictionary), Reading))]
async fn list_metrics(_: State<Edge>, _: Authed) -> Json<Dictionary> {
    Json(Dictionary { items: METRICS.iter().map(|metric| metric.out()).collect() })
}

/// What is asked of a figure.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FigureQuery {
    /// `2026-10`, `2026-q4`, `2026`, a day, or two of these with `..` between;
    /// the current month when not said.
    #[param(example = "2026-10")]
    period: Option<String>,
    /// First day of the months: 28 gives the monthly report's (28th to 27th).
    #[param(minimum = 1, maximum = 28, default = 1)]
    cut: Option<u8>,
    /// Of this unit and those below it, as they stood when it was received.
    unit: Option<UnitId>,
    /// Split by this.
    #[param(inline)]
    by: Option<By>,
}

/// A figure of a period.
#[derive(Debug, Serialize, ToSchema)]
struct MetricFigure {
    /// What it is.
    metric: MetricOut,
    /// All groups together.
    total: FigureLine,
    /// By group, sorted; empty when nothing splits it.
    items: Vec<FigureLine>,
}

/// Read a figure of a period, whole and by group
#[utoipa::path(get, path = "/metrics/{name}", operation_id = "get_metric", tag = "figures",
    params(("name" = String, Path), FigureQuery),
    responses((status = 200, description = "The figure", body = MetricFigure), Reading))]
async fn get_metric(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
    Query(query): Query<FigureQuery>,
) -> Result<Json<MetricFigure>, Problem> {
    let metric = count::named(&name)?;
    let period = period(query.period.as_deref(), query.cut, authed.ctx.now)?;
    let asked = Asked { unit: query.unit, by: query.by, ..Asked::of(period) };
    let rules = edge.app.rules.clone();
    let mut found = edge
        .app
        .read(&authed.ctx, move |tx, ctx| count::figures(tx, ctx, &rules, (&[metric], &asked)))
        .await?;
    let found = found.pop().ok_or_else(Problem::not_found)?;
    Ok(Json(MetricFigure { metric: metric.out(), total: found.total, items: found.groups }))
}

/// Which complaints.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SpreadQuery {
    /// As for a figure; the current month when not said.
    #[param(example = "2026-10")]
    period: Option<String>,
    /// Of this unit and those below it.
    unit: Option<UnitId>,
}

/// See how the choices of a field are spread, against what its source expects
///
/// Such as the types of complainants (CP8-4); the choices and the expected shares
/// are the pack's. For people of the house, never for customers.
#[utoipa::path(get, path = "/spreads/{field}", operation_id = "get_spread", tag = "figures",
    params(("field" = String, Path, description = "Name of a choice field of the pack", example = "complainant_type"),
        SpreadQuery),
    responses((status = 200, description = "The choices with count and share", body = Spread), Reading))]
async fn get_spread(
    State(edge): State<Edge>,
    authed: Authed,
    Id(field): Id<String>,
    Query(query): Query<SpreadQuery>,
) -> Result<Json<Spread>, Problem> {
    let asked = period(query.period.as_deref(), None, authed.ctx.now)?;
    let (rules, unit) = (edge.app.rules.clone(), query.unit);
    let read =
        edge.app.read(&authed.ctx, move |tx, ctx| count::spread(tx, ctx, &rules, (&field, asked, unit)));
    Ok(Json(read.await?))
}

/// Rates of visits, by estate and visitor.
#[derive(Debug, Serialize, ToSchema)]
struct VisitRates {
    /// By estate, then visitor.
    items: Vec<VisitRate>,
}

/// See which share of the households was visited, and of the opinions settled
///
/// By estate and visitor, each with its denominator (DESK-12); a half-year is
/// `2026-h1`.
#[utoipa::path(get, path = "/visit-rates", operation_id = "list_visit_rates", tag = "figures", params(SpreadQuery),
    responses((status = 200, description = "Both rates", body = VisitRates), Reading))]
async fn list_visit_rates(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<SpreadQuery>,
) -> Result<Json<VisitRates>, Problem> {
    let asked = period(query.period.as_deref(), None, authed.ctx.now)?;
    let (rules, unit) = (edge.app.rules.clone(), query.unit);
    let read = edge.app.read(&authed.ctx, move |tx, ctx| count::visit_rates(tx, ctx, &rules, (asked, unit)));
    Ok(Json(VisitRates { items: read.await? }))
}

/// Which rows of the list behind a figure.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RowsQuery {
    /// As for the figure.
    #[param(example = "2026-10")]
    period: Option<String>,
    /// As for the figure.
    #[param(minimum = 1, maximum = 28, default = 1)]
    cut: Option<u8>,
    /// As for the figure.
    unit: Option<UnitId>,
    /// What `group` is a value of.
    #[param(inline)]
    by: Option<By>,
    /// Rows of this group; with `by` and without this, rows that have no value.
    group: Option<String>,
    /// Of a share: true for the rows among which it is taken.
    whole: Option<bool>,
}

/// A page of the list behind a figure.
#[derive(Debug, Serialize, ToSchema)]
struct ListRowPage {
    /// Newest first, then id.
    items: Vec<ListRow>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List the rows behind a figure, newest first, then id
#[utoipa::path(get, path = "/metrics/{name}/rows", operation_id = "list_metric_rows", tag = "figures",
    params(("name" = String, Path), RowsQuery, PageQuery),
    responses((status = 200, description = "A page", body = ListRowPage), Reading))]
async fn list_metric_rows(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
    Both(query, page): Both<RowsQuery, PageQuery>,
) -> Result<Json<ListRowPage>, Problem> {
    let limit = page.limit()?;
    let asked = RowsAsked {
        metric: count::named(&name)?,
        period: period(query.period.as_deref(), query.cut, authed.ctx.now)?,
        unit: query.unit,
        group: query.by.map(|by| (by, query.group.clone())),
        part: if query.whole == Some(true) { Part::Whole } else { Part::Part },
        after: page.cursor()?.as_deref().map(dated_place).transpose()?,
        limit: limit + 1,
    };
    let rules = edge.app.rules.clone();
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| count::rows(tx, ctx, &rules, &asked)).await?;
    let page = Page::of(rows, limit, |row: &ListRow| dated(row.at, &row.id));
    Ok(Json(ListRowPage { items: page.items, next_cursor: page.next_cursor }))
}

/// Reads a period; months are cut on another day than the first where asked.
pub(crate) fn period(text: Option<&str>, cut: Option<u8>, now: Timestamp) -> Result<Period, Problem> {
    let refused = |path: &str, code: &'static str, expected: &str| {
        let params = [("expected".to_owned(), expected.into())].into_iter().collect();
        let field = Field { path: path.into(), code: code.into(), params };
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query").field(field)
    };
    let wrong = || refused("period", "invalid_period", "2026-10");
    let period = match text {
        Some(text) => text.parse::<Period>().map_err(|_| wrong())?,
        None => {
            let today = huiyin_domain::time::Zone::shanghai().date(now);
            Month::of(today).period(1).ok_or_else(wrong)?
        }
    };
    let Some(cut) = cut.filter(|cut| *cut != 1) else { return Ok(period) };
    let months = period.months();
    let whole = months.last().is_some_and(|(_, last)| last.last == period.last);
    if !whole || period.first.day() != 1 {
        return Err(refused("cut", "cut_needs_months", "1"));
    }
    let cut_of = |month: Month| month.period(cut).ok_or_else(|| refused("cut", "out_of_range", "1–28"));
    match (months.first(), months.last()) {
        (Some((first, _)), Some((last, _))) => {
            Ok(Period { first: cut_of(*first)?.first, last: cut_of(*last)?.last })
        }
        _ => Err(wrong()),
    }
}
