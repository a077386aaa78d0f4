//! Reports as files: HTML for A4, XLSX, JSON, and PDF where it was built in.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::{Problem, ProblemBody};
use crate::query::Query;
use crate::responses::Reading;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use huiyin_app::{Class, Error, report};
use huiyin_domain::ids::ReportId;
use huiyin_domain::locale::Locale;
use huiyin_i18n::word;
use huiyin_reports::{Document, Words, html, xlsx};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_report_file))
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReportFormat {
    /// A page that prints on A4.
    #[default]
    Html,
    /// A workbook.
    Xlsx,
    /// For programs.
    Json,
    /// PDF of the same content, where the product was built with it.
    Pdf,
}

/// How the file is wanted; its language is that of the request.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// Format of the file.
    #[param(inline)]
    format: Option<ReportFormat>,
}

/// Download a report as a page for A4, a workbook, JSON or PDF
///
/// PDF needs a build with the feature `pdf` and a font with Chinese on the
/// machine; without them `pdf_not_built` or `pdf_without_font` says so.
#[utoipa::path(get, path = "/reports/{id}/file", operation_id = "get_report_file", tag = "figures",
    params(("id" = ReportId, Path), FileQuery),
    responses((status = 200, description = "The file", content(
        (String = "text/html"), (serde_json::Value = "application/json"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/pdf")
    )), (status = 406, description = "This server writes no PDF", body = ProblemBody,
        content_type = "application/problem+json"), Reading))]
async fn get_report_file(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<ReportId>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Problem> {
    let (rules, locale) = (edge.app.rules.clone(), authed.ctx.locale);
    let (report, document) =
        edge.app.read(&authed.ctx, move |tx, ctx| report::get(tx, ctx, &rules, id)).await?;
    let words = |name: &str| word(locale, name);
    let name = format!("{}-{}", report.kind, report.period.last);
    let (kind, ending, bytes) = match query.format.unwrap_or_default() {
        ReportFormat::Html => {
            ("text/html; charset=utf-8", "html", html(&document, locale, &words).into_bytes())
        }
        ReportFormat::Json => {
            let bytes = serde_json::to_vec_pretty(&document).map_err(|_| Problem::internal())?;
            ("application/json", "json", bytes)
        }
        ReportFormat::Pdf => ("application/pdf", "pdf", printed(&document, locale, &words)?),
        ReportFormat::Xlsx => {
            let bytes = xlsx(&document, locale, &words).map_err(|error| {
                tracing::error!(report = %id, %error, "a report cannot be written as a workbook");
                Problem::internal()
            })?;
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", bytes)
        }
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(feature = "pdf")]
fn printed(document: &Document, locale: Locale, words: Words<'_>) -> Result<Vec<u8>, Problem> {
    let font = huiyin_reports::Font::found(None);
    let written = font.and_then(|font| huiyin_reports::pdf(document, locale, words, &font));
    written.map_err(|error| {
        tracing::error!(%error, "a report cannot be written as PDF");
        Error::new(Class::NoSuchForm, "pdf_without_font").into()
    })
}

#[cfg(not(feature = "pdf"))]
fn printed(_: &Document, _: Locale, _: Words<'_>) -> Result<Vec<u8>, Problem> {
    Err(Error::new(Class::NoSuchForm, "pdf_not_built").into())
}
