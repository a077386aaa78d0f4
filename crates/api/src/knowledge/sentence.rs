//! Sentences that are said as they stand.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::knowledge;
use huiyin_domain::ids::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_sentences))
}

/// Where the sentences shall fit.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SentenceQuery {
    /// What is written is about this case.
    case: Option<CaseId>,
}

/// Sentences of one class.
#[derive(Debug, Serialize, ToSchema)]
struct SentenceClass {
    /// The article that holds them; null where they are shipped with the product.
    article: Option<Uuid>,
    /// What the class is called.
    title: String,
    /// The sentences, as they are said; `{me}` and the like stand for names.
    sentences: Vec<String>,
    /// Whether they fit how the case stands.
    fits: bool,
    /// Where they come from.
    sources: Vec<String>,
}

impl From<knowledge::SentenceClass> for SentenceClass {
    fn from(class: knowledge::SentenceClass) -> Self {
        let knowledge::SentenceClass { article, title, sentences, fits, sources } = class;
        Self { article, title, sentences, fits, sources }
    }
}

/// The sentences of the house.
#[derive(Debug, Serialize, ToSchema)]
struct SentenceList {
    /// Those that fit first.
    items: Vec<SentenceClass>,
}

/// List the sentences that are said as they stand
///
/// For greeting, apology, clearing up, keeping a customer and the like, in your
/// language; those that fit stage, channel and mood of the case come first.
#[utoipa::path(get, path = "/knowledge/sentences", operation_id = "list_sentences", tag = "knowledge",
    params(SentenceQuery),
    responses((status = 200, description = "Those that fit first", body = SentenceList), Reading))]
async fn list_sentences(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<SentenceQuery>,
) -> Result<Json<SentenceList>, Problem> {
    let app = edge.app.clone();
    let case = query.case;
    let found = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::sentences(tx, ctx, &app, case)).await?;
    Ok(Json(SentenceList { items: found.into_iter().map(SentenceClass::from).collect() }))
}
