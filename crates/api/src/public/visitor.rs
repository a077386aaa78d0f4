//! Who opens a public page: from where, in which language, at which estate.

use crate::authed::Authed;
use crate::edge::{Client, Edge, Tag};
use crate::page::{Document, escaped, word};
use crate::problem::Problem;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use huiyin_app::public::{self, PublicPage};
use huiyin_app::{Actor, Ctx, Error};
use huiyin_i18n::{Locale, text};
use std::convert::Infallible;

/// A customer at the page of an estate.
pub(super) struct Visitor {
    pub page: PublicPage,
    pub tag: Tag,
    pub locale: Locale,
    /// The address of the machine, for the throttles.
    pub source: String,
    /// The page's own address with language, for the other language.
    path: String,
}

impl FromRequestParts<Edge> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Response> {
        let tag = Tag::from_request_parts(parts, edge).await.map_err(IntoResponse::into_response)?;
        let Client(address) =
            Client::from_request_parts(parts, edge).await.map_err(IntoResponse::into_response)?;
        let locale = asked(parts.uri.query().unwrap_or_default()).unwrap_or(tag.locale);
        let params = RawPathParams::from_request_parts(parts, edge).await;
        let slug = params.ok().and_then(|params| params.iter().next().map(|(_, slug)| slug.to_owned()));
        let slug = slug.unwrap_or_default();
        let found = edge.app.store.read(move |tx| public::page_at(tx, &slug)).await;
        match found {
            Ok(page) => {
                Ok(Self { page, tag, locale, source: address.to_string(), path: parts.uri.path().to_owned() })
            }
            Err(error) if error.code() == Error::not_found().code() => Err(nowhere(locale)),
            Err(error) => Err(Problem::from(error).into_response()),
        }
    }
}

/// Whoever of the house is signed in with the browser that shows a public page.
pub(super) struct Staff(pub Option<Ctx>);

impl FromRequestParts<Edge> for Staff {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Infallible> {
        let found = Authed::from_request_parts(parts, edge).await;
        Ok(Self(found.ok().map(|authed| authed.ctx)))
    }
}

/// The language that the address asks for.
fn asked(query: &str) -> Option<Locale> {
    let lang = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    Locale::ALL.into_iter().find(|locale| locale.tag() == lang)
}

/// An address that leads nowhere looks the same whatever the reason.
fn nowhere(locale: Locale) -> Response {
    let title = word(locale, "public_nowhere");
    let body = format!("<p>{}</p>\n", word(locale, "public_nowhere_hint"));
    Document { locale, title: &title, of: "", body: &body, other: None }.answer(StatusCode::NOT_FOUND)
}

impl Visitor {
    /// Gives a text of the catalogue in the customer's language, safe inside HTML.
    pub fn word(&self, name: &str) -> String {
        word(self.locale, name)
    }

    /// Gives the address of a page of this estate, in this language.
    pub fn to(&self, rest: &str) -> String {
        format!("{}{rest}?lang={}", self.page.path, self.locale.tag())
    }

    /// Makes the context of a customer who has opened no case.
    pub fn ctx(&self, edge: &Edge) -> Ctx {
        edge.app.ctx(Actor::customer(self.page.org, None), &*self.tag.request_id, self.locale)
    }

    /// Answers with a page of this estate.
    pub fn answer(&self, title: &str, body: &str) -> Response {
        self.answer_with(StatusCode::OK, title, body)
    }

    /// Answers with a page that says why something was refused.
    pub fn refuse(&self, problem: &Problem, title: &str, body: &str) -> Response {
        self.answer_with(problem.status, title, body)
    }

    fn answer_with(&self, status: StatusCode, title: &str, body: &str) -> Response {
        let other = match self.locale {
            Locale::ZhCn => Locale::En,
            Locale::En => Locale::ZhCn,
        };
        let other = format!("{}?lang={}", self.path, other.tag());
        let of = format!("{} · {}", escaped(&self.page.company), escaped(&self.page.name));
        Document { locale: self.locale, title, of: &of, body, other: Some(&other) }.answer(status)
    }

    /// Says in words why something was refused.
    pub fn refusal(&self, problem: &Problem) -> String {
        let mut said = vec![text(self.locale, &problem.code, &problem.params)];
        said.extend(problem.fields.iter().map(|field| text(self.locale, &field.code, &field.params)));
        let lines: Vec<String> = said.iter().map(|line| format!("<p>{}</p>", escaped(line))).collect();
        format!("<div class=\"note bad\" role=\"alert\">{}</div>\n", lines.concat())
    }
}
