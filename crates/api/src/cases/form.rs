//! The papers of a case, as JSON and as a page that prints well, and advice.

use crate::authed::Authed;
use crate::edge::{Edge, PAPER};
use crate::page::escaped;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::case::{self, FormStanding, FormValue, FormView};
use huiyin_domain::ids::CaseId;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_i18n::word;
use huiyin_i18n::{Locale, text};
use huiyin_reports::framed;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use std::fmt::Write as _;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_forms)).routes(routes!(get_form)).routes(routes!(list_tips))
}

/// Where a form stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StandingOut {
    Draft,
    Filed,
    Waived,
}

/// A form of a case.
#[derive(Debug, Serialize, ToSchema)]
struct FormOut {
    /// Name in the pack; what `file_form` takes.
    name: String,
    /// Title in the reader's language.
    title: String,
    /// Number of the case.
    number: String,
    /// `draft`: what the case knows is filled in, nobody has signed.
    state: StandingOut,
    /// Its fields.
    fields: Vec<FormFieldOut>,
    /// Who signed it by filing it.
    signed_by: Option<String>,
    /// When.
    signed_at: Option<Timestamp>,
    /// To whom it was handed over.
    handed_to: Option<String>,
    /// When.
    handed_at: Option<Timestamp>,
    /// When the receiver took it.
    taken_at: Option<Timestamp>,
    /// Sources that prescribe it.
    sources: Vec<String>,
}

/// One field of a form.
#[derive(Debug, Serialize, ToSchema)]
struct FormFieldOut {
    /// Name in the pack.
    name: String,
    /// Title in the reader's language.
    title: String,
    /// True when the form cannot be filed without it.
    required: bool,
    /// What stands there, in the reader's language; covered where masked.
    value: Option<String>,
}

/// The forms of a case.
#[derive(Debug, Serialize, ToSchema)]
struct Forms {
    /// Each form that its kind has.
    items: Vec<FormOut>,
}

/// How a form is given.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FormFormat {
    #[default]
    Json,
    Html,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FormQuery {
    /// `json`, or `html`: one page for A4 paper that needs nothing else.
    #[param(inline)]
    format: Option<FormFormat>,
}

/// List the forms of a case, filled from it
#[utoipa::path(get, path = "/cases/{id}/forms", operation_id = "list_case_forms", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "All forms that its kind has", body = Forms), Reading))]
async fn list_forms(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Forms>, Problem> {
    let app = edge.app.clone();
    let locale = authed.ctx.locale;
    let forms = edge.app.read(&authed.ctx, move |tx, ctx| case::forms(tx, ctx, &app.rules, id)).await?;
    Ok(Json(Forms { items: forms.into_iter().map(|form| out(form, locale)).collect() }))
}

/// Read or print one form of a case
#[utoipa::path(get, path = "/cases/{id}/forms/{name}", operation_id = "get_case_form", tag = "cases",
    params(("id" = CaseId, Path), ("name" = String, Path, description = "Name of the form in the pack"), FormQuery),
    responses(
        (status = 200, description = "The form", content(
            (FormOut = "application/json"), (String = "text/html"))),
        Reading))]
async fn get_form(
    State(edge): State<Edge>,
    authed: Authed,
    Id2(id, name): Id2<CaseId, String>,
    Query(query): Query<FormQuery>,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    let locale = authed.ctx.locale;
    let now = authed.ctx.now;
    let form = edge.app.read(&authed.ctx, move |tx, ctx| case::form(tx, ctx, &app.rules, id, &name)).await?;
    Ok(match query.format.unwrap_or_default() {
        FormFormat::Json => Json(out(form, locale)).into_response(),
        FormFormat::Html => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            let headers = [(header::CONTENT_TYPE, html), (header::CONTENT_SECURITY_POLICY, PAPER)];
            (headers, page(&form, locale, now)).into_response()
        }
    })
}

/// One advice.
#[derive(Debug, Serialize, ToSchema)]
struct TipOut {
    /// Name in the pack.
    name: String,
    /// The advice in the reader's language.
    text: String,
    /// Where it comes from.
    sources: Vec<String>,
}

