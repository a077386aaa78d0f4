//! A person's own notices, and how they want to be told.

use crate::answer::{dated, dated_place, done, open_cursor, seal_cursor};
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::notify::{self, MailWish, Notification};
use huiyin_domain::ids::{CaseId, NotificationId};
use huiyin_domain::locale::Locale;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(count_notifications))
        .routes(routes!(read_notification))
        .routes(routes!(acknowledge_notification))
        .routes(routes!(get_notification_settings, change_notification_settings))
}

/// A notice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notification)]
struct NoticeOut {
    id: NotificationId,
    /// The case it is about.
    case: Option<CaseId>,
    /// Why, as a stable word.
    why: String,
    /// Why, in the reader's language.
    text: String,
    /// What the text is made from: number, kind, stage and the like.
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// Whether it must be read at once; it goes to the next post otherwise.
    urgent: bool,
    created_at: Timestamp,
    read_at: Option<Timestamp>,
    acknowledged_at: Option<Timestamp>,
    /// When it was passed on because nobody read it.
    escalated_at: Option<Timestamp>,
}

impl NoticeOut {
    fn of(notice: Notification, locale: Locale) -> Self {
        let params: Map<String, Value> = serde_json::from_str(&notice.params).unwrap_or_default();
        Self {
            id: notice.id,
            case: notice.case,
            text: huiyin_i18n::notice(locale, &notice.why, &params),
            why: notice.why,
            params,
            urgent: notice.urgent,
            created_at: notice.created_at,
            read_at: notice.read_at,
            acknowledged_at: notice.acknowledged_at,
            escalated_at: notice.escalated_at,
        }
    }
}

/// A page of notices.
#[derive(Debug, Serialize, ToSchema)]
struct NotificationPage {
    /// Newest first.
    items: Vec<NoticeOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// How many notices wait.
#[derive(Debug, Serialize, ToSchema)]
struct UnreadCount {
    /// Notices that are not read.
    #[schema(minimum = 0)]
    unread: u64,
}

/// How a person wants to be told beside the product itself.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NotificationSettings {
    /// When mail is sent.
    mail: MailWish,
}

/// Which notices.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NotificationQuery {
    /// Only those not read yet.
    unread: bool,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// List your notices, newest first
#[utoipa::path(get, path = "/notifications", operation_id = "list_notifications", tag = "notifications",
    params(NotificationQuery),
    responses((status = 200, description = "A page", body = NotificationPage), Reading))]
async fn list_notifications(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<NotificationQuery>,
) -> Result<Json<NotificationPage>, Problem> {
    let limit = crate::answer::limit(query.limit)?;
    let before = query.cursor.as_deref().map(open_cursor).transpose()?;
    let before = before.as_deref().map(dated_place).transpose()?;
    let locale = authed.ctx.locale;
    let page =
        edge.app.read(&authed.ctx, move |tx, ctx| notify::list(tx, ctx, query.unread, before, limit)).await?;
    let next_cursor = page.next.map(|(at, id)| seal_cursor(&dated(at, id)));
    Ok(Json(NotificationPage {
        items: page.items.into_iter().map(|notice| NoticeOut::of(notice, locale)).collect(),
        next_cursor,
    }))
}

/// Count your notices that are not read
#[utoipa::path(get, path = "/notifications/count", operation_id = "count_notifications", tag = "notifications",
    responses((status = 200, description = "The number", body = UnreadCount), Reading))]
async fn count_notifications(State(edge): State<Edge>, authed: Authed) -> Result<Json<UnreadCount>, Problem> {
    Ok(Json(UnreadCount { unread: edge.app.read(&authed.ctx, notify::unread).await? }))
}

/// Say that you read a notice; the first time counts
#[utoipa::path(post, path = "/notifications/{id}/read", operation_id = "read_notification", tag = "notifications",
    params(("id" = NotificationId, Path)),
    responses((status = 200, description = "Noted", body = NoticeOut), Writing))]
async fn read_notification(
    State(edge): State<Edge>,
    Id(id): Id<NotificationId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let locale = ctx.locale;
    let told = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        notify::mark_read(tx, ctx, id).map(|notice| NoticeOut::of(notice, locale))
    };
    let answer = edge.app.once(ctx, 200, told).await?;
    Ok(done(answer))
}

/// Say that you have seen to a notice, and so have read it
#[utoipa::path(post, path = "/notifications/{id}/acknowledge", operation_id = "acknowledge_notification",
    tag = "notifications", params(("id" = NotificationId, Path)),
    responses((status = 200, description = "Noted", body = NoticeOut), Writing))]
async fn acknowledge_notification(
    State(edge): State<Edge>,
    Id(id): Id<NotificationId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let locale = ctx.locale;
    let told = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        notify::acknowledge(tx, ctx, id).map(|notice| NoticeOut::of(notice, locale))
    };
    let answer = edge.app.once(ctx, 200, told).await?;
    Ok(done(answer))
}

/// See how you want to be told
#[utoipa::path(get, path = "/notifications/settings", operation_id = "get_notification_settings",
    tag = "notifications",
    responses((status = 200, description = "Your wishes", body = NotificationSettings), Reading))]
async fn get_notification_settings(
    State(edge): State<Edge>,
    authed: Authed,
) -> Result<Json<NotificationSettings>, Problem> {
    let read = edge.app.read(&authed.ctx, |tx, ctx| notify::mail_wish(tx, ctx.org(), ctx.actor.person));
    Ok(Json(NotificationSettings { mail: read.await? }))
}

/// Say how you want to be told
#[utoipa::path(put, path = "/notifications/settings", operation_id = "change_notification_settings",
    tag = "notifications", request_body = NotificationSettings,
    responses((status = 204, description = "Kept"), Writing))]
async fn change_notification_settings(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NotificationSettings>,
) -> Result<Response, Problem> {
    let answer = edge.app.once(ctx, 204, move |tx, ctx| notify::set_mail_wish(tx, ctx, body.mail)).await?;
    Ok(done(answer))
}
