//! What is wanted of a call.

use super::out::CallOut;
use super::told;
use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::json::within;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use huiyin_app::call::port::{Monitoring, What};
use huiyin_app::call::{self, Outgoing, WriteUp};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::call::floor::Target;
use huiyin_domain::ids::{CallId, CaseId, PartyId, PersonId, QueueId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(order_call))
        .routes(routes!(link_call))
        .routes(routes!(note_call))
        .routes(routes!(dial))
}

/// Where a call is put through; one of them.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CallTarget)]
struct ToBody {
    queue: Option<QueueId>,
    /// Through the queue given beside it.
    agent: Option<PersonId>,
    #[schema(max_length = 30)]
    number: Option<String>,
}

/// How a supervisor is in a call.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MonitorMode {
    /// Hears both.
    Listen,
    /// Speaks to the agent alone.
    Whisper,
    /// Speaks to both.
    Barge,
}

/// What is wanted; the record shows what came of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CallOrder)]
enum OrderBody {
    Answer {},
    Hold {},
    Resume {},
    Transfer {
        to: ToBody,
        /// True when the receiver was told before (TEL-23).
        #[serde(default)]
        warm: bool,
    },
    Consult {
        /// An extension or a number.
        #[schema(min_length = 1, max_length = 30)]
        with: Option<String>,
        /// Or a colleague, at whichever telephone of theirs is there.
        agent: Option<PersonId>,
    },
    Conference {},
    Complete {},
    CancelConsult {},
    Keypad {
        #[schema(min_length = 1, max_length = 30)]
        digits: String,
    },
    HangUp {},
    Mute {
        on: bool,
    },
    PauseRecording {},
    ResumeRecording {},
    Monitor {
        mode: MonitorMode,
    },
    TakeOver {},
}

fn dialled(path: &'static str, text: &str) -> Result<(), Problem> {
    within(path, Some(text), 30)?;
    let fits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
    if text.is_empty() || !text.chars().all(fits) {
        return Err(Error::field(path, "not_acceptable").into());
    }
    Ok(())
}

fn what(body: OrderBody) -> Result<What, Problem> {
    Ok(match body {
        OrderBody::Answer {} => What::Answer,
        OrderBody::Hold {} => What::Hold,
        OrderBody::Resume {} => What::Resume,
        OrderBody::Transfer { to, warm } => match (to.queue, to.agent, to.number) {
            (Some(queue), None, None) => What::Transfer(Target::Queue(queue), warm),
            (Some(queue), Some(agent), None) => What::Transfer(Target::Agent(agent, queue), warm),
            (None, None, Some(number)) => {
                dialled("to.number", &number)?;
                What::Transfer(Target::Number(number), warm)
            }
            _ => return Err(Error::field("to", "required").into()),
        },
        OrderBody::Consult { with, agent } => match (with, agent) {
            (Some(with), None) => {
                dialled("with", &with)?;
                What::Consult(with)
            }
            (None, Some(agent)) => What::ConsultAgent(agent),
            _ => return Err(Error::field("with", "required").into()),
        },
        OrderBody::Conference {} => What::Conference,
        OrderBody::Complete {} => What::Complete,
        OrderBody::CancelConsult {} => What::CancelConsult,
        OrderBody::Keypad { digits } => {
            dialled("digits", &digits)?;
            What::Keypad(digits)
        }
        OrderBody::HangUp {} => What::HangUp,
        OrderBody::Mute { on } => What::Mute(on),
        OrderBody::PauseRecording {} => What::PauseRecording,
        OrderBody::ResumeRecording {} => What::ResumeRecording,
        OrderBody::Monitor { mode } => What::Monitor(match mode {
            MonitorMode::Listen => Monitoring::Listen,
            MonitorMode::Whisper => Monitoring::Whisper,
            MonitorMode::Barge => Monitoring::Barge,
        }),
        OrderBody::TakeOver {} => What::TakeOver,
    })
}

