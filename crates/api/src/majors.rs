//! Major complaints: the register of separate volumes, each volume with its
//! papers, and drafts of the reports that are owed (PROP-70, 82).

use crate::answer::{Page, PageQuery, invalid_cursor};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::special::{self, MajorFilter, MajorLine, SpecialDraft, Volume};
use huiyin_domain::case::MajorStanding;
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::special::SpecialKind;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_majors))
        .routes(routes!(get_volume))
        .routes(routes!(draft_case_report))
}

/// What is asked of the register.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MajorsQuery {
    /// Standings, with commas between them.
    #[param(value_type = Option<String>, example = "provisional,confirmed",
        pattern = "^(provisional|confirmed|lowered)(,(provisional|confirmed|lowered))*$")]
    standing: Option<Vec<MajorStanding>>,
    /// Of this unit and those below it.
    unit: Option<UnitId>,
    /// Only of open cases, or only of closed ones.
    open: Option<bool>,
    /// Only those about which a report is owed.
    owed: Option<bool>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A page of the register.
#[derive(Debug, Serialize, ToSchema)]
struct MajorPage {
    /// The volumes, newest first by opening, then case.
    items: Vec<MajorLine>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List major complaints with their separate volumes, newest first
///
/// Provisional, confirmed and lowered ones; `due_at` is the countdown of the
/// next report to the leader in charge.
#[utoipa::path(get, path = "/majors", operation_id = "list_majors", tag = "incidents", params(MajorsQuery),
    responses((status = 200, description = "A page", body = MajorPage), Reading))]
async fn list_majors(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<MajorsQuery>,
) -> Result<Json<MajorPage>, Problem> {
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let limit = page.limit()?;
    let filter = MajorFilter {
        standings: query.standing.unwrap_or_default(),
        unit: query.unit,
        open: query.open,
        owed: query.owed.unwrap_or(false),
        after: page.cursor()?.as_deref().map(place).transpose()?,
        limit: limit + 1,
    };
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| special::register(tx, ctx, &filter)).await?;
    let page = Page::of(rows, limit, |row: &MajorLine| format!("{}:{}", row.since.micros(), row.case));
    Ok(Json(MajorPage { items: page.items, next_cursor: page.next_cursor }))
}

/// Reads a place in the list's order.
fn place(text: &str) -> Result<(Timestamp, CaseId), Problem> {
    let (at, id) = text.split_once(':').ok_or_else(invalid_cursor)?;
    let at: i64 = at.parse().map_err(|_| invalid_cursor())?;
    Ok((Timestamp::from_micros(at), id.parse().map_err(|_| invalid_cursor())?))
}

/// Read the separate volume of a complaint that is or was major (PROP-70)
///
/// Its papers in order: what was received, found, decided, told, filed and
/// attached. 404 for any other case.
#[utoipa::path(get, path = "/cases/{id}/volume", operation_id = "get_volume", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "The volume", body = Volume), Reading))]
async fn get_volume(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Volume>, Problem> {
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| special::volume(tx, ctx, id)).await?))
}

/// Draft a report about a major complaint, its sections filled from the file
///
/// `closing` has the sections of PROP-82: content, causes, process and result,
/// lessons, corrective measures. It is given by the action `file_report`. 404 for
/// a complaint that was never major.
#[utoipa::path(get, path = "/cases/{id}/special_reports/{kind}", operation_id = "draft_case_report",
    tag = "cases", params(("id" = CaseId, Path), ("kind" = SpecialKind, Path)),
    responses((status = 200, description = "The draft", body = SpecialDraft), Reading))]
async fn draft_case_report(
    State(edge): State<Edge>,
    authed: Authed,
    Id2(id, kind): Id2<CaseId, SpecialKind>,
) -> Result<Json<SpecialDraft>, Problem> {
    let app = edge.app.clone();
    let draft = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        special::of_case(tx, ctx, &app.rules, (id, kind))
    };
    Ok(Json(edge.app.read(&authed.ctx, draft).await?))
}
