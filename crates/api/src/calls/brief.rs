//! The briefing that comes up with a call.

use super::back::CallBackOut;
use super::out::{AgentOut, StepOut, seconds};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::knowledge::KnowledgeArticle;
use crate::parties::ResidenceOut;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::call::{self, BriefCustomer, Briefing, CallSeen, StandingSeen};
use huiyin_app::case::CaseLine;
use huiyin_app::incident::KnownIncident;
use huiyin_domain::call::facts::{CallDirection, CallResult};
use huiyin_domain::call::greeting::Greeting;
use huiyin_domain::case::{Kind, Phase, Stage};
use huiyin_domain::ids::{CallId, CaseId, PartyId, UnitId};
use huiyin_domain::knowledge::{CallMoment, Manner};
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_briefing))
}

/// A unit by id and name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamedUnit)]
struct UnitOut {
    id: UnitId,
    name: String,
}

/// The line that was dialled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefLine)]
struct LineOut {
    number: String,
    name: String,
    service: Option<String>,
    /// Where its calls belong.
    unit: UnitOut,
}

/// What restricts business with a customer, never their complaints.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RestrictionSeen)]
pub(super) struct RestrictedOut {
    /// Why; left out where your posts may not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    until: Timestamp,
}

pub(super) fn restricted(seen: Option<(Option<String>, Timestamp)>) -> Option<RestrictedOut> {
    seen.map(|(why, until)| RestrictedOut { why, until })
}

/// An open case of the customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefCase)]
struct CaseOut {
    id: CaseId,
    number: String,
    kind: Kind,
    title: Option<String>,
    stage: Stage,
    phase: Phase,
    /// Its next limit.
    due_at: Option<Timestamp>,
    received_at: Timestamp,
    owner: AgentOut,
}

impl From<(CaseLine, String)> for CaseOut {
    fn from((line, owner): (CaseLine, String)) -> Self {
        Self {
            id: line.id,
            number: line.number,
            kind: line.kind,
            title: line.title,
            stage: line.stage,
            phase: line.phase,
            due_at: line.due_at,
            received_at: line.received_at,
            owner: AgentOut { id: line.owner, name: owner },
        }
    }
}

/// An earlier call of the customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefCall)]
struct EarlierOut {
    id: CallId,
    direction: CallDirection,
    arrived_at: Timestamp,
    ended_at: Option<Timestamp>,
    result: Option<CallResult>,
    talk_s: f64,
    /// Who spoke last.
    agent: Option<AgentOut>,
    case: Option<CaseId>,
    note: Option<String>,
}

impl From<CallSeen> for EarlierOut {
    fn from(seen: CallSeen) -> Self {
        let CallSeen { call, note, names, .. } = seen;
        let named = |id| AgentOut { id, name: names.get(&id).cloned().unwrap_or_default() };
        Self {
            id: call.id,
            direction: call.direction,
            arrived_at: call.arrived_at,
            ended_at: call.ended_at,
            result: call.result,
            talk_s: seconds(call.facts().talk_ms),
            agent: call.agents.last().copied().map(named),
            case: call.case,
            note,
        }
    }
}

/// Where the customer lives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefResidence)]
struct HomeOut {
    #[serde(flatten)]
    home: ResidenceOut,
    /// Name of the estate.
    unit_name: String,
}

/// A customer as the briefing has them.
///
/// What your posts may not see is covered or null.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefCustomer)]
struct CustomerOut {
    id: PartyId,
    /// `person`, `household` or `organisation`.
    kind: String,
    name: Option<String>,
    phones: Vec<String>,
    /// One of the house's levels, such as `vip`.
    level: Option<String>,
    /// Skills that an agent must have for them, such as a dialect.
    skills: Vec<String>,
    /// Their own time zone, where they live elsewhere (TEL-6).
    time_zone: Option<String>,
    restricted: Option<RestrictedOut>,
    do_not_visit: bool,
    do_not_visit_why: Option<String>,
    note: Option<String>,
    manner: Manner,
    residences: Vec<HomeOut>,
    /// Open cases, the next limit first; at most 20.
    cases: Vec<CaseOut>,
    /// Earlier calls, latest first; at most 10.
    calls: Vec<EarlierOut>,
}

