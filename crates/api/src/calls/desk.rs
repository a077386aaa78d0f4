//! The agent's own desk, and the agents of the floor.

use super::out::CallOut;
use super::told::Kept;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::json::within;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use huiyin_app::Error;
use huiyin_app::call::{self, Desk};
use huiyin_domain::call::agent::{Agent, Ask, State as Doing};
use huiyin_domain::call::greeting::Greeting;
use huiyin_domain::ids::{CallId, PersonId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_agent, ask_as_agent))
        .routes(routes!(open_phone))
        .routes(routes!(list_agents))
}

/// What an agent does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FloorAgent)]
struct AgentStateOut {
    person: PersonId,
    name: String,
    /// `offline`, `ready`, `not_ready`, `reserved`, `talking`, `wrap_up`.
    state: String,
    since: Timestamp,
    /// Why they are not ready.
    reason: Option<String>,
    /// The call that they are bound to.
    call: Option<CallId>,
    /// Which offer of it rings.
    offer: Option<u32>,
    /// When the state ends by itself.
    until: Option<Timestamp>,
    /// Whether a telephone of theirs can ring.
    device: bool,
    skills: BTreeMap<String, u8>,
    /// Not ready for this reason when the call is over.
    then: Option<String>,
    /// True when they sign out then.
    leaving: bool,
    /// Calls since they signed in.
    calls: u32,
    version: u64,
}

fn shown(agent: Agent, name: String) -> AgentStateOut {
    let reason = match &agent.state {
        Doing::NotReady { reason } => Some(reason.clone()),
        _ => None,
    };
    let offer = match agent.state {
        Doing::Reserved { offer, .. } => Some(offer),
        _ => None,
    };
    AgentStateOut {
        person: agent.person,
        name,
        state: agent.state.as_str().to_owned(),
        since: agent.since,
        reason,
        call: agent.state.call(),
        offer,
        until: agent.state.until(),
        device: agent.device,
        skills: agent.skills,
        then: agent.then,
        leaving: agent.leaving,
        calls: agent.calls,
        version: agent.version,
    }
}

/// The agent's own desk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentDesk)]
struct DeskOut {
    agent: AgentStateOut,
    /// Names of their telephones.
    extensions: Vec<String>,
    /// The call that they are bound to.
    call: Option<CallOut>,
    /// What they say (TEL-17).
    greeting: Greeting,
}

fn desk_out(desk: Desk, name: String) -> DeskOut {
    DeskOut {
        agent: shown(desk.agent, name),
        extensions: desk.extensions,
        call: desk.call.map(CallOut::from),
        greeting: desk.greeting,
    }
}

/// Read one's own desk: state, call, telephones, greeting
#[utoipa::path(get, path = "/agent", operation_id = "get_agent", tag = "calls",
    responses((status = 200, description = "The desk", body = DeskOut), Reading))]
async fn get_agent(State(edge): State<Edge>, authed: Authed) -> Result<Json<DeskOut>, Problem> {
    let name = authed.ctx.actor.name.clone();
    let desk = edge.app.read(&authed.ctx, call::desk).await?;
    Ok(Json(desk_out(desk, name)))
}

/// What an agent asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = AgentAsk)]
enum AskBody {
    SignIn {},
    /// After the call under way.
    SignOut {},
    Ready {},
    NotReady {
        /// Such as `meal`, `training`.
        #[schema(min_length = 1, max_length = 40, pattern = r"\S")]
        reason: String,
    },
    WrapDone {},
    Prolong {
        #[schema(minimum = 1, maximum = 600)]
        seconds: u32,
    },
}

/// Sign in or out, be ready or not, end or prolong the work after a call
#[utoipa::path(post, path = "/agent", operation_id = "ask_as_agent", tag = "calls", request_body = AskBody,
    responses((status = 200, description = "The desk as it is then", body = DeskOut), Writing))]
async fn ask_as_agent(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<AskBody>,
) -> Result<Json<DeskOut>, Problem> {
    let ask = match body {
        AskBody::SignIn {} => Ask::SignIn,
        AskBody::SignOut {} => Ask::SignOut,
        AskBody::Ready {} => Ask::Ready,
        AskBody::NotReady { reason } => {
            within("reason", Some(&reason), 40)?;
            if reason.trim().is_empty() {
                return Err(Error::field("reason", "required").into());
            }
            Ask::NotReady(reason)
        }
        AskBody::WrapDone {} => Ask::WrapDone,
        AskBody::Prolong { seconds } => Ask::Prolong(seconds),
    };
    let (org, told, name) = (ctx.org(), Kept::default(), ctx.actor.name.clone());
    let keep = told.clone();
    let desk = edge
        .app
        .write(&ctx, move |tx, ctx| {
            keep.put(call::asks(tx, ctx, ask)?);
            call::desk(tx, ctx)
        })
        .await?;
    told.carry(&edge.app, org);
    Ok(Json(desk_out(desk, name)))
}

/// What the telephone in a browser registers with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrowserPhone)]
struct BrowserPhoneOut {
    user: String,
    /// Its password, shown this once.
    password: String,
    realm: String,
    /// Where SIP is spoken over a WebSocket on this server.
    path: &'static str,
}

/// Open one's own telephone in the browser; a window opened before falls silent
#[utoipa::path(post, path = "/agent/phone", operation_id = "open_phone", tag = "calls",
    responses((status = 200, description = "What it registers with", body = BrowserPhoneOut), Writing))]
async fn open_phone(State(edge): State<Edge>, Act { ctx }: Act) -> Result<Json<BrowserPhoneOut>, Problem> {
    let phone = edge.app.phone.clone().ok_or_else(|| Error::conflict("phone_unavailable"))?;
    let (row, password) = edge.app.write(&ctx, call::browser_phone).await?;
    phone.renewed(&row.name);
    Ok(Json(BrowserPhoneOut { user: row.name, password, realm: row.realm, path: "/sip" }))
}

/// All agents of the floor.
#[derive(Debug, Serialize, ToSchema)]
struct FloorAgents {
    items: Vec<AgentStateOut>,
}

/// List the agents of the floor with what they do
#[utoipa::path(get, path = "/agents", operation_id = "list_agents", tag = "calls",
    responses((status = 200, description = "All of them", body = FloorAgents), Reading))]
async fn list_agents(State(edge): State<Edge>, authed: Authed) -> Result<Json<FloorAgents>, Problem> {
    let all = edge.app.read(&authed.ctx, call::agents).await?;
    Ok(Json(FloorAgents { items: all.into_iter().map(|(agent, name)| shown(agent, name)).collect() }))
}
