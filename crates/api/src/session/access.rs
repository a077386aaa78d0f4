//! Password, PIN and one-time codes; links and unlocking for others.

use crate::answer::done;
use crate::authed::{Act, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use huiyin_app::session::{self, totp};
use huiyin_app::{Ctx, Tx};
use huiyin_domain::ids::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(change_password))
        .routes(routes!(set_pin))
        .routes(routes!(begin_totp))
        .routes(routes!(confirm_totp))
        .routes(routes!(disable_totp))
        .routes(routes!(disable_person_totp))
        .routes(routes!(unlock_person))
        .routes(routes!(create_reset_link))
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordBody {
    #[schema(format = Password)]
    old: String,
    #[schema(format = Password, min_length = 10, max_length = 128)]
    new: String,
}

/// A PIN for shared desks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PinBody {
    #[schema(format = Password)]
    password: String,
    /// Six digits; none takes the PIN away.
    #[schema(pattern = "^[0-9]{6}$")]
    pin: Option<String>,
}

/// A one-time code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeBody {
    /// Six digits.
    code: String,
}

/// What an authenticator app needs; shown once.
#[derive(Serialize, ToSchema)]
struct TotpOut {
    /// The secret in base32, to be typed; null in the answer to a repeat.
    secret: Option<String>,
    /// The same as an `otpauth://` address, to be scanned; null with it.
    url: Option<String>,
}

/// A one-time link; shown once.
#[derive(Serialize, ToSchema)]
struct LinkOut {
    /// Its path on this installation; null in the answer to a repeat.
    path: Option<String>,
}

/// Whether anything was locked.
#[derive(Serialize, ToSchema)]
struct Unlocked {
    was_locked: bool,
}

/// Change one's own password
///
/// Ends all other sessions of the person.
#[utoipa::path(post, path = "/password", operation_id = "change_password", tag = "access",
    request_body = PasswordBody,
    responses((status = 204, description = "Changed"), Writing))]
async fn change_password(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<PasswordBody>,
) -> Result<StatusCode, Problem> {
    let ctx = edge.app.confirm(ctx).await?;
    session::change_password(&edge.app, &ctx, &body.old, &body.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set or remove one's own PIN for shared desks
#[utoipa::path(post, path = "/pin", operation_id = "set_pin", tag = "access", request_body = PinBody,
    responses((status = 204, description = "Set or removed"), Writing))]
async fn set_pin(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<PinBody>,
) -> Result<StatusCode, Problem> {
    let ctx = edge.app.confirm(ctx).await?;
    session::set_pin(&edge.app, &ctx, &body.password, body.pin.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begin enrolment for one-time codes
///
/// Nothing is asked for until it is confirmed. The secret is shown once: a
/// repeat with the same `Idempotency-Key` makes no new one and answers without.
#[utoipa::path(post, path = "/totp", operation_id = "begin_totp", tag = "access",
    responses((status = 200, description = "What the app needs", body = TotpOut), Writing))]
async fn begin_totp(State(edge): State<Edge>, Act { ctx }: Act) -> Result<Response, Problem> {
    let begin = |tx: &mut Tx<'_>, ctx: &Ctx| {
        let made = totp::begin(tx, ctx)?;
        Ok(((), TotpOut { secret: Some(made.secret), url: Some(made.url) }))
    };
    let again = |_: &mut Tx<'_>, _: &Ctx, ()| Ok(TotpOut { secret: None, url: None });
    Ok(done(edge.app.once_made(ctx, 200, begin, again).await?))
}

/// Confirm enrolment with a first code
#[utoipa::path(post, path = "/totp/confirm", operation_id = "confirm_totp", tag = "access",
    request_body = CodeBody,
    responses((status = 204, description = "Codes are asked for from now on"), Writing))]
async fn confirm_totp(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<CodeBody>,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| totp::confirm(tx, ctx, &body.code)).await?))
}

/// Switch one's own codes off
#[utoipa::path(post, path = "/totp/disable", operation_id = "disable_totp", tag = "access",
    request_body = CodeBody,
    responses((status = 204, description = "Off"), Writing))]
async fn disable_totp(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<CodeBody>,
) -> Result<Response, Problem> {
    let me = ctx.actor.person;
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| totp::disable(tx, ctx, me, Some(&body.code))).await?))
}

/// Switch another person's codes off, for a lost telephone
#[utoipa::path(post, path = "/people/{id}/totp/disable", operation_id = "disable_person_totp", tag = "access",
    params(("id" = PersonId, Path)),
    responses((status = 204, description = "Off"), Writing))]
async fn disable_person_totp(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| totp::disable(tx, ctx, id, None)).await?))
}

/// Forget a person's failed sign-ins
#[utoipa::path(post, path = "/people/{id}/unlock", operation_id = "unlock_person", tag = "access",
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "Not locked now", body = Unlocked), Writing))]
async fn unlock_person(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| session::unlock(tx, ctx, id).map(|was_locked| Unlocked { was_locked }))
        .await?;
    Ok(done(answer))
}

/// Make a one-time link with which a person chooses a password
///
/// Valid for three days; a new one ends the old. The link is shown once: a
/// repeat with the same `Idempotency-Key` makes no new one and answers without.
#[utoipa::path(post, path = "/people/{id}/reset_link", operation_id = "create_reset_link", tag = "access",
    params(("id" = PersonId, Path)),
    responses((status = 201, description = "The link, once", body = LinkOut), Writing))]
async fn create_reset_link(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let make = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let secret = session::reset_link(tx, ctx, id)?;
        Ok(((), LinkOut { path: Some(format!("/reset/{secret}")) }))
    };
    let again = |_: &mut Tx<'_>, _: &Ctx, ()| Ok(LinkOut { path: None });
    Ok(done(edge.app.once_made(ctx, 201, make, again).await?))
}
