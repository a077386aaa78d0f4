//! The pages behind one-time links: plain HTML, no script, one style sheet.

use crate::edge::{Edge, Tag};
use crate::json::collect;
use crate::page::{Document, refusal, status, word};
use crate::problem::Problem;
use crate::query;
use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use huiyin_app::session::{self, NewAdministrator};
use huiyin_i18n::{Locale, text};
use serde::Deserialize;
use serde_json::Map;

/// Largest form, in bytes.
const FORM: usize = 8 * 1024;

/// Addresses that people open from a link.
pub fn routes() -> Router<Edge> {
    Router::new()
        .route("/setup/{link}", get(show_setup).post(set_up))
        .route("/reset/{link}", get(show_reset).post(reset))
}

/// Shows the form; whether the link is good is told when it is used, so that
/// looking at it costs nothing and tells nothing.
async fn show_setup(tag: Tag) -> Response {
    page(&tag, StatusCode::OK, None, &setup_form(tag.locale))
}

async fn show_reset(tag: Tag) -> Response {
    page(&tag, StatusCode::OK, None, &reset_form(tag.locale))
}

#[derive(Deserialize)]
struct SetupForm {
    login: String,
    name: String,
    password: String,
}

#[derive(Deserialize)]
struct ResetForm {
    password: String,
}

async fn set_up(
    State(edge): State<Edge>,
    tag: Tag,
    params: RawPathParams,
    request: Request,
) -> Result<Response, Problem> {
    let link = link(&params);
    let form: SetupForm = form(request).await?;
    let name = Some(form.name).filter(|name| !name.trim().is_empty());
    let new = NewAdministrator { organisation: None, login: form.login, name, password: form.password };
    match session::redeem_first_start(&edge.app, &link, new, &tag.request_id).await {
        Ok(_) => {
            let on = word(tag.locale, "setup_go_on");
            let on = format!("<a class=\"button\" href=\"/login?to=/welcome\">{on}</a>\n");
            Ok(page(&tag, StatusCode::OK, Some("setup_done"), &on))
        }
        Err(error) => Ok(again(&tag, error, &setup_form(tag.locale))),
    }
}

async fn reset(
    State(edge): State<Edge>,
    tag: Tag,
    params: RawPathParams,
    request: Request,
) -> Result<Response, Problem> {
    let link = link(&params);
    let form: ResetForm = form(request).await?;
    match session::redeem_reset(&edge.app, &link, &form.password, &tag.request_id).await {
        Ok(()) => Ok(page(&tag, StatusCode::OK, Some("setup_done"), "")),
        Err(error) => Ok(again(&tag, error, &reset_form(tag.locale))),
    }
}

pub(crate) fn link(params: &RawPathParams) -> String {
    params.iter().next().map(|(_, value)| value.to_owned()).unwrap_or_default()
}

pub(crate) async fn form<T: serde::de::DeserializeOwned>(request: Request) -> Result<T, Problem> {
    let bytes = collect(request.into_body(), FORM).await?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "invalid_utf8").with("position", error.valid_up_to())
    })?;
    query::parse(text)
}

/// Shows the form again with what was wrong.
fn again(tag: &Tag, error: huiyin_app::Error, form: &str) -> Response {
    let problem = Problem::from(error);
    document(tag, problem.status, &refusal(&problem, tag.locale), form)
}

fn page(tag: &Tag, status: StatusCode, code: Option<&str>, form: &str) -> Response {
    let said = text(tag.locale, code.unwrap_or("setup_intro"), &Map::new());
    document(tag, status, &said, form)
}

fn document(tag: &Tag, code: StatusCode, said: &str, form: &str) -> Response {
    let title = word(tag.locale, "setup_title");
    let body = format!("{}{form}", status(said));
    Document { locale: tag.locale, title: &title, of: "", body: &body, other: None }.answer(code)
}

fn setup_form(locale: Locale) -> String {
    let word = |code| text(locale, code, &Map::new());
    format!(
        "<form method=\"post\">\n\
         <label>{}<input name=\"login\" required autocomplete=\"username\" maxlength=\"64\"></label>\n\
         <label>{}<input name=\"name\" autocomplete=\"name\" maxlength=\"100\"></label>\n\
         <label>{}<input name=\"password\" type=\"password\" required autocomplete=\"new-password\"></label>\n\
         <button>{}</button>\n</form>\n",
        word("setup_login"),
        word("setup_name"),
        word("setup_password"),
        word("setup_submit"),
    )
}

fn reset_form(locale: Locale) -> String {
    let word = |code| text(locale, code, &Map::new());
    format!(
        "<form method=\"post\">\n\
         <label>{}<input name=\"password\" type=\"password\" required autocomplete=\"new-password\"></label>\n\
         <button>{}</button>\n</form>\n",
        word("setup_password"),
        word("setup_submit"),
    )
}
