//! Promised calls.

use super::out::AgentOut;
use super::told;
use crate::answer::{Page, PageQuery, dated, done};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::json::within;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::{Both, no_longer};
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::call::{self, CallBackFilter, CallBackSeen, NewCallBack, Try};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::call::promise::{CallBackBody, CallBackReason};
use huiyin_domain::ids::{CallBackId, CallId, CaseId, PartyId, PersonId};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_call_backs, promise_call))
        .routes(routes!(get_call_back))
        .routes(routes!(try_call_back))
}

/// A call that was promised.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallBack)]
pub(super) struct CallBackOut {
    id: CallBackId,
    reason: CallBackReason,
    /// The digits to call; empty once the customer's identity was erased.
    number: String,
    /// The skill that whoever calls must have, such as a dialect.
    skill: Option<String>,
    /// What it is about.
    about: Option<String>,
    /// Who is to call; null for whoever is free.
    agent: Option<AgentOut>,
    /// Who promised it; null where the caller asked for it while waiting.
    by: Option<AgentOut>,
    call: Option<CallId>,
    case: Option<CaseId>,
    party: Option<PartyId>,
    promised_at: Timestamp,
    /// By when it is to be made.
    due: Timestamp,
    /// When the customer was reached.
    kept_at: Option<Timestamp>,
    /// Whether it was kept in time; null while it still can be.
    kept: Option<bool>,
    /// Whether its time is over and nobody was reached.
    overdue: bool,
    /// Tries that reached nobody.
    tries: u32,
    /// What the last try came to.
    note: Option<String>,
    version: i64,
}

impl From<CallBackSeen> for CallBackOut {
    fn from(seen: CallBackSeen) -> Self {
        let CallBackSeen { row, agent, made_by, kept } = seen;
        let named = |id: Option<PersonId>, name: Option<String>| {
            id.map(|id| AgentOut { id, name: name.unwrap_or_default() })
        };
        let promise = row.promise;
        Self {
            id: row.id,
            reason: promise.reason,
            number: promise.number,
            skill: promise.skill,
            about: row.about,
            agent: named(row.agent, agent),
            by: named(row.made_by, made_by),
            call: row.call,
            case: row.case,
            party: row.party,
            promised_at: promise.promised_at,
            due: promise.due,
            kept_at: promise.kept_at,
            kept,
            overdue: kept == Some(false) && promise.kept_at.is_none(),
            tries: promise.tries,
            note: row.note,
            version: row.version,
        }
    }
}

/// Whose promised calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CallBacksOf {
    /// Yours to make or promised by you, and those that anybody may make.
    #[default]
    Mine,
    /// All that your posts reach.
    All,
}

/// Which promised calls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CallBackQuery {
    /// Whose.
    #[param(inline)]
    of: CallBacksOf,
    /// True: only those that were not kept yet; false: only the others.
    open: Option<bool>,
    /// To this whole number.
    #[param(max_length = 30)]
    number: Option<String>,
}

/// A page of promised calls.
#[derive(Debug, Serialize, ToSchema)]
struct CallBackPage {
    /// Open ones by their time, the next first; with others beside them, latest first.
    items: Vec<CallBackOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List promised calls
#[utoipa::path(get, path = "/call-backs", operation_id = "list_call_backs", tag = "calls",
    params(CallBackQuery, PageQuery),
    responses((status = 200, description = "A page", body = CallBackPage), Reading))]
async fn list_call_backs(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<CallBackQuery, PageQuery>,
) -> Result<Json<CallBackPage>, Problem> {
    no_longer("number", query.number.as_deref(), 30)?;
    let (limit, after) = page.dated()?;
    let mine = query.of == CallBacksOf::Mine;
    let CallBackQuery { open, number, .. } = query;
    let filter = CallBackFilter { open, number, after, limit: limit + 1, ..CallBackFilter::default() };
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| call::call_backs(tx, ctx, (mine, filter))).await?;
    let page = Page::of(rows, limit, |seen: &CallBackSeen| dated(seen.row.promise.due, seen.row.id));
    let (items, next_cursor) = page.told();
    Ok(Json(CallBackPage { items, next_cursor }))
}

/// The same request again: as it is by then.
fn again(tx: &mut Tx<'_>, ctx: &Ctx, id: CallBackId) -> Result<CallBackOut, Error> {
    call::call_back(tx, ctx, id).map(CallBackOut::from)
}

/// A call to promise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCallBack)]
struct NewBody {
    /// The call in which it is promised.
    call: Option<CallId>,
    /// The case that it is about.
    case: Option<CaseId>,
    /// The customer; that of the call when not said.
    party: Option<PartyId>,
    /// Who is to call; whoever is free when not said.
    agent: Option<PersonId>,
    call_back: CallBackBody,
}

/// Promise a call, with number and time (TEL-18, TEL-32, TEL-33)
///
/// Who is to call is told before its time, and when it is over.
#[utoipa::path(post, path = "/call-backs", operation_id = "promise_call_back", tag = "calls",
    request_body = NewBody,
    responses((status = 201, description = "Promised", body = CallBackOut), Writing))]
async fn promise_call(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewBody>,
) -> Result<Response, Problem> {
    let NewBody { call, case, party, agent, call_back: body } = body;
    let app = edge.app.clone();
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let new = NewCallBack { call, case, party, agent, body };
        let (seen, hints) = call::promise_call(tx, ctx, &app.rules, new)?;
        Ok((seen.row.id, CallBackOut::from(seen), (Vec::new(), hints)))
    };
    Ok(done(told::once(&edge, ctx, 201, write, again).await?))
}

/// Read a promised call
#[utoipa::path(get, path = "/call-backs/{id}", operation_id = "get_call_back", tag = "calls",
    params(("id" = CallBackId, Path)),
    responses((status = 200, description = "The promised call", body = CallBackOut), Reading))]
async fn get_call_back(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CallBackId>,
) -> Result<Json<CallBackOut>, Problem> {
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| call::call_back(tx, ctx, id)).await?.into()))
}

/// What a try came to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallBackTry)]
struct TryBody {
    /// Whether the customer was reached; then the promise is kept.
    reached: bool,
    #[schema(max_length = 2000)]
    note: Option<Text>,
}

/// Note that a promised call was tried; it is kept once the customer was reached
#[utoipa::path(post, path = "/call-backs/{id}/tries", operation_id = "try_call_back", tag = "calls",
    params(("id" = CallBackId, Path)), request_body = TryBody,
    responses((status = 200, description = "As it is then", body = CallBackOut), Writing))]
async fn try_call_back(
    State(edge): State<Edge>,
    Id(id): Id<CallBackId>,
    Change { ctx, body, .. }: Change<TryBody>,
) -> Result<Response, Problem> {
    within("note", body.note.as_ref().map(Text::as_str), 2000)?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let one = Try { reached: body.reached, note: body.note };
        let (seen, hints) = call::try_call(tx, ctx, id, &one)?;
        Ok((seen.row.id, CallBackOut::from(seen), (Vec::new(), hints)))
    };
    Ok(done(told::once(&edge, ctx, 200, write, again).await?))
}
