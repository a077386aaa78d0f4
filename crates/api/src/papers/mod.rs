//! House papers: one shape of operations for each kind.
//!
//! `GET` and `POST /{kinds}`, `GET /{kinds}/{id}`, `POST
//! /{kinds}/{id}/actions/{action}`. *Where to start*: `kind`.

mod document;
mod print;
pub(crate) mod publications;
mod rhythm;
mod serve;
mod stocktakes;

use crate::edge::Edge;
use axum::routing::{get, post};
use huiyin_app::paper::Around;
use huiyin_domain::knowledge::article::Article;
use huiyin_domain::paper::arbitration::Arbitration;
use huiyin_domain::paper::authority_file::AuthorityFile;
use huiyin_domain::paper::digest::Digest;
use huiyin_domain::paper::fault::Fault;
use huiyin_domain::paper::line_report::LineReport;
use huiyin_domain::paper::misconduct::Misconduct;
use huiyin_domain::paper::online_post::OnlinePost;
use huiyin_domain::paper::publication::Publication;
use huiyin_domain::paper::scorecard::Scorecard;
use huiyin_domain::paper::stocktake::Stocktake;
use huiyin_domain::paper::visit_record::VisitRecord;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .merge(kind::<Stocktake>("/stocktakes"))
        .merge(kind::<LineReport>("/line-reports"))
        .merge(kind::<OnlinePost>("/online-posts"))
        .merge(kind::<AuthorityFile>("/authority-files"))
        .merge(kind::<VisitRecord>("/visit-records"))
        .merge(kind::<Scorecard>("/scorecards"))
        .merge(kind::<Arbitration>("/arbitrations"))
        .merge(kind::<Digest>("/digests"))
        .merge(kind::<Misconduct>("/misconduct"))
        .merge(kind::<Fault>("/faults"))
        .merge(kind::<Publication>("/publications"))
        .merge(kind::<Article>("/articles"))
        .merge(publications::routes())
        .merge(stocktakes::routes())
        .merge(rhythm::routes())
}

/// Makes the operations of one kind of paper.
fn kind<P: Around>(base: &'static str) -> OpenApiRouter<Edge> {
    OpenApiRouter::with_openapi(document::of::<P>(base))
        .route(base, get(serve::list::<P>).post(serve::open::<P>))
        .route(&format!("{base}/{{id}}"), get(serve::get::<P>))
        .route(&format!("{base}/{{id}}/actions/{{action}}"), post(serve::act::<P>))
}
