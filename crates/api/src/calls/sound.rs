//! Recordings: played by byte ranges, drawn, and who listened.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::{Problem, ProblemBody};
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::call::port::{RecordingFault, Sound};
use huiyin_app::call::{self, AccessRow};
use huiyin_app::{Ctx, Error};
use huiyin_domain::ids::{CallId, PersonId, RecordingId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::io;
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_recording))
        .routes(routes!(get_waveform))
        .routes(routes!(list_listenings))
}

/// Bytes that are read at a time.
const PIECE: u64 = 64 * 1024;

/// Points of a waveform when nobody says.
const POINTS: usize = 400;

/// Which recording of the call.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SoundQuery {
    /// The first one when not said.
    recording: Option<RecordingId>,
}

/// Which waveform.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WaveQuery {
    /// The first one when not said.
    recording: Option<RecordingId>,
    /// How many points.
    #[param(minimum = 1, maximum = 4000, default = 400)]
    points: Option<usize>,
}

fn fault(id: RecordingId, fault: RecordingFault) -> Problem {
    tracing::error!(recording = %id, %fault, "a recording cannot be played");
    match fault {
        RecordingFault::Missing => Problem::not_found(),
        RecordingFault::NoKey | RecordingFault::Unreadable => Error::conflict("recording_unreadable").into(),
    }
}

/// Opens a recording as the person, noting that they did.
async fn open(
    edge: &Edge,
    ctx: &Ctx,
    (id, which, how): (CallId, Option<RecordingId>, &'static str),
) -> Result<(RecordingId, Box<dyn Sound>), Problem> {
    let opened = edge.app.write(ctx, move |tx, ctx| call::opened(tx, ctx, id, (which, how))).await;
    if opened.as_ref().is_err_and(|error| matches!(error.code(), "forbidden" | "not_found")) {
        edge.app.write(ctx, move |tx, ctx| call::refused(tx, ctx, (id, which))).await?;
    }
    let row = opened?;
    let recordings = edge.app.recordings.clone().ok_or_else(Problem::not_found)?;
    let opened = tokio::task::spawn_blocking(move || Arc::clone(&recordings).open(row.id)).await;
    let opened = opened.map_err(|_| Problem::internal())?;
    Ok((row.id, opened.map_err(|why| fault(row.id, why))?))
}

/// Reads `Range: bytes=a-b`; none when there is none that we serve.
fn asked(headers: &HeaderMap, len: u64) -> Option<Result<Range<u64>, ()>> {
    let text = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (from, to) = text.split_once('-').filter(|_| !text.contains(','))?;
    let range = match (from.trim(), to.trim()) {
        ("", last) => len.saturating_sub(last.parse().ok()?)..len,
        (from, "") => from.parse().ok()?..len,
        (from, to) => from.parse().ok()?..to.parse::<u64>().ok()?.saturating_add(1).min(len),
    };
    Some(if range.start < range.end { Ok(range) } else { Err(()) })
}

/// Hear a call: stereo WAV, customer left
///
/// Byte ranges are served; each listening, and each refusal, is noted. One's own calls may
/// be heard, others' by posts that may listen.
#[utoipa::path(get, path = "/calls/{id}/recording", operation_id = "get_recording", tag = "calls",
    params(("id" = CallId, Path), SoundQuery),
    responses(
        (status = 200, description = "The sound", content_type = "audio/wav", body = String),
        (status = 206, description = "A part of it", content_type = "audio/wav", body = String),
        (status = 416, description = "No such part", body = ProblemBody, content_type = "application/problem+json"),
        Reading))]
