//! Agreements on paper, and links by which customers confirm them.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::{Edge, PAPER};
use crate::path::Id2;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::agreement::{self, AgreementPaper, NewConfirmation, Sent};
use huiyin_app::{Hint, Told};
use huiyin_domain::ids::CaseId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

mod page;
pub(crate) use page::{body as paper_body, document as paper_document};

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_agreement)).routes(routes!(send_agreement_confirmation))
}

/// How an agreement is given.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PaperFormat {
    /// For programs.
    #[default]
    Json,
    /// One page for A4 paper that needs nothing else.
    Html,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PaperQuery {
    /// `json`, or `html`: one page for A4 paper that needs nothing else.
    #[param(inline)]
    format: Option<PaperFormat>,
}

/// Read or print the agreement of a case
///
/// Rendered from the pack's words and bound by its digest to the option as the
/// customer accepted it; what is signed counts for no other content.
#[utoipa::path(get, path = "/cases/{id}/agreements/{number}", operation_id = "get_agreement", tag = "agreements",
    params(("id" = CaseId, Path), ("number" = u32, Path, description = "Number of the agreement in the case"),
        PaperQuery),
    responses((status = 200, description = "The agreement", content(
        (AgreementPaper = "application/json"), (String = "text/html"))), Reading))]
async fn get_agreement(
    State(edge): State<Edge>,
    authed: Authed,
    Id2(id, number): Id2<CaseId, u32>,
    Query(query): Query<PaperQuery>,
) -> Result<Response, Problem> {
    let (rules, locale) = (edge.app.rules.clone(), authed.ctx.locale);
    let paper =
        edge.app.read(&authed.ctx, move |tx, ctx| agreement::paper(tx, ctx, &rules, (id, number))).await?;
    Ok(match query.format.unwrap_or_default() {
        PaperFormat::Json => Json(paper).into_response(),
        PaperFormat::Html => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            let headers = [(header::CONTENT_TYPE, html), (header::CONTENT_SECURITY_POLICY, PAPER)];
            (headers, paper_document(&paper, locale)).into_response()
        }
    })
}

/// Make a link and a code by which the customer confirms an agreement
///
/// Link and code are told in this answer and never again; send them by two
/// different ways. Earlier links of the case are good no longer. The page behind
/// the link shows the agreement and takes name and code; five wrong codes lock it.
#[utoipa::path(post, path = "/cases/{id}/agreements/{number}/confirmation",
    operation_id = "send_agreement_confirmation", tag = "agreements",
    params(("id" = CaseId, Path), ("number" = u32, Path, description = "Number of the agreement in the case")),
    request_body = NewConfirmation,
    responses((status = 201, description = "Made; a repeat of the request shows neither link nor code",
        body = Sent), Writing))]
async fn send_agreement_confirmation(
    State(edge): State<Edge>,
    Id2(id, number): Id2<CaseId, u32>,
    Change { ctx, body, .. }: Change<NewConfirmation>,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    let told = Told::default();
    let telling = told.clone();
    let made = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
        let (sent, acted) = agreement::send(tx, ctx, &app, (id, number), &body)?;
        telling.keep(tx, ctx, Hint::case(ctx.org(), (acted.case.id, acted.case.version), acted.sight))?;
        let kept = Sent { path: String::new(), code: String::new(), ..sent.clone() };
        Ok((kept, sent))
    };
    let answer = edge.app.once_made(ctx, 201, made, |_, _, kept| Ok(kept)).await?;
    told.publish(&edge.app.hints);
    Ok(done(answer))
}