impl From<BriefCustomer> for CustomerOut {
    fn from(one: BriefCustomer) -> Self {
        let BriefCustomer { party, standing, estates, cases, calls } = one;
        let StandingSeen { level, skills, time_zone, restricted: held } = standing;
        let homes = party.residences.into_iter().map(|home| {
            let name = estates.iter().find(|(unit, _)| *unit == home.unit);
            HomeOut {
                unit_name: name.map(|(_, name)| name.clone()).unwrap_or_default(),
                home: ResidenceOut::from(home),
            }
        });
        Self {
            id: party.id,
            kind: party.kind,
            name: party.name,
            phones: party.phones,
            level,
            skills,
            time_zone,
            restricted: restricted(held),
            do_not_visit: party.do_not_visit,
            do_not_visit_why: party.do_not_visit_why,
            note: party.note,
            manner: party.manner,
            residences: homes.collect(),
            cases: cases.into_iter().map(CaseOut::from).collect(),
            calls: calls.into_iter().map(EarlierOut::from).collect(),
        }
    }
}

/// Everything that helps with a call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallBriefing)]
struct BriefingOut {
    call: CallId,
    /// Of the call.
    version: u64,
    /// The other side's number, covered where the reader may not know it.
    number: Option<String>,
    /// Name of the house.
    organisation: String,
    line: Option<LineOut>,
    /// What you say (TEL-17).
    greeting: Greeting,
    /// The way through the menu.
    path: Vec<StepOut>,
    /// Whether it waits in a queue now.
    waits: bool,
    /// How long it waited so far.
    wait_s: f64,
    /// At which moment the call is.
    moment: CallMoment,
    /// What is to be minded at that moment.
    tips: Vec<KnowledgeArticle>,
    /// Who calls, where exactly one customer is known.
    customer: Option<CustomerOut>,
    /// Who may be calling, where several have the number; at most 10.
    candidates: Vec<CustomerOut>,
    /// What is known to be out of order where the customer lives.
    incidents: Vec<KnownIncident>,
    /// Calls that were promised to the number and not made yet.
    call_backs: Vec<CallBackOut>,
}

fn shown(briefing: Briefing, now: Timestamp) -> BriefingOut {
    let Briefing { call: seen, organisation, line, greeting, moment, tips, .. } = briefing;
    let call = &seen.call;
    let since = call.waits_since();
    let waited = match since {
        Some(_) => {
            call.waits.iter().map(|wait| wait.to.unwrap_or(now).micros() - wait.from.micros()).sum::<i64>()
                / 1_000
        }
        None => call.facts().wait_ms,
    };
    BriefingOut {
        call: call.id,
        version: call.version,
        number: call.number().map(str::to_owned),
        organisation,
        line: line.map(|(line, unit)| LineOut {
            number: line.number,
            name: line.name,
            service: line.service,
            unit: UnitOut { id: line.unit, name: unit },
        }),
        greeting,
        path: call.path.iter().map(StepOut::from).collect(),
        waits: since.is_some(),
        wait_s: seconds(waited),
        moment,
        tips: tips.into_iter().map(KnowledgeArticle::from).collect(),
        customer: briefing.customer.map(CustomerOut::from),
        candidates: briefing.candidates.into_iter().map(CustomerOut::from).collect(),
        incidents: briefing.incidents,
        call_backs: briefing.call_backs.into_iter().map(CallBackOut::from).collect(),
    }
}

/// Read what helps with a call: who calls, what is open with them, what to say
///
/// A number that several customers have gives them all; `link_call` says which it is.
/// What is shown uncovered of a customer is logged.
#[utoipa::path(get, path = "/calls/{id}/briefing", operation_id = "get_call_briefing", tag = "calls",
    params(("id" = CallId, Path)),
    responses((status = 200, description = "The briefing", body = BriefingOut), Reading))]
async fn get_briefing(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CallId>,
) -> Result<Json<BriefingOut>, Problem> {
    let app = edge.app.clone();
    let now = authed.ctx.now;
    let briefing = edge.app.write(&authed.ctx, move |tx, ctx| call::briefing(tx, ctx, &app, id)).await?;
    Ok(Json(shown(briefing, now)))
}
