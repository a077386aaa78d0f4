//! The receipt that a desk prints: number, lookup code, where to follow.

use super::home::{drawn, whole_address};
use crate::authed::Authed;
use crate::edge::{Edge, PAPER};
use crate::page::{escaped, word};
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Reading;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::public::{self, Receipt};
use huiyin_domain::ids::CaseId;
use huiyin_domain::locale::Locale;
use huiyin_reports::Paper;
use std::fmt::Write as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_receipt))
}

/// Print the receipt of a case, with number and lookup code, for its customer
///
/// One page for paper that needs nothing else. The audit trail tells of each
/// showing. Whoever handles the case does not get it.
#[utoipa::path(get, path = "/cases/{id}/receipt", operation_id = "get_receipt", tag = "public",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "The receipt", content_type = "text/html", body = String), Reading))]
async fn get_receipt(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (rules, locale) = (edge.app.rules.clone(), authed.ctx.locale);
    let receipt = edge.app.write(&authed.ctx, move |tx, ctx| public::receipt(tx, ctx, &rules, id)).await?;
    let address = receipt.page.as_ref().map(|path| whole_address(&edge, &headers, &format!("{path}/follow")));
    let html = page(&receipt, address.as_deref(), locale)?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, PAPER)];
    Ok((headers, html).into_response())
}

fn page(receipt: &Receipt, address: Option<&str>, locale: Locale) -> Result<String, Problem> {
    let title = huiyin_i18n::text(locale, "receipt_title", &serde_json::Map::new());
    let mut body = format!("<header><h1>{}</h1></header>\n<table><tbody>", escaped(&title));
    let received: String = receipt.zone.rfc3339(receipt.received_at).chars().take(16).collect();
    let rows = [
        ("receipt_of", escaped(format!("{} {}", receipt.company, receipt.unit))),
        ("public_number", escaped(&receipt.code.number)),
        ("public_kind", escaped(huiyin_i18n::word(locale, receipt.kind.as_str()))),
        ("public_received", escaped(received.replace('T', " "))),
        ("public_code", format!("<strong>{}</strong>", escaped(&receipt.code.code))),
    ];
    for (name, value) in rows {
        // writing to a string cannot fail
        let _ = write!(body, "<tr><th>{}</th><td>{value}</td></tr>", word(locale, name));
    }
    let _ = write!(body, "</tbody></table>\n<p>{}</p>\n", word(locale, "public_keep_code"));
    if let Some(address) = address {
        let svg = drawn(address)?;
        let picture = svg.find("<svg").map_or("", |at| &svg[at..]);
        let _ = write!(
            body,
            "<p>{}<br>{}</p>\n<div>{picture}</div>\n",
            word(locale, "receipt_follow"),
            escaped(address)
        );
    }
    Ok(Paper { locale, title: &title, body: &body }.html())
}