async fn get_recording(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CallId>,
    Query(query): Query<SoundQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (recording, sound) = open(&edge, &authed.ctx, (id, query.recording, "listened")).await?;
    let len = sound.len();
    let (status, range) = match asked(&headers, len) {
        None => (StatusCode::OK, 0..len),
        Some(Ok(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(Err(())) => {
            let said = [(header::CONTENT_RANGE, format!("bytes */{len}"))];
            let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable");
            return Ok((said, problem).into_response());
        }
    };
    let mut said = vec![
        (header::CONTENT_TYPE, "audio/wav".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_LENGTH, (range.end - range.start).to_string()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    if status == StatusCode::PARTIAL_CONTENT {
        said.push((header::CONTENT_RANGE, format!("bytes {}-{}/{len}", range.start, range.end - 1)));
    }
    let mut response = (status, stream(recording, sound, range)).into_response();
    for (name, value) in said {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// Sends a part piece by piece, so that memory stays small whatever the length.
fn stream(id: RecordingId, mut sound: Box<dyn Sound>, range: Range<u64>) -> Body {
    let (sender, pieces) = mpsc::channel::<Result<Vec<u8>, io::Error>>(2);
    tokio::task::spawn_blocking(move || {
        let mut at = range.start;
        while at < range.end {
            let piece = sound.read(at..range.end.min(at + PIECE));
            let piece = piece.map_err(|why| {
                tracing::error!(recording = %id, %why, "a recording breaks off");
                io::Error::other(why)
            });
            let read = piece.as_ref().map_or(0, |piece| piece.len() as u64);
            let ended = read == 0;
            if sender.blocking_send(piece).is_err() || ended {
                return;
            }
            at += read;
        }
    });
    Body::from_stream(ReceiverStream::new(pieces))
}

/// How loud a call is over time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallWaveform)]
struct WaveOut {
    recording: RecordingId,
    /// Lowest and highest sample of each part on the customer's side.
    customer: Vec<[i16; 2]>,
    /// The same on the agent's side.
    agent: Vec<[i16; 2]>,
}

/// Read how loud a call is over time, to draw it
#[utoipa::path(get, path = "/calls/{id}/recording/waveform", operation_id = "get_waveform", tag = "calls",
    params(("id" = CallId, Path), WaveQuery),
    responses((status = 200, description = "Both sides", body = WaveOut), Reading))]
async fn get_waveform(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CallId>,
    Query(query): Query<WaveQuery>,
) -> Result<Json<WaveOut>, Problem> {
    let points = query.points.unwrap_or(POINTS);
    if !(1..=4000).contains(&points) {
        return Err(Error::field("points", "not_acceptable").into());
    }
    let (recording, mut sound) = open(&edge, &authed.ctx, (id, query.recording, "waveform")).await?;
    let drawn = tokio::task::spawn_blocking(move || sound.waveform(points)).await;
    let drawn = drawn.map_err(|_| Problem::internal())?;
    let [customer, agent] = drawn.map_err(|why| fault(recording, why))?;
    let pairs = |side: Vec<(i16, i16)>| side.into_iter().map(|(low, high)| [low, high]).collect();
    Ok(Json(WaveOut { recording, customer: pairs(customer), agent: pairs(agent) }))
}

/// One listening.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallListening)]
struct ListeningOut {
    at: Timestamp,
    person: PersonId,
    /// What they are called.
    name: String,
    /// `listened` or `waveform`; `refused` where they were not let.
    how: String,
}

impl From<(AccessRow, String)> for ListeningOut {
    fn from((row, name): (AccessRow, String)) -> Self {
        Self { at: row.at, person: row.person, name, how: row.how }
    }
}

/// Who listened, or was refused it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallListenings)]
struct ListeningsOut {
    /// Newest first, at most 200.
    items: Vec<ListeningOut>,
}

/// List who listened to a call
#[utoipa::path(get, path = "/calls/{id}/recording/log", operation_id = "list_listenings", tag = "calls",
    params(("id" = CallId, Path)),
    responses((status = 200, description = "Newest first", body = ListeningsOut), Reading))]
async fn list_listenings(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CallId>,
) -> Result<Json<ListeningsOut>, Problem> {
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| call::log(tx, ctx, id)).await?;
    Ok(Json(ListeningsOut { items: rows.into_iter().map(ListeningOut::from).collect() }))
}
