//! The phrases that are not said to customers: list, check while writing, hits.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::phrase::{self, Audience, HitLine, HitPeriod, Looked, NewPhrase, PhraseLine};
use huiyin_app::{Ctx, Tx};
use huiyin_domain::text::Text;
use huiyin_domain::time::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_phrases, add_phrase))
        .routes(routes!(check_phrases))
        .routes(routes!(list_phrase_hits))
        .routes(routes!(write_phrase, remove_phrase))
}

/// All phrases.
#[derive(Debug, Serialize, ToSchema)]
struct PhraseList {
    /// By number; those that are switched off too.
    items: Vec<PhraseLine>,
}

/// A text that is being written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhraseCheck {
    /// The text.
    text: Text,
    /// Who will read it.
    audience: Audience,
}

/// Which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HitQuery {
    /// The first day; 30 days before the last one when not said.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day, included; today when not said.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// How often phrases were hit.
#[derive(Debug, Serialize, ToSchema)]
struct HitList {
    /// The newest day first, then phrase and person; at most 2,000.
    items: Vec<HitLine>,
}

/// List the phrases that are not said to customers, by number
///
/// Those of the handbook, those of the product, and your own from 10001 on. Any
/// of them stops a public reply; elsewhere `block` stops, `warn` wants to be
/// acknowledged, `hint` is only shown.
#[utoipa::path(get, path = "/phrases", operation_id = "list_phrases", tag = "texts",
    responses((status = 200, description = "By number", body = PhraseList), Reading))]
async fn list_phrases(State(edge): State<Edge>, authed: Authed) -> Result<Json<PhraseList>, Problem> {
    let app = edge.app.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| phrase::list(tx, ctx, &app.rules)).await?;
    Ok(Json(PhraseList { items }))
}

/// Add a phrase of your own; it is never attributed to the handbook
#[utoipa::path(post, path = "/phrases", operation_id = "add_phrase", tag = "texts", request_body = NewPhrase,
    responses((status = 201, description = "Looked for from now on", body = PhraseLine), Writing))]
async fn add_phrase(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewPhrase>,
) -> Result<Response, Problem> {
    let org = ctx.org();
    let answer = edge.app.once(ctx, 201, move |tx, ctx| phrase::add(tx, ctx, body)).await;
    Ok(done(edge.app.rules_changed(org, "phrases", answer)?))
}

/// Write a phrase anew: one of your own, or what the product brings
///
/// The handbook's phrases can be switched off and get other variants and better
/// sentences; their level stays `block`.
#[utoipa::path(put, path = "/phrases/{number}", operation_id = "write_phrase", tag = "texts",
    params(("number" = u32, Path)), request_body = NewPhrase,
    responses((status = 200, description = "As it is now", body = PhraseLine), Writing))]
async fn write_phrase(
    State(edge): State<Edge>,
    Id(number): Id<u32>,
    Change { ctx, body, .. }: Change<NewPhrase>,
) -> Result<Response, Problem> {
    let org = ctx.org();
    let answer = edge.app.once(ctx, 200, move |tx, ctx| phrase::put(tx, ctx, number, body)).await;
    Ok(done(edge.app.rules_changed(org, "phrases", answer)?))
}

/// Take a phrase of your own away, or give one of the product back its form
#[utoipa::path(delete, path = "/phrases/{number}", operation_id = "remove_phrase", tag = "texts",
    params(("number" = u32, Path)),
    responses((status = 204, description = "Gone, or as the product brought it"), Writing))]
async fn remove_phrase(
    State(edge): State<Edge>,
    Id(number): Id<u32>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let org = ctx.org();
    let answer = edge.app.once(ctx, 204, move |tx, ctx| phrase::remove(tx, ctx, number)).await;
    Ok(done(edge.app.rules_changed(org, "phrases", answer)?))
}

/// Look for phrases in a text that is being written
///
/// `send` may be sent; `ask` wants the numbers of the phrases in
/// `acknowledged_phrases` of the action; `stop` is refused as it is. Counts nothing.
#[utoipa::path(post, path = "/phrases/check", operation_id = "check_phrases", tag = "texts",
    request_body = PhraseCheck,
    responses((status = 200, description = "What may happen with it", body = Looked), Writing))]
async fn check_phrases(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<PhraseCheck>,
) -> Result<Json<Looked>, Problem> {
    let app = edge.app.clone();
    let look = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        phrase::look(tx, ctx, &app.rules, (body.text.as_str(), body.audience))
    };
    Ok(Json(edge.app.read(&ctx, look).await?))
}

/// Tell how often phrases were hit, by whom, and what came of it
///
/// `stopped` and `asked` were not sent; `acknowledged` and `hinted` were. No text
/// is kept of any.
#[utoipa::path(get, path = "/phrases/hits", operation_id = "list_phrase_hits", tag = "texts", params(HitQuery),
    responses((status = 200, description = "The newest day first", body = HitList), Reading))]
async fn list_phrase_hits(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<HitQuery>,
) -> Result<Json<HitList>, Problem> {
    let app = edge.app.clone();
    let period = HitPeriod { from: query.from, to: query.to };
    let items = edge.app.read(&authed.ctx, move |tx, ctx| phrase::hits(tx, ctx, &app.rules, period)).await?;
    Ok(Json(HitList { items }))
}
