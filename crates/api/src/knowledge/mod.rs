//! Knowledge over HTTP: asked, suggested, kept; the articles themselves are papers.
//!
//! *Where to start*: `ask` answers a question, `fact` holds the sheets of estates,
//! `quiz` who knows them.

mod article;
mod ask;
mod fact;
mod miss;
mod quiz;
mod sentence;
mod work;

pub(crate) use ask::KnowledgeArticle;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .merge(ask::routes())
        .merge(article::routes())
        .merge(fact::routes())
        .merge(miss::routes())
        .merge(quiz::routes())
        .merge(sentence::routes())
        .merge(work::routes())
}