/// Have something done with a call on the line
///
/// Accepted means that the lines were told; what happened shows on the record and comes
/// as a hint `call`.
#[utoipa::path(post, path = "/calls/{id}/orders", operation_id = "order_call", tag = "calls",
    params(("id" = CallId, Path)), request_body = OrderBody,
    responses((status = 202, description = "Passed on"), Writing))]
async fn order_call(
    State(edge): State<Edge>,
    Id(id): Id<CallId>,
    Change { ctx, body, .. }: Change<OrderBody>,
) -> Result<StatusCode, Problem> {
    call::order(&edge.app, &ctx, id, what(body)?).await?;
    Ok(StatusCode::ACCEPTED)
}

/// To whom and what a call belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallLink)]
struct LinkBody {
    party: Option<PartyId>,
    case: Option<CaseId>,
}

/// Say to which customer and case a call belongs
#[utoipa::path(post, path = "/calls/{id}/link", operation_id = "link_call", tag = "calls",
    params(("id" = CallId, Path)), request_body = LinkBody,
    responses((status = 200, description = "Linked", body = CallOut), Writing))]
async fn link_call(
    State(edge): State<Edge>,
    Id(id): Id<CallId>,
    Change { ctx, body, .. }: Change<LinkBody>,
) -> Result<Response, Problem> {
    let link = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let (seen, effects, hints) = call::link(tx, ctx, id, (body.party, body.case))?;
        Ok((seen.call.id, CallOut::from(seen), (effects, hints)))
    };
    Ok(done(told::once(&edge, ctx, 200, link, again).await?))
}

/// The same request again: the call as it is by then.
pub(super) fn again(tx: &mut Tx<'_>, ctx: &Ctx, id: CallId) -> Result<CallOut, Error> {
    call::get(tx, ctx, id).map(CallOut::from)
}

/// What is to be known of a call, and what it came to; what is not said stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallNote)]
struct NoteBody {
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// One of the house's codes (`list_wrap_up_codes`).
    #[schema(max_length = 40)]
    code: Option<String>,
}

/// Write down what was said in a call, and what it came to
#[utoipa::path(post, path = "/calls/{id}/write-up", operation_id = "note_call", tag = "calls",
    params(("id" = CallId, Path)), request_body = NoteBody,
    responses((status = 200, description = "Kept", body = CallOut), Writing))]
async fn note_call(
    State(edge): State<Edge>,
    Id(id): Id<CallId>,
    Change { ctx, body, .. }: Change<NoteBody>,
) -> Result<Response, Problem> {
    within("note", body.note.as_deref(), 2000)?;
    within("code", body.code.as_deref(), 40)?;
    let new = WriteUp { note: body.note, code: body.code };
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let (seen, effects, hints) = call::write_up(tx, ctx, id, new)?;
        Ok((seen.call.id, CallOut::from(seen), (effects, hints)))
    };
    Ok(done(told::once(&edge, ctx, 200, write, again).await?))
}

/// Whom to call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDial)]
struct DialBody {
    #[schema(min_length = 1, max_length = 30)]
    number: String,
    party: Option<PartyId>,
    /// True when the customer asked to be called now.
    #[serde(default)]
    own_wish: bool,
    /// Why it must be now, outside the calling windows (TEL-3).
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Call somebody, inside the calling windows or with a reason
///
/// 409 `outside_calling_window` names what stands against it in `grounds`.
#[utoipa::path(post, path = "/dial", operation_id = "dial_number", tag = "calls", request_body = DialBody,
    responses((status = 201, description = "It rings", body = CallOut), Writing))]
async fn dial(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<DialBody>,
) -> Result<(StatusCode, Json<CallOut>), Problem> {
    dialled("number", &body.number)?;
    within("reason", body.reason.as_deref(), 500)?;
    let new =
        Outgoing { number: body.number, party: body.party, own_wish: body.own_wish, reason: body.reason };
    let seen = call::dial(&edge.app, &ctx, new).await?;
    Ok((StatusCode::CREATED, Json(seen.into())))
}
