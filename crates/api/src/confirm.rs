//! The page by which a customer confirms an agreement: plain HTML, no script.

use crate::agreements::paper_body;
use crate::edge::{Edge, Tag};
use crate::page::{Document, escaped, refusal, status};
use crate::problem::Problem;
use crate::setup::{form, link};
use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use huiyin_app::Error;
use huiyin_app::agreement::{self, AgreementPaper, Confirmed, PaperState};
use huiyin_i18n::text;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Addresses that customers open from a link.
pub fn routes() -> Router<Edge> {
    Router::new().route("/agreements/{link}", get(show).post(confirm))
}

/// What a customer writes under an agreement.
#[derive(Deserialize)]
struct ConfirmForm {
    name: String,
    code: String,
}

async fn look(edge: &Edge, tag: &Tag, link: String) -> Result<AgreementPaper, Error> {
    let (app, request_id, locale) = (edge.app.clone(), tag.request_id.clone(), tag.locale);
    edge.app.store.read(move |tx| agreement::look(tx, &app, &link, (&request_id, locale))).await
}

async fn show(State(edge): State<Edge>, tag: Tag, params: RawPathParams) -> Result<Response, Problem> {
    match look(&edge, &tag, link(&params)).await {
        Ok(paper) => Ok(page(&tag, intro(&tag, &paper), Some(&paper))),
        Err(error) => refused(&tag, error),
    }
}

/// Says what a customer can do with an agreement, or why nothing and whom to ask.
fn intro(tag: &Tag, paper: &AgreementPaper) -> String {
    let code = match paper.state {
        PaperState::Open => "confirm_intro",
        PaperState::Scanned | PaperState::Confirmed => "agreement_signed_already",
        PaperState::Stale => "confirm_changed",
    };
    said(tag, code, &json!({ "organisation": paper.organisation }))
}

async fn confirm(
    State(edge): State<Edge>,
    tag: Tag,
    params: RawPathParams,
    request: Request,
) -> Result<Response, Problem> {
    let link = link(&params);
    let written: ConfirmForm = form(request).await?;
    let (app, inside) = (edge.app.clone(), link.clone());
    let (request_id, locale) = (tag.request_id.clone(), tag.locale);
    let signed = edge.app.store.write(move |tx| {
        let by = (inside.as_str(), written.name.as_str(), written.code.as_str());
        agreement::confirm(tx, &app, by, (&request_id, locale))
    });
    match signed.await {
        Ok(Confirmed::Now(_)) => {
            edge.app.wake.now();
            let paper = look(&edge, &tag, link).await.map_err(Problem::from)?;
            Ok(page(&tag, said(&tag, "confirm_done", &Value::Null), Some(&paper)))
        }
        Ok(Confirmed::WrongCode(left)) => {
            let paper = look(&edge, &tag, link).await.ok();
            Ok(page(&tag, said(&tag, "link_code_wrong", &json!({ "left": left })), paper.as_ref()))
        }
        // the case went on since the page was opened: it says what stands now
        Err(error) => match look(&edge, &tag, link).await {
            Ok(paper) if paper.state == PaperState::Stale => {
                Ok(page(&tag, intro(&tag, &paper), Some(&paper)))
            }
            _ => refused(&tag, error),
        },
    }
}

/// Says a refusal in words; what failed inside stays a problem.
fn refused(tag: &Tag, error: Error) -> Result<Response, Problem> {
    let problem = Problem::from(error);
    if problem.status.is_server_error() {
        return Err(problem);
    }
    let unknown = problem.status == StatusCode::NOT_FOUND;
    let words =
        if unknown { said(tag, "confirm_unknown", &Value::Null) } else { refusal(&problem, tag.locale) };
    Ok(page(tag, words, None))
}

fn said(tag: &Tag, code: &str, params: &Value) -> String {
    text(tag.locale, code, params.as_object().unwrap_or(&Map::new()))
}

fn page(tag: &Tag, said_now: String, paper: Option<&AgreementPaper>) -> Response {
    let in_words = |code: &str| escaped(said(tag, code, &Value::Null));
    let title = in_words("agreement_title");
    let body = paper.map(|paper| paper_body(paper, tag.locale)).unwrap_or_default();
    let open = paper.is_some_and(|paper| paper.state == PaperState::Open);
    let form = if open {
        format!(
            "<form method=\"post\">\n\
             <label>{}<input name=\"name\" required autocomplete=\"name\" maxlength=\"100\"></label>\n\
             <label>{}<input name=\"code\" required inputmode=\"numeric\" autocomplete=\"one-time-code\" \
             maxlength=\"12\"></label>\n<button>{}</button>\n</form>\n",
            in_words("confirm_name"),
            in_words("confirm_code"),
            in_words("confirm_submit"),
        )
    } else {
        String::new()
    };
    let whose = paper.map(|paper| escaped(&paper.organisation)).unwrap_or_default();
    let body = format!("{}{body}{form}", status(&said_now));
    let document = Document { locale: tag.locale, title: &title, of: &whose, body: &body, other: None };
    let mut response = document.answer(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
