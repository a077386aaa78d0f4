//! A question answered, and what stands beside a case.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::knowledge::{self, Asked, Beside, Found, FoundArticle, FoundFact, FoundValue};
use huiyin_app::{Error, FieldError};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::knowledge::{ArticleKind, CallMoment, Listening, Manner, Mood, Personality, Style};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(ask_knowledge)).routes(routes!(suggest_knowledge))
}

/// Most answers of one question.
const MOST: u32 = 20;

fn most(asked: Option<u32>, usual: usize) -> Result<usize, Problem> {
    match asked {
        None => Ok(usual),
        Some(most @ 1..=MOST) => Ok(usize::try_from(most).unwrap_or(usual)),
        Some(_) => {
            let params = [("expected".to_owned(), format!("1–{MOST}").into())].into_iter().collect();
            let field = FieldError { path: "limit".into(), code: "out_of_range".into(), params };
            Err(Error::invalid("invalid_query").with_field_error(field).into())
        }
    }
}

/// A question.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AskQuery {
    /// In words; an estate that it names decides whose facts answer.
    #[param(max_length = 400, example = "停车费")]
    q: String,
    /// Of this unit, where the words name no estate.
    unit: Option<UnitId>,
    /// At most so many answers.
    #[param(minimum = 1, maximum = 20, default = 10)]
    limit: Option<u32>,
}

/// A value of an estate.
#[derive(Debug, Serialize, ToSchema)]
struct KnowledgeValue {
    /// The estate.
    unit: UnitId,
    /// Its name.
    name: String,
    /// The value as it is kept.
    value: String,
    /// The value as it is said, with its measure.
    said: String,
}

impl From<FoundValue> for KnowledgeValue {
    fn from(found: FoundValue) -> Self {
        let FoundValue { unit, name, value, said } = found;
        Self { unit, name, value, said }
    }
}

/// What answers: a fact or an article.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
enum KnowledgeFound {
    /// A fact, with its value at each estate.
    Fact(KnowledgeFact),
    /// An article.
    Article(KnowledgeArticle),
}

/// A fact that answers.
#[derive(Debug, Serialize, ToSchema)]
struct KnowledgeFact {
    /// The field of the sheet.
    field: String,
    /// What people call it.
    label: String,
    /// By estate; empty where no sheet has it.
    values: Vec<KnowledgeValue>,
}

/// An article that answers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnowledgeArticle {
    /// The article.
    id: Uuid,
    /// What it is for.
    kind: ArticleKind,
    /// Which version.
    number: u32,
    /// Its title.
    title: String,
    /// How it begins.
    excerpt: String,
    /// All of a tip or a standard answer.
    body: Option<String>,
    /// Its topic.
    topic: Option<String>,
    /// Where it comes from.
    sources: Vec<String>,
}

impl From<FoundArticle> for KnowledgeArticle {
    fn from(found: FoundArticle) -> Self {
        let FoundArticle { id, kind, number, title, excerpt, body, topic, sources } = found;
        Self { id, kind, number, title, excerpt, body, topic, sources }
    }
}

impl From<Found> for KnowledgeFound {
    fn from(found: Found) -> Self {
        match found {
            Found::Fact(FoundFact { field, label, values }) => {
                let values = values.into_iter().map(KnowledgeValue::from).collect();
                Self::Fact(KnowledgeFact { field, label, values })
            }
            Found::Article(article) => Self::Article(article.into()),
        }
    }
}

/// Answers.
#[derive(Debug, Serialize, ToSchema)]
struct KnowledgeAnswers {
    /// The best first.
    items: Vec<KnowledgeFound>,
}

/// Ask the knowledge base
///
/// A question such as `停车费` gives the value itself, for the estate that it names
/// or the unit that is said; articles answer the rest (PROP-7). What finds nothing is
/// noted by itself as a miss, once each time it is asked.
#[utoipa::path(get, path = "/knowledge/ask", operation_id = "ask_knowledge", tag = "knowledge", params(AskQuery),
    responses((status = 200, description = "What answers, the best first", body = KnowledgeAnswers), Reading))]
async fn ask_knowledge(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<AskQuery>,
) -> Result<Json<KnowledgeAnswers>, Problem> {
    let asked = Asked { text: query.q.clone(), unit: query.unit, most: most(query.limit, 10)? };
    let app = edge.app.clone();
    let found = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::ask(tx, ctx, &app, &asked)).await?;
    if found.is_empty() {
        knowledge::missed(&edge.app, &authed.ctx, query.q, query.unit);
    }
    Ok(Json(KnowledgeAnswers { items: found.into_iter().map(KnowledgeFound::from).collect() }))
}

/// What is known while somebody works.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SuggestQuery {
    /// The case.
    case: Option<CaseId>,
    /// What is typed; the case's own words where nothing is.
    #[param(max_length = 2000)]
    text: Option<String>,
    /// The moment of a call, while one goes on.
    #[param(inline)]
    moment: Option<CallMoment>,
    /// The mood that you see now; what is on file where it is not said.
    #[param(inline)]
    mood: Option<Mood>,
    /// How the customer listens; what is on file where it is not said.
    #[param(inline)]
    listening: Option<Listening>,
    /// How the customer acts; what is on file where it is not said.
    #[param(inline)]
    style: Option<Style>,
    /// What sort of person it is; what is on file where it is not said.
    #[param(inline)]
    personality: Option<Personality>,
    /// At most so many answers.
    #[param(minimum = 1, maximum = 20, default = 5)]
    limit: Option<u32>,
}

/// What may help.
#[derive(Debug, Serialize, ToSchema)]
struct KnowledgeSuggestions {
    /// The mood by which tips were chosen.
    mood: Option<Mood>,
    /// Tips that fit, what says most about the person first; at most six.
    tips: Vec<KnowledgeArticle>,
    /// What answers the words, the best first.
    items: Vec<KnowledgeFound>,
}

/// Get what may help with a case, or with words that are typed
///
/// Tips by moment of a call, mood, way of listening, style, personality, channel, stage
/// and category; answers to the words.
#[utoipa::path(get, path = "/knowledge/suggest", operation_id = "suggest_knowledge", tag = "knowledge",
    params(SuggestQuery),
    responses((status = 200, description = "What may help", body = KnowledgeSuggestions), Reading))]
async fn suggest_knowledge(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<SuggestQuery>,
) -> Result<Json<KnowledgeSuggestions>, Problem> {
    if query.text.as_ref().is_some_and(|text| text.chars().count() > 2000) {
        return Err(Error::field("text", "text_length").into());
    }
    let SuggestQuery { case, text, moment, mood, listening, style, personality, limit } = query;
    let manner = Manner { listening, style, personality };
    let beside = Beside { case, text, moment, mood, manner, most: most(limit, 5)? };
    let app = edge.app.clone();
    let found = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::suggest(tx, ctx, &app, &beside)).await?;
    Ok(Json(KnowledgeSuggestions {
        mood: found.mood,
        tips: found.tips.into_iter().map(KnowledgeArticle::from).collect(),
        items: found.items.into_iter().map(KnowledgeFound::from).collect(),
    }))
}
