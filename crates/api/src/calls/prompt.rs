//! Prompts as settings: uploaded, spoken by a voice, heard, every version kept.

use super::menu::ToVersion;
use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::json::collect_within;
use crate::json::within;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use huiyin_app::call::{self, PromptOrigin, PromptSeen};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::ids::PersonId;
use huiyin_domain::menu::prompt::LONGEST_TEXT;
use huiyin_domain::menu::sound::MOST_BYTES;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How long an upload may take, over a slow line.
const SLOWEST: Duration = Duration::from_secs(120);

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_prompts))
        .routes(routes!(upload_prompt))
        .routes(routes!(speak_prompt))
        .routes(routes!(get_prompt_sound))
        .routes(routes!(list_prompt_versions))
        .routes(routes!(restore_prompt))
}

/// A prompt, without its sound.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallPrompt)]
struct PromptOut {
    /// As menus name it.
    name: String,
    /// What is said.
    text: String,
    /// `shipped`, `uploaded` or `spoken`.
    origin: &'static str,
    /// Counts up from 1; 0 for the shipped one.
    version: i64,
    /// How long it is, in milliseconds.
    millis: i64,
    /// When this version was kept.
    at: Option<Timestamp>,
    /// By whom; nobody where it was the command line.
    by: Option<PersonId>,
    /// Whether the machine itself says it: numbers, positions, times.
    needed: bool,
    /// The menus that say it.
    menus: Vec<String>,
}

impl From<PromptSeen> for PromptOut {
    fn from(seen: PromptSeen) -> Self {
        Self {
            name: seen.name,
            text: seen.said,
            origin: seen.origin.name(),
            version: seen.version,
            millis: seen.millis,
            at: seen.at,
            by: seen.by,
            needed: seen.needed,
            menus: seen.menus,
        }
    }
}

/// All prompts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallPrompts)]
struct PromptsOut {
    /// Own and shipped ones, by name.
    items: Vec<PromptOut>,
    /// Whether a voice is there that speaks texts.
    voice: bool,
}

/// List the prompts
#[utoipa::path(get, path = "/prompts", operation_id = "list_prompts", tag = "calls",
    responses((status = 200, description = "Own and shipped ones", body = PromptsOut), Reading))]
async fn list_prompts(State(edge): State<Edge>, authed: Authed) -> Result<Json<PromptsOut>, Problem> {
    let all = edge.app.read(&authed.ctx, call::prompts).await?;
    let items = all.into_iter().map(PromptOut::from).collect();
    Ok(Json(PromptsOut { items, voice: edge.app.voice.is_some() }))
}

/// What an uploaded sound says.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SaidQuery {
    /// What is said, for those who read it.
    #[param(min_length = 1, max_length = 300)]
    text: String,
}

/// Keep an uploaded prompt
///
/// The body is a WAV file: PCM of 8 to 32 bits, float, A-law or µ-law, one or two channels,
/// 8 to 192 kHz, up to five minutes and 32 MiB. It is brought to 8 kHz and one channel.
#[utoipa::path(put, path = "/prompts/{name}", operation_id = "upload_prompt", tag = "calls",
    params(("name" = String, Path, description = "As menus name it"), SaidQuery),
    request_body(content = String, content_type = "audio/wav"),
    responses((status = 200, description = "Kept", body = PromptOut), Writing))]
async fn upload_prompt(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
    Query(said): Query<SaidQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"].contains(&media.as_str()) {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            .with("expected", "audio/wav"));
    }
    may_keep(&edge, &authed.ctx, (&name, &said.text)).await?;
    let wav = collect_within(request.into_body(), MOST_BYTES, SLOWEST).await?;
    keep(&edge, authed.ctx, (name, said.text, PromptOrigin::Uploaded), wav.into()).await
}

/// Asks for the right before a large body is read or a voice speaks.
async fn may_keep(edge: &Edge, ctx: &Ctx, (name, said): (&str, &str)) -> Result<(), Problem> {
    let (name, said) = (name.to_owned(), said.to_owned());
    Ok(edge.app.read(ctx, move |_, ctx| call::may_keep_prompt(ctx, &name, &said)).await?)
}

