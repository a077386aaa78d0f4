//! API tokens, for programs that act for a person.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::idempotency::Answer;
use huiyin_app::session::token::{self, NewToken, TokenRow};
use huiyin_domain::ids::{PersonId, TokenId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(revoke_token))
        .routes(routes!(list_person_tokens))
        .routes(routes!(revoke_person_token))
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken)]
struct NewTokenBody {
    /// What its holder calls it.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    /// When it ends; never when not said.
    expires_at: Option<Timestamp>,
    /// Posts that it may use; all that the person holds when not said.
    posts: Option<BTreeSet<Post>>,
}

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
struct TokenOut {
    id: TokenId,
    person: PersonId,
    name: String,
    /// Null means all posts that the person holds.
    posts: Option<BTreeSet<Post>>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    used_at: Option<Timestamp>,
}

/// A new token with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
struct MadeToken {
    #[serde(flatten)]
    token: TokenOut,
    /// For `Authorization: Bearer`; null in the answer to a repeat.
    #[serde(rename = "token")]
    secret: Option<String>,
}

/// Tokens.
#[derive(Serialize, ToSchema)]
struct Tokens {
    items: Vec<TokenOut>,
}

impl From<TokenRow> for TokenOut {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            person: row.person,
            name: row.name,
            posts: row.posts,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        }
    }
}

fn shown(rows: Vec<TokenRow>) -> Json<Tokens> {
    Json(Tokens { items: rows.into_iter().map(TokenOut::from).collect() })
}

/// List one's own tokens
///
/// Of this organisation, newest first.
#[utoipa::path(get, path = "/tokens", operation_id = "list_tokens", tag = "access",
    responses((status = 200, description = "All of them", body = Tokens), Reading))]
async fn list_tokens(State(edge): State<Edge>, authed: Authed) -> Result<Json<Tokens>, Problem> {
    Ok(shown(edge.app.read(&authed.ctx, token::list).await?))
}

/// Make a token for oneself
///
/// The secret is shown once and kept nowhere: a repeat with the same
/// `Idempotency-Key` makes no second token and answers without the secret.
#[utoipa::path(post, path = "/tokens", operation_id = "create_token", tag = "access",
    request_body = NewTokenBody,
    responses((status = 201, description = "The token, once", body = MadeToken), Writing))]
async fn create_token(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewTokenBody>,
) -> Result<Response, Problem> {
    let NewTokenBody { name, expires_at, posts } = body;
    let new = NewToken { name, expires_at, posts };
    // the secret travels beside the answer, which is kept for repeats
    let made = Arc::new(OnceLock::new());
    let keep = made.clone();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let (row, secret) = token::create(tx, ctx, &new)?;
            keep.get_or_init(|| secret);
            Ok(MadeToken { token: row.into(), secret: None })
        })
        .await?;
    let Some(secret) = made.get().filter(|_| !answer.repeated) else { return Ok(done(answer)) };
    let body = answer.body.replacen(r#""token":null"#, &format!(r#""token":"{secret}""#), 1);
    Ok(done(Answer { body, ..answer }))
}

/// End one of one's own tokens
#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "revoke_token", tag = "access",
    params(("id" = TokenId, Path)),
    responses((status = 204, description = "Ended"), Writing))]
async fn revoke_token(
    State(edge): State<Edge>,
    Id(id): Id<TokenId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let me = ctx.actor.person;
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| token::revoke(tx, ctx, me, id)).await?))
}

/// List a person's tokens in this organisation
#[utoipa::path(get, path = "/people/{id}/tokens", operation_id = "list_person_tokens", tag = "access",
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "All of them", body = Tokens), Reading))]
async fn list_person_tokens(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PersonId>,
) -> Result<Json<Tokens>, Problem> {
    Ok(shown(edge.app.read(&authed.ctx, move |tx, ctx| token::list_of(tx, ctx, id)).await?))
}

/// End a token of a person
#[utoipa::path(delete, path = "/people/{id}/tokens/{token}", operation_id = "revoke_person_token",
    tag = "access", params(("id" = PersonId, Path), ("token" = TokenId, Path)),
    responses((status = 204, description = "Ended"), Writing))]
async fn revoke_person_token(
    State(edge): State<Edge>,
    Id2(id, token): Id2<PersonId, TokenId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| token::revoke(tx, ctx, id, token)).await?))
}
