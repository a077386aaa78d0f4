//! Reading one case, its history and what may be done with it.

use crate::actions::Actions;
use crate::answer::versioned;
use crate::authed::Authed;
use crate::calls::CaseCall;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::{Field, Problem};
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use huiyin_app::case::{self, EntryView};
use huiyin_app::{Ctx, Tx, call};
use huiyin_domain::case::Case;
use huiyin_domain::ids::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_case))
        .routes(routes!(list_timeline))
        .routes(routes!(list_actions))
}

/// A case as people read it: every text in clear, null once it was erased.
#[derive(Debug, Serialize, ToSchema)]
struct CaseOut {
    #[serde(flatten)]
    case: Case,
    /// Phase, side facts included.
    phase: huiyin_domain::case::Phase,
    /// Hash of the last entry of its history.
    head: String,
    /// Earliest open limit.
    due_at: Option<huiyin_domain::time::Timestamp>,
    /// Number of its separate volume, where it is or was major (PROP-70).
    volume: Option<String>,
    /// The incident to which it belongs, with its hot flag.
    incident: Option<case::IncidentOfCase>,
}

/// Read a case
#[utoipa::path(get, path = "/cases/{id}", operation_id = "get_case", tag = "cases", params(("id" = CaseId, Path)),
    responses((status = 200, description = "The case; its version is the ETag", body = CaseOut), Reading))]
async fn get_case(State(edge): State<Edge>, authed: Authed, Id(id): Id<CaseId>) -> Result<Response, Problem> {
    let view = edge.app.read(&authed.ctx, move |tx, ctx| case::get(tx, ctx, id)).await?;
    Ok(versioned(i64::try_from(view.version).unwrap_or(i64::MAX), view.body))
}

/// Which part of a history.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TimelineQuery {
    /// After this entry.
    #[param(minimum = 0)]
    after: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl TimelineQuery {
    /// Gives the entry after which the part begins.
    ///
    /// # Errors
    /// 422 beyond what the document allows.
    fn after(&self) -> Result<u64, Problem> {
        let after = self.after.unwrap_or(0);
        if i64::try_from(after).is_ok() {
            return Ok(after);
        }
        let params = [("expected".to_owned(), i64::MAX.into())].into_iter().collect();
        let field = Field { path: "after".into(), code: "out_of_range".into(), params };
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query").field(field))
    }
}

/// A page of a history.
#[derive(Debug, Serialize, ToSchema)]
struct TimelinePage {
    /// Entries, oldest first.
    items: Vec<EntryView>,
    /// Calls of the case in the time of this page, oldest first.
    ///
    /// Each stands once in all pages, none is an entry of the chain.
    calls: Vec<CaseCall>,
    /// Where it goes on; null at its end.
    next_cursor: Option<String>,
}

/// Read the history of a case, oldest first
#[utoipa::path(get, path = "/cases/{id}/timeline", operation_id = "list_timeline", tag = "cases",
    params(("id" = CaseId, Path), TimelineQuery),
    responses((status = 200, description = "A page", body = TimelinePage), Reading))]
async fn list_timeline(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
    Query(query): Query<TimelineQuery>,
) -> Result<Json<TimelinePage>, Problem> {
    let page = crate::answer::PageQuery { cursor: query.cursor.clone(), limit: query.limit };
    let limit = page.limit()?;
    let after = match page.cursor()? {
        Some(place) => place.parse().map_err(|_| crate::answer::invalid_cursor())?,
        None => query.after()?,
    };
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let rows = case::timeline(tx, ctx, id, after, limit + 1)?;
        let more = rows.len() > limit as usize;
        let last = rows.iter().take(limit as usize).next_back().filter(|_| more);
        let to = last.map(|entry| entry.recorded_at);
        let from = match after.checked_sub(1) {
            Some(before) => case::timeline(tx, ctx, id, before, 1)?.first().map(|entry| entry.recorded_at),
            None => None,
        };
        Ok((call::calls_of_case(tx, ctx, id, (from, to))?, rows))
    };
    let (calls, rows) = edge.app.read(&authed.ctx, read).await?;
    let page = crate::answer::Page::of(rows, limit, |row: &EntryView| row.seq.to_string());
    let calls = calls.into_iter().map(CaseCall::from).collect();
    Ok(Json(TimelinePage { items: page.items, calls, next_cursor: page.next_cursor }))
}

/// List what may be done with a case now, and why the rest is closed
#[utoipa::path(get, path = "/cases/{id}/actions", operation_id = "list_actions", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "All actions", body = Actions), Reading))]
async fn list_actions(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Actions>, Problem> {
    let app = edge.app.clone();
    let locale = authed.ctx.locale;
    let (version, lines) =
        edge.app.read(&authed.ctx, move |tx, ctx| case::actions(tx, ctx, &app.rules, id)).await?;
    let schema = |action: &str| super::document::schema_name(action);
    Ok(Json(Actions::of(version, lines, locale, schema)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bad input (issue 3): a place beyond what the document allows is refused.
    #[test]
    fn a_part_begins_where_the_document_allows() {
        let from = |after| TimelineQuery { after, ..TimelineQuery::default() }.after();
        assert_eq!(from(None).expect("from the beginning"), 0);
        assert_eq!(from(Some(7)).expect("after the seventh"), 7);
        let problem = from(Some(1 << 63)).expect_err("beyond");
        assert_eq!(problem.fields[0].path, "after");
        assert_eq!(problem.fields[0].code, "out_of_range");
    }
}
