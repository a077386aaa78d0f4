//! What a message says by itself, and the models that say it.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::suggest::{self, AlikeCase, MessageRead, ModelList, Suggested};
use huiyin_app::{Ctx, Tx};
use huiyin_domain::case::Kind;
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(suggest_text))
        .routes(routes!(list_text_models, learn_text_model))
        .routes(routes!(list_alike_cases))
}

/// A message as far as it is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SuggestBody {
    /// The customer's words.
    text: Text,
    /// A short title.
    title: Option<Text>,
    /// The unit that it belongs to; your own when not said.
    unit: Option<UnitId>,
    /// What it is; a complaint when not said.
    kind: Option<Kind>,
}

/// Cases that may be about the same.
#[derive(Debug, Serialize, ToSchema)]
struct AlikeList {
    /// Likeliest first, at most ten; closed ones of the last 30 days too.
    items: Vec<AlikeCase>,
}

/// Read a message while it is written down: category, warnings, points, alike
///
/// Suggestions with the words that decided; a person chooses, and nothing is kept.
/// The confidence is that of a model learned from your own closed cases; while
/// there are too few, only names of categories in the text are told, without one.
#[utoipa::path(post, path = "/text/suggest", operation_id = "suggest_text", tag = "texts",
    request_body = SuggestBody,
    responses((status = 200, description = "What it says by itself", body = Suggested), Writing))]
async fn suggest_text(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<SuggestBody>,
) -> Result<Json<Suggested>, Problem> {
    let SuggestBody { text, title, unit, kind } = body;
    let asked = MessageRead { text, title, unit, kind: kind.unwrap_or(Kind::Complaint) };
    let app = edge.app.clone();
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| suggest::suggest(tx, ctx, &app, &asked);
    Ok(Json(edge.app.read(&ctx, read).await?))
}

/// List the models of categories, and how often people agreed with each
#[utoipa::path(get, path = "/text/models", operation_id = "list_text_models", tag = "texts",
    responses((status = 200, description = "The newest first", body = ModelList), Reading))]
async fn list_text_models(State(edge): State<Edge>, authed: Authed) -> Result<Json<ModelList>, Problem> {
    Ok(Json(edge.app.read(&authed.ctx, suggest::list).await?))
}

/// Have categories learned again from your closed cases
///
/// The machine learns apart from requests; the list shows the new model. Where
/// there is too little to learn from, nothing changes. Every night it does so by
/// itself when enough is new.
#[utoipa::path(post, path = "/text/models", operation_id = "learn_text_model", tag = "texts",
    responses((status = 202, description = "It will be learned"), Writing))]
async fn learn_text_model(State(edge): State<Edge>, Act { ctx }: Act) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 202, suggest::ask).await?))
}

/// List the cases that may be about the same matter as a case
///
/// A hint for whoever joins them in an incident: place, numbers and matter are
/// compared apart from each other.
#[utoipa::path(get, path = "/cases/{id}/alike", operation_id = "list_alike_cases", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "Likeliest first", body = AlikeList), Reading))]
async fn list_alike_cases(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<AlikeList>, Problem> {
    let app = edge.app.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| suggest::like_case(tx, ctx, &app, id)).await?;
    Ok(Json(AlikeList { items }))
}