/// What the pack advises about a case now.
#[derive(Debug, Serialize, ToSchema)]
struct Tips {
    /// Advice for the stage where it stands and the way it came.
    items: Vec<TipOut>,
    /// The department that its category or cause points to, by name.
    department: Option<String>,
    /// The nearest unit of that name, where a transfer that names none goes.
    department_unit: Option<huiyin_domain::ids::UnitId>,
}

/// List what the sources advise in the stage where a case stands
#[utoipa::path(get, path = "/cases/{id}/tips", operation_id = "list_case_tips", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "Advice, never a condition", body = Tips), Reading))]
async fn list_tips(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Tips>, Problem> {
    let app = edge.app.clone();
    let advice = edge.app.read(&authed.ctx, move |tx, ctx| case::tips(tx, ctx, &app.rules, id)).await?;
    let items = advice.tips.into_iter();
    let items = items.map(|tip| TipOut { name: tip.name, text: tip.text, sources: tip.source }).collect();
    Ok(Json(Tips { items, department: advice.department, department_unit: advice.department_unit }))
}

fn out(form: FormView, locale: Locale) -> FormOut {
    let (signed_by, signed_at) = form.signed.unzip();
    let (handed_to, handed_at) = form.handed.unzip();
    let zone = form.zone;
    let fields = form.lines.into_iter().map(|line| FormFieldOut {
        value: said(&line.value, locale, &zone),
        name: line.name,
        title: line.title,
        required: line.required,
    });
    FormOut {
        name: form.name,
        title: form.title,
        number: form.number,
        state: match form.state {
            FormStanding::Draft => StandingOut::Draft,
            FormStanding::Filed => StandingOut::Filed,
            FormStanding::Waived => StandingOut::Waived,
        },
        fields: fields.collect(),
        signed_by,
        signed_at,
        handed_to,
        handed_at,
        taken_at: form.taken_at,
        sources: form.source,
    }
}

/// Says a value in the reader's language.
fn said(value: &FormValue, locale: Locale, zone: &Zone) -> Option<String> {
    match value {
        FormValue::Empty => None,
        FormValue::Text(text) => Some(text.clone()),
        FormValue::Word(name) => Some(word(locale, name)),
        FormValue::At(at) => Some(clock(*at, zone)),
    }
}

fn clock(at: Timestamp, zone: &Zone) -> String {
    let (day, seconds) = zone.civil(at);
    format!("{day} {:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
}

/// Writes a form as one page of A4 paper.
fn page(form: &FormView, locale: Locale, now: Timestamp) -> String {
    let say = |label: &str| text(locale, label, &Map::new());
    let mut rows = String::new();
    for line in &form.lines {
        let value = said(&line.value, locale, &form.zone).unwrap_or_default();
        let _ = writeln!(rows, "<tr><th>{}</th><td>{}</td></tr>", escaped(&line.title), escaped(&value));
    }
    let mut signs = String::new();
    let mut sign = |label: &str, who: &str, at: Option<Timestamp>| {
        let at = at.map(|at| clock(at, &form.zone)).unwrap_or_default();
        let _ = writeln!(signs, "<p><b>{}</b> {} <span>{at}</span></p>", escaped(say(label)), escaped(who));
    };
    let signed = form.signed.as_ref();
    sign("form_signed_by", signed.map_or("", |(who, _)| who), signed.map(|(_, at)| *at));
    if let Some((who, at)) = &form.handed {
        sign("form_handed_to", who, Some(*at));
        sign("form_taken_by", form.taken_at.map_or("", |_| who), form.taken_at);
    }
    let state = match form.state {
        FormStanding::Draft => say("form_is_draft"),
        FormStanding::Waived => say("form_is_waived"),
        FormStanding::Filed => String::new(),
    };
    let (title, number) = (escaped(&form.title), escaped(&form.number));
    let body = format!(
        "<h1>{title}</h1>\n<p class=\"no\">{number} {}</p>\n<table class=\"form\">\n{rows}</table>\n\
         <div class=\"signs\">\n{signs}</div>\n<footer>{} · {}</footer>",
        escaped(&state),
        escaped(form.source.join(", ")),
        clock(now, &form.zone),
    );
    framed(locale, &format!("{title} {number}"), &body)
}
