//! The first page of an estate: its channels, and what a customer may do here.

use super::visitor::Visitor;
use crate::edge::Edge;
use crate::page::escaped;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use qrcode::QrCode;
use qrcode::render::svg;
use std::fmt::Write as _;

/// Shows the published channels (PROP-44).
pub(super) async fn show(visitor: Visitor) -> Response {
    let shown = &visitor.page.channels;
    let mut list = String::new();
    for (code, value) in [
        ("public_phone", &shown.phone),
        ("public_fax", &shown.fax),
        ("public_email", &shown.email),
        ("public_contact", &shown.contact),
        ("public_suggestion_box", &shown.suggestion_box),
        ("public_address", &shown.address),
        ("public_hours", &shown.hours),
    ] {
        if let Some(value) = value {
            let _ = writeln!(list, "<dt>{}</dt><dd>{}</dd>", visitor.word(code), escaped(value.as_str()));
        }
    }
    let note = shown
        .note
        .as_ref()
        .map_or_else(String::new, |note| format!("<p class=\"said\">{}</p>\n", escaped(note.as_str())));
    let channels = if list.is_empty() && note.is_empty() {
        String::new()
    } else {
        format!("<section><h2>{}</h2>\n{note}<dl>\n{list}</dl></section>\n", visitor.word("public_channels"))
    };
    let body = format!(
        "<section><p>{}</p>\n<a class=\"button\" href=\"{}\">{}</a>\n\
         <a class=\"button plain\" href=\"{}\">{}</a>\n\
         <a class=\"button plain\" href=\"{}\">{}</a></section>\n{channels}\
         <section><h2>{}</h2><p class=\"hint\">{}</p>\n<img class=\"qr\" src=\"{}/qr.svg\" alt=\"{}\"></section>\n",
        visitor.word("public_welcome"),
        escaped(visitor.to("/file")),
        visitor.word("public_file"),
        escaped(visitor.to("/follow")),
        visitor.word("public_follow"),
        escaped(visitor.to("/help")),
        visitor.word("public_help"),
        visitor.word("public_qr"),
        visitor.word("public_qr_hint"),
        escaped(&visitor.page.path),
        visitor.word("public_qr"),
    );
    visitor.answer(&visitor.word("public_title"), &body)
}

/// Draws the address of the page as a QR code, for posters.
pub(super) async fn qr(
    State(edge): State<Edge>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let drawn = drawn(&whole_address(&edge, &headers, &visitor.page.path))?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "image/svg+xml")], drawn).into_response())
}

/// Gives an address of ours as it is typed from outside.
pub(super) fn whole_address(edge: &Edge, headers: &HeaderMap, path: &str) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scheme = if edge.outside.secure() { "https" } else { "http" };
    let base = edge.outside.public_url.clone().unwrap_or_else(|| format!("{scheme}://{host}"));
    format!("{}{path}", base.trim_end_matches('/'))
}

/// Draws an address as a QR code.
pub(super) fn drawn(address: &str) -> Result<String, Problem> {
    let code = QrCode::new(address).map_err(|_| Problem::internal())?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build())
}
