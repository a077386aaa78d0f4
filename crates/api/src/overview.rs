//! What a person has to do, and what a supervisor sees of everybody's work.

use crate::answer::{Page, PageQuery, invalid_cursor};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::case::{self, DayPlace, Overview, ToDo};
use huiyin_domain::ids::UnitId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_day)).routes(routes!(get_overview))
}

/// A page of what is to be done.
#[derive(Debug, Serialize, ToSchema)]
struct ToDoPage {
    /// Earliest due first; what has no due time comes last.
    items: Vec<ToDo>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List your open tasks and promises, earliest due first
///
/// Your own, and what waits for a post that you hold where the case lies.
#[utoipa::path(get, path = "/day", operation_id = "get_day", tag = "work", params(PageQuery),
    responses((status = 200, description = "A page", body = ToDoPage), Reading))]
async fn get_day(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<PageQuery>,
) -> Result<Json<ToDoPage>, Problem> {
    let (limit, after) = (query.limit()?, query.cursor()?.map(|text| place_of(&text)).transpose()?);
    let read = edge.app.read(&authed.ctx, move |tx, ctx| case::day(tx, ctx, after.as_ref(), limit + 1));
    let page = Page::of(read.await?, limit, |row: &ToDo| {
        row.place().map(|(due, case, what, id)| format!("{due} {case} {what} {id}")).unwrap_or_default()
    });
    Ok(Json(ToDoPage { items: page.items, next_cursor: page.next_cursor }))
}

fn place_of(text: &str) -> Result<DayPlace, Problem> {
    let read = || {
        let mut parts = text.split(' ');
        let (due, case) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let (what, id) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
        parts.next().is_none().then_some((due, case, what, id))
    };
    read().ok_or_else(invalid_cursor)
}

/// Of which part of the house.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OverviewQuery {
    /// Of this unit and those below it.
    unit: Option<UnitId>,
}

/// Sum up what is open now: by stage and age, by person, and what presses
///
/// Every number is that of its list: `GET /cases` with the same stage, person
/// and times. At most 200 people and 200 pressing matters.
#[utoipa::path(get, path = "/overview", operation_id = "get_overview", tag = "work", params(OverviewQuery),
    responses((status = 200, description = "As of now", body = Overview), Reading))]
async fn get_overview(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<OverviewQuery>,
) -> Result<Json<Overview>, Problem> {
    let read = edge.app.read(&authed.ctx, move |tx, ctx| case::overview(tx, ctx, query.unit));
    Ok(Json(read.await?))
}
