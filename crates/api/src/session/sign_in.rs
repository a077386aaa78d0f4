//! The session of a browser: begin, look, move to another organisation, end.

use crate::authed::Authed;
use crate::edge::{Client, Edge, Tag, check_origin};
use crate::json::Json as Body;
use crate::people::PostOut;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use crate::{cookie, edge::Outside};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::Ctx;
use huiyin_app::people::organisation;
use huiyin_app::session::{self, SignIn};
use huiyin_domain::ids::PersonId;
use huiyin_domain::locale::Locale;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(create_session, get_session, delete_session))
}

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    login: String,
    #[schema(format = Password)]
    password: String,
    /// One-time code, where the person has one.
    code: Option<String>,
    /// Code of the organisation; else the person's first.
    organisation: Option<String>,
}

/// An organisation, by what people call it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganisationName)]
pub struct OrganisationOut {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Who is signed in, and where.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionOut {
    person: PersonId,
    login: String,
    name: String,
    locale: Locale,
    /// `session` or `token`.
    via: &'static str,
    /// Where one works at present.
    organisation: OrganisationOut,
    /// IANA zone of the organisation's dates.
    #[schema(example = "Asia/Shanghai")]
    zone: String,
    /// Posts held now, as far as a token lets one use them.
    posts: Vec<PostOut>,
    /// Whether the data are made up.
    demo: bool,
}

/// Tells who is signed in.
///
/// # Errors
/// What the store gives.
pub async fn session_out(edge: &Edge, ctx: Ctx) -> Result<SessionOut, Problem> {
    let at = edge.app.read(&ctx, organisation::get).await?;
    let actor = &ctx.actor;
    Ok(SessionOut {
        person: actor.person,
        login: actor.login.clone(),
        name: actor.name.clone(),
        locale: ctx.locale,
        via: actor.via.name(),
        organisation: OrganisationOut { code: at.code, name: at.name },
        zone: at.zone,
        posts: actor.posts.iter().map(PostOut::from).collect(),
        demo: edge.outside.demo,
    })
}

/// Gives an answer that hands the browser its session.
///
/// # Errors
/// 500 when the secret is not ASCII, which it always is.
pub fn with_cookie(secret: &str, outside: &Outside, answer: impl IntoResponse) -> Result<Response, Problem> {
    let cookie = cookie::set(secret, outside).ok_or_else(Problem::internal)?;
    let mut response = answer.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Sign in
///
/// Sets the session cookie. Unknown login, wrong password and dismissed person
/// look alike; `code_required` asks for the one-time code.
#[utoipa::path(post, path = "/session", operation_id = "create_session", tag = "session", security(()),
    request_body = SignInBody,
    responses((status = 200, description = "Signed in", body = SessionOut), Writing))]
#[expect(clippy::too_many_arguments, reason = "each is one part of the request")]
async fn create_session(
    State(edge): State<Edge>,
    Client(address): Client,
    tag: Tag,
    headers: HeaderMap,
    uri: Uri,
    Body(body): Body<SignInBody>,
) -> Result<Response, Problem> {
    // a browser always says from where; a program without both may sign in
    if headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site") {
        check_origin(&headers, &uri, &edge.outside)?;
    }
    let device = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let request = SignIn {
        login: body.login,
        password: body.password,
        code: body.code,
        organisation: body.organisation,
        source: Some(address.to_string()),
        device: device.unwrap_or_default().to_owned(),
        request_id: tag.request_id.to_string(),
    };
    let signed_in = session::sign_in(&edge.app, request).await?;
    let ctx = edge.app.ctx(signed_in.actor, &*tag.request_id, signed_in.locale);
    let out = session_out(&edge, ctx).await?;
    with_cookie(&signed_in.secret, &edge.outside, Json(out))
}

/// Show who is signed in
#[utoipa::path(get, path = "/session", operation_id = "get_session", tag = "session",
    responses((status = 200, description = "Who, where, with which posts", body = SessionOut), Reading))]
async fn get_session(State(edge): State<Edge>, authed: Authed) -> Result<Json<SessionOut>, Problem> {
    let ctx = edge.app.confirm(authed.ctx).await?;
    session_out(&edge, ctx).await.map(Json)
}

/// Sign out
///
/// Works without a session too, so that the cookie goes in any case.
#[utoipa::path(delete, path = "/session", operation_id = "delete_session", tag = "session",
    responses((status = 204, description = "Signed out"), Writing))]
async fn delete_session(
    State(edge): State<Edge>,
    authed: Result<Authed, Problem>,
) -> Result<Response, Problem> {
    match authed {
        Ok(authed) => {
            edge.app.once(authed.ctx, 204, session::sign_out).await?;
        }
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED => {}
        Err(problem) => return Err(problem),
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::clear(&edge.outside))]).into_response())
}
