//! The list of calls, one call, and calls typed in by hand.

use super::deed::again;
use super::out::CallOut;
use super::told;
use crate::answer::{done, invalid_cursor, limit, open_cursor, seal_cursor};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::json::within;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::{Query, no_longer};
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::call::{self, CallFilter};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::call::facts::{CallDirection, CallResult};
use huiyin_domain::call::floor::Typed;
use huiyin_domain::call::record::State as CallState;
use huiyin_domain::ids::{CallId, CaseId, PartyId, PersonId, QueueId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_calls, type_call)).routes(routes!(get_call))
}

/// Which calls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CallQuery {
    /// In this state, such as `waiting`.
    #[param(max_length = 20)]
    state: Option<String>,
    /// True: only those that go on; false: only those that are over.
    open: Option<bool>,
    /// That waited in this queue last.
    queue: Option<QueueId>,
    /// That rang at, or were taken by, this person.
    agent: Option<PersonId>,
    /// From or to this whole number.
    #[param(max_length = 30)]
    number: Option<String>,
    /// With this result.
    #[param(inline)]
    result: Option<CallResult>,
    /// Of this case.
    case: Option<CaseId>,
    /// With this customer.
    party: Option<PartyId>,
    /// That arrived from this moment on.
    from: Option<Timestamp>,
    /// That arrived before this moment.
    to: Option<Timestamp>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl CallQuery {
    fn filter(self) -> Result<CallFilter, Problem> {
        let known = |state: &str| CallState::NAMES.contains(&state);
        if !self.state.as_deref().is_none_or(known) {
            return Err(Error::field("state", "not_acceptable").into());
        }
        no_longer("number", self.number.as_deref(), 30)?;
        Ok(CallFilter {
            state: self.state,
            open: self.open,
            queue: self.queue,
            agent: self.agent,
            number: self.number,
            result: self.result.map(|result| result.as_str().to_owned()),
            case: self.case,
            party: self.party,
            from: self.from,
            to: self.to,
            after: self.cursor.as_deref().map(place).transpose()?,
            limit: limit(self.limit)?,
        })
    }
}

fn place(cursor: &str) -> Result<(Timestamp, CallId), Problem> {
    let text = open_cursor(cursor)?;
    let (at, id) = text.split_once(':').ok_or_else(invalid_cursor)?;
    let at: i64 = at.parse().map_err(|_| invalid_cursor())?;
    Ok((Timestamp::from_micros(at), id.parse().map_err(|_| invalid_cursor())?))
}

/// A page of calls.
#[derive(Debug, Serialize, ToSchema)]
struct CallPage {
    /// Latest first.
    items: Vec<CallOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List calls, latest first
///
/// Those of the units that one's posts reach, and those in which one spoke, whoever's they
/// are; numbers are covered as in cases. To see a call is not to hear it: recordings of
/// others take a post that may listen.
#[utoipa::path(get, path = "/calls", operation_id = "list_calls", tag = "calls", params(CallQuery),
    responses((status = 200, description = "A page", body = CallPage), Reading))]
async fn list_calls(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<CallQuery>,
) -> Result<Json<CallPage>, Problem> {
    let mut filter = query.filter()?;
    let asked = filter.limit as usize;
    filter.limit += 1;
    let mut rows = edge.app.read(&authed.ctx, move |tx, ctx| call::list(tx, ctx, &filter)).await?;
    let more = rows.len() > asked;
    rows.truncate(asked);
    let last = rows.last().filter(|_| more);
    let next_cursor =
        last.map(|seen| seal_cursor(&format!("{}:{}", seen.call.arrived_at.micros(), seen.call.id)));
    Ok(Json(CallPage { items: rows.into_iter().map(CallOut::from).collect(), next_cursor }))
}

/// Read a call
#[utoipa::path(get, path = "/calls/{id}", operation_id = "get_call", tag = "calls",
    params(("id" = CallId, Path)),
    responses((status = 200, description = "The call", body = CallOut), Reading))]
async fn get_call(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CallId>,
) -> Result<Json<CallOut>, Problem> {
    let seen = edge.app.read(&authed.ctx, move |tx, ctx| call::get(tx, ctx, id)).await?;
    Ok(Json(seen.into()))
}

/// A call that was made without a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TypedCall)]
struct TypedBody {
    direction: CallDirection,
    /// The other side's number.
    #[schema(max_length = 30)]
    number: Option<String>,
    /// Our number.
    #[schema(max_length = 30)]
    line: Option<String>,
    /// Its service.
    #[schema(max_length = 60)]
    service: Option<String>,
    party: Option<PartyId>,
    case: Option<CaseId>,
    /// When it began.
    arrived_at: Timestamp,
    /// When it ended.
    ended_at: Timestamp,
    /// False when nobody answered.
    #[serde(default = "answered")]
    answered: bool,
    #[schema(max_length = 2000)]
    note: Option<String>,
}

const fn answered() -> bool {
    true
}

/// Type in a call that came without a line
#[utoipa::path(post, path = "/calls", operation_id = "type_call", tag = "calls", request_body = TypedBody,
    responses((status = 201, description = "Kept", body = CallOut), Writing))]
async fn type_call(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<TypedBody>,
) -> Result<Response, Problem> {
    within("number", body.number.as_deref(), 30)?;
    within("line", body.line.as_deref(), 30)?;
    within("service", body.service.as_deref(), 60)?;
    within("note", body.note.as_deref(), 2000)?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let typed = Typed {
            call: CallId(ctx.uuid()),
            direction: body.direction,
            agent: ctx.actor.person,
            number: body.number,
            line: body.line,
            service: body.service,
            party: body.party,
            case: body.case,
            from: body.arrived_at,
            to: body.ended_at,
            answered: body.answered,
        };
        let (seen, effects, hints) = call::typed(tx, ctx, typed, body.note.as_deref())?;
        Ok((seen.call.id, CallOut::from(seen), (effects, hints)))
    };
    Ok(done(told::once(&edge, ctx, 201, write, again).await?))
}
