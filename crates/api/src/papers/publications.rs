//! Publications: proposals, the sheet for the notice board, the public page.

use crate::authed::Authed;
use crate::edge::{Edge, Tag};
use crate::page::{Document, escaped};
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Reading;
use axum::extract::{RawPathParams, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use huiyin_app::paper::publication::{self, Board, Notice, Proposal};
use huiyin_domain::paper::publication::PublicationOf;
use huiyin_domain::time::Timestamp;
use huiyin_i18n::{Locale, text};
use huiyin_reports::framed;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_publishable)).routes(routes!(print_publication))
}

/// Addresses that anybody may open.
pub(crate) fn public() -> Router<Edge> {
    Router::new().route("/notices/{organisation}/{unit}", get(show_board))
}

/// Cases that may be published.
#[derive(Debug, Serialize, ToSchema)]
struct Proposals {
    /// Newest first.
    items: Vec<Proposal>,
}

/// List the cases that may go into a publication, with words that tell nobody
///
/// Complaints and suggestions of its month and estate, of a category that the
/// pack publishes, answered or closed and not sensitive. Names, numbers, homes
/// and plates are taken out of the proposals; a draft that tells who it was is
/// refused.
#[utoipa::path(get, path = "/publications/{id}/proposals", operation_id = "list_publishable", tag = "publication",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "What may go into it", body = Proposals), Reading))]
async fn list_publishable(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
) -> Result<Json<Proposals>, Problem> {
    let rules = edge.app.rules.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| publication::eligible(tx, ctx, &rules, id)).await?;
    Ok(Json(Proposals { items }))
}

/// Print a publication as a sheet for the notice board
#[utoipa::path(get, path = "/publications/{id}/sheet", operation_id = "print_publication", tag = "publication",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "One page for A4 paper that needs nothing else",
        content((String = "text/html"))), Reading))]
async fn print_publication(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
) -> Result<Response, Problem> {
    let (rules, locale) = (edge.app.rules.clone(), authed.ctx.locale);
    let board = edge.app.read(&authed.ctx, move |tx, ctx| publication::sheet(tx, ctx, &rules, id)).await?;
    Ok(super::print::answer(sheet(&board, locale)))
}

async fn show_board(State(edge): State<Edge>, tag: Tag, params: RawPathParams) -> Response {
    let mut codes = params.iter().map(|(_, value)| value.to_owned());
    let (org, unit) = (codes.next().unwrap_or_default(), codes.next().unwrap_or_default());
    let app = edge.app.clone();
    let board = edge.app.store.read(move |tx| publication::board_of(tx, &app, (&org, &unit))).await;
    match board {
        Ok(board) => {
            let mut response = page(&board, tag.locale);
            let cache = HeaderValue::from_static("public, max-age=300");
            response.headers_mut().insert(header::CACHE_CONTROL, cache);
            response
        }
        // what is not there and what is not for the public look the same
        Err(error) => Problem::from(error).into_response(),
    }
}

fn say(locale: Locale, code: &'static str, params: &Value) -> String {
    escaped(text(locale, code, params.as_object().unwrap_or(&Map::new())))
}

fn day(board: &Board, at: Timestamp) -> String {
    board.zone.date(at).to_string()
}

fn heading(notice: &Notice, locale: Locale) -> String {
    if let Some(title) = &notice.title {
        return escaped(title);
    }
    let month = notice.month.clone().unwrap_or_default();
    match notice.of {
        PublicationOf::Monthly => say(locale, "notice_monthly", &json!({ "month": month })),
        PublicationOf::Progress => say(locale, "notice_progress", &Value::Null),
    }
}

/// Writes the entries of one publication.
fn entries(notice: &Notice, locale: Locale) -> String {
    let head = |code: &'static str| say(locale, code, &Value::Null);
    let mut html = format!(
        "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>\n",
        head("notice_number"),
        head("notice_matter"),
        head("notice_handling")
    );
    for (place, (matter, handling)) in notice.items.iter().enumerate() {
        let (matter, handling) = (escaped(matter), escaped(handling));
        let _ = writeln!(html, "<tr><td>{}</td><td>{matter}</td><td>{handling}</td></tr>", place + 1);
    }
    html.push_str("</tbody></table>\n");
    if let Some(remark) = &notice.remark {
        let _ = writeln!(html, "<p>{}</p>", escaped(remark));
    }
    html
}

fn foot(board: &Board, notice: &Notice, locale: Locale) -> String {
    let at = notice.published_at.map(|at| day(board, at)).unwrap_or_default();
    say(locale, "notice_foot", &json!({ "organisation": board.organisation, "unit": board.unit, "day": at }))
}

/// The sheet for the notice board (小区公布栏).
fn sheet(board: &Board, locale: Locale) -> String {
    let mut body = String::new();
    let mut title = String::new();
    for notice in &board.notices {
        title = heading(notice, locale);
        let _ = write!(
            body,
            "<h1>{title}</h1>\n{}<p>{}</p>\n",
            entries(notice, locale),
            foot(board, notice, locale)
        );
    }
    framed(locale, &title, &body)
}

/// The page of an estate: no script, one style sheet.
fn page(board: &Board, locale: Locale) -> Response {
    let title = say(locale, "notice_board", &json!({ "unit": board.unit }));
    let mut body = String::new();
    for notice in &board.notices {
        let (heading, foot) = (heading(notice, locale), foot(board, notice, locale));
        let _ = write!(
            body,
            "<article>\n<h2>{heading}</h2>\n{}<p>{foot}</p>\n</article>\n",
            entries(notice, locale)
        );
    }
    let of = escaped(&board.organisation);
    Document { locale, title: &title, of: &of, body: &body, other: None }.answer(StatusCode::OK)
}