async fn keep(
    edge: &Edge,
    ctx: Ctx,
    (name, said, origin): (String, String, PromptOrigin),
    wav: Vec<u8>,
) -> Result<Response, Problem> {
    let read = tokio::task::spawn_blocking(move || call::recorded(&name, &said, &wav)).await;
    let recorded = read.map_err(|_| Problem::internal())??;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        call::keep_prompt(tx, ctx, (&recorded, origin)).map(PromptOut::from)
    };
    Ok(done(edge.app.once(ctx, 200, write).await?))
}

/// A text to be spoken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SpokenPrompt)]
struct SpokenBody {
    /// One line.
    #[schema(min_length = 1, max_length = 300)]
    text: String,
}

/// Keep a prompt that the house's voice speaks
///
/// The server runs the command of `serve --tts`; without one, or where it fails, nothing is
/// kept.
#[utoipa::path(put, path = "/prompts/{name}/spoken", operation_id = "speak_prompt", tag = "calls",
    params(("name" = String, Path, description = "As menus name it")), request_body = SpokenBody,
    responses((status = 200, description = "Spoken and kept", body = PromptOut), Writing))]
async fn speak_prompt(
    State(edge): State<Edge>,
    Id(name): Id<String>,
    Change { ctx, body, .. }: Change<SpokenBody>,
) -> Result<Response, Problem> {
    within("text", Some(&body.text), LONGEST_TEXT)?;
    may_keep(&edge, &ctx, (&name, &body.text)).await?;
    let voice = edge.app.voice.clone().ok_or_else(|| Error::conflict("no_voice"))?;
    let wav = voice.speak(body.text.trim()).await.map_err(|failure| {
        tracing::error!(prompt = name, %failure, "a prompt cannot be spoken");
        Error::conflict("voice_failed")
    })?;
    keep(&edge, ctx, (name, body.text, PromptOrigin::Spoken), wav).await
}

/// Which version.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VersionQuery {
    /// The newest when not said; 0 for the shipped one.
    #[param(minimum = 0)]
    version: Option<i64>,
}

/// Hear a prompt
#[utoipa::path(get, path = "/prompts/{name}/sound", operation_id = "get_prompt_sound", tag = "calls",
    params(("name" = String, Path, description = "As menus name it"), VersionQuery),
    responses((status = 200, description = "8 kHz, one channel", content_type = "audio/wav", body = String),
        Reading))]
async fn get_prompt_sound(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
    Query(query): Query<VersionQuery>,
) -> Result<Response, Problem> {
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| call::prompt_sound(tx, ctx, (&name, query.version));
    let wav = edge.app.read(&authed.ctx, read).await?;
    let said = [
        (header::CONTENT_TYPE, "audio/wav"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((said, wav).into_response())
}

/// The versions of a prompt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallPromptVersions)]
struct VersionsOut {
    /// Newest first, at most 200; the shipped one last.
    items: Vec<PromptOut>,
}

/// List the versions of a prompt
#[utoipa::path(get, path = "/prompts/{name}/versions", operation_id = "list_prompt_versions", tag = "calls",
    params(("name" = String, Path, description = "As menus name it")),
    responses((status = 200, description = "Newest first", body = VersionsOut), Reading))]
async fn list_prompt_versions(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
) -> Result<Json<VersionsOut>, Problem> {
    let all = edge.app.read(&authed.ctx, move |tx, ctx| call::prompt_versions(tx, ctx, &name)).await?;
    Ok(Json(VersionsOut { items: all.into_iter().map(PromptOut::from).collect() }))
}

/// Make an earlier version of a prompt the newest again
#[utoipa::path(post, path = "/prompts/{name}/restore", operation_id = "restore_prompt", tag = "calls",
    params(("name" = String, Path, description = "As menus name it")), request_body = ToVersion,
    responses((status = 200, description = "Kept as a new version", body = PromptOut), Writing))]
async fn restore_prompt(
    State(edge): State<Edge>,
    Id(name): Id<String>,
    Change { ctx, body, .. }: Change<ToVersion>,
) -> Result<Response, Problem> {
    let version = body.checked()?;
    let write =
        move |tx: &mut Tx<'_>, ctx: &Ctx| call::restore_prompt(tx, ctx, &name, version).map(PromptOut::from);
    Ok(done(edge.app.once(ctx, 200, write).await?))
}
