//! Working calendars: which there are, and new days off.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::case::{self, CalendarLine, CalendarYear, ImportedCalendar, NoticeFormat};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_calendars, import_calendar)).routes(routes!(get_calendar_year))
}

/// Calendar versions, the shipped one first.
#[derive(Debug, Serialize, ToSchema)]
struct Calendars {
    items: Vec<CalendarLine>,
}

/// Days off and make-up working days of a year.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeBody {
    format: NoticeFormat,
    /// CSV with the columns `date,name,off`, or TOML with one `[[holiday]]` each.
    text: String,
    /// Name of a region whose calendar they belong to, such as `CN-XJ`; the
    /// organisation follows it from then on.
    region: Option<String>,
}

/// List the working calendars of the organisation
#[utoipa::path(get, path = "/calendars", operation_id = "list_calendars", tag = "rules",
    responses((status = 200, description = "Calendar versions", body = Calendars), Reading))]
async fn list_calendars(State(edge): State<Edge>, authed: Authed) -> Result<Json<Calendars>, Problem> {
    let rules = edge.app.rules.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| case::calendars(tx, ctx, &rules)).await?;
    Ok(Json(Calendars { items }))
}

/// See a year of the calendar by which limits are counted now
#[utoipa::path(get, path = "/calendar/{year}", operation_id = "get_calendar_year", tag = "rules",
    params(("year" = i16, Path, example = 2026)),
    responses((status = 200, description = "Every day of it", body = CalendarYear), Reading))]
async fn get_calendar_year(
    State(edge): State<Edge>,
    authed: Authed,
    Id(year): Id<i16>,
) -> Result<Json<CalendarYear>, Problem> {
    let rules = edge.app.rules.clone();
    let read = edge.app.read(&authed.ctx, move |tx, ctx| case::calendar_year(tx, ctx, &rules, year));
    Ok(Json(read.await?))
}

/// Import days off: a new year, or those of a region
///
/// Open limits are counted again in batches; each person whose limits move is
/// told once. What was closed stays as it was.
#[utoipa::path(post, path = "/calendars", operation_id = "import_calendar", tag = "rules",
    params(idempotency::KeyHeader), request_body = NoticeBody,
    responses((status = 201, description = "In force", body = ImportedCalendar), Writing))]
async fn import_calendar(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NoticeBody>,
) -> Result<Response, Problem> {
    let (org, rules) = (ctx.org(), edge.app.rules.clone());
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let notice = case::read_notice(body.format, &body.text)?;
            case::import_calendar(tx, ctx, &rules, (&notice, body.region.as_deref()))
        })
        .await;
    Ok(done(edge.app.rules_changed(org, "calendar", answer)?))
}
