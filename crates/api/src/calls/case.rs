//! One click from a call to its case, and calls in the history of a case.

use super::out::{AgentOut, CallOrigin, CallOut, seconds};
use super::told::{self, Follows};
use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::call::{self, CallOfCase, CaseOfCall, Clicked, RecordingRow};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::call::facts::{CallDirection, CallResult};
use huiyin_domain::ids::{CallId, CaseId, RecordingId};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(click_case))
}

/// A new case, or one that the call continues; one of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallCase)]
struct CaseBody {
    /// Begins a case; channel, customer and number come from the call.
    new: Option<CaseOfCall>,
    /// Continues this one.
    case: Option<CaseId>,
    /// What was said, for the contact of a case that is continued.
    text: Option<Text>,
}

/// The case of a call by id, number and version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClickedCase)]
struct CaseOut {
    id: CaseId,
    number: String,
    version: u64,
}

/// The case of a call, and the call as it is then.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallCaseMade)]
struct ClickedOut {
    case: CaseOut,
    call: CallOut,
}

/// What is answered again from, the body, and what follows.
type Made = ((CaseId, String, u64), ClickedOut, Follows);

fn out(clicked: Clicked) -> Made {
    let Clicked { case: id, number, version, call, follows } = clicked;
    let case = CaseOut { id, number: number.clone(), version };
    ((id, number, version), ClickedOut { case, call: call.into() }, follows)
}

/// The number of a new case, whose block is committed with it.
#[derive(Deserialize)]
struct Begun {
    case: Numbered,
}

#[derive(Deserialize)]
struct Numbered {
    number: String,
}

/// Begin or continue a case with one click from a call
///
/// 201 for a new case, 200 for one that is continued: then the call is a contact of it.
/// Case, customer, contact and link are one change. 409 `call_has_case` names the case
/// where the call has one.
#[utoipa::path(post, path = "/calls/{id}/case", operation_id = "click_call_case", tag = "calls",
    params(("id" = CallId, Path)), request_body = CaseBody,
    responses((status = 201, description = "Begun", body = ClickedOut),
        (status = 200, description = "Continued", body = ClickedOut), Writing))]
async fn click_case(
    State(edge): State<Edge>,
    Id(id): Id<CallId>,
    Change { ctx, body, .. }: Change<CaseBody>,
) -> Result<Response, Problem> {
    let (app, org) = (edge.app.clone(), ctx.org());
    let again = move |tx: &mut Tx<'_>, ctx: &Ctx, (case, number, version)| {
        let call = call::get(tx, ctx, id)?.into();
        Ok(ClickedOut { case: CaseOut { id: case, number, version }, call })
    };
    match (body.new, body.case) {
        (Some(new), None) => {
            let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
                call::make_case(tx, ctx, (&app.rules, &app.numbers), (id, new)).map(out)
            };
            let answer = told::once(&edge, ctx, 201, write, again).await?;
            if !answer.repeated
                && let Ok(Begun { case }) = serde_json::from_str(&answer.body)
            {
                edge.app.numbers.keep(org, &case.number);
            }
            Ok(done(answer))
        }
        (None, Some(case)) => {
            let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
                call::continue_case(tx, ctx, &app.rules, (id, case, body.text)).map(out)
            };
            Ok(done(told::once(&edge, ctx, 200, write, again).await?))
        }
        _ => Err(Error::field("new", "case_new_or_known").into()),
    }
}

/// A recording of a call in a case's history.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseCallRecording)]
struct RecordedOut {
    id: RecordingId,
    seconds: f64,
    /// True while it is written.
    running: bool,
    /// Whether you may listen to it.
    may_listen: bool,
}

/// A call in the history of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseCall {
    id: CallId,
    direction: CallDirection,
    origin: CallOrigin,
    state: String,
    /// The other side's number, covered where the reader may not know it.
    number: Option<String>,
    /// Who has it, else who spoke last.
    agent: Option<AgentOut>,
    arrived_at: Timestamp,
    answered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    talk_s: f64,
    result: Option<CallResult>,
    wrap_up_code: Option<String>,
    note: Option<String>,
    recordings: Vec<RecordedOut>,
}

impl From<CallOfCase> for CaseCall {
    fn from(of: CallOfCase) -> Self {
        let may_listen = of.may_listen;
        let (call, names) = (of.call.call, of.call.names);
        let named = |id| AgentOut { id, name: names.get(&id).cloned().unwrap_or_default() };
        let recorded = |row: RecordingRow| RecordedOut {
            id: row.id,
            seconds: seconds(i64::try_from(row.millis).unwrap_or(i64::MAX)),
            running: row.ended_at.is_none(),
            may_listen,
        };
        Self {
            id: call.id,
            direction: call.direction,
            origin: CallOrigin::of(call.typed),
            state: call.state.as_str().to_owned(),
            number: call.number().map(str::to_owned),
            agent: call.state.agent().or(call.agents.last().copied()).map(named),
            arrived_at: call.arrived_at,
            answered_at: call.answered_at,
            ended_at: call.ended_at,
            talk_s: seconds(call.facts().talk_ms),
            result: call.result,
            wrap_up_code: call.wrap_up.map(|wrap_up| wrap_up.code),
            note: of.call.note,
            recordings: of.call.recordings.into_iter().map(recorded).collect(),
        }
    }
}
