//! Who asks: by cookie or token; and the shapes of requests that write.

use crate::edge::{Edge, Tag, check_origin};
use crate::json::{body, collect, parse};
use crate::problem::Problem;
use crate::{cookie, idempotency};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use huiyin_app::session::{self, Shown};
use huiyin_app::{Ctx, Error};
use serde::de::DeserializeOwned;

/// Somebody who is signed in, and the context of the request.
///
/// It may rest on what was remembered: [`huiyin_app::App`] compares that in
/// each transaction. A handler without one asks `App::confirm`.
#[derive(Clone)]
pub struct Authed {
    /// The context for use cases.
    pub ctx: Ctx,
}

impl FromRequestParts<Edge> for Authed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let tag = Tag::from_request_parts(parts, edge).await?;
        let shown = match bearer(&parts.headers)? {
            Some(token) => Shown::token(token),
            None => {
                let secret = cookie::read(&parts.headers, &edge.outside)
                    .ok_or_else(|| Error::unauthenticated("unauthenticated"))?;
                if !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
                    check_origin(&parts.headers, &parts.uri, &edge.outside)?;
                }
                Shown::cookie(secret)
            }
        };
        let (presented, access) = session::recognise(&edge.app, shown).await?;
        let chosen = parts.headers.contains_key(header::ACCEPT_LANGUAGE);
        let locale = if chosen { tag.locale } else { presented.locale };
        let mut ctx = edge.app.ctx(presented.actor, &*tag.request_id, locale);
        ctx.access = Some(access);
        Ok(Self { ctx })
    }
}

/// Takes the token out of `Authorization`, where there is one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let refusal = || Problem::from(Error::unauthenticated("unauthenticated"));
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(refusal)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(refusal());
    }
    Ok(Some(token.trim()))
}

/// A write with a JSON body.
pub struct Change<T> {
    /// The context for use cases, with the request's idempotency key.
    pub ctx: Ctx,
    /// What is asked for.
    pub body: T,
    /// The request's headers, for `If-Match`.
    pub headers: HeaderMap,
}

impl<T: DeserializeOwned> FromRequest<Edge> for Change<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let (mut parts, content) = request.into_parts();
        let mut ctx = Authed::from_request_parts(&mut parts, edge).await?.ctx;
        let request = Request::from_parts(parts, content);
        let (method, uri, headers) =
            (request.method().clone(), request.uri().clone(), request.headers().clone());
        let bytes = body(request).await?;
        ctx.idempotency = idempotency::key(&method, &uri, &headers, &bytes)?;
        Ok(Self { ctx, body: parse(&bytes)?, headers })
    }
}

/// A write without a body.
pub struct Act {
    /// The context for use cases, with the request's idempotency key.
    pub ctx: Ctx,
}

impl FromRequest<Edge> for Act {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let (mut parts, content) = request.into_parts();
        let mut ctx = Authed::from_request_parts(&mut parts, edge).await?.ctx;
        let bytes = collect(content, 64).await?;
        if !matches!(bytes.trim_ascii(), b"" | b"{}") {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body_not_expected"));
        }
        ctx.idempotency = idempotency::key(&parts.method, &parts.uri, &parts.headers, b"")?;
        Ok(Self { ctx })
    }
}
