//! Messages for who is absent.

use super::out::AgentOut;
use super::told;
use crate::answer::{Page, PageQuery, dated, done};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::json::within;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Both;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::call::{self, MessageBox, MessageFilter, MessageSeen, NewMessage};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::call::message::{MessageBody, MessageState, MessageStep};
use huiyin_domain::ids::{CallId, CallMessageId, CaseId, PersonId};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_messages, take_message))
        .routes(routes!(get_message))
        .routes(routes!(step_message))
}

/// A message for who is absent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMessageTaken)]
struct MessageOut {
    id: CallMessageId,
    /// Whom it is for.
    #[serde(rename = "for")]
    recipient: AgentOut,
    /// Who took it.
    by: AgentOut,
    call: Option<CallId>,
    case: Option<CaseId>,
    /// Null once the caller's identity was erased.
    ///
    /// Name and number are covered where the reader may not know them.
    message: Option<MessageBody>,
    state: MessageState,
    taken_at: Timestamp,
    /// By when it is to be passed on.
    deliver_by: Timestamp,
    delivered_at: Option<Timestamp>,
    read_at: Option<Timestamp>,
    replied_at: Option<Timestamp>,
    /// What was answered.
    reply: Option<String>,
    /// Whether it was not passed on in time.
    late: bool,
    version: i64,
}

impl From<MessageSeen> for MessageOut {
    fn from(seen: MessageSeen) -> Self {
        let MessageSeen { row, recipient, taken_by, late } = seen;
        Self {
            id: row.id,
            recipient: AgentOut { id: row.recipient, name: recipient },
            by: AgentOut { id: row.taken_by, name: taken_by },
            call: row.call,
            case: row.case,
            message: row.body,
            state: row.way.state(),
            taken_at: row.way.taken_at,
            deliver_by: row.way.deliver_by,
            delivered_at: row.way.delivered_at,
            read_at: row.way.read_at,
            replied_at: row.way.replied_at,
            reply: row.reply,
            late,
            version: row.version,
        }
    }
}

/// Whose messages.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MessagesOf {
    /// For you.
    #[default]
    Mine,
    /// Taken by you.
    Taken,
    /// All that your posts reach.
    All,
}

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MessageQuery {
    /// Whose.
    #[param(inline)]
    of: MessagesOf,
    /// True: only those with something still to be done; false: only the others.
    open: Option<bool>,
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
struct CallMessagePage {
    /// Latest first.
    items: Vec<MessageOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List messages for who was absent, latest first
#[utoipa::path(get, path = "/call-messages", operation_id = "list_call_messages", tag = "calls",
    params(MessageQuery, PageQuery),
    responses((status = 200, description = "A page", body = CallMessagePage), Reading))]
async fn list_messages(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<MessageQuery, PageQuery>,
) -> Result<Json<CallMessagePage>, Problem> {
    let (limit, after) = page.dated()?;
    let of = match query.of {
        MessagesOf::Mine => MessageBox::Mine,
        MessagesOf::Taken => MessageBox::Taken,
        MessagesOf::All => MessageBox::All,
    };
    let filter = MessageFilter { open: query.open, after, limit: limit + 1, ..MessageFilter::default() };
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| call::messages(tx, ctx, (of, filter))).await?;
    let page = Page::of(rows, limit, |seen: &MessageSeen| dated(seen.row.way.taken_at, seen.row.id));
    let (items, next_cursor) = page.told();
    Ok(Json(CallMessagePage { items, next_cursor }))
}

/// The same request again: as it is by then.
fn again(tx: &mut Tx<'_>, ctx: &Ctx, id: CallMessageId) -> Result<MessageOut, Error> {
    call::message(tx, ctx, id).map(MessageOut::from)
}

/// A message to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCallMessage)]
struct NewBody {
    /// Whom it is for.
    #[serde(rename = "for")]
    recipient: PersonId,
    /// The call in which it is taken.
    call: Option<CallId>,
    /// The case that it is about.
    case: Option<CaseId>,
    message: MessageBody,
}

/// Take a message for who is absent (TEL-20…22)
///
/// They are told at once; who was not by the limit is told again, with their leaders.
#[utoipa::path(post, path = "/call-messages", operation_id = "take_call_message", tag = "calls",
    request_body = NewBody,
    responses((status = 201, description = "Taken", body = MessageOut), Writing))]
async fn take_message(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewBody>,
) -> Result<Response, Problem> {
    let NewBody { recipient, call, case, message: body } = body;
    let app = edge.app.clone();
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let new = NewMessage { recipient, call, case, body };
        let (seen, hints) = call::take_message(tx, ctx, &app.rules, new)?;
        Ok((seen.row.id, MessageOut::from(seen), (Vec::new(), hints)))
    };
    Ok(done(told::once(&edge, ctx, 201, write, again).await?))
}

/// Read a message
#[utoipa::path(get, path = "/call-messages/{id}", operation_id = "get_call_message", tag = "calls",
    params(("id" = CallMessageId, Path)),
    responses((status = 200, description = "The message", body = MessageOut), Reading))]
async fn get_message(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CallMessageId>,
) -> Result<Json<MessageOut>, Problem> {
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| call::message(tx, ctx, id)).await?.into()))
}

/// A step with a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallMessageStep)]
struct StepBody {
    step: MessageStep,
    /// What was answered.
    #[schema(max_length = 2000)]
    note: Option<Text>,
}

/// Pass a message on, read it, answer it
///
/// Whom it is for does it; who took it may say that it was passed on by word.
#[utoipa::path(post, path = "/call-messages/{id}/steps", operation_id = "step_call_message", tag = "calls",
    params(("id" = CallMessageId, Path)), request_body = StepBody,
    responses((status = 200, description = "As it is then", body = MessageOut), Writing))]
async fn step_message(
    State(edge): State<Edge>,
    Id(id): Id<CallMessageId>,
    Change { ctx, body, .. }: Change<StepBody>,
) -> Result<Response, Problem> {
    within("note", body.note.as_ref().map(Text::as_str), 2000)?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let (seen, hints) = call::step_message(tx, ctx, id, (body.step, body.note))?;
        Ok((seen.row.id, MessageOut::from(seen), (Vec::new(), hints)))
    };
    Ok(done(told::once(&edge, ctx, 200, write, again).await?))
}
