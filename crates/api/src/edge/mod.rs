//! What happens to every request before and after its handler.
//!
//! Request id, language, trace span, time limit, panics, problems, figures and
//! security headers: once, here, so that no handler can forget one.

mod address;
mod origin;
mod rest;
mod security;
mod tag;

pub use address::{Client, Networks};
pub use origin::check as check_origin;
pub use security::{PAGE, PAPER};
pub use tag::Tag;

use crate::page::ForPeople;
use crate::problem::{PROBLEM_JSON, Problem};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use huiyin_app::{App, Class};
use metrics_exporter_prometheus::PrometheusHandle;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};
use tracing::Instrument;
use uuid::Uuid;

/// Longest time that one request may take until its answer begins.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Most tables of cases that leave at once.
pub const EXPORTS: usize = 4;

/// How the outside reaches us.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The address that people type, such as `https://desk.example.cn`.
    pub public_url: Option<String>,
    /// Whether this process speaks TLS itself.
    pub tls: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Networks,
    /// Certificate of our own authority, for people to install (PEM).
    pub authority: Option<Arc<str>>,
    /// Whether the data are made up, which every answer says.
    pub demo: bool,
}

impl Outside {
    /// Says whether browsers reach us by TLS.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.tls || self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Everything that handlers share.
#[derive(Clone)]
pub struct Edge {
    /// The use cases.
    pub app: App,
    /// Figures for Prometheus, where they are collected.
    pub metrics: Option<PrometheusHandle>,
    /// How the outside reaches us.
    pub outside: Arc<Outside>,
    /// Turns to export: each holds a thread and a moment of the database.
    pub exports: Arc<Semaphore>,
    ready: Arc<AtomicBool>,
    closing: Arc<watch::Sender<bool>>,
    epoch: Uuid,
}

impl Edge {
    /// Puts the edge around the use cases; not ready until told so.
    #[must_use]
    pub fn new(app: App, outside: Outside) -> Self {
        let epoch = app.ids.uuid(app.clock.now());
        Self {
            app,
            epoch,
            metrics: None,
            outside: Arc::new(outside),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            ready: Arc::new(AtomicBool::new(false)),
            closing: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Names this life of the server; numbers of events count within it.
    #[must_use]
    pub fn epoch(&self) -> Uuid {
        self.epoch
    }

    /// Collects figures with the recorder given.
    #[must_use]
    pub fn with_metrics(mut self, metrics: PrometheusHandle) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Says whether the product is ready for work.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }

    /// Ends the event streams, so that the process can end as well.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Resolves when the process is about to end.
    pub async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        // the sender lives as long as this edge does
        let _ = closing.wait_for(|closing| *closing).await;
    }

    /// Tells whether the product is ready for work.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }
}

/// Wraps one request; the outermost layer of the router.
pub async fn wrap(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let tag = Tag::of(&request, &edge);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = %tag.request_id, %method, route);
    request.extensions_mut().insert(tag.clone());
    let (head, body) = request.into_parts();
    let (body, rest) = rest::Rest::of(body);
    let request = Request::from_parts(head, body);
    let answer = tokio::time::timeout(LIMIT, next.run(request).instrument(span.clone())).await;
    let answer = answer
        .unwrap_or_else(|_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "request_timeout").into_response());
    if !answer.status().is_success() {
        rest.discard().await;
    }
    let mut answer = explain(answer, &tag);
    security::dress(&mut answer, &edge.outside, &tag);
    let status = answer.status().as_u16();
    let seconds = began.elapsed().as_secs_f64();
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("huiyin_http_requests_total", &labels).increment(1);
    metrics::histogram!("huiyin_http_request_seconds", &labels[..2]).record(seconds);
    span.in_scope(|| tracing::debug!(status, seconds, "request answered"));
    answer
}

/// Turns whatever is not a success into a problem in the reader's language.
fn explain(mut answer: Response, tag: &Tag) -> Response {
    if let Some(problem) = answer.extensions_mut().remove::<Problem>() {
        return problem.render(tag.locale, &tag.request_id);
    }
    let status = answer.status();
    let told = answer.headers().get(header::CONTENT_TYPE).is_some_and(|media| media == PROBLEM_JSON)
        || answer.extensions().get::<ForPeople>().is_some();
    if told || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let mut problem = Problem::new(status, code_of(status));
    if let Some(allow) = answer.headers_mut().remove(header::ALLOW) {
        problem = problem.header(header::ALLOW, allow);
    }
    problem.render(tag.locale, &tag.request_id)
}

/// Names the refusals that the HTTP library makes by itself.
fn code_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "payload_too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        status if status.is_client_error() => "malformed_request",
        _ => "internal",
    }
}

/// Answers for a handler that panicked; the log has the message.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response<Body> {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(message, "handler panicked");
    Problem::internal().into_response()
}

impl From<huiyin_app::Error> for Problem {
    fn from(error: huiyin_app::Error) -> Self {
        let status = status_of(error.class());
        if status.is_server_error() {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            tracing::error!(code = error.code(), cause, "request failed");
        }
        let mut problem = Self::new(status, error.code());
        problem.params = error.params().clone();
        problem.fields = error.fields().iter().cloned().map(Into::into).collect();
        let retry_after = problem.params.get("retry_after").and_then(serde_json::Value::as_u64);
        match retry_after {
            Some(seconds) => problem.header(header::RETRY_AFTER, HeaderValue::from(seconds)),
            None if status == StatusCode::SERVICE_UNAVAILABLE => {
                problem.header(header::RETRY_AFTER, HeaderValue::from(1_u64))
            }
            None if status == StatusCode::UNAUTHORIZED => {
                problem.header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            None => problem,
        }
    }
}

impl From<huiyin_app::FieldError> for crate::problem::Field {
    fn from(field: huiyin_app::FieldError) -> Self {
        Self { path: field.path, code: field.code.into(), params: field.params }
    }
}

/// Gives the HTTP status of a class of refusals.
const fn status_of(class: Class) -> StatusCode {
    match class {
        Class::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Class::Malformed => StatusCode::BAD_REQUEST,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::Denied => StatusCode::FORBIDDEN,
        Class::Conflict | Class::Stale => StatusCode::CONFLICT,
        Class::Precondition => StatusCode::PRECONDITION_REQUIRED,
        Class::Unauthenticated => StatusCode::UNAUTHORIZED,
        Class::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Class::NoSuchForm => StatusCode::NOT_ACCEPTABLE,
        Class::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Class::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
