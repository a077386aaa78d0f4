//! Calls over HTTP: the records, what is wanted of them, agents, settings, figures.
//!
//! *Where to start*: `record` lists calls, `deed` acts on them, `desk` is the agent's,
//! `brief` what comes up with a call, `message` and `back` what is taken on in one,
//! `menu` and `prompt` what callers hear.

mod back;
mod brief;
mod case;
mod deed;
mod desk;
mod figure;
mod menu;
mod message;
mod out;
mod prompt;
mod record;
mod rules;
mod settings;
mod sound;
mod told;

pub(crate) use case::CaseCall;

use crate::edge::Edge;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .merge(record::routes())
        .merge(deed::routes())
        .merge(desk::routes())
        .merge(brief::routes())
        .merge(case::routes())
        .merge(message::routes())
        .merge(back::routes())
        .merge(rules::routes())
        .merge(figure::routes())
        .merge(settings::routes())
        .merge(menu::routes())
        .merge(prompt::routes())
        .merge(sound::routes())
}
