//! Cases as a table that leaves while it is made, in constant memory.

use super::list::CasesQuery;
use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::{Beside, Both};
use crate::responses::Reading;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::export::{self, ExportError, Format, Headings, Pipe, Wanted, Written};
use huiyin_app::search;
use serde::Deserialize;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::{JoinError, JoinHandle};
use tokio_stream::Stream;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(export_cases))
}

/// Pieces that are made ahead of who reads; each has about 8 KiB.
const AHEAD: usize = 8;

/// The formats of a table.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseTableFormat)]
enum TableFormat {
    /// Text with commas.
    Csv,
    /// A workbook.
    Xlsx,
    /// One JSON object per line.
    Jsonl,
}

/// What stands in the header of CSV and XLSX.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TableHeadings {
    /// The names for programs, which never change.
    #[default]
    Keys,
    /// The Chinese titles.
    Zh,
    /// The English titles.
    En,
}

/// How the table is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TableQuery {
    /// Format of the table.
    #[param(inline)]
    format: TableFormat,
    /// Whether name, telephone number and address of the customer go along,
    /// each covered where the post does not see it; this is logged.
    #[serde(default)]
    personal: bool,
    /// What stands in the header.
    #[param(inline)]
    #[serde(default)]
    headings: TableHeadings,
    /// Whether CSV begins with the mark by which spreadsheets know UTF-8.
    #[serde(default)]
    bom: bool,
}

impl Beside for TableQuery {
    const NAMES: &'static [&'static str] = &["format", "personal", "headings", "bom"];
}

impl TableFormat {
    const fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Xlsx => Format::Xlsx,
            Self::Jsonl => Format::Jsonl,
        }
    }

    /// Gives the media type and the ending of the file.
    const fn media(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Self::Jsonl => ("application/x-ndjson", "jsonl"),
        }
    }
}

/// Export cases as a table
///
/// Every case that the list with the same filters has, newest first, with times,
/// limits and texts; the columns are those of `huiyin export cases`. The table
/// shows one moment and is made while it is read. If the connection ends early,
/// the table is cut short and must not be used.
#[utoipa::path(get, path = "/cases/export", operation_id = "export_cases", tag = "cases",
    params(CasesQuery, TableQuery),
    responses((status = 200, description = "The table", content(
        (String = "text/csv"), (String = "application/x-ndjson"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )), Reading))]
async fn export_cases(
    State(edge): State<Edge>,
    authed: Authed,
    Both(filter, table): Both<CasesQuery, TableQuery>,
) -> Result<Response, Problem> {
    let wanted = Wanted {
        query: search::all(&edge.app, &authed.ctx, filter.asked()?).await?,
        format: table.format.format(),
        personal: table.personal,
        headings: match table.headings {
            TableHeadings::Keys => Headings::Keys,
            TableHeadings::Zh => Headings::Chinese,
            TableHeadings::En => Headings::English,
        },
        byte_order_mark: table.bom,
    };
    let busy = || {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_exports")
            .header(header::RETRY_AFTER, HeaderValue::from_static("10"))
    };
    let turn = edge.exports.clone().try_acquire_owned().map_err(|_| busy())?;
    let prepared = export::prepare(&edge.app, &authed.ctx, wanted).await?;
    let (sender, mut rest) = mpsc::channel(AHEAD);
    let (app, pipe) = (edge.app.clone(), Pipe::into(sender));
    let end = begin(async move {
        let done = export::stream(&app, prepared, pipe).await;
        drop(turn);
        done
    });
    let body = match rest.recv().await {
        Some(first) => Body::from_stream(Table { first: Some(first), rest, end }),
        // what goes wrong before the first piece is still told as a problem
        None => match end.await {
            Ok(Ok(_)) => Body::empty(),
            cut => return Err(failed(cut)),
        },
    };
    let (media, ending) = table.format.media();
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"cases.{ending}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, body).into_response())
}

/// Starts the task that makes one table while it is read.
#[expect(clippy::disallowed_methods, reason = "it ends with its reader, its table or the server")]
fn begin<T: Send + 'static>(making: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    tokio::spawn(making)
}

type Ended = Result<Result<Written, ExportError>, JoinError>;

/// Says why there is no table at all.
fn failed(ended: Ended) -> Problem {
    match ended {
        Ok(Err(ExportError::App(error))) => error.into(),
        Ok(Err(ExportError::File(error))) if error.code() == "too_many_rows" => {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code());
            error.params().into_iter().fold(problem, |problem, (name, value)| problem.with(name, value))
        }
        other => {
            tracing::error!(?other, "a table of cases cannot be made");
            Problem::internal()
        }
    }
}

/// The pieces of a table; a table that was cut short ends in an error, so that
/// nobody takes it for the whole.
struct Table {
    first: Option<Vec<u8>>,
    rest: Receiver<Vec<u8>>,
    end: JoinHandle<Result<Written, ExportError>>,
}

impl Stream for Table {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if let Some(piece) = ready!(self.rest.poll_recv(cx)) {
            return Poll::Ready(Some(Ok(piece)));
        }
        match ready!(Pin::new(&mut self.end).poll(cx)) {
            Ok(Ok(_)) => Poll::Ready(None),
            cut => {
                tracing::warn!(?cut, "a table of cases was cut short");
                Poll::Ready(Some(Err(io::Error::other("the table was cut short"))))
            }
        }
    }
}
